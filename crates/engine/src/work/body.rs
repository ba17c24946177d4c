//! What comes from the work service (protocol.md A5), read more tolerantly than it is written: what
//! is missing or null is empty, and one unusable person does not hide the others.

use std::collections::BTreeMap;

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{
    api::{Base64, directory::from_json, work::Availability},
    id::Identity,
    mdm::WireParameters,
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Everything the organisation says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fetched {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) check_interval: u32,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) org: Org,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) logo: Logo,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) support: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) directory: DirectorySwitch,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) mdm: Mdm,
    #[serde(default, deserialize_with = "or_default")]
    contacts: Vec<Value>,
}

#[derive(Default, Deserialize)]
pub(super) struct Org {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
}

#[derive(Default, Deserialize)]
pub(super) struct Logo {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) light: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) dark: String,
}

#[derive(Default, Deserialize)]
pub(super) struct DirectorySwitch {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) enabled: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) cat: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Mdm {
    #[serde(default, rename = "override", deserialize_with = "or_default")]
    pub(super) is_override: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) params: WireParameters,
}

/// Somebody of the organisation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) id: Identity,
    pk: Base64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) first: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) last: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) job_title: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) department: String,
    #[serde(default)]
    availability: Value,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) csi: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) cat: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) org: Org,
}

#[derive(Deserialize)]
pub(super) struct Found {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) paging: Paging,
    #[serde(default, deserialize_with = "or_default")]
    contacts: Vec<Value>,
}

#[derive(Default, Deserialize)]
pub(super) struct Paging {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) total: u64,
    #[serde(default)]
    pub(super) next: Option<u32>,
}

impl Person {
    /// Whether they are at work; what cannot be read says nothing, and hides nobody.
    pub(super) fn availability(&self) -> Availability {
        let status: Option<Base64> = serde_json::from_value(self.availability.clone()).ok();
        let status = status.and_then(|status| Availability::decode(&status.0).ok());
        status.unwrap_or_default()
    }

    /// The key, if it may be used.
    pub(super) fn public_key(&self) -> Option<PublicKey> {
        PublicKey::try_from(self.pk.0.as_slice()).ok()
    }
}

impl Fetched {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        from_json(body).ok()
    }

    pub(super) fn people(&self) -> Vec<Person> {
        people(&self.contacts)
    }
}

impl Found {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        from_json(body).ok()
    }

    pub(super) fn people(&self) -> Vec<Person> {
        people(&self.contacts)
    }
}

/// The answer of `identities`: an object, or from some servers the bare list.
pub(super) fn read_identities(body: &[u8]) -> Option<Vec<Person>> {
    let json: Value = from_json(body).ok()?;
    let contacts = json.get("contacts").unwrap_or(&json).as_array()?;
    Some(people(contacts))
}

/// One unusable record must not hide the others.
fn people(records: &[Value]) -> Vec<Person> {
    records
        .iter()
        .filter_map(|record| Person::deserialize(record).ok())
        .collect()
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_null_is_empty() {
        for body in [
            "{}",
            r#"{"org":null,"logo":{"light":null},"support":null,"mdm":null,"contacts":null}"#,
            r#"{"org":{"name":null},"directory":{"enabled":null},"contacts":[{"id":"X"},7]}"#,
        ] {
            let fetched = Fetched::read(body.as_bytes()).unwrap();
            assert_eq!(
                (fetched.org.name.as_str(), fetched.support.as_str()),
                ("", "")
            );
            assert!(!fetched.directory.enabled && fetched.people().is_empty());
        }
        assert!(Fetched::read(b"7").is_none());
    }

    #[test]
    fn both_shapes_of_the_lookup_are_read() {
        let person = r#"{"id":"ECHOECHO","pk":"AAAA","first":"A"}"#;
        for body in [
            format!("[{person}]"),
            format!("{{\"contacts\":[{person}]}}"),
        ] {
            let people = read_identities(body.as_bytes()).unwrap();
            assert_eq!(people.len(), 1);
            assert!(people.iter().all(|person| person.public_key().is_none()));
        }
    }
}
