//! What a client says after the login: containers to requests, by the rules of protocol.md A2.4.

use std::ops::ControlFlow;
use std::sync::Arc;

use dreiklang_wire::csp::payload::{
    Flags, FromServer, MessageRef, ToServer, ToServerRef, set_created_at,
};
use dreiklang_wire::id::{Identity, MessageId};
use dreiklang_wire::spec::payload_type;

use crate::app::App;
use crate::service::messages::mailbox::Key;
use crate::service::messages::{Offer, Request};
use crate::service::sessions::known::Recall;
use crate::service::sessions::{Line, login};

/// Why a connection must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Violation {
    /// A frame or payload that nobody sends by accident: close without a word.
    Nonsense,
    /// A message whose parts do not fit together.
    BadMessage,
    /// A message in the name of somebody else.
    InvalidSender,
}

/// Takes one container. Requests to the post office come back; everything else is done at once.
pub(super) fn take(
    app: &App,
    line: &Arc<Line>,
    container: &[u8],
) -> ControlFlow<Violation, Option<Request>> {
    let payload = match ToServerRef::decode(container) {
        Ok(payload) => payload,
        Err(_) if container.first() == Some(&payload_type::OUTGOING_MESSAGE) => {
            return nobody(line, container)
                .map_or(ControlFlow::Break(Violation::BadMessage), |it| {
                    ControlFlow::Continue(Some(it))
                });
        }
        Err(_) => return ControlFlow::Break(Violation::Nonsense),
    };
    let request = match payload {
        ToServerRef::Message(message) => return take_message(app, line, &message),
        ToServerRef::MessageAck { sender, id } => Request::Release { sender, id },
        ToServerRef::Unblock => Request::Unblock,
        ToServerRef::EchoRequest(bytes) => {
            line.put(&FromServer::EchoResponse(bytes.to_vec()));
            return ControlFlow::Continue(None);
        }
        // That something came is all the answer has to tell.
        ToServerRef::EchoResponse(_) => return ControlFlow::Continue(None),
        ToServerRef::Other(other) => {
            take_other(app, line, &other);
            return ControlFlow::Continue(None);
        }
    };
    ControlFlow::Continue(Some(request))
}

fn take_message(
    app: &App,
    line: &Line,
    message: &MessageRef<'_>,
) -> ControlFlow<Violation, Option<Request>> {
    #[cfg(not(feature = "planted-bugs"))]
    let is_checked = true;
    #[cfg(feature = "planted-bugs")]
    let is_checked = !crate::planted::is(crate::planted::Weakness::TrustedHeader);
    if is_checked && message.sender() != line.identity() {
        return ControlFlow::Break(Violation::InvalidSender);
    }
    let flags = message.flags();
    if is_checked && message.receiver() == message.sender() {
        return ControlFlow::Continue(Some(Request::Nobody {
            receiver: *message.receiver().as_bytes(),
            id: message.id(),
            is_acknowledged: !flags.contains(Flags::NO_ACK),
        }));
    }
    let now = app.clock.now();
    let mut bytes = message.bytes().to_vec();
    let now_s = u32::try_from(now.seconds()).unwrap_or(u32::MAX);
    // Zero is what iOS sends (D5); the other two are csp.struct.yml, message-with-metadata-box.
    let is_short_lived = flags.contains(Flags::SHORT_LIVED);
    if message.created_at() == 0 || message.created_at() > now_s || is_short_lived {
        let rewritten = set_created_at(&mut bytes, now_s);
        debug_assert!(rewritten.is_ok(), "the header was parsed");
    }
    let key = Key {
        sender: message.sender(),
        id: message.id(),
        nonce: message.nonce(),
    };
    ControlFlow::Continue(Some(Request::Offer(Offer {
        receiver: message.receiver(),
        key,
        flags: flags.0,
        bytes,
        enqueued_at: now.0,
        expires_at: app.messages.lifetime.expires_at(&app.clock, is_short_lived),
    })))
}

/// A message that is sound but for a receiver that cannot exist is acknowledged and dropped like
/// one to an unknown identity (D7).
fn nobody(line: &Line, container: &[u8]) -> Option<Request> {
    let payload = container.get(4..)?;
    let receiver: [u8; 8] = payload.get(8..16)?.try_into().ok()?;
    if Identity::try_from(receiver).is_ok() {
        return None;
    }
    let mut patched = payload.to_vec();
    patched
        .get_mut(8..16)?
        .copy_from_slice(line.identity().as_bytes());
    let message = MessageRef::parse(&patched).ok()?;
    (message.sender() == line.identity()).then(|| Request::Nobody {
        receiver,
        id: MessageId(message.id().0),
        is_acknowledged: !message.flags().contains(Flags::NO_ACK),
    })
}

fn take_other(app: &App, line: &Arc<Line>, payload: &ToServer) {
    match payload {
        ToServer::IdleTimeout(seconds) => {
            line.set_idle(u32::from((*seconds).clamp(IDLE_MIN_S, IDLE_MAX_S)));
        }
        ToServer::ClearDeviceCookie => clear_warning(app, line),
        ToServer::PushToken(_) | ToServer::UrgentPushToken(_) | ToServer::DeletePushTokens(_) => {
            metrics::counter!("chat_push_tokens_ignored_total").increment(1);
        }
        _ => metrics::counter!("chat_payloads_ignored_total").increment(1),
    }
}

/// Costs a write, so it happens only if there may be something to clear, and once at a time.
fn clear_warning(app: &App, line: &Arc<Line>) {
    let facts = match app.sessions.known.recall(line.identity()) {
        Recall::Facts(facts) => Some(facts),
        Recall::Nothing | Recall::Unknown => None,
    };
    let login = facts.as_ref().and_then(|facts| facts.login());
    let is_clear = login.is_some_and(|login| !login.is_cookie_changed);
    if !is_clear && line.begin_clearing() {
        let cleared = login::clear_cookie_flag(app.store.clone(), facts, Arc::clone(line));
        tokio::spawn(cleared);
    }
}

const IDLE_MIN_S: u16 = 30;
const IDLE_MAX_S: u16 = 600;
