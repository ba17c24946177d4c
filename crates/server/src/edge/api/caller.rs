//! Who calls, from the head of a request; and what somebody is told who may not.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::answer::Refusal;
use super::call::peer_of;
use super::texts::{Language, Text};
use crate::app::App;
use crate::service::access::{self, Caller, Denied, Shown};
use crate::service::licenses::Refused;

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Response;

    /// What the guard found out already, or else what it would.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        let caller = admit(app, &parts.headers, peer_of(&parts.extensions)).await?;
        parts.extensions.insert(caller);
        Ok(caller)
    }
}

/// Lets a request in that the instance allows, and says who sent it.
pub(super) async fn admit(
    app: &App,
    headers: &HeaderMap,
    peer: IpAddr,
) -> Result<Caller, Response> {
    access::admit(app, &shown(headers), peer)
        .await
        .map_err(|denied| refuse(denied, Language::of(headers)))
}

/// What the head of a request shows.
pub(super) fn shown(headers: &HeaderMap) -> Shown {
    headers
        .get(header::AUTHORIZATION)
        .map_or(Shown::Nothing, |it| {
            it.to_str().map_or(Shown::Nonsense, Shown::read)
        })
}

/// 401, whatever the reason was: it makes clients fetch a new token or ask for the licence again
/// (protocol.md A1.1). When the licence could not be checked at all, that is said instead.
pub(super) fn refuse(denied: Denied, language: Language) -> Response {
    let text = match denied {
        Denied::Missing => Text::LicenseNeeded,
        Denied::Token => Text::TokenExpired,
        Denied::License(refused @ Refused::Unchecked(_)) => {
            return Refusal::of_license(refused, StatusCode::UNAUTHORIZED).in_language(language);
        }
        Denied::License(refused) => Text::of_license(refused),
    };
    let mut response = Refusal::new(StatusCode::UNAUTHORIZED, text).in_language(language);
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(REALM));
    response
}

const REALM: &str = "Basic realm=\"license\", charset=\"UTF-8\"";
