//! `GET safe/config`: what this server takes, and for how long it keeps it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use dreiklang_wire::api::safe::Config;

use super::{check, check_accept};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::texts::Language;

/// Both fields are always there: apps refuse the server otherwise (protocol.md A4).
pub async fn config(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    perform(&app, &headers).unwrap_or_else(|it| it.in_language(Language::of(&headers)))
}

fn perform(app: &App, headers: &HeaderMap) -> Result<Response, Refusal> {
    check(app, headers)?;
    check_accept(headers, "application/json")?;
    let safe = &app.config.safe;
    let body = Config {
        max_backup_bytes: safe.bytes_max.into(),
        retention_days: safe.retention_days,
    };
    Ok(json(StatusCode::OK, &body))
}
