//! What a person or a script can ask for, and the answers.

mod people;
mod refusal;

use std::fmt;

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{
    api::{Base64, work::Availability},
    id::{GroupIdentity, Identity},
    mdm::WireParameters,
};

use crate::{
    Timestamp,
    backup::id_string::IdScheme,
    media::{AutoDownload, NewFile},
    settings::{PictureSharing, SendPolicy, Settings},
    view::{Contact, ConversationId, Group, Message, Place, Position, Visibility},
};

pub use people::{DirectoryPage, DirectoryPerson, DirectoryQuery, Person};
pub use refusal::Refusal;

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
    /// Add whom a code or a link names. A code with a key verifies, or is refused with a warning
    /// that stays at the contact. Reply: [`Reply::Contact`].
    ScanContact {
        /// A `3mid:` text, or a link with an identity.
        text: String,
    },
    /// Give a contact another name; empty removes it. Reply: [`Reply::Contact`].
    SetContactName {
        /// Who.
        identity: Identity,
        /// The new first name, or the whole name.
        first_name: String,
        /// The new last name.
        last_name: String,
    },
    /// Say whether a contact is told that we read and type. Reply: [`Reply::Contact`].
    SetContactPolicies {
        /// Who.
        identity: Identity,
        /// Whether they are told that their messages are read.
        read_receipts: SendPolicy,
        /// Whether they are told that we type.
        typing_indicators: SendPolicy,
    },
    /// Let the settings count for every contact again. Reply: [`Reply::Done`].
    ResetContactPolicies,
    /// The person has dealt with [`Event::KeyMismatch`](crate::Event::KeyMismatch).
    /// Reply: [`Reply::Contact`].
    ClearKeyMismatch(Identity),
    /// Forget the conversation and hide the contact. The key stays pinned. Reply: [`Reply::Done`].
    RemoveContact(Identity),
    /// Never make a contact of this identity because an address book has its address.
    /// Reply: [`Reply::Done`].
    Exclude(Identity),
    /// Undo [`Command::Exclude`]. Reply: [`Reply::Done`].
    Include(Identity),
    /// Choose who may have the own picture. Reply: [`Reply::Done`].
    SetPictureSharing(PictureSharing),
    /// Discard everything this identity sends from now on. Reply: [`Reply::Done`].
    Block(Identity),
    /// Undo [`Command::Block`]. Reply: [`Reply::Done`].
    Unblock(Identity),
    /// Put a text into the outbox. Reply: [`Reply::Message`].
    SendText {
        /// A contact or a group.
        to: ConversationId,
        /// At most 6,000 bytes of UTF-8, together with the 27 of a quote.
        text: String,
        /// The message of the same conversation that it answers.
        quote: Option<Position>,
        /// The caller's own name for this sending. Giving the same one again returns the message
        /// that it already made, so a caller who missed the reply may simply repeat.
        reference: Option<String>,
    },
    /// Send a place. Reply: [`Reply::Message`].
    SendLocation {
        /// A contact or a group.
        to: ConversationId,
        /// The place. A name without an address is sent as the address.
        place: Place,
        /// As for [`Command::SendText`].
        reference: Option<String>,
    },
    /// Ask everybody in a conversation something. Reply: [`Reply::Message`].
    CreatePoll {
        /// A contact or a group.
        to: ConversationId,
        /// What to ask.
        poll: NewPoll,
        /// As for [`Command::SendText`].
        reference: Option<String>,
    },
    /// Send a file that lies sealed in the profile. It goes out once its upload is complete; what
    /// is sent meanwhile may arrive before it. Reply: [`Reply::Message`].
    SendFile {
        /// A contact or a group.
        to: ConversationId,
        /// The file.
        file: Box<NewFile>,
        /// As for [`Command::SendText`].
        reference: Option<String>,
    },
    /// Try again to send a file that failed. Reply: [`Reply::Message`].
    Resend {
        /// The message.
        position: Position,
    },
    /// Take a file back that is not sent yet, with its message. Reply: [`Reply::Done`].
    Cancel {
        /// The message.
        position: Position,
    },
    /// Fetch the file of a message, or try once more to. Reply: [`Reply::Done`], before it is here.
    Download {
        /// The message.
        position: Position,
    },
    /// The person has listened to a recording. Reply: [`Reply::Done`].
    MarkPlayed {
        /// The message.
        position: Position,
    },
    /// Change the own picture, or have none. Others get it with the next message to them, as far as
    /// [`Command::SetPictureSharing`] lets them. Reply: [`Reply::Done`].
    SetProfilePicture(
        /// A JPEG of at most 512 by 512 pixels.
        Option<Vec<u8>>,
    ),
    /// Change the picture of an own group, or have none. Reply: [`Reply::Group`]; members hear of
    /// it once it is uploaded.
    SetGroupPicture {
        /// The group.
        group: GroupIdentity,
        /// A JPEG of at most 512 by 512 pixels.
        picture: Option<Vec<u8>>,
    },
    /// Choose which files are fetched by themselves. Reply: [`Reply::Done`].
    SetAutoDownload(AutoDownload),
    /// Delete files and leave their messages. Reply: [`Reply::Done`].
    ClearMedia {
        /// Of this conversation only.
        conversation: Option<ConversationId>,
        /// Of messages that came to be here before this moment.
        before: Timestamp,
    },
    /// Send the same text, place or file to somebody else. A file must be here.
    /// Reply: [`Reply::Message`].
    Forward {
        /// The message.
        position: Position,
        /// A contact or a group.
        to: ConversationId,
        /// As for [`Command::SendText`].
        reference: Option<String>,
    },
    /// Choose in a poll, or choose otherwise. Reply: [`Reply::Changed`].
    Vote {
        /// The poll.
        position: Position,
        /// Every choice that is wanted; none takes the vote back.
        choices: Vec<u32>,
    },
    /// End a poll of ours and tell everybody what came out. Reply: [`Reply::Changed`].
    ClosePoll {
        /// The poll.
        position: Position,
    },
    /// Put an emoji on a message, or take it off. Reply: [`Reply::Changed`].
    React {
        /// The message.
        position: Position,
        /// One single emoji.
        emoji: String,
        /// Whether to put it there.
        on: bool,
    },
    /// Give a message of ours another text or caption, within six hours. Reply: [`Reply::Changed`].
    Edit {
        /// The message.
        position: Position,
        /// What it says from now on.
        text: String,
    },
    /// Delete a message. Reply: [`Reply::Changed`] if for everyone and others have it, else
    /// [`Reply::Done`].
    Delete {
        /// The message.
        position: Position,
        /// Also for everybody else in the conversation, within six hours; else only here.
        for_everyone: bool,
    },
    /// Mark a message to find it again. Reply: [`Reply::Done`].
    Star {
        /// The message.
        position: Position,
        /// Whether it shall be marked.
        on: bool,
    },
    /// Take the mark of [`Command::Star`] from all messages. Reply: [`Reply::Done`].
    UnstarAll,
    /// Keep a text that is not sent yet; empty forgets it. Reply: [`Reply::Done`].
    SetDraft {
        /// The conversation.
        conversation: ConversationId,
        /// The text.
        text: String,
    },
    /// Pin, archive, or neither. Reply: [`Reply::Done`].
    SetVisibility {
        /// The conversation.
        conversation: ConversationId,
        /// Where it shall be.
        visibility: Visibility,
    },
    /// Choose what of a conversation rings. Reply: [`Reply::Done`].
    Mute {
        /// The conversation.
        conversation: ConversationId,
        /// Nothing until then; a far future is for ever.
        until: Option<Timestamp>,
        /// After that, only what mentions us.
        mentions_only: bool,
    },
    /// Mark a conversation to come back to it; reading it takes the mark away.
    /// Reply: [`Reply::Done`].
    MarkUnread {
        /// The conversation.
        conversation: ConversationId,
        /// Whether it shall be marked.
        on: bool,
    },
    /// Forget all messages of a conversation here. Reply: [`Reply::Done`].
    EmptyConversation(ConversationId),
    /// The person has seen the conversation up to this message. Reply: [`Reply::Done`].
    MarkRead {
        /// The conversation.
        conversation: ConversationId,
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
    /// Make a group. Members who are not known here are looked up first; without members it is a
    /// place for notes. Reply: [`Reply::Group`].
    CreateGroup {
        /// At most 256 bytes of UTF-8; may be empty.
        name: String,
        /// Everybody but us, at most 255.
        members: Vec<Identity>,
        /// The caller's own name for this making, see [`Command::SendText`].
        reference: Option<String>,
    },
    /// Make a group of ours with everybody who is or was in another one. Reply: [`Reply::Group`].
    CloneGroup {
        /// The group to copy; we may have left it.
        group: GroupIdentity,
        /// The name of the copy; none for that of the group.
        name: Option<String>,
        /// The caller's own name for this making, see [`Command::SendText`].
        reference: Option<String>,
    },
    /// Give an own group another name; empty for none. Reply: [`Reply::Group`].
    RenameGroup {
        /// The group.
        group: GroupIdentity,
        /// At most 256 bytes of UTF-8.
        name: String,
    },
    /// Take people into an own group. Who is not known here is looked up first.
    /// Reply: [`Reply::Group`].
    AddMembers {
        /// The group.
        group: GroupIdentity,
        /// Who is in it already stays in it.
        members: Vec<Identity>,
    },
    /// Remove people from an own group. Reply: [`Reply::Group`].
    RemoveMembers {
        /// The group.
        group: GroupIdentity,
        /// Who is not in it is left out.
        members: Vec<Identity>,
    },
    /// Leave somebody else's group. The conversation stays. Reply: [`Reply::Group`].
    LeaveGroup(GroupIdentity),
    /// End an own group for everybody. It cannot be used again. Reply: [`Reply::Group`].
    DisbandGroup(GroupIdentity),
    /// Tell the members of an own group everything about it again (reply: [`Reply::Group`]), or ask
    /// the creator of another one to ([`Reply::Done`]).
    SyncGroup {
        /// The group.
        group: GroupIdentity,
        /// Whom of an own group; none for everybody.
        member: Option<Identity>,
    },
    /// Forget a group that we are not in any more, with everything that was written in it.
    /// Reply: [`Reply::Done`].
    DeleteGroup(GroupIdentity),
    /// The own identity as a line of text that the password opens. Reply: [`Reply::IdExported`].
    ExportId {
        /// At least eight characters.
        password: String,
        /// How it is sealed.
        scheme: IdScheme,
    },
    /// Take an identity over from such a text. Reply: [`Reply::IdentityRestored`].
    ImportId {
        /// The text of either scheme.
        export: String,
        /// Its password.
        password: String,
    },
    /// Make Safe backups from now on, under this password. Reply: [`Reply::Done`], once the server
    /// has taken the first one. Given again it changes password and server.
    SafeEnable {
        /// What opens the backup; it is not kept.
        password: String,
        /// The address of a Safe server; empty for the instance's own.
        server: String,
    },
    /// Make a backup now. Reply: [`Reply::Done`], once the server has taken it.
    SafeBackup,
    /// Make no more backups and delete the one there is. Reply: [`Reply::Done`].
    SafeDisable {
        /// Do not ask the server: the backup stays until the server's time for it is over.
        even_if_it_stays: bool,
    },
    /// Take an identity over from a Safe backup, with its contacts and settings.
    /// Reply: [`Reply::IdentityRestored`].
    SafeRestore {
        /// Whose backup.
        identity: Identity,
        /// What opens it.
        password: String,
        /// The address of the Safe server; empty for the instance's own.
        server: String,
    },
    /// Where the browser lets this app be woken; `None` for not at all. Reply: [`Reply::Done`] at
    /// once; the server is told after the login, until it has accepted it.
    SetPushEndpoint(Option<String>),
    /// The person has understood that another device used the identity. Reply: [`Reply::Done`].
    ClearDeviceCookie,
    /// Take the credentials of an organisation and attach the own identity, if there is one, to it.
    /// Reply: [`Reply::Done`], once the server has accepted them.
    ActivateWork {
        /// The user name.
        username: String,
        /// The password.
        password: String,
    },
    /// Check the licence and ask the organisation for everything new. Reply: [`Reply::Done`].
    WorkSync,
    /// Tell the organisation whether the person is at work; colleagues hear of it.
    /// Reply: [`Reply::Done`].
    SetAvailability(Availability),
    /// Look into the directory of the organisation. Reply: [`Reply::Directory`].
    SearchDirectory(DirectoryQuery),
    /// Everything that the device's own management says, replacing what it said before.
    /// Reply: [`Reply::Done`].
    SetExternalMdm(WireParameters),
    /// Link an e-mail address; empty unlinks. Reply: [`Reply::Done`] when the server has sent its
    /// mail, or when the address was linked already.
    LinkEmail(String),
    /// Ask whether the address of [`Command::LinkEmail`] was confirmed meanwhile.
    /// Reply: [`Reply::Done`]; [`view::links`](crate::view::links) has the answer.
    CheckEmail,
    /// Link a phone number; empty unlinks. Reply: [`Reply::Done`] when the server has sent a code.
    LinkPhone(String),
    /// The code that came to the phone. Reply: [`Reply::Done`].
    ConfirmPhone(String),
    /// Have the code read out by a call. Reply: [`Reply::Done`].
    CallPhone,
    /// Find people of the address book who linked an address, and make contacts of them.
    /// Reply: [`Reply::Matched`].
    MatchContacts(Vec<Person>),
    /// Ask who linked these addresses and numbers, and make contacts of nobody.
    /// Reply: [`Reply::Found`].
    FindByAddress {
        /// E-mail addresses.
        emails: Vec<String>,
        /// Phone numbers with their country code.
        phones: Vec<String>,
    },
    /// Ask the server what it keeps about the own identity. Reply: [`Reply::StoredOnServer`].
    AskWhatIsStored,
    /// Use the identity here again, after it was used or moved elsewhere: asks the directory, which
    /// may refuse. Reply: [`Reply::Done`].
    Reclaim,
}

/// A poll that somebody wants to make.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPoll {
    /// What is asked, at most 256 bytes.
    pub question: String,
    /// At least two texts of at most 256 bytes; all of the poll has at most 6,000.
    pub choices: Vec<String>,
    /// Whether several choices are possible.
    pub is_multiple: bool,
    /// Whether everybody sees the votes while the poll is open.
    pub shows_votes: bool,
    /// Whether only the sums are shown, not who chose what.
    pub is_summary: bool,
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

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Done.
    Done,
    /// The identity is ours now.
    IdentityCreated(Identity),
    /// The identity is used here now; contacts without a key in the backup follow.
    IdentityRestored(Identity),
    /// The own identity, sealed.
    IdExported(String),
    /// The contact as it is now.
    Contact(Contact),
    /// The message as it stands in the outbox, or as it stands now if the reference was known.
    Message(Message),
    /// The group as it is now.
    Group(Group),
    /// The message as it is now.
    Changed {
        /// The message.
        message: Message,
        /// Who will not see the change, because their app does not know such changes.
        unreached: Vec<Identity>,
    },
    /// A page of the directory of the organisation.
    Directory(DirectoryPage),
    /// Who of the address book was found.
    Matched(Vec<Identity>),
    /// What the server keeps about the own identity: one JSON document, as it came.
    StoredOnServer(Vec<u8>),
    /// Who linked which of the addresses that were asked for, as they were asked for.
    Found(Vec<(Identity, String)>),
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
            Self::ScanContact { .. } => "ScanContact",
            Self::SetContactName { .. } => "SetContactName",
            Self::SetContactPolicies { .. } => "SetContactPolicies",
            Self::ResetContactPolicies => "ResetContactPolicies",
            Self::ClearKeyMismatch(_) => "ClearKeyMismatch",
            Self::Exclude(_) => "Exclude",
            Self::Include(_) => "Include",
            Self::SetPictureSharing(_) => "SetPictureSharing",
            Self::RemoveContact(_) => "RemoveContact",
            Self::Block(_) => "Block",
            Self::Unblock(_) => "Unblock",
            Self::SendText { .. } => "SendText",
            Self::SendLocation { .. } => "SendLocation",
            Self::CreatePoll { .. } => "CreatePoll",
            Self::SendFile { .. } => "SendFile",
            Self::Resend { .. } => "Resend",
            Self::Cancel { .. } => "Cancel",
            Self::Download { .. } => "Download",
            Self::MarkPlayed { .. } => "MarkPlayed",
            Self::SetProfilePicture(_) => "SetProfilePicture",
            Self::SetGroupPicture { .. } => "SetGroupPicture",
            Self::SetAutoDownload(_) => "SetAutoDownload",
            Self::ClearMedia { .. } => "ClearMedia",
            Self::Forward { .. } => "Forward",
            Self::Vote { .. } => "Vote",
            Self::ClosePoll { .. } => "ClosePoll",
            Self::React { .. } => "React",
            Self::Edit { .. } => "Edit",
            Self::Delete { .. } => "Delete",
            Self::Star { .. } => "Star",
            Self::UnstarAll => "UnstarAll",
            Self::SetDraft { .. } => "SetDraft",
            Self::SetVisibility { .. } => "SetVisibility",
            Self::Mute { .. } => "Mute",
            Self::MarkUnread { .. } => "MarkUnread",
            Self::EmptyConversation(_) => "EmptyConversation",
            Self::MarkRead { .. } => "MarkRead",
            Self::Typing { .. } => "Typing",
            Self::CreateGroup { .. } => "CreateGroup",
            Self::CloneGroup { .. } => "CloneGroup",
            Self::RenameGroup { .. } => "RenameGroup",
            Self::AddMembers { .. } => "AddMembers",
            Self::RemoveMembers { .. } => "RemoveMembers",
            Self::LeaveGroup(_) => "LeaveGroup",
            Self::DisbandGroup(_) => "DisbandGroup",
            Self::SyncGroup { .. } => "SyncGroup",
            Self::DeleteGroup(_) => "DeleteGroup",
            Self::ExportId { .. } => "ExportId",
            Self::ImportId { .. } => "ImportId",
            Self::SafeEnable { .. } => "SafeEnable",
            Self::SafeBackup => "SafeBackup",
            Self::SafeDisable { .. } => "SafeDisable",
            Self::SafeRestore { .. } => "SafeRestore",
            Self::SetPushEndpoint(_) => "SetPushEndpoint",
            Self::ClearDeviceCookie => "ClearDeviceCookie",
            Self::ActivateWork { .. } => "ActivateWork",
            Self::WorkSync => "WorkSync",
            Self::SetAvailability(_) => "SetAvailability",
            Self::SearchDirectory(_) => "SearchDirectory",
            Self::SetExternalMdm(_) => "SetExternalMdm",
            Self::LinkEmail(_) => "LinkEmail",
            Self::CheckEmail => "CheckEmail",
            Self::LinkPhone(_) => "LinkPhone",
            Self::ConfirmPhone(_) => "ConfirmPhone",
            Self::CallPhone => "CallPhone",
            Self::MatchContacts(_) => "MatchContacts",
            Self::FindByAddress { .. } => "FindByAddress",
            Self::AskWhatIsStored => "AskWhatIsStored",
            Self::Reclaim => "Reclaim",
        })
    }
}

impl fmt::Debug for License {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("License(…)")
    }
}
