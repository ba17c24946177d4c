//! `POST api-client/v1/user-properties`: whether a user is at work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dreiklang_wire::api::work::Availability;

use super::{Failed, Step, malformed, step};
use crate::app::App;
use crate::edge::api::call::Call;
use crate::service::members;

/// Two steps; 204 in the end.
pub async fn user_properties(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|failed| failed.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Failed> {
    let unusable = || Failed::Refused(malformed());
    let properties = call.bytes("properties").map_err(|_| unusable())?;
    // Read before it is kept for others: what cannot be read is refused.
    let availability = Availability::from_properties(&properties)
        .map_err(|_| unusable())?
        .unwrap_or_default()
        .encode()
        .map_err(|_| unusable())?;
    match step(app, call, "api-client/v1/user-properties").await? {
        Step::Asked(response) => Ok(response),
        Step::Proven(member) => {
            members::set_availability(app, member.identity, availability).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}
