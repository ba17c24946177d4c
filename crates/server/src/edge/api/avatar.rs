//! `GET avatar/{identity}`: the picture of a service identity.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer::Refusal;
use super::texts::{Language, Text};

/// No service identity has a picture here, which apps understand as such (protocol.md A6). The
/// address exists because the provisioning file must name one.
pub async fn avatar(headers: HeaderMap) -> Response {
    Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress).in_language(Language::of(&headers))
}
