//! `POST identity/link_email`: which e-mail address belongs to the caller's identity.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use dreiklang_store::LinkKind;

use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::link::{Linking, rounds, text_of};
use crate::edge::api::texts::{LinkText, Text};
use crate::service::links::Address;

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
    let linking = rounds(app, call, "identity/link_email", LinkKind::Email, address);
    Ok(match linking.await? {
        Linking::Answered(answer) => answer,
        Linking::Started(_) => success(),
    })
}
