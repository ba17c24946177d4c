//! `POST blob/upload`: one multipart part named `blob`, streamed to the store.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dreiklang_wire::api::blob::BlobQuery;
use dreiklang_wire::id::BlobId;

use super::multipart::Multipart;
use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::call::peer_of;
use crate::edge::api::texts::{Language, Text};
use crate::edge::http::body::{self, Pace, Stream};
use crate::error::Error;
use crate::service::blobs;

/// Answers exactly 200 with the bare 32 hex digits (protocol.md A3.2).
pub async fn upload(State(app): State<Arc<App>>, request: Request) -> Response {
    let language = Language::of(request.headers());
    let (parts, body) = request.into_parts();
    let pace = Pace {
        bytes_max: app.config.blob.bytes_max.saturating_add(ENVELOPE_BYTES_MAX),
        bytes_per_s_min: app.config.api.body_bytes_per_s_min,
        stall: Duration::from_secs(app.config.api.body_stall_timeout_s),
    };
    let mut stream = Stream::new(body, pace);
    match perform(&app, &parts, &mut stream).await {
        Ok(id) => (
            [(header::CACHE_CONTROL, "no-store")],
            hex::encode(id.as_bytes()),
        )
            .into_response(),
        Err(refusal) => {
            stream.leave();
            refusal.in_language(language)
        }
    }
}

async fn perform(app: &App, parts: &Parts, stream: &mut Stream) -> Result<BlobId, Refusal> {
    let bytes_max = app.config.blob.bytes_max.saturating_add(ENVELOPE_BYTES_MAX);
    if declared_length(&parts.headers).is_some_and(|length| length > bytes_max) {
        return Err(too_large());
    }
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok());
    let multipart = content_type
        .ok_or(super::multipart::Malformed)
        .and_then(Multipart::from_content_type)
        .map_err(|_| Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Text::Malformed))?;
    // What does not parse is no reason to lose a picture: unknown means not persistent.
    let query = BlobQuery::parse(parts.uri.query().unwrap_or_default()).unwrap_or_default();
    let persist = query.persist.unwrap_or(query.mirror.is_some());
    let mut upload = blobs::begin(app, peer_of(&parts.extensions), persist)
        .await
        .map_err(refusal_of)?;
    match receive(app, &mut upload, multipart, stream).await {
        Ok(()) => upload.seal().await.map_err(refusal_of),
        Err(refusal) => {
            upload.abandon().await;
            Err(refusal)
        }
    }
}

async fn receive(
    app: &App,
    upload: &mut blobs::Upload,
    mut multipart: Multipart,
    stream: &mut Stream,
) -> Result<(), Refusal> {
    let malformed = || Refusal::new(StatusCode::BAD_REQUEST, Text::Malformed);
    let mut content = Vec::new();
    loop {
        let bytes = match stream.next().await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => break,
            Err(body::Refusal::TooLarge) => return Err(too_large()),
            Err(body::Refusal::TooSlow) => {
                return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, Text::TooSlow));
            }
            Err(body::Refusal::Broken) => return Err(malformed()),
        };
        multipart
            .push(&bytes, &mut content)
            .map_err(|_| malformed())?;
        if !content.is_empty() {
            upload.append(app, &content).await.map_err(refusal_of)?;
            content.clear();
        }
    }
    if multipart.is_complete() {
        Ok(())
    } else {
        Err(malformed())
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn too_large() -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge)
}

fn refusal_of(error: Error) -> Refusal {
    match error {
        Error::Forbidden => Refusal::new(StatusCode::UNAUTHORIZED, Text::Unauthorised),
        Error::Invalid(_) => too_large(),
        other => Refusal::of(other),
    }
}

/// Bytes around the content: delimiters and the head of the part.
const ENVELOPE_BYTES_MAX: u64 = 8 * 1024;
