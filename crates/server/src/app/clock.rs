//! The only clock of the server: wall time for people, monotonic time for deadlines.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// A later moment; stays at the end of time instead of overflowing.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

/// Tells the time. Clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System { start: Instant },
    Manual(Arc<Manual>),
}

#[derive(Debug, Default)]
struct Manual {
    wall_ms: AtomicI64,
    monotonic_ms: AtomicI64,
}

impl Clock {
    /// The clock of the machine.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the only clock of the server"
    )]
    pub fn system() -> Self {
        Self(Source::System {
            start: Instant::now(),
        })
    }

    /// A clock that moves only when told, for tests.
    pub fn manual(start: UnixMillis) -> Self {
        let manual = Manual::default();
        manual.wall_ms.store(start.0, Ordering::Relaxed);
        Self(Source::Manual(Arc::new(manual)))
    }

    /// Wall time: may jump.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the only clock of the server"
    )]
    pub fn now(&self) -> UnixMillis {
        UnixMillis(match &self.0 {
            Source::System { .. } => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX)),
            Source::Manual(manual) => manual.wall_ms.load(Ordering::Relaxed),
        })
    }

    /// Time since the start of the process: never jumps.
    pub fn uptime(&self) -> Duration {
        match &self.0 {
            Source::System { start } => start.elapsed(),
            Source::Manual(manual) => Duration::from_millis(
                u64::try_from(manual.monotonic_ms.load(Ordering::Relaxed)).unwrap_or(0),
            ),
        }
    }

    /// Lets time pass on a manual clock; a system clock ignores it.
    pub fn advance(&self, duration: Duration) {
        if let Source::Manual(manual) = &self.0 {
            let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
            manual.wall_ms.fetch_add(ms, Ordering::Relaxed);
            manual.monotonic_ms.fetch_add(ms, Ordering::Relaxed);
        }
    }

    /// Sets the wall of a manual clock without letting time pass; a system clock ignores it.
    pub fn jump(&self, to: UnixMillis) {
        if let Source::Manual(manual) = &self.0 {
            manual.wall_ms.store(to.0, Ordering::Relaxed);
        }
    }
}
