//! Asking for the secret, again and again: whoever is not answered for too long is locked out.

use dreiklang_crypto::{Zeroizing, constant_time_eq, kdf::Purpose};
use dreiklang_wire::api::{
    Base64,
    directory::from_json,
    work::{RemoteSecretFetchReply, RemoteSecretFetchRequest, path},
};

use super::Exchange;
use crate::{
    Engine, db,
    directory::post,
    error::Result,
    event::Event,
    http::{HttpResponse, HttpResult, Service},
    request::Pending,
    texts::Text,
    time::Pause,
    turn::Turn,
};

/// protocol.md B10: until the server has said how often.
pub(super) const INTERVAL_S_FIRST: u32 = 10;
pub(super) const MISSES_MAX_FIRST: u16 = 5;

/// What an answer says.
pub(super) enum Answer {
    Secret(Box<RemoteSecretFetchReply>),
    Blocked,
    Missing,
    Nothing,
}

impl Engine {
    pub(super) fn fetch_remote_secret(&mut self, turn: &mut Turn<'_>) {
        let Some(row) = &self.work.remote.row else {
            return;
        };
        let request = post(
            path::REMOTE_SECRET,
            &RemoteSecretFetchRequest {
                secret_authentication_token: Base64(row.token.clone()),
            },
        );
        let request = request.at(Service::Work);
        self.requests
            .start(turn, Pending::RemoteSecret(Exchange::Fetch), request);
    }

    pub(super) fn on_fetched(&mut self, turn: &mut Turn<'_>, result: HttpResult) -> Result<()> {
        let Some(mut row) = self.work.remote.row.clone() else {
            return Ok(());
        };
        match read(result) {
            Answer::Secret(reply) => {
                row.interval_s = reply.check_interval();
                row.misses_max = reply.n_missed_checks_max;
                match secret_of(&reply.secret, &row.hash) {
                    Some(secret) => {
                        db::remote_secret::set(turn.tx, &row)?;
                        let was_locked = self.work.is_locked();
                        self.work.remote.unlock(secret);
                        if was_locked && !self.work.is_locked() {
                            turn.notify(Event::Unlocked);
                        }
                    }
                    None => self.shut(turn, Text::SecretStrange),
                }
            }
            Answer::Blocked => self.shut(turn, Text::SecretBlocked),
            Answer::Missing => self.shut(turn, Text::SecretMissing),
            Answer::Nothing => {
                let remote = &mut self.work.remote;
                remote.misses = remote.misses.saturating_add(1);
                if remote.misses > row.misses_max && remote.lock.is_none() {
                    self.shut(turn, Text::SecretUnreachable);
                }
            }
        }
        let ms = u64::from(row.interval_s).saturating_mul(1_000);
        self.work.remote.rest = Pause::new(turn.now, ms);
        self.work.remote.row = Some(row);
        Ok(())
    }
}

/// The secret, if it is the one that was deposited.
pub(super) fn secret_of(given: &Base64, hash: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let secret: Zeroizing<[u8; 32]> = Zeroizing::new(given.0.as_slice().try_into().ok()?);
    let is_ours = constant_time_eq(&Purpose::REMOTE_SECRET_HASH.derive(&*secret, &[]), hash);
    is_ours.then_some(secret)
}

pub(super) fn read(result: HttpResult) -> Answer {
    match result {
        Ok(HttpResponse { status: 200, body }) => {
            from_json(&body).map_or(Answer::Nothing, |reply| Answer::Secret(Box::new(reply)))
        }
        Ok(HttpResponse { status: 403, .. }) => Answer::Blocked,
        Ok(HttpResponse { status: 404, .. }) => Answer::Missing,
        _ => Answer::Nothing,
    }
}
