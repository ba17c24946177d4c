//! `admin`: asks the running server, or works on its store if none runs.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{App, Clock, keys};
use crate::args::{Admin, IdentityVerb, Kind};
use crate::command::{csv, say, say_json};
use crate::config::Settings;
use crate::edge::admin;
use crate::edge::admin::client::Client;
use crate::edge::admin::format::{Act, Counts, IdentityFacts, Import, Reply, Request};
use crate::run;

mod api_key;
mod call;
mod credential;
mod member;
mod org;
mod print;

/// Whoever performs acts.
pub(super) enum Office {
    /// A running server.
    Running(Client),
    /// This process, because no server runs.
    Here(Arc<App>),
}

impl Office {
    /// Connects to the running server, or opens the store.
    pub(super) async fn open(settings: Settings) -> anyhow::Result<Self> {
        if let Some(client) = Client::connect(&settings.admin_socket()).await? {
            return Ok(Self::Running(client));
        }
        let keys = keys::load(&settings)?;
        let store = run::open_store(&settings).await?;
        Ok(Self::Here(
            App::new(settings, keys, store, Clock::system()).await?,
        ))
    }

    /// Performs an act.
    pub(super) async fn perform(&mut self, act: Act) -> anyhow::Result<Reply> {
        let request = Request {
            actor: actor(),
            act,
        };
        match self {
            Self::Running(client) => client.ask(&request).await,
            Self::Here(app) => admin::perform(app, request)
                .await
                .map_err(|failure| anyhow::anyhow!(failure.error)),
        }
    }

    /// Ends well.
    pub(super) async fn close(self) {
        if let Self::Here(app) = self {
            app.store.close().await;
        }
    }
}

/// Performs a verb of `admin`.
pub async fn perform(settings: Settings, verb: Admin) -> anyhow::Result<ExitCode> {
    let mut office = Office::open(settings).await?;
    let result = match verb {
        Admin::Status { json } => status(&mut office, json).await,
        Admin::Identity(verb) => identity(&mut office, verb).await,
        Admin::Org(verb) => well(org::perform(&mut office, verb).await),
        Admin::Credential(verb) => credential::perform(&mut office, verb).await,
        Admin::Member(verb) => well(member::perform(&mut office, verb).await),
        Admin::Contact(verb) => well(member::contact(&mut office, verb).await),
        Admin::Mdm(verb) => well(member::mdm(&mut office, verb).await),
        Admin::ApiKey(verb) => well(api_key::perform(&mut office, verb).await),
        Admin::Audit(verb) => api_key::audit(&mut office, verb).await,
        Admin::Activation(verb) => well(credential::activate(&mut office, verb).await),
    };
    office.close().await;
    result
}

fn well(result: anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

async fn status(office: &mut Office, json: bool) -> anyhow::Result<ExitCode> {
    let Reply::Status(counts) = office.perform(Act::Status).await? else {
        bail!(STRANGE)
    };
    if json {
        say_json(&counts)?;
    } else {
        let Counts {
            version,
            uptime_s,
            connections,
            identities_active,
            identities_inactive,
            identities_revoked,
            queued_messages,
            queued_bytes,
            blobs,
            blob_bytes,
        } = counts;
        let runs = matches!(office, Office::Running(_));
        say(&format!(
            "server       {}, version {version}\n\
             connections  {connections}\n\
             identities   {identities_active} active, {identities_inactive} inactive, \
             {identities_revoked} revoked\n\
             queue        {queued_messages} messages, {queued_bytes} bytes\n\
             blobs        {blobs}, {blob_bytes} bytes",
            if runs {
                format!("up for {uptime_s} s")
            } else {
                "not running".to_owned()
            },
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn identity(office: &mut Office, verb: IdentityVerb) -> anyhow::Result<ExitCode> {
    match verb {
        IdentityVerb::Import {
            identity,
            public_key,
            csv,
            kind,
            json,
        } => {
            let is_work = kind == Kind::Work;
            match (csv, identity, public_key) {
                (Some(file), _, _) => import_file(office, &file, is_work, json).await,
                (None, Some(identity), Some(public_key)) => {
                    import_all(
                        office,
                        vec![(
                            1,
                            Import {
                                identity,
                                public_key,
                                is_work,
                            },
                        )],
                        0,
                        json,
                    )
                    .await
                }
                _ => bail!("name an identity and its public key, or a file with --csv"),
            }
        }
        IdentityVerb::Show { identity, json } => {
            let reply = office.perform(Act::Show { identity }).await?;
            let Reply::Identity(facts) = reply else {
                bail!(STRANGE)
            };
            if json {
                say_json(&facts)?;
            } else {
                say(&describe(&facts))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        IdentityVerb::Export { identity } => {
            let path = format!("/identities/{}/export", call::query(&identity));
            say_json(&office.call("GET", &path, None, None).await?)?;
            Ok(ExitCode::SUCCESS)
        }
        IdentityVerb::Erase {
            identity,
            confirm,
            json,
        } => {
            let path = format!("/identities/{}/erase", call::query(&identity));
            let body = serde_json::json!({ "confirm": confirm });
            office.call("POST", &path, None, Some(body)).await?;
            if json {
                say_json(&serde_json::json!({ "erased": identity }))?;
            } else {
                say(&format!("Everything about {identity} is erased."))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        IdentityVerb::Revoke { identity, json } => {
            office
                .perform(Act::Revoke {
                    identity: identity.clone(),
                })
                .await?;
            if json {
                say_json(&serde_json::json!({ "identity": identity, "revoked": true }))?;
            } else {
                say(&format!(
                    "{identity} is revoked for ever; its queue is deleted."
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn import_file(
    office: &mut Office,
    file: &Path,
    is_work: bool,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (good, bad) = csv::read(&text, is_work);
    for line in &bad {
        complain(line.line, line.text)?;
    }
    import_all(office, good, bad.len(), json).await
}

/// Imports in batches and says which line failed why; exit code 1 if any did.
async fn import_all(
    office: &mut Office,
    lines: Vec<(usize, Import)>,
    bad_lines: usize,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let bar = ProgressBar::new(lines.len() as u64);
    let (mut imported, mut refused) = (0, bad_lines);
    for batch in lines.chunks(BATCH) {
        let identities = batch.iter().map(|it| it.1.clone()).collect();
        let reply = office.perform(Act::Import { identities }).await?;
        let Reply::Imported { results } = reply else {
            bail!(STRANGE)
        };
        for ((line, _), result) in batch.iter().zip(&results) {
            match &result.error {
                None => imported += 1,
                Some(error) => {
                    refused += 1;
                    bar.suspend(|| complain(*line, &format!("{}: {error}", result.identity)))?;
                }
            }
        }
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    if json {
        say_json(&serde_json::json!({ "imported": imported, "refused": refused }))?;
    } else {
        say(&format!("Imported {imported}, refused {refused}."))?;
    }
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn complain(line: usize, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stderr(), "line {line}: {text}")
}

fn describe(facts: &IdentityFacts) -> String {
    format!(
        "identity        {}\n\
         public key      {}\n\
         state           {}\n\
         kind            {}{}\n\
         feature mask    {:#x}\n\
         queued          {} messages\n\
         last login      {}\n\
         revocation key  {}\n\
         device cookie   {}",
        facts.identity,
        facts.public_key,
        facts.state,
        facts.kind,
        if facts.is_imported { ", imported" } else { "" },
        facts.feature_mask,
        facts.queued_messages,
        facts
            .last_login_day
            .map_or("never".to_owned(), |day| format!("day {day} since 1970")),
        if facts.has_revocation_key {
            "set"
        } else {
            "not set"
        },
        if facts.device_cookie_changed {
            "another device logged in"
        } else {
            "unchanged"
        },
    )
}

/// A spinner on standard error while something takes long; nothing if that is no terminal.
pub(super) fn spinner(text: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(text);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Who runs this program, for the audit list.
fn actor() -> String {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self")
        .map_or_else(|_| "local".to_owned(), |it| format!("uid:{}", it.uid()))
}

const BATCH: usize = 200;
const STRANGE: &str = "the server gave a strange reply; is it of the same version?";
