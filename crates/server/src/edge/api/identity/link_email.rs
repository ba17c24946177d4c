//! `POST identity/link_email`: which e-mail address belongs to the caller's identity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_store::LinkKind;
use dreiklang_wire::api::link::LinkReply;

use super::{Round, round_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json, success};
use crate::edge::api::call::Call;
use crate::edge::api::link::{refusal_of, text_of, wish};
use crate::edge::api::texts::{LinkText, Text};
use crate::service::links::{self, Address};

/// Two rounds; the first also tells whether the address is linked already. An empty address removes
/// the link (protocol.md A1.3).
pub async fn link_email(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let email = text_of(call, "email")?;
    let address = match email.trim() {
        "" => None,
        written => Some(
            Address::email(written)
                .ok_or_else(|| Refusal::polite(Text::Link(LinkText::NoEmail)))?,
        ),
    };
    let (round, identity) = round_of_identity(app, call, "identity/link_email").await?;
    match (round, address) {
        (Round::Asked(challenge), None) => {
            Ok(json(StatusCode::OK, &LinkReply::Challenged(challenge)))
        }
        (Round::Asked(challenge), Some(address)) => {
            if links::is_linked(app, identity, &address)
                .await
                .map_err(Refusal::of)?
            {
                return Ok(json(StatusCode::OK, &LinkReply::Linked));
            }
            links::offer(app, &address).map_err(refusal_of)?;
            Ok(json(StatusCode::OK, &LinkReply::Challenged(challenge)))
        }
        (Round::Proven, None) => {
            links::unlink(app, identity, LinkKind::Email)
                .await
                .map_err(Refusal::of)?;
            Ok(success())
        }
        (Round::Proven, Some(address)) => {
            links::start(app, identity, address, wish(call))
                .await
                .map_err(refusal_of)?;
            Ok(success())
        }
    }
}
