//! `POST blob/{id}/done`: the receiver has the blob.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::texts::Language;
use crate::service::blobs;

/// Always 204, also for unknown ids: one client accepts nothing else (protocol.md A3.4).
pub async fn done(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = text.parse() else {
        return StatusCode::NO_CONTENT.into_response();
    };
    match blobs::finish(&app, id).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => Refusal::of(error).in_language(Language::of(&headers)),
    }
}
