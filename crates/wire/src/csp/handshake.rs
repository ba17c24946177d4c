//! The layouts of the handshake, shared by both roles (csp.struct.yml, handshake).

use core::fmt;

use dreiklang_crypto::{
    PublicKey, SharedKey, Zeroizing,
    kdf::{self, Purpose},
};

use crate::{
    Error, Result,
    bytes::Reader,
    id::{DeviceCookie, DeviceId, Identity},
    spec,
};

/// CCK: the client's half of the nonces.
pub type ClientCookie = [u8; spec::COOKIE_BYTES];
/// SCK: the server's half of the nonces.
pub type ServerCookie = [u8; spec::COOKIE_BYTES];

/// Login extension 0x02. The published text calls it a version, but every shipping client sends a
/// bit mask; unknown bits are kept and ignored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Features(pub u8);

impl Features {
    /// The legacy client: no metadata box, no echo requests.
    pub const NONE: Self = Self(0);
    /// Understands messages with a metadata box.
    pub const METADATA: Self = Self(0x01);
    /// Answers echo requests of the server.
    pub const ECHO: Self = Self(0x02);
    /// What our own client announces.
    pub const ALL: Self = Self(0x03);

    /// Are all bits of `other` set?
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

/// The client-info text: `version;platform;language/country;rest`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ClientInfo(pub String);

impl ClientInfo {
    /// The version of the app.
    pub fn version(&self) -> &str {
        self.0.split(';').next().unwrap_or_default()
    }

    /// The platform letter: A, I, Q, W or B.
    pub fn platform(&self) -> Option<&str> {
        self.0
            .split(';')
            .nth(1)
            .filter(|platform| !platform.is_empty())
    }

    /// The language of the device, without its country, for texts that are shown to its user.
    pub fn language(&self) -> Option<&str> {
        self.0
            .split(';')
            .nth(2)
            .and_then(|locale| locale.split(['/', '-', '_']).next())
            .filter(|language| !language.is_empty())
    }
}

/// What the server says when a login is accepted.
///
/// The published text has 16 zero bytes here; shipping clients either look at the length only or
/// read this layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LoginAck {
    /// The server's clock, milliseconds since 1970.
    pub server_time_ms: u64,
    /// Messages that wait for the client.
    pub queued_messages: u32,
}

impl LoginAck {
    pub(super) fn encode(self) -> [u8; spec::LOGIN_ACK_PLAIN_BYTES] {
        let plain = u128::from(self.server_time_ms) << 32 | u128::from(self.queued_messages) << 96;
        plain.to_le_bytes()
    }

    pub(super) fn decode(plain: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(plain);
        reader.take(4)?;
        let ack = Self {
            server_time_ms: reader.u64()?,
            queued_messages: reader.u32()?,
        };
        reader.finish()?;
        Ok(ack)
    }
}

/// login-data, the plaintext of the login box.
#[derive(Debug)]
pub(super) struct LoginData {
    pub(super) identity: Identity,
    pub(super) extensions_box_length: usize,
    pub(super) server_cookie: ServerCookie,
    pub(super) vouch: Vouch,
}

/// The client's proof. It is only good for one connection, but login plaintext is never logged.
pub(super) struct Vouch(pub(super) [u8; 32]);

impl fmt::Debug for Vouch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vouch(..)")
    }
}

impl LoginData {
    pub(super) fn encode(&self) -> Result<[u8; spec::LOGIN_PLAIN_BYTES]> {
        let length = u16::try_from(self.extensions_box_length).map_err(|_| Error::TooLong)?;
        let mut plain = Vec::with_capacity(spec::LOGIN_PLAIN_BYTES);
        plain.extend_from_slice(self.identity.as_bytes());
        plain.extend_from_slice(spec::EXTENSION_MAGIC);
        plain.extend_from_slice(&length.to_le_bytes());
        plain.extend_from_slice(&self.server_cookie);
        plain.extend_from_slice(&[0; RESERVED_1_BYTES]);
        plain.extend_from_slice(&self.vouch.0);
        plain.extend_from_slice(&[0; RESERVED_2_BYTES]);
        plain.try_into().map_err(|_| Error::Malformed("login"))
    }

    /// Refuses clients of before 2022: they have no extensions, and their vouch, which starts in
    /// the first reserved field, can be replayed.
    pub(super) fn decode(plain: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(plain);
        let identity = reader.array::<{ Identity::BYTES }>()?;
        let magic = reader.take(spec::EXTENSION_MAGIC.len())?;
        let extensions_box_length = usize::from(reader.u16()?);
        let server_cookie = reader.array()?;
        let reserved_1 = reader.array::<RESERVED_1_BYTES>()?;
        let vouch = Vouch(reader.array()?);
        let reserved_2 = reader.array::<RESERVED_2_BYTES>()?;
        reader.finish()?;
        if magic != spec::EXTENSION_MAGIC {
            return Err(Error::PeerMisbehaved("login without extensions"));
        }
        if reserved_1 != [0; RESERVED_1_BYTES] || reserved_2 != [0; RESERVED_2_BYTES] {
            return Err(Error::PeerMisbehaved("login with a legacy vouch"));
        }
        if !(spec::BOX_OVERHEAD..=spec::EXTENSIONS_BOX_BYTES_MAX).contains(&extensions_box_length) {
            return Err(Error::PeerMisbehaved("extensions of impossible length"));
        }
        let identity = Identity::try_from(identity)?;
        Ok(Self {
            identity,
            extensions_box_length,
            server_cookie,
            vouch,
        })
    }
}

const RESERVED_1_BYTES: usize = 24;
const RESERVED_2_BYTES: usize = 16;

/// The login extensions.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Extensions {
    pub(super) client_info: ClientInfo,
    pub(super) device_id: Option<DeviceId>,
    pub(super) features: Features,
    pub(super) device_cookie: Option<DeviceCookie>,
}

impl Extensions {
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        if self.client_info.0.len() > spec::CLIENT_INFO_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let mut out = Vec::new();
        put(
            &mut out,
            spec::EXTENSION_CLIENT_INFO,
            self.client_info.0.as_bytes(),
        )?;
        if let Some(device) = self.device_id {
            put(&mut out, spec::EXTENSION_DEVICE_ID, &device.0.to_le_bytes())?;
        }
        put(&mut out, spec::EXTENSION_FEATURES, &[self.features.0])?;
        if let Some(cookie) = self.device_cookie {
            put(&mut out, spec::EXTENSION_DEVICE_COOKIE, cookie.as_bytes())?;
        }
        Ok(out)
    }

    /// Takes the extensions in any order. Unknown ones are skipped; a known one that comes twice
    /// is refused, because readers would disagree about which counts.
    pub(super) fn decode(plain: &[u8]) -> Result<Self> {
        let mut extensions = Self::default();
        let mut seen = [false; 4];
        let mut reader = Reader::new(plain);
        while !reader.is_empty() {
            let kind = reader.u8()?;
            let length = usize::from(reader.u16()?);
            let value = reader.take(length)?;
            if let Some(seen) = seen.get_mut(usize::from(kind))
                && core::mem::replace(seen, true)
            {
                return Err(Error::PeerMisbehaved("login extension twice"));
            }
            extensions.take(kind, value)?;
        }
        Ok(extensions)
    }

    fn take(&mut self, kind: u8, value: &[u8]) -> Result<()> {
        const BAD: Error = Error::Malformed("login extension");
        match kind {
            spec::EXTENSION_CLIENT_INFO => {
                if value.len() > spec::CLIENT_INFO_BYTES_MAX {
                    return Err(Error::TooLong);
                }
                self.client_info = ClientInfo(String::from_utf8_lossy(value).into_owned());
            }
            spec::EXTENSION_DEVICE_ID => {
                let bytes: [u8; DeviceId::BYTES] = value.try_into().map_err(|_| BAD)?;
                self.device_id = Some(DeviceId::from(bytes));
            }
            spec::EXTENSION_FEATURES => {
                let [mask]: [u8; 1] = value.try_into().map_err(|_| BAD)?;
                self.features = Features(mask);
            }
            spec::EXTENSION_DEVICE_COOKIE => {
                self.device_cookie = Some(DeviceCookie::try_from(value).map_err(|_| BAD)?);
            }
            _ => {}
        }
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, kind: u8, value: &[u8]) -> Result<()> {
    let length = u16::try_from(value.len()).map_err(|_| Error::TooLong)?;
    out.push(kind);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(value);
    Ok(())
}

/// The proof that the client holds its key, bound to this connection's server cookie and to both
/// ephemeral keys (csp.struct.yml, login-data).
pub(super) fn vouch(
    ss1: &SharedKey,
    ss2: &SharedKey,
    server_cookie: &ServerCookie,
    client_ephemeral: &PublicKey,
) -> Vouch {
    let mut secrets = Zeroizing::new([0; 64]);
    let (first, second) = secrets.split_at_mut(32);
    first.copy_from_slice(ss1.expose());
    second.copy_from_slice(ss2.expose());
    let key = Zeroizing::new(Purpose::CHAT_LOGIN.derive(&*secrets, &[]));
    let input = [server_cookie.as_slice(), client_ephemeral.as_bytes()].concat();
    Vouch(kdf::blake2b(&*key, "", "", &input))
}
