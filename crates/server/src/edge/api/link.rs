//! `link/email/{token}`: the page that a confirmation mail leads to; and what the endpoints for
//! linked addresses share.
//!
//! Scanners of mail providers open every link: looking at the page changes nothing, only its
//! button does.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use dreiklang_store::LinkKind;
use dreiklang_wire::api::link::LinkReply;
use dreiklang_wire::id::Identity;
use serde_json::Value;

use super::answer::{Refusal, json, success};
use super::call::Call;
use super::identity::{Round, round_of_identity};
use super::texts::{Language, LinkText, Text};
use crate::app::App;
use crate::service::links::{self, Address, Refused, Scheme, Wish};

/// Asks whether the address is to be linked.
pub async fn page(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    match links::find_mail(&app, &token).await {
        Ok(Some(identity)) => html(&app, language, StatusCode::OK, Page::Question(identity)),
        Ok(None) => html(&app, language, StatusCode::NOT_FOUND, Page::Over),
        Err(_) => html(&app, language, StatusCode::SERVICE_UNAVAILABLE, Page::Later),
    }
}

/// Links the address: the button was pressed.
pub async fn confirm(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    match links::confirm_mail(&app, &token).await {
        Ok(identity) => html(&app, language, StatusCode::OK, Page::Linked(identity)),
        Err(Refused::Failed(_)) => {
            html(&app, language, StatusCode::SERVICE_UNAVAILABLE, Page::Later)
        }
        Err(_) => html(&app, language, StatusCode::NOT_FOUND, Page::Over),
    }
}

/// What the two rounds about an address came to.
pub(super) enum Linking {
    /// This is the answer.
    Answered(Response),
    /// A message is on its way; this names the verification, where there is one to name.
    Started(Option<String>),
}

/// The two rounds that both kinds of addresses have in common: the first also tells whether the
/// address is linked already, an empty one removes the link (protocol.md A1.3).
pub(super) async fn rounds(
    app: &App,
    call: &Call,
    endpoint: &'static str,
    kind: LinkKind,
    address: Option<Address>,
) -> Result<Linking, Refusal> {
    let (round, identity) = round_of_identity(app, call, endpoint).await?;
    let answer = match (round, address) {
        (Round::Asked(challenge), None) => json(StatusCode::OK, &LinkReply::Challenged(challenge)),
        (Round::Asked(challenge), Some(address)) => {
            let linked = links::is_linked(app, identity, &address).await;
            if linked.map_err(Refusal::of)? {
                json(StatusCode::OK, &LinkReply::Linked)
            } else {
                links::offer(app, &address).map_err(refusal_of)?;
                json(StatusCode::OK, &LinkReply::Challenged(challenge))
            }
        }
        (Round::Proven, None) => {
            let unlinked = links::unlink(app, identity, kind).await;
            unlinked.map_err(Refusal::of)?;
            success()
        }
        (Round::Proven, Some(address)) => {
            let started = links::start(app, identity, address, wish(call)).await;
            return started.map(Linking::Started).map_err(refusal_of);
        }
    };
    Ok(Linking::Answered(answer))
}

/// A field with a text of a sensible length.
pub(super) fn text_of<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    call.fields
        .get(name)
        .and_then(Value::as_str)
        .filter(|it| it.len() <= TEXT_BYTES_MAX)
        .ok_or_else(|| Refusal::polite(Text::Malformed))
}

/// What the caller says about the message. Some apps send the scheme of their links as a text,
/// some only that they have one (protocol.md A1.3).
pub(super) fn wish(call: &Call) -> Wish {
    let text = |name: &str| call.fields.get(name).and_then(Value::as_str);
    let language = text("lang").map_or(call.language, Language::of_tag);
    Wish {
        peer: call.peer,
        language,
        scheme: text("urlScheme").map_or_else(Scheme::default, Scheme::named),
    }
}

/// What a refusal of the rules says to the person; status 200, because apps show it as it is.
pub(super) fn refusal_of(refused: Refused) -> Refusal {
    Refusal::polite(match refused {
        Refused::Off => Text::Link(LinkText::NoLinks),
        Refused::NoMail => Text::Link(LinkText::NoMail),
        Refused::NoShortMessages => Text::Link(LinkText::NoShortMessages),
        Refused::NoCalls => Text::Link(LinkText::NoCalls),
        Refused::NotSent => Text::Link(LinkText::NotSent),
        Refused::TooOften => Text::Link(LinkText::TooManyTries),
        Refused::WrongCode => Text::Link(LinkText::WrongCode),
        Refused::Over => Text::Link(LinkText::OverCode),
        Refused::Failed(error) => return Refusal::of(error),
    })
}

#[derive(Clone, Copy)]
enum Page {
    Question(Identity),
    Linked(Identity),
    Over,
    Later,
}

impl Page {
    /// Heading, sentence and the name of the button, if there is one.
    fn words(self, language: Language) -> (String, String, Option<String>) {
        let (id, identity) = match &self {
            Self::Question(identity) => ("link-page-question", identity.as_str()),
            Self::Linked(identity) => ("link-page-linked", identity.as_str()),
            Self::Over => ("link-page-over", ""),
            Self::Later => ("link-page-later", ""),
        };
        let button = matches!(self, Self::Question(_))
            .then(|| language.say("link-page-question.button", &[]));
        let text = language.say(&format!("{id}.text"), &[("id", identity)]);
        (language.say(id, &[]), text, button)
    }
}

fn html(app: &App, language: Language, status: StatusCode, page: Page) -> Response {
    let (heading, sentence, button) = page.words(language);
    let tag = language.tag();
    // Without an address the form goes to the page itself.
    let form = button.map_or_else(String::new, |it| {
        format!("<form method=\"post\"><button>{it}</button></form>")
    });
    let name = escape(&app.config.name);
    let body = format!(
        "<!DOCTYPE html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title>\
         <style>body{{font:1.1em sans-serif;max-width:32em;margin:3em auto;padding:0 1em}}\
         button{{font:inherit;padding:.5em 2em}}</style></head>\
         <body><p>{name}</p><h1>{heading}</h1><p>{sentence}</p>{form}</body></html>"
    );
    let mut response = (status, Html(body)).into_response();
    for (name, value) in PAGE_HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The page shows nothing of others, goes nowhere else, and tells nobody its address: that is a
/// secret.
const PAGE_HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'",
    ),
];

/// The longest text of a request that makes sense: an e-mail address has up to 254 bytes.
const TEXT_BYTES_MAX: usize = 512;
