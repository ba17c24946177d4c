//! `GET blob/{id}`: the bytes of a blob, for whoever knows its id.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dreiklang_store::BlobBytes;
use futures_util::stream;

use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::texts::{Language, Text};
use crate::service::blobs;

/// No authorisation, as clients send none (protocol.md D20), and an exact length.
pub async fn download(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    let missing = || Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress).in_language(language);
    let Ok(id) = text.parse() else {
        return missing();
    };
    match blobs::open(&app, id).await {
        Ok(Some((blob, bytes))) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_LENGTH, blob.size_bytes.to_string()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ],
            body(bytes),
        )
            .into_response(),
        Ok(None) => missing(),
        Err(error) => Refusal::of(error).in_language(language),
    }
}

fn body(bytes: BlobBytes) -> Body {
    Body::from_stream(stream::try_unfold(bytes, async |mut bytes| {
        let piece = bytes.next().await?;
        Ok::<_, dreiklang_store::Error>(piece.map(|piece| (Bytes::from(piece), bytes)))
    }))
}
