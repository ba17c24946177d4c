//! Why a call failed: a status and a text, written as `{"error": …}` in the caller's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::super::answer::json;
use super::super::texts::Language;
use super::texts::Text;
use crate::edge::http::body;
use crate::error::Error;

/// What goes wrong; the guard of the route writes it, because it knows the language.
#[derive(Debug, Clone)]
pub struct Fault {
    status: StatusCode,
    text: Text,
    detail: String,
}

impl Fault {
    /// A failure with a text of its own.
    pub fn new(status: StatusCode, text: Text) -> Self {
        let detail = String::new();
        Self {
            status,
            text,
            detail,
        }
    }

    /// The caller asks for something impossible.
    pub fn refused(text: Text) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// There is no such thing, or it is none of the caller's business.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Text::NotFound)
    }

    /// A field is missing.
    pub fn missing(field: &str) -> Self {
        Self::refused(Text::Missing).about(field)
    }

    /// A field, or whatever is named, cannot be used.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self::refused(Text::Invalid).about(what)
    }

    /// Names what it is about.
    #[must_use]
    pub fn about(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// With another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// What a rule's error means to an administrator.
    pub fn of(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden | Error::Conflict => Self::refused(Text::Conflict),
            Error::Invalid(field) => Self::invalid(field),
            Error::RateLimited => Self::new(StatusCode::TOO_MANY_REQUESTS, Text::TooOften),
            Error::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, Text::Unavailable),
            Error::Unavailable => Self::new(StatusCode::SERVICE_UNAVAILABLE, Text::Unavailable),
            Error::Internal => Self::new(StatusCode::INTERNAL_SERVER_ERROR, Text::Unavailable),
        }
    }

    /// The sentence.
    pub fn text(&self, language: Language) -> String {
        self.text.in_language(language, &self.detail)
    }

    /// The answer.
    pub fn in_language(&self, language: Language) -> Response {
        let body = serde_json::json!({ "error": self.text(language) });
        let mut response = json(self.status, &body);
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::of(error)
    }
}

impl From<dreiklang_store::Error> for Fault {
    fn from(error: dreiklang_store::Error) -> Self {
        Self::of(Error::of_store(error))
    }
}

impl From<body::Refusal> for Fault {
    fn from(refusal: body::Refusal) -> Self {
        match refusal {
            body::Refusal::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge),
            body::Refusal::TooSlow => Self::new(StatusCode::REQUEST_TIMEOUT, Text::TooSlow),
            body::Refusal::Broken => Self::refused(Text::Malformed),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
