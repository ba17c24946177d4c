//! What a script was told, so that it is told everything once, also after events were missed.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use dreiklang_client::desk::EventLine;
use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{self, Message, MessageState, Position};
use dreiklang_client::{Connection, EngineEvent, Error, Event};

use crate::format;

/// How many of our messages are followed after a gap; the state of older ones is in `history`.
const OPEN_MAX: usize = 65_536;
/// How many messages of one conversation are read at a time.
const PAGE: u32 = 256;

#[derive(Clone)]
pub(super) struct Ledger {
    /// The newest incoming message that was told.
    newest: Position,
    /// What the script believes that messages say, as a digest.
    told: BTreeMap<Position, u64>,
    /// Our messages that can still move on, and where the script believes them.
    open: BTreeMap<Position, MessageState>,
    /// What waits for the reply to the command that is being done.
    asked: Option<Asked>,
}

/// Our messages that a command has made, before its reply has told the script of them.
#[derive(Clone, Default)]
struct Asked {
    made: BTreeSet<Position>,
    /// How they moved on meanwhile, oldest first.
    held: Vec<(Position, MessageState, Event)>,
}

impl Ledger {
    /// Everything up to this position was told.
    pub(super) fn new(newest: Position) -> Self {
        Self {
            newest,
            told: BTreeMap::new(),
            open: BTreeMap::new(),
            asked: None,
        }
    }

    /// A command has begun: what it makes is unknown to the script until its reply.
    pub(super) fn ask(&mut self) {
        self.asked = Some(Asked::default());
    }

    /// The reply is told: the events that had to wait for it, and say more than it does.
    pub(super) fn answered(&mut self, told: Option<(Position, MessageState)>) -> Vec<Event> {
        let Asked { made, mut held } = self.asked.take().unwrap_or_default();
        for position in made {
            self.open.entry(position).or_insert(MessageState::Pending);
        }
        if let Some((position, state)) = told {
            self.follow(position, state);
            let known = held
                .iter()
                .rposition(|(at, is, _)| (*at, *is) == (position, state));
            if let Some(known) = known {
                let mut index = 0..;
                held.retain(|(at, ..)| index.next() > Some(known) || *at != position);
            }
        }
        held.into_iter().map(|(.., event)| event).collect()
    }

    /// The newest position of all.
    pub(super) fn newest(conn: &Connection) -> Result<Position, Error> {
        let positions = view::conversations(conn)?
            .into_iter()
            .map(|c| c.last_message.position);
        Ok(positions.max().unwrap_or(Position(0)))
    }

    /// The line for an event, unless it was told already.
    pub(super) fn note(&mut self, event: &Event) -> Option<EventLine> {
        match event {
            Event::Engine(EngineEvent::Message(message)) => {
                let (position, state) = (message.position, message.state);
                self.is_news(message);
                if state.is_outgoing() {
                    match &mut self.asked {
                        _ if self.open.contains_key(&position) => {}
                        Some(asked) => _ = asked.made.insert(position),
                        None => self.follow(position, state),
                    }
                    return None;
                }
                if position <= self.newest {
                    return None;
                }
                self.newest = position;
            }
            Event::Engine(EngineEvent::MessageChanged(message)) if !self.is_news(message) => {
                return None;
            }
            Event::Engine(EngineEvent::MessageState {
                position, state, ..
            }) => {
                if self.open.get(position) == Some(state) {
                    return None;
                }
                if let Some(asked) = &mut self.asked
                    && asked.made.contains(position)
                {
                    asked.held.push((*position, *state, event.clone()));
                    return None;
                }
                self.follow(*position, *state);
            }
            _ => {}
        }
        EventLine::from_event(event)
    }

    /// Whether the message says something else than the script believes.
    fn is_news(&mut self, message: &Message) -> bool {
        let digest = digest(message);
        let believed = self.told.insert(message.position, digest);
        if self.told.len() > OPEN_MAX {
            self.told.pop_first();
        }
        believed != Some(digest)
    }

    /// The script knows that this message of ours is so far.
    pub(super) fn follow(&mut self, position: Position, state: MessageState) {
        if state >= MessageState::Read {
            self.open.remove(&position);
            return;
        }
        self.open.insert(position, state);
        if self.open.len() > OPEN_MAX {
            self.open.pop_first();
        }
    }

    /// What the database knows and the script does not, as the events that told it.
    pub(super) fn missing(&self, conn: &Connection) -> Result<Vec<Event>, Error> {
        let mut messages = Vec::new();
        for conversation in view::conversations(conn)? {
            let mut before = None;
            let mut last = conversation.last_message.position;
            while last > self.newest {
                let page = view::timeline(conn, &conversation.id, before, PAGE)?;
                let Some(oldest) = page.first() else {
                    break;
                };
                last = oldest.position;
                before = Some(last);
                messages.extend(page.into_iter().filter(|message| {
                    message.position > self.newest && !message.state.is_outgoing()
                }));
            }
        }
        messages.sort_by_key(|message| message.position);
        let mut events: Vec<_> = messages.into_iter().map(EngineEvent::Message).collect();
        for (position, state) in &self.open {
            let Some(message) = view::message(conn, *position)? else {
                continue;
            };
            if message.state != *state {
                events.push(EngineEvent::MessageState {
                    conversation: message.conversation,
                    position: message.position,
                    id: message.id,
                    state: message.state,
                });
            }
        }
        Ok(events.into_iter().map(Event::Engine).collect())
    }
}

/// A digest of everything that a message says to a script, but for how far it is.
fn digest(message: &Message) -> u64 {
    let still = Message {
        state: MessageState::IncomingRead,
        state_at: Timestamp::default(),
        ..message.clone()
    };
    let mut hasher = DefaultHasher::new();
    // A message of names and numbers can be written; two that could not would be no news.
    serde_json::to_string(&format::Message::from(&still))
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}
