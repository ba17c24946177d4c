//! Pairs of people who are all connected: the one sends, the other receives and acknowledges.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{SETTLING, Target, next_phase};
use crate::clock::{micros_since, nanos, now};
use crate::numbers::{float, percentile, ratio};
use crate::talk::{Connection, Event, Stamp};

/// One phase of sending.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Bytes of the sealed body.
    pub size: usize,
    /// How fast.
    pub pace: Pace,
    /// How many in all; rounded up to a multiple of the pairs.
    pub messages: u32,
    /// When to give up.
    pub limit: Duration,
}

/// How fast the senders send.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// Closed loop: so many of a pair are between sender and receiver.
    Window(usize),
    /// Open loop: so many per second in all, evenly spread, whatever comes back.
    PerSecond(u32),
}

/// What came of a phase.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Messages that were sent.
    pub sent: u64,
    /// Different messages that arrived.
    pub arrived: u64,
    /// Messages that the server acknowledged and that did not arrive.
    pub lost: u64,
    /// Messages that came again.
    pub duplicates: u64,
    /// Messages that came after a later one of the same sender.
    pub disordered: u64,
    /// Seconds from the first to the last.
    pub wall_s: f64,
    /// Microseconds of the server's time per message that arrived.
    pub cpu_us: f64,
    /// Microseconds from the write to the acknowledgement, sorted.
    pub to_acknowledgement: Vec<u32>,
    /// Microseconds from the write to the arrival, sorted.
    pub to_arrival: Vec<u32>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |sorted: &[u32], thousandths| percentile(sorted, thousandths) / 1000.0;
        write!(
            f,
            "sent {} arrived {} lost {} duplicates {} disordered {} rate {:.0}/s cpu {:.1} us \
             ack p50 {:.2} p99 {:.2} ms arrival p50 {:.2} p99 {:.2} ms",
            self.sent,
            self.arrived,
            self.lost,
            self.duplicates,
            self.disordered,
            ratio(self.arrived, 1) / self.wall_s,
            self.cpu_us,
            ms(&self.to_acknowledgement, 500),
            ms(&self.to_acknowledgement, 990),
            ms(&self.to_arrival, 500),
            ms(&self.to_arrival, 990),
        )
    }
}

/// Runs one phase over connections that are ready; even ones send to the next odd one. Returns the
/// connections for the next phase, unless one of them ended.
pub async fn run(
    target: &Target,
    connections: Vec<Connection>,
    plan: Plan,
) -> Result<(Outcome, Vec<Connection>)> {
    let phase = next_phase();
    let pairs = u32::try_from(connections.len() / 2)?.max(1);
    let each = plan.messages.div_ceil(pairs);
    let deadline = Instant::from_std(now() + plan.limit);
    let mut tasks = Vec::new();
    let (cpu, begun) = (target.cpu_seconds()?, now());
    let mut connections = connections.into_iter();
    let mut number = 0;
    while let (Some(sends), Some(receives)) = (connections.next(), connections.next()) {
        let way = Way {
            phase,
            from: number,
            count: each,
            plan,
            pairs,
            permits: Arc::new(Semaphore::new(match plan.pace {
                Pace::Window(window) => window,
                Pace::PerSecond(_) => 0,
            })),
            deadline,
        };
        number += 2;
        tasks.push((
            tokio::spawn(send(way.clone(), sends)),
            tokio::spawn(receive(way, receives)),
        ));
    }
    let mut outcome = Outcome::default();
    let mut returned = Vec::new();
    for (sending, receiving) in tasks {
        let (outbox, sends) = sending.await?;
        let (inbox, receives) = receiving.await?;
        outcome.add(outbox, inbox);
        returned.extend(sends);
        returned.extend(receives);
    }
    outcome.wall_s = begun.elapsed().as_secs_f64();
    tokio::time::sleep(SETTLING).await;
    let cpu = target.cpu_seconds()? - cpu;
    outcome.cpu_us = cpu * 1e6 / ratio(outcome.arrived.max(1), 1);
    outcome.to_acknowledgement.sort_unstable();
    outcome.to_arrival.sort_unstable();
    Ok((outcome, returned))
}

/// What the two ends of a pair share.
#[derive(Clone)]
struct Way {
    phase: u16,
    from: u32,
    count: u32,
    plan: Plan,
    pairs: u32,
    permits: Arc<Semaphore>,
    deadline: Instant,
}

#[derive(Default)]
struct Outbox {
    sent_ns: Vec<u64>,
    acknowledged: Vec<bool>,
    open: usize,
    latencies: Vec<u32>,
}

impl Outbox {
    fn note(&mut self, seq: u32) {
        let seq = seq as usize;
        if let (Some(then), Some(done)) = (self.sent_ns.get(seq), self.acknowledged.get_mut(seq))
            && !std::mem::replace(done, true)
        {
            self.open -= 1;
            self.latencies.push(micros_since(*then));
        }
    }
}

struct Inbox {
    seen: Vec<bool>,
    unique: usize,
    duplicates: u64,
    disordered: u64,
    latest: Option<u32>,
    latencies: Vec<u32>,
}

impl Inbox {
    fn note(&mut self, stamp: Stamp) {
        let Some(seen) = self.seen.get_mut(stamp.seq as usize) else {
            return;
        };
        if std::mem::replace(seen, true) {
            self.duplicates += 1;
            return;
        }
        self.unique += 1;
        self.disordered += u64::from(self.latest > Some(stamp.seq));
        self.latest = self.latest.max(Some(stamp.seq));
        self.latencies.push(micros_since(stamp.sent_ns));
    }
}

async fn send(way: Way, mut connection: Connection) -> (Outbox, Option<Connection>) {
    let mut outbox = Outbox::default();
    connection.begin_phase();
    let work = send_all(&way, &mut connection, &mut outbox);
    match timeout_at(way.deadline, work).await {
        Ok(Ok(())) => (outbox, Some(connection)),
        Ok(Err(_)) | Err(_) => (outbox, None),
    }
}

async fn send_all(way: &Way, connection: &mut Connection, outbox: &mut Outbox) -> Result<()> {
    let mut due = way.first_due();
    loop {
        let sent = u32::try_from(outbox.sent_ns.len())?;
        let remaining = way.count - sent;
        if remaining == 0 && outbox.open == 0 {
            return Ok(());
        }
        let batch = tokio::select! {
            biased;
            readable = connection.readable() => {
                readable?;
                0
            }
            permit = way.permits.acquire(), if remaining > 0 && way.is_closed() => {
                permit?.forget();
                1 + way.more_permits(remaining - 1)
            }
            () = sleep_until(due), if remaining > 0 && !way.is_closed() => {
                due += way.interval();
                1
            }
        };
        if batch == 0 {
            connection.read(|event| {
                if let Event::Acknowledged(seq) = event {
                    outbox.note(seq);
                }
            })?;
            connection.flush().await?;
            continue;
        }
        for seq in sent..sent + batch {
            let stamp = way.stamp(seq);
            connection.send(way.from + 1, stamp, way.plan.size)?;
            outbox.sent_ns.push(stamp.sent_ns);
            outbox.acknowledged.push(false);
            outbox.open += 1;
        }
        connection.finish_batch().await?;
    }
}

impl Way {
    fn is_closed(&self) -> bool {
        matches!(self.plan.pace, Pace::Window(_))
    }

    fn more_permits(&self, most: u32) -> u32 {
        let mut taken = 0;
        while taken < most
            && let Ok(permit) = self.permits.try_acquire()
        {
            permit.forget();
            taken += 1;
        }
        taken
    }

    fn interval(&self) -> Duration {
        match self.plan.pace {
            Pace::Window(_) => Duration::ZERO,
            Pace::PerSecond(rate) => Duration::from_secs_f64(ratio(self.pairs.into(), rate.into())),
        }
    }

    /// Senders begin spread over one interval, not all at once.
    fn first_due(&self) -> Instant {
        let share = (f64::from(self.from) * GOLDEN).fract();
        Instant::from_std(now()) + self.interval().mul_f64(share)
    }

    fn stamp(&self, seq: u32) -> Stamp {
        Stamp {
            sent_ns: nanos(),
            phase: self.phase,
            from: self.from,
            seq,
        }
    }
}

async fn receive(way: Way, mut connection: Connection) -> (Inbox, Option<Connection>) {
    let mut inbox = Inbox {
        seen: vec![false; way.count as usize],
        unique: 0,
        duplicates: 0,
        disordered: 0,
        latest: None,
        latencies: Vec::new(),
    };
    let work = receive_all(&way, &mut connection, &mut inbox);
    match timeout_at(way.deadline, work).await {
        Ok(Ok(())) => (inbox, Some(connection)),
        Ok(Err(_)) | Err(_) => (inbox, None),
    }
}

async fn receive_all(way: &Way, connection: &mut Connection, inbox: &mut Inbox) -> Result<()> {
    while inbox.unique < inbox.seen.len() {
        connection.readable().await?;
        let mut fresh = 0;
        connection.read(|event| {
            if let Event::Received(stamp) = event
                && stamp.phase == way.phase
            {
                inbox.note(stamp);
                fresh += 1;
            }
        })?;
        if way.is_closed() {
            way.permits.add_permits(fresh);
        }
        connection.flush().await?;
    }
    Ok(())
}

impl Outcome {
    fn add(&mut self, outbox: Outbox, inbox: Inbox) {
        let both = outbox.acknowledged.iter().zip(&inbox.seen);
        self.lost += both.filter(|(safe, seen)| **safe && !**seen).count() as u64;
        self.sent += outbox.sent_ns.len() as u64;
        self.arrived += inbox.unique as u64;
        self.duplicates += inbox.duplicates;
        self.disordered += inbox.disordered;
        self.to_acknowledgement.extend(outbox.latencies);
        self.to_arrival.extend(inbox.latencies);
    }

    /// Messages per second.
    pub fn rate(&self) -> f64 {
        ratio(self.arrived, 1) / self.wall_s
    }

    /// Did everything arrive, once, and was everything acknowledged?
    pub fn is_complete(&self) -> bool {
        self.arrived == self.sent
            && self.lost == 0
            && self.duplicates == 0
            && (float(self.to_acknowledgement.len()) - ratio(self.sent, 1)).abs() < 0.5
    }
}

const GOLDEN: f64 = 0.618_034;

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(seq: u32) -> Stamp {
        Stamp::from_id(u64::from(seq), nanos())
    }

    #[test]
    fn losses_and_repetitions_are_counted() {
        let mut inbox = Inbox {
            seen: vec![false; 4],
            unique: 0,
            duplicates: 0,
            disordered: 0,
            latest: None,
            latencies: Vec::new(),
        };
        for seq in [0, 2, 1, 2, 9] {
            inbox.note(stamp(seq));
        }
        let mut outbox = Outbox {
            sent_ns: vec![nanos(); 4],
            acknowledged: vec![false; 4],
            open: 4,
            latencies: Vec::new(),
        };
        for seq in [0, 1, 3, 3] {
            outbox.note(seq);
        }
        assert_eq!(outbox.open, 1);
        let mut outcome = Outcome::default();
        outcome.add(outbox, inbox);
        assert_eq!(
            (
                outcome.sent,
                outcome.arrived,
                outcome.lost,
                outcome.duplicates
            ),
            (4, 3, 1, 1)
        );
        assert_eq!(outcome.disordered, 1);
        assert!(!outcome.is_complete());
    }
}
