//! `/credentials`: who may become a member.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::{Credential, CredentialFilter};
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Fields, Outcome};
use super::fault::Fault;
use super::format::{links, of_credential, of_user, paging, time};
use super::texts::Text;
use crate::error::Error;
use crate::service::credentials::{self, Change, Wanted};
use crate::service::members;

/// `GET /credentials`
pub async fn list(desk: Desk) -> Outcome {
    let (org, page) = (desk.org()?, desk.page()?);
    let filter = CredentialFilter {
        username: desk.query("filterUsername").unwrap_or_default().to_owned(),
        is_withdrawn: None,
    };
    let (rows, total) = desk
        .app
        .store
        .credentials_page(org, filter, page.number, page.size)
        .await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        shown.push(show(&desk, row).await?);
    }
    let body = json!({
        "_links": links(&desk, &[("subscription", String::new())]),
        "credentials": shown,
        "paging": paging(&desk, "/credentials", page, rows.len(), total),
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET /credentials/{id}`
pub async fn detail(desk: Desk) -> Outcome {
    let row = find(&desk).await?;
    Ok(answer::json(StatusCode::OK, &show(&desk, &row).await?))
}

/// `POST /credentials`
pub async fn create(desk: Desk) -> Outcome {
    let (org, fields) = (desk.org()?, desk.fields()?);
    let wanted = Wanted {
        username: fields.text("username")?,
        password: fields.text("password")?,
        // What is not locked to its first identity is for many.
        is_shared: !fields.flag_if("lock")?.unwrap_or(false),
        uses_max: number(&fields, "licenseCount")?.unwrap_or(0),
        expires_at: fields.number_if("expiresAt")?.filter(|it| *it > 0),
    };
    let id = credentials::create(&desk.app, desk.actor(), org, wanted)
        .await
        .map_err(fault)?;
    let row = desk.app.store.credential(org, id).await?;
    let row = row.ok_or_else(Fault::not_found)?;
    Ok(answer::json(StatusCode::CREATED, &show(&desk, &row).await?))
}

/// `PUT /credentials/{id}`; what is not named stays as it is.
pub async fn update(desk: Desk) -> Outcome {
    let (org, id, fields) = (desk.org()?, desk.credential()?, desk.fields()?);
    let change = Change {
        username: fields.text_if("username")?,
        password: fields.text_if("password")?,
        is_shared: fields.flag_if("lock")?.map(|is_locked| !is_locked),
        uses_max: number(&fields, "licenseCount")?,
        expires_at: fields.number_if("expiresAt")?,
    };
    credentials::change(&desk.app, desk.actor(), org, id, change)
        .await
        .map_err(fault)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /credentials/{id}`
pub async fn delete(desk: Desk) -> Outcome {
    let (org, id) = (desk.org()?, desk.credential()?);
    credentials::delete(&desk.app, desk.actor(), org, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /credentials/{id}/withdraw`: nobody gets in with it until it is restored.
pub async fn withdraw(desk: Desk) -> Outcome {
    let (org, id) = (desk.org()?, desk.credential()?);
    members::withdraw_credential(&desk.app, desk.actor(), org, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /credentials/{id}/restore`
pub async fn restore(desk: Desk) -> Outcome {
    let (org, id) = (desk.org()?, desk.credential()?);
    members::restore_credential(&desk.app, desk.actor(), org, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The credential in the address, if it is the organisation's.
pub(super) async fn find(desk: &Desk) -> Result<Credential, Fault> {
    let (org, id) = (desk.org()?, desk.credential()?);
    let row = desk.app.store.credential(org, id).await?;
    row.ok_or_else(Fault::not_found)
}

async fn show(desk: &Desk, row: &Credential) -> Result<Value, Fault> {
    let usage = if row.is_shared {
        let store = &desk.app.store;
        store.members_of_credential(row.org, row.id).await?.len()
    } else {
        usize::from(row.identity.is_some())
    };
    let own = of_credential(row.id);
    let mut ways = vec![
        ("detail", own.clone()),
        ("subscription", String::new()),
        ("mdm", format!("{own}/mdm")),
    ];
    if let Some(identity) = row.identity {
        ways.push(("user", of_user(identity)));
    }
    Ok(json!({
        "_links": links(desk, &ways),
        "id": row.id.to_string(),
        "username": row.username,
        // Only a hash is kept, so there is nothing to show.
        "password": null,
        "usage": usage,
        "hashed": true,
        "locked": !row.is_shared,
        "licenseCount": row.uses_max,
        "threemaId": row.identity.map(|it| it.to_string()),
        "withdrawnAt": time(row.withdrawn_at.unwrap_or(0)),
        "expiresAt": time(row.expires_at.unwrap_or(0)),
        "lastCheck": time(row.last_check_at.unwrap_or(0)),
        "createdAt": time(row.created_at),
    }))
}

fn number(fields: &Fields, name: &'static str) -> Result<Option<u64>, Fault> {
    let number = fields.number_if(name)?;
    Ok(number.map(|it| u64::try_from(it).unwrap_or(0)))
}

fn fault(error: Error) -> Fault {
    match error {
        Error::Conflict => Fault::refused(Text::UsernameTaken),
        other => Fault::of(other),
    }
}
