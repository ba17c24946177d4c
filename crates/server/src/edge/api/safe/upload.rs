//! `PUT safe/backups/{id}`: a backup, in the place of an older one.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{OCTETS, check, id, refusal_of};
use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::call::peer;
use crate::edge::api::texts::{Language, SafeText, Text};
use crate::edge::http::body;
use crate::service::access::Caller;
use crate::service::safe_backups;

/// 201 for a first upload, 204 for a later one (interop.md, row 16). A backup that did not arrive
/// whole leaves the one before it as it was.
pub async fn upload(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    request: Request,
) -> Response {
    let language = Language::of(request.headers());
    match perform(&app, &text, request).await {
        Ok(true) => StatusCode::CREATED.into_response(),
        Ok(false) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refusal.in_language(language),
    }
}

async fn perform(app: &App, text: &str, request: Request) -> Result<bool, Refusal> {
    check(app, request.headers())?;
    let id = id(text)?;
    if !is_octets(request.headers()) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, Text::Malformed));
    }
    let bytes_max = usize::try_from(app.config.safe.bytes_max).unwrap_or(usize::MAX);
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge);
    if declared_length(request.headers()).is_some_and(|it| it > bytes_max as u64) {
        return Err(too_large());
    }
    safe_backups::admit(app, peer(&request), id).map_err(refusal_of)?;
    // Who it is was found out at the door of a closed instance; elsewhere backups have no name.
    let caller = request.extensions().get::<Caller>().copied();
    let within = Duration::from_secs(app.config.api.body_timeout_s);
    let bytes = body::read(request.into_body(), bytes_max, within)
        .await
        .map_err(|refusal| match refusal {
            body::Refusal::TooLarge => too_large(),
            body::Refusal::TooSlow => Refusal::new(StatusCode::REQUEST_TIMEOUT, Text::TooSlow),
            body::Refusal::Broken => Refusal::new(StatusCode::BAD_REQUEST, Text::Malformed),
        })?;
    if bytes.is_empty() {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            Text::Safe(SafeText::EmptyBackup),
        ));
    }
    let owner = safe_backups::owner(app, caller).await.map_err(refusal_of)?;
    safe_backups::put(app, id, bytes.into(), owner)
        .await
        .map_err(refusal_of)
}

fn is_octets(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok());
    content_type
        .and_then(|it| it.split(';').next())
        .is_some_and(|it| it.trim().eq_ignore_ascii_case(OCTETS))
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
