//! `/identities/{threema_id}`: what the operator does for a person's rights over their data.

use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::users::confirmed;
use crate::service::privacy;

/// `GET …/export`: everything that is known about an identity.
pub async fn export(desk: Desk) -> Outcome {
    let identity = desk.identity()?;
    let everything = privacy::export(&desk.app, identity).await?;
    Ok(answer::json(StatusCode::OK, &everything))
}

/// `POST …/erase` `{"confirm": "<ID>"}`: revokes and forgets, for ever.
pub async fn erase(desk: Desk) -> Outcome {
    let identity = desk.identity()?;
    let confirm = desk.fields()?.text_if("confirm")?;
    confirmed(identity, confirm.as_deref())?;
    privacy::erase(&desk.app, desk.actor(), identity).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
