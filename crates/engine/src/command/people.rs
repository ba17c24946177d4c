//! Whom to look for, in an address book and in the directory of the organisation, and who was
//! found.

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{api::work::Availability, id::Identity};

/// Somebody in an address book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// What the address book calls them.
    pub name: String,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Phone numbers; those without a country code are left out.
    pub phones: Vec<String>,
}

/// What to look for in the directory of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// At least three characters of an identity or a name, or `*` for everybody in the categories.
    pub text: String,
    /// Ids of categories, see [`view::organisation`](crate::view::organisation).
    pub categories: Vec<String>,
    /// Sort by the last name instead of the first.
    pub by_last_name: bool,
    /// The page, from 0.
    pub page: u32,
}

/// A page of the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryPage {
    /// Who was found.
    pub people: Vec<DirectoryPerson>,
    /// How many there are on all pages.
    pub total: u64,
    /// The next page, if there is one.
    pub next_page: Option<u32>,
}

/// Somebody in the directory of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPerson {
    /// Their identity.
    pub identity: Identity,
    /// Their key.
    pub public_key: PublicKey,
    /// The first name; empty for none.
    pub first_name: String,
    /// The last name; empty for none.
    pub last_name: String,
    /// The job title; empty for none.
    pub job_title: String,
    /// The department; empty for none.
    pub department: String,
    /// The organisation's own mark; empty for none.
    pub csi: String,
    /// Ids of categories.
    pub categories: Vec<String>,
    /// Whether they are at work.
    pub availability: Availability,
    /// The organisation; empty for none.
    pub organisation: String,
}
