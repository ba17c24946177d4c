//! `POST identity/set_push_endpoint`: where the caller's app in a browser can be woken.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use dreiklang_wire::spec;
use serde_json::Value;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::service::push::{self, Refused};

/// Two steps.
pub async fn set_push_endpoint(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &Arc<App>, call: &Call) -> Result<Response, Refusal> {
    let endpoint = call
        .fields
        .get("endpoint")
        .and_then(Value::as_str)
        .filter(|it| it.len() <= spec::PUSH_ENDPOINT_BYTES_MAX)
        .ok_or_else(|| Refusal::polite(Text::Malformed))?;
    match step_of_identity(app, call, "identity/set_push_endpoint").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => match push::set(app, identity, endpoint).await {
            Ok(()) => Ok(success()),
            Err(Refused::Off | Refused::Host) => Err(Refusal::polite(Text::NoPush)),
            Err(Refused::Failed(error)) => Err(Refusal::of(error)),
        },
    }
}
