//! The one chat connection, in whatever state it is.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::time::Duration;

use dreiklang_engine::Credentials;
use dreiklang_wire::api::instance::Instance;
use dreiklang_wire::csp::client::{self, ServerPublicKeys, Session};
use dreiklang_wire::csp::payload::{FromServer, ToServer};
use dreiklang_wire::csp::{ClientInfo, Features};

use crate::event::Fault;
use crate::net::line::{Established, Wires, establish};
use crate::task::{JoinHandle, spawn};
use crate::time::{Instant, Sleep, sleep, sleep_until};

/// Silence of the server after which we ask whether it is there (`protocol.md` A2.7).
const QUIET_AFTER: Duration = Duration::from_mins(1);
/// How long it may take to answer (`protocol.md` A2.7).
const ECHO_TIMEOUT: Duration = Duration::from_secs(10);

/// Where to connect, and as what.
#[derive(Clone, Debug)]
pub(crate) struct LinkSettings {
    pub(crate) host: String,
    pub(crate) ports: Vec<u16>,
    pub(crate) server_keys: ServerPublicKeys,
    pub(crate) client_info: ClientInfo,
}

impl LinkSettings {
    /// The chat server of an instance.
    pub(crate) fn new(instance: &Instance, client_info: ClientInfo) -> Self {
        Self {
            host: instance.chat.host.clone(),
            ports: instance.chat.ports.clone(),
            server_keys: ServerPublicKeys {
                current: instance.chat.public_key,
                alternative: instance.chat.alternative_public_key,
            },
            client_info,
        }
    }

    /// The next connection goes to another server.
    pub(super) fn move_to(&mut self, instance: &Instance) {
        *self = Self::new(instance, self.client_info.clone());
    }
}

#[derive(Default)]
pub(super) enum Link {
    #[default]
    Down,
    Pausing(Pin<Box<Sleep>>),
    Connecting(Attempt),
    Up(Box<Up>),
}

/// A try that ends when it is dropped.
pub(super) struct Attempt(JoinHandle<Result<Established, Fault>>);

impl Drop for Attempt {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) struct Up {
    session: Session,
    wires: Wires,
    since: Instant,
    /// When we give up, or ask for an echo.
    deadline: Instant,
    is_echo_due: bool,
    echoes: u64,
}

/// What became of the connection.
pub(super) enum LinkEvent {
    /// The pause is over.
    Retry,
    Established(Box<Established>),
    Bytes(Vec<u8>),
    /// The server has been silent: ask for an echo.
    Quiet,
    Failed(Fault),
}

impl Link {
    pub(super) fn pause(pause: Duration) -> Self {
        Self::Pausing(Box::pin(sleep(pause)))
    }

    pub(super) fn connect(settings: &LinkSettings, own: Credentials) -> Self {
        let LinkSettings {
            host,
            ports,
            server_keys,
            client_info,
        } = settings.clone();
        let credentials = client::Credentials {
            identity: own.identity,
            client_key: own.secret_key,
            server_keys,
            client_info,
            device_id: None,
            features: Features::ALL,
            device_cookie: Some(own.device_cookie),
        };
        Self::Connecting(Attempt(spawn(async move {
            establish(&host, &ports, credentials).await
        })))
    }

    /// Starts the tasks of a connection; gives what it has already received.
    pub(super) fn go_up(&mut self, established: Established) -> Vec<u8> {
        let (session, wires, early) = established.split();
        let now = Instant::now();
        *self = Self::Up(Box::new(Up {
            session,
            wires,
            since: now,
            deadline: now + QUIET_AFTER,
            is_echo_due: false,
            echoes: 0,
        }));
        early
    }

    /// Waits for the next event; safe to be dropped and asked again.
    pub(super) async fn event(&mut self) -> LinkEvent {
        match self {
            Self::Down => std::future::pending().await,
            Self::Pausing(pause) => {
                pause.as_mut().await;
                LinkEvent::Retry
            }
            Self::Connecting(attempt) => match (&mut attempt.0).await {
                Ok(Ok(established)) => LinkEvent::Established(Box::new(established)),
                Ok(Err(fault)) => LinkEvent::Failed(fault),
                // The task panicked.
                Err(_) => LinkEvent::Failed(Fault::Closed),
            },
            Self::Up(up) => up.event().await,
        }
    }

    /// Opens the frames of one read.
    pub(super) fn open(&mut self, mut bytes: Vec<u8>) -> Result<Vec<FromServer>, Fault> {
        let Self::Up(up) = self else {
            return Ok(Vec::new());
        };
        up.deadline = Instant::now() + QUIET_AFTER;
        up.is_echo_due = false;
        let mut payloads = Vec::new();
        let flow = up.session.open_frames(&mut bytes, |container| {
            match FromServer::decode(container) {
                Ok(payload) => {
                    payloads.push(payload);
                    ControlFlow::Continue(())
                }
                Err(_) => ControlFlow::Break(()),
            }
        });
        match flow {
            Ok(ControlFlow::Continue(())) => Ok(payloads),
            _ => Err(Fault::Untrusted),
        }
    }

    /// Seals and queues; without a connection there is nothing to do and nothing is lost.
    pub(super) fn send(&mut self, payloads: &[ToServer]) -> Result<(), Fault> {
        let Self::Up(up) = self else {
            return Ok(());
        };
        if payloads.is_empty() {
            return Ok(());
        }
        let mut frames = Vec::new();
        let mut container = Vec::new();
        for payload in payloads {
            container.clear();
            payload
                .encode_into(&mut container)
                .map_err(|_| Fault::Engine)?;
            up.session
                .seal_frame(&container, &mut frames)
                .map_err(|_| Fault::Engine)?;
        }
        up.wires.send(frames)
    }

    /// The echo request that proves that the server is there.
    pub(super) fn echo(&mut self) -> ToServer {
        let mut number = 0;
        if let Self::Up(up) = self {
            up.echoes += 1;
            number = up.echoes;
            up.is_echo_due = true;
            up.deadline = Instant::now() + ECHO_TIMEOUT;
        }
        ToServer::EchoRequest(number.to_le_bytes().to_vec())
    }

    /// How long the connection has been up.
    pub(super) fn lasted(&self) -> Option<Duration> {
        match self {
            Self::Up(up) => Some(up.since.elapsed()),
            _ => None,
        }
    }

    /// Lets what is queued go out, then closes.
    pub(super) async fn finish(self) {
        if let Self::Up(up) = self {
            up.wires.finish().await;
        }
    }
}

impl Up {
    async fn event(&mut self) -> LinkEvent {
        tokio::select! {
            received = self.wires.received() => match received {
                Some(bytes) => LinkEvent::Bytes(bytes),
                None => LinkEvent::Failed(Fault::Closed),
            },
            () = sleep_until(self.deadline) => {
                if self.is_echo_due {
                    LinkEvent::Failed(Fault::TimedOut)
                } else {
                    LinkEvent::Quiet
                }
            }
        }
    }
}
