//! Why commands are not done, in words that say what to do.

use dreiklang_wire::{
    id::{GroupIdentity, Identity},
    mdm::Parameter,
};

use crate::{backup::BackupFault, contact::link::LinkError, http::HttpFault};

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
    /// No such group.
    #[error("the group {0} is not known here")]
    UnknownGroup(GroupIdentity),
    /// We left the group, or were removed from it.
    #[error("you are not in this group any more: ask its creator to add you")]
    NotInGroup(GroupIdentity),
    /// Only its creator changes a group.
    #[error("only {} can change this group: ask them, or make a copy of it", .0.creator)]
    NotGroupCreator(GroupIdentity),
    /// We disbanded the group.
    #[error("this group was disbanded: make a copy of it to go on")]
    GroupDisbanded(GroupIdentity),
    /// A creator cannot leave.
    #[error("you made this group and cannot leave it: disband it instead")]
    CreatorCannotLeave,
    /// We are in the group.
    #[error("you are still in this group: leave or disband it first")]
    StillInGroup(GroupIdentity),
    /// Nobody by that name is in the group.
    #[error("{0} is not in this group")]
    NotAMember(Identity),
    /// Too many members.
    #[error("a group has at most {limit} members together with you")]
    GroupTooLarge {
        /// What is possible.
        limit: usize,
    },
    /// The name of a group does not fit.
    #[error("the name has {size_bytes} bytes, at most {limit_bytes} are possible")]
    GroupNameTooLong {
        /// What was given.
        size_bytes: usize,
        /// What fits.
        limit_bytes: usize,
    },
    /// What the browser gave as its address is none.
    #[error("this address cannot wake an app: allow notifications once more")]
    BadPushEndpoint,
    /// The directory does not know this identity.
    #[error("{0} does not exist or is revoked")]
    UnknownIdentity(Identity),
    /// The key at hand is not the key that is known for this identity.
    #[error("the key of {0} does not match")]
    KeyMismatch(Identity),
    /// What was scanned or pasted names nobody.
    #[error(transparent)]
    BadCode(LinkError),
    /// The code is too old to be believed.
    #[error("the contact code has expired: let them show you a fresh one")]
    CodeExpired,
    /// More receivers of the picture than a list may have.
    #[error("at most {limit} people can be listed: share the picture with everybody instead")]
    TooManyReceivers {
        /// What is possible.
        limit: usize,
    },
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
    /// The file does not fit onto the blob server.
    #[error("the file is too large: at most {limit_bytes} bytes are possible")]
    FileTooLarge {
        /// What fits.
        limit_bytes: u64,
    },
    /// The name of the file does not fit into a message.
    #[error("the name of the file is too long: at most {limit_bytes} bytes are possible")]
    FileNameTooLong {
        /// What fits.
        limit_bytes: usize,
    },
    /// What the file is said to be is nothing.
    #[error("this is no media type: it has the form image/png")]
    BadMediaType,
    /// The picture does not fit.
    #[error("the picture is too large: at most {limit_bytes} bytes are possible")]
    PictureTooLarge {
        /// What fits.
        limit_bytes: usize,
    },
    /// A profile picture is a JPEG.
    #[error("this is no JPEG: profile pictures are JPEG files")]
    NoJpeg,
    /// The message carries no file.
    #[error("there is no file in this message")]
    NoFile,
    /// The file has to be fetched first.
    #[error("the file is not here: download it first")]
    FileNotHere,
    /// Sending it to somebody else would tell them a key that they must not have.
    #[error("this old image cannot be forwarded: save it and send it as a file")]
    NotForwardable,
    /// Only what was given up can be sent again.
    #[error("this message did not fail: it is sent, or on its way")]
    NotFailed,
    /// It is on its way already.
    #[error("the message is sent: delete it for everyone instead")]
    AlreadySent,
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
    /// The words beside a status do not fit.
    #[error("the status has {size_bytes} bytes, at most {limit_bytes} are possible")]
    StatusTooLong {
        /// What was given.
        size_bytes: usize,
        /// What fits.
        limit_bytes: usize,
    },
    /// This reference already stands for another message.
    #[error("the reference was used for another message")]
    ReferenceReused,
    /// Nothing in this conversation has that position.
    #[error("there is no such message")]
    UnknownMessage,
    /// Nobody in the conversation has an app that knows this.
    #[error("no app there knows this yet, ask them to update: {}", listed(.0))]
    NotSupported(Vec<Identity>),
    /// Only the author of a message, or of a poll, may do that.
    #[error("only its author can do that")]
    NotOurs,
    /// The message was sent too long ago.
    #[error("this can be done for six hours after sending only")]
    TooOld,
    /// This cannot be done with this kind of message.
    #[error("this cannot be done with this kind of message")]
    WrongMessageKind,
    /// What was given is not one emoji.
    #[error("this is not one single emoji")]
    NoEmoji,
    /// There are too many different emojis of ours on this message.
    #[error("there are too many emojis of yours on this message, take one off first")]
    TooManyReactions,
    /// A place is not on earth.
    #[error("a latitude is from -90 to 90 degrees, a longitude from -180 to 180")]
    BadPlace,
    /// A poll with nothing to choose from.
    #[error("a poll has at least two choices")]
    TooFewChoices,
    /// A poll, or its results, do not fit into one message.
    #[error("the poll is too long: texts have at most 256 bytes, all of it at most 6000")]
    PollTooLong,
    /// The poll is over.
    #[error("the poll is closed")]
    PollClosed,
    /// The poll has no such choice.
    #[error("the poll has no such choice")]
    UnknownChoice,
    /// The poll wants one choice.
    #[error("in this poll one choice is possible")]
    OneChoiceOnly,
    /// The directory was not reached.
    #[error(transparent)]
    Http(HttpFault),
    /// The directory wants us to wait.
    #[error("too many requests, try again later")]
    RateLimited,
    /// The directory refused and says why.
    #[error("the directory refused: {0}")]
    Directory(String),
    /// The identity belongs to another edition of the app, in the server's words.
    #[error("the identity cannot be used with this app: {0}")]
    TransferProhibited(String),
    /// A backup was not opened.
    #[error(transparent)]
    Backup(BackupFault),
    /// A password for a backup is too short or too long.
    #[error("the password must have from {min} to {max} characters")]
    PasswordLength {
        /// The least.
        min: usize,
        /// The most.
        max: usize,
    },
    /// A password that everybody would try first.
    #[error("this password is too easy to guess")]
    PasswordWeak,
    /// The organisation's rule for passwords, in its words.
    #[error("the password does not follow the rule of your organisation: {0}")]
    PasswordPattern(String),
    /// There are no Safe backups.
    #[error("Safe is off")]
    SafeOff,
    /// What was given as a Safe server is none.
    #[error("this is no address of a Safe server: it begins with https://")]
    BadServerAddress,
    /// The organisation decides that, by this parameter.
    #[error("your organisation has set this ({0})")]
    SetByOrganisation(Parameter),
    /// The licence is not accepted any more, in the server's words.
    #[error("the app is locked: {0}")]
    Locked(String),
    /// The identity is used elsewhere, in the server's words.
    #[error("the identity is not used here any more: {0}")]
    Displaced(String),
    /// This edition of the app has no organisation.
    #[error("this is only for members of an organisation")]
    NotManaged,
    /// There are no credentials yet.
    #[error("the credentials of your organisation are needed")]
    NoLicense,
    /// The server does not know the credentials.
    #[error("the server does not accept these credentials")]
    WrongCredentials,
    /// The server knows the credentials, but they were withdrawn or have run out, in its words.
    #[error("your organisation does not let this app in any more: {0}")]
    LicenseOver(String),
    /// The organisation gave the contact its name.
    #[error("your organisation gave {0} its name")]
    NamedByOrganisation(Identity),
    /// The organisation has no directory.
    #[error("your organisation has no directory")]
    NoDirectory,
    /// Too little to look for.
    #[error("type at least three characters, or * together with a category")]
    QueryTooShort,
    /// What was typed is no address, or a number without its country code.
    #[error("this is no address, or a number without its country code")]
    BadAddress,
    /// More people than one request may ask about.
    #[error("at most {limit} addresses of one kind can be looked for at once")]
    TooManyPeople {
        /// What is possible.
        limit: usize,
    },
    /// There is no address to confirm.
    #[error("nothing waits to be confirmed")]
    NothingToConfirm,
    /// The directory's answer makes no sense.
    #[error("the directory answered something unusable")]
    BadAnswer,
}

/// Identities in a sentence; of many, the first few.
fn listed(identities: &[Identity]) -> String {
    let names: Vec<_> = identities
        .iter()
        .map(Identity::as_str)
        .take(LISTED_MAX)
        .collect();
    let names = names.join(", ");
    if identities.len() > LISTED_MAX {
        format!("{names}, …")
    } else {
        names
    }
}

const LISTED_MAX: usize = 5;
