//! `POST identity/export`: everything that the server keeps about the caller's own identity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::api::directory::path;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::error::Error;
use crate::service::privacy;

/// Two steps; a few times a day.
pub async fn export(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &Arc<App>, call: &Call) -> Result<Response, Refusal> {
    match step_of_identity(app, call, path::EXPORT).await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            // The document may be as large as the queue.
            if !app.rates.exports.take(identity, 1, app.clock.uptime()) {
                return Err(Refusal::of(Error::RateLimited));
            }
            let document = privacy::export(app, identity).await;
            Ok(json(StatusCode::OK, &document.map_err(Refusal::of)?))
        }
    }
}
