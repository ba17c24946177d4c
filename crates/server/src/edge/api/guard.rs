//! Stands before every route and lets in whom the route table names.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::routes::Access;
use crate::app::App;

/// Decides by the route's [`Access`], which handlers find among the request's extensions.
pub(super) async fn guard(
    State((_app, access)): State<(Arc<App>, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(access);
    next.run(request).await
}
