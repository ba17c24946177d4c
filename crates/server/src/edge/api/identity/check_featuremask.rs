//! `POST identity/check_featuremask`: what contacts' clients can do.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::api::directory::FeatureMasksReply;

use super::look_up_listed;
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::access::Caller;

/// A list in the order of the request, with `null` for what does not exist.
pub async fn check_featuremask(
    State(app): State<Arc<App>>,
    caller: Caller,
    call: Call,
) -> Response {
    perform(&app, &call, caller)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call, caller: Caller) -> Result<Response, Refusal> {
    let found = look_up_listed(app, call, caller).await?;
    let feature_masks = found
        .iter()
        .map(|it| it.map(|it| it.feature_mask))
        .collect();
    Ok(json(StatusCode::OK, &FeatureMasksReply { feature_masks }))
}
