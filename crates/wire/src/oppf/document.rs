//! What is in the file. The order of the fields is the order in which they are written.

use core::{fmt, str::FromStr};

use dreiklang_crypto::{PublicKey, sign::VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Domains, VERSION, pins::Spki};
use crate::{
    Error, Result,
    api::{Base64, public_key},
    spec,
};

/// The provisioning file. Unknown fields are skipped when reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// See [`VERSION`].
    pub version: String,
    /// The key that signs the file. Entered when it is signed.
    pub signature_key: SignatureKey,
    /// Seconds between two fetches.
    pub refresh: u32,
    /// What the organisation has bought.
    pub license: License,
    /// What it is entitled to besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Features>,
    /// Pins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<Domains>,
    /// The same pins for the one app that reads them here. Entered when it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key_pinning: Option<Vec<PublicKeyPin>>,
    /// The chat server.
    pub chat: Chat,
    /// The directory.
    pub directory: Base,
    /// The blob server.
    pub blob: Blob,
    /// The work directory.
    pub work: Base,
    /// Pictures of service identities.
    pub avatar: Base,
    /// The backup server.
    pub safe: Base,
    /// The relay by which devices find each other. One app requires it, and then the mediator too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendezvous: Option<Base>,
    /// The mediator between the devices of a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mediator: Option<Mediator>,
    /// The web client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<Web>,
    /// Maps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maps: Option<Maps>,
    /// How apps are updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<Updates>,
}

/// The key that signs the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureKey(pub VerifyingKey);

impl Serialize for SignatureKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Base64(self.0.as_bytes().to_vec()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SignatureKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Base64(bytes) = Base64::deserialize(deserializer)?;
        <[u8; 32]>::try_from(bytes)
            .ok()
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("bad signature key"))
    }
}

/// What the organisation has bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct License {
    /// Its number.
    pub id: String,
    /// The last day.
    pub expires: Date,
    /// How many identities may be in use.
    pub count: u32,
}

/// A day of the calendar, `2026-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

impl Date {
    /// The day by its number.
    pub fn from_days_since_1970(days: i64) -> Self {
        Self(days.clamp(0, spec::OPPF_DAYS_MAX))
    }

    /// The number of the day.
    pub fn days_since_1970(self) -> i64 {
        self.0
    }

    pub(super) fn next(self) -> Self {
        Self::from_days_since_1970(self.0.saturating_add(1))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = crate::calendar::civil_date(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        const MALFORMED: Error = Error::Malformed("date");
        let mut parts = text.splitn(3, '-').map(|part| {
            let holds = part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
            if holds {
                part.parse::<u16>().map_err(|_| MALFORMED)
            } else {
                Err(MALFORMED)
            }
        });
        let mut next = || parts.next().ok_or(MALFORMED)?;
        let (year, month, day) = (next()?, next()?, next()?);
        let days = crate::calendar::day_number(year.into(), month.into(), day.into())
            .filter(|days| (0..=spec::OPPF_DAYS_MAX).contains(days))
            .ok_or(MALFORMED)?;
        if text.len() == 10 {
            Ok(Self(days))
        } else {
            Err(MALFORMED)
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What the organisation is entitled to besides.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Features {
    /// Locking what an app keeps from the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_secret: Option<RemoteSecretFeature>,
}

/// Being there is all it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RemoteSecretFeature {}

/// A pin in the place where one app looks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKeyPin {
    /// The host.
    pub domain: String,
    /// Its keys.
    pub spkis: Vec<Spki>,
}

/// The chat server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chat {
    /// Its name or address.
    pub hostname: String,
    /// Its permanent key.
    #[serde(with = "public_key")]
    pub public_key: PublicKey,
    /// Its ports, tried in this order.
    pub ports: Vec<u16>,
}

/// A server that is known by its base URL, which ends with a slash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// The URL.
    pub url: String,
}

impl Base {
    /// A base URL, with the slash at its end.
    pub fn new(url: impl Into<String>) -> Self {
        let mut url = url.into();
        if !url.ends_with('/') {
            url.push('/');
        }
        Self { url }
    }
}

/// The blob server.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are called so in the file"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Blob {
    /// Where to upload.
    pub upload_url: String,
    /// Where to download; `{blobId}` and `{blobIdPrefix}` stand for the id and its first byte.
    pub download_url: String,
    /// What to call when a blob is not needed any more.
    pub done_url: String,
}

/// The mediator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mediator {
    /// The URL.
    pub url: String,
    /// Its mirror of the blob server.
    pub blob: Blob,
}

/// The web client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Web {
    /// The URL.
    pub url: String,
    /// Another signalling host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_salty_rtc_host: Option<String>,
    /// Its port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_salty_rtc_port: Option<u16>,
}

/// Maps.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are called so in the file"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Maps {
    /// The style.
    pub style_url: String,
    /// Search by name.
    pub poi_names_url: String,
    /// Search around a place.
    pub poi_around_url: String,
}

/// How apps are updated.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Updates {
    /// The desktop app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desktop: Option<Desktop>,
}

/// How the desktop app is updated.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Desktop {
    /// By itself?
    pub auto_update: AutoUpdate,
}

/// Whether an app updates itself.
pub type AutoUpdate = bool;

impl Document {
    pub(super) fn as_written(&self, key: &VerifyingKey) -> Self {
        let mut document = self.clone();
        document.signature_key = SignatureKey(*key);
        document.license.expires = document.license.expires.next();
        let pins = |domains: &Domains| {
            let pinned = domains.rules.iter().filter_map(|rule| {
                let spkis = rule.spkis.clone()?;
                Some(PublicKeyPin {
                    domain: rule.fqdn.clone(),
                    spkis,
                })
            });
            pinned.collect()
        };
        document.public_key_pinning = document.domains.as_ref().map(pins);
        document
    }

    /// What a reader could not use is neither written nor taken.
    pub(super) fn check(&self) -> Result<()> {
        if self.version != VERSION {
            return Err(Error::Malformed("version of the provisioning file"));
        }
        if self.chat.ports.is_empty() || self.chat.ports.contains(&0) {
            return Err(Error::Malformed("chat port in the provisioning file"));
        }
        if !super::url::is_host(&self.chat.hostname) {
            return Err(Error::Malformed("chat host in the provisioning file"));
        }
        let bases = [&self.directory, &self.work, &self.avatar, &self.safe];
        let bases = bases.into_iter().map(|base| &base.url);
        let ends = |url: &String| super::url::is_secure(url) && url.ends_with('/');
        if !bases.clone().all(ends) {
            return Err(Error::Malformed(
                "URL in the provisioning file: https and a slash at the end",
            ));
        }
        let blobs = core::iter::once(&self.blob)
            .chain(self.mediator.as_ref().map(|mediator| &mediator.blob));
        for blob in blobs {
            let urls = [&blob.upload_url, &blob.download_url, &blob.done_url];
            let ids = [&blob.download_url, &blob.done_url];
            if !urls.into_iter().all(|url| super::url::is_secure(url))
                || !ids.into_iter().all(|url| url.contains("{blobId}"))
            {
                return Err(Error::Malformed("blob URL in the provisioning file"));
            }
        }
        let pins = self.domains.iter().flat_map(|domains| &domains.rules);
        let are_hashes = |spkis: &Vec<Spki>| spkis.iter().all(|spki| spki.value.0.len() == 32);
        if !pins
            .clone()
            .all(|rule| rule.spkis.as_ref().is_none_or(are_hashes))
        {
            return Err(Error::Malformed("pin in the provisioning file"));
        }
        Ok(())
    }
}
