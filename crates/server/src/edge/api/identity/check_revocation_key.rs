//! `POST identity/check_revocation_key`: whether the caller has set a revocation key.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::api::directory::time_with_offset;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::directory;

/// Two steps. Clients send no `revocationKey`, whatever the published schema says (protocol.md
/// D27).
pub async fn check_revocation_key(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    match step_of_identity(app, call, "identity/check_revocation_key").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            let key = directory::revocation_key(app, identity)
                .await
                .map_err(Refusal::of)?;
            let mut body = serde_json::json!({
                "success": true, "revocationKeySet": key.set_at.is_some(),
            });
            if let Some(at) = key.set_at {
                let seconds = u32::try_from(at.seconds()).unwrap_or(u32::MAX);
                body["lastChanged"] = time_with_offset(seconds).into();
            }
            Ok(json(StatusCode::OK, &body))
        }
    }
}
