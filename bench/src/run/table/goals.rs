//! What is to be reached, mostly as ratios within one round, so that the machine cancels out.

use super::super::subject::Kind;

/// A bound on what is measured of our server.
pub struct Goal {
    /// Its number.
    pub name: &'static str,
    /// The line of the table.
    pub key: &'static str,
    /// What that is, in words.
    pub text: &'static str,
    /// The bound.
    pub bound: Bound,
}

/// Kinds of bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The value itself.
    AtMost(f64),
    /// The value by that of another server, in the same round.
    RatioAtMost(Kind, f64),
    /// The same the other way round, for rates.
    RatioAtLeast(Kind, f64),
}

impl Bound {
    /// Is it kept? `None` if there is nothing to compare.
    pub fn is_met(self, reached: f64) -> Option<bool> {
        if reached.is_nan() {
            return None;
        }
        Some(match self {
            Self::AtMost(most) | Self::RatioAtMost(_, most) => reached <= most,
            Self::RatioAtLeast(_, least) => reached >= least,
        })
    }

    /// What is asked, in words.
    pub fn asked(self) -> String {
        match self {
            Self::AtMost(most) => format!("<= {most}"),
            Self::RatioAtMost(other, most) => format!("<= {most:.3} x {}", other.name()),
            Self::RatioAtLeast(other, least) => format!(">= {least} x {}", other.name()),
        }
    }
}

const fn goal(name: &'static str, key: &'static str, text: &'static str, bound: Bound) -> Goal {
    Goal {
        name,
        key,
        text,
        bound,
    }
}

use Bound::{AtMost, RatioAtLeast, RatioAtMost};
use Kind::{Ejabberd, Mosquitto, Prosody, Relay};

/// The goals. G3 needs servers with a database behind them, which are not started here.
pub const GOALS: [Goal; 32] = [
    goal(
        "G1",
        "cpu_100",
        "CPU per message",
        RatioAtMost(Ejabberd, 0.1),
    ),
    goal(
        "G2",
        "cpu_1000",
        "CPU per message, 1,000 connections",
        RatioAtMost(Ejabberd, 1.0 / 7.0),
    ),
    goal(
        "G2",
        "cpu_1k",
        "CPU per message, 1 KiB",
        RatioAtMost(Ejabberd, 1.0 / 7.0),
    ),
    goal(
        "G4",
        "cpu_100",
        "CPU per message",
        RatioAtMost(Mosquitto, 0.8),
    ),
    goal("G5", "cpu_100", "CPU per message", RatioAtMost(Relay, 1.5)),
    goal(
        "G5",
        "cpu_1k",
        "CPU per message, 1 KiB",
        RatioAtMost(Relay, 1.5),
    ),
    goal(
        "G5",
        "cpu_1000",
        "CPU per message, 1,000 connections",
        RatioAtMost(Relay, 1.5),
    ),
    goal(
        "G6",
        "cpu_500",
        "CPU per message at 500/s",
        RatioAtMost(Ejabberd, 0.6),
    ),
    goal(
        "G7",
        "arrival_50_2000",
        "latency at 2,000/s, p50",
        RatioAtMost(Ejabberd, 1.1),
    ),
    goal(
        "G7",
        "arrival_99_2000",
        "latency at 2,000/s, p99",
        RatioAtMost(Ejabberd, 0.9),
    ),
    goal(
        "G7",
        "arrival_syncs",
        "latency at 2,000/s, p50, in fdatasyncs",
        AtMost(5.0),
    ),
    goal(
        "G8",
        "enqueue_rate",
        "enqueue rate",
        RatioAtLeast(Ejabberd, 20.0),
    ),
    goal(
        "G8",
        "enqueue_rate",
        "enqueue rate",
        RatioAtLeast(Prosody, 20.0),
    ),
    goal(
        "G8",
        "enqueue_us",
        "CPU per message enqueued",
        RatioAtMost(Ejabberd, 0.02),
    ),
    goal(
        "G8",
        "enqueue_us",
        "CPU per message enqueued",
        RatioAtMost(Prosody, 0.02),
    ),
    goal(
        "G8",
        "drain_rate",
        "drain rate",
        RatioAtLeast(Ejabberd, 5.0),
    ),
    goal("G8", "drain_rate", "drain rate", RatioAtLeast(Prosody, 5.0)),
    goal(
        "G9",
        "kill_lost",
        "acknowledged and lost after kill -9",
        AtMost(0.0),
    ),
    goal(
        "G9",
        "lost",
        "acknowledged and lost in all phases",
        AtMost(0.0),
    ),
    goal("G10", "idle_kib", "KiB per idle connection", AtMost(4.0)),
    goal(
        "G10",
        "idle_kib",
        "KiB per idle connection",
        RatioAtMost(Ejabberd, 1.0 / 12.0),
    ),
    goal(
        "G11",
        "login_x25519",
        "CPU per login, in X25519 of a login",
        AtMost(2.0),
    ),
    goal(
        "G11",
        "login_us",
        "CPU per login",
        RatioAtMost(Ejabberd, 0.2),
    ),
    goal(
        "G11",
        "login_us",
        "CPU per login",
        RatioAtMost(Prosody, 1.0 / 15.0),
    ),
    goal("G12", "pss_mib", "MiB after the start", AtMost(20.0)),
    goal(
        "G12",
        "pss_mib",
        "MiB after the start",
        RatioAtMost(Ejabberd, 0.25),
    ),
    goal("G12", "ready_ms", "ms to the first login", AtMost(200.0)),
    goal(
        "G12",
        "crowd_ready_ms",
        "ms to the first login, 1,000,000 people and messages",
        AtMost(2000.0),
    ),
    goal("G12", "binary_mib", "MiB of the binary", AtMost(15.0)),
    goal(
        "own",
        "duplicates",
        "arrived twice in all phases",
        AtMost(0.0),
    ),
    goal(
        "own",
        "disordered",
        "out of order in all phases",
        AtMost(0.0),
    ),
    goal(
        "own",
        "cpu_500",
        "CPU per message at 500/s",
        RatioAtMost(Relay, 1.5),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_go_the_right_way() {
        assert_eq!(AtMost(4.0).is_met(4.0), Some(true));
        assert_eq!(RatioAtMost(Relay, 1.5).is_met(1.6), Some(false));
        assert_eq!(RatioAtLeast(Relay, 5.0).is_met(5.1), Some(true));
        assert_eq!(AtMost(1.0).is_met(f64::NAN), None);
    }
}
