//! `/contacts`: the contact list that an organisation gives to its members.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::{Contact, ContactKind};
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::{links, paging, some};
use crate::service::contacts::{self, Wanted};

/// `GET /contacts`
pub async fn list(desk: Desk) -> Outcome {
    let (org, page) = (desk.org()?, desk.page()?);
    let category = desk
        .query("filterCategory")
        .map(|it| it.parse().map_err(|_| Fault::invalid("filterCategory")))
        .transpose()?;
    let (rows, total) = desk
        .app
        .store
        .contacts_page(org, category, page.number, page.size)
        .await?;
    let shown: Vec<_> = rows.iter().map(|it| show(&desk, it)).collect();
    let body = json!({
        "_links": links(&desk, &[("subscription", String::new())]),
        "contacts": shown,
        "paging": paging(&desk, "/contacts", page, rows.len(), total),
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET /contacts/{threema_id}`
pub async fn detail(desk: Desk) -> Outcome {
    let row = find(&desk).await?;
    Ok(answer::json(StatusCode::OK, &show(&desk, &row)))
}

/// `POST /contacts` `{"threemaId", "firstName"?, "lastName"?, "enabled"?}`
pub async fn create(desk: Desk) -> Outcome {
    let (org, fields) = (desk.org()?, desk.fields()?);
    // One program says `id` (interop.md, row 14).
    let identity = match fields.text_if("threemaId")? {
        Some(text) => text,
        None => fields.text("id").map_err(|_| Fault::missing("threemaId"))?,
    };
    let wanted = Wanted {
        identity: identity.parse().map_err(|_| Fault::invalid("threemaId"))?,
        first_name: fields.text_if("firstName")?.unwrap_or_default(),
        last_name: fields.text_if("lastName")?.unwrap_or_default(),
        is_enabled: fields.flag_if("enabled")?.unwrap_or(true),
    };
    let identity = wanted.identity;
    contacts::create(&desk.app, desk.actor(), org, wanted).await?;
    let row = desk.app.store.contact(org, identity).await?;
    let row = row.ok_or_else(Fault::not_found)?;
    Ok(answer::json(StatusCode::CREATED, &show(&desk, &row)))
}

/// `PUT /contacts/{threema_id}`; what is not named stays as it is.
pub async fn update(desk: Desk) -> Outcome {
    let (row, fields) = (find(&desk).await?, desk.fields()?);
    let wanted = Wanted {
        identity: row.identity,
        first_name: fields.text_if("firstName")?.unwrap_or(row.first_name),
        last_name: fields.text_if("lastName")?.unwrap_or(row.last_name),
        is_enabled: fields.flag_if("enabled")?.unwrap_or(row.is_enabled),
    };
    contacts::update(&desk.app, desk.actor(), desk.org()?, wanted).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /contacts/{threema_id}`
pub async fn delete(desk: Desk) -> Outcome {
    let (org, identity) = (desk.org()?, desk.identity()?);
    contacts::delete(&desk.app, desk.actor(), org, identity).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The contact in the address, if it is the organisation's.
pub(super) async fn find(desk: &Desk) -> Result<Contact, Fault> {
    let row = desk
        .app
        .store
        .contact(desk.org()?, desk.identity()?)
        .await?;
    row.ok_or_else(Fault::not_found)
}

fn show(desk: &Desk, row: &Contact) -> Value {
    let own = format!("/contacts/{}", row.identity);
    let ways = [
        ("detail", own.clone()),
        ("categories", format!("{own}/categories")),
        ("subscription", String::new()),
    ];
    json!({
        "_links": links(desk, &ways),
        "threemaId": row.identity.as_str(),
        "id": row.identity.as_str(),
        "type": if row.kind == ContactKind::Auto { "auto" } else { "custom" },
        "firstName": some(&row.first_name),
        "lastName": some(&row.last_name),
        "enabled": row.is_enabled,
    })
}
