//! The work directory: what an app for work asks its organisation's server (directory.openapi.yml,
//! work part).
//!
//! Credentials travel in the body. Three generations of readers disagree about names that are not
//! set: one turns a JSON `null` into the text "null", one wants both keys as strings, one takes
//! anything. So [`Contact::first`] and [`Contact::last`] are always strings, empty when unset, and
//! the other optional fields are left out.

mod directory;
mod properties;
mod secret;

use core::fmt;

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Deserializer, Serialize};

pub use directory::{DirectoryContact, DirectoryReply, DirectoryRequest, Paging, Sort, SortBy};
pub use properties::{
    Availability, UpdateWorkInfoRequest, UserPropertiesRequest, WorkCategory, WorkChallenge,
    WorkFailure, WorkFailureCode, WorkProof, WorkStep,
};
pub use secret::{
    RemoteSecretCreateReply, RemoteSecretCreateRequest, RemoteSecretDeleteRequest,
    RemoteSecretFetchReply, RemoteSecretFetchRequest,
};

use super::{Base64, text};
use crate::{
    id::Identity,
    mdm::{Dropped, Parameters, WireParameters},
};

/// Why a licence is not good, as `errorType`. Servers that do not say it have words only.
pub mod license_refused {
    /// There is no such user name with this password.
    pub const UNKNOWN: &str = "license-unknown";
    /// An administrator has withdrawn the licence.
    pub const WITHDRAWN: &str = "license-withdrawn";
    /// Its time, or that of the organisation, is over.
    pub const EXPIRED: &str = "license-expired";
}

/// The paths below the base URL, which ends with a slash.
pub mod path {
    /// POST: [`SyncRequest`](super::SyncRequest), [`SyncReply`](super::SyncReply).
    pub const SYNC: &str = "fetch2";
    /// POST: [`SyncRequest`](super::SyncRequest), [`ContactsReply`](super::ContactsReply).
    pub const CONTACTS: &str = "identities";
    /// POST: [`DirectoryRequest`](super::DirectoryRequest).
    pub const DIRECTORY: &str = "directory";
    /// POST: [`CheckLicenseRequest`](super::CheckLicenseRequest).
    pub const CHECK_LICENSE: &str = "check_license";
    /// GET: [`AuthToken`](super::AuthToken).
    pub const AUTH_TOKEN: &str = "auth_token";
    /// POST: [`UserPropertiesRequest`](super::UserPropertiesRequest).
    pub const USER_PROPERTIES: &str = "api-client/v1/user-properties";
    /// PUT, DELETE, POST: [`RemoteSecretCreateRequest`](super::RemoteSecretCreateRequest) and so
    /// on.
    pub const REMOTE_SECRET: &str = "api-client/v1/remote-secret";
    /// POST, two rounds: [`UpdateWorkInfoRequest`](super::UpdateWorkInfoRequest).
    pub const UPDATE_WORK_INFO: &str = "identity/update_work_info";
    /// GET, followed by the organisation and `/light` or `/dark`: a picture.
    pub const LOGO: &str = "logo/";
    /// POST: [`ActivateRequest`](crate::api::license::ActivateRequest),
    /// [`ActivateReply`](crate::api::license::ActivateReply).
    pub const ACTIVATE: &str = "activate";
}

/// The user name and password of a licence. They do not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Asks for everything the organisation has for this user, or only for contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// The licence.
    #[serde(flatten)]
    pub credentials: Credentials,
    /// All contacts of the user: those of the same organisation come back.
    #[serde(default, deserialize_with = "identities_only")]
    pub contacts: Vec<Identity>,
}

/// What is no identity cannot be a colleague; it must not cost the whole synchronisation.
fn identities_only<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Identity>, D::Error> {
    let values = Option::<Vec<serde_json::Value>>::deserialize(deserializer)?.unwrap_or_default();
    let identity = |value: serde_json::Value| value.as_str().and_then(|text| text.parse().ok());
    Ok(values.into_iter().filter_map(identity).collect())
}

/// The answer to `fetch2`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncReply {
    /// Seconds until the client asks again; zero keeps its interval.
    #[serde(default)]
    pub check_interval: u32,
    /// The organisation.
    #[serde(default)]
    pub org: Organisation,
    /// Pictures for the app.
    #[serde(default)]
    pub logo: Logos,
    /// Where users find help.
    #[serde(default)]
    pub support: Option<String>,
    /// The organisation's directory.
    #[serde(default)]
    pub directory: DirectorySettings,
    /// The app configuration.
    #[serde(default)]
    pub mdm: Configuration,
    /// The contacts of the request that are colleagues, and those everybody gets.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// The server's clock, milliseconds since 1970.
    #[serde(default)]
    pub time: u64,
}

/// An organisation, as its users see it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Organisation {
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
}

/// URLs of PNG pictures.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Logos {
    /// For light surroundings.
    #[serde(default)]
    pub light: Option<String>,
    /// For dark ones.
    #[serde(default)]
    pub dark: Option<String>,
}

/// Whether users may search for colleagues, and by which categories.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DirectorySettings {
    /// May they?
    #[serde(default)]
    pub enabled: bool,
    /// The names of categories by their ids.
    #[serde(default, rename = "cat")]
    pub categories: std::collections::BTreeMap<String, String>,
}

/// The app configuration of the server.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Configuration {
    /// Do these values win over those of the device's own management?
    #[serde(rename = "override", default)]
    pub is_override: bool,
    /// The values, as they are on the wire. See [`Configuration::parameters`].
    #[serde(default)]
    pub params: WireParameters,
}

impl Configuration {
    /// The values that count, and those that do not.
    pub fn parameters(&self, has_remote_secret: bool) -> (Parameters, Vec<Dropped>) {
        Parameters::from_server(&self.params, has_remote_secret)
    }
}

/// A colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The identity.
    pub id: Identity,
    /// The public key.
    #[serde(rename = "pk", with = "text::public_key")]
    pub public_key: PublicKey,
    /// The first name, or empty.
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub first: String,
    /// The last name, or empty.
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub last: String,
    /// The job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// The department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Whether they are at work: the bytes of an [`Availability`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Base64>,
}

fn text_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

/// The answer to `identities`. One reader wants the list alone, see [`ContactsReply::bare`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactsReply {
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// The server's clock, milliseconds since 1970.
    pub time: u64,
}

impl ContactsReply {
    /// What the one reader that decodes a bare list gets.
    pub fn bare(&self) -> &[Contact] {
        &self.contacts
    }
}

impl<'de> Deserialize<'de> for ContactsReply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Bare(Vec<Contact>),
            Whole {
                contacts: Vec<Contact>,
                #[serde(default)]
                time: u64,
            },
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Bare(contacts) => Self { contacts, time: 0 },
            Either::Whole { contacts, time } => Self { contacts, time },
        })
    }
}

/// Asks whether a licence is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckLicenseRequest {
    /// The licence.
    #[serde(flatten)]
    pub license: super::directory::License,
    /// The app's client-info.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
}

/// What comes with "the licence is good".
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckLicenseReply {
    /// There is a newer version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_message: Option<String>,
    /// It is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_url: Option<String>,
}

/// What opens blobs, backups and pictures of a closed instance: `Authorization: Token …`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthToken {
    /// The token.
    pub auth_token: String,
}

impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(..)")
    }
}

#[cfg(test)]
mod tests;
