//! The message payload, the same in both directions (csp.struct.yml, message-with-metadata-box).
//!
//! Layout: sender 8, receiver 8, message id 8, created-at u32 (seconds), flags u8, reserved u8,
//! metadata length u16, legacy nickname 32; metadata box, nonce 24, message box.

use core::{fmt, ops::BitOr};

use crate::{
    Error, Result,
    bytes::Reader,
    id::{Identity, MessageId, MessageNonce},
    spec,
};

/// Header flags. The server forwards all eight bits as they came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// Send a push notification if the receiver is not connected.
    pub const PUSH: Self = Self(0x01);
    /// Do not queue: deliver now or never.
    pub const NO_QUEUE: Self = Self(0x02);
    /// Nobody acknowledges this message, neither the server nor the receiver.
    pub const NO_ACK: Self = Self(0x04);
    /// Reserved today; some clients set it for group messages.
    pub const GROUP: Self = Self(0x10);
    /// Queue for a minute only.
    pub const SHORT_LIVED: Self = Self(0x20);
    /// The receiver shall not send delivery receipts by itself.
    pub const NO_AUTOMATIC_RECEIPT: Self = Self(0x80);

    /// Are all bits of `other` set?
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets of bits, for constants.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

/// A message as it goes to or comes from the server. The boxes stay sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sends.
    pub sender: Identity,
    /// Who shall receive.
    pub receiver: Identity,
    /// Unique between the two.
    pub id: MessageId,
    /// Seconds since 1970; only receivers that cannot read metadata use it.
    pub created_at: u32,
    /// Delivery flags.
    pub flags: Flags,
    /// Legacy nickname, zero-padded; zero unless the receiver is a gateway identity.
    pub nickname: [u8; spec::NICKNAME_BYTES],
    /// The metadata box; empty in the legacy version.
    pub metadata: Vec<u8>,
    /// The nonce of both boxes.
    pub nonce: MessageNonce,
    /// The message box.
    pub body: Vec<u8>,
}

impl Message {
    /// Parses a payload, without its container.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        MessageRef::parse(bytes).map(MessageRef::to_message)
    }

    /// Appends the payload, without a container. Refuses what no frame could carry and what
    /// [`decode`](Self::decode) would not take.
    pub fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        let metadata_length = u16::try_from(self.metadata.len()).map_err(|_| Error::TooLong)?;
        check_lengths(self.metadata.len(), self.body.len())?;
        out.reserve(self.encoded_len());
        out.extend_from_slice(self.sender.as_bytes());
        out.extend_from_slice(self.receiver.as_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.created_at.to_le_bytes());
        out.extend_from_slice(&[self.flags.0, 0]);
        out.extend_from_slice(&metadata_length.to_le_bytes());
        out.extend_from_slice(&self.nickname);
        out.extend_from_slice(&self.metadata);
        out.extend_from_slice(self.nonce.as_bytes());
        out.extend_from_slice(&self.body);
        Ok(())
    }

    /// The payload, without a container.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        self.encode_into(&mut out)?;
        Ok(out)
    }

    fn encoded_len(&self) -> usize {
        (spec::MESSAGE_HEADER_BYTES + spec::MESSAGE_NONCE_BYTES)
            .saturating_add(self.metadata.len())
            .saturating_add(self.body.len())
    }
}

fn check_lengths(metadata: usize, body: usize) -> Result<()> {
    if metadata != 0 && metadata <= spec::BOX_OVERHEAD {
        return Err(Error::Malformed("metadata box"));
    }
    if body < spec::MESSAGE_BOX_BYTES_MIN {
        return Err(Error::Malformed("message box"));
    }
    let boxes_max =
        spec::MESSAGE_BYTES_MAX - spec::MESSAGE_HEADER_BYTES - spec::MESSAGE_NONCE_BYTES;
    if metadata.saturating_add(body) > boxes_max {
        Err(Error::TooLong)
    } else {
        Ok(())
    }
}

/// A message payload where it lies: checked once, read without copying.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MessageRef<'a> {
    bytes: &'a [u8],
    fields: Fields,
    metadata: &'a [u8],
    tail: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Fields {
    sender: Identity,
    receiver: Identity,
    id: MessageId,
    created_at: u32,
    flags: Flags,
}

impl<'a> MessageRef<'a> {
    /// Checks a payload, without its container, and finds its parts.
    ///
    /// An identity that does not follow the published pattern makes the whole payload malformed.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > spec::MESSAGE_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let mut reader = Reader::new(bytes);
        let sender = Identity::try_from(reader.array::<8>()?)?;
        let receiver = Identity::try_from(reader.array::<8>()?)?;
        let id = MessageId(reader.array()?);
        let created_at = reader.u32()?;
        let flags = Flags(reader.u8()?);
        let _reserved = reader.u8()?;
        let metadata_length = usize::from(reader.u16()?);
        let _nickname = reader.take(spec::NICKNAME_BYTES)?;
        let metadata = reader.take(metadata_length)?;
        let tail = reader.rest();
        let body_length = tail
            .len()
            .checked_sub(spec::MESSAGE_NONCE_BYTES)
            .ok_or(Error::Truncated)?;
        check_lengths(metadata_length, body_length)?;
        let fields = Fields {
            sender,
            receiver,
            id,
            created_at,
            flags,
        };
        Ok(Self {
            bytes,
            fields,
            metadata,
            tail,
        })
    }

    /// Who sends.
    pub fn sender(&self) -> Identity {
        self.fields.sender
    }

    /// Who shall receive.
    pub fn receiver(&self) -> Identity {
        self.fields.receiver
    }

    /// Unique between the two.
    pub fn id(&self) -> MessageId {
        self.fields.id
    }

    /// Seconds since 1970, as the sender claims.
    pub fn created_at(&self) -> u32 {
        self.fields.created_at
    }

    /// Delivery flags.
    pub fn flags(&self) -> Flags {
        self.fields.flags
    }

    /// The legacy nickname, zero-padded.
    pub fn nickname(&self) -> [u8; spec::NICKNAME_BYTES] {
        let (header, _) = self.header_and_boxes();
        let (_, nickname) = header.split_last_chunk().expect("invariant: 32 <= 64");
        *nickname
    }

    /// The metadata box; empty in the legacy version.
    pub fn metadata(&self) -> &'a [u8] {
        self.metadata
    }

    /// The nonce of both boxes.
    pub fn nonce(&self) -> MessageNonce {
        MessageNonce(*self.nonce_and_body().0)
    }

    /// The message box.
    pub fn body(&self) -> &'a [u8] {
        self.nonce_and_body().1
    }

    /// The whole payload as it came.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The pieces to seal for a receiver: the header with `created_at` (or as it was), the
    /// metadata box unless the receiver is `legacy`, nonce and message box.
    ///
    /// csp.struct.yml, message-with-metadata-box: a receiver that did not announce metadata gets
    /// the same message with a zero metadata length.
    pub fn parts(&self, created_at: Option<u32>, legacy: bool) -> MessageParts<'a> {
        let mut header = *self.header_and_boxes().0;
        let created_at = created_at.unwrap_or(self.fields.created_at);
        write_at(&mut header, CREATED_AT, created_at.to_le_bytes());
        let metadata = if legacy {
            write_at(&mut header, METADATA_LENGTH, [0; 2]);
            &[]
        } else {
            self.metadata
        };
        MessageParts {
            header,
            metadata,
            tail: self.tail,
        }
    }

    /// An owned copy of all parts.
    pub fn to_message(self) -> Message {
        Message {
            sender: self.sender(),
            receiver: self.receiver(),
            id: self.id(),
            created_at: self.created_at(),
            flags: self.flags(),
            nickname: self.nickname(),
            metadata: self.metadata.to_vec(),
            nonce: self.nonce(),
            body: self.body().to_vec(),
        }
    }

    fn header_and_boxes(&self) -> (&'a Header, &'a [u8]) {
        self.bytes
            .split_first_chunk()
            .expect("invariant: parse has read the header")
    }

    fn nonce_and_body(&self) -> (&'a [u8; spec::MESSAGE_NONCE_BYTES], &'a [u8]) {
        self.tail
            .split_first_chunk()
            .expect("invariant: parse has measured the nonce")
    }
}

impl fmt::Debug for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageRef")
            .field("sender", &self.sender())
            .field("receiver", &self.receiver())
            .field("id", &self.id())
            .field("flags", &self.flags())
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A message in pieces that, one after the other, are the payload for one receiver.
#[derive(Clone, Copy, Debug)]
pub struct MessageParts<'a> {
    header: Header,
    metadata: &'a [u8],
    tail: &'a [u8],
}

type Header = [u8; spec::MESSAGE_HEADER_BYTES];

impl MessageParts<'_> {
    /// Header, metadata box, nonce with message box.
    pub fn as_slices(&self) -> [&[u8]; 3] {
        [&self.header, self.metadata, self.tail]
    }

    /// The pieces in one buffer.
    pub fn join(&self) -> Vec<u8> {
        self.as_slices().concat()
    }
}

const CREATED_AT: usize = 24;
const METADATA_LENGTH: usize = 30;

/// Overwrites the creation time of a payload (without its container) where it lies.
///
/// csp.struct.yml, message-with-metadata-box: the server does so when the time lies in the future,
/// is zero, or the message is short-lived.
pub fn set_created_at(payload: &mut [u8], seconds: u32) -> Result<()> {
    let header: &mut Header = payload.first_chunk_mut().ok_or(Error::Truncated)?;
    write_at(header, CREATED_AT, seconds.to_le_bytes());
    Ok(())
}

fn write_at<const N: usize>(header: &mut Header, offset: usize, value: [u8; N]) {
    header
        .get_mut(offset..)
        .and_then(<[u8]>::first_chunk_mut)
        .map(|field| *field = value)
        .expect("invariant: the field lies inside the header");
}
