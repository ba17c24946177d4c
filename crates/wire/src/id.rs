//! Newtypes for every id and cookie of the protocols.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Result};

/// A Threema identity: eight characters, `^[0-9A-Z*][0-9A-Z]{7}$`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u8; Self::BYTES]);

impl Identity {
    /// The size on the wire.
    pub const BYTES: usize = 8;

    /// The eight ASCII characters.
    pub fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The eight characters as text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).expect("invariant: an identity is ASCII")
    }

    /// Gateway and service identities start with an asterisk.
    pub fn is_special(self) -> bool {
        self.0.first() == Some(&b'*')
    }
}

impl TryFrom<[u8; Self::BYTES]> for Identity {
    type Error = Error;

    fn try_from(bytes: [u8; Self::BYTES]) -> Result<Self> {
        let [first, rest @ ..] = bytes;
        let is_plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        if (first == b'*' || is_plain(first)) && rest.into_iter().all(is_plain) {
            Ok(Self(bytes))
        } else {
            Err(Error::Malformed("identity"))
        }
    }
}

impl TryFrom<&[u8]> for Identity {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self> {
        let bytes: [u8; Self::BYTES] =
            bytes.try_into().map_err(|_| Error::Malformed("identity"))?;
        Self::try_from(bytes)
    }
}

impl FromStr for Identity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::try_from(text.as_bytes())
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(Self::from_str))
    }
}

/// Parses a JSON string whether the deserializer lends it or hands it over.
struct TextVisitor<T>(fn(&str) -> Result<T>);

impl<T> de::Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// Parses exactly `N` bytes of hexadecimal digits of either case.
pub(crate) fn hex_array<const N: usize>(text: &str) -> Result<[u8; N]> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !odd.is_empty() {
        return Err(Error::Malformed("hexadecimal text"));
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = (hex_digit(*high)? << 4) | hex_digit(*low)?;
    }
    Ok(bytes)
}

fn hex_digit(digit: u8) -> Result<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
        .ok_or(Error::Malformed("hexadecimal text"))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident, $bytes:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// The size on the wire.
            pub const BYTES: usize = $bytes;

            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl From<[u8; $bytes]> for $name {
            fn from(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = Error;

            fn try_from(bytes: &[u8]) -> Result<Self> {
                bytes.try_into().map(Self).map_err(|_| Error::Malformed("id"))
            }
        }
    };
}

macro_rules! hex_text {
    ($($name:ident),+) => {$(
        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                hex_array(text).map(Self::from)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Hex(&self.to_bytes()).fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor(Self::from_str))
            }
        }
    )+};
}

opaque_id!(
    /// A message, unique between one sender and one receiver.
    MessageId, 8
);
opaque_id!(
    /// A group, unique together with its creator.
    GroupId, 8
);
opaque_id!(
    /// A poll, unique together with its creator.
    PollId, 8
);
opaque_id!(
    /// A blob: chosen by the server, and the capability to fetch it.
    BlobId, 16
);
opaque_id!(
    /// The nonce of a message box and of its metadata box.
    MessageNonce, 24
);
opaque_id!(
    /// What a device shows at login so that a second device of the same identity is noticed.
    DeviceCookie, 16
);

impl DeviceCookie {
    /// What a login without a cookie counts as, once a cookie is known.
    pub const MISSING: Self = Self([0; 16]);
}

// A cookie is only shown to the server; it has no business in a log.
impl fmt::Debug for DeviceCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCookie(..)")
    }
}

macro_rules! own_bytes {
    ($($name:ident: $bytes:expr),+) => {$(
        impl $name {
            fn to_bytes(self) -> [u8; $bytes] {
                self.0
            }
        }
    )+};
}
own_bytes!(MessageId: 8, GroupId: 8, PollId: 8, BlobId: 16, MessageNonce: 24);

/// A device of a device group, or a chat-server device id. In text it is the hexadecimal form of
/// the little-endian bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u64);

impl DeviceId {
    /// The size on the wire.
    pub const BYTES: usize = 8;

    fn to_bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }
}

impl From<[u8; 8]> for DeviceId {
    fn from(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }
}

hex_text!(MessageId, GroupId, PollId, BlobId, MessageNonce, DeviceId);

/// A group as everybody in it knows it. In text it is `<16 hexadecimal digits>@<creator>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupIdentity {
    /// Who made the group.
    pub creator: Identity,
    /// The creator's name for it.
    pub id: GroupId,
}

impl FromStr for GroupIdentity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (id, creator) = text
            .split_once('@')
            .ok_or(Error::Malformed("group identity"))?;
        Ok(Self {
            creator: creator.parse()?,
            id: id.parse()?,
        })
    }
}

impl fmt::Display for GroupIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.creator)
    }
}

impl fmt::Debug for GroupIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_by_its_id_and_its_creator() {
        let text = "0011223344556677@ECHOECHO";
        assert_eq!(text.parse::<GroupIdentity>().unwrap().to_string(), text);
        for bad in [
            "",
            "@",
            "ECHOECHO",
            "0011@ECHOECHO",
            "0011223344556677@ECHO",
        ] {
            assert!(bad.parse::<GroupIdentity>().is_err(), "{bad}");
        }
    }

    #[test]
    fn identity_follows_the_published_pattern() {
        for good in ["ECHOECHO", "*3MAPUSH", "00000000", "ZZZZZZZ9"] {
            assert_eq!(good.parse::<Identity>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "ECHOECH",
            "ECHOECHOO",
            "echoecho",
            "E*HOECHO",
            "ECHO ECH",
            "ÄCHOECH",
        ] {
            assert!(bad.parse::<Identity>().is_err(), "{bad}");
        }
        assert!("*3MAPUSH".parse::<Identity>().unwrap().is_special());
        assert!(!"ECHOECHO".parse::<Identity>().unwrap().is_special());
    }

    #[test]
    fn device_ids_are_written_as_their_little_endian_bytes() {
        let id = DeviceId(0x0102_0304_0506_0708);
        assert_eq!(id.to_string(), "0807060504030201");
        assert_eq!("0807060504030201".parse::<DeviceId>().unwrap(), id);
    }

    #[test]
    fn hexadecimal_ids_take_either_case_and_exactly_their_length() {
        let id: MessageId = "00ffAB10cd000001".parse().unwrap();
        assert_eq!(id.to_string(), "00ffab10cd000001");
        for bad in [
            "",
            "00ffab10cd0000",
            "00ffab10cd00000101",
            "00ffab10cd00000g",
            "+0ffab10cd000001",
        ] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn device_cookies_do_not_print() {
        assert_eq!(format!("{:?}", DeviceCookie([7; 16])), "DeviceCookie(..)");
    }

    #[test]
    fn ids_are_json_strings_even_when_the_reader_owns_the_text() {
        let text = "\"ECHO\\u0045CHO\"";
        assert_eq!(
            serde_json::from_str::<Identity>(text).unwrap().as_str(),
            "ECHOECHO"
        );
        let blob = BlobId([0xa5; 16]);
        let text = serde_json::to_string(&blob).unwrap();
        assert_eq!(serde_json::from_str::<BlobId>(&text).unwrap(), blob);
    }
}
