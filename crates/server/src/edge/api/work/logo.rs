//! `GET logo/{org}/{variant}`: the picture that apps of an organisation show.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dreiklang_store::{LogoVariant, OrgId};

use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::texts::{Language, Text};
use crate::error::Error;
use crate::service::orgs;

/// 404 if there is none.
pub async fn logo(
    State(app): State<Arc<App>>,
    Path((org, variant)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    let variant = match variant.as_str() {
        "light" => Some(LogoVariant::Light),
        "dark" => Some(LogoVariant::Dark),
        _ => None,
    };
    let (Ok(org), Some(variant)) = (org.parse::<OrgId>(), variant) else {
        return missing(language);
    };
    match orgs::logo(&app, org, variant).await {
        Ok(Some(logo)) => {
            let mut response = logo.bytes.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
            // A changed logo has another address.
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, max-age=86400"),
            );
            // It is a picture and nothing else, whatever a browser finds in it.
            headers.insert(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            );
            response
        }
        Ok(None) | Err(Error::NotFound) => missing(language),
        Err(error) => Refusal::of(error).in_language(language),
    }
}

fn missing(language: Language) -> Response {
    Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress).in_language(language)
}
