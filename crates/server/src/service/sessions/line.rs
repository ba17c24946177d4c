//! The inner side of a connection: what it still has to send, and how it ends.
//!
//! Whoever has something for a connection puts the payload here, in order and without blocking; the
//! connection's own task seals and writes it. Nothing is allocated while there is nothing to send.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use dreiklang_wire::csp::Features;
use dreiklang_wire::csp::edition::Claim;
use dreiklang_wire::csp::payload::{FromServer, MessageRef};
use dreiklang_wire::id::{DeviceId, Identity, MessageId};
use dreiklang_wire::spec::payload_type;

use crate::service::messages::mailbox::{self, Refusal};
use crate::service::texts::{Language, Text};

/// One logged-in connection.
#[derive(Debug)]
pub struct Line {
    key: u64,
    identity: Identity,
    device: Option<DeviceId>,
    claim: Claim,
    features: Features,
    language: Language,
    outbox: Mutex<Outbox>,
    /// Offers of this connection that wait for their acknowledgement.
    unsettled: AtomicUsize,
    /// When bytes last came from the client, in seconds of uptime.
    heard_s: AtomicU32,
    /// The silence after which the connection is closed.
    idle_s: AtomicU32,
    /// When the client was last asked whether it is still there; 0 for not since it was heard.
    probed_s: AtomicU32,
    /// The device cookie warning was cleared through this connection, or is being cleared.
    is_warning_cleared: AtomicBool,
}

#[derive(Debug, Default)]
struct Outbox {
    /// Containers, each after its length as u16.
    containers: Vec<u8>,
    /// Messages to report as written once all of `containers` is.
    reports: Vec<u64>,
    waker: Option<Waker>,
    /// Something was put here since it was last emptied.
    is_touched: bool,
    ending: Ending,
    completed: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Ending {
    #[default]
    Open,
    /// Nothing more is taken in; what is here is sent, then the connection is closed.
    Closing,
}

/// What a connection has to write next.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// Containers, each after its length as u16.
    pub containers: Vec<u8>,
    /// Messages to report as written once all of `containers` is.
    pub reports: Vec<u64>,
    /// Close after this.
    pub is_last: bool,
}

/// Who a connection belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey {
    /// The identity that logged in.
    pub identity: Identity,
    /// Which of its devices, if it belongs to a device group.
    pub device: Option<DeviceId>,
}

impl Line {
    /// A new connection; `key` must never be used again.
    pub fn new(
        key: u64,
        owner: SessionKey,
        claim: Claim,
        features: Features,
        language: Language,
        idle_s: u32,
        now_s: u32,
    ) -> Arc<Self> {
        Arc::new(Self {
            key,
            identity: owner.identity,
            device: owner.device,
            claim,
            features,
            language,
            outbox: Mutex::default(),
            unsettled: AtomicUsize::new(0),
            heard_s: AtomicU32::new(now_s),
            idle_s: AtomicU32::new(idle_s),
            probed_s: AtomicU32::new(0),
            is_warning_cleared: AtomicBool::new(false),
        })
    }

    /// The number of the connection.
    pub fn key(&self) -> u64 {
        self.key
    }

    /// Who is logged in.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Which edition of the app the client says it is.
    pub fn claim(&self) -> Claim {
        self.claim
    }

    /// Under what the connection is registered.
    pub fn owner(&self) -> SessionKey {
        SessionKey {
            identity: self.identity,
            device: self.device,
        }
    }

    /// Ends the connection with a text for the user.
    pub fn close(&self, can_reconnect: bool, text: Text) -> bool {
        let text = text.in_language(self.language);
        self.put_with(|outbox| {
            let closing = FromServer::CloseError {
                can_reconnect,
                text,
            };
            put_payload(&mut outbox.containers, &closing);
            outbox.ending = Ending::Closing;
        })
    }

    /// Ends the connection without a word, after what was already put here.
    pub fn hang_up(&self) -> bool {
        self.put_with(|outbox| outbox.ending = Ending::Closing)
    }

    /// Puts a payload that is not part of the post office's business.
    pub fn put(&self, payload: &FromServer) -> bool {
        self.put_with(|outbox| put_payload(&mut outbox.containers, payload))
    }

    /// Acknowledges a message whose receiver is not even a possible identity.
    /// Such a message was never counted as an offer, so this settles none.
    pub fn acknowledge_raw(&self, receiver: [u8; 8], id: MessageId) -> bool {
        self.put_with(|outbox| {
            let kind = payload_type::OUTGOING_MESSAGE_ACK;
            put_parts(
                &mut outbox.containers,
                &[&[kind, 0, 0, 0], &receiver, &id.0],
            );
        })
    }

    /// Whether the connection is about to end.
    pub fn is_closing(&self) -> bool {
        self.outbox().ending == Ending::Closing
    }

    /// Notes an offer that waits for its acknowledgement.
    pub fn note_offer(&self) {
        self.unsettled.fetch_add(1, Ordering::Relaxed);
    }

    /// How many offers wait for their acknowledgement.
    pub fn unsettled(&self) -> usize {
        self.unsettled.load(Ordering::Relaxed)
    }

    /// Takes everything there is to write; remembers whom to wake if there is nothing.
    pub fn take(&self, context: &mut Context<'_>) -> Outgoing {
        let mut outbox = self.outbox();
        if outbox
            .waker
            .as_ref()
            .is_none_or(|waker| !waker.will_wake(context.waker()))
        {
            outbox.waker = Some(context.waker().clone());
        }
        outbox.is_touched = false;
        Outgoing {
            containers: std::mem::take(&mut outbox.containers),
            reports: std::mem::take(&mut outbox.reports),
            is_last: outbox.ending == Ending::Closing,
        }
    }

    /// Wakes the connection's task.
    pub fn wake(&self) {
        let waker = self.outbox().waker.clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Bytes came from the client.
    pub fn heard(&self, now_s: u32) {
        self.heard_s.store(now_s, Ordering::Relaxed);
        self.probed_s.store(0, Ordering::Relaxed);
    }

    /// The client asks for another limit of silence.
    pub fn set_idle(&self, seconds: u32) {
        self.idle_s.store(seconds, Ordering::Relaxed);
    }

    /// Whether the device cookie warning has to be cleared in the store. Once is enough: a client
    /// hears the warning at its login only, so that a later one is not of this connection.
    pub fn begin_clearing(&self) -> bool {
        !self.is_warning_cleared.swap(true, Ordering::Relaxed)
    }

    /// The warning could not be cleared; the client may ask again.
    pub fn clearing_failed(&self) {
        self.is_warning_cleared.store(false, Ordering::Relaxed);
    }

    /// Closes the connection if it was silent for too long; asks the client before, if it answers
    /// such questions. Returns whether the connection has to be woken.
    pub fn check_silence(&self, now_s: u32) -> bool {
        let silent = now_s.saturating_sub(self.heard_s.load(Ordering::Relaxed));
        let idle = self.idle_s.load(Ordering::Relaxed);
        if silent >= idle {
            return self.hang_up();
        }
        let is_quiet = silent >= idle - idle / 4 && self.features.contains(Features::ECHO);
        if is_quiet && self.probed_s.swap(now_s.max(1), Ordering::Relaxed) == 0 {
            return self.put(&FromServer::EchoRequest(now_s.to_le_bytes().to_vec()));
        }
        false
    }

    fn settle(&self) {
        let less = |it: usize| Some(it.saturating_sub(1));
        let _ = self
            .unsettled
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    fn put_with(&self, change: impl FnOnce(&mut Outbox)) -> bool {
        let mut outbox = self.outbox();
        if outbox.ending == Ending::Closing {
            return false;
        }
        change(&mut outbox);
        !std::mem::replace(&mut outbox.is_touched, true)
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl mailbox::Line for Arc<Line> {
    fn key(&self) -> u64 {
        self.key
    }

    fn has_room(&self) -> bool {
        self.outbox().containers.len() < ROOM_BYTES
    }

    fn deliver(&self, message: &[u8], report: Option<u64>) -> bool {
        self.put_with(|outbox| {
            let kind = [payload_type::INCOMING_MESSAGE, 0, 0, 0];
            if self.features.contains(Features::METADATA) {
                put_parts(&mut outbox.containers, &[&kind, message]);
            } else if let Ok(message) = MessageRef::parse(message) {
                // A legacy receiver cannot read the metadata box (csp.struct.yml, login extension
                // message-payload-version).
                let parts = message.parts(None, true);
                let [header, metadata, tail] = parts.as_slices();
                put_parts(&mut outbox.containers, &[&kind, header, metadata, tail]);
            }
            outbox.reports.extend(report);
        })
    }

    fn acknowledge(&self, receiver: Identity, id: MessageId) -> bool {
        self.settle();
        self.acknowledge_raw(*receiver.as_bytes(), id)
    }

    fn queue_send_complete(&self) -> bool {
        self.put_with(|outbox| {
            if !std::mem::replace(&mut outbox.completed, true) {
                put_payload(&mut outbox.containers, &FromServer::QueueSendComplete);
            }
        })
    }

    fn refuse(&self, why: Refusal) -> bool {
        let text = match why {
            Refusal::Quota => Text::QueueFull,
            Refusal::Full => Text::ServerFull,
            Refusal::Unavailable => Text::Unavailable,
        };
        self.close(true, text)
    }
}

fn put_payload(containers: &mut Vec<u8>, payload: &FromServer) {
    let start = containers.len();
    containers.extend_from_slice(&[0; 2]);
    let result = payload.encode_into(containers);
    let length = u16::try_from(containers.len() - start - 2)
        .ok()
        .filter(|_| result.is_ok());
    match length {
        Some(length) => containers[start..start + 2].copy_from_slice(&length.to_le_bytes()),
        // What no frame can carry is not sent.
        None => containers.truncate(start),
    }
}

fn put_parts(containers: &mut Vec<u8>, parts: &[&[u8]]) {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let Ok(field) = u16::try_from(length) else {
        return;
    };
    containers.reserve(length + 2);
    containers.extend_from_slice(&field.to_le_bytes());
    for part in parts {
        containers.extend_from_slice(part);
    }
}

/// What may wait for a slow reader before it misses messages that need not arrive.
const ROOM_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Arc<Line> {
        let owner = SessionKey {
            identity: "BOB00001".parse().unwrap(),
            device: None,
        };
        Line::new(
            1,
            owner,
            Claim::Unknown,
            Features::default(),
            Language::ENGLISH,
            60,
            0,
        )
    }

    #[test]
    fn only_what_was_counted_is_settled() {
        let line = line();
        let id = MessageId([1; 8]);
        line.note_offer();
        line.acknowledge_raw([0; 8], id);
        assert_eq!(line.unsettled(), 1, "a message to nobody is no offer");
        mailbox::Line::acknowledge(&line, line.identity(), id);
        assert_eq!(line.unsettled(), 0);
    }

    #[test]
    fn a_flood_of_clearings_is_one_write() {
        let line = line();
        assert!(line.begin_clearing());
        assert!(!(0..1000).any(|_| line.begin_clearing()));
        line.clearing_failed();
        assert!(line.begin_clearing(), "the client may ask again");
        assert!(!line.begin_clearing());
    }
}
