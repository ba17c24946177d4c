//! A raw chat client that sends, receives, acknowledges and hangs up at random.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use anyhow::{Result, bail};
use dreiklang_wire::csp::payload::{Flags, FromServer, Message, ToServer};
use dreiklang_wire::id::{Identity, MessageId, MessageNonce};
use tokio::sync::Notify;

use crate::dice::Dice;
use crate::history::{Content, Event, Letter, Line, Person, Recorder};
use crate::wire::{Account, Wire};

/// What all clients of one campaign share.
#[derive(Default)]
pub struct Shared {
    /// Where everybody writes down what happens.
    pub recorder: Recorder,
    /// Who is who, in the order of their numbers.
    pub people: Vec<Identity>,
    /// The next connection's number.
    pub lines: AtomicU32,
    /// Letters that were acknowledged, of all clients.
    pub acked: AtomicU64,
    /// Rung when one more is acknowledged.
    pub progress: Notify,
    /// Set before the server is struck: broken connections are no surprise any more.
    pub is_over: AtomicBool,
}

impl Shared {
    fn person(&self, identity: Identity) -> Person {
        let found = self.people.iter().position(|it| *it == identity);
        found
            .and_then(|place| u8::try_from(place).ok())
            .map_or(Person::STRANGER, Person)
    }

    /// Whether a broken connection is what everybody waits for.
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }
}

/// A client with its memory, which survives every fault of the server.
pub struct Bot {
    account: Account,
    who: Person,
    shared: Arc<Shared>,
    dice: Dice,
    /// Offered and not acknowledged, in the order of the offers.
    outbox: VecDeque<(Letter, Message)>,
    next_id: u64,
    nonces: HashMap<(Identity, MessageId), u64>,
}

/// A connection and what the client owes on it.
struct Talk {
    wire: Wire,
    line: Line,
    is_unblocked: bool,
    is_drained: bool,
    is_asking: bool,
    /// Received and not acknowledged.
    owed: VecDeque<Letter>,
}

impl Bot {
    /// A client without a past.
    pub fn new(account: Account, who: Person, shared: Arc<Shared>, seed: u64) -> Self {
        Self {
            account,
            who,
            shared,
            dice: Dice::new(seed),
            outbox: VecDeque::new(),
            next_id: 0,
            nonces: HashMap::new(),
        }
    }

    /// Is online and offline by turns, at full speed until the server is struck and gone.
    pub async fn play(mut self) -> Result<Self> {
        loop {
            let mut talk = match self.dial().await {
                Ok(talk) => talk,
                Err(_) if self.shared.is_over() => break,
                Err(error) => bail!("client {} cannot log in: {error}", self.who.0),
            };
            let end = self.converse(&mut talk).await;
            self.shared.recorder.note(Event::Close(talk.line));
            match end {
                Ok(()) => {}
                Err(_) if self.shared.is_over() => break,
                Err(error) => bail!("the connection of client {} broke: {error}", self.who.0),
            }
        }
        Ok(self)
    }

    /// Offers again what was not acknowledged, takes the whole queue and acknowledges all of it.
    pub async fn drain(mut self) -> Result<Self> {
        let mut talk = self.dial().await?;
        self.offer_again(&mut talk)?;
        self.unblock(&mut talk)?;
        loop {
            if talk.is_drained || talk.owed.len() >= OWED_MAX {
                let all = talk.owed.len();
                self.acknowledge(&mut talk, all)?;
            }
            talk.wire.flush().await?;
            if talk.is_drained && self.outbox.is_empty() {
                break;
            }
            self.listen(&mut talk).await?;
        }
        // The last receipts are acknowledged; an answer to this says that the server knows.
        self.ask(&mut talk)?;
        talk.wire.flush().await?;
        while talk.is_asking {
            self.listen(&mut talk).await?;
        }
        self.shared.recorder.note(Event::Close(talk.line));
        Ok(self)
    }

    async fn dial(&mut self) -> io::Result<Talk> {
        let line = Line(self.shared.lines.fetch_add(1, Ordering::SeqCst));
        self.shared.recorder.note(Event::Dial(line));
        let wire = Wire::connect(&self.account).await?;
        self.shared.recorder.note(Event::Open(line, self.who));
        Ok(Talk {
            wire,
            line,
            is_unblocked: false,
            is_drained: false,
            is_asking: false,
            owed: VecDeque::new(),
        })
    }

    async fn converse(&mut self, talk: &mut Talk) -> io::Result<()> {
        // Some never ask for their queue: what they are sent waits.
        let unblock_at = match self.dice.below(4) {
            0 => usize::MAX,
            1 => self.dice.below(8),
            _ => 0,
        };
        self.offer_again(talk)?;
        for step in 0..3 + self.dice.below(STEPS_MAX) {
            if step >= unblock_at && !talk.is_unblocked {
                self.unblock(talk)?;
            }
            if self.outbox.len() < OUTBOX_MAX {
                self.offer_some(talk)?;
            }
            // During a drain all is kept: what comes twice then is one entry too many.
            let is_patient = talk.is_unblocked && !talk.is_drained && talk.owed.len() < OWED_MAX;
            if !is_patient && !self.dice.once_in(5) {
                let count = talk.owed.len() - self.dice.below(talk.owed.len() / 4 + 1);
                self.acknowledge(talk, count)?;
            }
            let is_expecting = !self.outbox.is_empty();
            if !talk.is_asking && (self.dice.once_in(4) || !is_expecting) {
                self.ask(talk)?;
            }
            talk.wire.flush().await?;
            self.listen(talk).await?;
        }
        Ok(())
    }

    /// Waits for the next payload, and takes what came with it.
    async fn listen(&mut self, talk: &mut Talk) -> io::Result<()> {
        let mut payload = Some(talk.wire.receive().await?);
        while let Some(next) = payload {
            self.take(talk, next)?;
            payload = talk.wire.receive_now();
        }
        Ok(())
    }

    fn take(&mut self, talk: &mut Talk, payload: FromServer) -> io::Result<()> {
        let recorder = &self.shared.recorder;
        let hear = |event| {
            let is_heard = recorder.hear(event);
            is_heard
                .then_some(())
                .ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionAborted))
        };
        match payload {
            FromServer::Message(message) => {
                let letter = self.letter(&message);
                hear(Event::Recv02(talk.line, letter, content(&message)))?;
                if !message.flags.contains(Flags::NO_ACK) {
                    talk.owed.push_back(letter);
                }
            }
            FromServer::MessageAck { receiver, id } => {
                let letter = Letter {
                    from: self.who,
                    to: self.shared.person(receiver),
                    id: u64::from_le_bytes(id.0),
                    nonce: self.nonces.get(&(receiver, id)).copied().unwrap_or(0),
                };
                hear(Event::Ack81(talk.line, letter))?;
                let before = self.outbox.len();
                self.outbox.retain(|(waiting, _)| *waiting != letter);
                if self.outbox.len() < before {
                    self.shared.acked.fetch_add(1, Ordering::SeqCst);
                    self.shared.progress.notify_one();
                }
            }
            FromServer::QueueSendComplete => {
                hear(Event::Qsc(talk.line))?;
                talk.is_drained = true;
            }
            FromServer::EchoResponse(_) => {
                hear(Event::Echo(talk.line))?;
                talk.is_asking = false;
            }
            // Every login without the cookie that the last one left is reported; nobody minds.
            FromServer::DeviceCookieChanged => {}
            FromServer::CloseError { text, .. } => return Err(io::Error::other(text)),
            other => return Err(io::Error::other(format!("unexpected: {other:?}"))),
        }
        Ok(())
    }

    fn letter(&self, message: &Message) -> Letter {
        Letter {
            from: self.shared.person(message.sender),
            to: self.shared.person(message.receiver),
            id: u64::from_le_bytes(message.id.0),
            nonce: half(message.nonce),
        }
    }

    fn unblock(&mut self, talk: &mut Talk) -> io::Result<()> {
        talk.is_unblocked = true;
        self.shared.recorder.note(Event::Unblock(talk.line));
        talk.wire.queue(&ToServer::Unblock)
    }

    fn ask(&mut self, talk: &mut Talk) -> io::Result<()> {
        if talk.is_asking {
            return Ok(());
        }
        talk.is_asking = true;
        self.shared.recorder.note(Event::Ask(talk.line));
        let token = self.dice.bytes(8);
        talk.wire.queue(&ToServer::EchoRequest(token))
    }

    fn acknowledge(&mut self, talk: &mut Talk, count: usize) -> io::Result<()> {
        for letter in talk.owed.drain(..count) {
            self.shared.recorder.note(Event::Ack82(talk.line, letter));
            // Whoever is unknown has been noted as such; the server cannot know them either.
            let sender = self.shared.people.get(usize::from(letter.from.0));
            if let Some(sender) = sender {
                talk.wire.queue(&ToServer::MessageAck {
                    sender: *sender,
                    id: MessageId(letter.id.to_le_bytes()),
                })?;
            }
        }
        Ok(())
    }

    fn offer_again(&mut self, talk: &mut Talk) -> io::Result<()> {
        for (letter, message) in &self.outbox {
            offer(&self.shared, talk, *letter, message)?;
        }
        Ok(())
    }

    fn offer_some(&mut self, talk: &mut Talk) -> io::Result<()> {
        // Several to the same person make an order that can be broken.
        let mut receiver = self.somebody();
        for _ in 0..=self.dice.below(BATCH_MAX) {
            if self.dice.once_in(4) {
                receiver = self.somebody();
            }
            let message = self.write(receiver);
            let letter = self.letter(&message);
            self.nonces.insert((receiver, message.id), letter.nonce);
            offer(&self.shared, talk, letter, &message)?;
            if message.flags.contains(Flags::NO_QUEUE) {
                continue;
            }
            if self.dice.once_in(12) {
                offer(&self.shared, talk, letter, &message)?;
            }
            self.outbox.push_back((letter, message));
        }
        Ok(())
    }

    fn somebody(&mut self) -> Identity {
        let others: Vec<_> = self
            .shared
            .people
            .iter()
            .filter(|it| **it != self.account.identity)
            .collect();
        *others[self.dice.below(others.len())]
    }

    fn write(&mut self, receiver: Identity) -> Message {
        self.next_id += 1;
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&self.dice.bytes(24));
        let flags = if self.dice.once_in(24) {
            // As a typing indicator is sent.
            Flags::NO_QUEUE | Flags::NO_ACK
        } else {
            Flags::PUSH
        };
        let length = 40 + self.dice.below(300);
        Message {
            sender: self.account.identity,
            receiver,
            id: MessageId(self.next_id.to_le_bytes()),
            created_at: 1_700_000_000,
            flags,
            nickname: [0; 32],
            metadata: self.dice.bytes(60),
            nonce: MessageNonce(nonce),
            body: self.dice.bytes(length),
        }
    }
}

fn offer(shared: &Shared, talk: &mut Talk, letter: Letter, message: &Message) -> io::Result<()> {
    let event = Event::Offer(talk.line, letter, content(message));
    shared.recorder.note(event);
    talk.wire.queue(&ToServer::Message(message.clone()))
}

fn content(message: &Message) -> Content {
    let mut hasher = DefaultHasher::new();
    message.created_at.hash(&mut hasher);
    (message.flags.0, message.nickname).hash(&mut hasher);
    message.metadata.hash(&mut hasher);
    message.nonce.0.hash(&mut hasher);
    message.body.hash(&mut hasher);
    Content {
        digest: hasher.finish(),
        is_transient: message.flags.contains(Flags::NO_QUEUE),
        is_unacknowledged: message.flags.contains(Flags::NO_ACK),
    }
}

/// Enough of a nonce to tell messages apart.
fn half(nonce: MessageNonce) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&nonce.0[..8]);
    u64::from_le_bytes(bytes)
}

/// Steps of one conversation beyond the first three.
const STEPS_MAX: usize = 24;
/// Unacknowledged letters beyond which nothing new is written.
const OUTBOX_MAX: usize = 48;
/// Letters written in one step.
const BATCH_MAX: usize = 10;
/// Receipts beyond which even a patient client acknowledges: the server sends no more without.
const OWED_MAX: usize = 200;
