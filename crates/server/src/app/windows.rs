//! Strict limits for rare things: never more than so many within any stretch of a period.
//!
//! A token bucket ([`super::limits::Buckets`]) lets almost twice its rate through in its first
//! period. Where each event costs money or is a guess at a six-digit code, that is too many.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::limits::Rate;

/// What happened lately, one list per key, bounded like the buckets: a full table forgets the keys
/// whose events have all passed, and otherwise refuses.
#[derive(Debug)]
pub struct Windows<K> {
    rate: Rate,
    keys_max: usize,
    table: Mutex<HashMap<K, VecDeque<Event>>>,
}

#[derive(Debug, Clone, Copy)]
struct Event {
    at: Duration,
    count: u64,
}

impl<K: Eq + Hash + Copy> Windows<K> {
    /// At most `rate.count` in any period, and a limit on the size of the table.
    pub fn new(count: u64, per: Duration, keys_max: usize) -> Self {
        Self {
            rate: Rate { count, per },
            keys_max,
            table: Mutex::new(HashMap::new()),
        }
    }

    /// Notes `count` events of `key`, or none if that would be too many.
    pub fn take(&self, key: K, count: u64, now: Duration) -> bool {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let per = self.rate.per;
        if !table.contains_key(&key) && table.len() >= self.keys_max {
            table.retain(|_, events| {
                events
                    .back()
                    .is_some_and(|it| now.saturating_sub(it.at) < per)
            });
            if table.len() >= self.keys_max {
                return false;
            }
        }
        let events = table.entry(key).or_default();
        while events
            .front()
            .is_some_and(|it| now.saturating_sub(it.at) >= per)
        {
            events.pop_front();
        }
        let used = events
            .iter()
            .fold(0, |sum: u64, it| sum.saturating_add(it.count));
        let fits = used.saturating_add(count) <= self.rate.count;
        match events.back_mut() {
            // Events of one moment are one entry: the list is as long as the rate at most anyway.
            Some(last) if fits && last.at == now => last.count += count,
            _ if fits && count > 0 => events.push_back(Event { at: now, count }),
            _ => {}
        }
        if events.is_empty() {
            table.remove(&key);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn no_stretch_of_a_period_has_more() {
        let windows = Windows::new(3, HOUR, 10);
        let minute = |it: u64| Duration::from_mins(it);
        let let_through: Vec<_> = (0..180)
            .filter(|it| windows.take(1, 1, minute(*it)))
            .collect();
        assert_eq!(let_through, [0, 1, 2, 60, 61, 62, 120, 121, 122]);
        assert!(windows.take(2, 3, minute(0)), "another key is another list");
        assert!(!windows.take(2, 1, minute(59)));
    }

    #[test]
    fn weights_count_and_a_refused_event_costs_nothing() {
        let windows = Windows::new(100, HOUR, 10);
        assert!(windows.take(1, 60, Duration::ZERO));
        assert!(!windows.take(1, 41, Duration::ZERO));
        assert!(windows.take(1, 40, Duration::ZERO));
        assert!(!windows.take(1, u64::MAX, HOUR));
        assert!(windows.take(1, 100, HOUR));
    }

    #[test]
    fn a_full_table_forgets_only_what_has_passed() {
        let windows = Windows::new(1, HOUR, 2);
        assert!(windows.take(1, 1, Duration::ZERO));
        assert!(windows.take(2, 1, HOUR / 2));
        assert!(!windows.take(3, 1, HOUR / 2));
        assert!(windows.take(3, 1, HOUR), "the list of key 1 is empty now");
        assert!(!windows.take(2, 1, HOUR), "key 2 is remembered");
    }
}
