//! What scripts read about organisations, backups and links.

use std::collections::BTreeMap;

use crate::engine::{self, DirectoryPage, DirectoryPerson, Timestamp, WorkCategory};
use crate::mdm::{Origin, Value};
use crate::view::{self, SafeFault};
use serde::Serialize;
use ts_rs::TS;

/// What is set.
#[derive(Serialize, TS)]
pub struct Policy {
    #[ts(as = "BTreeMap<String, Set>")]
    parameters: BTreeMap<&'static str, Set>,
}

#[derive(Serialize, TS)]
#[ts(rename = "PolicyValue")]
struct Set {
    #[ts(type = "string | number | boolean")]
    value: Value,
    #[ts(type = "\"device\" | \"organisation\"")]
    origin: &'static str,
}

impl Policy {
    /// The parameters that hold a password are named, not shown.
    pub fn new(policy: &view::Policy) -> Self {
        let shown = |name: &str, value: &Value| {
            if name.ends_with("_password") {
                Value::Text("…".to_owned())
            } else {
                value.clone()
            }
        };
        let parameters = policy
            .iter()
            .map(|(parameter, value, origin)| {
                let name = parameter.name();
                let value = shown(name, value);
                let origin = match origin {
                    Origin::Device => "device",
                    Origin::Server => "organisation",
                };
                (name, Set { value, origin })
            })
            .collect();
        Self { parameters }
    }

    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// Name, value as JSON, and origin.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, String, &'static str)> {
        self.parameters
            .iter()
            .map(|(name, set)| (*name, set.value.to_json(), set.origin))
    }
}

/// The organisation, and how the app stands with it.
#[derive(Serialize, TS)]
pub struct Work {
    organisation: String,
    support_url: String,
    username: String,
    is_licensed: bool,
    locked: Option<String>,
    displaced: Option<String>,
    /// Whether another app uses the identity; else the organisation has let go of it.
    is_elsewhere: bool,
    needs_credentials: bool,
    has_directory: bool,
    categories: BTreeMap<String, String>,
}

impl Work {
    pub fn new(organisation: &view::Organisation, standing: &view::Standing) -> Self {
        Self {
            organisation: organisation.name.clone(),
            support_url: organisation.support_url.clone(),
            username: standing.username.clone(),
            is_licensed: standing.is_licensed,
            locked: standing.locked.clone(),
            displaced: standing.displaced.clone(),
            is_elsewhere: standing.is_elsewhere,
            needs_credentials: standing.needs_credentials,
            has_directory: organisation.has_directory,
            categories: organisation.categories.clone(),
        }
    }
}

/// Whether somebody is at work, and what they say about it.
#[derive(Serialize, TS)]
pub struct Availability {
    #[ts(type = "\"none\" | \"busy\" | \"unavailable\"")]
    status: &'static str,
    text: String,
}

impl From<&engine::Availability> for Availability {
    fn from(it: &engine::Availability) -> Self {
        Self {
            status: match it.category {
                WorkCategory::None => "none",
                WorkCategory::Unavailable => "unavailable",
                WorkCategory::Busy => "busy",
            },
            text: it.description.clone(),
        }
    }
}

/// A page of the directory.
#[derive(Serialize, TS)]
pub struct Directory {
    people: Vec<Person>,
    total: u64,
    next_page: Option<u32>,
}

#[derive(Serialize, TS)]
#[ts(rename = "DirectoryPerson")]
struct Person {
    identity: String,
    first_name: String,
    last_name: String,
    job_title: String,
    department: String,
    csi: String,
    categories: Vec<String>,
    availability: Availability,
}

impl Directory {
    pub fn new(page: &DirectoryPage) -> Self {
        let person = |person: &DirectoryPerson| Person {
            identity: person.identity.to_string(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            job_title: person.job_title.clone(),
            department: person.department.clone(),
            csi: person.csi.clone(),
            categories: person.categories.clone(),
            availability: Availability::from(&person.availability),
        };
        Self {
            people: page.people.iter().map(person).collect(),
            total: page.total,
            next_page: page.next_page,
        }
    }
}

/// What is linked.
#[derive(Serialize, TS)]
pub struct Links {
    email: Link,
    phone: Link,
}

#[derive(Serialize, TS)]
#[ts(rename = "LinkState")]
struct Link {
    #[ts(type = "\"none\" | \"waiting\" | \"linked\"")]
    state: &'static str,
    address: Option<String>,
}

impl From<&view::Links> for Links {
    fn from(links: &view::Links) -> Self {
        let link = |link: &view::Link| match link {
            view::Link::None => Link {
                state: "none",
                address: None,
            },
            view::Link::Waiting(address) => Link {
                state: "waiting",
                address: Some(address.clone()),
            },
            view::Link::Linked(address) => Link {
                state: "linked",
                address: Some(address.clone()),
            },
        };
        Self {
            email: link(&links.email),
            phone: link(&links.phone),
        }
    }
}

/// How Safe stands.
#[derive(Serialize, TS)]
pub struct Safe {
    is_on: bool,
    #[serde(flatten)]
    #[ts(skip)]
    state: Option<SafeState>,
}

#[derive(Serialize, TS)]
struct SafeState {
    server: Option<String>,
    is_managed: bool,
    uploaded_at_ms: Option<u64>,
    uploaded_bytes: u64,
    #[ts(type = "\"unreachable\" | \"refused\" | \"too_large\" | \"bad_answer\" | null")]
    fault: Option<&'static str>,
    retention_days: u32,
}

impl Safe {
    pub fn new(state: Option<&view::Safe>) -> Self {
        Self {
            is_on: state.is_some(),
            state: state.map(|state| SafeState {
                server: state.server.clone(),
                is_managed: state.is_managed,
                uploaded_at_ms: state.uploaded_at.map(Timestamp::as_ms),
                uploaded_bytes: state.uploaded_bytes,
                fault: state.fault.map(|fault| match fault {
                    SafeFault::Unreachable => "unreachable",
                    SafeFault::Refused => "refused",
                    SafeFault::TooLarge => "too_large",
                    SafeFault::BadAnswer => "bad_answer",
                }),
                retention_days: state.retention_days,
            }),
        }
    }
}

/// An ID export.
#[derive(Serialize, TS)]
pub struct Exported {
    export: String,
}

impl Exported {
    pub fn new(export: &str) -> Self {
        Self {
            export: export.to_owned(),
        }
    }
}
