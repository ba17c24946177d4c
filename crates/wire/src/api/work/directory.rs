//! Searching the organisation's directory.

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Credentials, Organisation, text_or_nothing};
use crate::{
    Error, Result,
    api::{Base64, text},
    id::Identity,
    spec,
};

/// Searches the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryRequest {
    /// The licence.
    #[serde(flatten)]
    pub credentials: Credentials,
    /// Who asks.
    pub identity: Identity,
    /// What the identity or a name contains, or an asterisk for everybody of the categories.
    pub query: String,
    /// Only people of these.
    #[serde(default, deserialize_with = "list_or_nothing")]
    pub categories: Vec<String>,
    /// In which order.
    #[serde(default)]
    pub sort: Sort,
    /// The page, from zero.
    #[serde(default)]
    pub page: u32,
}

fn list_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl DirectoryRequest {
    /// A query is long enough to mean somebody, or asks for everybody of a category.
    pub fn check(&self) -> Result<()> {
        if self.query.len() > spec::DIRECTORY_QUERY_BYTES_MAX
            || self.categories.len() > spec::DIRECTORY_CATEGORIES_MAX
        {
            return Err(Error::TooLong);
        }
        let length = self.query.trim().chars().count();
        let holds = if self.is_everybody() {
            !self.categories.is_empty()
        } else {
            length >= spec::DIRECTORY_QUERY_CHARS_MIN
        };
        if holds {
            Ok(())
        } else {
            Err(Error::Malformed("directory query: too short"))
        }
    }

    /// Does it ask for everybody of the categories?
    pub fn is_everybody(&self) -> bool {
        self.query.trim() == "*"
    }
}

/// The order of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// Forwards?
    #[serde(default = "yes")]
    pub asc: bool,
    /// By what.
    #[serde(default)]
    pub by: SortBy,
}

fn yes() -> bool {
    true
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            asc: true,
            by: SortBy::default(),
        }
    }
}

/// By which name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// The first.
    FirstName,
    /// The last.
    #[default]
    LastName,
}

/// The answer to a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryReply {
    /// Where this page is.
    pub paging: Paging,
    /// Who was found.
    pub contacts: Vec<DirectoryContact>,
    /// The server's clock, milliseconds since 1970.
    #[serde(default)]
    pub time: u64,
}

/// Where a page is. One reader looks for `next` in the wrong place and then takes the page behind
/// this one, so pages are consecutive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// The length of a page.
    pub size: u32,
    /// How many were found altogether.
    pub total: u64,
    /// The next page, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
    /// The previous page, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<u32>,
}

impl Paging {
    /// The place of a page among `total` people.
    pub fn of(page: u32, size: u32, total: u64) -> Self {
        let end = u64::from(page)
            .saturating_add(1)
            .saturating_mul(size.into());
        Self {
            size,
            total,
            next: (end < total).then(|| page.saturating_add(1)),
            prev: page.checked_sub(1),
        }
    }
}

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryContact {
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
    /// Whether they are at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Base64>,
    /// The organisation's own mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csi: Option<String>,
    /// The ids of their categories.
    #[serde(default, rename = "cat", deserialize_with = "list_or_nothing")]
    pub categories: Vec<String>,
    /// The organisation.
    #[serde(default)]
    pub org: Organisation,
}
