//! Values, medians, ratios and goals, and the tables that show them.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::subject::Kind;
use crate::clock;
use crate::machine;
use crate::numbers::{median, ratio};

mod goals;

pub use goals::{Bound, GOALS};

/// Something that is measured.
pub struct Line {
    /// Its name in the code and in JSON.
    pub key: &'static str,
    /// What it is.
    pub text: &'static str,
    /// In which unit.
    pub unit: &'static str,
    /// Digits after the point.
    pub digits: usize,
}

/// All values, by what and by whom, one per round.
#[derive(Debug, Default)]
pub struct Results {
    values: BTreeMap<(&'static str, Kind), Vec<f64>>,
}

impl Results {
    /// Notes the value of a round.
    pub fn note(&mut self, key: &'static str, kind: Kind, value: f64) {
        self.values.entry((key, kind)).or_default().push(value);
    }

    /// Adds to a count that is kept over all rounds.
    pub fn add(&mut self, key: &'static str, kind: Kind, count: u64) {
        let values = self.values.entry((key, kind)).or_insert_with(|| vec![0.0]);
        if let Some(sum) = values.first_mut() {
            *sum += ratio(count, 1);
        }
    }

    /// The value of this round.
    pub fn latest(&self, key: &'static str, kind: Kind) -> f64 {
        let values = self.values.get(&(key, kind));
        values
            .and_then(|values| values.last())
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// All rounds together; zero if nothing was noted.
    pub fn sum(&self, key: &'static str, kind: Kind) -> f64 {
        self.values
            .get(&(key, kind))
            .map_or(0.0, |values| values.iter().sum())
    }

    /// The median over the rounds.
    pub fn median(&self, key: &'static str, kind: Kind) -> f64 {
        median(self.values.get(&(key, kind)).map_or(&[], Vec::as_slice))
    }

    /// The median of the ratios of the rounds: what is compared was measured side by side.
    pub fn ratio(&self, key: &'static str, ours: Kind, other: Kind) -> f64 {
        let (Some(ours), Some(others)) = (
            self.values.get(&(key, ours)),
            self.values.get(&(key, other)),
        ) else {
            return f64::NAN;
        };
        let ratios: Vec<f64> = ours
            .iter()
            .zip(others)
            .map(|(ours, other)| ours / other)
            .collect();
        median(&ratios)
    }

    /// Every line: the medians, and ours by each of the others.
    pub fn table(&self, kinds: &[Kind]) -> String {
        let mut text = String::from("| measured | unit |");
        for kind in kinds {
            let _ = write!(text, " {} |", kind.name());
            if *kind != Kind::Ours {
                let _ = write!(text, " ours/{} |", kind.name());
            }
        }
        text.push_str("\n|---|---|");
        text.push_str(&"---:|".repeat(kinds.len() * 2 - 1));
        text.push('\n');
        for line in &LINES {
            let has_value = |kind: &Kind| self.values.contains_key(&(line.key, *kind));
            if !kinds.iter().any(has_value) {
                continue;
            }
            let _ = write!(text, "| {} | {} |", line.text, line.unit);
            for kind in kinds {
                let value = self.median(line.key, *kind);
                let _ = write!(text, " {} |", shown(value, line.digits));
                if *kind != Kind::Ours {
                    let ratio = self.ratio(line.key, Kind::Ours, *kind);
                    let _ = write!(text, " {} |", shown(ratio, digits_of_ratio(ratio)));
                }
            }
            text.push('\n');
        }
        text
    }

    /// Every goal: what is asked, what is reached.
    pub fn goals(&self) -> String {
        let mut text =
            String::from("| goal | measured | asked | reached | |\n|---|---|---:|---:|---|\n");
        for goal in &GOALS {
            let reached = self.reached(goal.key, goal.bound);
            let (asked, verdict) = match (goal.bound.asked(), goal.bound.is_met(reached)) {
                (asked, None) => (asked, "not measured"),
                (asked, Some(true)) => (asked, "met"),
                (asked, Some(false)) => (asked, "**missed**"),
            };
            let digits = digits_of_ratio(reached);
            let _ = writeln!(
                text,
                "| {} | {} | {asked} | {} | {verdict} |",
                goal.name,
                goal.text,
                shown(reached, digits)
            );
        }
        text
    }

    fn reached(&self, key: &'static str, bound: Bound) -> f64 {
        match bound {
            Bound::AtMost(_) => self.median(key, Kind::Ours),
            Bound::RatioAtMost(other, _) | Bound::RatioAtLeast(other, _) => {
                self.ratio(key, Kind::Ours, other)
            }
        }
    }

    /// Everything, for programs.
    pub fn json(&self) -> Value {
        let mut values = serde_json::Map::new();
        for ((key, kind), rounds) in &self.values {
            let of_key = values.entry(*key).or_insert_with(|| json!({}));
            of_key[kind.name()] = json!(rounds);
        }
        let goals: Vec<Value> = GOALS
            .iter()
            .map(|goal| {
                let reached = self.reached(goal.key, goal.bound);
                json!({
                    "goal": goal.name,
                    "measured": goal.key,
                    "asked": goal.bound.asked(),
                    "reached": if reached.is_nan() { Value::Null } else { json!(reached) },
                    "met": goal.bound.is_met(reached),
                })
            })
            .collect();
        json!({
            "date": clock::today(),
            "machine": machine::description(),
            "values": values,
            "goals": goals,
        })
    }
}

fn shown(value: f64, digits: usize) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else {
        format!("{value:.digits$}")
    }
}

/// Small ratios need more digits to say something.
fn digits_of_ratio(ratio: f64) -> usize {
    match ratio.abs() {
        small if small < 0.1 => 3,
        middle if middle < 10.0 => 2,
        _ => 1,
    }
}

const fn line(key: &'static str, text: &'static str, unit: &'static str, digits: usize) -> Line {
    Line {
        key,
        text,
        unit,
        digits,
    }
}

/// Everything that is measured, in the order of the table.
pub const LINES: [Line; 40] = [
    line(
        "cpu_100",
        "CPU per message, 100 connections, 100 B",
        "us",
        1,
    ),
    line("cpu_1k", "CPU per message, 100 connections, 1 KiB", "us", 1),
    line(
        "cpu_1000",
        "CPU per message, 1,000 connections, 100 B",
        "us",
        1,
    ),
    line("cpu_2000", "CPU per message at 2,000/s", "us", 0),
    line("cpu_500", "CPU per message at 500/s", "us", 0),
    line("rate_100", "messages, 100 connections", "1/s", 0),
    line("rate_1000", "messages, 1,000 connections", "1/s", 0),
    line("ack_50_500", "send to ack at 500/s, p50", "ms", 2),
    line("ack_99_500", "send to ack at 500/s, p99", "ms", 2),
    line("arrival_50_500", "send to receive at 500/s, p50", "ms", 2),
    line("arrival_99_500", "send to receive at 500/s, p99", "ms", 2),
    line("ack_50_2000", "send to ack at 2,000/s, p50", "ms", 2),
    line("ack_99_2000", "send to ack at 2,000/s, p99", "ms", 2),
    line(
        "arrival_50_2000",
        "send to receive at 2,000/s, p50",
        "ms",
        2,
    ),
    line(
        "arrival_99_2000",
        "send to receive at 2,000/s, p99",
        "ms",
        2,
    ),
    line("sync_ms", "fdatasync of the minute, p50", "ms", 3),
    line(
        "arrival_syncs",
        "send to receive at 2,000/s, p50",
        "fdatasyncs",
        1,
    ),
    line("login_us", "CPU per login", "us", 0),
    line("login_rate", "logins", "1/s", 0),
    line("x25519_us", "X25519 of a login, this minute", "us", 0),
    line("login_x25519", "CPU per login", "X25519 of a login", 2),
    line("enqueue_rate", "enqueue, receivers away", "1/s", 0),
    line("enqueue_us", "CPU per message enqueued", "us", 1),
    line("drain_rate", "drain", "1/s", 0),
    line("drain_us", "CPU per message drained", "us", 1),
    line("idle_kib", "memory per idle connection", "KiB", 2),
    line("idle_percent", "CPU of all idle connections", "%", 2),
    line("start_ms", "start to first TCP connection", "ms", 0),
    line("ready_ms", "start to first login", "ms", 0),
    line("pss_mib", "memory after the start", "MiB", 1),
    line("binary_mib", "binary", "MiB", 1),
    line("import_rate", "import of people", "1/s", 0),
    line("crowd_start_ms", "start to TCP, 1,000,000 queued", "ms", 0),
    line(
        "crowd_ready_ms",
        "start to login, 1,000,000 queued",
        "ms",
        0,
    ),
    line("crowd_pss_mib", "memory, 1,000,000 queued", "MiB", 1),
    line("lost", "acknowledged and lost, all phases", "messages", 0),
    line("duplicates", "arrived twice, all phases", "messages", 0),
    line("disordered", "out of order, all phases", "messages", 0),
    line(
        "kill_lost",
        "acknowledged and lost after kill -9",
        "messages",
        0,
    ),
    line(
        "kill_duplicates",
        "arrived twice after kill -9",
        "messages",
        0,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_round_by_round() {
        let mut results = Results::default();
        for (ours, relay) in [(1.0, 1.0), (20.0, 10.0), (300.0, 100.0)] {
            results.note("cpu_100", Kind::Ours, ours);
            results.note("cpu_100", Kind::Relay, relay);
        }
        let ratio = results.ratio("cpu_100", Kind::Ours, Kind::Relay);
        assert!((ratio - 2.0).abs() < 1e-9);
        let table = results.table(&[Kind::Ours, Kind::Relay]);
        assert!(
            table.contains("100 B | us | 20.0 | 10.0 | 2.00 |"),
            "{table}"
        );
        assert!(results.goals().contains("**missed**"));
    }

    #[test]
    fn every_goal_has_a_line() {
        for goal in &GOALS {
            assert!(
                LINES.iter().any(|line| line.key == goal.key),
                "{}",
                goal.key
            );
        }
    }
}
