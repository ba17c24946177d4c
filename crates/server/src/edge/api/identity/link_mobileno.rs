//! `POST identity/link_mobileno`: which telephone number belongs to the caller's identity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_store::LinkKind;

use crate::app::App;
use crate::edge::api::answer::{Refusal, json, success};
use crate::edge::api::call::Call;
use crate::edge::api::link::{Linking, refusal_of, rounds, text_of};
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
    let linking = rounds(
        app,
        call,
        "identity/link_mobileno",
        LinkKind::Phone,
        address,
    );
    Ok(match linking.await? {
        Linking::Answered(answer) => answer,
        Linking::Started(verification) => {
            let body = serde_json::json!({ "success": true, "verificationId": verification });
            json(StatusCode::OK, &body)
        }
    })
}
