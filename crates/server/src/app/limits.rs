//! Rates: a bounded table of token buckets, and counters of open connections.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An address as limits see it: IPv4 as it is, IPv6 by its /64 network, because one subscriber
/// usually has a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The network an address belongs to.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(it) => Self(IpAddr::V6(Ipv6Addr::from_bits(
                it.to_bits() & !u128::from(u64::MAX),
            ))),
            v4 @ IpAddr::V4(_) => Self(v4),
        }
    }
}

/// How many events are allowed per period. A full bucket allows a burst of that many.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Events per period and at once.
    pub count: u64,
    /// The period.
    pub per: Duration,
}

/// Token buckets, one per key, of one rate. Bounded: when the table is full, buckets that have
/// refilled are forgotten first, and if none has, the event is refused.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    keys_max: usize,
    table: Mutex<HashMap<K, Bucket>>,
}

/// Filled up to `rate.count` thousandths of tokens.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    millitokens: u128,
    at: Duration,
}

impl<K: Eq + Hash + Copy> Buckets<K> {
    /// A table with a limit on its own size.
    pub fn new(rate: Rate, keys_max: usize) -> Self {
        Self {
            rate,
            keys_max,
            table: Mutex::new(HashMap::new()),
        }
    }

    /// Takes `count` tokens of `key`, or none if there are not enough.
    pub fn take(&self, key: K, count: u64, now: Duration) -> bool {
        let rate = self.rate;
        let wanted = u128::from(count) * 1000;
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if !table.contains_key(&key) && table.len() >= self.keys_max {
            table.retain(|_, bucket| !bucket.refilled(rate, now));
            if table.len() >= self.keys_max {
                return false;
            }
        }
        let bucket = table.entry(key).or_insert(Bucket {
            millitokens: u128::from(rate.count) * 1000,
            at: now,
        });
        bucket.refill(rate, now);
        let enough = bucket.millitokens >= wanted;
        if enough {
            bucket.millitokens -= wanted;
        }
        enough
    }

    /// Gives `count` tokens of `key` back: what they were taken for does not count after all.
    pub fn give_back(&self, key: K, count: u64) {
        let full = u128::from(self.rate.count) * 1000;
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = table.get_mut(&key) {
            bucket.millitokens = (bucket.millitokens + u128::from(count) * 1000).min(full);
        }
    }
}

impl Bucket {
    fn refill(&mut self, rate: Rate, now: Duration) {
        let elapsed = now.saturating_sub(self.at).as_nanos();
        let full = u128::from(rate.count) * 1000;
        let gained = elapsed * full / rate.per.as_nanos().max(1);
        if self.millitokens + gained >= full {
            *self = Self {
                millitokens: full,
                at: now,
            };
        } else if gained > 0 {
            self.millitokens += gained;
            // Only the time that was paid out is used up, so that a slow rate loses nothing.
            let used = gained * rate.per.as_nanos() / full;
            self.at += Duration::from_nanos(u64::try_from(used).unwrap_or(u64::MAX));
        }
    }

    fn refilled(mut self, rate: Rate, now: Duration) -> bool {
        self.refill(rate, now);
        self.millitokens >= u128::from(rate.count) * 1000
    }
}

/// Counts what is open now, in all and per network.
#[derive(Debug, Clone)]
pub struct Openings(Arc<Mutex<Counts>>);

#[derive(Debug)]
struct Counts {
    all: usize,
    all_max: usize,
    per_network: HashMap<Network, usize>,
    per_network_max: usize,
    loopback_exempt: bool,
}

/// One thing that is open; counted until dropped.
#[derive(Debug)]
pub struct Opening {
    counts: Arc<Mutex<Counts>>,
    network: Option<Network>,
}

impl Openings {
    /// A counter with both limits. With `loopback_exempt`, this machine itself has only the first.
    pub fn new(all_max: usize, per_network_max: usize, loopback_exempt: bool) -> Self {
        Self(Arc::new(Mutex::new(Counts {
            all: 0,
            all_max,
            per_network: HashMap::new(),
            per_network_max,
            loopback_exempt,
        })))
    }

    /// Counts one more, or refuses.
    pub fn open(&self, address: IpAddr) -> Option<Opening> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.all >= counts.all_max {
            return None;
        }
        let exempt = counts.loopback_exempt && address.to_canonical().is_loopback();
        let network = (!exempt).then(|| Network::of(address));
        if let Some(network) = network {
            let max = counts.per_network_max;
            let count = counts.per_network.entry(network).or_insert(0);
            if *count >= max {
                return None;
            }
            *count += 1;
        }
        counts.all += 1;
        Some(Opening {
            counts: Arc::clone(&self.0),
            network,
        })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all = counts.all.saturating_sub(1);
        if let Some(network) = self.network {
            let left = counts.per_network.get_mut(&network).map(|count| {
                *count = count.saturating_sub(1);
                *count
            });
            if left == Some(0) {
                counts.per_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let rate = Rate {
            count: 2,
            per: HOUR,
        };
        let buckets = Buckets::new(rate, 10);
        let take = || buckets.take(1, 1, Duration::ZERO);
        buckets.give_back(1, 5);
        assert!(take() && take() && !take());
        buckets.give_back(1, 1);
        assert!(take() && !take());
        buckets.give_back(1, 9);
        assert!(take() && take() && !take(), "never more than full");
    }

    #[test]
    fn a_bucket_empties_and_refills() {
        let buckets = Buckets::new(
            Rate {
                count: 5,
                per: HOUR,
            },
            10,
        );
        assert_eq!(
            (0..9)
                .filter(|_| buckets.take(1, 1, Duration::ZERO))
                .count(),
            5
        );
        assert!(
            buckets.take(2, 5, Duration::ZERO),
            "another key has a bucket of its own"
        );
        assert!(buckets.take(1, 1, HOUR / 5));
        assert!(!buckets.take(1, 1, HOUR / 5));
        assert!(buckets.take(1, 5, HOUR * 3));
    }

    #[test]
    fn a_slow_trickle_is_not_rounded_away() {
        let buckets = Buckets::new(
            Rate {
                count: 1,
                per: HOUR,
            },
            10,
        );
        assert!(buckets.take(1, 1, Duration::ZERO));
        for second in 1..3600 {
            assert!(!buckets.take(1, 1, Duration::from_secs(second)));
        }
        assert!(buckets.take(1, 1, HOUR + Duration::from_secs(1)));
    }

    #[test]
    fn a_full_table_forgets_only_who_is_rested() {
        let buckets = Buckets::new(
            Rate {
                count: 2,
                per: HOUR,
            },
            2,
        );
        assert!(buckets.take(1, 2, Duration::ZERO));
        assert!(buckets.take(2, 1, Duration::ZERO));
        assert!(!buckets.take(3, 1, Duration::ZERO));
        assert!(buckets.take(3, 1, HOUR / 2), "key 2 is full again");
        assert!(!buckets.take(1, 2, HOUR / 2), "key 1 is remembered");
    }

    #[test]
    fn a_network_of_ipv6_is_its_first_half() {
        let a = Network::of("2001:db8::1".parse().unwrap());
        assert_eq!(a, Network::of("2001:db8::ffff:0:0:1".parse().unwrap()));
        assert_ne!(a, Network::of("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(
            Network::of("::ffff:10.0.0.1".parse().unwrap()),
            Network::of("10.0.0.1".parse().unwrap())
        );
    }

    #[test]
    fn openings_count_down_when_dropped() {
        let openings = Openings::new(3, 2, true);
        let (a, b) = ("10.0.0.1".parse().unwrap(), "127.0.0.1".parse().unwrap());
        let first = openings.open(a).unwrap();
        let _second = openings.open(a).unwrap();
        assert!(openings.open(a).is_none(), "two per network");
        let _third = openings.open(b).unwrap();
        assert!(openings.open(b).is_none(), "three in all");
        drop(first);
        assert_eq!(openings.count(), 2);
        assert!(openings.open(b).is_some());
        assert!(openings.open(a).is_some());
    }
}
