//! HTTP exchanges the engine wants; the driver owns addresses, TLS, timeouts and retries of none.

use std::fmt;

/// Ties an answer to its request. Ids of an earlier engine never mean anything to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u64);

/// The two methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Send a JSON body.
    Post,
}

/// One request to the directory of the instance.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// What to append to the directory's base address, which ends with a slash.
    pub path: String,
    /// The JSON body; empty for [`Method::Get`].
    pub body: Vec<u8>,
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
