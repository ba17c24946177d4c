//! The provisioning file of a closed instance: what it says, whether it may be served, and its
//! renewal where the signing key lives on this machine.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use dreiklang_crypto::Zeroizing;
use dreiklang_crypto::sign::{SigningKey, VerifyingKey};
use dreiklang_wire::api::Base64;
use dreiklang_wire::csp::server::ServerKeys;
use dreiklang_wire::oppf::{
    Base, Blob, Chat, Date, Document, Domains, Features, License, MatchMode, PinAlgorithm,
    RemoteSecretFeature, Rule, SignatureKey, Spki, VERSION,
};
use dreiklang_wire::spec;

use crate::app::{UnixMillis, keys};
use crate::config::Settings;

/// Why a provisioning file cannot be made, read or served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key file cannot be used.
    #[error(transparent)]
    Key(#[from] keys::Error),
    /// A file cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No key is trusted.
    #[error(
        "no key is known that apps trust: set provisioning.trusted_keys, or \
         provisioning.signing_key if the key may live on this machine"
    )]
    NobodyTrusted,
    /// The file is not one, or not signed by a trusted key.
    #[error("{0}")]
    Unusable(String),
}

/// Something about a file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether apps could not work with the file.
    pub is_fatal: bool,
    /// What it is, and what to do.
    pub text: String,
}

/// What the configuration says, as a document that is not signed yet. `own_pin` is the hash of the
/// key of the certificate in use.
pub fn describe(
    settings: &Settings,
    keys: &ServerKeys,
    own_pin: Option<[u8; 32]>,
    now: UnixMillis,
) -> Result<Document, Error> {
    let base = settings.public_url(None);
    let trusted = trusted(settings)?;
    let signature_key = trusted.first().ok_or(Error::NobodyTrusted)?;
    let written = &settings.provisioning;
    let ports = settings.chat.public_ports.clone();
    let bound = settings.chat.listen.iter().map(std::net::SocketAddr::port);
    let spkis: Vec<_> = own_pin
        .into_iter()
        .chain(written.further_pins())
        .map(|hash| Spki {
            value: Base64(hash.to_vec()),
            algorithm: PinAlgorithm::Sha256,
        })
        .collect();
    let is_pinned = written.pin && !spkis.is_empty();
    let at = |path: &str| Base::new(format!("{base}{path}"));
    Ok(Document {
        version: VERSION.to_owned(),
        signature_key: SignatureKey(*signature_key),
        refresh: written.refresh_s,
        license: License {
            id: license_id(settings),
            expires: Date::from_days_since_1970(
                today(now).saturating_add(written.license_valid_days.into()),
            ),
            count: match written.license_count {
                0 => COUNT_UNLIMITED,
                count => count,
            },
        },
        features: settings.work.remote_secret.then_some(Features {
            remote_secret: Some(RemoteSecretFeature {}),
        }),
        domains: is_pinned.then(|| Domains {
            rules: vec![Rule {
                fqdn: host_of(&base).to_owned(),
                match_mode: MatchMode::Exact,
                spkis: Some(spkis),
            }],
        }),
        public_key_pinning: None,
        chat: Chat {
            hostname: settings.chat.public_host.clone(),
            public_key: keys.current.public(),
            ports: if ports.is_empty() {
                bound.collect()
            } else {
                ports
            },
        },
        directory: at(""),
        blob: Blob {
            upload_url: format!("{base}blob/upload"),
            download_url: format!("{base}blob/{{blobId}}"),
            done_url: format!("{base}blob/{{blobId}}/done"),
        },
        work: at(""),
        avatar: at("avatar/"),
        safe: at("safe/"),
        rendezvous: None,
        mediator: None,
        web: None,
        maps: None,
        updates: None,
    })
}

/// A document as the text that is carried to the signing machine.
pub fn unsigned(document: &Document) -> Result<String, Error> {
    serde_json::to_string_pretty(document).map_err(|error| Error::Unusable(error.to_string()))
}

/// Reads such a text again.
pub fn read_unsigned(text: &[u8]) -> Result<Document, Error> {
    if text.len() > spec::OPPF_BYTES_MAX {
        return Err(Error::Unusable(
            "the file is too large to be one".to_owned(),
        ));
    }
    serde_json::from_slice(text).map_err(|error| {
        Error::Unusable(format!(
            "this is not what `oppf generate` writes (a signed file has a last line more): {error}"
        ))
    })
}

/// Signs a document.
pub fn sign(document: &Document, key: &SigningKey) -> Result<String, Error> {
    document
        .sign(key)
        .map_err(|error| Error::Unusable(format!("apps could not use this: {error}")))
}

/// Reads a signed file that one of the configured keys must have signed.
pub fn open(settings: &Settings, file: &[u8]) -> Result<Document, Error> {
    let trusted = trusted(settings)?;
    if trusted.is_empty() {
        return Err(Error::NobodyTrusted);
    }
    Document::open(file, &trusted).map_err(|error| {
        Error::Unusable(match error {
            dreiklang_wire::Error::NotAuthentic => {
                "no key that apps trust has signed this; see provisioning.trusted_keys".to_owned()
            }
            error => format!("this is no signed provisioning file: {error}"),
        })
    })
}

/// What is wrong with a signed document on this instance, the worst first.
pub fn findings(
    document: &Document,
    settings: &Settings,
    keys: &ServerKeys,
    own_pin: Option<[u8; 32]>,
    now: UnixMillis,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |is_fatal, text: String| findings.push(Finding { is_fatal, text });
    if document.chat.public_key != keys.current.public() {
        say(
            true,
            "the chat key in it is not the one of this server: no app could log in".to_owned(),
        );
    }
    let base = settings.public_url(None);
    if document.directory.url != base {
        say(
            true,
            format!(
                "it sends apps to {} and this server is at {base}",
                document.directory.url
            ),
        );
    }
    let rule = document
        .domains
        .as_ref()
        .and_then(|it| it.rule_for(host_of(&base)));
    match (rule, own_pin) {
        (Some(rule), Some(pin)) if !rule.allows(&pin) => say(
            true,
            format!(
                "no pin in it fits the certificate in use ({}): apps would refuse the connection. \
                 Publish a file with that pin before the certificate is used",
                base64(&pin)
            ),
        ),
        (Some(rule), _) if rule.spkis.as_ref().is_some_and(|it| it.len() < 2) => say(
            false,
            "only one key is pinned; name the key of the next certificate in provisioning.pins \
             weeks before it is used"
                .to_owned(),
        ),
        (None, _) if settings.provisioning.pin => {
            say(false, "it pins no certificate of this server".to_owned());
        }
        _ => {}
    }
    let left = document.license.expires.days_since_1970() - today(now);
    // The day in the file is one later than the last, for one of the readers (protocol.md A7.3).
    if left <= 0 {
        say(
            true,
            "the licence in it has ended: apps do nothing any more. Sign and publish a new one"
                .to_owned(),
        );
    } else if left < EXPIRY_NEAR_DAYS {
        say(
            false,
            format!("the licence in it ends in {left} days; sign and publish a new one"),
        );
    }
    findings.sort_by_key(|it| !it.is_fatal);
    findings
}

/// The published file, if there is one.
pub fn published(settings: &Settings) -> Result<Option<Vec<u8>>, Error> {
    let path = settings.file(&settings.provisioning.file);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { path, source }),
    }
}

/// Puts a file in the place of the published one, in one step: no app ever sees half of it.
pub fn publish(settings: &Settings, file: &[u8]) -> Result<PathBuf, Error> {
    let path = settings.file(&settings.provisioning.file);
    let next = path.with_extension("next");
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut next_file = std::fs::File::create(&next)?;
        next_file.write_all(file)?;
        next_file.sync_all()?;
        std::fs::rename(&next, &path)?;
        std::fs::File::open(folder)?.sync_all()
    };
    match write() {
        Ok(()) => Ok(path),
        Err(source) => Err(Error::Io { path, source }),
    }
}

/// Signs and publishes what the configuration says, if the key is on this machine and the
/// published file says something else or has used up half of its time. Gives whether it did.
pub fn renew(
    settings: &Settings,
    keys: &ServerKeys,
    own_pin: Option<[u8; 32]>,
    now: UnixMillis,
) -> Result<bool, Error> {
    let Some(key) = signing_key(settings)? else {
        return Ok(false);
    };
    let wanted = describe(settings, keys, own_pin, now)?;
    let file = sign(&wanted, &key)?;
    let signed = open(settings, file.as_bytes())?;
    if let Some(published) = published(settings)?
        && let Ok(mut old) = open(settings, &published)
    {
        let half = i64::from(settings.provisioning.license_valid_days) / 2;
        let left = old.license.expires.days_since_1970() - today(now);
        old.license.expires = signed.license.expires;
        if old == signed && left > half {
            return Ok(false);
        }
    }
    publish(settings, file.as_bytes())?;
    Ok(true)
}

/// The key that signs, if the configuration names one.
pub fn signing_key(settings: &Settings) -> Result<Option<SigningKey>, Error> {
    match settings.provisioning.signing_key.as_str() {
        "" => Ok(None),
        file => read_signing_key(&settings.file(file)).map(Some),
    }
}

/// Reads a signing key: 64 hex digits in a file that only its owner can read.
pub fn read_signing_key(path: &Path) -> Result<SigningKey, Error> {
    let seed: Zeroizing<[u8; 32]> = keys::read_secret(path)?;
    Ok(SigningKey::from_bytes(&seed))
}

/// The keys that apps trust: those that are written down, and that of this machine.
/// The keys that apps are told to trust.
pub fn trusted(settings: &Settings) -> Result<Vec<VerifyingKey>, Error> {
    let own = signing_key(settings)?.map(|it| it.verifying_key());
    let written = settings.provisioning.trusted();
    // Who signs here has a file that names the key that signed it.
    Ok(own.into_iter().chain(written).collect())
}

fn license_id(settings: &Settings) -> String {
    match settings.provisioning.license_id.as_str() {
        "" => settings.name.clone(),
        id => id.to_owned(),
    }
}

/// The host of a URL without its port, as pin rules name it.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split_once(']').map_or(v6, |(host, _)| host),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn today(now: UnixMillis) -> i64 {
    now.seconds().div_euclid(24 * 3600)
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A number that every app can hold and nobody reaches.
const COUNT_UNLIMITED: u32 = 1_000_000;
/// Days before the end from which on it is said.
const EXPIRY_NEAR_DAYS: i64 = 30;

#[cfg(test)]
mod tests;
