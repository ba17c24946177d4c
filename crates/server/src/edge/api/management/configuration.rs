//! `/mdm`, `/credentials/{id}/mdm` and `/mdm-bulk`: what apps are told to do.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::{CredentialFilter, CredentialId};
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::{links, of_credential, paging};
use crate::service::parameters::{self, Level, Refused, Setting};

/// `GET /mdm`
pub async fn list(desk: Desk) -> Outcome {
    let level = level(&desk);
    let parameters = shown(&desk, level).await?;
    let body = json!({
        "_links": links(&desk, &[("subscription", String::new())]),
        "parameters": parameters,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /mdm` `{"property", "value"}`
pub async fn create(desk: Desk) -> Outcome {
    let level = level(&desk);
    store(&desk, level, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /mdm/{property_id}`
pub async fn detail(desk: Desk) -> Outcome {
    let level = level(&desk);
    let name = desk.part("property_id").to_owned();
    let value = value(&desk, level, &name).await?;
    let ways = [("detail", format!("/mdm/{name}"))];
    let body = json!({
        "_links": links(&desk, &ways), "id": name, "name": name, "value": value,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `PUT /mdm/{property_id}` `{"value"}`
pub async fn update(desk: Desk) -> Outcome {
    let level = level(&desk);
    update_at(&desk, level, "").await
}

/// `DELETE /mdm/{property_id}`
pub async fn delete(desk: Desk) -> Outcome {
    let level = level(&desk);
    parameters::unset(&desk.app, desk.actor(), level, desk.part("property_id")).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /credentials/{id}/mdm`
pub async fn list_of_credential(desk: Desk) -> Outcome {
    let (level, own) = of(&desk).await?;
    let parameters = shown(&desk, level).await?;
    let body = json!({
        "_links": links(&desk, &[("credential", own)]),
        "parameters": parameters,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /credentials/{id}/mdm` `{"property", "value"}`
pub async fn create_of_credential(desk: Desk) -> Outcome {
    let (level, _) = of(&desk).await?;
    store(&desk, level, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /credentials/{id}/mdm/{property_id}`
pub async fn detail_of_credential(desk: Desk) -> Outcome {
    let (level, own) = of(&desk).await?;
    let name = desk.part("property_id").to_owned();
    let value = value(&desk, level, &name).await?;
    let ways = [("detail", format!("{own}/mdm/{name}")), ("credential", own)];
    let body = json!({ "_links": links(&desk, &ways), "name": name, "value": value });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `PUT /credentials/{id}/mdm/{property_id}` `{"value"}`
pub async fn update_of_credential(desk: Desk) -> Outcome {
    let (level, own) = of(&desk).await?;
    update_at(&desk, level, &own).await
}

/// `DELETE /credentials/{id}/mdm/{property_id}`
pub async fn delete_of_credential(desk: Desk) -> Outcome {
    let (level, _) = of(&desk).await?;
    parameters::unset(&desk.app, desk.actor(), level, desk.part("property_id")).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /mdm-bulk`: every credential with its own parameters.
pub async fn list_bulk(desk: Desk) -> Outcome {
    let (org, page) = (desk.org()?, desk.page()?);
    let filter = CredentialFilter::default();
    let (rows, total) = desk
        .app
        .store
        .credentials_page(org, filter, page.number, page.size)
        .await?;
    let mut credentials = Vec::with_capacity(rows.len());
    for row in &rows {
        let level = Level::Credential(org, row.id);
        credentials.push(json!({
            "_links": links(&desk, &[("credential", of_credential(row.id))]),
            "id": row.id.to_string(),
            "parameters": shown(&desk, level).await?,
        }));
    }
    let body = json!({
        "_links": links(&desk, &[("subscription", String::new())]),
        "credentials": credentials,
        "paging": paging(&desk, "/mdm-bulk", page, rows.len(), total),
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /mdm-bulk` `{"credentials": [{"id", "parameters": [{"name", "value"}]}]}`: everything or
/// nothing.
pub async fn update_bulk(desk: Desk) -> Outcome {
    let (org, fields) = (desk.org()?, desk.fields()?);
    let list = fields.0.get("credentials").and_then(Value::as_array);
    let list = list.ok_or_else(|| unprocessable(Fault::missing("credentials")))?;
    let mut changes = Vec::new();
    for entry in list {
        let id: Option<CredentialId> = entry["id"].as_str().and_then(|it| it.parse().ok());
        let parameters = entry["parameters"].as_array();
        let (Some(id), Some(parameters)) = (id, parameters) else {
            return Err(unprocessable(Fault::invalid("credentials")));
        };
        for parameter in parameters {
            let name = parameter["name"].as_str();
            let name = name.ok_or_else(|| unprocessable(Fault::missing("name")))?;
            changes.push(Setting {
                level: Level::Credential(org, id),
                name: name.to_owned(),
                value: parameter["value"].clone(),
            });
        }
    }
    parameters::set(&desk.app, desk.actor(), changes)
        .await
        .map_err(of_parameter)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The organisation, or the whole instance if the operator names none.
fn level(desk: &Desk) -> Level {
    desk.org().map_or(Level::Instance, Level::Org)
}

/// The level of the credential in the address, if it is the organisation's, and its path.
async fn of(desk: &Desk) -> Result<(Level, String), Fault> {
    let row = super::credentials::find(desk).await?;
    Ok((Level::Credential(row.org, row.id), of_credential(row.id)))
}

/// Sets what the body names, or `name`; gives the name.
async fn store(desk: &Desk, level: Level, name: Option<&str>) -> Result<(String, Value), Fault> {
    let fields = desk.fields()?;
    let name = match name {
        Some(name) => name.to_owned(),
        None => fields.text("property").map_err(unprocessable)?,
    };
    let value = fields.0.get("value").cloned();
    let value = value.ok_or_else(|| unprocessable(Fault::missing("value")))?;
    let setting = Setting {
        level,
        name: name.clone(),
        value: value.clone(),
    };
    parameters::set(&desk.app, desk.actor(), vec![setting])
        .await
        .map_err(of_parameter)?;
    Ok((name, value))
}

async fn update_at(desk: &Desk, level: Level, own: &str) -> Outcome {
    let name = desk.part("property_id").to_owned();
    // Only what is set can be changed; so says the list of answers.
    value(desk, level, &name).await?;
    let (name, value) = store(desk, level, Some(&name)).await?;
    let ways = [("detail", format!("{own}/mdm/{name}"))];
    let body = json!({ "_links": links(desk, &ways), "name": name, "value": value });
    Ok(answer::json(StatusCode::OK, &body))
}

async fn shown(desk: &Desk, level: Level) -> Result<Vec<Value>, Fault> {
    let set = parameters::at(&desk.app, level).await?;
    let own = match level {
        Level::Org(_) | Level::Instance => String::new(),
        Level::Credential(_, id) => of_credential(id),
    };
    Ok(set
        .into_iter()
        .map(|(name, value)| {
            let ways = [("detail", format!("{own}/mdm/{name}"))];
            json!({ "_links": links(desk, &ways), "id": name, "name": name, "value": value })
        })
        .collect())
}

async fn value(desk: &Desk, level: Level, name: &str) -> Result<Value, Fault> {
    let set = parameters::at(&desk.app, level).await?;
    let found = set.into_iter().find(|(it, _)| it == name);
    found.map(|it| it.1).ok_or_else(Fault::not_found)
}

fn of_parameter(refused: Refused) -> Fault {
    match refused {
        Refused::Parameter { name, why } => unprocessable(Fault::invalid(format!("{name}: {why}"))),
        Refused::Failed(error) => Fault::of(error),
    }
}

/// These operations have a status of their own for a body that is well formed and yet wrong.
fn unprocessable(fault: Fault) -> Fault {
    fault.with_status(StatusCode::UNPROCESSABLE_ENTITY)
}
