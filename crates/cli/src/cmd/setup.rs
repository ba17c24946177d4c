//! `setup`: a profile with an identity on an instance.

use std::path::Path;

use dreiklang_client::engine::{License, Reply};
use dreiklang_client::view;
use dreiklang_client::{Client, Command, Error, Instance, Protection, instance};

use crate::args::Setup;
use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::safe;
use crate::session::{Session, secret_from};

/// Repeating a set-up that was cut off goes on where it ended.
pub(crate) async fn perform(session: &Session<'_>, flags: Setup) -> Result<(), Failure> {
    let license = license(&flags)?;
    progress(session, "setup-instance")?;
    let instance = read_instance(&flags.instance).await?;
    // The person is asked once, also if the profile is opened twice.
    let passphrase = if session.profile.exists() {
        let passphrase = session.passphrase()?;
        let client = session.open_with(passphrase.as_ref()).await?;
        if client.view(view::me).await?.is_some() {
            return Err(Failure::new("identity-exists"));
        }
        // Nobody has used the earlier instance yet, and the new one takes effect when opened.
        client.close().await?;
        session.profile.set_instance(&instance)?;
        passphrase
    } else {
        let protection = session.new_protection(flags.no_passphrase, flags.key_file.as_deref())?;
        session.profile.create(&instance, &protection)?;
        match protection {
            Protection::Passphrase(passphrase) => Some(passphrase),
            _ => None,
        }
    };
    let client = session.open_with(passphrase.as_ref()).await?;
    progress(session, "setup-identity")?;
    let created = create(&client, flags.nickname, license).await;
    let me = client.view(view::me).await?;
    client.close().await?;
    created?;
    let me = me.ok_or_else(|| Failure::new("no-identity"))?;
    session.print(
        |texts| {
            texts.with(
                "setup-done",
                &[
                    ("id", me.identity.as_str()),
                    ("instance", &safe::line(&instance.name)),
                    ("link", &me.link().to_string()),
                ],
            )
        },
        &format::Me::new(&me, &instance),
    )
}

async fn create(
    client: &Client,
    nickname: String,
    license: Option<License>,
) -> Result<(), Failure> {
    match client
        .command(Command::CreateIdentity { nickname, license })
        .await?
    {
        Reply::IdentityCreated(_) => Ok(()),
        _ => Err(Failure::new("no-identity")),
    }
}

fn license(flags: &Setup) -> Result<Option<License>, Failure> {
    let (Some(username), Some(path)) = (&flags.license_username, &flags.license_password_file)
    else {
        return Ok(None);
    };
    Ok(Some(License {
        username: username.clone(),
        password: secret_from(path)?,
    }))
}

async fn read_instance(place: &str) -> Result<Instance, Error> {
    if place.starts_with("https://") || place.starts_with("http://") {
        instance::fetch(place).await
    } else {
        instance::read(Path::new(place))
    }
}

fn progress(session: &Session<'_>, id: &str) -> Result<(), Failure> {
    if session.is_json() {
        return Ok(());
    }
    Ok(output::complain(&session.texts.say(id))?)
}
