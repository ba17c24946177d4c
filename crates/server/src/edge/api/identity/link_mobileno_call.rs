//! `POST identity/link_mobileno_call`: reads the code out when the short message did not come.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::link::{refusal_of, text_of};
use crate::service::links;

/// One step: who has the verification id has proven the rest before.
pub async fn link_mobileno_call(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    links::call(app, text_of(call, "verificationId")?)
        .await
        .map_err(refusal_of)?;
    Ok(success())
}
