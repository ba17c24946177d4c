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
