//! The apps in the browser: files, the HTTP interface for clients and the chat protocol, one origin
//! per edition and nothing from anywhere else.
//!
//! There is no CORS here on purpose: each app speaks with its own origin only, and a page of
//! another origin cannot read an answer.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use dreiklang_wire::csp::edition::Edition;

use crate::app::App;
use crate::config::web;
use crate::edge::api;
use crate::edge::csp::Gate;

mod carrier;
mod chat;
mod described;
mod files;
mod headers;

pub use described::Described;
pub use files::{Error, Files, Shelf};

/// What one edition is served with.
pub struct Site {
    /// The edition.
    pub edition: Edition,
    /// Its origin, as browsers write it.
    pub origin: String,
    /// Its files.
    pub files: Files,
    /// What it is told about the instance.
    pub described: Described,
    /// Who may try to log in; the one of the chat server.
    pub gate: Gate,
}

/// What the handlers share.
struct Door {
    app: Arc<App>,
    site: Site,
    policy: HeaderValue,
}

/// Every route of the door of an edition.
pub fn router(app: &Arc<App>, site: Site) -> anyhow::Result<Router> {
    let policy = headers::policy(app.config.web.map_origin())?;
    let door = Arc::new(Door {
        app: Arc::clone(app),
        site,
        policy,
    });
    Ok(Router::new()
        .route("/instance.json", get(described::instance))
        .route("/web.json", get(described::web))
        .route("/chat", get(chat::chat))
        .fallback(files::file)
        .with_state(Arc::clone(&door))
        .nest("/api", api::client(app))
        .layer(middleware::from_fn_with_state(door, finish)))
}

/// Counts an answer and gives it the headers that all of them have.
async fn finish(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    metrics::counter!(
        "web_requests_total", "edition" => web::name(door.site.edition),
        "status" => response.status().as_str().to_owned()
    )
    .increment(1);
    headers::finish(response.headers_mut(), &door.policy);
    response
}
