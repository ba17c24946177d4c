//! Who calls a push service, in a form that it can check (RFC 8292).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use dreiklang_crypto::ecdsa::SigningKey;
use serde::Serialize;

use crate::app::UnixMillis;

#[derive(Serialize)]
struct Claims<'a> {
    /// The origin of the push service.
    aud: &'a str,
    /// Seconds of the epoch.
    exp: i64,
    /// Whom it can turn to.
    sub: &'a str,
}

/// The value of `Authorization` for calls to one push service.
pub(super) fn authorization(
    key: &SigningKey,
    audience: &str,
    contact: &str,
    now: UnixMillis,
) -> Option<String> {
    let claims = Claims {
        aud: audience,
        exp: now.seconds().saturating_add(VALID_S),
        sub: contact,
    };
    let claims = serde_json::to_vec(&claims).ok()?;
    let signed = format!("{}.{}", encode(HEADER), encode(&claims));
    let signature = key.sign(signed.as_bytes()).ok()?;
    let public = encode(key.public());
    Some(format!(
        "vapid t={signed}.{}, k={public}",
        encode(&signature)
    ))
}

/// Base64 as URLs and browsers have it.
pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

const HEADER: &[u8] = br#"{"typ":"JWT","alg":"ES256"}"#;
/// A day is the most that services accept; clocks differ.
const VALID_S: i64 = 12 * 3600;
