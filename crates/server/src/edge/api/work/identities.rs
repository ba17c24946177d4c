//! `POST identities`: which of some contacts are colleagues.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use dreiklang_wire::api::work::{ContactsReply, SyncRequest};
use dreiklang_wire::spec;

use super::{contact, licensed, request, time};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::service::colleagues;

/// An object; for one reader, which its `User-Agent` tells, the list alone (protocol.md A5.2).
pub async fn identities(State(app): State<Arc<App>>, headers: HeaderMap, call: Call) -> Response {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|it| it.to_str().ok());
    let wants_bare = agent.is_some_and(|it| it.to_ascii_lowercase().contains("libthreema"));
    perform(&app, &call, wants_bare)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call, wants_bare: bool) -> Result<Response, Refusal> {
    let license = licensed(app, call).await?;
    let wanted: SyncRequest = request(call)?;
    if wanted.contacts.len() > spec::BULK_IDENTITIES_MAX {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge));
    }
    let found = colleagues::among(app, license, wanted.contacts)
        .await
        .map_err(Refusal::of)?;
    let reply = ContactsReply {
        contacts: found.into_iter().map(contact).collect(),
        time: time(app),
    };
    Ok(if wants_bare {
        json(StatusCode::OK, &reply.bare())
    } else {
        json(StatusCode::OK, &reply)
    })
}
