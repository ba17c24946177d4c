//! The directory: identities, their keys, features and revocation (directory.openapi.yml).
//!
//! Errors come as HTTP 200 with `{"success": false, "error": "text"}`, see [`Outcome`]. Requests
//! that change something take two rounds, see [`challenge`] and [`TwoPhase`].

pub mod challenge;
pub mod hash;
mod outcome;
mod revocation;

use core::fmt;

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text;
use crate::{Error, Result, id::Identity, spec};

pub use challenge::{Challenge, Proof, TwoPhase};
pub use outcome::{Failure, Outcome, Success};
pub use revocation::{
    CheckRevocationKeyReply, RevocationKey, RevokeByKeyRequest, SetRevocationKeyRequest,
    time_with_offset,
};

/// The paths below the base URL, which ends with a slash.
pub mod path {
    /// POST, two rounds: [`CreateRequest`](super::CreateRequest).
    pub const CREATE: &str = "identity/create";
    /// GET, followed by the identity: [`IdentityRecord`](super::IdentityRecord).
    pub const IDENTITY: &str = "identity/";
    /// POST: [`Identities`](super::Identities), [`FetchBulkReply`](super::FetchBulkReply).
    pub const FETCH_BULK: &str = "identity/fetch_bulk";
    /// POST, two rounds: [`FetchPrivateRequest`](super::FetchPrivateRequest).
    pub const FETCH_PRIVATE: &str = "identity/fetch_priv";
    /// POST: [`Identities`](super::Identities), [`CheckReply`](super::CheckReply).
    pub const CHECK: &str = "identity/check";
    /// POST, two rounds: [`SetFeatureMaskRequest`](super::SetFeatureMaskRequest).
    pub const SET_FEATURE_MASK: &str = "identity/set_featuremask";
    /// POST: [`Identities`](super::Identities), [`FeatureMasksReply`](super::FeatureMasksReply).
    pub const CHECK_FEATURE_MASK: &str = "identity/check_featuremask";
    /// POST, two rounds: [`SetRevocationKeyRequest`](super::SetRevocationKeyRequest).
    pub const SET_REVOCATION_KEY: &str = "identity/set_revocation_key";
    /// POST, two rounds: [`IdentityRequest`](super::IdentityRequest).
    pub const CHECK_REVOCATION_KEY: &str = "identity/check_revocation_key";
    /// POST, two rounds: [`IdentityRequest`](super::IdentityRequest).
    pub const REVOKE: &str = "identity/revoke";
    /// POST, two rounds: [`IdentityRequest`](super::IdentityRequest),
    /// [`StoredHere`](super::StoredHere).
    pub const EXPORT: &str = "identity/export";
    /// POST, one round: [`RevokeByKeyRequest`](super::RevokeByKeyRequest).
    pub const REVOKE_BY_KEY: &str = "identity/ws/revoke";
}

/// Parses a JSON body, whatever content type it came with. Nothing longer than the cap is read.
pub fn from_json<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T> {
    if body.len() > spec::DIRECTORY_BODY_BYTES_MAX {
        return Err(Error::TooLong);
    }
    serde_json::from_slice(body).map_err(|_| Error::Malformed("directory body"))
}

/// Registers a public key and draws an identity for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateRequest {
    /// The key.
    #[serde(with = "text::public_key")]
    pub public_key: PublicKey,
    /// Why the client may have an identity.
    #[serde(flatten)]
    pub license: License,
}

/// A licence, in whichever form the client has it.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are called so in the protocol"
)]
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct License {
    /// The device, by a name of its own making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// A shop's serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_key: Option<String>,
    /// Credentials of an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_username: Option<String>,
    /// Credentials of an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_password: Option<String>,
}

impl fmt::Debug for License {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("License(..)")
    }
}

/// The answer to [`CreateRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateReply {
    /// The new identity.
    pub identity: Identity,
    /// A hint to the chat server; two hexadecimal digits, because some clients parse it as a byte.
    pub server_group: String,
}

/// Whether an identity is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// In use.
    Active,
    /// Not seen for months.
    Inactive,
    /// Revoked or never given. Clients remember this for ever.
    Invalid,
}

/// What kind of client an identity has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountType {
    /// A private one.
    Regular,
    /// One of an organisation.
    Work,
}

macro_rules! number_in_json {
    ($name:ident, $($variant:ident = $number:literal),+) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u8(match self { $(Self::$variant => $number),+ })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match u8::deserialize(deserializer)? {
                    $($number => Ok(Self::$variant),)+
                    _ => Err(serde::de::Error::custom("number out of range")),
                }
            }
        }
    };
}
number_in_json!(State, Active = 0, Inactive = 1, Invalid = 2);
number_in_json!(AccountType, Regular = 0, Work = 1);

/// What the directory says about an identity. Revoked and unknown identities have none: some
/// clients refuse the whole reply when they meet state 2 here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityRecord {
    /// The identity.
    pub identity: Identity,
    /// Its key, which never changes.
    #[serde(with = "text::public_key")]
    pub public_key: PublicKey,
    /// Legacy; see [`FEATURE_LEVEL`].
    #[serde(default = "feature_level")]
    pub feature_level: u32,
    /// Bits of [`spec::feature`].
    pub feature_mask: u64,
    /// Whether it is in use.
    pub state: State,
    /// What kind of client it has.
    #[serde(rename = "type")]
    pub account_type: AccountType,
}

/// The legacy feature level that every identity has.
pub const FEATURE_LEVEL: u32 = 3;

fn feature_level() -> u32 {
    FEATURE_LEVEL
}

/// A list of identities to ask about. What is no identity keeps its place as `None`, because the
/// answers are aligned with the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identities {
    /// The list.
    #[serde(
        serialize_with = "write_identities",
        deserialize_with = "read_identities"
    )]
    pub identities: Vec<Option<Identity>>,
}

impl FromIterator<Identity> for Identities {
    fn from_iter<I: IntoIterator<Item = Identity>>(identities: I) -> Self {
        Self {
            identities: identities.into_iter().map(Some).collect(),
        }
    }
}

fn write_identities<S: Serializer>(
    identities: &[Option<Identity>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = |identity: &Option<Identity>| identity.map_or(String::new(), |id| id.to_string());
    serializer.collect_seq(identities.iter().map(text))
}

fn read_identities<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Option<Identity>>, D::Error> {
    let values = Vec::<serde_json::Value>::deserialize(deserializer)?;
    let identity = |value: serde_json::Value| value.as_str().and_then(|text| text.parse().ok());
    Ok(values.into_iter().map(identity).collect())
}

/// The answer to `fetch_bulk`: only identities that can be written to, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchBulkReply {
    /// The records.
    pub identities: Vec<IdentityRecord>,
}

/// Asks for what the directory knows about the own identity after a restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchPrivateRequest {
    /// The own identity.
    pub identity: Identity,
    /// `consumer` or `work`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_variant: Option<String>,
}

/// The answer to [`FetchPrivateRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchPrivateReply {
    /// The own identity.
    pub identity: Identity,
    /// See [`CreateReply::server_group`].
    pub server_group: String,
    /// The linked address, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The linked number, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_no: Option<String>,
}

/// Says what the own client can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetFeatureMaskRequest {
    /// The own identity.
    pub identity: Identity,
    /// Bits of [`spec::feature`].
    pub feature_mask: u64,
}

/// The answer to `check_featuremask`, aligned with the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeatureMasksReply {
    /// Nothing for identities that do not exist.
    pub feature_masks: Vec<Option<u64>>,
}

/// The answer to `check`, aligned with the request. All four fields are mandatory for clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckReply {
    /// Seconds until the client asks again; more than zero.
    pub check_interval: u32,
    /// States.
    pub states: Vec<State>,
    /// Types.
    pub types: Vec<AccountType>,
    /// Nothing for identities that do not exist.
    pub feature_masks: Vec<Option<u64>>,
}

/// A request that only names the own identity: revoke, `check_revocation_key`.
///
/// The published text lists a revocation key for the second round of the latter; clients send
/// none, so none is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRequest {
    /// The own identity.
    pub identity: Identity,
}

/// How the document of `identity/export` begins; the rest is for people (docs/privacy.md).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredHere {
    /// [`STORED_HERE_FORMAT`].
    pub format: String,
    /// Whom it is about.
    pub identity: Identity,
}

/// What [`StoredHere::format`] says.
pub const STORED_HERE_FORMAT: &str = "dreiklang-personal-data";
