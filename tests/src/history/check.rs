//! The checker: reads a history once and says which promises it breaks.
//!
//! A history must end with all clients having drained their queues twice without a fault.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Invariant, Report, Violation};
use super::{Content, Event, Letter, Line, Person};

/// Checks a history from its beginning to its end.
pub fn check(history: &[Event]) -> Report {
    let mut check = Check::default();
    for (index, event) in history.iter().enumerate() {
        check.now = index;
        check.take(*event);
    }
    check.now = history.len();
    check.finish()
}

#[derive(Default)]
struct Check {
    now: usize,
    /// How often the server died. What is settled in one life may come again in the next, because
    /// a release need not be durable.
    life: u32,
    /// When those began to log in that did not hear of it yet.
    dialled: BTreeMap<Line, usize>,
    lines: BTreeMap<Line, LineState>,
    letters: BTreeMap<Letter, LetterState>,
    /// Accepted by the server and not acknowledged by the receiver.
    waiting: BTreeMap<Person, BTreeSet<Letter>>,
    /// The newest letter of a pair that was received, by its place in the order of offers.
    newest: BTreeMap<(Person, Person), usize>,
    report: Report,
}

struct LineState {
    who: Person,
    /// Not before this event the server knew of the line.
    dialled_at: usize,
    life: u32,
    is_unblocked: bool,
    queue_ends: u32,
    /// What must come before the end of the queue.
    expected: BTreeSet<Letter>,
    /// Came on this line and was not acknowledged since.
    held: BTreeSet<Letter>,
    newest: BTreeMap<Person, usize>,
    acked: Vec<Letter>,
    acked_before_ask: Vec<Letter>,
    transient: Vec<Letter>,
    transient_before_ask: Vec<Letter>,
}

struct LetterState {
    content: Content,
    /// The place in the order of first offers of all letters.
    place: usize,
    offers: usize,
    is_acked: bool,
    received: usize,
    /// The receiver has acknowledged it, whether or not that arrived.
    is_released: bool,
    /// In this life of the server the release has certainly arrived.
    settled_in: Option<u32>,
    /// The server has certainly read the offer before this event.
    seen_at: Option<usize>,
}

impl Check {
    fn take(&mut self, event: Event) {
        match event {
            Event::Dial(line) => _ = self.dialled.insert(line, self.now),
            Event::Open(line, who) => self.open(line, who),
            Event::Unblock(line) => self.unblock(line),
            Event::Close(_) | Event::Restart => {}
            Event::Offer(line, letter, content) => self.offer(line, letter, content),
            Event::Ack81(_, letter) => self.ack81(letter),
            Event::Recv02(line, letter, content) => self.recv02(line, letter, content),
            Event::Ack82(line, letter) => self.ack82(line, letter),
            Event::Ask(line) => self.ask(line),
            Event::Echo(line) => self.echo(line),
            Event::Qsc(line) => self.qsc(line),
            Event::Kill => {
                self.report.counts.kills += 1;
                self.life += 1;
            }
            Event::Cut => {
                self.report.counts.cuts += 1;
                self.life += 1;
            }
        }
    }

    fn blame(&mut self, invariant: Invariant, what: String) {
        self.report.violations.push(Violation {
            invariant,
            at: self.now,
            what,
        });
    }

    fn open(&mut self, line: Line, who: Person) {
        self.report.counts.lines += 1;
        let state = LineState {
            who,
            dialled_at: self.dialled.remove(&line).unwrap_or(self.now),
            life: self.life,
            is_unblocked: false,
            queue_ends: 0,
            expected: BTreeSet::new(),
            held: BTreeSet::new(),
            newest: BTreeMap::new(),
            acked: Vec::new(),
            acked_before_ask: Vec::new(),
            transient: Vec::new(),
            transient_before_ask: Vec::new(),
        };
        self.lines.insert(line, state);
    }

    fn unblock(&mut self, line: Line) {
        if let Some(state) = self.lines.get_mut(&line) {
            state.is_unblocked = true;
            state.expected = self.waiting.get(&state.who).cloned().unwrap_or_default();
        }
    }

    fn offer(&mut self, line: Line, letter: Letter, content: Content) {
        let place = self.letters.len();
        let state = self.letters.entry(letter).or_insert(LetterState {
            content,
            place,
            offers: 0,
            is_acked: false,
            received: 0,
            is_released: false,
            settled_in: None,
            seen_at: None,
        });
        state.offers += 1;
        if content.is_transient
            && let Some(line) = self.lines.get_mut(&line)
        {
            line.transient.push(letter);
        }
    }

    fn ack81(&mut self, letter: Letter) {
        let Some(state) = self.letters.get_mut(&letter) else {
            return self.blame(
                Invariant::Phantom,
                format!("{letter} is acknowledged and was never offered"),
            );
        };
        state.is_acked = true;
        if state.content.is_unacknowledged {
            self.blame(Invariant::Flags, format!("{letter} wants no ack, got one"));
        } else if !state.is_released && !state.content.is_transient {
            self.waiting.entry(letter.to).or_default().insert(letter);
        }
    }

    fn recv02(&mut self, line: Line, letter: Letter, content: Content) {
        self.report.counts.received += 1;
        let found = self.strange(line, letter, content);
        for (invariant, what) in found {
            self.blame(invariant, what);
        }
        let found = self.repeated(line, letter);
        for (invariant, what) in found {
            self.blame(invariant, what);
        }
        if let Some(what) = self.out_of_order(line, letter) {
            self.blame(Invariant::Order, what);
        }
        if let Some(state) = self.letters.get_mut(&letter) {
            self.report.counts.redelivered += usize::from(state.received > 0);
            state.received += 1;
        }
        if let Some(state) = self.lines.get_mut(&line) {
            state.expected.remove(&letter);
            state.held.insert(letter);
        }
    }

    /// Whether this letter may come to this client at all, and like this.
    fn strange(&self, line: Line, letter: Letter, content: Content) -> Vec<(Invariant, String)> {
        let mut found = Vec::new();
        let Some(connection) = self.lines.get(&line) else {
            return vec![(
                Invariant::Phantom,
                format!("{letter} came on no connection"),
            )];
        };
        if connection.who != letter.to {
            found.push((
                Invariant::WrongReceiver,
                format!("{letter} came to {}", connection.who.0),
            ));
        }
        if !connection.is_unblocked {
            found.push((
                Invariant::QueueEnd,
                format!("{letter} came before the unblock"),
            ));
        }
        let Some(state) = self.letters.get(&letter) else {
            let other = self.letters.keys().find(|other| {
                (other.to, other.id, other.nonce) == (letter.to, letter.id, letter.nonce)
            });
            found.push(match other {
                Some(other) => (Invariant::Forged, format!("{other} came as {letter}")),
                None => (
                    Invariant::Phantom,
                    format!("{letter} came and was never offered"),
                ),
            });
            return found;
        };
        if state.content.digest != content.digest {
            found.push((Invariant::Phantom, format!("{letter} was altered")));
        }
        let flags = |it: Content| (it.is_transient, it.is_unacknowledged);
        if flags(state.content) != flags(content) {
            found.push((Invariant::Flags, format!("{letter} lost its flags")));
        }
        if state.content.is_transient
            && state
                .seen_at
                .is_some_and(|seen| seen < connection.dialled_at)
        {
            found.push((
                Invariant::Flags,
                format!("{letter} must not be queued, but was"),
            ));
        }
        found
    }

    /// Whether it comes once too often.
    fn repeated(&self, line: Line, letter: Letter) -> Vec<(Invariant, String)> {
        let mut found = Vec::new();
        let (Some(connection), Some(state)) = (self.lines.get(&line), self.letters.get(&letter))
        else {
            return found;
        };
        if connection.held.contains(&letter) {
            found.push((
                Invariant::Doubled,
                format!("{letter} came twice on one connection, unreleased"),
            ));
        }
        // A letter that was offered twice may have been queued anew after the first one's release.
        if state.settled_in == Some(connection.life) && state.offers == 1 {
            found.push((
                Invariant::LateDuplicate,
                format!("{letter} came again after its release"),
            ));
        }
        found
    }

    /// Whether it comes after one that was accepted later.
    fn out_of_order(&mut self, line: Line, letter: Letter) -> Option<String> {
        let state = self.letters.get(&letter)?;
        if state.content.is_transient {
            return None;
        }
        if state.received == 0 {
            let newest = self.newest.entry((letter.from, letter.to)).or_default();
            if state.place < *newest {
                return Some(format!(
                    "{letter}, offer {}, came first after offer {newest}",
                    state.place
                ));
            }
            *newest = state.place;
        }
        // What the receiver has acknowledged and the sender offered again is a new entry.
        if state.is_released {
            return None;
        }
        let connection = self.lines.get_mut(&line)?;
        let newest = connection.newest.entry(letter.from).or_default();
        if state.place < *newest {
            return Some(format!(
                "{letter}, offer {}, came after offer {newest} on one connection",
                state.place
            ));
        }
        *newest = state.place;
        None
    }

    fn ack82(&mut self, line: Line, letter: Letter) {
        if let Some(state) = self.letters.get_mut(&letter) {
            state.is_released = true;
        }
        if let Some(waiting) = self.waiting.get_mut(&letter.to) {
            waiting.remove(&letter);
        }
        if let Some(connection) = self.lines.get_mut(&line) {
            connection.expected.remove(&letter);
            connection.held.remove(&letter);
            connection.acked.push(letter);
        }
    }

    fn ask(&mut self, line: Line) {
        if let Some(connection) = self.lines.get_mut(&line) {
            connection.acked_before_ask.append(&mut connection.acked);
            connection
                .transient_before_ask
                .append(&mut connection.transient);
        }
    }

    fn echo(&mut self, line: Line) {
        let Some(connection) = self.lines.get_mut(&line) else {
            return;
        };
        for letter in connection.acked_before_ask.drain(..) {
            if let Some(state) = self.letters.get_mut(&letter) {
                state.settled_in = Some(connection.life);
            }
        }
        for letter in connection.transient_before_ask.drain(..) {
            if let Some(state) = self.letters.get_mut(&letter) {
                state.seen_at = Some(self.now);
            }
        }
    }

    fn qsc(&mut self, line: Line) {
        self.report.counts.drains += 1;
        let Some(connection) = self.lines.get_mut(&line) else {
            return;
        };
        connection.queue_ends += 1;
        let is_again = connection.queue_ends > 1;
        let is_early = !connection.is_unblocked;
        let missing = std::mem::take(&mut connection.expected);
        if is_again {
            self.blame(Invariant::QueueEnd, format!("#{} ended twice", line.0));
        }
        if is_early {
            self.blame(
                Invariant::QueueEnd,
                format!("#{} ended before the unblock", line.0),
            );
        }
        if let Some(first) = missing.first() {
            self.blame(
                Invariant::QueueEnd,
                format!(
                    "the queue of #{} ended without {} letters, e.g. {first}",
                    line.0,
                    missing.len()
                ),
            );
        }
    }

    fn finish(mut self) -> Report {
        let mut lost = Vec::new();
        let counts = &mut self.report.counts;
        for (letter, state) in &self.letters {
            counts.offered_again += state.offers - 1;
            if state.content.is_transient {
                continue;
            }
            counts.offered += 1;
            counts.acked += usize::from(state.is_acked);
            match (state.is_acked, state.received > 0) {
                (true, true) => counts.ok += 1,
                (true, false) => {
                    counts.lost += 1;
                    lost.push(*letter);
                }
                (false, true) => counts.recovered += 1,
                (false, false) => counts.unknown += 1,
            }
        }
        for letter in lost {
            self.blame(
                Invariant::Lost,
                format!("{letter} was acknowledged and never came"),
            );
        }
        self.report
    }
}
