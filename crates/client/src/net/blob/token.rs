//! Tokens, which stand for the credentials where these do not belong (protocol.md A1.3).

use dreiklang_engine::{
    Authorization, HttpFault, HttpRequest, HttpResponse, License, TransferFault,
};
use dreiklang_wire::api::work::{AuthToken, path};
use tokio::sync::Mutex;

use crate::net::http::Http;

/// The token in use, and whose it is.
#[derive(Default)]
pub(super) struct Tokens(Mutex<Option<(License, String)>>);

impl Tokens {
    /// The header for whoever has this licence. Only one asks at a time, so that many transfers get
    /// one token.
    pub(super) async fn header(
        &self,
        http: &Http,
        license: &License,
    ) -> Result<String, TransferFault> {
        let mut kept = self.0.lock().await;
        if let Some((owner, header)) = &*kept
            && owner == license
        {
            return Ok(header.clone());
        }
        let header = fetch(http, license).await?;
        *kept = Some((license.clone(), header.clone()));
        Ok(header)
    }

    /// The server does not take it any more.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

async fn fetch(http: &Http, license: &License) -> Result<String, TransferFault> {
    let request = HttpRequest {
        authorization: Authorization::Basic(license.clone()),
        ..HttpRequest::get(path::AUTH_TOKEN)
    };
    match http.exchange(request).await {
        Ok(HttpResponse { status: 200, body }) => {
            let token: AuthToken =
                serde_json::from_slice(&body).map_err(|_| TransferFault::Unreachable)?;
            Ok(format!("Token {}", token.auth_token))
        }
        Ok(HttpResponse { status, .. }) => Err(TransferFault::Refused(status)),
        Err(HttpFault::TimedOut) => Err(TransferFault::TimedOut),
        Err(HttpFault::Unreachable | HttpFault::TooLarge) => Err(TransferFault::Unreachable),
    }
}
