//! `/categories`, `/contact-categories/{id}` and `/contacts/{threema_id}/categories`.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::{Category, CategoryId, CategorySource};
use serde_json::{Value, json};

use super::super::answer;
use super::contacts::find as contact;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::{links, paging};
use crate::service::categories;

/// `GET /categories`
pub async fn list(desk: Desk) -> Outcome {
    let rows = desk.app.store.categories(desk.org()?).await?;
    let shown: Vec<_> = rows.iter().map(|it| show(&desk, it)).collect();
    let body = json!({
        "_links": links(&desk, &[("subscription", String::new())]),
        "categories": shown,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /categories` `{"name", "enabled"?}`
pub async fn create(desk: Desk) -> Outcome {
    let (org, fields) = (desk.org()?, desk.fields()?);
    let name = fields.text("name")?;
    let is_enabled = fields.flag_if("enabled")?.unwrap_or(true);
    let row = categories::create(&desk.app, desk.actor(), org, name, is_enabled).await?;
    Ok(answer::json(StatusCode::CREATED, &show(&desk, &row)))
}

/// `GET /categories/{id}` and, as the vendor's interface calls it, `/contact-categories/{id}`.
pub async fn detail(desk: Desk) -> Outcome {
    let row = find(&desk).await?;
    Ok(answer::json(StatusCode::OK, &show(&desk, &row)))
}

/// `PUT /categories/{id}` `{"name"?, "enabled"?}`
pub async fn update(desk: Desk) -> Outcome {
    let (row, fields) = (find(&desk).await?, desk.fields()?);
    let changed = Category {
        name: fields.text_if("name")?.unwrap_or_else(|| row.name.clone()),
        is_enabled: fields.flag_if("enabled")?.unwrap_or(row.is_enabled),
        ..row
    };
    categories::update(&desk.app, desk.actor(), changed).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /categories/{id}`
pub async fn delete(desk: Desk) -> Outcome {
    let (org, id) = (desk.org()?, id(&desk)?);
    categories::delete(&desk.app, desk.actor(), org, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /contacts/{threema_id}/categories`
pub async fn list_of_contact(desk: Desk) -> Outcome {
    let (contact, page) = (contact(&desk).await?, desk.page()?);
    let store = &desk.app.store;
    let rows = store.categories_of(contact.org, contact.identity).await?;
    let shown: Vec<_> = rows
        .iter()
        .skip(page.skipped())
        .take(page.rows())
        .map(|it| show(&desk, it))
        .collect();
    let path = format!("/contacts/{}/categories", contact.identity);
    let paging = paging(&desk, &path, page, shown.len(), rows.len() as u64);
    let body = json!({
        "_links": links(&desk, &[("contact", format!("/contacts/{}", contact.identity))]),
        "categories": shown,
        "paging": paging,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `PUT /contacts/{threema_id}/categories` `{"categories": ["<id>", …]}`: these and no others.
pub async fn set_of_contact(desk: Desk) -> Outcome {
    let (contact, fields) = (contact(&desk).await?, desk.fields()?);
    let list = fields.0.get("categories").and_then(Value::as_array);
    let list = list.ok_or_else(|| Fault::missing("categories"))?;
    let ids: Option<Vec<CategoryId>> = list
        .iter()
        .map(|it| it.as_str().and_then(|id| id.parse().ok()))
        .collect();
    let ids = ids.ok_or_else(|| Fault::invalid("categories"))?;
    let (org, identity) = (contact.org, contact.identity);
    categories::assign(&desk.app, desk.actor(), org, identity, ids).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn find(desk: &Desk) -> Result<Category, Fault> {
    let row = desk.app.store.category(desk.org()?, id(desk)?).await?;
    row.ok_or_else(Fault::not_found)
}

fn id(desk: &Desk) -> Result<CategoryId, Fault> {
    desk.part("id").parse().map_err(|_| Fault::not_found())
}

fn show(desk: &Desk, row: &Category) -> Value {
    let ways = [
        ("detail", format!("/categories/{}", row.id)),
        ("contacts", format!("/contacts?filterCategory={}", row.id)),
    ];
    json!({
        "_links": links(desk, &ways),
        "id": row.id.to_string(),
        "name": row.name,
        "source": if row.source == CategorySource::Mdm { "mdm" } else { "custom" },
        "enabled": row.is_enabled,
    })
}
