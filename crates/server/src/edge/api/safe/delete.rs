//! `DELETE safe/backups/{id}`: the end of a backup.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{check, id, refusal_of};
use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::call::peer;
use crate::edge::api::texts::Language;
use crate::service::safe_backups;

/// 204; 404 if there is none, which apps take for done.
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    request: Request,
) -> Response {
    let language = Language::of(request.headers());
    let peer = peer(&request);
    let (head, _) = request.into_parts();
    perform(&app, peer, &text, &head.headers)
        .await
        .unwrap_or_else(|it| it.in_language(language))
}

async fn perform(
    app: &App,
    peer: IpAddr,
    text: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    check(app, headers)?;
    safe_backups::delete(app, peer, id(text)?)
        .await
        .map_err(refusal_of)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
