//! Short HTTP exchanges of a browser.
//!
//! Bodies and headers carry tokens and credentials: nothing here logs them.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_engine::{
    Authorization, HttpFault, HttpRequest, HttpResponse, HttpResult, Method, Service,
};
use dreiklang_wire::api::instance::Instance;

use super::fetch::{self, Call, here};
use super::pins::Pins;
use crate::error::Error;
use crate::time::timeout;

/// From the first byte of the connection to the last of the answer (`protocol.md` A1.1).
const TIMEOUT: Duration = Duration::from_secs(20);
/// The largest answer of a directory that makes sense: keys of some thousand identities.
const RESPONSE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Speaks to the services of one instance.
#[derive(Clone)]
pub(crate) struct Http {
    directory: String,
    work: String,
    safe: String,
}

impl Http {
    /// Speaks to the services of an instance through the origin that shipped the app.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a computer checks addresses and certificates"
    )]
    pub(crate) fn of_instance(
        instance: &Instance,
        _pins: Option<&Arc<Pins>>,
    ) -> Result<Self, Error> {
        let directory = base(&instance.directory_url);
        let or_directory =
            |url: &Option<String>| url.as_deref().map_or_else(|| directory.clone(), base);
        Ok(Self {
            work: or_directory(&instance.work_url),
            safe: or_directory(&instance.safe_url),
            directory,
        })
    }

    /// Speaks to one base address, through the origin that shipped the app.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a computer checks addresses and certificates"
    )]
    pub(crate) fn new(
        url: &str,
        _own_authority_pem: Option<&str>,
        _pins: Option<&Arc<Pins>>,
    ) -> Result<Self, Error> {
        let base = base(url);
        Ok(Self {
            work: base.clone(),
            safe: base.clone(),
            directory: base,
        })
    }

    /// One request and its answer, whatever its status.
    pub(crate) async fn exchange(&self, request: HttpRequest) -> HttpResult {
        match timeout(TIMEOUT, self.exchange_unlimited(request)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(HttpFault::TimedOut),
        }
    }

    async fn exchange_unlimited(&self, request: HttpRequest) -> HttpResult {
        let base = match &request.service {
            Service::Directory => &self.directory,
            Service::Work => &self.work,
            Service::Safe => &self.safe,
            // Somebody else's server, which the policy of our origin may not let us ask.
            Service::At(url) => url,
        };
        let slash = if base.ends_with('/') { "" } else { "/" };
        let url = format!("{base}{slash}{}", request.path);
        let mut headers = vec![
            ("accept", request.content_type.to_string()),
            ("content-type", request.content_type.to_string()),
        ];
        match &request.authorization {
            Authorization::Nobody => {}
            // The server takes the credentials themselves wherever it takes a token for them.
            Authorization::Basic(license) | Authorization::Token(license) => {
                headers.push(("authorization", license.basic()));
            }
        }
        let has_body = !matches!(request.method, Method::Get);
        let call = Call {
            method: word(request.method),
            url: &url,
            headers,
            body: has_body.then_some(request.body),
        };
        let answer = fetch::ask(call).await.map_err(|_| HttpFault::Unreachable)?;
        let status = answer.status;
        let body = answer.whole(RESPONSE_BYTES_MAX).await;
        let body = body.map_err(|_| HttpFault::Unreachable)?;
        Ok(HttpResponse {
            status,
            body: body.ok_or(HttpFault::TooLarge)?,
        })
    }
}

pub(super) fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}

fn base(url: &str) -> String {
    let mut base = here(url);
    if !base.ends_with('/') {
        base.push('/');
    }
    base
}
