//! Waking apps in browsers whose people are not connected (docs/spec/web-push.md).
//!
//! Who is to be woken is kept in memory only; where they can be woken is in the store. After a
//! restart everybody with an address is looked at once, so nobody sleeps through one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dreiklang_store::Store;
use dreiklang_wire::id::Identity;
use hyper::Uri;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::app::App;
use crate::config::Settings;
use crate::error::Error;

mod caller;
mod vapid;

pub use caller::{Caller, Outcome, make as make_key};

/// Who can be woken, and who is to be.
pub struct Pushes {
    caller: Option<Caller>,
    hosts: Vec<String>,
    people: Mutex<HashMap<Identity, Person>>,
    /// Rings when somebody is to be woken.
    bell: Notify,
}

/// Somebody with an address.
#[derive(Debug, Clone, Copy)]
struct Person {
    phase: Phase,
    /// Calls that failed since the last that did not.
    failures: u32,
    /// Counts what makes a call that is under way count no more.
    epoch: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing waits, or nobody was woken for it.
    Quiet,
    /// To be woken, unless they come by themselves. `certain` if a message is known to wait.
    Due { at: Instant, certain: bool },
    /// Being woken.
    Calling { certain: bool },
    /// Woken. That is enough until they come.
    Woken,
}

/// A call that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Whom to wake.
    pub identity: Identity,
    /// Whether a message is known to wait.
    pub certain: bool,
    epoch: u64,
}

/// Why an address is not kept.
#[derive(Debug)]
pub enum Refused {
    /// This server wakes nobody.
    Off,
    /// It is not one of a service that this server may call.
    Host,
    /// It could not be kept.
    Failed(Error),
}

impl Pushes {
    /// Reads the key, or makes it, if apps in browsers are served and may be woken.
    pub fn load(settings: &Settings) -> anyhow::Result<Self> {
        let is_on = settings.web.is_on() && !settings.web.push_hosts.is_empty();
        Ok(Self {
            caller: is_on.then(|| Caller::load(settings)).transpose()?,
            hosts: settings.web.push_hosts.clone(),
            people: Mutex::default(),
            bell: Notify::new(),
        })
    }

    /// What makes the calls; `None` if this server wakes nobody.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// Looks at everybody who has an address: they may have been waiting before the restart.
    pub async fn recall(&self, store: &Store) -> dreiklang_store::Result<()> {
        let known = store.push_identities().await?;
        let at = Instant::now() + GRACE;
        let mut people = self.people();
        for identity in known {
            people
                .entry(identity)
                .or_insert(Person::new(Phase::Due { at, certain: false }));
        }
        self.ring(people);
        Ok(())
    }

    /// Something waits for somebody who is not connected; `certain` if it is worth waking them.
    pub fn hint(&self, identity: Identity, certain: bool, now: Instant) {
        let mut people = self.people();
        let Some(person) = people.get_mut(&identity) else {
            return;
        };
        let at = now + GRACE;
        match &mut person.phase {
            Phase::Quiet => {
                person.phase = Phase::Due { at, certain };
                self.ring(people);
            }
            Phase::Due { certain: known, .. } => *known |= certain,
            Phase::Calling { .. } | Phase::Woken => {}
        }
    }

    /// Somebody is connected. Whatever waits, they get it; the next time they may be woken again.
    pub fn seen(&self, identity: Identity) {
        if let Some(person) = self.people().get_mut(&identity) {
            person.phase = Phase::Quiet;
            person.failures = 0;
            person.epoch += 1;
        }
    }

    /// The calls that are due, and until when nothing else will be.
    pub fn take_due(&self, count_max: usize, now: Instant) -> (Vec<Call>, Option<Instant>) {
        let (mut due, mut next) = (Vec::new(), None::<Instant>);
        for (identity, person) in self.people().iter_mut() {
            let Phase::Due { at, certain } = person.phase else {
                continue;
            };
            if at <= now && due.len() < count_max {
                person.phase = Phase::Calling { certain };
                due.push(Call {
                    identity: *identity,
                    certain,
                    epoch: person.epoch,
                });
            } else {
                next = Some(next.map_or(at, |it| it.min(at)));
            }
        }
        (due, next)
    }

    /// Waits until somebody new is to be woken.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// What became of a call. `None` means that there was nothing to call for.
    pub fn settle(&self, call: Call, outcome: Option<Outcome>, now: Instant) {
        let mut people = self.people();
        let Some(person) = people.get_mut(&call.identity) else {
            return;
        };
        if person.epoch != call.epoch || !matches!(person.phase, Phase::Calling { .. }) {
            return;
        }
        person.phase = match outcome {
            None => Phase::Quiet,
            Some(Outcome::Taken) => {
                person.failures = 0;
                Phase::Woken
            }
            Some(Outcome::Gone) => {
                people.remove(&call.identity);
                return;
            }
            Some(Outcome::Failed(not_before)) => {
                person.failures += 1;
                let pause = BACKOFF * 4u32.saturating_pow(person.failures.min(PAUSES_MAX) - 1);
                Phase::Due {
                    at: now + pause.max(not_before).min(PAUSE_MAX),
                    certain: call.certain,
                }
            }
        };
        self.ring(people);
    }

    /// Addresses in use.
    pub fn count(&self) -> usize {
        self.people().len()
    }

    fn watch(&self, identity: Identity) {
        let mut people = self.people();
        let epoch = people.get(&identity).map_or(0, |it| it.epoch + 1);
        let person = Person {
            epoch,
            ..Person::new(Phase::Quiet)
        };
        people.insert(identity, person);
    }

    fn forget(&self, identity: Identity) {
        self.people().remove(&identity);
    }

    fn ring(&self, people: MutexGuard<'_, HashMap<Identity, Person>>) {
        drop(people);
        self.bell.notify_one();
    }

    fn people(&self) -> MutexGuard<'_, HashMap<Identity, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Person {
    fn new(phase: Phase) -> Self {
        Self {
            phase,
            failures: 0,
            epoch: 0,
        }
    }
}

/// Keeps the address of somebody who has proven who they are; an empty one ends it.
pub async fn set(app: &Arc<App>, identity: Identity, endpoint: &str) -> Result<(), Refused> {
    if endpoint.is_empty() {
        let deleted = app
            .store
            .write(move |tx| Box::pin(async move { tx.delete_push_endpoint(identity).await }))
            .await;
        deleted.map_err(|error| Refused::Failed(Error::of_store(error)))?;
        app.pushes.forget(identity);
        return Ok(());
    }
    if app.pushes.caller.is_none() {
        return Err(Refused::Off);
    }
    if !is_allowed(&app.pushes.hosts, endpoint) {
        return Err(Refused::Host);
    }
    let (at, endpoint) = (app.clock.now().0, endpoint.to_owned());
    let kept = app
        .store
        .write(move |tx| {
            Box::pin(async move { tx.put_push_endpoint(identity, &endpoint, at).await })
        })
        .await;
    kept.map_err(|error| Refused::Failed(Error::of_store(error)))?;
    app.pushes.watch(identity);
    Ok(())
}

/// Whether the operator lets this server call there: nobody who sets an address can make it speak
/// to another host.
pub fn is_allowed(hosts: &[String], endpoint: &str) -> bool {
    if !dreiklang_wire::api::push::is_endpoint(endpoint) {
        return false;
    }
    let Ok(uri) = endpoint.parse::<Uri>() else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    let origin = format!("{scheme}://{authority}");
    let host = authority.host().to_ascii_lowercase();
    let is_usual = scheme == "https" && authority.port_u16().is_none_or(|port| port == 443);
    hosts
        .iter()
        .any(|allowed| match allowed.strip_prefix("*.") {
            Some(above) => {
                let below = host.strip_suffix(above).and_then(|it| it.strip_suffix('.'));
                is_usual && below.is_some_and(|it| !it.is_empty())
            }
            None => is_usual && *allowed == host || *allowed == origin,
        })
}

/// Long enough for a client that comes back at once, and for the message to be in the store.
const GRACE: Duration = Duration::from_secs(1);
const BACKOFF: Duration = Duration::from_secs(5);
/// 5 s, 20 s, 80 s, …, 6 h.
const PAUSES_MAX: u32 = 7;
const PAUSE_MAX: Duration = Duration::from_hours(6);

#[cfg(test)]
mod tests;
