//! Depositing a secret and taking it back: two rounds, the second with a proof.

use dreiklang_crypto::{Zeroizing, kdf::Purpose, random};
use dreiklang_wire::{
    api::{
        Base64,
        directory::from_json,
        work::{
            RemoteSecretCreateReply, RemoteSecretCreateRequest, RemoteSecretDeleteRequest,
            WorkChallenge, WorkStep, path,
        },
    },
    spec,
};
use serde::Serialize;

use super::monitor::{INTERVAL_S_FIRST, MISSES_MAX_FIRST};
use crate::{
    Engine,
    command::License,
    db::{self, remote_secret::RemoteSecretRow},
    directory::post,
    error::Result,
    http::{HttpRequest, HttpResponse, HttpResult, Method, Service},
    request::Pending,
    time::Pause,
    turn::Turn,
    work::credentials,
};

/// What is under way with the secret.
pub(crate) enum Exchange {
    Create {
        request: RemoteSecretCreateRequest,
        secret: Zeroizing<[u8; 32]>,
        is_answered: bool,
    },
    Delete {
        request: RemoteSecretDeleteRequest,
        is_answered: bool,
    },
    Fetch,
}

const RETRY_MS: u64 = 10 * 60 * 1_000;

impl Engine {
    pub(super) fn create_remote_secret(&mut self, turn: &mut Turn<'_>, license: &License) {
        let Ok(own) = self.usable_own() else { return };
        let identity = own.identity;
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(random(&mut *self.rng));
        let request = RemoteSecretCreateRequest {
            identity,
            credentials: credentials(license),
            secret: Base64(secret.to_vec()),
        };
        let http = step(Method::Put, &WorkStep::first(&request));
        let exchange = Exchange::Create {
            request,
            secret,
            is_answered: false,
        };
        self.requests
            .start(turn, Pending::RemoteSecret(exchange), http);
    }

    pub(super) fn delete_remote_secret(&mut self, turn: &mut Turn<'_>, license: &License) {
        let Ok(own) = self.usable_own() else { return };
        let Some(row) = &self.work.remote.row else {
            return;
        };
        let request = RemoteSecretDeleteRequest {
            identity: own.identity,
            credentials: credentials(license),
            secret_authentication_token: Base64(row.token.clone()),
        };
        let http = step(Method::Delete, &WorkStep::first(&request));
        let exchange = Exchange::Delete {
            request,
            is_answered: false,
        };
        self.requests
            .start(turn, Pending::RemoteSecret(exchange), http);
    }

    pub(crate) fn on_remote_secret(
        &mut self,
        turn: &mut Turn<'_>,
        exchange: Exchange,
        result: HttpResult,
    ) -> Result<()> {
        match exchange {
            Exchange::Fetch => self.on_fetched(turn, result),
            Exchange::Create {
                request,
                secret,
                is_answered: false,
            } => {
                let http = self.second(Method::Put, &request, result);
                let exchange = Exchange::Create {
                    request,
                    secret,
                    is_answered: true,
                };
                self.go_on(turn, exchange, http);
                Ok(())
            }
            Exchange::Delete {
                request,
                is_answered: false,
            } => {
                let http = self.second(Method::Delete, &request, result);
                let exchange = Exchange::Delete {
                    request,
                    is_answered: true,
                };
                self.go_on(turn, exchange, http);
                Ok(())
            }
            Exchange::Create { secret, .. } => self.on_deposited(turn, secret, result),
            Exchange::Delete { .. } => self.on_taken_back(turn, result),
        }
    }

    fn go_on(&mut self, turn: &mut Turn<'_>, exchange: Exchange, http: Option<HttpRequest>) {
        match http {
            Some(http) => self
                .requests
                .start(turn, Pending::RemoteSecret(exchange), http),
            None if matches!(exchange, Exchange::Delete { .. }) => {
                self.work.remote.retry = Pause::new(turn.now, RETRY_MS);
            }
            None => self.work.remote.rest = Pause::new(turn.now, RETRY_MS),
        }
    }

    /// The second round, if the first was answered with a challenge.
    fn second(
        &self,
        method: Method,
        request: &(impl Serialize + Clone),
        result: HttpResult,
    ) -> Option<HttpRequest> {
        let own = self.usable_own().ok()?;
        let HttpResponse { status: 200, body } = result.ok()? else {
            return None;
        };
        let challenge: WorkChallenge = from_json(&body).ok()?;
        let proof = challenge.answer(&own.secret_key).ok()?;
        Some(step(method, &WorkStep::second(request, proof)))
    }

    fn on_deposited(
        &mut self,
        turn: &mut Turn<'_>,
        secret: Zeroizing<[u8; 32]>,
        result: HttpResult,
    ) -> Result<()> {
        let token = match result {
            Ok(HttpResponse { status: 200, body }) => from_json::<RemoteSecretCreateReply>(&body)
                .ok()
                .map(|reply| reply.secret_authentication_token.0)
                .filter(|token| (1..=spec::CHALLENGE_TOKEN_BYTES_MAX).contains(&token.len())),
            _ => None,
        };
        let Some(token) = token else {
            self.work.remote.rest = Pause::new(turn.now, RETRY_MS);
            return Ok(());
        };
        let row = RemoteSecretRow {
            token,
            hash: Purpose::REMOTE_SECRET_HASH.derive(&*secret, &[]),
            interval_s: INTERVAL_S_FIRST,
            misses_max: MISSES_MAX_FIRST,
        };
        db::remote_secret::set(turn.tx, &row)?;
        let remote = &mut self.work.remote;
        remote.row = Some(row);
        remote.secret = Some(secret);
        remote.misses = 0;
        remote.rest = Pause::new(turn.now, u64::from(INTERVAL_S_FIRST).saturating_mul(1_000));
        Ok(())
    }

    fn on_taken_back(&mut self, turn: &mut Turn<'_>, result: HttpResult) -> Result<()> {
        let status = result.map_or(0, |response| response.status);
        // A secret that the server does not have any more is taken back already.
        if !matches!(status, 200 | 204 | 404) {
            self.work.remote.retry = Pause::new(turn.now, RETRY_MS);
            return Ok(());
        }
        db::remote_secret::delete(turn.tx)?;
        let remote = &mut self.work.remote;
        remote.row = None;
        remote.secret = None;
        remote.rest = Pause::default();
        Ok(())
    }
}

fn step(method: Method, body: &impl Serialize) -> HttpRequest {
    HttpRequest {
        method,
        ..post(path::REMOTE_SECRET, body).at(Service::Work)
    }
}
