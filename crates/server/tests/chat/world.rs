//! A server on a free port with its store in a temporary folder, and people who talk to it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dreiklang_crypto::{SecretKey, SystemRng, random};
use dreiklang_server::app::{App, Clock, keys};
use dreiklang_server::config::{Config, tls};
use dreiklang_server::run::web::Opened;
use dreiklang_server::run::{Running, start_with};
use dreiklang_store::{DiskLimits, IdentityKind, NewIdentity, Store, StoreConfig};
use dreiklang_wire::csp::client::{Credentials, Login, ServerPublicKeys, Session, Step};
use dreiklang_wire::csp::payload::{Flags, FromServer, Message, ToServer};
use dreiklang_wire::csp::{ClientInfo, Features, LoginAck};
use dreiklang_wire::id::{DeviceCookie, DeviceId, Identity, MessageId, MessageNonce};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

pub(crate) struct World {
    folder: tempfile::TempDir,
    config: Config,
    clock: Clock,
    running: Option<Running>,
    shutdown: CancellationToken,
}

/// A person with an identity.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) identity: Identity,
    pub(crate) secret: [u8; 32],
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Clock::system(), |_| {}).await
    }

    pub(crate) async fn with(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        keys::create(&folder.path().join("keys/chat.key")).unwrap();
        let mut config = Config::default();
        config.server.data_dir = folder.path().to_str().unwrap().to_owned();
        config.chat.listen = vec!["127.0.0.1:0".parse().unwrap()];
        config.api.listen = vec!["127.0.0.1:0".parse().unwrap()];
        config.chat.loopback_exempt = true;
        config.chat.messages_burst_max = 1_000_000;
        config.metrics.listen = String::new();
        config.tls.mode = tls::Mode::Off;
        change(&mut config);
        let shutdown = CancellationToken::new();
        let mut world = Self {
            folder,
            config,
            clock,
            running: None,
            shutdown,
        };
        world.start().await;
        world
    }

    async fn start(&mut self) {
        let settings = self.config.clone().check().unwrap();
        let mut store = StoreConfig::new(&settings.database_url, &settings.blobs_url);
        store.disk = DiskLimits {
            low_water_bytes: 0,
            low_water_percent: 0,
            ballast_bytes: 0,
        };
        let store = Store::open(&store).await.unwrap();
        self.shutdown = CancellationToken::new();
        let running = start_with(settings, store, self.clock.clone(), self.shutdown.clone())
            .await
            .unwrap();
        self.running = Some(running);
    }

    /// Stops gracefully and starts again on the same folder.
    pub(crate) async fn restart(&mut self) {
        self.shutdown.cancel();
        self.running.take().unwrap().finished().await;
        assert!(self.folder.path().exists());
        self.start().await;
    }

    pub(crate) fn app(&self) -> &Arc<App> {
        &self.running.as_ref().unwrap().app
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().chat[0]
    }

    /// The door of an app in the browser.
    pub(crate) fn web(&self) -> &Opened {
        &self.running.as_ref().unwrap().web[0]
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn since(&self, start: Duration) -> Duration {
        self.clock.uptime().saturating_sub(start)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.app().store
    }

    pub(crate) async fn user(&self, identity: &str) -> User {
        let identity: Identity = identity.parse().unwrap();
        let secret = SecretKey::generate(&mut SystemRng);
        let new = NewIdentity {
            identity,
            public_key: secret.public(),
            kind: IdentityKind::Private,
            created_at: 0,
        };
        let created = self
            .store()
            .write(move |tx| Box::pin(async move { tx.create_identity(&new).await }))
            .await;
        created.unwrap();
        self.app().sessions.known.forget(identity);
        User {
            identity,
            secret: *secret.expose(),
        }
    }

    pub(crate) async fn queued(&self, user: &User) -> u64 {
        self.store()
            .message_count(user.identity)
            .await
            .unwrap()
            .messages
    }

    pub(crate) fn login(&self, user: &User) -> LoginAs {
        let server = ServerPublicKeys {
            current: self.app().keys.current.public(),
            alternative: None,
        };
        LoginAs {
            address: self.address(),
            credentials: Credentials {
                identity: user.identity,
                client_key: SecretKey::from_bytes(user.secret),
                server_keys: server,
                client_info: ClientInfo("0.1.0;Q;en/US;test".to_owned()),
                device_id: None,
                features: Features::METADATA,
                device_cookie: None,
            },
        }
    }

    /// Logs in without any extras.
    pub(crate) async fn connect(&self, user: &User) -> Client {
        self.login(user).connect().await
    }

    /// Logs in and receives what is queued, of which there must be nothing.
    pub(crate) async fn listen(&self, user: &User) -> Client {
        let mut client = self.connect(user).await;
        client.send(&ToServer::Unblock).await;
        assert_eq!(client.receive().await, FromServer::QueueSendComplete);
        client
    }
}

pub(crate) struct LoginAs {
    address: SocketAddr,
    pub(crate) credentials: Credentials,
}

impl LoginAs {
    pub(crate) fn device(mut self, id: u64) -> Self {
        self.credentials.device_id = Some(DeviceId(id));
        self
    }

    /// Behind another door.
    pub(crate) fn at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    pub(crate) fn features(mut self, features: Features) -> Self {
        self.credentials.features = features;
        self
    }

    pub(crate) fn cookie(mut self, cookie: [u8; 16]) -> Self {
        self.credentials.device_cookie = Some(DeviceCookie::from(cookie));
        self
    }

    pub(crate) fn info(mut self, text: &str) -> Self {
        text.clone_into(&mut self.credentials.client_info.0);
        self
    }

    pub(crate) async fn connect(self) -> Client {
        self.try_connect()
            .await
            .expect("the server lets this client in")
    }

    /// `None` if the server closes before it has answered.
    pub(crate) async fn try_connect(self) -> Option<Client> {
        let identity = self.credentials.identity;
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (mut login, hello) = Login::start(self.credentials, &mut SystemRng);
        stream.write_all(&hello).await.unwrap();
        let mut input = Vec::new();
        loop {
            let (taken, step) = login.handle(&input).unwrap();
            input.drain(..taken);
            match step {
                Step::NeedMore => {
                    let mut chunk = [0; 1024];
                    match within(stream.read(&mut chunk)).await {
                        Ok(0) | Err(_) => return None,
                        Ok(count) => input.extend_from_slice(&chunk[..count]),
                    }
                }
                Step::Send(bytes) => stream.write_all(&bytes).await.unwrap(),
                Step::LoggedIn(done) => {
                    let mut client = Client {
                        stream,
                        session: done.session,
                        ack: done.ack,
                        identity,
                        inbox: VecDeque::new(),
                    };
                    client.open(&mut input);
                    return Some(client);
                }
            }
        }
    }
}

/// A connection of a person.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    pub(crate) session: Session,
    pub(crate) ack: LoginAck,
    pub(crate) identity: Identity,
    inbox: VecDeque<FromServer>,
}

impl Client {
    pub(crate) async fn send(&mut self, payload: &ToServer) {
        self.send_container(&payload.encode().unwrap()).await;
    }

    pub(crate) async fn send_container(&mut self, container: &[u8]) {
        let mut frame = Vec::new();
        self.session.seal_frame(container, &mut frame).unwrap();
        self.stream.write_all(&frame).await.unwrap();
    }

    pub(crate) async fn offer(&mut self, message: &Message) {
        self.send(&ToServer::Message(message.clone())).await;
    }

    /// Offers a message and waits until the server has it.
    pub(crate) async fn deposit(&mut self, message: &Message) {
        self.offer(message).await;
        assert_eq!(self.receive().await, ack_of(message));
    }

    /// Tells the server that a message arrived.
    pub(crate) async fn confirm(&mut self, message: &Message) {
        self.send(&ToServer::MessageAck {
            sender: message.sender,
            id: message.id,
        })
        .await;
    }

    pub(crate) async fn receive(&mut self) -> FromServer {
        self.try_receive().await.expect("the server says something")
    }

    /// `None` if the server has closed.
    pub(crate) async fn try_receive(&mut self) -> Option<FromServer> {
        loop {
            if let Some(payload) = self.inbox.pop_front() {
                return Some(payload);
            }
            let mut chunk = vec![0; 64 * 1024];
            match within(self.stream.read(&mut chunk)).await {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.open(&mut chunk[..count]),
            }
        }
    }

    pub(crate) async fn receive_message(&mut self) -> Message {
        match self.receive().await {
            FromServer::Message(message) => message,
            other => panic!("a message was expected, not {other:?}"),
        }
    }

    /// Everything up to the end of the queue.
    pub(crate) async fn receive_queue(&mut self) -> Vec<Message> {
        let mut messages = Vec::new();
        loop {
            match self.receive().await {
                FromServer::Message(message) => messages.push(message),
                FromServer::QueueSendComplete => return messages,
                other => panic!("unexpected: {other:?}"),
            }
        }
    }

    /// The server does its work in order: when it answers this, it has nothing else to say.
    pub(crate) async fn expect_silence(&mut self) {
        let token: [u8; 8] = random(&mut SystemRng);
        self.send(&ToServer::EchoRequest(token.to_vec())).await;
        assert_eq!(
            self.receive().await,
            FromServer::EchoResponse(token.to_vec())
        );
    }

    pub(crate) async fn expect_closed(&mut self) {
        assert_eq!(self.try_receive().await, None);
    }

    pub(crate) async fn expect_close_error(&mut self, reconnect: bool, start: &str) {
        match self.receive().await {
            FromServer::CloseError {
                can_reconnect,
                text,
            } => {
                assert_eq!(can_reconnect, reconnect, "{text}");
                assert!(text.starts_with(start), "{text}");
            }
            other => panic!("a close-error was expected, not {other:?}"),
        }
        self.expect_closed().await;
    }

    pub(crate) fn message(&self, receiver: &User, number: u64) -> Message {
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&number.to_le_bytes());
        Message {
            sender: self.identity,
            receiver: receiver.identity,
            id: MessageId(number.to_le_bytes()),
            created_at: 1_700_000_000,
            flags: Flags::PUSH,
            nickname: [0; 32],
            metadata: vec![1; 60],
            nonce: MessageNonce(nonce),
            body: vec![2; 80],
        }
    }

    fn open(&mut self, input: &mut [u8]) {
        let inbox = &mut self.inbox;
        let result = self.session.open_frames::<()>(input, |container| {
            inbox.push_back(FromServer::decode(container).unwrap());
            std::ops::ControlFlow::Continue(())
        });
        assert!(result.unwrap().is_continue());
    }
}

pub(crate) fn ack_of(message: &Message) -> FromServer {
    FromServer::MessageAck {
        receiver: message.receiver,
        id: message.id,
    }
}

/// Nothing in these tests takes long; what hangs shall fail.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("in time")
}

/// Waits until something that is under way has happened.
pub(crate) async fn until<F: Future<Output = bool>>(mut check: impl FnMut() -> F) {
    within(async {
        while !check().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

impl Client {
    /// The next container as it comes, for what the client's types cannot hold.
    pub(crate) async fn receive_raw(&mut self) -> Vec<u8> {
        assert_eq!(self.inbox.len(), 0);
        let mut containers = Vec::new();
        while containers.is_empty() {
            let mut chunk = vec![0; 4096];
            let count = within(self.stream.read(&mut chunk)).await.unwrap();
            assert!(count > 0, "the server closed");
            let opened = self
                .session
                .open_frames::<()>(&mut chunk[..count], |container| {
                    containers.push(container.to_vec());
                    std::ops::ControlFlow::Continue(())
                });
            assert!(opened.unwrap().is_continue());
        }
        assert_eq!(containers.len(), 1);
        containers.remove(0)
    }

    /// What has arrived already.
    pub(crate) fn try_receive_now(&mut self) -> Option<FromServer> {
        self.inbox.pop_front()
    }
}

impl Client {
    /// Offers a message to somebody who listens and acknowledges it.
    pub(crate) async fn deposit_live(&mut self, message: &Message, to: &mut Self) {
        self.offer(message).await;
        assert_eq!(to.receive_message().await, *message);
        to.confirm(message).await;
        assert_eq!(self.receive().await, ack_of(message));
    }
}

impl LoginAs {
    /// Like `try_connect`, for a server that may close before anything is said.
    pub(crate) async fn try_connect_lenient(self) -> Option<()> {
        let mut stream = TcpStream::connect(self.address).await.ok()?;
        let (_, hello) = Login::start(self.credentials, &mut SystemRng);
        stream.write_all(&hello).await.ok()?;
        let mut answer = [0; 80];
        within(stream.read_exact(&mut answer))
            .await
            .ok()
            .map(|_| ())
    }
}
