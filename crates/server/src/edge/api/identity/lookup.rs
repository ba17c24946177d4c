//! `GET identity/{identity}`: one identity.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::record;
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::texts::{Language, Text};
use crate::service::directory;

/// 404 if it does not exist, does not look like one, or was revoked.
pub async fn lookup(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    let missing =
        || Refusal::new(StatusCode::NOT_FOUND, Text::UnknownIdentity).in_language(language);
    let Ok(identity) = text.parse() else {
        return missing();
    };
    match directory::find(&app, identity).await {
        Ok(Some(entry)) => json(StatusCode::OK, &record(&entry)),
        Ok(None) => missing(),
        Err(error) => Refusal::of(error).in_language(language),
    }
}
