//! The client's role in the handshake.
//!
//! ```text
//! Login::start -> client-hello --bytes--> Send(login) --bytes--> LoggedIn(ack, Session)
//! ```

use dreiklang_crypto::{CryptoRng, PublicKey, SecretKey, SharedKey, constant_time_eq, random};

pub use super::frame::Session;
use super::{
    frame::Direction,
    handshake::{
        ClientCookie, ClientInfo, Extensions, Features, LoginAck, LoginData, ServerCookie, vouch,
    },
};
use crate::{
    Error, Result,
    bytes::Reader,
    id::{DeviceCookie, DeviceId, Identity},
    spec,
};

/// The public keys of a chat server that the client pins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerPublicKeys {
    /// Tried first.
    pub current: PublicKey,
    /// Tried if the server-hello does not open with the first.
    pub alternative: Option<PublicKey>,
}

/// Who logs in, where, and how.
#[derive(Debug)]
pub struct Credentials {
    /// The own identity.
    pub identity: Identity,
    /// Its secret key.
    pub client_key: SecretKey,
    /// The pinned keys of the server.
    pub server_keys: ServerPublicKeys,
    /// `version;platform;language/country;rest`.
    pub client_info: ClientInfo,
    /// Which of several devices this is, if it belongs to a device group.
    pub device_id: Option<DeviceId>,
    /// What this client understands.
    pub features: Features,
    /// The device cookie, if there is one.
    pub device_cookie: Option<DeviceCookie>,
}

/// A login under way.
#[derive(Debug)]
pub struct Login {
    state: State,
    buffer: Vec<u8>,
}

/// What to do after some bytes were taken.
#[derive(Debug)]
pub enum Step {
    /// All input is taken; more is needed.
    NeedMore,
    /// Send this, then go on with the rest of the input.
    Send(Vec<u8>),
    /// The server let us in. What was not taken of the input are already frames.
    LoggedIn(Box<LoggedIn>),
}

/// The result of a login.
#[derive(Debug)]
pub struct LoggedIn {
    /// What the server said.
    pub ack: LoginAck,
    /// Which of the pinned keys the server has.
    pub server_key: PublicKey,
    /// The frames from here on.
    pub session: Session,
}

#[derive(Debug)]
enum State {
    AwaitingServerHello(Box<Hello>),
    AwaitingAck {
        opening: Direction,
        sealing: Direction,
        server_key: PublicKey,
    },
    Finished,
}

#[derive(Debug)]
struct Hello {
    credentials: Credentials,
    tck: SecretKey,
    client_cookie: ClientCookie,
}

impl Login {
    /// Starts with a fresh ephemeral key and a fresh cookie; gives the client-hello to send.
    pub fn start(credentials: Credentials, rng: &mut (impl CryptoRng + ?Sized)) -> (Self, Vec<u8>) {
        let tck = SecretKey::generate(rng);
        Self::start_with(credentials, tck, random(rng))
    }

    /// Starts; gives the client-hello to send. The ephemeral key and the cookie must never have
    /// been used before.
    pub fn start_with(
        credentials: Credentials,
        tck: SecretKey,
        client_cookie: ClientCookie,
    ) -> (Self, Vec<u8>) {
        let hello = [tck.public().as_bytes().as_slice(), &client_cookie].concat();
        let state = State::AwaitingServerHello(Box::new(Hello {
            credentials,
            tck,
            client_cookie,
        }));
        (
            Self {
                state,
                buffer: Vec::new(),
            },
            hello,
        )
    }

    /// Takes bytes from the server and says how many, and what to do next. After
    /// [`Step::NeedMore`] all of the input was taken. After an error the connection must be closed.
    pub fn handle(&mut self, input: &[u8]) -> Result<(usize, Step)> {
        let wanted = match &self.state {
            State::AwaitingServerHello(_) => spec::SERVER_HELLO_BYTES,
            State::AwaitingAck { .. } => spec::LOGIN_ACK_BYTES,
            State::Finished => return Err(Error::Finished),
        };
        let missing = wanted.saturating_sub(self.buffer.len());
        let (head, _) = input.split_at(missing.min(input.len()));
        self.buffer.extend_from_slice(head);
        if head.len() < missing {
            return Ok((head.len(), Step::NeedMore));
        }
        let mut structure = core::mem::take(&mut self.buffer);
        // An error leaves the state finished.
        match core::mem::replace(&mut self.state, State::Finished) {
            State::AwaitingServerHello(hello) => {
                let (state, login) = hello.answer(&structure)?;
                self.state = state;
                Ok((head.len(), Step::Send(login)))
            }
            State::AwaitingAck {
                mut opening,
                sealing,
                server_key,
            } => {
                let ack = LoginAck::decode(opening.open(&mut structure)?)?;
                let session = Session::new(opening, sealing);
                let logged_in = LoggedIn {
                    ack,
                    server_key,
                    session,
                };
                Ok((head.len(), Step::LoggedIn(Box::new(logged_in))))
            }
            State::Finished => Err(Error::Finished),
        }
    }
}

impl Hello {
    fn answer(self, server_hello: &[u8]) -> Result<(State, Vec<u8>)> {
        let mut reader = Reader::new(server_hello);
        let server_cookie: ServerCookie = reader.array()?;
        // With equal cookies both directions would use the same nonces under the same key.
        if constant_time_eq(&server_cookie, &self.client_cookie) {
            return Err(Error::PeerMisbehaved("both cookies are equal"));
        }
        let (server_key, plain) = self.open_hello(&server_cookie, reader.rest())?;
        let mut reader = Reader::new(&plain);
        let server_ephemeral = PublicKey::from_bytes(reader.array()?).map_err(|_| Error::BadKey)?;
        let repeated: ClientCookie = reader.array()?;
        reader.finish()?;
        if !constant_time_eq(&repeated, &self.client_cookie) {
            return Err(Error::PeerMisbehaved(
                "wrong client cookie in the server-hello",
            ));
        }

        let shared = self.tck.agree(&server_ephemeral);
        let mut sealing = Direction {
            key: shared.with_prefix(&self.client_cookie),
            next: 1,
        };
        let opening = Direction {
            key: shared.with_prefix(&server_cookie),
            next: 2,
        };
        let login = self.login(&mut sealing, &server_cookie, &server_key, &server_ephemeral)?;
        Ok((
            State::AwaitingAck {
                opening,
                sealing,
                server_key,
            },
            login,
        ))
    }

    /// Tries both pinned keys.
    fn open_hello(
        &self,
        server_cookie: &ServerCookie,
        sealed: &[u8],
    ) -> Result<(PublicKey, Vec<u8>)> {
        let pinned = &self.credentials.server_keys;
        [Some(pinned.current), pinned.alternative]
            .into_iter()
            .flatten()
            .find_map(|key| {
                let mut plain = sealed.to_vec();
                let opened = self.tck.agree(&key).with_prefix(server_cookie);
                let opened = opened.open_in_place(1, &mut plain).ok()?.to_vec();
                Some((key, opened))
            })
            .ok_or(Error::NotAuthentic)
    }

    fn login(
        &self,
        sealing: &mut Direction,
        server_cookie: &ServerCookie,
        server_key: &PublicKey,
        server_ephemeral: &PublicKey,
    ) -> Result<Vec<u8>> {
        let Credentials {
            client_key,
            client_info,
            device_id,
            features,
            device_cookie,
            ..
        } = &self.credentials;
        let extensions = Extensions {
            client_info: client_info.clone(),
            device_id: *device_id,
            features: *features,
            device_cookie: *device_cookie,
        }
        .encode()?;
        let ss1: SharedKey = client_key.agree(server_key);
        let ss2 = client_key.agree(server_ephemeral);
        let data = LoginData {
            identity: self.credentials.identity,
            extensions_box_length: extensions.len().saturating_add(spec::BOX_OVERHEAD),
            server_cookie: *server_cookie,
            vouch: vouch(&ss1, &ss2, server_cookie, &self.tck.public()),
        };
        let mut login = Vec::new();
        sealing.seal_into(&data.encode()?, &mut login)?;
        sealing.seal_into(&extensions, &mut login)?;
        Ok(login)
    }
}
