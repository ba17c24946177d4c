//! `POST activate`: a one-time token for the password of a licence.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{Refusal, json as answer};
use super::call::Call;
use super::texts::Text;
use crate::app::App;
use crate::config::InstanceKind;
use crate::error::Error;
use crate::service::activations;

/// Takes `{"token"}` and gives what an app logs in with. A second time the token is worth nothing.
pub async fn activate(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let refused = || Refusal::polite(Text::DeadActivation);
    let token = call.fields.get("token").and_then(Value::as_str);
    let token = token.ok_or_else(refused)?;
    let activated =
        activations::redeem(app, token, call.peer)
            .await
            .map_err(|error| match error {
                Error::NotFound => refused(),
                other => Refusal::of(other),
            })?;
    let is_closed = app.config.kind == InstanceKind::Closed;
    let body = json!({
        "success": true,
        "username": activated.username,
        "password": activated.password,
        "org": { "id": activated.org.to_string(), "name": activated.org_name },
        "server": app.config.public_url(None),
        "app": if is_closed { "onprem" } else { "work" },
    });
    Ok(answer(StatusCode::OK, &body))
}
