//! `POST identity/revoke`: the caller revokes the own identity for ever.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::service::directory;

/// Two steps.
pub async fn revoke(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &Arc<App>, call: &Call) -> Result<Response, Refusal> {
    match step_of_identity(app, call, "identity/revoke").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            directory::revoke(app, identity)
                .await
                .map_err(Refusal::of)?;
            Ok(success())
        }
    }
}
