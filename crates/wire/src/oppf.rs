//! The provisioning file of an organisation's own instance: where everything is, signed by a key
//! that the apps trust (oppf.schema.yml).
//!
//! The file is the JSON text, one line feed, and the 88 base64 characters of an Ed25519 signature
//! over exactly the JSON text. Three readers cut it apart in three ways; they agree only where the
//! text ends in no line feed and nothing follows the signature. That form alone is written, and
//! that form alone is read.

mod document;
mod pins;
mod url;

use core::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use dreiklang_crypto::sign::{SIGNATURE_BYTES, Signature, SigningKey, VerifyingKey};

pub use document::{
    AutoUpdate, Base, Blob, Chat, Date, Desktop, Document, Features, License, Maps, Mediator,
    PublicKeyPin, RemoteSecretFeature, SignatureKey, Updates, Web,
};
pub use pins::{Domains, MatchMode, PinAlgorithm, Rule, Spki};
pub(crate) use url::is_secure;
pub use url::{CANONICAL_PATH, FALLBACK_PATH, canonical_url, fallback_url};

use crate::{Error, Result, spec};

/// The one version there is.
pub const VERSION: &str = "1.0";
/// The least time between two fetches, whatever the file says.
pub const REFRESH_MIN: Duration = Duration::from_mins(30);
/// The base64 text of a signature.
const SIGNATURE_CHARS: usize = 88;

impl Document {
    /// Writes the file, signed. The key is entered as the file's own; the licence is written one
    /// day longer than it lasts, because one reader takes its last day for the first without it.
    pub fn sign(&self, key: &SigningKey) -> Result<String> {
        let document = self.as_written(&key.verifying_key());
        document.check()?;
        let json = serde_json::to_string_pretty(&document)
            .map_err(|_| Error::Malformed("provisioning file"))?;
        let signature = STANDARD.encode(key.sign(json.as_bytes()).0);
        let file = format!("{json}\n{signature}");
        if file.len() > spec::OPPF_BYTES_MAX {
            return Err(Error::TooLong);
        }
        Ok(file)
    }

    /// Reads a file that one of `trusted` has signed. The key that the file names must be the one
    /// that signed it.
    pub fn open(file: &[u8], trusted: &[VerifyingKey]) -> Result<Self> {
        if file.len() > spec::OPPF_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let (json, signature) = split(file)?;
        let key = trusted
            .iter()
            .find(|key| key.verify(json, &signature).is_ok())
            .ok_or(Error::NotAuthentic)?;
        let document: Self =
            serde_json::from_slice(json).map_err(|_| Error::Malformed("provisioning file"))?;
        if document.signature_key.0 != *key {
            return Err(Error::NotAuthentic);
        }
        document.check()?;
        Ok(document)
    }

    /// How long to wait until the next fetch.
    pub fn refresh(&self) -> Duration {
        Duration::from_secs(self.refresh.into()).max(REFRESH_MIN)
    }

    /// Has the licence run out? `day` is the number of days since 1970 of the day it is now.
    pub fn is_expired(&self, day: i64) -> bool {
        day > self.license.expires.days_since_1970()
    }
}

/// The JSON text and the signature below it.
fn split(file: &[u8]) -> Result<(&[u8], Signature)> {
    const MALFORMED: Error = Error::Malformed("end of the provisioning file");
    let at = file.len().checked_sub(SIGNATURE_CHARS).ok_or(MALFORMED)?;
    let (text, signature) = file.split_at_checked(at).ok_or(MALFORMED)?;
    let (line_feed, json) = text.split_last().ok_or(MALFORMED)?;
    if *line_feed != b'\n' || json.last().is_none_or(u8::is_ascii_whitespace) {
        return Err(MALFORMED);
    }
    let signature = STANDARD.decode(signature).map_err(|_| MALFORMED)?;
    let signature: [u8; SIGNATURE_BYTES] = signature.try_into().map_err(|_| MALFORMED)?;
    Ok((json, Signature(signature)))
}

#[cfg(test)]
mod tests;
