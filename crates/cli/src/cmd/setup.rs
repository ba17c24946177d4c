//! `setup`: a profile with an identity on an instance.

use std::path::Path;
use std::time::Duration;

use dreiklang_client::activation::{self, Activation};
use dreiklang_client::engine::{License, Reply};
use dreiklang_client::provisioning::{Provisioning, Source};
use dreiklang_client::{App, Client, Command, Instance, Protection, instance, view};
use tokio::time::{Instant, sleep};

use super::{managed, work};
use crate::args::Setup;
use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::safe;
use crate::session::{Session, secret_from};

/// How long the directory may take to hear what this app can do.
const ANNOUNCEMENT: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Where the profile is going to be.
struct Place {
    instance: Instance,
    provisioning: Option<Provisioning>,
}

/// Repeating a set-up that was cut off goes on where it ended.
pub(crate) async fn perform(session: &Session<'_>, flags: Setup) -> Result<(), Failure> {
    let license = license(&flags)?;
    // A link works once: it must not be used up for a set-up that cannot work.
    let has_trust = session.profile.app() == App::OnPrem && !flags.trust.is_empty();
    if flags.instance.is_none() && !has_trust {
        return Err(Failure::usage("setup-place"));
    }
    progress(session, "setup-instance")?;
    let ca = flags.ca.as_deref().map(read_text).transpose()?;
    let activation = match &flags.activation {
        Some(link) => Some(activation::redeem(link, ca.as_deref()).await?),
        None => None,
    };
    let license = activation.as_ref().map(|it| it.license.clone()).or(license);
    let place = place(session, &flags, activation.as_ref(), license.as_ref(), ca).await?;
    // The person is asked once, also if the profile is opened twice.
    let passphrase = if session.profile.exists() {
        let passphrase = session.passphrase()?;
        let client = session.open_with(passphrase.as_ref()).await?;
        if client.view(view::me).await?.is_some() {
            return Err(Failure::new("identity-exists"));
        }
        // Nobody has used the earlier instance yet, and the new one takes effect when opened.
        client.close().await?;
        session.profile.set_instance(&place.instance)?;
        passphrase
    } else {
        let protection = session.new_protection(flags.no_passphrase, flags.key_file.as_deref())?;
        session.profile.create(&place.instance, &protection)?;
        match protection {
            Protection::Passphrase(passphrase) => Some(passphrase),
            _ => None,
        }
    };
    if let Some(provisioning) = &place.provisioning {
        session.profile.set_provisioning(provisioning)?;
    }
    let client = session.open_with(passphrase.as_ref()).await?;
    progress(session, "setup-identity")?;
    let taken = take_identity(&client, &flags, license).await;
    let me = client.view(view::me).await?;
    if taken.is_ok() {
        await_announcement(&client).await?;
    }
    client.close().await?;
    taken?;
    let me = me.ok_or_else(|| Failure::new("no-identity"))?;
    session.print(
        |texts| {
            texts.with(
                "setup-done",
                &[
                    ("id", me.identity.as_str()),
                    ("instance", &safe::line(&place.instance.name)),
                    ("link", &me.link().to_string()),
                ],
            )
        },
        &format::Me::new(&me, &place.instance),
    )
}

/// Waits until the directory knows what this app can do. Whoever adds the new identity at once
/// would else take its app for an old one. It is not worth failing for: the next command goes on.
async fn await_announcement(client: &Client) -> Result<(), Failure> {
    let until = Instant::now() + ANNOUNCEMENT;
    while Instant::now() < until && !client.view(view::is_announced).await? {
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Makes an identity, or takes one over; in an app for members it is then attached to the
/// organisation.
async fn take_identity(
    client: &Client,
    flags: &Setup,
    license: Option<License>,
) -> Result<(), Failure> {
    if let Some(file) = &flags.managed {
        managed::set(client, managed::read(file)?).await?;
    }
    let password = flags
        .backup_password_file
        .as_deref()
        .map(secret_from)
        .transpose()?
        .unwrap_or_default();
    let command = match (&flags.import_id, flags.restore_safe) {
        (Some(file), _) => Command::ImportId {
            export: read_text(file)?,
            password,
        },
        (None, Some(identity)) => Command::SafeRestore {
            identity,
            password,
            server: flags.safe_server.clone(),
        },
        (None, None) => {
            let nickname = flags.nickname.clone();
            return match client
                .command(Command::CreateIdentity { nickname, license })
                .await?
            {
                Reply::IdentityCreated(_) => Ok(()),
                _ => Err(Failure::new("no-identity")),
            };
        }
    };
    // An app for members takes nothing over without a licence, and only what it has taken over
    // can be attached: the licence is shown before and after.
    if let Some(license) = &license {
        work::activate(client, license.clone()).await?;
    }
    client.command(command).await?;
    if let Some(license) = license {
        work::activate(client, license).await?;
    }
    if !flags.nickname.is_empty() {
        client
            .command(Command::SetNickname(flags.nickname.clone()))
            .await?;
    }
    Ok(())
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

async fn place(
    session: &Session<'_>,
    flags: &Setup,
    activation: Option<&Activation>,
    license: Option<&License>,
    ca: Option<String>,
) -> Result<Place, Failure> {
    if let Some(place) = &flags.instance {
        let instance = if place.starts_with("https://") || place.starts_with("http://") {
            instance::fetch(place).await?
        } else {
            instance::read(Path::new(place))?
        };
        return Ok(Place {
            instance,
            provisioning: None,
        });
    }
    let linked = activation.and_then(|it| it.server.as_ref());
    let address = flags.server.as_ref().or(linked);
    let (Some(address), Some(license)) = (address, license) else {
        return Err(Failure::usage("setup-place"));
    };
    let source = Source {
        address: address.clone(),
        trusted_keys: flags.trust.clone(),
        ca_certificate: ca,
    };
    let provisioning = Provisioning::fetch(source, license, &session.clock).await?;
    Ok(Place {
        instance: provisioning.instance(),
        provisioning: Some(provisioning),
    })
}

/// A certificate or an export: a few lines.
fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|cause| {
        Failure::new("file")
            .with("path", path.display())
            .with("reason", cause)
    })
}

fn progress(session: &Session<'_>, id: &str) -> Result<(), Failure> {
    if session.is_json() {
        return Ok(());
    }
    Ok(output::complain(&session.texts.say(id))?)
}
