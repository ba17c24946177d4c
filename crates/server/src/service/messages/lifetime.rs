//! How long undelivered messages live, on a clock that no jump of the wall clock can move.
//!
//! reliability.md, I12: a message expires only when the wall clock and the time for which the
//! server really ran agree. Steady time starts as wall time on the very first start and from then
//! on advances only while the server runs; it is saved now and then, so that it never falls back
//! by more than that.

use dreiklang_store::{Error, Store};

use crate::app::Clock;
use crate::config::chat::Chat;

/// The lifetimes of messages and the steady clock they are measured on, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    /// Steady time minus uptime.
    base: i64,
    normal: i64,
    short_lived: i64,
}

impl Lifetime {
    /// Takes up the steady clock where the store has it.
    pub async fn load(store: &Store, clock: &Clock, chat: &Chat) -> Result<Self, Error> {
        let saved = store.instance_value(KEY).await?;
        let saved = saved.and_then(|it| Some(i64::from_be_bytes(it.as_slice().try_into().ok()?)));
        let start = saved.unwrap_or_else(|| clock.now().0);
        Ok(Self {
            base: start.saturating_sub(uptime_ms(clock)),
            normal: i64::from(chat.queue_ttl_days) * DAY_MS,
            short_lived: i64::from(chat.short_lived_ttl_s) * 1000,
        })
    }

    /// Steady time.
    pub fn steady_ms(&self, clock: &Clock) -> i64 {
        self.base.saturating_add(uptime_ms(clock))
    }

    /// When a message that is accepted now may be deleted undelivered.
    pub fn expires_at(&self, clock: &Clock, is_short_lived: bool) -> i64 {
        let ttl = if is_short_lived {
            self.short_lived
        } else {
            self.normal
        };
        self.steady_ms(clock).saturating_add(ttl)
    }

    /// What has its time of expiry before this has expired, on both clocks.
    pub fn expiry_ms(&self, clock: &Clock) -> i64 {
        self.steady_ms(clock).min(clock.now().0)
    }

    /// Saves the steady clock.
    pub async fn save(&self, store: &Store, clock: &Clock) -> Result<(), Error> {
        let bytes = self.steady_ms(clock).to_be_bytes();
        store
            .write(move |tx| Box::pin(async move { tx.set_instance_value(KEY, &bytes).await }))
            .await
    }
}

fn uptime_ms(clock: &Clock) -> i64 {
    i64::try_from(clock.uptime().as_millis()).unwrap_or(i64::MAX)
}

const KEY: &str = "steady-clock-ms";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
