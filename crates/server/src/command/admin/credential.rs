//! `admin credential` and `admin activation`

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use hyper::body::Bytes;
use indicatif::ProgressBar;
use serde_json::{Map, Value, json};

use super::print::{either, facts, table, text};
use super::{Office, complain};
use crate::args::organisation::{ActivationVerb, CredentialVerb, Of};
use crate::command::{say, say_json};
use crate::service::activations;
use crate::service::credentials::fresh_password;

pub(super) async fn perform(office: &mut Office, verb: CredentialVerb) -> anyhow::Result<ExitCode> {
    match verb {
        CredentialVerb::Create {
            username,
            password_stdin,
            shared,
            uses,
            of,
        } => create(office, username, password_stdin, (!shared, uses), &of).await?,
        CredentialVerb::Import { file, atomic, of } => {
            return import(office, &file, atomic, &of).await;
        }
        CredentialVerb::List { filter, of } => {
            let org = office.org(of.org.as_deref()).await?;
            let filter = super::call::query(&filter);
            let path = format!("/credentials?pageSize=0&filterUsername={filter}");
            let answer = office.call("GET", &path, Some(&org), None).await?;
            either(of.json, &answer, |it| {
                table(
                    &it["credentials"],
                    &[
                        ("ID", "id"),
                        ("USERNAME", "username"),
                        ("USES", "usage"),
                        ("ONE PERSON", "locked"),
                        ("IDENTITY", "threemaId"),
                        ("WITHDRAWN", "withdrawnAt"),
                        ("LAST CHECK", "lastCheck"),
                    ],
                )
            })?;
        }
        CredentialVerb::Show { credential, of } => {
            let answer = act(office, "GET", &credential, "", None, &of).await?;
            either(of.json, &answer, facts)?;
        }
        CredentialVerb::Set {
            credential,
            username,
            password_stdin,
            of,
        } => {
            let mut body = Map::new();
            if let Some(username) = username {
                body.insert("username".to_owned(), username.into());
            }
            if password_stdin {
                body.insert("password".to_owned(), typed_password()?.into());
            }
            act(office, "PUT", &credential, "", Some(body.into()), &of).await?;
            done(&of, &credential, "changed")?;
        }
        CredentialVerb::Withdraw { credential, of } => {
            act(office, "POST", &credential, "/withdraw", None, &of).await?;
            done(&of, &credential, "withdrawn")?;
        }
        CredentialVerb::Restore { credential, of } => {
            act(office, "POST", &credential, "/restore", None, &of).await?;
            done(&of, &credential, "restored")?;
        }
        CredentialVerb::Delete { credential, of } => {
            act(office, "DELETE", &credential, "", None, &of).await?;
            done(&of, &credential, "deleted")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn activate(office: &mut Office, verb: ActivationVerb) -> anyhow::Result<()> {
    let ActivationVerb::Create {
        credential,
        svg,
        of,
    } = verb;
    let answer = act(office, "POST", &credential, "/activation", None, &of).await?;
    if let Some(file) = &svg {
        std::fs::write(file, text(&answer["qrSvg"]))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    if of.json {
        return say_json(&answer);
    }
    let link = text(&answer["link"]);
    if svg.is_none() {
        say(&activations::terminal(&link)?)?;
    }
    let (username, end) = (text(&answer["username"]), text(&answer["expiresAt"]));
    say(&format!(
        "For {username}, once, until {end}:\n{link}\nWhoever has this link gets in: send it to \
         that person only."
    ))?;
    Ok(())
}

async fn create(
    office: &mut Office,
    username: String,
    is_typed: bool,
    (is_locked, uses): (bool, u32),
    of: &Of,
) -> anyhow::Result<()> {
    let org = office.org(of.org.as_deref()).await?;
    let password = if is_typed {
        typed_password()?
    } else {
        fresh_password(&mut dreiklang_crypto::SystemRng)
    };
    let body = json!({
        "username": username, "password": password, "lock": is_locked, "licenseCount": uses,
    });
    let mut made = office
        .call("POST", "/credentials", Some(&org), Some(body))
        .await?;
    if !is_typed {
        made["password"] = password.into();
    }
    either(of.json, &made, facts)
}

/// Sends the list in pieces, so that a long one shows how far it is; with `--atomic` at once.
async fn import(
    office: &mut Office,
    file: &Path,
    is_atomic: bool,
    of: &Of,
) -> anyhow::Result<ExitCode> {
    let list =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let org = office.org(of.org.as_deref()).await?;
    let lines: Vec<_> = list.lines().collect();
    let bar = ProgressBar::new(lines.len() as u64);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let piece = if is_atomic { lines.len().max(1) } else { LINES };
    for (index, lines) in lines.chunks(piece).enumerate() {
        let body = Bytes::from(lines.join("\n"));
        let path = format!("/credentials/import?atomic={}", u8::from(is_atomic));
        let answer = office.send("POST", &path, Some(&org), body).await?;
        if !answer.is_success && answer.body["errors"].is_null() {
            answer.good()?;
            bail!(super::STRANGE);
        }
        for (list, field) in [(&mut good, "credentials"), (&mut bad, "errors")] {
            let entries = answer.body[field].as_array().cloned().unwrap_or_default();
            list.extend(entries.into_iter().map(|mut it| {
                let line = it["line"].as_u64().unwrap_or(0) + (index * piece) as u64;
                it["line"] = line.into();
                it
            }));
        }
        bar.inc(lines.len() as u64);
    }
    bar.finish_and_clear();
    report(&good, &bad, of)?;
    Ok(if bad.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn report(good: &[Value], bad: &[Value], of: &Of) -> anyhow::Result<()> {
    if of.json {
        return say_json(&json!({
            "imported": good.len(), "refused": bad.len(), "credentials": good, "errors": bad,
        }));
    }
    for line in bad {
        let number = line["line"].as_u64().unwrap_or(0);
        complain(usize::try_from(number).unwrap_or(0), &text(&line["error"]))?;
    }
    let fresh: Vec<_> = good
        .iter()
        .filter(|it| it["password"].is_string())
        .collect();
    if !fresh.is_empty() {
        let rows: Value = fresh.into_iter().cloned().collect();
        say(&table(
            &rows,
            &[("USERNAME", "username"), ("PASSWORD", "password")],
        ))?;
    }
    say(&format!("Imported {}, refused {}.", good.len(), bad.len()))?;
    Ok(())
}

/// Performs something on the credential that is named by id or username.
async fn act(
    office: &mut Office,
    method: &str,
    credential: &str,
    verb: &str,
    body: Option<Value>,
    of: &Of,
) -> anyhow::Result<Value> {
    let org = office.org(of.org.as_deref()).await?;
    let id = office.credential(&org, credential).await?;
    let path = format!("/credentials/{id}{verb}");
    office.call(method, &path, Some(&org), body).await
}

fn done(of: &Of, credential: &str, what: &str) -> anyhow::Result<()> {
    let body = json!({ "credential": credential, "done": what });
    either(of.json, &body, |_| format!("{credential} is {what}."))
}

/// A password from standard input: on the command line others could read it.
fn typed_password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("cannot read the password from standard input")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// So many slow hashes take a few seconds.
const LINES: usize = 50;
