//! `POST identity/check`: the states of contacts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::api::directory::{self as body, AccountType, CheckReply};
use dreiklang_wire::spec;

use super::{kind_of, state_of, take_lookups};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::directory;

/// Lists in the order of the request; all keys are mandatory (protocol.md A1.3).
pub async fn check(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let asked = call.identities(spec::BULK_IDENTITIES_MAX)?;
    take_lookups(app, call, asked.len())?;
    let found = directory::find_aligned(app, &asked)
        .await
        .map_err(Refusal::of)?;
    let found = || found.iter().map(Option::as_ref);
    let reply = CheckReply {
        check_interval: app.config.api.check_interval_s,
        states: found()
            .map(|it| it.map_or(body::State::Invalid, state_of))
            .collect(),
        types: found()
            .map(|it| it.map_or(AccountType::Regular, kind_of))
            .collect(),
        feature_masks: found().map(|it| it.map(|it| it.feature_mask)).collect(),
    };
    Ok(json(StatusCode::OK, &reply))
}
