//! Whether the server lives and whether it can work.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::answer::json;
use crate::app::App;
use crate::service::health;

/// `GET health/live`: the process answers.
pub async fn live() -> Response {
    json(StatusCode::OK, &serde_json::json!({ "status": "live" }))
}

/// `GET health/ready`: the store takes writes.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let check = tokio::time::timeout(PATIENCE, health::ready(&app));
    if matches!(check.await, Ok(Ok(()))) {
        json(StatusCode::OK, &serde_json::json!({ "status": "ready" }))
    } else {
        json(
            StatusCode::SERVICE_UNAVAILABLE,
            &serde_json::json!({ "status": "store" }),
        )
    }
}

/// How long the store may take.
const PATIENCE: Duration = Duration::from_secs(3);
