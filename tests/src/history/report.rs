//! What the checker found.

use std::fmt;

/// The promises of the server that a history can show to be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// I2, and with a power cut I1: an accepted letter reaches its receiver.
    Lost,
    /// I3: after it was released it is never sent again.
    LateDuplicate,
    /// I4: offering a letter that is queued again queues nothing.
    Doubled,
    /// I5: letters of one sender come in the order in which they were accepted.
    Order,
    /// I6: what is delivered was offered, byte for byte; what is acknowledged was offered.
    Phantom,
    /// I7: the sender that is named is the one who sent.
    Forged,
    /// I8: nobody else sees a letter.
    WrongReceiver,
    /// I9: the flags are kept.
    Flags,
    /// I2 and I10: "queue sent" comes once, after everything that was queued at the unblock.
    QueueEnd,
}

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise.
    pub invariant: Invariant,
    /// The index of the event that shows it.
    pub at: usize,
    /// What happened.
    pub what: String,
}

/// The accounts: every letter is ok, lost or unknown; a recovered one is unknown but came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Different letters that were offered and want an acknowledgement.
    pub offered: usize,
    /// How often letters were offered again.
    pub offered_again: usize,
    /// Letters that the server acknowledged.
    pub acked: usize,
    /// Acknowledged and received.
    pub ok: usize,
    /// Acknowledged and never received: must be 0.
    pub lost: usize,
    /// Neither acknowledged nor received: both outcomes are allowed.
    pub unknown: usize,
    /// Received without an acknowledgement.
    pub recovered: usize,
    /// All deliveries.
    pub received: usize,
    /// Deliveries of a letter that was delivered before: allowed until it is released.
    pub redelivered: usize,
    /// Connections.
    pub lines: usize,
    /// Queues that were sent to their end.
    pub drains: usize,
    /// Kills of the server.
    pub kills: usize,
    /// Power cuts.
    pub cuts: usize,
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The accounts.
    pub counts: Counts,
    /// What is wrong; nothing else than an empty list is good.
    pub violations: Vec<Violation>,
}

impl Report {
    /// Whether a promise of this kind was broken.
    pub fn shows(&self, invariant: Invariant) -> bool {
        self.violations.iter().any(|it| it.invariant == invariant)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = &self.counts;
        write!(
            f,
            "{} letters offered ({} times again), {} acked, {} ok, {} LOST, {} unknown, \
             {} recovered; {} deliveries, {} of them again; {} connections, {} drains, {} kills, \
             {} cuts; {} violations",
            it.offered,
            it.offered_again,
            it.acked,
            it.ok,
            it.lost,
            it.unknown,
            it.recovered,
            it.received,
            it.redelivered,
            it.lines,
            it.drains,
            it.kills,
            it.cuts,
            self.violations.len(),
        )?;
        for violation in self.violations.iter().take(SHOWN_MAX) {
            write!(
                f,
                "\n  {:?} at event {}: {}",
                violation.invariant, violation.at, violation.what
            )?;
        }
        match self.violations.len().checked_sub(SHOWN_MAX) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\n  and {more} more"),
        }
    }
}

const SHOWN_MAX: usize = 10;
