//! The HTTP interface for clients: one file per endpoint.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use crate::app::App;
use crate::edge::http::Peer;
use crate::redacted::Redacted;

pub mod activate;
pub mod answer;
pub mod auth_token;
pub mod avatar;
pub mod blob;
pub mod call;
pub mod caller;
mod guard;
pub mod health;
pub mod identity;
pub mod license;
pub mod link;
pub mod management;
pub mod provisioning;
pub mod routes;
pub mod safe;
pub mod texts;
pub mod work;

use answer::Refusal;
use texts::{Language, Text};

/// Every route of the door.
pub fn router(app: &Arc<App>) -> Router {
    finished(routes::routes(), app)
}

/// The routes for apps alone, for the doors of the apps in the browser.
pub fn client(app: &Arc<App>) -> Router {
    finished(routes::client(), app)
}

fn finished(routes: Vec<routes::Route>, app: &Arc<App>) -> Router {
    routes::of(routes, app)
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(Arc::clone(app), note))
        // Each endpoint limits its own body, by size and by time.
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(app))
}

/// The routes for administrators alone, for the administration socket.
pub fn management(app: &Arc<App>) -> Router {
    routes::of(management::routes(), app)
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(app))
}

async fn nothing(request: Request) -> Response {
    let language = Language::of(request.headers());
    Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress).in_language(language)
}

/// Counts and logs a request: never its body, its path only as the route.
async fn note(
    State(_app): State<Arc<App>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let route = route.map_or_else(|| "other".to_owned(), |it| it.as_str().to_owned());
    let method = request.method().clone();
    let peer = request
        .extensions()
        .get::<Peer>()
        .map(|it| it.0.to_string());
    let start = Instant::now();
    let response = next.run(request).await.into_response();
    let (status, took) = (response.status(), start.elapsed());
    metrics::counter!(
        "http_requests_total", "route" => route.clone(), "status" => status.as_str().to_owned()
    )
    .increment(1);
    metrics::histogram!("http_request_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    if status.is_server_error() || took > SLOW {
        tracing::warn!(
            http.method = %method, http.route = route, http.status = status.as_u16(),
            http.took_ms = took.as_millis(), "request"
        );
    } else {
        tracing::debug!(
            http.method = %method, http.route = route, http.status = status.as_u16(),
            http.took_ms = took.as_millis(),
            peer.address = %Redacted(peer.unwrap_or_default()), "request"
        );
    }
    response
}

/// Requests that take longer are logged: except uploads, none should.
const SLOW: Duration = Duration::from_secs(5);
