//! Activation links: what an administrator sends instead of a user name and a password.

use dreiklang_engine::{HttpRequest, License};
use dreiklang_wire::api::license::LicenseLink;
use serde::Deserialize;

use crate::error::Error;
use crate::net::http::Http;

/// What a link is good for.
#[derive(Clone, PartialEq, Eq)]
pub struct Activation {
    /// The licence.
    pub license: License,
    /// The address of the organisation's own instance, if it has one.
    pub server: Option<String>,
}

/// Why a link is good for nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActivationFault {
    /// It is none.
    #[error("this is no activation link")]
    Malformed,
    /// The server does not take it, in its words.
    #[error("{0}")]
    Refused(String),
    /// The server cannot be asked.
    #[error("the server of the activation link cannot be reached")]
    Unreachable,
}

/// Reads a link. One with a token is exchanged for a licence, which works once: whoever asks must
/// keep what comes back.
pub async fn redeem(link: &str, own_authority_pem: Option<&str>) -> Result<Activation, Error> {
    let link = LicenseLink::parse(link).map_err(|_| ActivationFault::Malformed)?;
    let of = |credentials: dreiklang_wire::api::work::Credentials, server| Activation {
        license: License {
            username: credentials.username,
            password: credentials.password,
        },
        server,
    };
    match link {
        LicenseLink::Work(credentials) => Ok(of(credentials, None)),
        LicenseLink::OnPrem {
            credentials,
            server,
        } => Ok(of(credentials, Some(server))),
        LicenseLink::Token { server, token } => exchange(&server, &token, own_authority_pem).await,
    }
}

async fn exchange(
    server: &str,
    token: &str,
    own_authority_pem: Option<&str>,
) -> Result<Activation, Error> {
    let http = Http::new(server, own_authority_pem, None)?;
    let body = serde_json::json!({ "token": token }).to_string();
    let response = http
        .exchange(HttpRequest::post("activate", body.into_bytes()))
        .await
        .map_err(|_| ActivationFault::Unreachable)?;
    let answer: Answer =
        serde_json::from_slice(&response.body).map_err(|_| ActivationFault::Unreachable)?;
    match (answer.username, answer.password) {
        (Some(username), Some(password)) if answer.success => Ok(Activation {
            license: License { username, password },
            server: (answer.app.as_deref() == Some("onprem")).then(|| server.to_owned()),
        }),
        _ => Err(ActivationFault::Refused(answer.error.unwrap_or_default()).into()),
    }
}

#[derive(Deserialize)]
struct Answer {
    success: bool,
    error: Option<String>,
    username: Option<String>,
    password: Option<String>,
    app: Option<String>,
}
