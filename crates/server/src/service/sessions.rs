//! Who is connected: one connection per identity and device, and the silence of each.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreiklang_store::IdentityKind;
use dreiklang_wire::csp::edition::Claim;
use dreiklang_wire::id::Identity;

use super::texts::Text;

pub mod admission;
pub mod known;
pub mod line;
pub mod login;

pub use known::Known;
pub use line::{Line, SessionKey};

/// All logged-in connections of this process.
#[derive(Debug)]
pub struct Sessions {
    /// Sharded, so that the walk over one shard does not hold up all others.
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
    next_key: AtomicU64,
    /// What is known about identities.
    pub known: Known,
}

type Shard = HashMap<SessionKey, Arc<Line>>;

/// Why a connection is closed from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its identity was revoked.
    Revoked,
    /// Its organisation released it; it goes on in the private app.
    Detached,
    /// Its organisation withdrew the access.
    Withdrawn,
    /// It is used in the app of another kind from now on.
    Moved(IdentityKind),
    /// The server stops; clients come back by themselves.
    Shutdown,
}

impl Default for Sessions {
    fn default() -> Self {
        Self::new()
    }
}

impl Sessions {
    /// Nobody is connected.
    pub fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
            next_key: AtomicU64::new(1),
            known: Known::new(),
        }
    }

    /// A number for a new connection.
    pub fn next_key(&self) -> u64 {
        self.next_key.fetch_add(1, Ordering::Relaxed)
    }

    /// Registers a connection. An older one of the same identity and device is told and closed;
    /// only the old one, because clients count how often they hear it (protocol.md A2.5).
    pub fn open(&self, line: &Arc<Line>) {
        let replaced = self
            .shard(line.identity())
            .insert(line.owner(), Arc::clone(line));
        if let Some(old) = replaced {
            metrics::counter!("chat_connections_replaced_total").increment(1);
            if old.close(false, Text::AnotherConnection) {
                old.wake();
            }
        } else {
            metrics::gauge!("chat_connections").increment(1.0);
        }
    }

    /// Removes a connection that has ended, unless it was replaced already.
    pub fn remove(&self, line: &Arc<Line>) {
        let mut shard = self.shard(line.identity());
        if shard
            .get(&line.owner())
            .is_some_and(|it| Arc::ptr_eq(it, line))
        {
            shard.remove(&line.owner());
            metrics::gauge!("chat_connections").decrement(1.0);
        }
    }

    /// Closes the connections of an identity that the reason is about: all, or with a move those
    /// of the app that lost it.
    pub fn close(&self, identity: Identity, reason: Reason) {
        self.known.forget(identity);
        for line in self.lines_of(identity) {
            let woken = match reason {
                Reason::Revoked => line.close(false, Text::Revoked),
                Reason::Detached => line.close(false, Text::Detached),
                Reason::Withdrawn => line.close(false, Text::Withdrawn),
                Reason::Moved(to) => leave_behind(&line, to),
                Reason::Shutdown => line.hang_up(),
            };
            if woken {
                line.wake();
            }
        }
    }

    /// Closes every connection without a word, so that clients come back (protocol.md A2.7).
    pub fn close_all(&self) {
        for shard in &self.shards {
            let lines: Vec<_> = lock(shard).values().cloned().collect();
            lines
                .iter()
                .filter(|line| line.hang_up())
                .for_each(|line| line.wake());
        }
    }

    /// Looks for connections that were silent for too long.
    pub fn sweep(&self, now_s: u32) {
        for shard in &self.shards {
            let due: Vec<_> = lock(shard)
                .values()
                .filter(|line| line.check_silence(now_s))
                .cloned()
                .collect();
            for line in due {
                line.wake();
            }
        }
    }

    /// Whether an identity has a connection.
    pub fn is_connected(&self, identity: Identity) -> bool {
        let shard = self.shard(identity);
        shard.values().any(|line| line.identity() == identity)
    }

    /// How many connections there are.
    pub fn count(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    fn lines_of(&self, identity: Identity) -> Vec<Arc<Line>> {
        let shard = self.shard(identity);
        shard
            .values()
            .filter(|line| line.identity() == identity)
            .cloned()
            .collect()
    }

    fn shard(&self, identity: Identity) -> MutexGuard<'_, Shard> {
        let index = self.hasher.hash_one(identity) % SHARDS as u64;
        lock(&self.shards[usize::try_from(index).unwrap_or(0)])
    }
}

/// Ends the connection of an app that its identity moved away from. Who says nothing about its
/// edition comes back by itself and is judged anew.
fn leave_behind(line: &Line, to: IdentityKind) -> bool {
    match (line.claim(), to) {
        (Claim::Private, IdentityKind::Work) => line.close(false, Text::MovedToWork),
        (Claim::Work | Claim::OnPrem, IdentityKind::Private) => {
            line.close(false, Text::MovedToPrivate)
        }
        (Claim::Unknown, _) => line.hang_up(),
        (Claim::Private, IdentityKind::Private)
        | (Claim::Work | Claim::OnPrem, IdentityKind::Work) => false,
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

const SHARDS: usize = 64;
