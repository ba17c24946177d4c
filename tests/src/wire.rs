//! One raw chat connection, from the login on.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::time::Duration;

use dreiklang_crypto::{PublicKey, SecretKey, SystemRng};
use dreiklang_wire::csp::client::{Credentials, Login, ServerPublicKeys, Session, Step};
use dreiklang_wire::csp::payload::{FromServer, ToServer};
use dreiklang_wire::csp::{ClientInfo, Features};
use dreiklang_wire::id::{DeviceCookie, DeviceId, Identity};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Who logs in where.
#[derive(Clone, Debug)]
pub struct Account {
    /// The chat server.
    pub address: SocketAddr,
    /// Its key.
    pub server_key: PublicKey,
    /// The own identity.
    pub identity: Identity,
    /// Its secret key; it protects nothing but test messages.
    pub secret: [u8; 32],
}

/// A connection that is logged in.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    session: Session,
    inbox: VecDeque<FromServer>,
    out: Vec<u8>,
}

/// What a client says about itself, true or not.
#[derive(Clone, Debug)]
pub struct Claims {
    /// `version;platform;language/country;rest`.
    pub client_info: String,
    /// Which of several devices this is.
    pub device_id: Option<DeviceId>,
    /// What the last login left.
    pub device_cookie: Option<DeviceCookie>,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            client_info: "0.1.0;Q;en/US;faults".to_owned(),
            device_id: None,
            device_cookie: None,
        }
    }
}

impl Wire {
    /// Connects and logs in.
    pub async fn connect(account: &Account) -> io::Result<Self> {
        Self::connect_as(account, Claims::default()).await
    }

    /// Connects and logs in as a certain app.
    pub async fn connect_as(account: &Account, claims: Claims) -> io::Result<Self> {
        within(Self::log_in(account, claims)).await
    }

    async fn log_in(account: &Account, claims: Claims) -> io::Result<Self> {
        let credentials = Credentials {
            identity: account.identity,
            client_key: SecretKey::from_bytes(account.secret),
            server_keys: ServerPublicKeys {
                current: account.server_key,
                alternative: None,
            },
            client_info: ClientInfo(claims.client_info),
            device_id: claims.device_id,
            features: Features::METADATA,
            device_cookie: claims.device_cookie,
        };
        let mut stream = TcpStream::connect(account.address).await?;
        stream.set_nodelay(true)?;
        let (mut login, hello) = Login::start(credentials, &mut SystemRng);
        stream.write_all(&hello).await?;
        let mut input = Vec::new();
        loop {
            let (taken, step) = login.handle(&input).map_err(io::Error::other)?;
            input.drain(..taken);
            match step {
                Step::NeedMore => {
                    if stream.read_buf(&mut input).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Step::Send(bytes) => stream.write_all(&bytes).await?,
                Step::LoggedIn(done) => {
                    let mut wire = Self {
                        stream,
                        session: done.session,
                        inbox: VecDeque::new(),
                        out: Vec::new(),
                    };
                    wire.open(&mut input)?;
                    return Ok(wire);
                }
            }
        }
    }

    /// Keeps a payload for the next `flush`.
    pub fn queue(&mut self, payload: &ToServer) -> io::Result<()> {
        let container = payload.encode().map_err(io::Error::other)?;
        self.session
            .seal_frame(&container, &mut self.out)
            .map_err(io::Error::other)
    }

    /// Sends what was queued.
    pub async fn flush(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        within(self.stream.write_all(&out)).await
    }

    /// The next payload; waits if none is here.
    pub async fn receive(&mut self) -> io::Result<FromServer> {
        loop {
            if let Some(payload) = self.inbox.pop_front() {
                return Ok(payload);
            }
            let mut bytes = Vec::with_capacity(READ_BYTES);
            if within(self.stream.read_buf(&mut bytes)).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.open(&mut bytes)?;
        }
    }

    /// A payload that came together with the last one.
    pub fn receive_now(&mut self) -> Option<FromServer> {
        self.inbox.pop_front()
    }

    fn open(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        let inbox = &mut self.inbox;
        let mut failure = None;
        let opened = self.session.open_frames::<()>(bytes, |container| {
            match FromServer::decode(container) {
                Ok(payload) => inbox.push_back(payload),
                Err(error) => failure = Some(error),
            }
            ControlFlow::Continue(())
        });
        match failure.or(opened.err()) {
            Some(error) => Err(io::Error::other(error)),
            None => Ok(()),
        }
    }
}

/// Nothing takes this long; what hangs is told apart from what broke.
async fn within<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match timeout(PATIENCE, work).await {
        Ok(result) => result,
        Err(_elapsed) => Err(io::ErrorKind::TimedOut.into()),
    }
}

const PATIENCE: Duration = Duration::from_secs(20);
const READ_BYTES: usize = 64 * 1024;
