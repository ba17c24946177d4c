//! `POST identity/link_mobileno`: which telephone number belongs to the caller's identity.

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

/// Two rounds that send a code, then one that brings it back. An empty number removes the link
/// (protocol.md A1.3).
pub async fn link_mobileno(State(app): State<Arc<App>>, call: Call) -> Response {
    let done = if call.fields.contains_key("verificationId") {
        confirm(&app, &call).await
    } else {
        perform(&app, &call).await
    };
    done.unwrap_or_else(|refusal| refusal.in_language(call.language))
}

/// Whoever has the code has the number; the verification id says for which identity.
async fn confirm(app: &App, call: &Call) -> Result<Response, Refusal> {
    let verification = text_of(call, "verificationId")?;
    links::confirm_code(app, verification, text_of(call, "code")?)
        .await
        .map_err(refusal_of)?;
    Ok(success())
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let number = text_of(call, "mobileNo")?;
    let address = match number.trim() {
        "" => None,
        written => Some(
            Address::phone(written)
                .ok_or_else(|| Refusal::polite(Text::Link(LinkText::NoPhoneNumber)))?,
        ),
    };
    let (round, identity) = round_of_identity(app, call, "identity/link_mobileno").await?;
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
            links::unlink(app, identity, LinkKind::Phone)
                .await
                .map_err(Refusal::of)?;
            Ok(success())
        }
        (Round::Proven, Some(address)) => {
            let verification = links::start(app, identity, address, wish(call))
                .await
                .map_err(refusal_of)?;
            let body = serde_json::json!({ "success": true, "verificationId": verification });
            Ok(json(StatusCode::OK, &body))
        }
    }
}
