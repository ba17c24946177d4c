//! A profile with an identity: made, restored or taken over.

use dreiklang_client::activation::{self, Activation};
use dreiklang_client::desk::Failure;
use dreiklang_client::engine::{License, Reply};
use dreiklang_client::provisioning::{Provisioning, Source};
use dreiklang_client::{App, Client, Clock, Command, Instance, Protection, instance, view};
use serde::Deserialize;
use ts_rs::TS;

use super::described::Plan;
use super::{Stage, State};

/// Makes the profile; what an organisation gave comes along.
#[derive(Default, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(optional_fields)]
pub(super) struct Begin {
    link: Option<String>,
    username: Option<String>,
    password: Option<String>,
    server: Option<String>,
    #[ts(optional, as = "Option<_>")]
    trust: Vec<String>,
}

/// A new identity.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityNew {
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    nickname: String,
    /// What a person did with a finger, to be stirred into the key; any text.
    #[serde(default)]
    entropy: String,
}

/// An identity from a Safe backup.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityRestoreSafe {
    identity: String,
    password: String,
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    server: String,
}

/// An identity from its export.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityImport {
    export: String,
    password: String,
}

/// Secrets are not for logs.
macro_rules! silent {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}
silent!(Begin, IdentityRestoreSafe, IdentityImport);

/// Where the profile is going to be.
struct Place {
    instance: Instance,
    provisioning: Option<Provisioning>,
}

/// What the organisation planned, while there is no identity.
pub(super) async fn plan(client: &Client) -> Result<Option<Plan>, Failure> {
    if client.view(view::me).await?.is_some() {
        return Ok(None);
    }
    let plan = client.view(view::setup_plan).await?;
    let (id_export, id_export_password) = plan.id_export.unzip();
    Ok(Some(Plan {
        skip_wizard: plan.is_wizard_skipped,
        nickname: plan.nickname,
        has_license: plan.license.is_some(),
        id_export,
        id_export_password,
        is_safe_restore_offered: plan.is_safe_restore_offered,
        safe_restore: plan.safe_restore,
    }))
}

impl Stage {
    pub(super) async fn begin(&self, state: &mut State, begin: Begin) -> Result<(), Failure> {
        self.take_place(state).await?;
        if self.profile()?.exists() {
            // Somebody comes back to a set-up that was left half way: other credentials may be
            // given, everything else is there.
            self.open_if_possible(state).await?;
            return match self.license(&begin).await?.0 {
                Some(license) => activate(Self::client(state)?, license).await,
                None => Ok(()),
            };
        }
        let (license, linked) = self.license(&begin).await?;
        if self.options.app != App::Private && license.is_none() {
            return Err(Failure::usage("license-needed"));
        }
        let place = self.place(&begin, license.as_ref(), linked).await?;
        let profile = self.profile()?;
        profile.create(&place.instance, &Protection::Open)?;
        let done = self.settle(state, place, license).await;
        if done.is_err() {
            // Nothing is in it yet, and the next try may be with another server.
            self.close(state).await?;
            profile.delete()?;
        }
        done
    }

    async fn settle(
        &self,
        state: &mut State,
        place: Place,
        license: Option<License>,
    ) -> Result<(), Failure> {
        if let Some(provisioning) = &place.provisioning {
            self.profile()?.set_provisioning(provisioning)?;
        }
        self.open(state, None).await?;
        match license.filter(|_| self.options.app != App::Private) {
            Some(license) => activate(Self::client(state)?, license).await,
            None => Ok(()),
        }
    }

    /// The licence, and the server of the link it came with.
    async fn license(&self, begin: &Begin) -> Result<(Option<License>, Option<String>), Failure> {
        if let Some(link) = &begin.link {
            let Activation { license, server } = activation::redeem(link.trim(), None).await?;
            return Ok((Some(license), server));
        }
        let license = begin.username.clone().zip(begin.password.clone());
        let license = license.map(|(username, password)| License { username, password });
        Ok((license, None))
    }

    async fn place(
        &self,
        begin: &Begin,
        license: Option<&License>,
        linked: Option<String>,
    ) -> Result<Place, Failure> {
        if self.options.app != App::OnPrem {
            let url = format!("{}/instance.json", self.options.origin);
            return Ok(Place {
                instance: instance::fetch(&url).await?,
                provisioning: None,
            });
        }
        let address = begin.server.clone().or(linked);
        let (Some(address), Some(license)) = (address, license) else {
            return Err(Failure::usage("setup-place"));
        };
        // Below our own origin lie the files of the app; the interface of the server has its place.
        let address = if address.trim_end_matches('/') == self.options.origin {
            format!("{}/api", self.options.origin)
        } else {
            address
        };
        let source = Source {
            address,
            trusted_keys: begin.trust.clone(),
            ca_certificate: None,
        };
        let provisioning = Provisioning::fetch(source, license, &Clock::system()).await?;
        Ok(Place {
            instance: provisioning.instance(),
            provisioning: Some(provisioning),
        })
    }

    pub(super) async fn identity_new(
        &self,
        state: &mut State,
        new: IdentityNew,
    ) -> Result<(), Failure> {
        if !new.entropy.is_empty() {
            // The profile has no passphrase before it has an identity.
            self.close(state).await?;
            let stirred = new.entropy.into_bytes();
            self.open_stirred(state, None, stirred).await?;
        }
        let client = Self::client(state)?;
        let nickname = new.nickname.trim().to_owned();
        let command = Command::CreateIdentity {
            nickname,
            license: None,
        };
        match client.command(command).await? {
            Reply::IdentityCreated(_) => Ok(()),
            _ => Err(Failure::new("no-identity")),
        }
    }

    pub(super) async fn identity_restore_safe(
        &self,
        state: &mut State,
        safe: IdentityRestoreSafe,
    ) -> Result<(), Failure> {
        let identity = safe.identity.trim().to_uppercase();
        let identity = identity
            .parse()
            .map_err(|_| Failure::usage("bad-identity").with("id", &identity))?;
        self.take_over(
            state,
            Command::SafeRestore {
                identity,
                password: safe.password,
                server: safe.server,
            },
        )
        .await
    }

    pub(super) async fn identity_import(
        &self,
        state: &mut State,
        import: IdentityImport,
    ) -> Result<(), Failure> {
        self.take_over(
            state,
            Command::ImportId {
                export: import.export,
                password: import.password,
            },
        )
        .await
    }

    /// Takes an identity over; in an app for members it is then attached to the organisation, by
    /// the
    /// licence that `begin` has shown.
    async fn take_over(&self, state: &mut State, command: Command) -> Result<(), Failure> {
        let client = Self::client(state)?;
        client.command(command).await?;
        match client.license().await? {
            Some(license) if self.options.app != App::Private => activate(client, license).await,
            _ => Ok(()),
        }
    }

    fn client(state: &State) -> Result<&Client, Failure> {
        let open = state.open.as_ref();
        Ok(&open.ok_or_else(|| Failure::new("not-open"))?.client)
    }
}

async fn activate(client: &Client, license: License) -> Result<(), Failure> {
    let License { username, password } = license;
    client
        .command(Command::ActivateWork { username, password })
        .await?;
    // The next screen goes by what the organisation has set.
    client.command(Command::WorkSync).await?;
    Ok(())
}
