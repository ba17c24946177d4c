//! `/logos/{logo_variant}`: the pictures of an organisation.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use dreiklang_store::LogoVariant;

use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::texts::Text;
use crate::error::Error;
use crate::service::orgs;

/// `GET`: the picture.
pub async fn show(desk: Desk) -> Outcome {
    let logo = desk.app.store.logo(desk.org()?, variant(&desk)?).await?;
    let logo = logo.ok_or_else(Fault::not_found)?;
    Ok((
        [
            (header::CONTENT_TYPE, "image/png"),
            (header::CACHE_CONTROL, "no-store"),
            // The bytes are the organisation's: no browser may take them for anything else.
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        logo.bytes,
    )
        .into_response())
}

/// `PUT`, with the PNG as the body.
pub async fn set(desk: Desk) -> Outcome {
    let (org, variant) = (desk.org()?, variant(&desk)?);
    orgs::set_logo(&desk.app, desk.actor(), org, variant, desk.body.to_vec())
        .await
        .map_err(|error| match error {
            Error::Invalid(_) => Fault::refused(Text::NoPng),
            other => Fault::of(other),
        })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE`
pub async fn delete(desk: Desk) -> Outcome {
    let (org, variant) = (desk.org()?, variant(&desk)?);
    orgs::delete_logo(&desk.app, desk.actor(), org, variant).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn variant(desk: &Desk) -> Result<LogoVariant, Fault> {
    match desk.part("logo_variant") {
        "light" => Ok(LogoVariant::Light),
        "dark" => Ok(LogoVariant::Dark),
        _ => Err(Fault::not_found()),
    }
}
