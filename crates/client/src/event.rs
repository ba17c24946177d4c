//! What the client tells whoever watches it.

use std::time::Duration;

pub use dreiklang_engine::Event as EngineEvent;
use dreiklang_engine::MediaName;

use crate::provisioning::ProvisioningFault;

/// Something happened. Events are hints to look again; a lost one loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all events are the engine's; an allocation for each would cost more"
)]
pub enum Event {
    /// Contacts, messages or the own account changed, or the server has something to say.
    Engine(EngineEvent),
    /// The connection to the chat server changed.
    Connection(ConnectionState),
    /// A media file is on its way, up or down.
    Progress {
        /// The file.
        media: MediaName,
        /// How many of its bytes were moved.
        done_bytes: u64,
        /// How many there are.
        total_bytes: u64,
    },
}

/// Where the connection to the chat server stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionState {
    /// Not wanted, or there is no identity to log in with yet.
    Offline,
    /// Finding the server and logging in.
    Connecting,
    /// Logged in.
    Online {
        /// How many messages waited at the server when we came.
        queued_messages: u32,
        /// How far the server's clock is ahead of ours.
        server_ahead_ms: i64,
    },
    /// Waiting before the next try.
    Waiting {
        /// Why there is no connection.
        fault: Fault,
        /// How long.
        pause: Duration,
    },
    /// No further try without being asked.
    Stopped(StopReason),
}

/// Why there is no connection; the next try may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody answers at the address.
    #[error("the chat server cannot be reached")]
    Unreachable,
    /// No answer in time.
    #[error("the chat server does not answer in time")]
    TimedOut,
    /// The connection ended.
    #[error("the connection ended")]
    Closed,
    /// The server closed during the login: it does not know the identity, or is about to stop.
    #[error("the chat server refused the login")]
    LoginRefused,
    /// The other side does not hold the server's key, or breaks the protocol.
    #[error("the other side is not the chat server of this instance")]
    Untrusted,
    /// The server asked us to come again.
    #[error("the chat server closed the connection")]
    ClosedByServer,
    /// The engine could not go on and was opened anew.
    #[error("an internal fault, the connection starts again")]
    Engine,
}

/// Why the client does not connect any more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The server told us not to come back, with these words.
    Refused(String),
    /// The own identity is revoked.
    Revoked,
    /// The organisation's server does not give out the remote secret any more, for this reason.
    /// The database is closed; only opening the profile again can tell whether it opens.
    Locked(String),
    /// The organisation's own instance does not let this app in at present.
    Blocked(ProvisioningFault),
    /// The database could not be opened again after a fault.
    Storage(String),
    /// The client was closed.
    Closed,
}
