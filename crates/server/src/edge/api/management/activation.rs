//! `POST /credentials/{id}/activation`: a link and a QR code that let one person in once.

use axum::http::StatusCode;
use serde_json::json;

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::time;
use super::texts::Text;
use crate::error::Error;
use crate::service::activations;

/// Answers with the link, the code as SVG, and how long both are good.
pub async fn create(desk: Desk) -> Outcome {
    let row = super::credentials::find(&desk).await?;
    let made = activations::create(&desk.app, desk.actor(), row.org, row.id)
        .await
        .map_err(|error| match error {
            Error::Conflict => Fault::refused(Text::SharedCredential),
            other => Fault::of(other),
        })?;
    let body = json!({
        "link": made.link,
        "token": made.token,
        "username": row.username,
        "qrSvg": activations::svg(&made.link)?,
        "expiresAt": time(made.expires_at),
    });
    Ok(answer::json(StatusCode::CREATED, &body))
}
