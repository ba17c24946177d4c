//! The directory's requests and answers: from the engine's nouns to `wire`'s bodies and back.

use std::collections::BTreeMap;

use dreiklang_crypto::{PublicKey, SecretKey};
use dreiklang_wire::{
    api::contact_match::{self, MatchReply, MatchToken},
    api::directory::{
        AccountType, Challenge, CheckReply, CreateReply, CreateRequest, Failure, FetchPrivateReply,
        FetchPrivateRequest, Identities, IdentityRecord, IdentityRequest, License as LicenseFields,
        Outcome, STORED_HERE_FORMAT, SetFeatureMaskRequest, State, StoredHere, Success, TwoPhase,
        challenge::Realm, from_json, path,
    },
    api::link::{self, LinkEmailRequest, LinkPhoneReply, LinkPhoneRequest, LinkReply},
    api::push::{self, SetPushEndpointRequest},
    api::work::{self, UpdateWorkInfoRequest},
    id::Identity,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    command::{License, Refusal},
    db::contacts::{DirectoryEntry, STATE_INVALID},
    http::HttpRequest,
};

/// A request that proves possession of the client key: the same fields in both phases.
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum ProvenRequest {
    Create(CreateRequest),
    SetFeatureMask(SetFeatureMaskRequest),
    SetPushEndpoint(SetPushEndpointRequest),
    Revoke(IdentityRequest),
    Export(IdentityRequest),
    FetchPrivate(FetchPrivateRequest),
    MatchToken(IdentityRequest),
    LinkEmail(LinkEmailRequest),
    LinkPhone(LinkPhoneRequest),
    WorkInfo(UpdateWorkInfoRequest),
}

impl ProvenRequest {
    pub(crate) fn create(public_key: PublicKey, license: Option<License>) -> Self {
        let (license_username, license_password) = license
            .map(|license| (license.username, license.password))
            .unzip();
        let license = LicenseFields {
            license_username,
            license_password,
            ..LicenseFields::default()
        };
        Self::Create(CreateRequest {
            public_key,
            license,
        })
    }

    pub(crate) fn set_feature_mask(own: Identity, mask: u64) -> Self {
        Self::SetFeatureMask(SetFeatureMaskRequest {
            identity: own,
            feature_mask: mask,
        })
    }

    pub(crate) fn set_push_endpoint(own: Identity, endpoint: String) -> Self {
        Self::SetPushEndpoint(SetPushEndpointRequest {
            identity: own,
            endpoint,
        })
    }

    pub(crate) fn revoke(own: Identity) -> Self {
        Self::Revoke(IdentityRequest { identity: own })
    }

    pub(crate) fn export(own: Identity) -> Self {
        Self::Export(IdentityRequest { identity: own })
    }

    /// The first phase.
    pub(crate) fn first(&self) -> HttpRequest {
        post(self.path(), &TwoPhase::first(self))
    }

    /// The second phase: the same fields and the proof.
    ///
    /// The proof is a MAC for this purpose only. Nothing is ever sealed for a key that the
    /// directory chose, and keys of low order do not even parse.
    pub(crate) fn second(&self, body: &[u8], secret: &SecretKey) -> Result<HttpRequest, Refusal> {
        let challenge: Challenge = success(body)?;
        let proof = challenge
            .answer(Realm::Directory, secret)
            .map_err(|_| Refusal::BadAnswer)?;
        #[cfg(feature = "planted-bugs")]
        let proof = crate::planted::answered(&challenge, secret, proof);
        Ok(post(self.path(), &TwoPhase::second(self, proof)))
    }

    fn path(&self) -> &'static str {
        match self {
            Self::Create(_) => path::CREATE,
            Self::SetFeatureMask(_) => path::SET_FEATURE_MASK,
            Self::SetPushEndpoint(_) => push::path::SET_PUSH_ENDPOINT,
            Self::Revoke(_) => path::REVOKE,
            Self::Export(_) => path::EXPORT,
            Self::FetchPrivate(_) => path::FETCH_PRIVATE,
            Self::MatchToken(_) => contact_match::path::MATCH_TOKEN,
            Self::LinkEmail(_) => link::path::LINK_EMAIL,
            Self::LinkPhone(_) => link::path::LINK_PHONE,
            Self::WorkInfo(_) => work::path::UPDATE_WORK_INFO,
        }
    }
}

/// Whose private part it was that the directory gave.
pub(crate) fn read_private(body: &[u8]) -> Result<FetchPrivateReply, Refusal> {
    let outcome: Outcome<FetchPrivateReply> = from_json(body).map_err(|_| Refusal::BadAnswer)?;
    outcome.into_result().map_err(|failure| {
        if failure.error_type.as_deref() == Some(TRANSFER_PROHIBITED) {
            Refusal::TransferProhibited(failure.error)
        } else {
            Refusal::Directory(failure.error)
        }
    })
}

/// What a match is asked with.
pub(crate) fn read_match_token(body: &[u8]) -> Result<MatchToken, Refusal> {
    success(body)
}

/// Who was found.
pub(crate) fn read_matches(body: &[u8]) -> Result<MatchReply, Refusal> {
    success(body)
}

/// How far the linking of an address is.
pub(crate) fn read_link(body: &[u8]) -> Result<LinkReply, Refusal> {
    success(body)
}

/// The name of the verification that was begun; none for an e-mail address.
pub(crate) fn read_verification(body: &[u8]) -> Result<Option<String>, Refusal> {
    let reply: LinkPhoneReply = success(body)?;
    Ok(reply.verification_id)
}

/// The document about the own identity, as it came. It may be as large as what waits for us.
pub(crate) fn read_export(body: Vec<u8>, own: Identity) -> Result<Vec<u8>, Refusal> {
    let outcome: Outcome<StoredHere> =
        serde_json::from_slice(&body).map_err(|_| Refusal::BadAnswer)?;
    let head = outcome
        .into_result()
        .map_err(|Failure { error, .. }| Refusal::Directory(error))?;
    let is_it = head.format == STORED_HERE_FORMAT && head.identity == own;
    is_it.then_some(body).ok_or(Refusal::BadAnswer)
}

/// The new identity and its server group.
pub(crate) fn read_created(body: &[u8]) -> Result<(Identity, String), Refusal> {
    let created: CreateReply = success(body)?;
    Ok((created.identity, created.server_group))
}

/// Whether it was the proof that the directory did not accept (`invalid-token`): the challenge was
/// too old or forgotten, and a fresh one may do.
pub(crate) fn is_proof_refused(body: &[u8]) -> bool {
    let Ok(Outcome::Failure(failure)) = from_json::<Outcome<Success>>(body) else {
        return false;
    };
    failure.error_type.as_deref() == Some(PROOF_REFUSED)
}

/// An answer that says no more than that it worked.
pub(crate) fn read_done(body: &[u8]) -> Result<(), Refusal> {
    let Success {} = success(body)?;
    Ok(())
}

pub(crate) fn fetch_identity(identity: Identity) -> HttpRequest {
    let path = format!("{}{identity}", path::IDENTITY);
    HttpRequest::get(path)
}

/// The answer must be about the identity that was asked for, with a key that may be used.
pub(crate) fn read_identity(body: &[u8], asked: Identity) -> Result<DirectoryEntry, Refusal> {
    if let Ok(record) = from_json::<IdentityRecord>(body) {
        return if record.identity == asked {
            Ok(entry(&record))
        } else {
            Err(Refusal::BadAnswer)
        };
    }
    // Whether it is the key that makes the answer unusable is worth telling.
    let fields: Value = from_json(body).map_err(|_| Refusal::BadAnswer)?;
    let is_about_it = fields.get("identity").and_then(Value::as_str) == Some(asked.as_str());
    let has_key = fields.get("publicKey").is_some_and(Value::is_string);
    Err(if is_about_it && has_key {
        Refusal::BadKey(asked)
    } else {
        Refusal::BadAnswer
    })
}

pub(crate) fn fetch_bulk(identities: &[Identity]) -> HttpRequest {
    post(
        path::FETCH_BULK,
        &identities.iter().copied().collect::<Identities>(),
    )
}

/// Who exists and has a key that may be used. A record that is unusable counts as missing: one bad
/// key must not stop the messages of everybody else.
pub(crate) fn read_bulk(body: &[u8]) -> Option<BTreeMap<Identity, DirectoryEntry>> {
    #[derive(Deserialize)]
    struct Records {
        identities: Vec<Value>,
    }
    let records: Records = from_json(body).ok()?;
    let entries = records
        .identities
        .into_iter()
        .filter_map(|record| serde_json::from_value(record).ok())
        .map(|record| entry(&record))
        .filter(|entry| entry.activity_state != STATE_INVALID);
    Some(entries.map(|entry| (entry.identity, entry)).collect())
}

pub(crate) fn check(identities: &[Identity]) -> HttpRequest {
    post(
        path::CHECK,
        &identities.iter().copied().collect::<Identities>(),
    )
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
    let reply: CheckReply = from_json(body).ok()?;
    if [
        reply.states.len(),
        reply.types.len(),
        reply.feature_masks.len(),
    ] != [count; 3]
    {
        return None;
    }
    let states = reply
        .states
        .into_iter()
        .zip(reply.types)
        .zip(reply.feature_masks);
    let states = states.map(|((state, account_type), feature_mask)| CheckedState {
        activity_state: state_number(state),
        identity_type: type_number(account_type),
        feature_mask,
    });
    Some(CheckAnswer {
        interval_s: reply.check_interval,
        states: states.collect(),
    })
}

fn entry(record: &IdentityRecord) -> DirectoryEntry {
    DirectoryEntry {
        identity: record.identity,
        public_key: record.public_key,
        activity_state: state_number(record.state),
        identity_type: type_number(record.account_type),
        feature_mask: record.feature_mask,
    }
}

fn state_number(state: State) -> u8 {
    match state {
        State::Active => 0,
        State::Inactive => 1,
        State::Invalid => STATE_INVALID,
    }
}

fn type_number(account_type: AccountType) -> u8 {
    match account_type {
        AccountType::Regular => 0,
        AccountType::Work => 1,
    }
}

/// Errors of the directory come with status 200.
fn success<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let outcome: Outcome<T> = from_json(body).map_err(|_| Refusal::BadAnswer)?;
    outcome
        .into_result()
        .map_err(|Failure { error, .. }| Refusal::Directory(error))
}

pub(crate) fn post(path: &str, body: &impl Serialize) -> HttpRequest {
    let body = serde_json::to_vec(body).expect("invariant: bodies of wire are JSON objects");
    HttpRequest::post(path, body)
}

/// The `errorType` of an identity that may not move to this edition of the app.
const TRANSFER_PROHIBITED: &str = "identity-transfer-prohibited";

/// The `errorType` of a proof that was not accepted.
const PROOF_REFUSED: &str = "invalid-token";
