//! `POST identity/match_token`: a token that allows the caller to look for contacts for a day.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::{BASE64, Call};

/// Two steps.
pub async fn match_token(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    match step_of_identity(app, call, "identity/match_token").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            let token = app.contact_match.token(identity, app.clock.uptime());
            let body = serde_json::json!({
                "success": true, "matchToken": BASE64.encode(token),
            });
            Ok(json(StatusCode::OK, &body))
        }
    }
}
