//! The server's role in the handshake.
//!
//! ```text
//! Handshake --bytes--> Send(server-hello) --bytes--> Login(LoginRequest)
//! LoginRequest --verify--> VerifiedLogin --accept--> login-ack bytes + Session
//! ```
//!
//! There is no way to a [`Session`] that does not pass [`LoginRequest::verify`].

use std::sync::Arc;

use dreiklang_crypto::{CryptoRng, PublicKey, SecretKey, SharedKey, constant_time_eq, random};

pub use super::frame::Session;
use super::{
    frame::Direction,
    handshake::{
        ClientCookie, ClientInfo, Extensions, Features, LoginAck, LoginData, ServerCookie, Vouch,
        vouch,
    },
};
use crate::{
    Error, Result,
    bytes::Reader,
    id::{DeviceCookie, DeviceId, Identity},
    spec,
};

/// The permanent keys of a chat server. They are for the handshake and for nothing else.
#[derive(Debug)]
pub struct ServerKeys {
    /// The key every handshake uses.
    pub current: SecretKey,
    /// A key that clients also pin and that may become the current one. A hello does not say which
    /// key a client knows, so it is never used while it is only the alternative; it is here so
    /// that no identity can be registered with it.
    pub alternative: Option<SecretKey>,
}

impl ServerKeys {
    /// Is this one of the server's own keys? A directory must refuse those as client keys.
    pub fn contains(&self, key: &PublicKey) -> bool {
        self.current.public() == *key
            || self
                .alternative
                .as_ref()
                .is_some_and(|secret| secret.public() == *key)
    }
}

/// One connection, from its first byte to the login request.
#[derive(Debug)]
pub struct Handshake {
    state: State,
    /// What has arrived of the structure that the state waits for.
    buffer: Vec<u8>,
}

/// What to do after some bytes were taken.
#[derive(Debug)]
pub enum Step {
    /// All input is taken; more is needed.
    NeedMore,
    /// Send this, in one write, then go on with the rest of the input.
    Send(Vec<u8>),
    /// The client asks to be let in. The handshake is over; what was not taken of the input are
    /// already frames.
    Login(Box<LoginRequest>),
}

#[derive(Debug)]
enum State {
    AwaitingHello {
        keys: Arc<ServerKeys>,
        tsk: SecretKey,
        server_cookie: ServerCookie,
    },
    AwaitingLogin(Box<Opened>),
    AwaitingExtensions(Box<Opened>, LoginData),
    Finished,
}

/// What is known after the client-hello.
#[derive(Debug)]
struct Opened {
    keys: Arc<ServerKeys>,
    tsk: SecretKey,
    server_cookie: ServerCookie,
    client_ephemeral: PublicKey,
    opening: Direction,
    sealing: Direction,
}

impl Handshake {
    /// Starts a handshake with a fresh ephemeral key and a fresh cookie.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized), keys: Arc<ServerKeys>) -> Self {
        let tsk = SecretKey::generate(rng);
        Self::new(tsk, random(rng), keys)
    }

    /// Starts a handshake. The ephemeral key and the cookie must never have been used before.
    pub fn new(tsk: SecretKey, server_cookie: ServerCookie, keys: Arc<ServerKeys>) -> Self {
        Self {
            state: State::AwaitingHello {
                keys,
                tsk,
                server_cookie,
            },
            buffer: Vec::new(),
        }
    }

    /// Takes bytes from the client and says how many, and what to do next. After
    /// [`Step::NeedMore`] all of the input was taken. After an error the connection must be closed
    /// without a word.
    pub fn handle(&mut self, input: &[u8]) -> Result<(usize, Step)> {
        let result = self.advance(input);
        if result.is_err() {
            self.state = State::Finished;
            self.buffer = Vec::new();
        }
        result
    }

    /// Has the client said hello? Deadlines differ before and after.
    pub fn is_past_hello(&self) -> bool {
        !matches!(self.state, State::AwaitingHello { .. })
    }

    fn advance(&mut self, input: &[u8]) -> Result<(usize, Step)> {
        let mut rest = input;
        loop {
            let missing = self.wanted()?.saturating_sub(self.buffer.len());
            let (head, tail) = rest.split_at(missing.min(rest.len()));
            self.buffer.extend_from_slice(head);
            rest = tail;
            if head.len() < missing {
                return Ok((input.len(), Step::NeedMore));
            }
            let mut structure = core::mem::take(&mut self.buffer);
            match self.take_structure(&mut structure)? {
                Step::NeedMore => {}
                step => return Ok((input.len().saturating_sub(rest.len()), step)),
            }
        }
    }

    fn wanted(&self) -> Result<usize> {
        match &self.state {
            State::AwaitingHello { .. } => Ok(spec::CLIENT_HELLO_BYTES),
            State::AwaitingLogin(_) => Ok(spec::LOGIN_BYTES),
            State::AwaitingExtensions(_, login) => Ok(login.extensions_box_length),
            State::Finished => Err(Error::Finished),
        }
    }

    fn take_structure(&mut self, bytes: &mut [u8]) -> Result<Step> {
        match core::mem::replace(&mut self.state, State::Finished) {
            State::AwaitingHello {
                keys,
                tsk,
                server_cookie,
            } => {
                let (opened, hello) = Opened::answer(keys, tsk, server_cookie, bytes)?;
                self.state = State::AwaitingLogin(Box::new(opened));
                Ok(Step::Send(hello))
            }
            State::AwaitingLogin(mut opened) => {
                let login = LoginData::decode(opened.opening.open(bytes)?)?;
                if !constant_time_eq(&login.server_cookie, &opened.server_cookie) {
                    return Err(Error::PeerMisbehaved("wrong server cookie in the login"));
                }
                self.state = State::AwaitingExtensions(opened, login);
                Ok(Step::NeedMore)
            }
            State::AwaitingExtensions(mut opened, login) => {
                let extensions = Extensions::decode(opened.opening.open(bytes)?)?;
                let claims = Claims {
                    identity: login.identity,
                    client_info: extensions.client_info,
                    device_id: extensions.device_id,
                    features: extensions.features,
                    device_cookie: extensions.device_cookie,
                };
                let request = LoginRequest {
                    claims,
                    vouch: login.vouch,
                    opened,
                };
                Ok(Step::Login(Box::new(request)))
            }
            State::Finished => Err(Error::Finished),
        }
    }
}

impl Opened {
    fn answer(
        keys: Arc<ServerKeys>,
        tsk: SecretKey,
        server_cookie: ServerCookie,
        hello: &[u8],
    ) -> Result<(Self, Vec<u8>)> {
        let mut reader = Reader::new(hello);
        let client_ephemeral = PublicKey::from_bytes(reader.array()?).map_err(|_| Error::BadKey)?;
        let client_cookie: ClientCookie = reader.array()?;
        reader.finish()?;
        // With equal cookies both directions would use the same nonces under the same key.
        if constant_time_eq(&client_cookie, &server_cookie) {
            return Err(Error::PeerMisbehaved("both cookies are equal"));
        }
        let plain = [tsk.public().as_bytes().as_slice(), &client_cookie].concat();
        let mut answer = Vec::with_capacity(spec::SERVER_HELLO_BYTES);
        answer.extend_from_slice(&server_cookie);
        keys.current
            .agree(&client_ephemeral)
            .with_prefix(&server_cookie)
            .seal_into(HELLO_NUMBER, &plain, &mut answer);
        let shared = tsk.agree(&client_ephemeral);
        let opening = Direction {
            key: shared.with_prefix(&client_cookie),
            next: 1,
        };
        let sealing = Direction {
            key: shared.with_prefix(&server_cookie),
            next: HELLO_NUMBER + 1,
        };
        Ok((
            Self {
                keys,
                tsk,
                server_cookie,
                client_ephemeral,
                opening,
                sealing,
            },
            answer,
        ))
    }
}

/// The server-hello is the first box of its direction.
const HELLO_NUMBER: u64 = 1;

/// What a client says about itself. Nothing of it is proven before
/// [`LoginRequest::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who it is.
    pub identity: Identity,
    /// Its version, platform and language.
    pub client_info: ClientInfo,
    /// Which of several devices it is, if it belongs to a device group.
    pub device_id: Option<DeviceId>,
    /// What it understands; nothing if it did not say.
    pub features: Features,
    /// Its device cookie, if it has one.
    pub device_cookie: Option<DeviceCookie>,
}

/// A client that wants to be let in.
#[derive(Debug)]
pub struct LoginRequest {
    /// What it says.
    pub claims: Claims,
    vouch: Vouch,
    opened: Box<Opened>,
}

impl LoginRequest {
    /// Checks that the client holds the secret of `client_key`, the public key that the directory
    /// has for the claimed identity.
    ///
    /// `ss1` is what an earlier [`VerifiedLogin::ss1`] of this identity gave; it spares one of the
    /// two key agreements. A failure always costs two, so that neither the cache nor the existence
    /// of an identity shows in the time a failed login takes (see
    /// [`verify_dummy`](Self::verify_dummy)).
    pub fn verify(self, client_key: &PublicKey, ss1: Option<&SharedKey>) -> Result<VerifiedLogin> {
        let cached = ss1.is_some();
        let ss1 = match ss1 {
            Some(ss1) => ss1.clone(),
            None => self.opened.keys.current.agree(client_key),
        };
        if self.vouches_with(client_key, &ss1) {
            let Self { claims, opened, .. } = self;
            let Opened {
                opening, sealing, ..
            } = *opened;
            return Ok(VerifiedLogin {
                claims,
                ss1,
                opening,
                sealing,
            });
        }
        if cached {
            core::hint::black_box(self.opened.keys.current.agree(client_key));
        }
        Err(Error::NotAuthentic)
    }

    /// Spends the time of a failed [`verify`](Self::verify), for an identity that does not exist.
    pub fn verify_dummy(self) -> Error {
        let stand_in = self.opened.client_ephemeral;
        let ss1 = self.opened.keys.current.agree(&stand_in);
        core::hint::black_box(self.vouches_with(&stand_in, &ss1));
        Error::NotAuthentic
    }

    fn vouches_with(&self, client_key: &PublicKey, ss1: &SharedKey) -> bool {
        let ss2 = self.opened.tsk.agree(client_key);
        let Opened {
            server_cookie,
            client_ephemeral,
            ..
        } = &*self.opened;
        let expected = vouch(ss1, &ss2, server_cookie, client_ephemeral);
        constant_time_eq(&expected.0, &self.vouch.0)
    }
}

/// A client that has proven to hold its key, and waits for the answer.
#[derive(Debug)]
pub struct VerifiedLogin {
    /// What it said; the identity is proven now.
    pub claims: Claims,
    ss1: SharedKey,
    opening: Direction,
    sealing: Direction,
}

impl VerifiedLogin {
    /// The agreement of the client key and the server key, to be cached by identity.
    pub fn ss1(&self) -> &SharedKey {
        &self.ss1
    }

    /// Lets the client in: the login-ack to send, and the session that follows it.
    pub fn accept(mut self, ack: LoginAck) -> (Vec<u8>, Session) {
        let mut bytes = Vec::with_capacity(spec::LOGIN_ACK_BYTES);
        self.sealing
            .seal_into(&ack.encode(), &mut bytes)
            .expect("invariant: the second box of a direction has a number");
        (bytes, Session::new(self.opening, self.sealing))
    }
}
