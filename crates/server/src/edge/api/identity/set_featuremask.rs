//! `POST identity/set_featuremask`: what the caller's clients can do.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::service::directory;

/// Two steps.
pub async fn set_featuremask(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let mask = call
        .fields
        .get("featureMask")
        .and_then(Value::as_u64)
        .ok_or_else(|| Refusal::polite(Text::Malformed))?;
    match step_of_identity(app, call, "identity/set_featuremask").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            directory::set_feature_mask(app, identity, mask)
                .await
                .map_err(Refusal::of)?;
            Ok(success())
        }
    }
}
