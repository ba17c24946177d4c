//! `POST identity/check`: the states of contacts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::api::directory::{self as body, AccountType, CheckReply};

use super::{kind_of, look_up_listed, state_of};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::access::Caller;

/// Lists in the order of the request; all keys are mandatory (protocol.md A1.3).
pub async fn check(State(app): State<Arc<App>>, caller: Caller, call: Call) -> Response {
    perform(&app, &call, caller)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call, caller: Caller) -> Result<Response, Refusal> {
    let found = look_up_listed(app, call, caller).await?;
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
