//! What the engine tells whoever watches. Events are hints to look again; the truth is in the
//! database, so a lost event loses nothing.

use dreiklang_wire::id::{Identity, MessageId};

use crate::{
    contact::mismatch::MismatchSource,
    view::{ConversationId, Message, MessageState, Position},
};

/// Something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A message was received or queued for sending.
    Message(Message),
    /// A message is not as it was: edited, deleted, with other reactions, votes or a star.
    MessageChanged(Message),
    /// A message of ours moved on: sent, delivered, read.
    MessageState {
        /// The conversation.
        conversation: ConversationId,
        /// The row.
        position: Position,
        /// The id on the wire.
        id: MessageId,
        /// Where it stands now.
        state: MessageState,
    },
    /// The file of a message moved on: sent, fetched, lost, played. See
    /// [`view::media`](crate::view::media).
    MediaChanged {
        /// The conversation.
        conversation: ConversationId,
        /// The message.
        position: Position,
    },
    /// Messages of this conversation were read here.
    ConversationRead(ConversationId),
    /// A conversation is shorter, or something about it as a whole changed: who is in the group,
    /// what it is called, whether it is pinned.
    ConversationChanged(ConversationId),
    /// A contact was added, removed, blocked, renamed, or the directory says something new of it.
    ContactChanged(Identity),
    /// Somebody claims another key for this identity than the known one, which stays the only one
    /// in use. If it is a contact, the warning stays until
    /// [`Command::ClearKeyMismatch`](crate::Command::ClearKeyMismatch).
    KeyMismatch {
        /// Whose key.
        contact: Identity,
        /// Who claims it.
        source: MismatchSource,
    },
    /// A contact types, or stopped typing.
    Typing {
        /// Who.
        contact: Identity,
        /// Whether they type now.
        on: bool,
    },
    /// The own identity was created, changed or revoked: see [`view::me`](crate::view::me).
    MeChanged,
    /// Safe was switched on or off, or a backup was made or failed: see
    /// [`view::safe`](crate::view::safe).
    SafeChanged,
    /// Another device logged in with our identity. Raised on every connection until
    /// [`Command::ClearDeviceCookie`](crate::Command::ClearDeviceCookie).
    DeviceCookieChanged,
    /// Everything that had waited for us at the server is here.
    QueueDrained,
    /// The server has something to say to the person.
    Alert(String),
    /// The server closes the connection and says why.
    ClosedByServer {
        /// Whether it makes sense to connect again without asking the person.
        can_reconnect: bool,
        /// The server's words.
        text: String,
    },
    /// The identity is used elsewhere, in the server's words. It stays so until
    /// [`Command::Reclaim`](crate::Command::Reclaim) or a login that succeeds.
    Displaced {
        /// The server's words.
        text: String,
    },
    /// The licence is not accepted any more: the app is locked, whatever it is asked, until
    /// [`Event::Unlocked`].
    Locked {
        /// The server's words.
        text: String,
    },
    /// The app is not locked any more; the driver may log in again.
    Unlocked,
    /// The server does not know the credentials: ask the person for new ones.
    CredentialsNeeded,
    /// The organisation set or unset something: see [`view::policy`](crate::view::policy).
    PolicyChanged,
    /// The organisation said something new about itself or its people.
    OrganisationChanged,
    /// An address was linked or unlinked: see [`view::links`](crate::view::links).
    LinksChanged,
}

/// Why the engine wants the connection closed. The driver reconnects with its usual back-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// A sender could not be looked up; its messages stay with the server until they can be read.
    LookupFailed,
    /// More messages than fit in memory waited for a lookup; the rest must come again.
    Overflow,
    /// The server said that it closes the connection.
    ServerClosed {
        /// Whether the driver may reconnect by itself.
        can_reconnect: bool,
    },
    /// The own identity was revoked; do not reconnect.
    Revoked,
    /// The licence is not accepted any more; reconnect after [`Event::Unlocked`].
    Locked,
}
