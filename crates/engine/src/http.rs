//! HTTP exchanges the engine wants; the driver owns addresses, TLS, timeouts and retries of none.

use std::fmt;

use crate::command::License;

/// Ties an answer to its request. Ids of an earlier engine never mean anything to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u64);

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Send a body.
    Post,
    /// Replace what is there by a body.
    Put,
    /// Remove what is there.
    Delete,
}

/// Which base address a path is appended to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Service {
    /// The directory of the instance.
    #[default]
    Directory,
    /// The work service of the instance; the directory's address where it names none.
    Work,
    /// The backup service of the instance.
    Safe,
    /// An address of somebody else, which ends with a slash: a backup service of one's own.
    At(String),
}

/// What a request shows to be let in. The driver adds nothing by itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Nothing.
    #[default]
    Nobody,
    /// `Basic`, see [`License::basic`].
    Basic(License),
    /// `Token`: the driver gets one at `GET auth_token` with these credentials, keeps it, and gets
    /// another when the server answers 401.
    Token(License),
}

/// One request.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Whom it goes to.
    pub service: Service,
    /// What to append to the base address, which ends with a slash.
    pub path: String,
    /// The body; empty for [`Method::Get`].
    pub body: Vec<u8>,
    /// What the body is and what the answer shall be: the `Content-Type` and `Accept` headers.
    pub content_type: &'static str,
    /// What it shows to be let in.
    pub authorization: Authorization,
}

/// The usual [`HttpRequest::content_type`].
pub(crate) const JSON: &str = "application/json";

impl HttpRequest {
    /// Reads from the directory, as nobody.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::Get,
            service: Service::Directory,
            path: path.into(),
            body: Vec::new(),
            content_type: JSON,
            authorization: Authorization::Nobody,
        }
    }

    /// Sends JSON to the directory, as nobody.
    pub fn post(path: impl Into<String>, json: Vec<u8>) -> Self {
        Self {
            method: Method::Post,
            body: json,
            ..Self::get(path)
        }
    }

    /// The same for another service.
    #[must_use]
    pub fn at(self, service: Service) -> Self {
        Self { service, ..self }
    }
}

/// The server's answer, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The HTTP status code.
    pub status: u16,
    /// The whole body; the driver caps its size.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// No connection, no trust, or the answer broke off.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The answer did not come in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The answer is larger than the driver accepts.
    #[error("the server's answer is too large")]
    TooLarge,
}

/// What became of a request.
pub type HttpResult = Result<HttpResponse, HttpFault>;

// Bodies carry tokens and license credentials, so neither side of the exchange prints them.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "HttpRequest({:?} {}, {} bytes)",
            self.method,
            self.path,
            self.body.len()
        )
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "Nobody",
            Self::Basic(_) => "Basic(…)",
            Self::Token(_) => "Token(…)",
        })
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "HttpResponse({}, {} bytes)",
            self.status,
            self.body.len()
        )
    }
}
