//! The headers of every answer: what a page of ours may load and do, and who may have it.

use anyhow::Context;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The content security policy. Only the origin itself is named in it, and the map if there is one.
pub(super) fn policy(map_origin: Option<&str>) -> anyhow::Result<HeaderValue> {
    let images = match map_origin {
        None => "'self' blob: data:".to_owned(),
        Some(origin) => format!("'self' blob: data: {origin}"),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src {images}; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
         manifest-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types {TYPES}"
    );
    HeaderValue::from_str(&policy).context("web.map_url cannot stand in a header")
}

/// Adds what is missing. The page that confirms an e-mail address has a narrower policy of its own.
pub(super) fn finish(headers: &mut HeaderMap, policy: &HeaderValue) {
    let own = [(header::CONTENT_SECURITY_POLICY, policy.clone())];
    let fixed = FIXED.map(|(name, value)| (name, HeaderValue::from_static(value)));
    for (name, value) in own.into_iter().chain(fixed) {
        headers.entry(name).or_insert(value);
    }
}

/// The only policy that may name scripts to start; none may make markup of text.
const TYPES: &str = "dreiklang";

const FIXED: [(HeaderName, &str); 5] = [
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), geolocation=(self), display-capture=(), payment=(), \
         usb=(), serial=(), hid=(), midi=()",
    ),
];
