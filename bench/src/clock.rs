//! The clock of the measurements: the one place that reads it.

use std::sync::OnceLock;
use std::time::Instant;

/// Now, monotonic.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement is about time; no product code"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Nanoseconds since the first call in this process: one clock for senders and receivers.
pub fn nanos() -> u64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    let elapsed = now().duration_since(*ORIGIN.get_or_init(now));
    u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX)
}

/// Microseconds from then to now, for lists of latencies.
pub fn micros_since(then_ns: u64) -> u32 {
    u32::try_from(nanos().saturating_sub(then_ns) / 1000).unwrap_or(u32::MAX)
}

/// The date of today in UTC, for the report.
#[expect(
    clippy::disallowed_methods,
    reason = "a report has a date; no product code"
)]
pub fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    date(since.map_or(0, |since| since.as_secs() / 86_400))
}

/// A day since 1970 in the Gregorian calendar.
fn date(mut days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(59), "1970-03-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_780), "2026-11-23");
    }

    #[test]
    fn time_does_not_go_back() {
        let first = nanos();
        assert!(nanos() >= first);
        assert!(micros_since(first) < 60_000_000);
    }
}
