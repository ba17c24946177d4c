//! `/api-keys`: keys of the organisation or, for the operator without `X-Org`, of the operator.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::{ApiKey, OrgId};
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::{links, time};
use super::texts::Text;
use crate::error::Error;
use crate::service::api_keys::{self, Networks, Rights, Wanted};

/// `GET /api-keys`: never the keys themselves, which nobody knows any more.
pub async fn list(desk: Desk) -> Outcome {
    let rows = desk.app.store.api_keys(owner(&desk)).await?;
    let shown: Vec<_> = rows.iter().map(show).collect();
    let body = json!({ "_links": links(&desk, &[]), "keys": shown });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /api-keys` `{"name", "rights", "networks"?, "expiresInDays"?}`
pub async fn create(desk: Desk) -> Outcome {
    let fields = desk.fields()?;
    let rights: Rights = fields
        .text("rights")?
        .parse()
        .map_err(|error: api_keys::rights::UnknownRight| Fault::invalid(error.to_string()))?;
    let networks: Networks = fields
        .text_if("networks")?
        .unwrap_or_default()
        .parse()
        .map_err(|error: api_keys::networks::UnknownNetwork| Fault::invalid(error.to_string()))?;
    let days = fields.number_if("expiresInDays")?.filter(|it| *it > 0);
    let wanted = Wanted {
        name: fields.text("name")?,
        rights,
        networks,
        expires_at: days.map(|it| {
            let length = it.min(DAYS_MAX) * 24 * 3600 * 1000;
            desk.app.clock.now().0.saturating_add(length)
        }),
    };
    let made = api_keys::create(&desk.app, &desk.authority, owner(&desk), wanted)
        .await
        .map_err(|error| match error {
            Error::Forbidden => Fault::new(StatusCode::FORBIDDEN, Text::MoreRights),
            other => Fault::of(other),
        })?;
    let body = json!({ "id": made.id, "key": made.key });
    Ok(answer::json(StatusCode::CREATED, &body))
}

/// `DELETE /api-keys/{id}`: revoked for ever; the row stays for the list.
pub async fn revoke(desk: Desk) -> Outcome {
    let id = desk.credential()?;
    api_keys::revoke(&desk.app, &desk.authority, owner(&desk), id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn owner(desk: &Desk) -> Option<OrgId> {
    desk.org().ok()
}

fn show(row: &ApiKey) -> Value {
    const DAY_MS: i64 = 24 * 3600 * 1000;
    json!({
        "id": row.id,
        "name": row.name,
        "rights": row.rights,
        "networks": row.networks,
        "createdAt": time(row.created_at),
        "expiresAt": time(row.expires_at.unwrap_or(0)),
        "revokedAt": time(row.revoked_at.unwrap_or(0)),
        "lastUsed": time(row.last_used_day.unwrap_or(0) * DAY_MS),
    })
}

const DAYS_MAX: i64 = 3650;
