//! Stands before every route and lets in whom the route table names.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::call::peer_of;
use super::caller;
use super::management::entrance::{Needed, enter};
use super::routes::Access;
use crate::app::App;
use crate::config::InstanceKind;
use crate::edge::http::body::{Pace, Stream};

/// Decides by the route's [`Access`], which handlers find among the request's extensions. On a
/// closed instance nothing but what is for [`Access::Anybody`] is seen without a licence.
pub(super) async fn guard(
    State((app, access)): State<(Arc<App>, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    if app.config.kind == InstanceKind::Closed && needs_license(access) {
        let peer = peer_of(request.extensions());
        match caller::admit(&app, request.headers(), peer).await {
            Ok(caller) => request.extensions_mut().insert(caller),
            Err(refusal) => {
                // A token may have run out in front of a large file: its sender must hear that.
                Stream::new(request.into_body(), pace(&app)).leave();
                return refusal;
            }
        };
    }
    request.extensions_mut().insert(access);
    match access {
        Access::ApiKey(area, verb) => enter(&app, Needed::Right(area, verb), request, next).await,
        Access::Operator(area, verb) => {
            enter(&app, Needed::Operator(area, verb), request, next).await
        }
        _ => next.run(request).await,
    }
}

/// The limits of the largest body that any route takes.
fn pace(app: &App) -> Pace {
    Pace {
        bytes_max: app.config.blob.bytes_max,
        bytes_per_s_min: app.config.api.body_bytes_per_s_min,
        stall: Duration::from_secs(app.config.api.body_stall_timeout_s),
    }
}

/// Whether a licence must be in the head of a call. Calls about the licence itself may carry it in
/// their body, which their handlers check; administrators have keys.
fn needs_license(access: Access) -> bool {
    match access {
        Access::Public | Access::Identity | Access::Token => true,
        Access::Anybody | Access::License | Access::ApiKey(..) | Access::Operator(..) => false,
    }
}
