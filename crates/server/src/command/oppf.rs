//! `oppf`: makes, signs, checks and publishes the provisioning file of a closed instance.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dreiklang_crypto::SystemRng;
use dreiklang_crypto::sign::SigningKey;
use dreiklang_wire::oppf::Document;
use serde_json::Value;

use crate::app::{Clock, keys};
use crate::args::Oppf;
use crate::command::{say, say_json};
use crate::config::{InstanceKind, Settings};
use crate::edge::http::tls;
use crate::service::provisioning::{self, Finding};

/// `oppf key` and `oppf sign` work without an instance, on a machine that may have no network.
pub fn perform(
    verb: &Oppf,
    settings: impl FnOnce() -> anyhow::Result<Settings>,
) -> anyhow::Result<ExitCode> {
    match verb {
        Oppf::Key { file } => create_key(file)?,
        Oppf::Sign { key, input, out } => sign(key, input, out)?,
        Oppf::Generate { out } => generate(&settings()?, out.as_deref())?,
        Oppf::Check { file, json } => {
            let settings = settings()?;
            let bytes =
                std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            return check(&settings, &bytes, *json);
        }
        Oppf::Publish { file, dry_run } => return publish(&settings()?, file, *dry_run),
        Oppf::Show { json } => return show(&settings()?, *json),
    }
    Ok(ExitCode::SUCCESS)
}

fn create_key(file: &Path) -> anyhow::Result<()> {
    let key = SigningKey::generate(&mut SystemRng);
    keys::write_secret(file, key.expose())?;
    say(&format!(
        "Wrote {}. Keep it, and a copy, off the server.\nPublic key, for the apps and for \
         provisioning.trusted_keys: {}",
        file.display(),
        STANDARD.encode(key.verifying_key().as_bytes())
    ))?;
    Ok(())
}

fn generate(settings: &Settings, out: Option<&Path>) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let document = provisioning::describe(
        settings,
        &keys::load(settings)?,
        tls::own_pin(settings)?,
        now,
    )?;
    let text = provisioning::unsigned(&document)?;
    match out {
        None => say(&text)?,
        Some(out) => {
            super::init::write_new(out, &text)?;
            say(&format!(
                "Wrote {}. Next, where the signing key is: dreiklang-server oppf sign --key KEY {} \
                 config.oppf",
                out.display(),
                out.display()
            ))?;
        }
    }
    Ok(())
}

fn sign(key: &Path, input: &Path, out: &Path) -> anyhow::Result<()> {
    let text = std::fs::read(input).with_context(|| format!("cannot read {}", input.display()))?;
    let document = provisioning::read_unsigned(&text)?;
    let key = provisioning::read_signing_key(key)?;
    let trusted = document.signature_key.0;
    if trusted != key.verifying_key() {
        bail!(
            "this key is {}, and the file names {}: sign with that one, or put this one first into \
             provisioning.trusted_keys and generate again",
            STANDARD.encode(key.verifying_key().as_bytes()),
            STANDARD.encode(trusted.as_bytes())
        );
    }
    let file = provisioning::sign(&document, &key)?;
    super::init::write_new(out, &file)?;
    say(&format!(
        "Wrote {}. Next, on the server: dreiklang-server oppf publish {}",
        out.display(),
        out.display()
    ))?;
    Ok(())
}

fn check(settings: &Settings, bytes: &[u8], json: bool) -> anyhow::Result<ExitCode> {
    let document = provisioning::open(settings, bytes)?;
    let findings = findings(settings, &document)?;
    if json {
        let list: Vec<_> = findings
            .iter()
            .map(|it| serde_json::json!({ "fatal": it.is_fatal, "text": it.text }))
            .collect();
        say_json(&list)?;
    } else {
        for finding in &findings {
            say(&line(finding))?;
        }
        if findings.is_empty() {
            say("The file is good.")?;
        }
    }
    Ok(code(&findings))
}

fn publish(settings: &Settings, file: &Path, dry_run: bool) -> anyhow::Result<ExitCode> {
    if settings.kind != InstanceKind::Closed {
        bail!("this instance is open: it has no provisioning file (see `kind`)");
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let document = provisioning::open(settings, &bytes)?;
    let old = provisioning::published(settings)?;
    let old = old
        .as_ref()
        .map(|bytes| provisioning::open(settings, bytes));
    match &old {
        None => say("Nothing is published yet.")?,
        Some(Err(error)) => say(&format!("The published file is replaced: {error}"))?,
        Some(Ok(old)) => {
            let changes = changes(old, &document)?;
            if changes.is_empty() {
                say("Nothing changes for the apps.")?;
            }
            for change in changes {
                say(&change)?;
            }
        }
    }
    let findings = findings(settings, &document)?;
    for finding in &findings {
        say(&line(finding))?;
    }
    if findings.iter().any(|it| it.is_fatal) {
        say("Nothing was published.")?;
        return Ok(ExitCode::FAILURE);
    }
    if dry_run {
        say("Nothing was published: this was a rehearsal.")?;
    } else {
        let path = provisioning::publish(settings, &bytes)?;
        say(&format!("Published: {}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(settings: &Settings, json: bool) -> anyhow::Result<ExitCode> {
    let Some(bytes) = provisioning::published(settings)? else {
        bail!("nothing is published yet; see `dreiklang-server oppf publish --help`");
    };
    let document = provisioning::open(settings, &bytes)?;
    if json {
        say_json(&document)?;
        return Ok(ExitCode::SUCCESS);
    }
    for (name, value) in flat(&document)? {
        say(&format!("{name} = {value}"))?;
    }
    let findings = findings(settings, &document)?;
    for finding in &findings {
        say(&line(finding))?;
    }
    Ok(code(&findings))
}

fn findings(settings: &Settings, document: &Document) -> anyhow::Result<Vec<Finding>> {
    Ok(provisioning::findings(
        document,
        settings,
        &keys::load(settings)?,
        tls::own_pin(settings)?,
        Clock::system().now(),
    ))
}

fn line(finding: &Finding) -> String {
    let mark = if finding.is_fatal { "BAD " } else { "WARN" };
    format!("{mark}  {}", finding.text)
}

fn code(findings: &[Finding]) -> ExitCode {
    if findings.iter().any(|it| it.is_fatal) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// What differs, one line per value.
fn changes(old: &Document, new: &Document) -> anyhow::Result<Vec<String>> {
    let (old, new) = (flat(old)?, flat(new)?);
    let mut names: Vec<_> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let changed = names
        .into_iter()
        .filter_map(|name| match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(old), Some(new)) => Some(format!("~ {name}: {old} → {new}")),
            (Some(old), None) => Some(format!("- {name}: {old}")),
            (None, Some(new)) => Some(format!("+ {name}: {new}")),
            (None, None) => None,
        });
    Ok(changed.collect())
}

/// Every value of a document with its path.
fn flat(document: &Document) -> anyhow::Result<BTreeMap<String, String>> {
    fn walk(path: &str, value: &Value, out: &mut BTreeMap<String, String>) {
        let below = |name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (name, value) in fields {
                    walk(&below(name), value, out);
                }
            }
            Value::Array(list) if !list.is_empty() => {
                for (index, value) in list.iter().enumerate() {
                    walk(&below(&index.to_string()), value, out);
                }
            }
            value => {
                out.insert(path.to_owned(), value.to_string());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk("", &serde_json::to_value(document)?, &mut out);
    Ok(out)
}
