//! What is in a Safe backup (safe-backup.schema.yml).
//!
//! Fields of which this version makes no use – distribution lists and the like – are kept as
//! they came and written again, so that restoring here loses nothing for another app.

use std::fmt;

use dreiklang_crypto::{PublicKey, SecretKey, Zeroizing};
use dreiklang_wire::{
    api::Base64,
    id::{GroupId, Identity},
};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::BackupFault;

const VERSION: u32 = 1;
/// More contacts or groups than this are nobody's.
const ENTRIES_MAX: usize = 50_000;

/// The whole document.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) info: Info,
    pub(crate) user: User,
    #[serde(default, deserialize_with = "those_that_can_be_read")]
    pub(crate) contacts: Vec<Contact>,
    #[serde(default, deserialize_with = "those_that_can_be_read")]
    pub(crate) groups: Vec<Group>,
    #[serde(default)]
    pub(crate) settings: Settings,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Info {
    pub(crate) version: u32,
    #[serde(default)]
    pub(crate) device: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    #[serde(rename = "privatekey")]
    pub(crate) private_key: Base64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nickname: Option<String>,
    /// `null` for nobody, `*` for everybody, else identities.
    #[serde(
        rename = "profilePicRelease",
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) picture_release: Option<Vec<Option<String>>>,
    /// A JPEG.
    #[serde(
        rename = "profilePic",
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) picture: Option<Base64>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) identity: Identity,
    #[serde(
        rename = "publickey",
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) public_key: Option<Base64>,
    #[serde(default)]
    pub(crate) created_at: Option<u64>,
    #[serde(default)]
    pub(crate) verification: u8,
    #[serde(default)]
    pub(crate) work_verified: Option<bool>,
    #[serde(default)]
    pub(crate) hidden: Option<bool>,
    #[serde(rename = "firstname", default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<String>,
    #[serde(rename = "lastname", default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nickname: Option<String>,
    #[serde(
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) read_receipts: Option<u8>,
    #[serde(
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) typing_indicators: Option<u8>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    pub(crate) creator: Identity,
    #[serde(
        rename = "groupname",
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "or_nothing")]
    pub(crate) created_at: Option<u64>,
    /// With the own identity, unless the group is left.
    #[serde(default, deserialize_with = "those_that_can_be_read")]
    pub(crate) members: Vec<Identity>,
    #[serde(default)]
    pub(crate) deleted: bool,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) sync_contacts: bool,
    #[serde(default)]
    pub(crate) block_unknown: Option<bool>,
    #[serde(default)]
    pub(crate) read_receipts: Option<bool>,
    #[serde(default)]
    pub(crate) send_typing: Option<bool>,
    #[serde(default)]
    pub(crate) blocked_contacts: Option<Vec<String>>,
    #[serde(
        default,
        deserialize_with = "or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) sync_excluded_ids: Option<Vec<String>>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// One entry that cannot be read does not cost all the others.
fn those_that_can_be_read<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let values = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    let entries = values.into_iter().take(ENTRIES_MAX);
    Ok(entries
        .filter_map(|value| serde_json::from_value(value).ok())
        .collect())
}

/// A field that cannot be read does not cost the rest: a key that is none is asked for, a choice
/// that is none was not made.
fn or_nothing<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

impl Document {
    pub(crate) fn new(device: String, secret_key: &SecretKey) -> Self {
        Self {
            info: Info {
                version: VERSION,
                device: Some(device),
            },
            user: User {
                private_key: Base64(secret_key.expose().to_vec()),
                nickname: None,
                picture_release: None,
                picture: None,
                rest: Map::new(),
            },
            contacts: Vec::new(),
            groups: Vec::new(),
            settings: Settings::default(),
            rest: Map::new(),
        }
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, BackupFault> {
        let document: Self = serde_json::from_slice(json).map_err(|_| BackupFault::Damaged)?;
        match document.info.version {
            VERSION => Ok(document),
            0 => Err(BackupFault::Damaged),
            _ => Err(BackupFault::Newer),
        }
    }

    pub(crate) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).expect("invariant: the document is a JSON object"))
    }

    pub(crate) fn secret_key(&self) -> Result<SecretKey, BackupFault> {
        let bytes = self.user.private_key.0.as_slice();
        <[u8; 32]>::try_from(bytes)
            .map(SecretKey::from_bytes)
            .map_err(|_| BackupFault::Damaged)
    }

    /// What another app may have use of later: everything but the key and what is kept elsewhere.
    pub(crate) fn carried(mut self) -> Vec<u8> {
        self.user.private_key = Base64::default();
        self.to_json().to_vec()
    }

    /// Takes over from an earlier document what this version knows nothing of.
    pub(crate) fn carry(&mut self, earlier: Self) {
        self.rest = earlier.rest;
        self.user.rest = earlier.user.rest;
        self.settings.rest = earlier.settings.rest;
        let mut rests: std::collections::BTreeMap<_, _> = earlier
            .contacts
            .into_iter()
            .map(|contact| (contact.identity, contact.rest))
            .collect();
        for contact in &mut self.contacts {
            contact.rest = rests.remove(&contact.identity).unwrap_or_default();
        }
        for group in &mut self.groups {
            let mut known = earlier.groups.iter();
            if let Some(known) = known.find(|it| (it.creator, it.id) == (group.creator, group.id)) {
                group.rest.clone_from(&known.rest);
            }
        }
    }
}

impl Contact {
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        let Base64(bytes) = self.public_key.as_ref()?;
        PublicKey::try_from(bytes.as_slice()).ok()
    }
}

/// It holds the key of the identity.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} contacts)", self.contacts.len())
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(…)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As another app writes it, with everything the schema has.
    fn foreign() -> Value {
        json!({
            "info": {"version": 1, "device": "1.0A"},
            "user": {"privatekey": Base64(vec![7; 32]), "nickname": "Max",
                "profilePicRelease": ["*"], "links": [{"type": "email", "value": "a@b.ch"}]},
            "contacts": [
                {"identity": "ECHOECHO", "publickey": Base64(vec![9; 32]), "verification": 2,
                    "createdAt": 1, "workVerified": false, "hidden": false, "firstname": "Echo",
                    "lastname": "Echo", "nickname": "e", "private": true, "readReceipts": 1,
                    "typingIndicators": 2},
                {"identity": "AAAAAAAA", "publickey": null, "firstname": null, "verification": 0},
                {"identity": "nobody"}
            ],
            "groups": [{"id": "0011223344556677", "creator": "ECHOECHO", "groupname": "Team",
                "createdAt": 5, "members": ["ECHOECHO", "nobody"], "deleted": false,
                "private": true}, {"id": "00"}],
            "distributionlists": [],
            "settings": {"syncContacts": true, "blockUnknown": null, "recentEmojis": ["x"],
                "blockedContacts": ["BBBBBBBB"]}
        })
    }

    #[test]
    fn documents_of_other_apps_are_read_and_what_is_not_known_is_kept() {
        let read = Document::from_json(foreign().to_string().as_bytes()).unwrap();
        assert_eq!(read.secret_key().unwrap().expose(), &[7; 32]);
        let [echo, other] = read.contacts.as_slice() else {
            panic!("{:?}", read.contacts)
        };
        assert_eq!(echo.first_name.as_deref(), Some("Echo"));
        assert_eq!(other.first_name, None);
        assert_eq!(
            (echo.read_receipts, echo.typing_indicators),
            (Some(1), Some(2))
        );
        assert_eq!(read.user.picture_release, Some(vec![Some("*".to_owned())]));
        assert!(echo.public_key().is_some() && other.public_key().is_none());
        assert!(read.settings.sync_contacts);

        let carried = read.clone().carried();
        assert!(
            !String::from_utf8(carried.clone())
                .unwrap()
                .contains("BwcHBw")
        );
        let mut next = Document::new("test".to_owned(), &SecretKey::from_bytes([7; 32]));
        next.contacts = vec![Contact {
            rest: Map::new(),
            ..echo.clone()
        }];
        next.groups = vec![Group {
            rest: Map::new(),
            ..read.groups[0].clone()
        }];
        next.carry(Document::from_json(&carried).unwrap());
        let json: Value = serde_json::from_slice(&next.to_json()).unwrap();
        let mut group = foreign()["groups"][0].clone();
        group["members"] = json!(["ECHOECHO"]);
        assert_eq!(json["groups"], json!([group]));
        assert_eq!(json["user"]["links"], foreign()["user"]["links"]);
        assert_eq!(json["settings"]["recentEmojis"], json!(["x"]));
        assert_eq!(json["contacts"][0]["readReceipts"], json!(1));
    }

    #[test]
    fn damage_and_later_versions_are_told_apart() {
        let with = |version: Value| {
            let mut json = foreign();
            json["info"]["version"] = version;
            Document::from_json(json.to_string().as_bytes())
        };
        assert!(with(json!(1)).is_ok());
        assert_eq!(with(json!(2)), Err(BackupFault::Newer));
        assert_eq!(with(json!(0)), Err(BackupFault::Damaged));
        assert_eq!(with(json!("1")), Err(BackupFault::Damaged));
        assert_eq!(Document::from_json(b"{"), Err(BackupFault::Damaged));
    }

    #[test]
    fn documents_do_not_print_their_key() {
        let document = Document::new("test".to_owned(), &SecretKey::from_bytes([7; 32]));
        assert_eq!(
            format!("{document:?} {:?}", document.user),
            "Document(0 contacts) User(…)"
        );
    }
}
