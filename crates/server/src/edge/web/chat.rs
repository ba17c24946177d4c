//! `GET /chat`: the chat protocol in a WebSocket, through the gate of the chat server.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Door;
use super::carrier::{Carrier, MESSAGE_BYTES_MAX};
use crate::edge::csp;
use crate::edge::http::Peer;

/// Lets pages of this origin in, and nobody else's. Whoever is no browser can write any origin, and
/// has the chat server's own port: this keeps out pages that make a visitor's browser call.
pub(super) async fn chat(
    State(door): State<Arc<Door>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    if origin != Some(door.site.origin.as_bytes()) {
        metrics::counter!("web_origins_refused_total").increment(1);
        return (
            StatusCode::FORBIDDEN,
            "This address is for the page of this origin alone.\n",
        )
            .into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let Some(pass) = door.site.gate.pass(&door.app.clock, peer) else {
        metrics::counter!("chat_connections_refused_total").increment(1);
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "10")],
            "There are too many connections. Try again in a moment.\n",
        )
            .into_response();
    };
    let app = Arc::clone(&door.app);
    upgrade
        .read_buffer_size(BUFFER_BYTES)
        // Every message goes out at once; the protocol inside has gathered its frames already.
        .write_buffer_size(0)
        .max_write_buffer_size(2 * MESSAGE_BYTES_MAX)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| csp::connection(app, Carrier::new(socket), pass))
}

/// What an idle connection costs for reading.
const BUFFER_BYTES: usize = 4 * 1024;
