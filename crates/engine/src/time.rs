//! Points in time as the driver tells them; the engine never asks a clock.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The point `ms` milliseconds after 1970 began.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms)
    }

    /// The point `seconds` seconds after 1970 began.
    pub fn from_seconds(seconds: u32) -> Self {
        Self(u64::from(seconds).saturating_mul(1_000))
    }

    /// Milliseconds since 1970 began.
    pub const fn as_ms(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970 began, as chat headers carry them.
    pub fn as_seconds(self) -> u32 {
        u32::try_from(self.0 / 1_000).unwrap_or(u32::MAX)
    }

    /// The point `ms` milliseconds later.
    #[must_use]
    pub const fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

/// A stretch of time in which something is left alone. A clock that was set back ends it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pause {
    from: Timestamp,
    ends_at: Timestamp,
}

impl Pause {
    pub(crate) fn new(from: Timestamp, ms: u64) -> Self {
        Self {
            from,
            ends_at: from.plus_ms(ms),
        }
    }

    pub(crate) fn is_over(self, now: Timestamp) -> bool {
        now < self.from || now >= self.ends_at
    }

    pub(crate) fn ends_at(self) -> Timestamp {
        self.ends_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_in_time_and_when_the_clock_is_set_back() {
        let pause = Pause::new(Timestamp::from_ms(1_000), 500);
        for (now, is_over) in [(999, true), (1_000, false), (1_499, false), (1_500, true)] {
            assert_eq!(pause.is_over(Timestamp::from_ms(now)), is_over, "{now}");
        }
        assert!(Pause::default().is_over(Timestamp::default()));
    }

    #[test]
    fn seconds_of_headers_do_not_overflow() {
        assert_eq!(Timestamp::from_ms(u64::MAX).as_seconds(), u32::MAX);
        assert_eq!(Timestamp::from_seconds(u32::MAX).as_seconds(), u32::MAX);
    }
}
