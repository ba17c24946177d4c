//! `prov/…`: the signed file that tells the apps of a closed instance everything they need.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::Refusal;
use super::caller;
use super::texts::{Language, Text};
use crate::app::App;
use crate::config::InstanceKind;
use crate::edge::http::Peer;
use crate::service::access::{self, Caller, Denied, Shown};
use crate::service::licenses::Refused;
use crate::service::provisioning;

/// `GET prov/config.oppf`, with the password of a licence: 401 if it is wrong, 403 if the licence
/// is not in force (any more). Apps take both as the end of their licence (protocol.md A7.1).
pub async fn config(
    State(app): State<Arc<App>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    let shown = caller::shown(&headers);
    let found = match &shown {
        Shown::Token(_) => Err(Denied::Missing),
        shown => access::caller(&app, shown, peer).await,
    };
    match found {
        Ok(Caller::License { .. }) => file(&app, language).await,
        Ok(Caller::Anonymous) => caller::refuse(Denied::Missing, language),
        Err(Denied::License(
            refused @ (Refused::Withdrawn | Refused::Expired | Refused::OrgExpired),
        )) => Refusal::of_license(refused, StatusCode::FORBIDDEN).in_language(language),
        Err(denied) => caller::refuse(denied, language),
    }
}

/// `GET prov/config.fallback.oppf`, for everybody: apps come here without a licence and without
/// pins when no pin fits any more. The signature is what they trust.
pub async fn fallback(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    file(&app, Language::of(&headers)).await
}

async fn file(app: &Arc<App>, language: Language) -> Response {
    let missing = || Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress).in_language(language);
    if app.config.kind != InstanceKind::Closed {
        return missing();
    }
    let app = Arc::clone(app);
    // The file is small, but a disk may be slow. It is read anew so that `oppf publish` works
    // beside the running server.
    let read = tokio::task::spawn_blocking(move || provisioning::published(&app.config)).await;
    match read {
        Ok(Ok(Some(bytes))) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ],
            bytes,
        )
            .into_response(),
        Ok(Ok(None)) => missing(),
        Ok(Err(error)) => {
            tracing::error!(%error, "cannot read the provisioning file");
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Text::Unavailable).in_language(language)
        }
        Err(_) => {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Text::Unavailable).in_language(language)
        }
    }
}
