//! `identity/…`: the directory (directory.openapi.yml), one file per endpoint.

use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_crypto::PublicKey;
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::{
    AccountType, Challenge, FEATURE_LEVEL, IdentityRecord, Proof, State,
};
use dreiklang_wire::id::Identity;
use dreiklang_wire::spec;

use super::answer::{Refusal, json};
use super::call::Call;
use super::texts::Text;
use crate::app::App;
use crate::error::Error;
use crate::service::access::Caller;
use crate::service::challenges::Purpose;
use crate::service::closed_groups;
use crate::service::directory::{self, Entry};

pub mod check;
pub mod check_featuremask;
pub mod check_revocation_key;
pub mod create;
pub mod export;
pub mod fetch_bulk;
pub mod fetch_priv;
pub mod link_email;
pub mod link_mobileno;
pub mod link_mobileno_call;
pub mod lookup;
pub mod match_contacts;
pub mod match_token;
pub mod revoke;
pub mod set_featuremask;
pub mod set_push_endpoint;
pub mod set_revocation_key;
pub mod update_work;
pub mod ws_revoke;

/// A step of a call that needs a proof of possession (protocol.md A1.2).
pub(super) enum Step {
    /// The first: here is the challenge.
    Asked(Response),
    /// The second: the caller holds the key.
    Proven,
}

/// A round of a call that needs a proof of possession, when the answer to the first says more than
/// the challenge.
pub(super) enum Round {
    /// The first.
    Asked(Challenge),
    /// The second: the caller holds the key.
    Proven,
}

/// Takes a step towards the proof that the caller holds `key`.
pub(super) fn step(
    app: &App,
    call: &Call,
    endpoint: &'static str,
    key: &PublicKey,
) -> Result<Step, Refusal> {
    Ok(match round(app, call, endpoint, key)? {
        Round::Asked(challenge) => Step::Asked(json(StatusCode::OK, &challenge)),
        Round::Proven => Step::Proven,
    })
}

/// Like [`step`], for answers that say more than the challenge.
fn round(
    app: &App,
    call: &Call,
    endpoint: &'static str,
    key: &PublicKey,
) -> Result<Round, Refusal> {
    let now = app.clock.uptime();
    let fields = call.bound_fields();
    let purpose = Purpose {
        endpoint,
        fields: &fields,
        key,
    };
    let has = |name: &str| call.fields.contains_key(name);
    if !has("token") && !has("response") {
        let network = app.rates.network(call.peer);
        if !network.is_none_or(|it| app.rates.challenges.take(it, 1, now)) {
            return Err(Refusal::of(Error::RateLimited));
        }
        return Ok(Round::Asked(app.challenges.issue(purpose, now)));
    }
    let proof = Proof {
        token: Base64(call.bytes("token")?),
        response: Base64(call.bytes("response")?),
    };
    app.challenges
        .redeem(purpose, &proof, now)
        .map_err(Refusal::of)?;
    Ok(Round::Proven)
}

/// Like [`step`], for calls about the caller's own identity.
pub(super) async fn step_of_identity(
    app: &App,
    call: &Call,
    endpoint: &'static str,
) -> Result<(Step, Identity), Refusal> {
    let entry = own_entry(app, call).await?;
    Ok((
        step(app, call, endpoint, &entry.public_key)?,
        entry.identity,
    ))
}

/// Like [`step_of_identity`], for answers that say more than the challenge.
pub(super) async fn round_of_identity(
    app: &App,
    call: &Call,
    endpoint: &'static str,
) -> Result<(Round, Identity), Refusal> {
    let entry = own_entry(app, call).await?;
    Ok((
        round(app, call, endpoint, &entry.public_key)?,
        entry.identity,
    ))
}

async fn own_entry(app: &App, call: &Call) -> Result<Entry, Refusal> {
    let identity = call.identity("identity")?;
    directory::find(app, identity)
        .await
        .map_err(Refusal::of)?
        .ok_or_else(|| Refusal::polite(Text::UnknownIdentity))
}

/// Takes from the caller's allowance for look-ups. A single one is always free: clients cannot
/// receive a message from somebody new without it (protocol.md A1.4).
pub(super) fn take_lookups(app: &App, call: &Call, count: usize) -> Result<(), Refusal> {
    if count <= 1 {
        return Ok(());
    }
    let network = app.rates.network(call.peer);
    let now = app.clock.uptime();
    if network.is_none_or(|it| app.rates.lookups.take(it, count as u64, now)) {
        Ok(())
    } else {
        Err(Refusal::of(Error::RateLimited))
    }
}

/// What is known of the identities that a call lists, in its order; `None` for what does not exist.
async fn look_up_listed(
    app: &App,
    call: &Call,
    caller: Caller,
) -> Result<Vec<Option<Entry>>, Refusal> {
    let asked = call.identities(spec::BULK_IDENTITIES_MAX)?;
    take_lookups(app, call, asked.len())?;
    let found = directory::find_aligned(app, &asked).await;
    shown(app, caller, found.map_err(Refusal::of)?).await
}

/// Leaves out whom a closed group hides from the caller.
async fn shown(
    app: &App,
    caller: Caller,
    mut found: Vec<Option<Entry>>,
) -> Result<Vec<Option<Entry>>, Refusal> {
    for place in &mut found {
        if let Some(entry) = place {
            let is_shown = closed_groups::is_shown(app, caller.org(), entry.identity).await;
            if !is_shown.map_err(Refusal::of)? {
                *place = None;
            }
        }
    }
    Ok(found)
}

/// An identity as clients read it.
pub(super) fn record(entry: &Entry) -> IdentityRecord {
    IdentityRecord {
        identity: entry.identity,
        public_key: entry.public_key,
        feature_level: FEATURE_LEVEL,
        feature_mask: entry.feature_mask,
        state: state_of(entry),
        account_type: kind_of(entry),
    }
}

pub(super) fn state_of(entry: &Entry) -> State {
    if entry.is_active {
        State::Active
    } else {
        State::Inactive
    }
}

pub(super) fn kind_of(entry: &Entry) -> AccountType {
    if entry.is_work {
        AccountType::Work
    } else {
        AccountType::Regular
    }
}

/// One group of chat servers: clients put it into the host name (protocol.md A1.1).
pub(super) const SERVER_GROUP: &str = "01";
