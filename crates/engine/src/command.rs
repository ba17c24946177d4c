//! What a person or a script can ask for, and the answers.

use std::fmt;

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{api::Base64, id::Identity};

use crate::{
    http::HttpFault,
    view::{Contact, Message, Position},
};

/// Ties a [`Reply`] to its command; the driver chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// One request to the engine. Every command is answered by exactly one
/// [`Output::Reply`](crate::Output::Reply), some only after the directory answered. A command whose
/// reply was lost in a crash may be given again.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Make a key pair and register it. Reply: [`Reply::IdentityCreated`].
    CreateIdentity {
        /// The nickname others see; may be empty.
        nickname: String,
        /// Credentials, where the instance wants some.
        license: Option<License>,
    },
    /// Revoke the own identity for ever. Reply: [`Reply::Done`].
    RevokeIdentity {
        /// The own identity once more, typed by the person.
        confirm: Identity,
    },
    /// Change the nickname others see with the next message. Reply: [`Reply::Done`].
    SetNickname(String),
    /// Change what this client tells and accepts. Reply: [`Reply::Done`].
    SetSettings(Settings),
    /// Look somebody up and keep them. Given again it adds what is new: a name, a verified key.
    /// Reply: [`Reply::Contact`].
    AddContact {
        /// Who.
        identity: Identity,
        /// The key from a `3mid:` text: the contact becomes verified, or the command is refused.
        public_key: Option<PublicKey>,
        /// The own name for the contact.
        name: Option<String>,
    },
    /// Give a contact another name; empty removes it. Reply: [`Reply::Contact`].
    SetContactName {
        /// Who.
        identity: Identity,
        /// The new name.
        name: String,
    },
    /// Forget the conversation and hide the contact. The key stays pinned. Reply: [`Reply::Done`].
    RemoveContact(Identity),
    /// Discard everything this identity sends from now on. Reply: [`Reply::Done`].
    Block(Identity),
    /// Undo [`Command::Block`]. Reply: [`Reply::Done`].
    Unblock(Identity),
    /// Put a text into the outbox. Reply: [`Reply::Message`].
    SendText {
        /// A contact.
        to: Identity,
        /// At most 6,000 bytes of UTF-8.
        text: String,
        /// The caller's own name for this sending. Giving the same one again returns the message
        /// that it already made, so a caller who missed the reply may simply repeat.
        reference: Option<String>,
    },
    /// The person has seen the conversation up to this message. Reply: [`Reply::Done`].
    MarkRead {
        /// The conversation.
        contact: Identity,
        /// The newest row seen.
        up_to: Position,
    },
    /// The person types, or stopped. Say it again at least every 30 s while it goes on.
    /// Reply: [`Reply::Done`], also when nobody is told.
    Typing {
        /// To whom.
        to: Identity,
        /// Whether they type.
        on: bool,
    },
    /// The person has understood that another device used the identity. Reply: [`Reply::Done`].
    ClearDeviceCookie,
}

/// User name and password of an organisation.
#[derive(Clone, PartialEq, Eq)]
pub struct License {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl License {
    /// The `Authorization` header of HTTP Basic.
    pub fn basic(&self) -> String {
        let Self { username, password } = self;
        let pair = Base64(format!("{username}:{password}").into_bytes());
        format!("Basic {}", pair.to_text())
    }
}

/// What the person lets this client tell and accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Tell senders when their messages are read.
    pub read_receipts: bool,
    /// Tell contacts when we type.
    pub typing_indicators: bool,
    /// Discard messages of people who are no contacts.
    pub block_unknown: bool,
    /// Look for the address book's people among those who linked an address.
    pub contact_sync: bool,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Done.
    Done,
    /// The identity is ours now.
    IdentityCreated(Identity),
    /// The contact as it is now.
    Contact(Contact),
    /// The message as it stands in the outbox, or as it stands now if the reference was known.
    Message(Message),
}

/// Why a command was not done. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no own identity yet.
    #[error("there is no identity yet")]
    NoIdentity,
    /// There is one already, or one is being made.
    #[error("there is an identity already")]
    IdentityExists,
    /// The own identity was revoked.
    #[error("the own identity is revoked")]
    IdentityRevoked,
    /// The confirmation is not the own identity.
    #[error("the confirmation does not match")]
    WrongConfirmation,
    /// The same thing is being done already.
    #[error("this is being done already")]
    Busy,
    /// The own identity cannot be a contact.
    #[error("this is the own identity")]
    OwnIdentity,
    /// No such contact.
    #[error("{0} is not a contact")]
    UnknownContact(Identity),
    /// The directory does not know this identity.
    #[error("{0} does not exist or is revoked")]
    UnknownIdentity(Identity),
    /// The key at hand is not the key that is known for this identity.
    #[error("the key of {0} does not match")]
    KeyMismatch(Identity),
    /// The directory gave a key that nobody may use.
    #[error("the key of {0} is unusable")]
    BadKey(Identity),
    /// The contact is revoked.
    #[error("{0} is revoked")]
    ContactInvalid(Identity),
    /// The contact is blocked by us.
    #[error("{0} is blocked")]
    ContactBlocked(Identity),
    /// There is no text.
    #[error("the text is empty")]
    TextEmpty,
    /// The text does not fit into one message.
    #[error("the text has {size_bytes} bytes, at most {limit_bytes} are possible")]
    TextTooLong {
        /// What was given.
        size_bytes: usize,
        /// What fits.
        limit_bytes: usize,
    },
    /// A name, nickname or reference does not fit.
    #[error("the {field} has {length} characters, at most {limit} are possible")]
    NameTooLong {
        /// Which one: `name`, `nickname` or `reference`.
        field: &'static str,
        /// What was given.
        length: usize,
        /// What fits.
        limit: usize,
    },
    /// This reference already stands for another message.
    #[error("the reference was used for another message")]
    ReferenceReused,
    /// Nothing in this conversation has that position.
    #[error("there is no such message")]
    UnknownMessage,
    /// The directory was not reached.
    #[error(transparent)]
    Http(HttpFault),
    /// The directory wants us to wait.
    #[error("too many requests, try again later")]
    RateLimited,
    /// The directory refused and says why.
    #[error("the directory refused: {0}")]
    Directory(String),
    /// The directory's answer makes no sense.
    #[error("the directory answered something unusable")]
    BadAnswer,
}

// What people write, and their credentials, must not end in a log by way of `{:?}`.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CreateIdentity { .. } => "CreateIdentity",
            Self::RevokeIdentity { .. } => "RevokeIdentity",
            Self::SetNickname(_) => "SetNickname",
            Self::SetSettings(_) => "SetSettings",
            Self::AddContact { .. } => "AddContact",
            Self::SetContactName { .. } => "SetContactName",
            Self::RemoveContact(_) => "RemoveContact",
            Self::Block(_) => "Block",
            Self::Unblock(_) => "Unblock",
            Self::SendText { .. } => "SendText",
            Self::MarkRead { .. } => "MarkRead",
            Self::Typing { .. } => "Typing",
            Self::ClearDeviceCookie => "ClearDeviceCookie",
        })
    }
}

impl fmt::Debug for License {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("License(…)")
    }
}
