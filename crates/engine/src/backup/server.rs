//! Requests to a Safe server, and what its answers mean.

use dreiklang_crypto::Zeroizing;
use dreiklang_wire::api::safe::{BACKUPS_PATH, BackupId, CONFIG_PATH, SafeServer};

use super::BackupFault;
use crate::{
    Engine,
    command::{License, Refusal},
    edition::Edition,
    error::Result,
    http::{Authorization, HttpRequest, HttpResponse, HttpResult, Method, Service},
    policy,
    turn::Turn,
};

const BYTES: &str = "application/octet-stream";

/// The server that counts now.
#[derive(Clone)]
pub(crate) struct Target {
    /// Nothing for the instance's own.
    server: Option<SafeServer>,
    authorization: Authorization,
}

impl Target {
    /// By what an upload is recognised as one to this server; holds no secret.
    pub(crate) fn name(&self) -> String {
        let base = |server: &SafeServer| server.base().to_owned();
        self.server.as_ref().map(base).unwrap_or_default()
    }

    pub(crate) fn config(&self) -> HttpRequest {
        let url = self.server.as_ref().map(SafeServer::config_url);
        self.request(Method::Get, url.as_deref(), CONFIG_PATH.to_owned())
    }

    /// A request about one backup; `body` is for an upload.
    pub(crate) fn backup(&self, method: Method, id: BackupId, body: Vec<u8>) -> HttpRequest {
        let url = self.server.as_ref().map(|server| server.backup_url(&id));
        let path = format!("{BACKUPS_PATH}{}", id.to_hex());
        HttpRequest {
            body,
            content_type: BYTES,
            ..self.request(method, url.as_deref(), path)
        }
    }

    fn request(&self, method: Method, url: Option<&str>, path: String) -> HttpRequest {
        let service = match url.and_then(|url| url.strip_suffix(&path)) {
            Some(base) => Service::At(base.to_owned()),
            None => Service::Safe,
        };
        HttpRequest {
            method,
            authorization: self.authorization.clone(),
            service,
            ..HttpRequest::get(path)
        }
    }
}

impl Engine {
    /// The organisation's server, else the given one, else the instance's own.
    pub(crate) fn safe_target(
        &self,
        turn: &Turn<'_>,
        given: &str,
    ) -> Result<Result<Target, Refusal>> {
        let managed = self.policy.safe_server_url();
        let address = managed.or((!given.is_empty()).then_some(given));
        let Some(address) = address else {
            let license = policy::license(&self.policy, turn.tx)?;
            let authorization = match license {
                Some(license) if self.build.edition == Edition::OnPrem => {
                    Authorization::Token(license)
                }
                _ => Authorization::Nobody,
            };
            return Ok(Ok(Target {
                server: None,
                authorization,
            }));
        };
        let Ok(server) = SafeServer::parse(address) else {
            return Ok(Err(Refusal::BadServerAddress));
        };
        let credentials = self
            .policy
            .safe_server_username()
            .zip(self.policy.safe_server_password())
            .filter(|_| managed.is_some());
        let license = match (credentials, &server.credentials) {
            (Some((username, password)), _) => Some((username, password)),
            (None, Some(own)) => Some((own.username.as_str(), own.password.as_str())),
            (None, None) => None,
        };
        let authorization = license.map_or(Authorization::Nobody, |(username, password)| {
            Authorization::Basic(License {
                username: username.to_owned(),
                password: password.to_owned(),
            })
        });
        Ok(Ok(Target {
            server: Some(server),
            authorization,
        }))
    }
}

/// The body of any success.
pub(crate) fn success(result: HttpResult) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    match result {
        Ok(HttpResponse {
            status: 200..=299,
            body,
        }) => Ok(Zeroizing::new(body)),
        Ok(HttpResponse { status: 404, .. }) => Err(Refusal::Backup(BackupFault::NotFound)),
        Ok(HttpResponse { status: 413, .. }) => Err(Refusal::Backup(BackupFault::TooLarge)),
        Ok(HttpResponse {
            status: 401 | 403, ..
        }) => Err(Refusal::WrongCredentials),
        Ok(HttpResponse { status: 429, .. }) => Err(Refusal::RateLimited),
        Ok(_) => Err(Refusal::BadAnswer),
        Err(fault) => Err(Refusal::Http(fault)),
    }
}

/// The same for a deletion: what is not there is deleted.
pub(crate) fn deleted(result: HttpResult) -> Result<(), Refusal> {
    match success(result) {
        Ok(_) | Err(Refusal::Backup(BackupFault::NotFound)) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}
