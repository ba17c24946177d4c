//! Who may try to log in: limits on connections and on handshakes in progress.
//!
//! A handshake that has not said hello holds one of a limited number of places. When they run out,
//! the oldest waits no longer: an attacker with many addresses pushes out his own sockets, and a
//! client that speaks at once gets through (reliability.md G-S4).

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use crate::app::Clock;
use crate::app::limits::{Buckets, Network, Opening, Openings, Rate};
use crate::config::chat::Chat;

/// Shared by all listeners; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    connections: Openings,
    handshakes: Openings,
    rate: Buckets<Network>,
    waiting: Mutex<VecDeque<Weak<Notify>>>,
    waiting_max: usize,
    loopback_exempt: bool,
}

/// The right to try; what it counts is counted until its parts are dropped.
#[derive(Debug)]
pub struct Pass {
    /// Lasts as long as the connection.
    pub connection: Option<Opening>,
    /// Lasts until the login.
    pub handshake: Handshaking,
}

/// A handshake in progress.
#[derive(Debug)]
pub struct Handshaking {
    _opening: Option<Opening>,
    /// Rings when the place is needed for somebody else.
    pub evicted: Arc<Notify>,
}

impl Gate {
    /// The limits of the configuration.
    pub fn new(chat: &Chat) -> Self {
        let per_minute = u64::from(chat.handshakes_per_ip_minute_max);
        let rate = Rate {
            count: per_minute,
            per: Duration::from_mins(1),
        };
        let exempt = chat.loopback_exempt;
        Self(Arc::new(Inner {
            connections: Openings::new(chat.connections_max, chat.connections_per_ip_max, exempt),
            handshakes: Openings::new(usize::MAX, chat.handshakes_per_ip_max, exempt),
            rate: Buckets::new(rate, NETWORKS_MAX),
            waiting: Mutex::default(),
            waiting_max: chat.handshakes_max,
            loopback_exempt: exempt,
        }))
    }

    /// Lets a new connection try, or not.
    pub fn pass(&self, clock: &Clock, address: IpAddr) -> Option<Pass> {
        let inner = &self.0;
        let is_exempt = inner.loopback_exempt && address.to_canonical().is_loopback();
        if !is_exempt && !inner.rate.take(Network::of(address), 1, clock.uptime()) {
            return None;
        }
        let connection = Some(inner.connections.open(address)?);
        let opening = Some(inner.handshakes.open(address)?);
        let evicted = Arc::new(Notify::new());
        self.wait_in_line(&evicted);
        Some(Pass {
            connection,
            handshake: Handshaking {
                _opening: opening,
                evicted,
            },
        })
    }

    fn wait_in_line(&self, evicted: &Arc<Notify>) {
        let inner = &self.0;
        let mut waiting = inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= inner.waiting_max {
            waiting.retain(|it| it.strong_count() > 0);
        }
        if waiting.len() >= inner.waiting_max
            && let Some(oldest) = waiting.pop_front().and_then(|it| it.upgrade())
        {
            metrics::counter!("chat_handshakes_evicted_total").increment(1);
            oldest.notify_one();
        }
        waiting.push_back(Arc::downgrade(evicted));
    }
}

impl Pass {
    /// A pass that counts nothing, for streams that were admitted elsewhere.
    pub fn unlimited() -> Self {
        let handshake = Handshaking {
            _opening: None,
            evicted: Arc::new(Notify::new()),
        };
        Self {
            connection: None,
            handshake,
        }
    }
}

const NETWORKS_MAX: usize = 100_000;
