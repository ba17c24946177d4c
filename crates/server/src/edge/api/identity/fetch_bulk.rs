//! `POST identity/fetch_bulk`: many identities at once.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::api::directory::FetchBulkReply;
use dreiklang_wire::spec;

use super::{record, shown, take_lookups};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::access::Caller;
use crate::service::directory;

/// Leaves out what does not exist or was revoked: one client knows no third state and would refuse
/// the whole answer (protocol.md D13).
pub async fn fetch_bulk(State(app): State<Arc<App>>, caller: Caller, call: Call) -> Response {
    perform(&app, &call, caller)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call, caller: Caller) -> Result<Response, Refusal> {
    let identities: Vec<_> = call
        .identities(spec::BULK_IDENTITIES_MAX)?
        .into_iter()
        .flatten()
        .collect();
    take_lookups(app, call, identities.len())?;
    let found = directory::find_many(app, identities)
        .await
        .map_err(Refusal::of)?;
    let found = shown(app, caller, found).await?;
    let identities = found.iter().flatten().map(record).collect();
    Ok(json(StatusCode::OK, &FetchBulkReply { identities }))
}
