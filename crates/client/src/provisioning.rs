//! The provisioning file of an organisation's own instance: fetched with the credentials of the
//! organisation, verified by a key that the person who set the app up trusts, kept beside the
//! profile (protocol.md A7).

use std::path::Path;
use std::sync::Arc;

use dreiklang_crypto::sign::VerifyingKey;
use dreiklang_engine::{Authorization, HttpFault, HttpRequest, License, Timestamp};
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::instance::{Blob, Chat, Instance, Kind};
use dreiklang_wire::oppf::{self, Document, Domains};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::net::http::Http;
use crate::net::pins::Pins;
use crate::storage::files;
use crate::time::Clock;

/// A provisioning file that was verified, and what is needed to fetch it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioning {
    source: Source,
    file: Vec<u8>,
    document: Document,
    fetched_at: Timestamp,
}

/// Where the file comes from and who may sign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What the person was given: the address of the file, or of the instance above it.
    pub address: String,
    /// Ed25519 keys, 64 hex digits or base64 each; one of them must have signed the file.
    pub trusted_keys: Vec<String>,
    /// A certificate authority to trust besides the public ones, PEM.
    pub ca_certificate: Option<String>,
}

/// What is kept beside the file.
#[derive(Serialize, Deserialize)]
struct Note {
    #[serde(flatten)]
    source: Source,
    fetched_at_ms: u64,
}

/// Why there is no provisioning file, or none that may be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProvisioningFault {
    /// The address is not one.
    #[error("the address of the provisioning file is not one: {0}")]
    Address(String),
    /// A trusted key is not one.
    #[error("not a key to trust: {0}")]
    Key(String),
    /// The server cannot be reached.
    #[error("the provisioning file cannot be fetched: {0}")]
    Unreachable(HttpFault),
    /// The certificate of the server does not have a key that the file before named.
    #[error("the certificate of the server does not have the key it should have")]
    WrongCertificate,
    /// The server does not know the credentials (401).
    #[error("the server does not accept the credentials of the organisation")]
    Refused,
    /// The server knows the credentials and does not let them in any more (403).
    #[error("the organisation has withdrawn these credentials, or they have run out")]
    Withdrawn,
    /// The server has no such file, or fails.
    #[error("the server gives no provisioning file (status {0})")]
    Status(u16),
    /// Nobody who is trusted has signed the file.
    #[error("the provisioning file is not signed by a key that is trusted here")]
    NotAuthentic,
    /// The file is not one.
    #[error("the provisioning file is not valid: {0}")]
    Malformed(String),
    /// The licence of the organisation has run out.
    #[error("the licence of the organisation has run out")]
    Expired,
}

impl Provisioning {
    /// Fetches the file and verifies it.
    pub async fn fetch(source: Source, license: &License, clock: &Clock) -> Result<Self, Error> {
        let url = canonical(&source)?;
        let authorization = Authorization::Basic(license.clone());
        let file = download(&url, &source, authorization, None).await?;
        Self::verified(source, file, clock)
    }

    /// Fetches the file again. If the certificate of the server does not have its key any more, the
    /// file may say which one it has now: it is fetched without credentials from the fallback
    /// address, where its signature alone vouches for it.
    pub(crate) async fn fetch_again(
        &self,
        license: Option<&License>,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let authorization = license
            .cloned()
            .map_or(Authorization::Nobody, Authorization::Basic);
        let url = canonical(&self.source)?;
        let pins = self.pins();
        let file = match download(&url, &self.source, authorization, pins.as_ref()).await {
            Err(Error::Provisioning(ProvisioningFault::WrongCertificate)) => {
                return self.fetch_fallback(clock).await;
            }
            other => other?,
        };
        Self::verified(self.source.clone(), file, clock)
    }

    /// Fetches the file from the fallback address, where nobody is asked for credentials and its
    /// signature alone vouches for it.
    pub(crate) async fn fetch_fallback(&self, clock: &Clock) -> Result<Self, Error> {
        let url = oppf::fallback_url(&self.source.address)
            .map_err(|_| ProvisioningFault::Address(self.source.address.clone()))?;
        let file = download(&url, &self.source, Authorization::Nobody, None).await?;
        Self::verified(self.source.clone(), file, clock)
    }

    fn verified(source: Source, file: Vec<u8>, clock: &Clock) -> Result<Self, Error> {
        let this = Self::open(source, file, clock.now())?;
        if this.is_expired(clock) {
            return Err(ProvisioningFault::Expired.into());
        }
        Ok(this)
    }

    /// Verifies the signature; the licence may have run out.
    fn open(source: Source, file: Vec<u8>, fetched_at: Timestamp) -> Result<Self, Error> {
        let trusted = source
            .trusted_keys
            .iter()
            .map(|text| trusted_key(text))
            .collect::<Result<Vec<_>, _>>()?;
        let document = Document::open(&file, &trusted).map_err(|error| match error {
            dreiklang_wire::Error::NotAuthentic => ProvisioningFault::NotAuthentic,
            other => ProvisioningFault::Malformed(other.to_string()),
        })?;
        Ok(Self {
            source,
            file,
            document,
            fetched_at,
        })
    }

    /// Whether the licence of the organisation has run out.
    pub fn is_expired(&self, clock: &Clock) -> bool {
        let day = clock.now().as_ms() / DAY_MS;
        self.document
            .is_expired(i64::try_from(day).unwrap_or(i64::MAX))
    }

    /// Until when the file counts without being fetched again.
    pub(crate) fn fresh_until(&self) -> Timestamp {
        let refresh = u64::try_from(self.document.refresh().as_millis()).unwrap_or(u64::MAX);
        Timestamp::from_ms(self.fetched_at.as_ms().saturating_add(refresh))
    }

    /// Whether the organisation may lock apps by a remote secret.
    pub(crate) fn has_remote_secret(&self) -> bool {
        let features = self.document.features.as_ref();
        features.is_some_and(|features| features.remote_secret.is_some())
    }

    pub(crate) fn domains(&self) -> Option<&Domains> {
        self.document.domains.as_ref()
    }

    pub(crate) fn pins(&self) -> Option<Arc<Pins>> {
        Some(Arc::new(Pins::new(self.domains()?.clone())))
    }

    /// The instance that the file describes.
    pub fn instance(&self) -> Instance {
        let document = &self.document;
        Instance {
            name: document.chat.hostname.clone(),
            chat: Chat {
                host: document.chat.hostname.clone(),
                ports: document.chat.ports.clone(),
                public_key: document.chat.public_key,
                alternative_public_key: None,
            },
            directory_url: document.directory.url.clone(),
            blob: Blob {
                upload_url: document.blob.upload_url.clone(),
                download_url: document.blob.download_url.clone(),
                done_url: document.blob.done_url.clone(),
            },
            kind: Kind::Closed,
            work_url: Some(document.work.url.clone()),
            safe_url: Some(document.safe.url.clone()),
            ca_certificate: self.source.ca_certificate.clone(),
        }
    }

    /// What was kept beside a profile; the signature is verified again.
    pub(crate) fn load(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(SOURCE_FILE);
        let note: Note = match files::read(&path) {
            Ok(json) => serde_json::from_slice(&json)
                .map_err(|error| ProvisioningFault::Malformed(error.to_string()))?,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::file(&path, cause)),
        };
        let path = folder.join(FILE);
        let file = files::read(&path).map_err(|cause| Error::file(&path, cause))?;
        Self::open(note.source, file, Timestamp::from_ms(note.fetched_at_ms)).map(Some)
    }

    /// Keeps it beside a profile.
    pub(crate) fn save(&self, folder: &Path) -> Result<(), Error> {
        let note = Note {
            source: self.source.clone(),
            fetched_at_ms: self.fetched_at.as_ms(),
        };
        let json = serde_json::to_vec_pretty(&note)
            .map_err(|error| ProvisioningFault::Malformed(error.to_string()))?;
        // The source is what makes it count, so it is written last.
        for (name, bytes) in [(FILE, &self.file), (SOURCE_FILE, &json)] {
            let path = folder.join(name);
            files::replace(&path, bytes).map_err(|cause| Error::file(&path, cause))?;
        }
        Ok(())
    }
}

/// Reads a key to trust: 64 hex digits.
/// Reads a key as this project writes it, 64 hexadecimal digits, or as the file itself has it, in
/// base64.
fn trusted_key(text: &str) -> Result<VerifyingKey, ProvisioningFault> {
    let bad = || ProvisioningFault::Key(text.to_owned());
    let text = text.trim();
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let bytes = match digits {
        Some(digits) if digits.len() == 64 => digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | digit))
            .collect(),
        _ => {
            let Base64(bytes) = serde_json::from_value(text.into()).map_err(|_| bad())?;
            bytes
        }
    };
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| bad())?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| bad())
}

fn canonical(source: &Source) -> Result<String, ProvisioningFault> {
    oppf::canonical_url(&source.address)
        .map_err(|_| ProvisioningFault::Address(source.address.clone()))
}

async fn download(
    url: &str,
    source: &Source,
    authorization: Authorization,
    pins: Option<&Arc<Pins>>,
) -> Result<Vec<u8>, Error> {
    let bad = || ProvisioningFault::Address(url.to_owned());
    let (base, name) = url.rsplit_once('/').ok_or_else(bad)?;
    let http = Http::new(base, source.ca_certificate.as_deref(), pins)?;
    let request = HttpRequest {
        authorization,
        ..HttpRequest::get(name)
    };
    match http.exchange(request).await {
        Ok(response) if response.status == 200 => Ok(response.body),
        Ok(response) if response.status == 401 => Err(ProvisioningFault::Refused.into()),
        Ok(response) if response.status == 403 => Err(ProvisioningFault::Withdrawn.into()),
        Ok(response) => Err(ProvisioningFault::Status(response.status).into()),
        Err(_) if pins.is_some_and(|pins| pins.take_broken()) => {
            Err(ProvisioningFault::WrongCertificate.into())
        }
        Err(fault) => Err(ProvisioningFault::Unreachable(fault).into()),
    }
}

const FILE: &str = "provisioning.oppf";
const SOURCE_FILE: &str = "provisioning.json";
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

#[cfg(test)]
mod tests;
