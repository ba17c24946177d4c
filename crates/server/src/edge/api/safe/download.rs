//! `GET` and `HEAD safe/backups/{id}`: a backup, for whoever knows its id.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};

use super::{OCTETS, check, check_accept, id, refusal_of};
use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::call::peer;
use crate::edge::api::texts::Language;
use crate::service::safe_backups;

/// The bytes with their exact length; for `HEAD` the length alone.
pub async fn download(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    request: Request,
) -> Response {
    let language = Language::of(request.headers());
    let peer = peer(&request);
    let (head, _) = request.into_parts();
    perform(&app, peer, &text, &head)
        .await
        .unwrap_or_else(|it| it.in_language(language))
}

async fn perform(app: &App, peer: IpAddr, text: &str, head: &Parts) -> Result<Response, Refusal> {
    check(app, &head.headers)?;
    // Whoever only asks whether there is a backup takes no bytes of any type.
    if head.method != Method::HEAD {
        check_accept(&head.headers, OCTETS)?;
    }
    let bytes = safe_backups::find(app, peer, id(text)?)
        .await
        .map_err(refusal_of)?;
    Ok((
        [
            (header::CONTENT_TYPE, OCTETS),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        bytes,
    )
        .into_response())
}
