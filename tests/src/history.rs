//! What raw chat clients and the nemesis saw and did, in the order in which it happened.
//!
//! What a client does is recorded before it is done and what it sees after it was seen. So a
//! recorded acknowledgement of the server that stands before a recorded unblock was really given
//! before it, and the checker needs no tolerance.

mod check;
mod report;

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use check::check;
pub use report::{Counts, Invariant, Report, Violation};

/// A test client's identity, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person(pub u8);

impl Person {
    /// Whoever has an identity that the harness never made.
    pub const STRANGER: Self = Self(u8::MAX);
}

/// One connection, from login to close; numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(pub u32);

/// A message without its content: what the server tells messages apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Letter {
    /// Who wrote it.
    pub from: Person,
    /// For whom it is.
    pub to: Person,
    /// The message id.
    pub id: u64,
    /// The first half of the nonce.
    pub nonce: u64,
}

/// What is in a letter beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Content {
    /// A digest of all bytes that the server must not change.
    pub digest: u64,
    /// Flag 0x02: deliver now or never.
    pub is_transient: bool,
    /// Flag 0x04: nobody acknowledges it.
    pub is_unacknowledged: bool,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client begins to log in: the server may know it, and deliver to it, before it hears so.
    Dial(Line),
    /// A client logged in.
    Open(Line, Person),
    /// The client asks for its queue and for what comes from now on.
    Unblock(Line),
    /// The client closed, or found the connection closed.
    Close(Line),
    /// The client sends a letter, perhaps again.
    Offer(Line, Letter, Content),
    /// The server says that it has the letter (0x81).
    Ack81(Line, Letter),
    /// The server delivers a letter (0x02).
    Recv02(Line, Letter, Content),
    /// The client says that it has the letter (0x82).
    Ack82(Line, Letter),
    /// The client asks for an echo.
    Ask(Line),
    /// The server answers it, and so has done everything before it.
    Echo(Line),
    /// The server has sent its queue.
    Qsc(Line),
    /// The server process is killed.
    Kill,
    /// The power fails under the server: only what was synchronised is left.
    Cut,
    /// The server is up again.
    Restart,
}

/// Where clients and the nemesis write; clones write into the same history.
#[derive(Clone, Default)]
pub struct Recorder {
    inner: Arc<Mutex<Book>>,
}

#[derive(Default)]
struct Book {
    events: Vec<Event>,
    /// The power is off: nobody hears the server, though its process may live a moment longer.
    is_dark: bool,
}

impl Recorder {
    /// Appends what a client does or the nemesis did.
    pub fn note(&self, event: Event) {
        let mut book = self.book();
        match event {
            Event::Cut => book.is_dark = true,
            Event::Restart => book.is_dark = false,
            _ => {}
        }
        book.events.push(event);
    }

    /// Appends what a client hears from the server, unless the power is off.
    ///
    /// A real power cut takes the network with it. The simulated one does not: the kernel lets an
    /// fsync that is under way succeed although its data is dropped, so what the server says from
    /// that moment on is not worth anything. (Seen with plain files on Linux 6.18.)
    pub fn hear(&self, event: Event) -> bool {
        let mut book = self.book();
        if !book.is_dark {
            book.events.push(event);
        }
        !book.is_dark
    }

    /// Everything so far.
    pub fn events(&self) -> Vec<Event> {
        self.book().events.clone()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from,
            to,
            id,
            nonce,
        } = self;
        write!(f, "{}→{} {id:#x}/{nonce:016x}", from.0, to.0)
    }
}

/// A history as text, one event a line, for people who look for the cause of a violation.
pub fn text_of(events: &[Event]) -> String {
    let mut text = String::new();
    for (index, event) in events.iter().enumerate() {
        let _ = match event {
            Event::Dial(line) => writeln!(text, "{index} #{} dial", line.0),
            Event::Open(line, who) => writeln!(text, "{index} #{} open {}", line.0, who.0),
            Event::Unblock(line) => writeln!(text, "{index} #{} unblock", line.0),
            Event::Close(line) => writeln!(text, "{index} #{} close", line.0),
            Event::Offer(line, it, _) => writeln!(text, "{index} #{} offer {it}", line.0),
            Event::Ack81(line, it) => writeln!(text, "{index} #{} ack81 {it}", line.0),
            Event::Recv02(line, it, _) => writeln!(text, "{index} #{} recv02 {it}", line.0),
            Event::Ack82(line, it) => writeln!(text, "{index} #{} ack82 {it}", line.0),
            Event::Ask(line) => writeln!(text, "{index} #{} ask", line.0),
            Event::Echo(line) => writeln!(text, "{index} #{} echo", line.0),
            Event::Qsc(line) => writeln!(text, "{index} #{} qsc", line.0),
            Event::Kill => writeln!(text, "{index} === kill"),
            Event::Cut => writeln!(text, "{index} === cut"),
            Event::Restart => writeln!(text, "{index} === restart"),
        };
    }
    text
}

#[cfg(test)]
mod tests;
