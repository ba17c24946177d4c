//! Keeps the provisioning file of an organisation's own instance fresh while the client runs
//! (protocol.md A7.1).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dreiklang_engine::{License, Timestamp};

use crate::error::Error;
use crate::net::pins::Pins;
use crate::provisioning::{Provisioning, ProvisioningFault};
use crate::task::JoinSet;
use crate::time::Clock;

/// After a server did not accept the credentials (protocol.md A7.1).
const REFUSED_PAUSE: Duration = Duration::from_mins(3);
/// After any other failure.
const FAILED_PAUSE: Duration = Duration::from_mins(1);
/// Before the file is fetched because a certificate has the wrong key (protocol.md A7.1).
const PIN_PAUSE: Duration = Duration::from_secs(10);

/// The file in use, and the fetch that is under way.
pub(crate) struct Keeper {
    folder: PathBuf,
    current: Provisioning,
    pins: Option<Arc<Pins>>,
    due_at: Timestamp,
    fetch: JoinSet<Result<Provisioning, Error>>,
    blocked: Option<ProvisioningFault>,
}

/// What a fetch changed.
pub(crate) enum Kept {
    /// Nothing that matters to the others.
    Same,
    /// The addresses or the pins: what follows goes by the new ones.
    Other,
    /// The app may not be used until a later fetch says so.
    Blocked(ProvisioningFault),
}

impl Keeper {
    pub(crate) fn new(
        folder: PathBuf,
        current: Provisioning,
        pins: Option<Arc<Pins>>,
        clock: &Clock,
    ) -> Self {
        let blocked = current
            .is_expired(clock)
            .then_some(ProvisioningFault::Expired);
        Self {
            due_at: current.fresh_until(),
            folder,
            current,
            pins,
            fetch: JoinSet::new(),
            blocked,
        }
    }

    pub(crate) fn current(&self) -> &Provisioning {
        &self.current
    }

    pub(crate) fn pins(&self) -> Option<&Arc<Pins>> {
        self.pins.as_ref()
    }

    /// Why the app may not be used.
    pub(crate) fn blocked(&self) -> Option<&ProvisioningFault> {
        self.blocked.as_ref()
    }

    /// When to call [`Keeper::start`].
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.fetch.is_empty().then_some(self.due_at)
    }

    /// A request failed: if it was the certificate, the file may know its new key.
    pub(crate) fn note_failure(&mut self, clock: &Clock) {
        if self.pins.as_ref().is_some_and(|pins| pins.take_broken()) {
            self.due_at = self.due_at.min(soon(clock, PIN_PAUSE));
        }
    }

    /// Fetches the file if it is due.
    pub(crate) fn start(&mut self, license: Option<License>, clock: &Clock) {
        if !self.fetch.is_empty() || self.due_at > clock.now() {
            return;
        }
        let (current, clock) = (self.current.clone(), clock.clone());
        self.fetch
            .spawn(async move { current.fetch_again(license.as_ref(), &clock).await });
    }

    /// Waits for the fetch; for ever if there is none. Safe to be dropped and asked again.
    pub(crate) async fn fetched(&mut self) -> Result<Provisioning, Error> {
        match self.fetch.join_next().await {
            Some(Ok(result)) => result,
            // The task panicked or was aborted.
            Some(Err(_)) => Err(Error::Stopped),
            None => std::future::pending().await,
        }
    }

    /// Takes the result of a fetch.
    pub(crate) fn take(&mut self, result: Result<Provisioning, Error>, clock: &Clock) -> Kept {
        let was_blocked = self.blocked.is_some();
        let fault = match result {
            Ok(new) => match new.save(&self.folder) {
                Ok(()) => return self.replace(new, was_blocked),
                Err(error) => {
                    tracing::warn!(%error, "the provisioning file could not be kept");
                    self.due_at = soon(clock, FAILED_PAUSE);
                    return Kept::Same;
                }
            },
            Err(Error::Provisioning(fault)) => Some(fault),
            Err(_) => None,
        };
        let is_final = matches!(
            fault,
            Some(
                ProvisioningFault::Refused
                    | ProvisioningFault::Withdrawn
                    | ProvisioningFault::Expired
            )
        );
        self.due_at = if is_final {
            soon(clock, REFUSED_PAUSE)
        } else {
            soon(clock, FAILED_PAUSE)
        };
        match fault {
            Some(fault) if is_final => {
                self.blocked = Some(fault.clone());
                Kept::Blocked(fault)
            }
            // The file of before still counts: an organisation without network goes on working,
            // and a file that nobody trusted has signed changes nothing.
            _ => Kept::Same,
        }
    }

    fn replace(&mut self, new: Provisioning, was_blocked: bool) -> Kept {
        self.due_at = new.fresh_until();
        self.blocked = None;
        let is_other =
            new.instance() != self.current.instance() || new.domains() != self.current.domains();
        if is_other {
            self.pins = new.pins();
        }
        self.current = new;
        if is_other || was_blocked {
            Kept::Other
        } else {
            Kept::Same
        }
    }
}

fn soon(clock: &Clock, pause: Duration) -> Timestamp {
    let pause = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
    clock.now().plus_ms(pause)
}
