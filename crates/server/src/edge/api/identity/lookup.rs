//! `GET identity/{identity}`: one identity.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::record;
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::texts::{Language, Text};
use crate::service::access::Caller;
use crate::service::{closed_groups, directory};

/// 404 if it does not exist, does not look like one, or was revoked.
pub async fn lookup(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    let missing =
        || Refusal::new(StatusCode::NOT_FOUND, Text::UnknownIdentity).in_language(language);
    let Ok(identity) = text.parse() else {
        return missing();
    };
    let found = async {
        let found = directory::find(&app, identity).await?;
        let is_shown = closed_groups::is_shown(&app, caller.org(), identity).await?;
        Ok(found.filter(|_| is_shown))
    };
    match found.await {
        Ok(Some(entry)) => json(StatusCode::OK, &record(&entry)),
        Ok(None) => missing(),
        Err(error) => Refusal::of(error).in_language(language),
    }
}
