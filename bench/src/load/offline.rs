//! Messages to people who are not connected, and their return: rates, time, and what is lost.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{SETTLING, Target, next_phase};
use crate::clock::{nanos, now};
use crate::numbers::ratio;
use crate::talk::{Connection, Dial, Event, Stamp};

/// Who sends how much to whom.
#[derive(Clone, Debug)]
pub struct Plan {
    /// People who send; the first numbers.
    pub senders: u32,
    /// People who are not there; the numbers from `first_receiver` on.
    pub receivers: u32,
    /// Where their numbers begin.
    pub first_receiver: u32,
    /// Messages in all.
    pub messages: u32,
    /// Messages of one sender that are not acknowledged yet.
    pub window: usize,
    /// Bytes of the sealed body.
    pub size: usize,
    /// Silence after which nothing more is expected.
    pub quiet: Duration,
    /// Which of the runs, so that their messages differ.
    pub phase: u16,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            senders: 10,
            receivers: 100,
            first_receiver: 1000,
            messages: 100_000,
            window: 64,
            size: 100,
            quiet: Duration::from_secs(3),
            phase: next_phase(),
        }
    }
}

impl Plan {
    /// Seven and the numbers of receivers in use have no common divisor: everybody gets mail.
    fn receiver(&self, sender: u32, seq: u32) -> u32 {
        self.first_receiver + (sender + seq % self.receivers * 7) % self.receivers
    }

    fn each(&self) -> u32 {
        self.messages.div_ceil(self.senders)
    }
}

/// Acknowledgements so far, for whoever wants to interfere.
pub type Progress = Arc<AtomicU64>;

/// What the server has promised to keep.
#[derive(Clone, Debug)]
pub struct Enqueued {
    /// By sender and number.
    safe: Vec<Vec<bool>>,
    /// How many of them are safe.
    pub acknowledged: u64,
    /// Were all of them?
    pub is_complete: bool,
    /// Acknowledged messages per second.
    pub rate: f64,
    /// Microseconds of the server's time per acknowledged message; NaN if it did not survive.
    pub cpu_us: f64,
}

impl fmt::Display for Enqueued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "acknowledged {} rate {:.0}/s cpu {:.1} us",
            self.acknowledged, self.rate, self.cpu_us
        )
    }
}

/// Sends everything, or as much as the server lives to take.
pub async fn enqueue(target: &Target, plan: &Plan, progress: &Progress) -> Result<Enqueued> {
    let mut connections = Vec::new();
    for sender in 0..plan.senders {
        connections.push(target.dial.open(sender, false).await?);
    }
    let (cpu, begun) = (target.cpu_seconds()?, now());
    let mut sending = Vec::new();
    for (sender, connection) in (0..).zip(connections) {
        let (plan, progress) = (plan.clone(), Arc::clone(progress));
        sending.push(tokio::spawn(send(plan, sender, connection, progress)));
    }
    let mut safe = Vec::new();
    let mut last = begun;
    for task in sending {
        let (of_sender, finished) = task.await?;
        last = last.max(finished);
        safe.push(of_sender);
    }
    tokio::time::sleep(2 * SETTLING).await;
    let acknowledged = safe.iter().flatten().filter(|safe| **safe).count() as u64;
    let expected = u64::from(plan.each()) * u64::from(plan.senders);
    let cpu = target.cpu_seconds()? - cpu;
    Ok(Enqueued {
        safe,
        acknowledged,
        is_complete: acknowledged == expected,
        rate: ratio(acknowledged, 1) / (last - begun).as_secs_f64(),
        cpu_us: if acknowledged == expected {
            cpu * 1e6 / ratio(acknowledged, 1)
        } else {
            f64::NAN
        },
    })
}

async fn send(
    plan: Plan,
    sender: u32,
    mut connection: Connection,
    progress: Progress,
) -> (Vec<bool>, Instant) {
    let mut safe = vec![false; plan.each() as usize];
    let mut last = now();
    connection.begin_phase();
    // A server that ends, or stays silent, ends the sending; what it has promised counts.
    let _ = send_all(
        &plan,
        sender,
        &mut connection,
        &mut safe,
        &progress,
        &mut last,
    )
    .await;
    (safe, last)
}

async fn send_all(
    plan: &Plan,
    sender: u32,
    connection: &mut Connection,
    safe: &mut [bool],
    progress: &Progress,
    last: &mut Instant,
) -> Result<()> {
    let (mut sent, mut open) = (0, 0);
    loop {
        let mut batch = 0;
        while sent < plan.each() && open < plan.window && batch < BATCH {
            let stamp = Stamp {
                sent_ns: nanos(),
                phase: plan.phase,
                from: sender,
                seq: sent,
            };
            connection.send(plan.receiver(sender, sent), stamp, plan.size)?;
            sent += 1;
            open += 1;
            batch += 1;
        }
        if batch > 0 {
            connection.finish_batch().await?;
        }
        if open == 0 {
            return Ok(());
        }
        timeout(SILENCE, connection.readable()).await??;
        let mut fresh = 0;
        connection.read(|event| {
            if let Event::Acknowledged(seq) = event
                && let Some(safe) = safe.get_mut(seq as usize)
                && !std::mem::replace(safe, true)
            {
                fresh += 1;
            }
        })?;
        if fresh > 0 {
            *last = now();
            open -= fresh;
            progress.fetch_add(fresh as u64, Ordering::Relaxed);
        }
        connection.flush().await?;
    }
}

/// What the receivers found.
#[derive(Clone, Debug)]
pub struct Drained {
    /// Different messages that arrived.
    pub arrived: u64,
    /// Messages that the server had acknowledged and that did not arrive.
    pub lost: u64,
    /// Messages that came again.
    pub duplicates: u64,
    /// Messages that came after a later one of the same sender.
    pub disordered: u64,
    /// Messages per second.
    pub rate: f64,
    /// Microseconds of the server's time per message.
    pub cpu_us: f64,
}

impl fmt::Display for Drained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arrived {} lost {} duplicates {} disordered {} rate {:.0}/s cpu {:.1} us",
            self.arrived, self.lost, self.duplicates, self.disordered, self.rate, self.cpu_us
        )
    }
}

#[derive(Default)]
struct Found {
    arrivals: Vec<Arrival>,
    last: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Arrival {
    receiver: u32,
    from: u32,
    seq: u32,
}

/// Logs the receivers in and reads until everything safe is there, or nothing more comes.
pub async fn drain(target: &Target, plan: &Plan, enqueued: &Enqueued) -> Result<Drained> {
    let found = Arc::new(Mutex::new(Found::default()));
    let (cpu, begun) = (target.cpu_seconds()?, now());
    let mut receiving = JoinSet::new();
    for receiver in plan.first_receiver..plan.first_receiver + plan.receivers {
        let (dial, phase) = (target.dial.clone(), plan.phase);
        let found = Arc::clone(&found);
        receiving.spawn(receive(dial, receiver, phase, found));
    }
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let found = found.lock().unwrap_or_else(PoisonError::into_inner);
        let is_silent = found.last.unwrap_or(begun).elapsed() > plan.quiet;
        let is_all = enqueued.is_complete && found.arrivals.len() as u64 >= enqueued.acknowledged;
        if is_silent || is_all {
            break;
        }
    }
    tokio::time::sleep(2 * SETTLING).await;
    let cpu = target.cpu_seconds()? - cpu;
    let found = found.lock().unwrap_or_else(PoisonError::into_inner);
    let wall_s = (found.last.unwrap_or(begun) - begun).as_secs_f64();
    let mut drained = compare(&enqueued.safe, &found.arrivals);
    drained.rate = ratio(drained.arrived, 1) / wall_s;
    drained.cpu_us = cpu * 1e6 / ratio(drained.arrived.max(1), 1);
    Ok(drained)
}

/// Reads until the connection ends, which is after the last message that is expected.
async fn receive(dial: Dial, receiver: u32, phase: u16, found: Arc<Mutex<Found>>) -> Result<()> {
    let mut connection = dial.open(receiver, true).await?;
    loop {
        let mut arrivals = Vec::new();
        connection
            .pump(|event| {
                if let Event::Received(stamp) = event
                    && stamp.phase == phase
                {
                    let Stamp { from, seq, .. } = stamp;
                    arrivals.push(Arrival {
                        receiver,
                        from,
                        seq,
                    });
                }
            })
            .await?;
        if !arrivals.is_empty() {
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.arrivals.extend(arrivals);
            found.last = Some(now());
        }
    }
}

/// Receivers take turns in the list, but each keeps the order in which its messages came.
fn compare(safe: &[Vec<bool>], arrivals: &[Arrival]) -> Drained {
    let mut seen: Vec<Vec<bool>> = safe.iter().map(|of| vec![false; of.len()]).collect();
    let mut latest: HashMap<(u32, u32), u32> = HashMap::new();
    let mut drained = Drained {
        arrived: 0,
        lost: 0,
        duplicates: 0,
        disordered: 0,
        rate: f64::NAN,
        cpu_us: f64::NAN,
    };
    for arrival in arrivals {
        let place = seen.get_mut(arrival.from as usize);
        let Some(place) = place.and_then(|of| of.get_mut(arrival.seq as usize)) else {
            continue;
        };
        if std::mem::replace(place, true) {
            drained.duplicates += 1;
            continue;
        }
        drained.arrived += 1;
        let conversation = (arrival.receiver, arrival.from);
        let before = latest.entry(conversation).or_insert(arrival.seq);
        drained.disordered += u64::from(*before > arrival.seq);
        *before = arrival.seq.max(*before);
    }
    let pairs = safe.iter().flatten().zip(seen.iter().flatten());
    drained.lost = pairs.filter(|(safe, seen)| **safe && !**seen).count() as u64;
    drained
}

/// Messages of one sender in one write.
const BATCH: usize = 64;
const SILENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_mail() {
        let plan = Plan::default();
        let receivers: std::collections::BTreeSet<_> =
            (0..100).map(|seq| plan.receiver(3, seq)).collect();
        assert_eq!(receivers.len(), 100);
        assert!(receivers.iter().all(|it| (1000..1100).contains(it)));
    }

    #[test]
    fn what_was_promised_and_did_not_come_is_lost() {
        let safe = [vec![true, true, false], vec![true]];
        let arrivals = [(1, 0, 2), (1, 0, 0), (2, 0, 0), (1, 7, 7)].map(|it| Arrival {
            receiver: it.0,
            from: it.1,
            seq: it.2,
        });
        let drained = compare(&safe, &arrivals);
        assert_eq!(
            (drained.arrived, drained.lost, drained.duplicates),
            (2, 2, 1)
        );
        assert_eq!(drained.disordered, 1);
    }
}
