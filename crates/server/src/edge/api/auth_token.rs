//! `GET auth_token`: a token for the places where the password of a licence does not belong.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer::json;
use super::caller;
use super::texts::Language;
use crate::app::App;
use crate::edge::http::Peer;
use crate::service::access::{self, Caller, Denied, Shown};

/// With the password of a licence in the head; 401 without (protocol.md A1.3). A token gives no
/// further token, or one that was stolen would never end.
pub async fn auth_token(
    State(app): State<Arc<App>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    let shown = caller::shown(&headers);
    let found = match &shown {
        Shown::Token(_) => Err(Denied::Missing),
        shown => access::caller(&app, shown, peer).await,
    };
    match found.map(Caller::license) {
        Ok(Some(license)) => {
            let token = app.tokens.issue(license, app.clock.uptime());
            json(StatusCode::OK, &serde_json::json!({ "authToken": token }))
        }
        Ok(None) => caller::refuse(Denied::Missing, Language::of(&headers)),
        Err(denied) => caller::refuse(denied, Language::of(&headers)),
    }
}
