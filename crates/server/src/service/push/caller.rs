//! One call to a push service: no body, so there is nothing in it to read.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use dreiklang_crypto::SystemRng;
use dreiklang_crypto::ecdsa::SigningKey;
use dreiklang_wire::csp::edition::Edition;
use http_body_util::Full;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, RETRY_AFTER};
use hyper::{Method, Request, StatusCode, Uri};

use super::vapid;
use crate::app::{UnixMillis, keys};
use crate::config::Settings;
use crate::service::outbound::{Answered, Outbound};

/// What it takes to call.
pub struct Caller {
    key: SigningKey,
    contact: String,
    ttl_s: u32,
    outbound: Outbound,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The service passes it on.
    Taken,
    /// The service knows this address no more.
    Gone,
    /// Not now; not before this time is over.
    Failed(Duration),
}

impl Caller {
    pub(super) fn load(settings: &Settings) -> anyhow::Result<Self> {
        let web = &settings.web;
        let file = settings.file(&web.push_key);
        let key = load_or_make(&file).context("web.push_key")?;
        let contact = match web.push_contact.as_str() {
            "" => Edition::ALL
                .into_iter()
                .find(|it| !web.listen(*it).is_empty())
                .map(|it| settings.web_origin(it, None))
                .unwrap_or_default(),
            written => written.to_owned(),
        };
        Ok(Self {
            key,
            contact,
            ttl_s: web.push_ttl_s,
            outbound: Outbound::new()?,
        })
    }

    /// The key that browsers subscribe with, as they want it.
    pub fn public_key(&self) -> String {
        vapid::encode(self.key.public())
    }

    /// Wakes a browser. The address stays out of logs.
    pub async fn call(&self, endpoint: &str, now: UnixMillis) -> Outcome {
        let Some((uri, request)) = self.request(endpoint, now) else {
            return Outcome::Gone;
        };
        let answered = tokio::time::timeout(WITHIN, self.outbound.call(&uri, request)).await;
        match answered {
            Ok(Ok(answered)) => judge(&answered),
            Ok(Err(error)) => {
                tracing::debug!(error, "a push service cannot be reached");
                Outcome::Failed(Duration::ZERO)
            }
            Err(_) => Outcome::Failed(Duration::ZERO),
        }
    }

    fn request(
        &self,
        endpoint: &str,
        now: UnixMillis,
    ) -> Option<(Uri, Request<Full<hyper::body::Bytes>>)> {
        let uri: Uri = endpoint.parse().ok()?;
        let audience = format!("{}://{}", uri.scheme_str()?, uri.authority()?);
        let authorization = vapid::authorization(&self.key, &audience, &self.contact, now)?;
        let request = Request::builder()
            .method(Method::POST)
            .header(AUTHORIZATION, authorization)
            .header("ttl", self.ttl_s)
            .header("urgency", "high")
            // A browser that was away for long is woken once, not once per call (RFC 8030, 5.4).
            .header("topic", "messages")
            .header(CONTENT_LENGTH, 0)
            .body(Full::default())
            .ok()?;
        Some((uri, request))
    }
}

/// 404 and 410 are for ever (RFC 8030, 7.3); everything else may pass.
fn judge(answered: &Answered) -> Outcome {
    match answered.status {
        status if status.is_success() => Outcome::Taken,
        StatusCode::NOT_FOUND | StatusCode::GONE => Outcome::Gone,
        status => {
            tracing::warn!(
                http.status = status.as_u16(),
                "a push service refused a call"
            );
            let seconds = answered.headers.get(RETRY_AFTER);
            let seconds = seconds.and_then(|it| it.to_str().ok()?.parse().ok());
            Outcome::Failed(Duration::from_secs(seconds.unwrap_or(0)))
        }
    }
}

/// Instances of versions before have none.
fn load_or_make(file: &Path) -> anyhow::Result<SigningKey> {
    match keys::read_secret(file) {
        Ok(secret) => SigningKey::from_bytes(&secret)
            .map_err(|_| anyhow::anyhow!("{} holds no key for push", file.display())),
        Err(keys::Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => make(file),
        Err(error) => Err(error.into()),
    }
}

/// Makes the key in a new file.
pub fn make(file: &Path) -> anyhow::Result<SigningKey> {
    let key = SigningKey::generate(&mut SystemRng);
    keys::write_secret(file, key.expose())?;
    Ok(key)
}

const WITHIN: Duration = Duration::from_secs(15);
