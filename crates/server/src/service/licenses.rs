//! Licences: whether a username and a password let somebody in, and for whom.
//!
//! The check is slow on purpose and therefore bounded: few run at a time, wrong passwords are
//! counted per username and network, and a password that was right is remembered for ten minutes
//! together with the record it fitted, so that any change of the record forgets it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dreiklang_crypto::{SystemRng, Zeroizing, kdf, random};
use dreiklang_store::credentials::username_key;
use dreiklang_store::{Credential, CredentialId, OrgId};
use tokio::sync::Semaphore;

use crate::app::limits::Network;
use crate::app::{App, UnixMillis};
use crate::error::Error;

pub mod password;

/// A licence in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct License {
    /// The credential that proves it.
    pub credential: CredentialId,
    /// The organisation that gives it.
    pub org: OrgId,
}

/// Why a licence is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Username or password are wrong.
    Wrong,
    /// An administrator has withdrawn it.
    Withdrawn,
    /// Its time is over.
    Expired,
    /// The time of the whole organisation is over.
    OrgExpired,
    /// The check itself failed: too many tries, or the store is out of reach.
    Unchecked(Error),
}

/// Checks passwords, a few at a time.
#[derive(Debug)]
pub struct PasswordChecks {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
    /// Under this key passwords are remembered, so that the memory of one process is worth
    /// nothing to another.
    key: [u8; 32],
    /// When what was right is forgotten, by a hash of record and password.
    right: Mutex<HashMap<[u8; 32], Duration>>,
}

/// Checks a username and a password. An unknown username takes as long as a wrong password.
pub async fn check(
    app: &App,
    username: &str,
    password: &str,
    peer: IpAddr,
) -> Result<License, Refused> {
    if username.len() > TEXT_BYTES_MAX || password.len() > TEXT_BYTES_MAX {
        return Err(Refused::Wrong);
    }
    let found = app
        .store
        .credential_by_username(username.to_owned())
        .await
        .map_err(|error| Refused::Unchecked(Error::of_store(error)))?;
    let record = found
        .as_ref()
        .map_or(password::NOBODY, |it| it.password.as_slice());
    let (checks, now) = (&app.password_checks, app.clock.uptime());
    let trace = checks.trace(record, password);
    if !checks.recalls(&trace, now) {
        let tries = Tries::take(app, username, peer)?;
        if !checks.fits(record, password).await? {
            return Err(Refused::Wrong);
        }
        tries.give_back(app);
        checks.note(trace, now);
    }
    let credential = found.ok_or(Refused::Wrong)?;
    stands(app, &credential).await
}

/// Whether a licence that was shown before, as by a token, is still in force.
pub async fn in_force(app: &App, license: License) -> Result<License, Refused> {
    let found = app
        .store
        .credential(license.org, license.credential)
        .await
        .map_err(|error| Refused::Unchecked(Error::of_store(error)))?;
    stands(app, &found.ok_or(Refused::Wrong)?).await
}

/// Neither withdrawn nor expired, and neither is its organisation nor its only user.
async fn stands(app: &App, credential: &Credential) -> Result<License, Refused> {
    let now = app.clock.now();
    if credential.withdrawn_at.is_some() {
        return Err(Refused::Withdrawn);
    }
    if is_over(credential.expires_at, now) {
        return Err(Refused::Expired);
    }
    let org = app
        .store
        .org(credential.org)
        .await
        .map_err(|error| Refused::Unchecked(Error::of_store(error)))?
        .ok_or(Refused::Wrong)?;
    if is_over(org.valid_until, now) {
        return Err(Refused::OrgExpired);
    }
    // A licence of one person's goes with that person's access.
    if let Some(identity) = credential.identity {
        let member = app.store.member(identity).await;
        let member = member.map_err(|error| Refused::Unchecked(Error::of_store(error)))?;
        if member.is_some_and(|it| it.withdrawn_at.is_some()) {
            return Err(Refused::Withdrawn);
        }
    }
    Ok(License {
        credential: credential.id,
        org: credential.org,
    })
}

fn is_over(end: Option<i64>, now: UnixMillis) -> bool {
    end.is_some_and(|end| end <= now.0)
}

/// What a try costs until it turns out to have been a right one.
struct Tries {
    of_username: ([u8; 32], Option<Network>),
    from: Option<Network>,
}

impl Tries {
    fn take(app: &App, username: &str, peer: IpAddr) -> Result<Self, Refused> {
        let (rates, now) = (&app.rates, app.clock.uptime());
        let hash = kdf::blake2b(&[], "license", "try", username_key(username).as_bytes());
        let of_username = (hash, Some(Network::of(peer)));
        let from = rates.network(peer);
        let too_often = Refused::Unchecked(Error::RateLimited);
        if from.is_some_and(|it| !rates.license_tries_from.take(it, 1, now)) {
            return Err(too_often);
        }
        if !rates.license_tries.take(of_username, 1, now) {
            if let Some(network) = from {
                rates.license_tries_from.give_back(network, 1);
            }
            return Err(too_often);
        }
        Ok(Self { of_username, from })
    }

    fn give_back(self, app: &App) {
        app.rates.license_tries.give_back(self.of_username, 1);
        if let Some(network) = self.from {
            app.rates.license_tries_from.give_back(network, 1);
        }
    }
}

impl PasswordChecks {
    /// At most `at_once` at a time, at most `waiting_max` behind them.
    pub fn new(at_once: usize, waiting_max: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            waiting_max,
            key: random(&mut SystemRng),
            right: Mutex::default(),
        }
    }

    /// The record of a new password, made in turn with the checks.
    pub async fn record(&self, password: String) -> Result<Vec<u8>, Error> {
        self.in_turn(move || password::record(&mut SystemRng, &password))
            .await
    }

    async fn fits(&self, record: &[u8], password: &str) -> Result<bool, Refused> {
        let (record, password) = (record.to_vec(), password.to_owned());
        self.in_turn(move || password::fits(&record, &password))
            .await
            .map_err(Refused::Unchecked)
    }

    /// Hashing takes a core for some time: not on a thread that serves connections.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let Some(_place) = Place::take(&self.waiting, self.waiting_max) else {
            return Err(Error::RateLimited);
        };
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| Error::Internal)?;
        tokio::task::spawn_blocking(move || {
            // Held until the work is over, even if the caller has gone.
            let _permit = permit;
            work()
        })
        .await
        .map_err(|_| Error::Internal)
    }

    fn trace(&self, record: &[u8], password: &str) -> [u8; 32] {
        // A record has a fixed length or is no record at all, so the parts cannot run together.
        let input = Zeroizing::new([record, password.as_bytes()].concat());
        kdf::blake2b(&self.key, "license", "right", &input)
    }

    fn recalls(&self, trace: &[u8; 32], now: Duration) -> bool {
        let right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        right.get(trace).is_some_and(|until| *until > now)
    }

    fn note(&self, trace: [u8; 32], now: Duration) {
        let mut right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        if right.len() >= RIGHT_MAX {
            right.retain(|_, until| *until > now);
        }
        if right.len() < RIGHT_MAX {
            right.insert(trace, now + REMEMBERED);
        }
    }
}

/// One of the places to wait in.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, max: usize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::AcqRel) < max).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

const REMEMBERED: Duration = Duration::from_mins(10);
/// Right passwords that are remembered at the same time; 40 bytes each.
const RIGHT_MAX: usize = 100_000;
/// Usernames and passwords longer than this are nobody's.
pub const TEXT_BYTES_MAX: usize = 256;
