//! `POST identity/match`: which identities have the addresses of the caller's contacts.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use dreiklang_wire::api::contact_match::{Match, MatchReply, MatchRequest, hash};
use serde_json::Value;

use crate::app::App;
use crate::edge::api::answer::Refusal;
use crate::edge::api::call::{BASE64, Call};
use crate::edge::api::texts::{LinkText, Text};
use crate::error::Error;
use crate::service::contact_match::{self, Question};

/// One step, with a token of `match_token`.
pub async fn match_contacts(State(app): State<Arc<App>>, call: Call) -> Response {
    let language = call.language;
    perform(&app, call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(language))
}

async fn perform(app: &App, call: Call) -> Result<Response, Refusal> {
    let malformed = || Refusal::polite(Text::Malformed);
    let peer = call.peer;
    let request: MatchRequest =
        serde_json::from_value(Value::Object(call.fields)).map_err(|_| malformed())?;
    request
        .check()
        .map_err(|_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge))?;
    let token = request.match_token.as_deref().unwrap_or_default();
    let asker = BASE64
        .decode(token)
        .ok()
        .and_then(|it| app.contact_match.bearer(&it, app.clock.uptime()))
        .ok_or_else(|| Refusal::polite(Text::Link(LinkText::NoMatchToken)))?;
    let hashes = |texts: &[String]| texts.iter().map(|it| hash(it)).collect();
    let question = Question {
        emails: hashes(&request.email_hashes),
        phones: hashes(&request.mobile_no_hashes),
        with_inactive: request.include_inactive.unwrap_or(false),
    };
    let hits = contact_match::search(app, asker, peer, question)
        .await
        .map_err(|error| match error {
            Error::Forbidden => Refusal::polite(Text::Link(LinkText::NoLinks)),
            // Revoked meanwhile: the token is worth nothing any more.
            Error::NotFound => Refusal::polite(Text::Link(LinkText::NoMatchToken)),
            other => Refusal::of(other),
        })?;
    let sent = |texts: &[String], index: Option<usize>| index.and_then(|it| texts.get(it).cloned());
    let reply = MatchReply {
        check_interval: app.config.linking.check_interval_s,
        identities: hits
            .into_iter()
            .map(|it| Match {
                identity: it.entry.identity,
                public_key: it.entry.public_key,
                email_hash: sent(&request.email_hashes, it.email),
                mobile_no_hash: sent(&request.mobile_no_hashes, it.phone),
            })
            .collect(),
    };
    Ok(padded(&reply))
}

/// The answer in steps of a few kilobytes: how many of a person's contacts are here is visible to
/// nobody on the way. White space after a JSON value means nothing.
fn padded(reply: &MatchReply) -> Response {
    let mut body = serde_json::to_vec(reply).expect("invariant: a reply is JSON");
    body.resize(body.len().next_multiple_of(STEP_BYTES), b' ');
    let mut response = Body::from(body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

const STEP_BYTES: usize = 4 * 1024;
