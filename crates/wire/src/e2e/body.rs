//! Bodies: from a message type and bytes to something typed, and back.
//!
//! Bodies that are protobuf messages (reactions, edits, deletions, group calls, forward security,
//! work sync) stay bytes here; the engine owns those definitions.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    call::{CallAnswer, CallCandidates, CallOffer, CallReference},
    container::Container,
    kind::{MessageType as Kind, Wrap, properties},
    location::Location,
    media::{BlobReference, File, OldAudio, OldImage, OldVideo},
    poll::{PollSetup, PollVote},
    receipt::DeliveryReceipt,
};
use crate::{
    Error, Result,
    bytes::Reader,
    id::{GroupId, Identity},
    spec,
};

/// Between whom a body passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Two contacts.
    Contact,
    /// A group, named with its creator.
    GroupMember {
        /// Who made the group.
        creator: Identity,
        /// The creator's name for it.
        group: GroupId,
    },
    /// A group whose creator is one of the two ends.
    GroupCreator {
        /// The creator's name for it.
        group: GroupId,
    },
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Text, UTF-8.
    Text(String),
    /// A place.
    Location(Location),
    /// An image of an old client, to a contact.
    OldImage(OldImage),
    /// An image of an old client, to a group.
    OldGroupImage(BlobReference),
    /// A video of an old client.
    OldVideo(OldVideo),
    /// A recording of an old client.
    OldAudio(OldAudio),
    /// A poll of the sender.
    PollSetup(PollSetup),
    /// A vote.
    PollVote(PollVote),
    /// A file, image, video or recording.
    File(File),
    /// A picture of the sender, or of the group.
    SetPicture(BlobReference),
    /// No picture any more.
    DeletePicture,
    /// Send me your picture again.
    RequestPicture,
    /// The members of the sender's group, without the creator.
    GroupSetup(Vec<Identity>),
    /// The name of the sender's group.
    GroupName(String),
    /// The sender leaves the group.
    GroupLeave,
    /// Send me your group again.
    GroupSyncRequest,
    /// A group call has begun; protobuf.
    GroupCallStart(Vec<u8>),
    /// A call begins.
    CallOffer(CallOffer),
    /// A call is accepted or rejected.
    CallAnswer(CallAnswer),
    /// How to reach the sender in a call.
    CallCandidates(CallCandidates),
    /// A call is over.
    CallHangup(CallReference),
    /// A call rings.
    CallRinging(CallReference),
    /// Messages have arrived, were read, or are reacted to.
    DeliveryReceipt(DeliveryReceipt),
    /// A reaction; protobuf.
    Reaction(Vec<u8>),
    /// The sender types, or stopped.
    Typing(bool),
    /// A message is edited; protobuf.
    Edit(Vec<u8>),
    /// A message is deleted; protobuf.
    Delete(Vec<u8>),
    /// Something under forward security; protobuf.
    ForwardSecurity(Vec<u8>),
    /// Nothing; only exists under forward security.
    Empty,
    /// News of the work subscription; protobuf.
    WorkSyncDelta(Vec<u8>),
    /// Wakes a web session; JSON.
    WebSessionResume(Vec<u8>),
    /// A type that this version does not know.
    Unknown(Kind, Vec<u8>),
}

/// A whole body: the content with its scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Between whom.
    pub scope: Scope,
    /// What.
    pub content: Content,
}

impl Body {
    /// A body between two contacts.
    pub fn contact(content: Content) -> Self {
        Self {
            scope: Scope::Contact,
            content,
        }
    }

    /// A text to a contact.
    pub fn text(text: impl Into<String>) -> Self {
        Self::contact(Content::Text(text.into()))
    }

    /// Reads the body of a container. Forbidden types are refused, unknown ones kept.
    pub fn decode(container: Container<'_>) -> Result<Self> {
        let Container { kind, body } = container;
        if kind.is_forbidden() {
            return Err(Error::PeerMisbehaved("forbidden message type"));
        }
        let mut reader = Reader::new(body);
        let scope = match properties(kind).map(|properties| properties.wrap) {
            None | Some(Wrap::Contact) => Scope::Contact,
            Some(Wrap::GroupMember) => Scope::GroupMember {
                creator: Identity::try_from(reader.array::<{ Identity::BYTES }>()?)?,
                group: GroupId(reader.array()?),
            },
            Some(Wrap::GroupCreator) => Scope::GroupCreator {
                group: GroupId(reader.array()?),
            },
        };
        Ok(Self {
            scope,
            content: Content::decode(kind, reader.rest())?,
        })
    }

    /// The message type, or an error if this content cannot pass in this scope.
    pub fn kind(&self) -> Result<Kind> {
        let kind = match (&self.content, self.scope) {
            (Content::Unknown(kind, _), _) if properties(*kind).is_none() => *kind,
            (content, Scope::Contact) => content.contact_kind().ok_or(WRONG_SCOPE)?,
            (content, _) => content.group_kind().ok_or(WRONG_SCOPE)?,
        };
        let wrap = properties(kind).map_or(Wrap::Contact, |properties| properties.wrap);
        match (wrap, self.scope) {
            (Wrap::Contact, Scope::Contact)
            | (Wrap::GroupMember, Scope::GroupMember { .. })
            | (Wrap::GroupCreator, Scope::GroupCreator { .. })
                if !kind.is_forbidden() =>
            {
                Ok(kind)
            }
            _ => Err(WRONG_SCOPE),
        }
    }

    /// The type and the bytes of the body, ready for a [`Container`].
    pub fn encode(&self) -> Result<(Kind, Vec<u8>)> {
        let kind = self.kind()?;
        let mut out = Vec::new();
        match self.scope {
            Scope::Contact => {}
            Scope::GroupMember { creator, group } => {
                out.extend_from_slice(creator.as_bytes());
                out.extend_from_slice(group.as_bytes());
            }
            Scope::GroupCreator { group } => out.extend_from_slice(group.as_bytes()),
        }
        self.content.encode_into(kind, &mut out)?;
        Ok((kind, out))
    }
}

const WRONG_SCOPE: Error = Error::Malformed("scope of a body");

impl Content {
    fn decode(kind: Kind, bytes: &[u8]) -> Result<Self> {
        let own = || bytes.to_vec();
        Ok(match kind {
            Kind::TEXT | Kind::GROUP_TEXT => Self::Text(utf8(bytes)?),
            Kind::LOCATION | Kind::GROUP_LOCATION => Self::Location(Location::decode(bytes)?),
            Kind::OLD_IMAGE => Self::OldImage(exactly(bytes, OldImage::read)?),
            Kind::OLD_GROUP_IMAGE => Self::OldGroupImage(exactly(bytes, BlobReference::read)?),
            Kind::OLD_VIDEO | Kind::OLD_GROUP_VIDEO => {
                Self::OldVideo(exactly(bytes, OldVideo::read)?)
            }
            Kind::OLD_AUDIO | Kind::OLD_GROUP_AUDIO => {
                Self::OldAudio(exactly(bytes, OldAudio::read)?)
            }
            Kind::POLL_SETUP | Kind::GROUP_POLL_SETUP => Self::PollSetup(PollSetup::decode(bytes)?),
            Kind::POLL_VOTE | Kind::GROUP_POLL_VOTE => Self::PollVote(PollVote::decode(bytes)?),
            Kind::FILE | Kind::GROUP_FILE => Self::File(File::decode(bytes)?),
            Kind::SET_PROFILE_PICTURE | Kind::GROUP_SET_PROFILE_PICTURE => {
                Self::SetPicture(exactly(bytes, BlobReference::read)?)
            }
            Kind::DELETE_PROFILE_PICTURE | Kind::GROUP_DELETE_PROFILE_PICTURE => {
                empty(bytes, Self::DeletePicture)?
            }
            Kind::REQUEST_PROFILE_PICTURE => empty(bytes, Self::RequestPicture)?,
            Kind::GROUP_SETUP => Self::GroupSetup(identities(bytes)?),
            Kind::GROUP_NAME => Self::GroupName(utf8(bytes)?),
            Kind::GROUP_LEAVE => empty(bytes, Self::GroupLeave)?,
            Kind::GROUP_SYNC_REQUEST => empty(bytes, Self::GroupSyncRequest)?,
            Kind::CALL_OFFER => Self::CallOffer(from_json(bytes)?),
            Kind::CALL_ANSWER => Self::CallAnswer(from_json(bytes)?),
            Kind::CALL_ICE_CANDIDATE => Self::CallCandidates(from_json(bytes)?),
            Kind::CALL_HANGUP => Self::CallHangup(call_reference(bytes)?),
            Kind::CALL_RINGING => Self::CallRinging(call_reference(bytes)?),
            Kind::DELIVERY_RECEIPT | Kind::GROUP_DELIVERY_RECEIPT => {
                let receipt = DeliveryReceipt::decode(bytes)?;
                if kind == Kind::GROUP_DELIVERY_RECEIPT && !receipt.status.is_reaction() {
                    return Err(Error::Malformed("delivery receipt"));
                }
                Self::DeliveryReceipt(receipt)
            }
            Kind::TYPING_INDICATOR => match bytes {
                [0] => Self::Typing(false),
                [1] => Self::Typing(true),
                _ => return Err(Error::Malformed("typing indicator")),
            },
            Kind::EMPTY => empty(bytes, Self::Empty)?,
            Kind::GROUP_CALL_START => Self::GroupCallStart(own()),
            Kind::REACTION | Kind::GROUP_REACTION => Self::Reaction(own()),
            Kind::EDIT | Kind::GROUP_EDIT => Self::Edit(own()),
            Kind::DELETE | Kind::GROUP_DELETE => Self::Delete(own()),
            Kind::FORWARD_SECURITY_ENVELOPE => Self::ForwardSecurity(own()),
            Kind::WORK_SYNC_DELTA => Self::WorkSyncDelta(own()),
            Kind::WEB_SESSION_RESUME => Self::WebSessionResume(own()),
            unknown => Self::Unknown(unknown, own()),
        })
    }

    fn encode_into(&self, kind: Kind, out: &mut Vec<u8>) -> Result<()> {
        match self {
            // Longer texts are read, because they fit a frame and dropping a message is worse.
            Self::Text(text) if text.len() > spec::TEXT_BYTES_MAX => return Err(Error::TooLong),
            Self::Text(text) | Self::GroupName(text) => out.extend_from_slice(text.as_bytes()),
            Self::Location(location) => location.encode_into(out)?,
            Self::OldImage(image) => image.write(out),
            Self::OldGroupImage(blob) | Self::SetPicture(blob) => blob.write(out),
            Self::OldVideo(video) => video.write(out),
            Self::OldAudio(audio) => audio.write(out),
            Self::PollSetup(setup) => setup.encode_into(out)?,
            Self::PollVote(vote) => vote.encode_into(out)?,
            Self::File(file) => file.encode_into(out)?,
            Self::DeletePicture
            | Self::RequestPicture
            | Self::GroupLeave
            | Self::GroupSyncRequest
            | Self::Empty => {}
            Self::GroupSetup(members) => {
                if members.len() >= spec::GROUP_MEMBERS_MAX {
                    return Err(Error::TooLong);
                }
                for member in members {
                    out.extend_from_slice(member.as_bytes());
                }
            }
            Self::CallOffer(offer) => into_json(offer, out)?,
            Self::CallAnswer(answer) => into_json(answer, out)?,
            Self::CallCandidates(candidates) => into_json(candidates, out)?,
            Self::CallHangup(call) | Self::CallRinging(call) => into_json(call, out)?,
            Self::DeliveryReceipt(receipt) => {
                if kind == Kind::GROUP_DELIVERY_RECEIPT && !receipt.status.is_reaction() {
                    return Err(Error::Malformed("delivery receipt"));
                }
                receipt.encode_into(out)?;
            }
            Self::Typing(is_typing) => out.push(u8::from(*is_typing)),
            Self::GroupCallStart(bytes)
            | Self::Reaction(bytes)
            | Self::Edit(bytes)
            | Self::Delete(bytes)
            | Self::ForwardSecurity(bytes)
            | Self::WorkSyncDelta(bytes)
            | Self::WebSessionResume(bytes)
            | Self::Unknown(_, bytes) => out.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn contact_kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Text(_) => Kind::TEXT,
            Self::Location(_) => Kind::LOCATION,
            Self::OldImage(_) => Kind::OLD_IMAGE,
            Self::OldVideo(_) => Kind::OLD_VIDEO,
            Self::OldAudio(_) => Kind::OLD_AUDIO,
            Self::PollSetup(_) => Kind::POLL_SETUP,
            Self::PollVote(_) => Kind::POLL_VOTE,
            Self::File(_) => Kind::FILE,
            Self::SetPicture(_) => Kind::SET_PROFILE_PICTURE,
            Self::DeletePicture => Kind::DELETE_PROFILE_PICTURE,
            Self::RequestPicture => Kind::REQUEST_PROFILE_PICTURE,
            Self::CallOffer(_) => Kind::CALL_OFFER,
            Self::CallAnswer(_) => Kind::CALL_ANSWER,
            Self::CallCandidates(_) => Kind::CALL_ICE_CANDIDATE,
            Self::CallHangup(_) => Kind::CALL_HANGUP,
            Self::CallRinging(_) => Kind::CALL_RINGING,
            Self::DeliveryReceipt(_) => Kind::DELIVERY_RECEIPT,
            Self::Reaction(_) => Kind::REACTION,
            Self::Typing(_) => Kind::TYPING_INDICATOR,
            Self::Edit(_) => Kind::EDIT,
            Self::Delete(_) => Kind::DELETE,
            Self::ForwardSecurity(_) => Kind::FORWARD_SECURITY_ENVELOPE,
            Self::Empty => Kind::EMPTY,
            Self::WorkSyncDelta(_) => Kind::WORK_SYNC_DELTA,
            Self::WebSessionResume(_) => Kind::WEB_SESSION_RESUME,
            Self::OldGroupImage(_)
            | Self::GroupSetup(_)
            | Self::GroupName(_)
            | Self::GroupLeave
            | Self::GroupSyncRequest
            | Self::GroupCallStart(_)
            | Self::Unknown(..) => return None,
        })
    }

    fn group_kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Text(_) => Kind::GROUP_TEXT,
            Self::Location(_) => Kind::GROUP_LOCATION,
            Self::OldGroupImage(_) => Kind::OLD_GROUP_IMAGE,
            Self::OldVideo(_) => Kind::OLD_GROUP_VIDEO,
            Self::OldAudio(_) => Kind::OLD_GROUP_AUDIO,
            Self::PollSetup(_) => Kind::GROUP_POLL_SETUP,
            Self::PollVote(_) => Kind::GROUP_POLL_VOTE,
            Self::File(_) => Kind::GROUP_FILE,
            Self::SetPicture(_) => Kind::GROUP_SET_PROFILE_PICTURE,
            Self::DeletePicture => Kind::GROUP_DELETE_PROFILE_PICTURE,
            Self::GroupSetup(_) => Kind::GROUP_SETUP,
            Self::GroupName(_) => Kind::GROUP_NAME,
            Self::GroupLeave => Kind::GROUP_LEAVE,
            Self::GroupSyncRequest => Kind::GROUP_SYNC_REQUEST,
            Self::GroupCallStart(_) => Kind::GROUP_CALL_START,
            Self::DeliveryReceipt(_) => Kind::GROUP_DELIVERY_RECEIPT,
            Self::Reaction(_) => Kind::GROUP_REACTION,
            Self::Edit(_) => Kind::GROUP_EDIT,
            Self::Delete(_) => Kind::GROUP_DELETE,
            _ => return None,
        })
    }
}

fn utf8(bytes: &[u8]) -> Result<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Error::Malformed("text"))
}

fn exactly<'a, T>(bytes: &'a [u8], read: fn(&mut Reader<'a>) -> Result<T>) -> Result<T> {
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

fn empty(bytes: &[u8], content: Content) -> Result<Content> {
    if bytes.is_empty() {
        Ok(content)
    } else {
        Err(Error::Malformed("empty body"))
    }
}

fn identities(bytes: &[u8]) -> Result<Vec<Identity>> {
    let (members, rest) = bytes.as_chunks::<{ Identity::BYTES }>();
    if !rest.is_empty() {
        return Err(Error::Malformed("group members"));
    }
    members.iter().copied().map(Identity::try_from).collect()
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| Error::Malformed("call"))
}

fn into_json<T: Serialize>(value: &T, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(out, value).map_err(|_| Error::Malformed("call"))
}

/// Very old clients send nothing at all here.
fn call_reference(bytes: &[u8]) -> Result<CallReference> {
    if bytes.is_empty() {
        Ok(CallReference::default())
    } else {
        from_json(bytes)
    }
}
