//! The plaintext of a message box: type, body, padding (csp.struct.yml, e2e container).

use super::kind::MessageType;
use crate::{Error, Result, spec};

/// A message type with its body, in the middle of being read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Container<'a> {
    /// The type; may be one that this version does not know.
    pub kind: MessageType,
    /// The body without padding.
    pub body: &'a [u8],
}

impl<'a> Container<'a> {
    /// Reads the plaintext of a message box and removes the padding.
    ///
    /// The box is authentic, so only the last byte of the padding is looked at: there is no padding
    /// oracle to close, and shipping clients do the same.
    pub fn decode(plain: &'a [u8]) -> Result<Self> {
        let (kind, padded) = plain.split_first().ok_or(Error::Truncated)?;
        let padding = padded.last().copied().ok_or(Error::Truncated)?;
        let body = padded
            .len()
            .checked_sub(usize::from(padding))
            .filter(|_| padding > 0)
            .and_then(|length| padded.get(..length))
            .ok_or(Error::Malformed("padding"))?;
        Ok(Self {
            kind: MessageType(*kind),
            body,
        })
    }

    /// Writes type, body and `padding` bytes of padding. The caller draws that number at random,
    /// see [`padding_length`]; one that leaves the message too short is refused.
    pub fn encode(&self, padding: u8) -> Result<Vec<u8>> {
        let padded = self.body.len().saturating_add(usize::from(padding));
        if padding == 0 || padded < spec::PADDED_BODY_BYTES_MIN {
            return Err(Error::Malformed("padding"));
        }
        let longest = spec::MESSAGE_BYTES_MAX
            - spec::MESSAGE_HEADER_BYTES
            - spec::MESSAGE_NONCE_BYTES
            - spec::BOX_OVERHEAD;
        if padded >= longest {
            return Err(Error::TooLong);
        }
        let mut plain = Vec::with_capacity(padded.saturating_add(1));
        plain.push(self.kind.0);
        plain.extend_from_slice(self.body);
        plain.resize(padded.saturating_add(1), padding);
        Ok(plain)
    }
}

/// How much padding a body gets when `random` was drawn: 1 to 255 bytes, and enough to reach the
/// minimum size of a message.
pub fn padding_length(body_length: usize, random: u8) -> u8 {
    let needed = spec::PADDED_BODY_BYTES_MIN.saturating_sub(body_length);
    let needed = u8::try_from(needed).unwrap_or(u8::MAX);
    random.max(needed).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_never_zero_and_fills_up_short_bodies() {
        assert_eq!(padding_length(2, 0), 30);
        assert_eq!(padding_length(2, 234), 234);
        assert_eq!(padding_length(32, 0), 1);
        assert_eq!(padding_length(6000, 255), 255);
    }

    #[test]
    fn impossible_padding_is_refused() {
        for plain in [&b""[..], &[1], &[1, 0], &[1, 2], &[1, 9, 9, 4]] {
            assert!(Container::decode(plain).is_err(), "{plain:?}");
        }
        assert!(Container::decode(&[1, 1]).unwrap().body.is_empty());
        let short = Container {
            kind: MessageType::TEXT,
            body: b"Hi",
        };
        assert!(short.encode(29).is_err());
        assert!(short.encode(30).is_ok());
    }

    #[test]
    fn a_container_that_no_frame_carries_is_refused() {
        let body = vec![0; 8052];
        let mut container = Container {
            kind: MessageType::TEXT,
            body: &body,
        };
        assert_eq!(container.encode(255), Err(Error::TooLong));
        container.body = &body[..6000];
        assert!(container.encode(255).is_ok());
    }

    #[test]
    fn unknown_types_survive() {
        let container = Container {
            kind: MessageType(0x77),
            body: &[1, 2, 3],
        };
        let plain = container.encode(40).unwrap();
        assert_eq!(Container::decode(&plain).unwrap(), container);
    }
}
