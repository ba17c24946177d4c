//! One call of the directory: who calls, in which language, with which JSON object.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::{Extensions, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use dreiklang_wire::id::Identity;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::texts::{Language, Text};
use crate::app::App;
use crate::edge::http::{Peer, body};

/// A call with a JSON object as its body.
pub struct Call {
    /// Who calls.
    pub peer: IpAddr,
    /// In which language answers are read.
    pub language: Language,
    /// The body.
    pub fields: Map<String, Value>,
}

impl FromRequest<Arc<App>> for Call {
    type Rejection = Response;

    /// Reads the body as JSON whatever the content type says: one client sends it as text
    /// (protocol.md A1.1, D17).
    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let language = Language::of(request.headers());
        let peer = peer(&request);
        let api = &app.config.api;
        let within = Duration::from_secs(api.body_timeout_s);
        let refuse = |status, text| Refusal::new(status, text).in_language(language);
        let bytes = body::read(request.into_body(), api.body_bytes_max, within)
            .await
            .map_err(|refusal| match refusal {
                body::Refusal::TooLarge => refuse(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge),
                body::Refusal::TooSlow => refuse(StatusCode::REQUEST_TIMEOUT, Text::TooSlow),
                body::Refusal::Broken => refuse(StatusCode::BAD_REQUEST, Text::Malformed),
            })?;
        let fields = serde_json::from_slice(&bytes)
            .map_err(|_| refuse(StatusCode::BAD_REQUEST, Text::Malformed))?;
        Ok(Self {
            peer,
            language,
            fields,
        })
    }
}

impl Call {
    /// A field with an identity.
    pub fn identity(&self, name: &str) -> Result<Identity, Refusal> {
        // A malformed identity does not exist; the caller need not know why.
        let text = self
            .fields
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(malformed)?;
        text.parse()
            .map_err(|_| Refusal::polite(Text::UnknownIdentity))
    }

    /// A field with a list of identities, at most `max`; malformed ones are `None`.
    pub fn identities(&self, max: usize) -> Result<Vec<Option<Identity>>, Refusal> {
        let list = self
            .fields
            .get("identities")
            .and_then(Value::as_array)
            .ok_or_else(malformed)?;
        if list.len() > max {
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge));
        }
        Ok(list
            .iter()
            .map(|it| it.as_str().and_then(|text| text.parse().ok()))
            .collect())
    }

    /// A field with bytes in Base64.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let text = self
            .fields
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(malformed)?;
        BASE64.decode(text).map_err(|_| malformed())
    }

    /// The canonical form of all fields but those of the proof: sorted by name.
    pub fn bound_fields(&self) -> Vec<u8> {
        self.fields_without(&["token", "response"])
    }

    /// The canonical form of all fields but some: sorted by name.
    pub fn fields_without(&self, names: &[&str]) -> Vec<u8> {
        let mut fields: Vec<_> = self
            .fields
            .iter()
            .filter(|(name, _)| !names.contains(&name.as_str()))
            .collect();
        fields.sort_by(|a, b| a.0.cmp(b.0));
        serde_json::to_vec(&fields).expect("invariant: JSON can be written")
    }
}

/// The address a request came from.
pub fn peer(request: &Request) -> IpAddr {
    peer_of(request.extensions())
}

/// The same, from what the door noted.
pub fn peer_of(extensions: &Extensions) -> IpAddr {
    // Every request that came through a door has one; any other counts as one and the same.
    extensions
        .get::<Peer>()
        .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |it| it.0)
}

/// Base64 as the directory reads and writes it; padding may be missing on the way in.
pub const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn malformed() -> Refusal {
    Refusal::polite(Text::Malformed)
}
