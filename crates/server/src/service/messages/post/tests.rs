//! Random interleavings of everything that can happen to a post office, checked against a model.
//!
//! Lost power is part of the game: the store keeps what it committed, all else is gone. The checks
//! carry the names of the invariants in reliability.md.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use dreiklang_wire::id::{Identity, MessageId, MessageNonce};

use super::super::mailbox::{Key, Line, Refusal};
use super::{Accepted, Batch, Limits, Offer, Outcome, Parcel, Post, Read, Release, Row};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Delivered { number: u64, report: Option<u64> },
    Acknowledged { number: u64 },
    QueueSendComplete,
    Refused,
}

type Log = Rc<RefCell<Vec<(u64, Event)>>>;

#[derive(Debug, Clone)]
struct TestLine {
    key: u64,
    log: Log,
    completed: Rc<Cell<bool>>,
}

impl TestLine {
    fn push(&self, event: Event) -> bool {
        self.log.borrow_mut().push((self.key, event));
        true
    }
}

impl Line for TestLine {
    fn key(&self) -> u64 {
        self.key
    }

    fn has_room(&self) -> bool {
        true
    }

    fn deliver(&self, message: &[u8], report: Option<u64>) -> bool {
        let number = u64::from_le_bytes(message[..8].try_into().unwrap());
        self.push(Event::Delivered { number, report })
    }

    fn acknowledge(&self, _receiver: Identity, id: MessageId) -> bool {
        self.push(Event::Acknowledged {
            number: u64::from_le_bytes(id.0),
        })
    }

    fn queue_send_complete(&self) -> bool {
        !self.completed.replace(true) && self.push(Event::QueueSendComplete)
    }

    fn refuse(&self, _why: Refusal) -> bool {
        self.push(Event::Refused)
    }
}

/// SplitMix64: one seed, one history.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

/// What the model knows about a message.
#[derive(Debug, Clone)]
struct Message {
    sender: Identity,
    receiver: Identity,
    flags: u8,
    /// Its place in acceptance order, while it lives.
    order: u64,
    offers: usize,
    acknowledged: usize,
    /// Acknowledged since it was last taken anew.
    accepted: bool,
    /// Taken by the post office of this run and neither safe nor refused.
    pending: bool,
    released: bool,
}

#[derive(Debug)]
struct Session {
    line: TestLine,
    identity: Identity,
    unblocked: bool,
    completions: usize,
    /// Delivered here and not acknowledged, with what has to be reported when written.
    inbox: Vec<(u64, Option<u64>)>,
}

/// One receiver's turn: what was sent in it, and what has to be sent before it is complete.
#[derive(Debug)]
struct Turn {
    line: u64,
    sent: Vec<u64>,
    owed: HashSet<u64>,
}

enum Submitted {
    Parcels(Vec<Parcel>),
    Releases(Vec<Release>),
}

enum Done {
    Parcels(Vec<(Identity, u64, Outcome)>, Vec<u64>),
    Releases(Vec<Release>, bool),
}

struct World {
    dice: Dice,
    post: Post<TestLine>,
    log: Log,
    now: u64,
    next_number: u64,
    next_line: u64,
    next_order: u64,
    next_position: i64,
    messages: BTreeMap<u64, Message>,
    sessions: BTreeMap<u64, Session>,
    turns: HashMap<Identity, Turn>,
    rows: BTreeMap<i64, u64>,
    submitted: VecDeque<Submitted>,
    done: VecDeque<Done>,
    reads: Vec<Read>,
    snapshots: Vec<(Read, Vec<Row>, bool)>,
    calm: bool,
    seen: Seen,
}

/// What a history contained, so that a test can tell that it tested something.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    delivered: usize,
    skipped_store: usize,
    stored: usize,
    crashes: usize,
    refused: usize,
    takeovers: usize,
    repeated: usize,
    fell_behind: u64,
    passed: usize,
}

fn identity(index: usize) -> Identity {
    ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"][index].parse().unwrap()
}

fn limits() -> Limits {
    Limits {
        linger_ms: 10,
        window_messages: 3,
        window_bytes: 4000,
        queue_messages: 1000,
        queue_bytes: 1_000_000,
        batch_messages: 5,
    }
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed),
            post: Post::new(limits()),
            log: Log::default(),
            now: 0,
            next_number: 1,
            next_line: 1,
            next_order: 1,
            next_position: 1,
            messages: BTreeMap::new(),
            sessions: BTreeMap::new(),
            turns: HashMap::new(),
            rows: BTreeMap::new(),
            submitted: VecDeque::new(),
            done: VecDeque::new(),
            reads: Vec::new(),
            snapshots: Vec::new(),
            calm: false,
            seen: Seen::default(),
        }
    }

    fn key(&self, number: u64) -> Key {
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&number.to_le_bytes());
        Key {
            sender: self.messages[&number].sender,
            id: MessageId(number.to_le_bytes()),
            nonce: MessageNonce(nonce),
        }
    }

    fn bytes(number: u64) -> Vec<u8> {
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.resize(100, 0);
        bytes
    }

    fn is_stored(&self, number: u64) -> bool {
        self.rows.values().any(|it| *it == number)
    }

    fn pick_session(&mut self) -> Option<u64> {
        let count = self.sessions.len();
        (count > 0).then(|| *self.sessions.keys().nth(self.dice.roll(count)).unwrap())
    }

    fn step(&mut self) {
        match self.dice.roll(100) {
            0..4 => self.connect(),
            4..7 => self.unblock(),
            7..9 => self.hang_up(),
            9..28 => self.offer(),
            28..31 => self.offer_again(),
            31..55 => self.acknowledge(),
            55..59 => self.now += self.dice.roll(16) as u64,
            59..67 => self.feed(),
            67..75 => self.commit(),
            75..83 => self.report(),
            83..91 => self.begin_read(),
            91..98 => self.finish_read(),
            _ if self.dice.chance(25) => self.crash(),
            _ => self.acknowledge_elsewhere(),
        }
        self.check_events();
    }

    fn connect(&mut self) {
        if self.sessions.len() >= 6 {
            return;
        }
        let key = self.next_line;
        self.next_line += 1;
        let line = TestLine {
            key,
            log: Rc::clone(&self.log),
            completed: Rc::default(),
        };
        let identity = identity(self.dice.roll(3));
        let session = Session {
            line,
            identity,
            unblocked: false,
            completions: 0,
            inbox: Vec::new(),
        };
        self.sessions.insert(key, session);
    }

    fn unblock(&mut self) {
        if let Some(key) = self.pick_session() {
            self.unblock_line(key);
        }
    }

    fn unblock_line(&mut self, key: u64) {
        let session = self.sessions.get_mut(&key).unwrap();
        let (line, receiver) = (session.line.clone(), session.identity);
        let holder = self
            .post
            .mailboxes
            .get(&receiver)
            .and_then(|it| it.holder.as_ref());
        if holder.is_some_and(|it| it.line.key == key && it.mode != super::Mode::Live) {
            // It has asked already: nothing begins anew.
            self.post.unblock(&line, receiver);
            return;
        }
        session.unblocked = true;
        session.inbox.clear();
        let owed = self
            .messages
            .iter()
            .filter(|(number, it)| {
                it.receiver == receiver
                    && it.flags & 0x02 == 0
                    && !it.released
                    && (it.pending || self.rows.values().any(|row| row == *number))
            })
            .map(|(number, _)| *number)
            .collect();
        let turn = Turn {
            line: key,
            sent: Vec::new(),
            owed,
        };
        if self.turns.insert(receiver, turn).is_some() {
            self.seen.takeovers += 1;
        }
        self.post.unblock(&line, receiver);
    }

    fn hang_up(&mut self) {
        if let Some(key) = self.pick_session() {
            self.end_session(key);
        }
    }

    fn end_session(&mut self, key: u64) {
        let Some(session) = self.sessions.remove(&key) else {
            return;
        };
        if self
            .turns
            .get(&session.identity)
            .is_some_and(|turn| turn.line == key)
        {
            self.turns.remove(&session.identity);
        }
        self.post.disconnect(&session.line, session.identity);
    }

    fn offer(&mut self) {
        let Some(key) = self.pick_session() else {
            return;
        };
        let sender = self.sessions[&key].identity;
        let receiver = identity(self.dice.roll(3));
        if receiver == sender {
            return;
        }
        let flags = [0, 0, 0, 0, 0, 0, 0x04, 0x02, 0x06][self.dice.roll(9)];
        let number = self.next_number;
        self.next_number += 1;
        let message = Message {
            sender,
            receiver,
            flags,
            order: 0,
            offers: 0,
            acknowledged: 0,
            accepted: false,
            pending: false,
            released: false,
        };
        self.messages.insert(number, message);
        self.offer_number(key, number);
    }

    /// A sender that lost its acknowledgement, or does not care, sends the same bytes again.
    fn offer_again(&mut self) {
        let Some(key) = self.pick_session() else {
            return;
        };
        let sender = self.sessions[&key].identity;
        let mine: Vec<u64> = self
            .messages
            .iter()
            .filter(|(_, it)| it.sender == sender && it.flags == 0)
            .map(|(number, _)| *number)
            .collect();
        if !mine.is_empty() {
            let number = mine[self.dice.roll(mine.len())];
            self.offer_number(key, number);
        }
    }

    fn offer_number(&mut self, key: u64, number: u64) {
        let line = self.sessions[&key].line.clone();
        let message = &self.messages[&number];
        let offer = Offer {
            receiver: message.receiver,
            key: self.key(number),
            flags: message.flags,
            bytes: Self::bytes(number),
            enqueued_at: 0,
            expires_at: 0,
        };
        let stored = self.is_stored(number);
        // The model must know the message before the post office delivers it.
        let order = self.next_order;
        let before = self.messages[&number].clone();
        let message = self.messages.get_mut(&number).unwrap();
        message.offers += 1;
        if !before.pending && !stored {
            message.order = order;
            message.released = false;
            message.accepted = false;
        }
        let accepted = self
            .post
            .accept(self.now, &line, offer)
            .expect("within the quota");
        let message = self.messages.get_mut(&number).unwrap();
        match accepted {
            Accepted::Queued(_) => {
                self.next_order += 1;
                message.pending = !stored;
                if !before.pending && !stored {
                    // A new life: it may be sent again in the same turn, and is then in the log.
                    for turn in self.turns.values_mut() {
                        turn.owed.remove(&number);
                        turn.sent.retain(|it| *it != number);
                    }
                }
            }
            Accepted::Repeated => {
                self.seen.repeated += 1;
                let Message {
                    offers,
                    acknowledged,
                    ..
                } = *message;
                *message = Message {
                    offers,
                    acknowledged,
                    ..before
                };
            }
            Accepted::Passed(_) => {
                self.next_order += 1;
                self.seen.passed += 1;
            }
        }
    }

    /// A receiver acknowledges something it got; usually the oldest.
    fn acknowledge(&mut self) {
        let Some(key) = self.pick_session() else {
            return;
        };
        let count = self.sessions[&key].inbox.len();
        if count > 0 {
            let index = if self.dice.chance(80) {
                0
            } else {
                self.dice.roll(count)
            };
            self.acknowledge_at(key, index);
        }
    }

    fn acknowledge_at(&mut self, key: u64, index: usize) {
        let session = self.sessions.get_mut(&key).unwrap();
        let (number, report) = session.inbox.remove(index);
        let (line, receiver) = (session.line.clone(), session.identity);
        let message = &self.messages[&number];
        if message.flags & 0x02 != 0 && message.flags & 0x04 == 0 {
            let known = self.post.release(
                self.now,
                &line,
                receiver,
                message.sender,
                self.key(number).id,
            );
            assert!(!known, "a message that is never queued was remembered");
            return;
        }
        // Only the connection that got it in the current turn may release it.
        let is_holder = self
            .turns
            .get(&receiver)
            .is_some_and(|turn| turn.line == key && turn.sent.contains(&number));
        let was_released = message.released;
        let stored = self.is_stored(number);
        // The model learns of it first: the sender may be told "safe" at once.
        self.messages.get_mut(&number).unwrap().released |= is_holder;
        let sender = self.messages[&number].sender;
        let released = match report {
            Some(seq) => self.post.written(self.now, &line, receiver, seq),
            None if self.messages[&number].flags & 0x04 != 0 => return,
            None => self
                .post
                .release(self.now, &line, receiver, sender, self.key(number).id),
        };
        assert_eq!(
            released,
            is_holder && !was_released,
            "acknowledgement of {number}"
        );
        if released {
            self.messages.get_mut(&number).unwrap().pending = false;
            self.seen.skipped_store += usize::from(!stored);
        }
    }

    /// An acknowledgement for something that was not sent here is ignored.
    fn acknowledge_elsewhere(&mut self) {
        let Some(key) = self.pick_session() else {
            return;
        };
        let session = &self.sessions[&key];
        let sender = identity(self.dice.roll(3));
        let id = MessageId(u64::MAX.to_le_bytes());
        assert!(
            !self
                .post
                .release(self.now, &session.line, session.identity, sender, id)
        );
    }

    fn feed(&mut self) {
        let due = self
            .post
            .due_ms(self.now)
            .is_some_and(|due| due <= self.now);
        let Batch { releases, parcels } = self.post.take_batch(self.now);
        assert!(
            due || (releases.is_empty() && parcels.is_empty()),
            "taken before it was due"
        );
        if !releases.is_empty() {
            self.submitted.push_back(Submitted::Releases(releases));
        }
        if !parcels.is_empty() {
            self.submitted.push_back(Submitted::Parcels(parcels));
        }
    }

    /// The committer takes some of what waits; one commit.
    fn commit(&mut self) {
        let fails = !self.calm && self.dice.chance(4);
        for _ in 0..=self.dice.roll(3) {
            match self.submitted.pop_front() {
                None => return,
                Some(Submitted::Releases(releases)) => {
                    if !fails {
                        self.rows
                            .retain(|row, _| !releases.iter().any(|it| it.position == *row));
                    }
                    self.done.push_back(Done::Releases(releases, !fails));
                }
                Some(Submitted::Parcels(parcels)) => {
                    let results = parcels.iter().map(|it| self.commit_parcel(it, fails));
                    let results = results.collect();
                    let numbers = parcels.iter().map(|it| u64::from_le_bytes(it.key.id.0));
                    self.done
                        .push_back(Done::Parcels(results, numbers.collect()));
                }
            }
        }
    }

    fn commit_parcel(&mut self, parcel: &Parcel, fails: bool) -> (Identity, u64, Outcome) {
        let number = u64::from_le_bytes(parcel.key.id.0);
        let outcome = if fails {
            Outcome::Failed(Refusal::Full)
        } else if let Some((position, _)) = self.rows.iter().find(|(_, row)| **row == number) {
            Outcome::Repeated(self.dice.chance(50).then_some(*position))
        } else {
            self.next_position += 1;
            self.rows.insert(self.next_position, number);
            self.messages.get_mut(&number).unwrap().pending = false;
            self.seen.stored += 1;
            Outcome::Stored(self.next_position)
        };
        (parcel.receiver, parcel.seq, outcome)
    }

    fn report(&mut self) {
        match self.done.pop_front() {
            None => {}
            Some(Done::Parcels(results, _)) => {
                let failed = results.iter().any(|it| matches!(it.2, Outcome::Failed(_)));
                self.post.stored(self.now, &results);
                if failed {
                    self.forget_refused();
                }
            }
            Some(Done::Releases(releases, true)) => self.post.released(&releases),
            Some(Done::Releases(releases, false)) => self.post.release_again(self.now, releases),
        }
    }

    /// After a failure, what its sender offered later is refused too; the model asks what is left.
    fn forget_refused(&mut self) {
        let submitted: HashSet<u64> = self
            .submitted
            .iter()
            .filter_map(|it| match it {
                Submitted::Parcels(parcels) => Some(parcels),
                Submitted::Releases(_) => None,
            })
            .flatten()
            .map(|it| u64::from_le_bytes(it.key.id.0))
            .chain(self.unreported())
            .collect();
        let waiting: HashSet<u64> = self
            .post
            .waiting_ids()
            .map(|id| u64::from_le_bytes(id.0))
            .collect();
        for (number, message) in &mut self.messages {
            if message.pending && !waiting.contains(number) && !submitted.contains(number) {
                message.pending = false;
                for turn in self.turns.values_mut() {
                    turn.owed.remove(number);
                    turn.sent.retain(|it| it != number);
                }
            }
        }
    }

    /// Parcels with which the store is done and the post office does not know.
    fn unreported(&self) -> Vec<u64> {
        let parcels = self.done.iter().filter_map(|it| match it {
            Done::Parcels(results, numbers) => Some(results.iter().zip(numbers)),
            Done::Releases(..) => None,
        });
        parcels.flatten().map(|(_, number)| *number).collect()
    }

    fn begin_read(&mut self) {
        if self.reads.is_empty() {
            return;
        }
        let read = self.reads.remove(self.dice.roll(self.reads.len()));
        let max = read.messages_max.min(1 + self.dice.roll(4));
        let mut rows: Vec<Row> = self
            .rows
            .range(read.after + 1..)
            .filter(|(_, number)| self.messages[number].receiver == read.receiver)
            .take(max + 1)
            .map(|(position, number)| Row {
                position: *position,
                key: self.key(*number),
                flags: self.messages[number].flags,
                bytes: Self::bytes(*number),
                is_expired: false,
            })
            .collect();
        let end = rows.len() <= max;
        rows.truncate(max);
        self.snapshots.push((read, rows, end));
    }

    fn finish_read(&mut self) {
        if !self.snapshots.is_empty() {
            let index = self.dice.roll(self.snapshots.len());
            let (read, rows, end) = self.snapshots.remove(index);
            self.post.rows_read(&read, rows, end);
        }
    }

    /// SIGKILL or a power cut: some of what was submitted may have been committed.
    fn crash(&mut self) {
        self.commit();
        self.seen.crashes += 1;
        self.check_events();
        self.post = Post::new(limits());
        self.submitted.clear();
        self.done.clear();
        self.reads.clear();
        self.snapshots.clear();
        self.sessions.clear();
        self.turns.clear();
        let stored: HashSet<u64> = self.rows.values().copied().collect();
        for (number, message) in &mut self.messages {
            message.pending = false;
            // A release that was not committed is forgotten: sent once more, which is allowed.
            message.released &= !stored.contains(number);
        }
    }

    fn check_events(&mut self) {
        loop {
            let outputs = self.post.take_outputs();
            self.reads.extend(outputs.reads);
            let events = std::mem::take(&mut *self.log.borrow_mut());
            if events.is_empty() {
                return;
            }
            for (line, event) in events {
                match event {
                    Event::Delivered { number, report } => {
                        self.check_delivery(line, number, report);
                    }
                    Event::Acknowledged { number } => self.check_acknowledgement(number),
                    Event::QueueSendComplete => self.check_completion(line),
                    Event::Refused => {
                        self.seen.refused += 1;
                        self.end_session(line);
                    }
                }
            }
        }
    }

    fn check_delivery(&mut self, line: u64, number: u64, report: Option<u64>) {
        self.seen.delivered += 1;
        let message = self.messages[&number].clone();
        let turn = self
            .turns
            .get(&message.receiver)
            .expect("I5: delivered without a turn");
        assert_eq!(
            turn.line, line,
            "I5, I8: delivered to a connection that lost the mailbox"
        );
        assert!(
            !message.released,
            "I3: {number} delivered after its release"
        );
        assert!(
            !turn.sent.contains(&number),
            "I4: {number} twice in one turn"
        );
        for (other, it) in &self.messages {
            let same_pair = it.sender == message.sender && it.receiver == message.receiver;
            if !same_pair || *other == number || it.flags & 0x02 != 0 {
                continue;
            }
            let lives = !it.released && (it.pending || self.is_stored(*other));
            let sent = turn.sent.contains(other);
            if it.order < message.order {
                assert!(sent || !lives, "I5: {number} overtakes {other}");
            } else if lives {
                assert!(!sent, "I5: {number} after {other}");
            }
        }
        self.turns
            .get_mut(&message.receiver)
            .unwrap()
            .sent
            .push(number);
        self.sessions
            .get_mut(&line)
            .unwrap()
            .inbox
            .push((number, report));
    }

    fn check_acknowledgement(&mut self, number: u64) {
        let stored = self.is_stored(number);
        let message = self.messages.get_mut(&number).unwrap();
        assert_eq!(
            message.flags & 0x04,
            0,
            "I9: acknowledged although nobody wants it"
        );
        message.acknowledged += 1;
        message.accepted = true;
        assert!(
            message.acknowledged <= message.offers,
            "I4: more acknowledgements than offers"
        );
        assert!(
            stored || message.released || message.flags & 0x02 != 0,
            "I1: {number} acknowledged, but neither durable nor received"
        );
    }

    fn check_completion(&mut self, line: u64) {
        let session = self.sessions.get_mut(&line).unwrap();
        session.completions += 1;
        assert_eq!(session.completions, 1, "I10: complete twice");
        let turn = &self.turns[&session.identity];
        assert_eq!(turn.line, line, "I10: complete without the mailbox");
        for number in &turn.owed {
            let message = &self.messages[number];
            assert!(
                turn.sent.contains(number) || message.released,
                "I10: complete although {number} was not sent"
            );
        }
    }

    /// Lets everything come to rest without further trouble.
    fn settle(&mut self) {
        self.calm = true;
        for _ in 0..10_000 {
            self.now += 20;
            self.feed();
            self.check_events();
            self.commit();
            self.report();
            self.check_events();
            self.begin_read();
            self.finish_read();
            self.check_events();
            let busy = !self.submitted.is_empty()
                || !self.done.is_empty()
                || !self.reads.is_empty()
                || !self.snapshots.is_empty()
                || self.post.due_ms(self.now).is_some();
            if !busy {
                return;
            }
        }
        panic!("does not come to rest");
    }

    /// Every receiver comes once more and takes everything (I2).
    fn final_drain(&mut self) {
        self.settle();
        for receiver in (0..3).map(identity) {
            let key = self.next_line;
            self.next_line += 1;
            let line = TestLine {
                key,
                log: Rc::clone(&self.log),
                completed: Rc::default(),
            };
            let session = Session {
                line,
                identity: receiver,
                unblocked: false,
                completions: 0,
                inbox: Vec::new(),
            };
            self.sessions.insert(key, session);
            self.unblock_line(key);
            loop {
                self.settle();
                if self.sessions[&key].inbox.is_empty() {
                    break;
                }
                while !self.sessions[&key].inbox.is_empty() {
                    self.acknowledge_at(key, 0);
                    self.check_events();
                }
            }
            assert_eq!(
                self.sessions[&key].completions, 1,
                "I10: the queue never completes"
            );
        }
        self.settle();
        assert!(self.rows.is_empty(), "I2: left behind: {:?}", self.rows);
        for (number, message) in &self.messages {
            if message.accepted && message.flags & 0x02 == 0 {
                assert!(message.released, "I2: {number} was accepted and is lost");
            }
        }
        for key in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.end_session(key);
        }
        assert_eq!(
            self.post.sizes(),
            (0, 0),
            "something stays in memory for ever"
        );
    }
}

impl Post<TestLine> {
    /// What is accepted and was neither handed to the store nor received.
    fn waiting_ids(&self) -> impl Iterator<Item = MessageId> {
        let fresh = self.mailboxes.values().flat_map(|mailbox| &mailbox.fresh);
        fresh
            .filter(|it| it.waiting.is_some() && !it.released)
            .map(|it| it.key.id)
    }
}

fn history(seed: u64, steps: usize) -> Seen {
    let mut world = World::new(seed);
    for _ in 0..steps {
        world.step();
    }
    world.seen.fell_behind += world.post.times_fallen_behind();
    world.final_drain();
    world.seen
}

#[test]
fn every_interleaving_keeps_the_promises() {
    let mut total = Seen::default();
    for seed in 0..3_000 {
        let seen = std::panic::catch_unwind(|| history(seed, 400))
            .unwrap_or_else(|_| panic!("the history of seed {seed} breaks a promise"));
        total.delivered += seen.delivered;
        total.skipped_store += seen.skipped_store;
        total.stored += seen.stored;
        total.crashes += seen.crashes;
        total.refused += seen.refused;
        total.takeovers += seen.takeovers;
        total.repeated += seen.repeated;
        total.fell_behind += seen.fell_behind;
        total.passed += seen.passed;
    }
    // The histories are worth nothing if they avoid what is difficult.
    for (what, count) in [
        ("delivered", total.delivered),
        ("skipped store", total.skipped_store),
        ("stored", total.stored),
        ("crashes", total.crashes),
        ("refused", total.refused),
        ("takeovers", total.takeovers),
        ("repeated", total.repeated),
        ("fell behind", usize::try_from(total.fell_behind).unwrap()),
        ("passed", total.passed),
    ] {
        assert!(count > 100, "only {count} times: {what}");
    }
}

/// Who asks for its queue again and again, faster than it can be read, costs one read.
#[test]
fn a_flood_of_unblocks_is_one_read() {
    let world = World::new(0);
    let line = TestLine {
        key: 1,
        log: Rc::clone(&world.log),
        completed: Rc::default(),
    };
    let mut post = Post::new(limits());
    for _ in 0..1000 {
        post.unblock(&line, identity(1));
    }
    let reads = post.take_outputs().reads;
    assert_eq!(reads.len(), 1);
    assert!(post.is_current(&reads[0]));
    post.rows_read(&reads[0], Vec::new(), true);
    assert!(line.completed.get());
}

fn plain_offer(number: u64) -> Offer {
    Offer {
        receiver: identity(1),
        key: Key {
            sender: identity(0),
            id: MessageId(number.to_le_bytes()),
            nonce: MessageNonce([7; 24]),
        },
        flags: 0,
        bytes: World::bytes(number),
        enqueued_at: 0,
        expires_at: i64::MAX,
    }
}

/// A sender that lost its 0x81 offers again while the receiver drains: the read that finds the row
/// takes the copy off the unsaved ones, and nothing else would ever say that the queue is sent.
#[test]
fn a_copy_that_the_last_read_settles_does_not_keep_the_queue_open() {
    let world = World::new(0);
    let line = |key| TestLine {
        key,
        log: Rc::clone(&world.log),
        completed: Rc::default(),
    };
    let (sender, receiver) = (line(1), line(2));
    let mut post = Post::new(limits());
    let offer = plain_offer(7);
    let key = offer.key;
    let accepted = post.accept(0, &sender, offer);
    assert_eq!(accepted, Ok(Accepted::Queued(false)));
    post.unblock(&receiver, identity(1));
    let read = post.take_outputs().reads[0];
    let row = Row {
        position: 1,
        key,
        flags: 0,
        bytes: World::bytes(7),
        is_expired: false,
    };
    post.rows_read(&read, vec![row], true);
    assert!(post.take_outputs().reads.is_empty());
    assert!(receiver.completed.get(), "I10: the queue never completes");
}

/// I5 for a whole batch: what its failing senders offered later goes, what others offered stays.
#[test]
fn a_failed_batch_refuses_what_all_its_senders_offered_later() {
    let mut post = Post::new(limits());
    for (number, key) in (1_u64..).zip([1, 1, 2, 1, 2, 1, 2, 3]) {
        let line = TestLine {
            key,
            log: Log::default(),
            completed: Rc::default(),
        };
        let accepted = post.accept(0, &line, plain_offer(number));
        assert_eq!(accepted, Ok(Accepted::Queued(false)));
    }
    let failed = |it: &Parcel| (it.receiver, it.seq, Outcome::Failed(Refusal::Full));
    let results: Vec<_> = post.take_batch(0).parcels.iter().map(failed).collect();
    assert_eq!(results.len(), 5);
    post.stored(0, &results);
    let left: Vec<_> = post.waiting_ids().collect();
    assert_eq!(left, [MessageId(8_u64.to_le_bytes())]);
}
