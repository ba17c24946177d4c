//! The only clock and the only timers of the client.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_engine::Timestamp;
use n0_future::time::SystemTime;
pub(crate) use n0_future::time::{Instant, Sleep, sleep, sleep_until, timeout};

/// Tells the time; a test brings its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::new(|| {
            #[expect(clippy::disallowed_methods, reason = "this is the client's only clock")]
            let since_1970 = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            Timestamp::from_ms(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
        })
    }

    /// A clock of the caller's.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }

    /// How long until `at`; zero if it has passed.
    pub(crate) fn until(&self, at: Timestamp) -> Duration {
        Duration::from_millis(at.as_ms().saturating_sub(self.now().as_ms()))
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
