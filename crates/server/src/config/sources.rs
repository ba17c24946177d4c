//! Lays the environment over the file and reads the result strictly.

use toml::{Table, Value};

use super::{Config, Error};

/// The variables of this process that belong to the configuration.
#[expect(
    clippy::disallowed_methods,
    reason = "the configuration is the one reader of variables"
)]
pub fn environment() -> Vec<(String, String)> {
    let mut found: Vec<_> = std::env::vars()
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    found.sort();
    found
}

/// Reads a text with variables laid over it. `origin` names the text in errors.
pub fn parse(
    text: &str,
    origin: &str,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Error> {
    // Deserialised from the text itself first, because only that error knows the line.
    let malformed = |error: &toml::de::Error| Error::Malformed {
        origin: origin.to_owned(),
        text: error.to_string().trim_end().to_owned(),
    };
    toml::from_str::<Strict>(text).map_err(|error| malformed(&error))?;
    let mut table: Table = toml::from_str(text).map_err(|error| malformed(&error))?;
    let defaults = Table::try_from(Config::default()).expect("invariant: defaults are TOML");
    for (name, value) in variables {
        lay_over(&mut table, &defaults, &name, &value).map_err(|text| Error::Malformed {
            origin: name.clone(),
            text,
        })?;
    }
    let strict = Strict::deserialize(table).map_err(|error| Error::Malformed {
        origin: format!("{origin} with the environment"),
        text: error.to_string().trim_end().to_owned(),
    })?;
    Ok(strict.into())
}

use serde::Deserialize;

/// [`Config`] with its top-level keys spelled out: serde cannot refuse unknown keys beside a
/// flattened struct.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Strict {
    name: String,
    kind: super::InstanceKind,
    data_dir: String,
    database: String,
    bus: String,
    blobs: String,
    roles: Vec<String>,
    chat: super::Chat,
    api: super::Api,
    blob: super::Blob,
    tls: super::Tls,
    limits: super::Limits,
    work: super::Work,
    provisioning: super::Provisioning,
    linking: super::Linking,
    mail: super::Mail,
    sms: super::Sms,
    safe: super::Safe,
    web: super::Web,
    metrics: super::Metrics,
    log: super::Log,
}

impl Default for Strict {
    fn default() -> Self {
        let Config {
            server,
            chat,
            api,
            blob,
            tls,
            limits,
            work,
            provisioning,
            linking,
            mail,
            sms,
            safe,
            web,
            metrics,
            log,
        } = Config::default();
        let super::server::Server {
            name,
            kind,
            data_dir,
            database,
            bus,
            blobs,
            roles,
        } = server;
        Self {
            name,
            kind,
            data_dir,
            database,
            bus,
            blobs,
            roles,
            chat,
            api,
            blob,
            tls,
            limits,
            work,
            provisioning,
            linking,
            mail,
            sms,
            safe,
            web,
            metrics,
            log,
        }
    }
}

impl From<Strict> for Config {
    fn from(it: Strict) -> Self {
        Self {
            server: super::server::Server {
                name: it.name,
                kind: it.kind,
                data_dir: it.data_dir,
                database: it.database,
                bus: it.bus,
                blobs: it.blobs,
                roles: it.roles,
            },
            chat: it.chat,
            api: it.api,
            blob: it.blob,
            tls: it.tls,
            limits: it.limits,
            work: it.work,
            provisioning: it.provisioning,
            linking: it.linking,
            mail: it.mail,
            sms: it.sms,
            safe: it.safe,
            web: it.web,
            metrics: it.metrics,
            log: it.log,
        }
    }
}

/// `DREIKLANG_CHAT__PUBLIC_HOST` is `chat.public_host`; `DREIKLANG_NAME` is `name`.
fn lay_over(table: &mut Table, defaults: &Table, name: &str, text: &str) -> Result<(), String> {
    let path = name
        .strip_prefix(PREFIX)
        .unwrap_or(name)
        .to_ascii_lowercase();
    let unknown = || format!("there is no key {}", path.replace("__", "."));
    let (table, defaults, key) = match path.split_once("__") {
        None => (table, defaults, path.as_str()),
        Some((section, key)) => {
            let defaults = defaults
                .get(section)
                .and_then(Value::as_table)
                .ok_or_else(unknown)?;
            let inner = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()))
                .as_table_mut()
                .ok_or_else(|| format!("{section} is not a section in the file"))?;
            (inner, defaults, key)
        }
    };
    let value = match defaults.get(key) {
        None | Some(Value::Table(_)) => return Err(unknown()),
        Some(Value::String(_)) => Value::String(text.to_owned()),
        Some(Value::Array(_)) if !text.trim_start().starts_with('[') => {
            Value::Array(text.split(',').map(|it| scalar(it.trim())).collect())
        }
        Some(_) => scalar(text),
    };
    table.insert(key.to_owned(), value);
    Ok(())
}

/// A value as TOML reads it, and otherwise the text itself.
fn scalar(text: &str) -> Value {
    format!("value = {text}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

const PREFIX: &str = "DREIKLANG_";
