//! The directory's requests and answers, from and to the engine's nouns.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use dreiklang_crypto::{PublicKey, SecretKey, kdf};
use dreiklang_wire::{id::Identity, spec};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    command::{License, Refusal},
    db::contacts::{DirectoryEntry, STATE_INVALID},
    http::{HttpRequest, Method},
};

/// A request that proves possession of the client key: the same fields in both phases.
pub(crate) struct ProvenRequest {
    path: &'static str,
    fields: Map<String, Value>,
}

impl ProvenRequest {
    pub(crate) fn create(public_key: &PublicKey, license: Option<&License>) -> Self {
        let mut fields = Map::new();
        fields.insert(
            "publicKey".into(),
            STANDARD.encode(public_key.as_bytes()).into(),
        );
        if let Some(license) = license {
            fields.insert("licenseUsername".into(), license.username.as_str().into());
            fields.insert("licensePassword".into(), license.password.as_str().into());
        }
        Self {
            path: "identity/create",
            fields,
        }
    }

    pub(crate) fn set_feature_mask(own: Identity, mask: u64) -> Self {
        let mut fields = Map::new();
        fields.insert("identity".into(), own.as_str().into());
        fields.insert("featureMask".into(), mask.into());
        Self {
            path: "identity/set_featuremask",
            fields,
        }
    }

    pub(crate) fn revoke(own: Identity) -> Self {
        let mut fields = Map::new();
        fields.insert("identity".into(), own.as_str().into());
        Self {
            path: "identity/revoke",
            fields,
        }
    }

    /// The first phase.
    pub(crate) fn first(&self) -> HttpRequest {
        post(self.path, &Value::Object(self.fields.clone()))
    }

    /// The second phase: the same fields, the token, and the response to it.
    pub(crate) fn second(&self, body: &[u8], secret: &SecretKey) -> Result<HttpRequest, Refusal> {
        let challenge: Challenge = parse(body)?;
        let token = STANDARD
            .decode(&challenge.token)
            .map_err(|_| Refusal::BadAnswer)?;
        let key = STANDARD
            .decode(&challenge.key)
            .map_err(|_| Refusal::BadAnswer)?;
        if !(spec::CHALLENGE_TOKEN_BYTES_MIN..=spec::CHALLENGE_TOKEN_BYTES_MAX)
            .contains(&token.len())
        {
            return Err(Refusal::BadAnswer);
        }
        let key = PublicKey::try_from(key.as_slice()).map_err(|_| Refusal::BadAnswer)?;
        let response = respond(secret, &key, &token);
        let mut fields = self.fields.clone();
        fields.insert("token".into(), challenge.token.into());
        fields.insert("response".into(), STANDARD.encode(response).into());
        Ok(post(self.path, &Value::Object(fields)))
    }
}

/// protocol.md A1.2: a MAC under a key derived for this purpose only.
fn respond(secret: &SecretKey, key: &PublicKey, token: &[u8]) -> [u8; 32] {
    let shared = secret.agree(key);
    let key = kdf::blake2b(
        shared.expose(),
        spec::KDF_SALT_DIRECTORY,
        spec::KDF_PERSONAL_CSP,
        &[],
    );
    kdf::blake2b(&key, "", "", token)
}

#[derive(Deserialize)]
struct Challenge {
    token: String,
    #[serde(rename = "tokenRespKeyPub")]
    key: String,
}

/// An error of the directory comes with status 200.
pub(crate) fn check_success(body: &[u8]) -> Result<(), Refusal> {
    #[derive(Deserialize)]
    struct Answer {
        success: Option<bool>,
        error: Option<String>,
    }
    let answer: Answer = parse(body)?;
    match answer {
        Answer {
            success: Some(false),
            error,
        } => Err(Refusal::Directory(error.unwrap_or_default())),
        Answer {
            success: None,
            error: Some(error),
        } => Err(Refusal::Directory(error)),
        _ => Ok(()),
    }
}

/// The new identity and its server group.
pub(crate) fn read_created(body: &[u8]) -> Result<(Identity, String), Refusal> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Created {
        identity: Identity,
        server_group: String,
    }
    let created: Created = parse(body)?;
    Ok((created.identity, created.server_group))
}

pub(crate) fn fetch_identity(identity: Identity) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        path: format!("identity/{identity}"),
        body: Vec::new(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    identity: Identity,
    public_key: String,
    #[serde(default)]
    feature_mask: u64,
    #[serde(default)]
    state: u8,
    #[serde(default, rename = "type")]
    kind: u8,
}

impl Entry {
    fn checked(self) -> Result<DirectoryEntry, Refusal> {
        let identity = self.identity;
        let key = STANDARD
            .decode(&self.public_key)
            .map_err(|_| Refusal::BadKey(identity))?;
        Ok(DirectoryEntry {
            identity,
            public_key: PublicKey::try_from(key.as_slice())
                .map_err(|_| Refusal::BadKey(identity))?,
            activity_state: self.state.min(STATE_INVALID),
            identity_type: self.kind,
            feature_mask: self.feature_mask,
        })
    }
}

/// The answer must be about the identity that was asked for.
pub(crate) fn read_identity(body: &[u8], asked: Identity) -> Result<DirectoryEntry, Refusal> {
    let entry: Entry = parse(body)?;
    if entry.identity != asked {
        return Err(Refusal::BadAnswer);
    }
    entry.checked()
}

pub(crate) fn fetch_bulk(identities: &[Identity]) -> HttpRequest {
    post("identity/fetch_bulk", &json!({ "identities": identities }))
}

/// Who exists and has a key that may be used. An entry that is unusable is one that is missing.
pub(crate) fn read_bulk(body: &[u8]) -> Option<BTreeMap<Identity, DirectoryEntry>> {
    #[derive(Deserialize)]
    struct Bulk {
        identities: Vec<Entry>,
    }
    let bulk: Bulk = parse(body).ok()?;
    let usable = bulk
        .identities
        .into_iter()
        .filter_map(|entry| entry.checked().ok());
    Some(
        usable
            .filter(|entry| entry.activity_state < STATE_INVALID)
            .map(|entry| (entry.identity, entry))
            .collect(),
    )
}

pub(crate) fn check(identities: &[Identity]) -> HttpRequest {
    post("identity/check", &json!({ "identities": identities }))
}

/// What became of the identities asked about, in their order.
pub(crate) struct CheckAnswer {
    pub(crate) interval_s: u32,
    pub(crate) states: Vec<CheckedState>,
}

pub(crate) struct CheckedState {
    pub(crate) activity_state: u8,
    pub(crate) identity_type: u8,
    pub(crate) feature_mask: Option<u64>,
}

pub(crate) fn read_check(body: &[u8], count: usize) -> Option<CheckAnswer> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Check {
        check_interval: u32,
        states: Vec<u8>,
        types: Vec<u8>,
        feature_masks: Vec<Option<u64>>,
    }
    let check: Check = parse(body).ok()?;
    if [
        check.states.len(),
        check.types.len(),
        check.feature_masks.len(),
    ] != [count; 3]
    {
        return None;
    }
    let states = check
        .states
        .into_iter()
        .zip(check.types)
        .zip(check.feature_masks)
        .map(|((state, kind), feature_mask)| CheckedState {
            activity_state: state.min(STATE_INVALID),
            identity_type: kind,
            feature_mask,
        })
        .collect();
    Some(CheckAnswer {
        interval_s: check.check_interval,
        states,
    })
}

fn post(path: &str, body: &Value) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        path: path.to_owned(),
        body: body.to_string().into_bytes(),
    }
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::BadAnswer)
}
