//! What goes back: JSON without caching, and refusals in the caller's language.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dreiklang_wire::api::work::license_refused;
use serde::Serialize;

use super::texts::{Language, Text};
use crate::error::Error;
use crate::service::licenses::Refused;
use crate::service::members::NotAttached;

/// An answer with a body in JSON that nobody may cache (protocol.md A1.4).
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `{"success":true}`
pub fn success() -> Response {
    json(StatusCode::OK, &serde_json::json!({ "success": true }))
}

/// A refusal, still without a language.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    status: StatusCode,
    text: Text,
    /// For clients that tell errors apart by it (`errorType`).
    kind: Option<&'static str>,
}

impl Refusal {
    /// A refusal with a status of its own.
    pub fn new(status: StatusCode, text: Text) -> Self {
        Self {
            status,
            text,
            kind: None,
        }
    }

    /// A refusal as the directory gives it: status 200, `success` false (protocol.md A1.1).
    pub fn polite(text: Text) -> Self {
        let kind = match text {
            Text::UnknownIdentity => Some("invalid-identity"),
            Text::FailedProof => Some("invalid-token"),
            Text::StillAttached | Text::NoPrivateApp => Some("identity-transfer-prohibited"),
            _ => None,
        };
        Self {
            status: StatusCode::OK,
            text,
            kind,
        }
    }

    /// What a rule's error means to a client of the directory.
    pub fn of(error: Error) -> Self {
        match error {
            Error::NotFound => Self::polite(Text::UnknownIdentity),
            Error::Forbidden => Self::polite(Text::FailedProof),
            Error::Conflict => Self::polite(Text::TakenKey),
            Error::Invalid(_) => Self::polite(Text::UnusableKey),
            Error::RateLimited => Self::new(StatusCode::TOO_MANY_REQUESTS, Text::TooOften),
            Error::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, Text::Full),
            Error::Unavailable => Self::new(StatusCode::SERVICE_UNAVAILABLE, Text::Unavailable),
            Error::Internal => Self::new(StatusCode::INTERNAL_SERVER_ERROR, Text::Unavailable),
        }
    }

    /// A licence that is not good: with status 200 where clients show the text, with 401 where
    /// they look at the status only. What could not be checked says so instead.
    pub fn of_license(refused: Refused, status: StatusCode) -> Self {
        match refused {
            Refused::Unchecked(error) => Self::of(error),
            refused => Self {
                kind: Some(match refused {
                    Refused::Wrong => license_refused::UNKNOWN,
                    Refused::Withdrawn => license_refused::WITHDRAWN,
                    _ => license_refused::EXPIRED,
                }),
                ..Self::new(status, Text::of_license(refused))
            },
        }
    }

    /// Why an identity got no seat.
    pub fn of_attachment(reason: NotAttached) -> Self {
        Self::polite(match reason {
            NotAttached::SeatsFull => Text::SeatsFull,
            NotAttached::LicenseInUse => Text::LicenseInUse,
            NotAttached::UsesFull => Text::UsesFull,
            NotAttached::OtherOrg => Text::OtherOrg,
            NotAttached::Released => Text::ReleasedMember,
            NotAttached::Withdrawn => Text::WithdrawnMember,
            NotAttached::NoIdentity => Text::UnknownIdentity,
            NotAttached::License(refused) => return Self::of_license(refused, StatusCode::OK),
            NotAttached::Failed(error) => return Self::of(error),
        })
    }

    /// The answer.
    pub fn in_language(self, language: Language) -> Response {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            success: bool,
            error: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            error_type: Option<&'static str>,
        }
        let error = self.text.in_language(language);
        let body = Body {
            success: false,
            error,
            error_type: self.kind,
        };
        let mut response = json(self.status, &body);
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            // Clients wait at least that long anyway (protocol.md A1.1).
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}
