//! One round of one server: start it, measure the parts that are wanted, stop it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Result, bail};

use super::scale::{CROWD_RECEIVERS, FIRST_AWAY, FIRST_OF_CROWD, Scale};
use super::subject::{Kind, Running, Subject};
use super::table::Results;
use super::{Arguments, Part, REST};
use crate::clock::now;
use crate::load::offline::{self, Progress};
use crate::load::pairs::{self, Outcome, Pace};
use crate::load::{idle, logins};
use crate::machine::{file_mib, pss_kib};
use crate::numbers::percentile;
use crate::say;
use crate::talk::Connection;

/// Measures one server once.
pub(super) async fn run(
    subject: &Subject,
    scale: &Scale,
    arguments: &Arguments,
    results: &mut Results,
) -> Result<()> {
    let mut round = Round {
        kind: subject.kind,
        scale: scale.of(subject.kind),
        results,
    };
    let running = round.start(subject).await?;
    if arguments.wants(Part::Online) || arguments.wants(Part::Latency) {
        round.few(&running, arguments).await?;
    }
    if arguments.wants(Part::Online) {
        round.many(&running).await?;
    }
    if arguments.wants(Part::Login) {
        round.login(&running).await?;
    }
    if arguments.wants(Part::Offline) {
        round.offline(&running).await?;
    }
    running.stop()?;
    if arguments.wants(Part::Idle) {
        round.idle(subject).await?;
    }
    if arguments.wants(Part::Kill) && subject.kind.is_csp() {
        round.kill(subject).await?;
    }
    Ok(())
}

struct Round<'a> {
    kind: Kind,
    scale: Scale,
    results: &'a mut Results,
}

impl Round<'_> {
    fn note(&mut self, key: &'static str, value: f64) {
        self.results.note(key, self.kind, value);
    }

    async fn start(&mut self, subject: &Subject) -> Result<Running> {
        subject.tidy()?;
        let begun = now();
        let running = subject.start()?;
        self.note("start_ms", running.start_ms);
        drop(running.target.dial.open_ready(0).await?);
        let ready_ms = begun.elapsed().as_secs_f64() * 1000.0;
        self.note("ready_ms", ready_ms);
        tokio::time::sleep(REST).await;
        let memory = pss_kib(running.target.process)? / 1024.0;
        self.note("pss_mib", memory);
        say(&format!(
            "  start {:.0} ms, first login {ready_ms:.0} ms, memory {memory:.1} MiB",
            running.start_ms
        ));
        if self.kind.is_csp() {
            self.note("binary_mib", file_mib(subject.program())?);
        }
        Ok(running)
    }

    /// A hundred connections: as fast as they can, with small and large messages, then at fixed
    /// rates.
    async fn few(&mut self, running: &Running, arguments: &Arguments) -> Result<()> {
        let mut connections = running.target.open_all(0..FEW).await?;
        let online = self.scale.online;
        if arguments.wants(Part::Online) {
            let warm = plan(100, Pace::Window(WINDOW), online / 10);
            (_, connections) = self.phase(running, connections, "warm-up", warm).await?;
            let small = plan(100, Pace::Window(WINDOW), online);
            let (outcome, back) = self.phase(running, connections, "100 B", small).await?;
            connections = back;
            self.note("cpu_100", outcome.cpu_us);
            self.note("rate_100", outcome.rate());
            let large = plan(1024, Pace::Window(WINDOW), online / 2);
            let (outcome, back) = self.phase(running, connections, "1 KiB", large).await?;
            connections = back;
            self.note("cpu_1k", outcome.cpu_us);
        }
        if arguments.wants(Part::Latency) {
            for (rate, keys) in RATES {
                if rate > 500 && self.kind == Kind::Prosody {
                    continue;
                }
                let paced = plan(100, Pace::PerSecond(rate), rate * self.scale.latency_s);
                let title = format!("{rate}/s");
                let (outcome, back) = self.phase(running, connections, &title, paced).await?;
                connections = back;
                self.latency(keys, &outcome);
            }
        }
        Ok(())
    }

    fn latency(&mut self, keys: [&'static str; 5], outcome: &Outcome) {
        let [cpu, ack_50, ack_99, arrival_50, arrival_99] = keys;
        let ms = |sorted: &[u32], thousandths| percentile(sorted, thousandths) / 1000.0;
        self.note(cpu, outcome.cpu_us);
        self.note(ack_50, ms(&outcome.to_acknowledgement, 500));
        self.note(ack_99, ms(&outcome.to_acknowledgement, 990));
        self.note(arrival_50, ms(&outcome.to_arrival, 500));
        self.note(arrival_99, ms(&outcome.to_arrival, 990));
        if cpu == "cpu_2000" {
            let sync_ms = self.results.latest("sync_ms", self.kind);
            let arrival = ms(&outcome.to_arrival, 500);
            self.note("arrival_syncs", arrival / sync_ms);
        }
    }

    async fn many(&mut self, running: &Running) -> Result<()> {
        let connections = running.target.open_all(0..self.scale.many).await?;
        let messages = self.scale.online / 2;
        let title = format!("{} connections", self.scale.many);
        let warm = plan(100, Pace::Window(WINDOW_OF_MANY), messages / 10);
        let (_, connections) = self.phase(running, connections, "warm-up", warm).await?;
        let crowded = plan(100, Pace::Window(WINDOW_OF_MANY), messages);
        let (outcome, _) = self.phase(running, connections, &title, crowded).await?;
        self.note("cpu_1000", outcome.cpu_us);
        self.note("rate_1000", outcome.rate());
        Ok(())
    }

    async fn phase(
        &mut self,
        running: &Running,
        connections: Vec<Connection>,
        title: &str,
        plan: pairs::Plan,
    ) -> Result<(Outcome, Vec<Connection>)> {
        let count = connections.len();
        let (outcome, back) = pairs::run(&running.target, connections, plan).await?;
        say(&format!("  {title}: {outcome}"));
        self.results.add("lost", self.kind, outcome.lost);
        self.results
            .add("duplicates", self.kind, outcome.duplicates);
        self.results
            .add("disordered", self.kind, outcome.disordered);
        if back.len() < count || !outcome.is_complete() {
            bail!("{title}: not everything arrived in time");
        }
        Ok((outcome, back))
    }

    async fn login(&mut self, running: &Running) -> Result<()> {
        // Once each before, for caches on both sides.
        logins::run(&running.target, LOGIN_PEOPLE, LOGIN_PEOPLE).await?;
        let outcome = logins::run(&running.target, self.scale.logins, LOGIN_PEOPLE).await?;
        say(&format!("  {outcome}"));
        self.note("login_us", outcome.cpu_us);
        self.note("login_rate", outcome.rate);
        if self.kind.is_csp() {
            let x25519_us = self.results.latest("x25519_us", self.kind);
            self.note("login_x25519", outcome.cpu_us / x25519_us);
        }
        Ok(())
    }

    async fn offline(&mut self, running: &Running) -> Result<()> {
        let target = running.lasting();
        let plan = offline::Plan {
            messages: self.scale.offline,
            first_receiver: FIRST_AWAY,
            ..offline::Plan::default()
        };
        if self.kind == Kind::Mosquitto {
            // A broker keeps messages only for those who have asked for them once.
            let receivers = FIRST_AWAY..FIRST_AWAY + plan.receivers;
            drop(target.open_all(receivers).await?);
        }
        let enqueued = offline::enqueue(&target, &plan, &Progress::default()).await?;
        say(&format!("  enqueue: {enqueued}"));
        if !enqueued.is_complete {
            bail!("enqueue: not everything was acknowledged in time");
        }
        self.note("enqueue_rate", enqueued.rate);
        self.note("enqueue_us", enqueued.cpu_us);
        let drained = offline::drain(&target, &plan, &enqueued).await?;
        say(&format!("  drain: {drained}"));
        self.note("drain_rate", drained.rate);
        self.note("drain_us", drained.cpu_us);
        self.results.add("lost", self.kind, drained.lost);
        self.results
            .add("duplicates", self.kind, drained.duplicates);
        self.results
            .add("disordered", self.kind, drained.disordered);
        Ok(())
    }

    /// On a fresh start: memory that earlier loads have left free would be used again, and the
    /// connections would seem to cost nothing.
    async fn idle(&mut self, subject: &Subject) -> Result<()> {
        subject.tidy()?;
        let running = subject.start()?;
        drop(running.target.dial.open_ready(0).await?);
        tokio::time::sleep(REST).await;
        let (count, hold) = (self.scale.idle, self.scale.hold);
        let outcome = idle::run(&running.target, count, hold).await?;
        say(&format!("  idle: {outcome}"));
        if outcome.alive < count as usize {
            bail!("{} of {count} silent connections are left", outcome.alive);
        }
        self.note("idle_kib", outcome.kib_each);
        self.note("idle_percent", outcome.cpu_percent);
        running.stop()
    }

    /// Kills the server in the middle of an enqueue, starts it again, and looks for everything that
    /// it had acknowledged.
    async fn kill(&mut self, subject: &Subject) -> Result<()> {
        let plan = offline::Plan {
            messages: self.scale.offline,
            first_receiver: FIRST_AWAY,
            ..offline::Plan::default()
        };
        let running = subject.start()?;
        let progress = Progress::default();
        let half = u64::from(plan.messages / 2);
        let enqueueing = {
            let (target, plan) = (running.target.clone(), plan.clone());
            let progress = Arc::clone(&progress);
            tokio::spawn(async move { offline::enqueue(&target, &plan, &progress).await })
        };
        while progress.load(Ordering::Relaxed) < half && !enqueueing.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        running.kill()?;
        let enqueued = enqueueing.await??;
        let running = subject.start()?;
        let drained = offline::drain(&running.target, &plan, &enqueued).await?;
        say(&format!(
            "  killed after {}: {drained}",
            enqueued.acknowledged
        ));
        self.results.add("kill_lost", self.kind, drained.lost);
        self.results
            .add("kill_duplicates", self.kind, drained.duplicates);
        running.stop()
    }
}

/// Fills the server with people and queued messages, stops it, and starts it again.
pub(super) async fn start_with_crowd(
    subject: &Subject,
    scale: &Scale,
    results: &mut Results,
) -> Result<()> {
    let plan = offline::Plan {
        messages: scale.crowd,
        first_receiver: FIRST_AWAY,
        receivers: CROWD_RECEIVERS,
        ..offline::Plan::default()
    };
    if subject.kind == Kind::Ours {
        let begun = now();
        subject.register_crowd(FIRST_OF_CROWD, scale.crowd)?;
        let seconds = begun.elapsed().as_secs_f64();
        results.note(
            "import_rate",
            subject.kind,
            f64::from(scale.crowd) / seconds,
        );
    }
    subject.tidy()?;
    let running = subject.start()?;
    let enqueued = offline::enqueue(&running.target, &plan, &Progress::default()).await?;
    say(&format!("{}, crowd: {enqueued}", subject.kind.name()));
    running.stop()?;
    let begun = now();
    let running = subject.start()?;
    drop(running.target.dial.open(0, false).await?);
    let ready_ms = begun.elapsed().as_secs_f64() * 1000.0;
    tokio::time::sleep(REST).await;
    let memory = pss_kib(running.target.process)? / 1024.0;
    say(&format!(
        "  start {:.0} ms, first login {ready_ms:.0} ms, memory {memory:.1} MiB",
        running.start_ms
    ));
    results.note("crowd_start_ms", subject.kind, running.start_ms);
    results.note("crowd_ready_ms", subject.kind, ready_ms);
    results.note("crowd_pss_mib", subject.kind, memory);
    running.stop()
}

fn plan(size: usize, pace: Pace, messages: u32) -> pairs::Plan {
    pairs::Plan {
        size,
        pace,
        messages,
        limit: LIMIT,
    }
}

const FEW: u32 = 100;
const WINDOW: usize = 8;
const WINDOW_OF_MANY: usize = 2;
const LOGIN_PEOPLE: u32 = 1_000;
const LIMIT: Duration = Duration::from_mins(2);
const RATES: [(u32, [&str; 5]); 2] = [
    (
        500,
        [
            "cpu_500",
            "ack_50_500",
            "ack_99_500",
            "arrival_50_500",
            "arrival_99_500",
        ],
    ),
    (
        2_000,
        [
            "cpu_2000",
            "ack_50_2000",
            "ack_99_2000",
            "arrival_50_2000",
            "arrival_99_2000",
        ],
    ),
];
