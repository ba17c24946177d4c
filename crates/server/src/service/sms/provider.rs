//! The HTTP interface of a provider of short messages.
//!
//! Its address is the operator's alone and redirects are not followed, so nobody who links a
//! number can make the server speak to another host (reliability.md 2.3, SSRF).

use std::time::Duration;

use anyhow::Context;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Request, Uri};

use super::Channel;
use crate::config::Settings;
use crate::config::sms::{JSON, Method, header};
use crate::service::mail::secret;
use crate::service::outbound::Outbound;

/// A provider with everything that a request needs.
pub(super) struct Provider {
    method: Method,
    text: Template,
    call: Option<Template>,
    content_type: String,
    headers: HeaderMap,
    within: Duration,
    outbound: Outbound,
}

struct Template {
    url: String,
    body: String,
}

impl Provider {
    /// Reads the secret and prepares the way out.
    pub(super) fn load(settings: &Settings) -> anyhow::Result<Self> {
        let sms = &settings.sms;
        let mut headers: HeaderMap = sms.headers.iter().filter_map(|it| header(it)).collect();
        if !sms.authorization.is_empty() {
            let path = settings.file(&sms.authorization);
            let text = secret(&path)?;
            let mut value: HeaderValue = text
                .trim()
                .parse()
                .with_context(|| format!("{} holds no head line's value", path.display()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let template = |url: &str, body: &str| {
            (!url.is_empty()).then(|| Template {
                url: url.to_owned(),
                body: body.to_owned(),
            })
        };
        Ok(Self {
            method: sms.method,
            text: template(&sms.url, &sms.body).context("sms.url is empty")?,
            call: template(&sms.call_url, &sms.call_body),
            content_type: sms.content_type.clone(),
            headers,
            within: Duration::from_secs(sms.timeout_s),
            outbound: Outbound::new()?,
        })
    }

    /// Whether the provider offers a channel.
    pub(super) fn has(&self, channel: Channel) -> bool {
        channel == Channel::Text || self.call.is_some()
    }

    /// One request; every status but a success is a failure, redirects too.
    pub(super) async fn send(
        &self,
        channel: Channel,
        digits: &str,
        text: &str,
    ) -> Result<(), String> {
        let template = match channel {
            Channel::Text => Some(&self.text),
            Channel::Call => self.call.as_ref(),
        };
        let template = template.ok_or("the provider has no such channel")?;
        match tokio::time::timeout(self.within, self.exchange(template, digits, text)).await {
            Ok(result) => result,
            Err(_) => Err("no answer in time".to_owned()),
        }
    }

    async fn exchange(&self, template: &Template, digits: &str, text: &str) -> Result<(), String> {
        let url = fill(&template.url, digits, text, percent);
        let uri: Uri = url.parse().map_err(|_| "the address is malformed")?;
        let request = self.request(template, digits, text)?;
        let status = self.outbound.call(&uri, request).await?.status;
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("the provider answered {}", status.as_u16()))
        }
    }

    fn request(
        &self,
        template: &Template,
        digits: &str,
        text: &str,
    ) -> Result<Request<Full<Bytes>>, String> {
        let (method, body) = match self.method {
            Method::Get => (hyper::Method::GET, String::new()),
            Method::Post => {
                let escape = if self.content_type == JSON {
                    json
                } else {
                    percent
                };
                let body = fill(&template.body, digits, text, escape);
                (hyper::Method::POST, body)
            }
        };
        let mut request = Request::builder().method(method);
        if self.method == Method::Post {
            request = request.header(CONTENT_TYPE, &self.content_type);
        }
        let mut request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| "the request is malformed")?;
        request.headers_mut().extend(self.headers.clone());
        Ok(request)
    }
}

/// Puts number and text into a template. What is put in is not looked at again, so no text can
/// smuggle a placeholder in.
fn fill(template: &str, digits: &str, text: &str, escape: fn(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len() + text.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let found = [
            ("{number}", format!("+{digits}")),
            ("{digits}", digits.to_owned()),
            ("{text}", text.to_owned()),
        ]
        .into_iter()
        .find_map(|(name, value)| Some((from.strip_prefix(name)?, value)));
        if let Some((after, value)) = found {
            out.push_str(&escape(&value));
            rest = after;
        } else {
            out.push('{');
            rest = from.strip_prefix('{').unwrap_or_default();
        }
    }
    out + rest
}

/// As the inside of a string in JSON.
fn json(value: &str) -> String {
    let quoted = serde_json::to_string(value).expect("invariant: a text is JSON");
    let inside = quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inside.unwrap_or_default().to_owned()
}

/// As a part of an address or of a form.
fn percent(value: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_once_and_escaped() {
        let body = r#"{"to":"{number}","x":{"d":"{digits}"},"text":"{text}"}"#;
        let text = "say \"hi\" {number}\n";
        let filled = fill(body, "41790000000", text, json);
        let value: serde_json::Value = serde_json::from_str(&filled).unwrap();
        assert_eq!(value["to"], "+41790000000");
        assert_eq!(value["x"]["d"], "41790000000");
        assert_eq!(value["text"], text);
        let url = fill("https://x/?t={number}&m={text}", "41", "a b&c=ü", percent);
        assert_eq!(url, "https://x/?t=%2B41&m=a%20b%26c%3D%C3%BC");
        assert_eq!(fill("{", "1", "2", json), "{");
    }
}
