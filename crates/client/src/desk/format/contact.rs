//! What scripts read about contacts.

use crate::engine::{MismatchSource, SendPolicy};
use crate::view::{self, ActivityState, VerificationLevel};
use crate::{Identity, fingerprint};
use serde::Serialize;
use ts_rs::TS;

use super::{Availability, Group, hex};

/// A contact.
#[derive(Serialize, TS)]
pub struct Contact {
    identity: String,
    name: String,
    first_name: String,
    last_name: String,
    nickname: String,
    display_name: String,
    public_key: String,
    fingerprint: String,
    #[ts(type = "\"unverified\" | \"server\" | \"verified\"")]
    verification: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    key_mismatch: Option<KeyMismatch>,
    #[ts(type = "\"active\" | \"inactive\" | \"revoked\"")]
    state: &'static str,
    is_blocked: bool,
    is_excluded: bool,
    is_work: bool,
    availability: Availability,
    #[ts(type = "\"default\" | \"on\" | \"off\"")]
    read_receipts: &'static str,
    #[ts(type = "\"default\" | \"on\" | \"off\"")]
    typing_indicators: &'static str,
    created_at_ms: u64,
}

/// Another key than the one in use, and who claims it.
#[derive(Serialize, TS)]
struct KeyMismatch {
    fingerprint: String,
    #[ts(type = "\"scan\" | \"directory\" | \"organisation\"")]
    source: &'static str,
    at_ms: u64,
}

impl From<&view::Contact> for Contact {
    fn from(contact: &view::Contact) -> Self {
        Self {
            identity: contact.identity.to_string(),
            name: contact.name.clone(),
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            nickname: contact.nickname.clone(),
            display_name: contact.display_name(),
            public_key: hex(contact.public_key.as_bytes()),
            fingerprint: fingerprint(&contact.public_key),
            verification: match contact.verification_level {
                VerificationLevel::Unverified => "unverified",
                VerificationLevel::Server | VerificationLevel::WorkServer => "server",
                VerificationLevel::Verified | VerificationLevel::WorkVerified => "verified",
            },
            key_mismatch: contact.key_mismatch.map(|mismatch| KeyMismatch {
                fingerprint: fingerprint(&mismatch.public_key),
                source: source(mismatch.source),
                at_ms: mismatch.at.as_ms(),
            }),
            state: match contact.activity_state {
                ActivityState::Active => "active",
                ActivityState::Inactive => "inactive",
                ActivityState::Invalid => "revoked",
            },
            is_blocked: contact.is_blocked,
            is_excluded: contact.is_excluded,
            is_work: contact.is_work,
            availability: Availability::from(&contact.availability),
            read_receipts: policy(contact.read_receipts),
            typing_indicators: policy(contact.typing_indicators),
            created_at_ms: contact.created_at.as_ms(),
        }
    }
}

/// Who claims another key.
pub fn source(source: MismatchSource) -> &'static str {
    match source {
        MismatchSource::Scan => "scan",
        MismatchSource::Directory => "directory",
        MismatchSource::Organisation => "organisation",
    }
}

fn policy(policy: SendPolicy) -> &'static str {
    match policy {
        SendPolicy::Default => "default",
        SendPolicy::Send => "on",
        SendPolicy::DontSend => "off",
    }
}

/// A contact that was added or changed.
#[derive(Serialize, TS)]
pub struct ContactReply {
    contact: Contact,
}

impl ContactReply {
    pub fn new(contact: &view::Contact) -> Self {
        Self {
            contact: Contact::from(contact),
        }
    }
}

/// The list of contacts.
#[derive(Serialize, TS)]
pub struct Contacts {
    contacts: Vec<Contact>,
}

impl Contacts {
    pub fn new(contacts: &[view::Contact]) -> Self {
        Self {
            contacts: contacts.iter().map(Contact::from).collect(),
        }
    }
}

/// A contact with the groups that both are in.
#[derive(Serialize, TS)]
pub struct ContactDetails {
    contact: Contact,
    groups: Vec<Group>,
}

impl ContactDetails {
    pub fn new(contact: &view::Contact, groups: &[view::Group]) -> Self {
        Self {
            contact: Contact::from(contact),
            groups: groups.iter().map(Group::from).collect(),
        }
    }
}

/// Who is kept away.
#[derive(Serialize, TS)]
pub struct Blocked {
    blocked: Vec<String>,
    excluded: Vec<String>,
}

impl Blocked {
    pub fn new(blocked: &[Identity], excluded: &[Identity]) -> Self {
        let texts = |people: &[Identity]| people.iter().map(Identity::to_string).collect();
        Self {
            blocked: texts(blocked),
            excluded: texts(excluded),
        }
    }
}

/// Who linked which of the addresses that were asked for.
#[derive(Serialize, TS)]
pub struct Matches {
    matches: Vec<Match>,
}

#[derive(Serialize, TS)]
struct Match {
    identity: String,
    /// As it was asked for.
    address: String,
}

impl Matches {
    pub fn new(found: &[(Identity, String)]) -> Self {
        let one = |(identity, address): &(Identity, String)| Match {
            identity: identity.to_string(),
            address: address.clone(),
        };
        Self {
            matches: found.iter().map(one).collect(),
        }
    }
}
