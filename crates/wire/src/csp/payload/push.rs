//! Push tokens (csp.struct.yml, push-notification-token).

use core::fmt;

use crate::{Error, Result, bytes::Reader, spec};

/// A push token as the client registers it. Opaque to the chat server.
#[derive(Clone, PartialEq, Eq)]
pub struct PushToken {
    /// The kind of token, see [`target`](Self::target).
    pub kind: u8,
    /// The token of that kind, at most 255 bytes.
    pub token: Vec<u8>,
}

/// What a push token says.
#[derive(Clone, PartialEq, Eq)]
pub enum PushTarget {
    /// No push any more.
    None,
    /// Apple.
    Apns {
        /// Against the development endpoint.
        sandbox: bool,
        /// The raw device token.
        device: Vec<u8>,
        /// Topic and the key that encrypts the content; absent in the old format.
        bundle: Option<(String, [u8; 32])>,
    },
    /// Google: a registration token.
    Fcm(String),
    /// Huawei.
    Hms {
        /// The application.
        app_id: String,
        /// Its token.
        token: String,
    },
    /// A kind this version does not know.
    Unknown,
}

impl PushToken {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8()?;
        let token = reader.rest();
        if token.len() > spec::PUSH_TOKEN_BYTES_MAX {
            return Err(Error::TooLong);
        }
        Ok(Self {
            kind,
            token: token.to_vec(),
        })
    }

    pub(super) fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        if self.token.len() > spec::PUSH_TOKEN_BYTES_MAX {
            return Err(Error::TooLong);
        }
        out.push(self.kind);
        out.extend_from_slice(&self.token);
        Ok(())
    }

    /// Reads the token by its kind.
    pub fn target(&self) -> Result<PushTarget> {
        Ok(match self.kind {
            0x00 => PushTarget::None,
            // Old iOS clients clear their token by 32 zero bytes.
            0x01 | 0x02 | 0x05 | 0x06 if self.token.iter().all(|byte| *byte == 0) => {
                PushTarget::None
            }
            0x01 | 0x02 => PushTarget::Apns {
                sandbox: self.kind == 0x02,
                device: self.token.clone(),
                bundle: None,
            },
            0x05 | 0x06 => apns_with_key(self.kind == 0x06, &self.token)?,
            0x11 => PushTarget::Fcm(text(&self.token)?),
            0x13 => {
                let token = text(&self.token)?;
                let (app_id, token) = token
                    .split_once('|')
                    .ok_or(Error::Malformed("push token"))?;
                PushTarget::Hms {
                    app_id: app_id.into(),
                    token: token.into(),
                }
            }
            _ => PushTarget::Unknown,
        })
    }
}

/// `device token | bundle id | key`, where token and key are raw bytes: read from the end.
fn apns_with_key(sandbox: bool, token: &[u8]) -> Result<PushTarget> {
    let malformed = Error::Malformed("push token");
    let (rest, key) = token.split_last_chunk::<32>().ok_or(malformed)?;
    let rest = rest.strip_suffix(b"|").ok_or(malformed)?;
    let bar = rest
        .iter()
        .rposition(|byte| *byte == b'|')
        .ok_or(malformed)?;
    let (device, bundle) = rest.split_at_checked(bar).ok_or(malformed)?;
    let bundle = text(bundle.strip_prefix(b"|").ok_or(malformed)?)?;
    Ok(PushTarget::Apns {
        sandbox,
        device: device.to_vec(),
        bundle: Some((bundle, *key)),
    })
}

fn text(bytes: &[u8]) -> Result<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Error::Malformed("push token"))
}

// A push token is the capability to notify a device, and may hold a key.
impl fmt::Debug for PushToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushToken(kind {:#04x}, ..)", self.kind)
    }
}

impl fmt::Debug for PushTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Apns { .. } => "Apns(..)",
            Self::Fcm(_) => "Fcm(..)",
            Self::Hms { .. } => "Hms(..)",
            Self::Unknown => "Unknown",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: u8, token: &[u8]) -> Result<PushTarget> {
        PushToken {
            kind,
            token: token.to_vec(),
        }
        .target()
    }

    #[test]
    fn apple_tokens_are_read_from_the_end() {
        let mut token = b"raw|token".to_vec();
        token.extend_from_slice(b"|ch.example.app|");
        token.extend_from_slice(&[b'|'; 32]);
        let expected = PushTarget::Apns {
            sandbox: true,
            device: b"raw|token".to_vec(),
            bundle: Some(("ch.example.app".into(), [b'|'; 32])),
        };
        assert!(target(6, &token).unwrap() == expected);
        assert!(target(5, b"no key").is_err());
    }

    #[test]
    fn zero_and_kind_zero_clear() {
        assert!(target(5, &[0; 32]).unwrap() == PushTarget::None);
        assert!(target(0, b"").unwrap() == PushTarget::None);
    }

    #[test]
    fn other_kinds_are_text_or_unknown() {
        assert!(target(0x11, b"abc").unwrap() == PushTarget::Fcm("abc".into()));
        let hms = PushTarget::Hms {
            app_id: "1".into(),
            token: "t|u".into(),
        };
        assert!(target(0x13, b"1|t|u").unwrap() == hms);
        assert!(target(0x77, b"?").unwrap() == PushTarget::Unknown);
    }

    #[test]
    fn tokens_do_not_print() {
        let token = PushToken {
            kind: 0x11,
            token: b"secret".to_vec(),
        };
        assert!(!format!("{token:?} {:?}", token.target().unwrap()).contains("secret"));
    }
}
