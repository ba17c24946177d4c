//! `POST check_license`, and the licence that other calls carry in their body.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::answer::{Refusal, success};
use super::call::Call;
use super::texts::Text;
use crate::app::App;
use crate::service::licenses::{self, License, Refused};

/// Whether a licence lets its app start. The answer is the same on every platform; device,
/// version and architecture are accepted and change nothing (features.md S6).
pub async fn check_license(State(app): State<Arc<App>>, call: Call) -> Response {
    let answer = match optional(&app, &call).await {
        Ok(Some(_)) => return success(),
        Ok(None) => Refusal::polite(Text::WrongLicense),
        Err(refusal) => refusal,
    };
    answer.in_language(call.language)
}

/// The licence in the fields `licenseUsername` and `licensePassword`, if there is one. Half a
/// licence is a wrong one.
pub(super) async fn optional(app: &App, call: &Call) -> Result<Option<License>, Refusal> {
    let field = |name| match call.fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(Refusal::polite(Text::Malformed)),
    };
    let (username, password) = (field("licenseUsername")?, field("licensePassword")?);
    if username.is_none() && password.is_none() {
        return Ok(None);
    }
    let checked = licenses::check(
        app,
        username.unwrap_or_default(),
        password.unwrap_or_default(),
        call.peer,
    )
    .await;
    checked
        .map(Some)
        .map_err(|refused| Refusal::of_license(refused, StatusCode::OK))
}

/// The licence in the fields `username` and `password`, which the work directory needs.
pub(super) async fn required(app: &App, call: &Call) -> Result<License, Refused> {
    let field = |name| call.fields.get(name).and_then(Value::as_str);
    let (Some(username), Some(password)) = (field("username"), field("password")) else {
        return Err(Refused::Wrong);
    };
    licenses::check(app, username, password, call.peer).await
}
