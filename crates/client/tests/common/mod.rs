//! A model of an instance on this machine: a directory over plain HTTP and a chat server, both in
//! memory, made of the server roles of `wire`.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use dreiklang_client::{App, Client, Instance, Options, Profile, Protection};
use dreiklang_crypto::{PublicKey, SecretKey, SeededRng, SystemRng};
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::api::directory::{
    AccountType, Challenge, CreateReply, CreateRequest, IdentityRecord, Outcome,
    SetFeatureMaskRequest, State as IdentityState, Success, TwoPhase, from_json, path,
};
use dreiklang_wire::api::{Base64, instance};
use dreiklang_wire::csp::LoginAck;
use dreiklang_wire::csp::payload::{FromServer, Message, ToServer};
use dreiklang_wire::csp::server::{Handshake, ServerKeys, Session, Step, VerifiedLogin};
use dreiklang_wire::id::{BlobId, Identity};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// The model, shared by its doors.
#[derive(Clone)]
pub(crate) struct World {
    state: Arc<Mutex<Shared>>,
    keys: Arc<ServerKeys>,
    challenge_key: Arc<SecretKey>,
    pub(crate) instance: Instance,
    /// How many echo requests came.
    pub(crate) echoes: watch::Sender<u32>,
}

#[derive(Default)]
struct Shared {
    identities: BTreeMap<Identity, PublicKey>,
    queues: BTreeMap<Identity, VecDeque<Message>>,
    online: BTreeMap<Identity, mpsc::UnboundedSender<Order>>,
    logins: Vec<String>,
    swallow_messages: bool,
    /// What was uploaded and is not done with, and whether it persists.
    blobs: BTreeMap<BlobId, (Vec<u8>, bool)>,
    next_blob: u8,
}

/// What a test makes a connection do.
enum Order {
    Send(FromServer),
    /// Close TCP without a word.
    Drop,
    /// Go on reading, answer nothing.
    Freeze,
}

impl World {
    pub(crate) async fn start() -> Self {
        let directory = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let chat = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server_key = SecretKey::generate(&mut SeededRng::new(1));
        let base = format!("http://{}/", directory.local_addr().unwrap());
        let instance = Instance {
            name: "Model".to_owned(),
            chat: instance::Chat {
                host: "127.0.0.1".to_owned(),
                ports: vec![chat.local_addr().unwrap().port()],
                public_key: server_key.public(),
                alternative_public_key: None,
            },
            directory_url: base.clone(),
            blob: instance::Blob {
                upload_url: format!("{base}upload"),
                download_url: format!("{base}{{blobId}}"),
                done_url: format!("{base}{{blobId}}/done"),
            },
            kind: instance::Kind::default(),
            work_url: None,
            safe_url: None,
            ca_certificate: None,
        };
        let world = Self {
            state: Arc::default(),
            keys: Arc::new(ServerKeys {
                current: server_key,
                alternative: None,
            }),
            challenge_key: Arc::new(SecretKey::generate(&mut SeededRng::new(2))),
            instance,
            echoes: watch::Sender::new(0),
        };
        tokio::spawn(world.clone().serve_directory(directory));
        tokio::spawn(world.clone().serve_chat(chat));
        world
    }

    /// A client with a fresh profile, not connected yet.
    pub(crate) async fn client(&self, folder: &Path, name: &str) -> Client {
        let profile = Profile::locate(Some(folder), App::Private, name).unwrap();
        if !profile.exists() {
            profile.create(&self.instance, &Protection::Open).unwrap();
        }
        Client::open(&profile, None, Options::default())
            .await
            .unwrap()
    }

    /// Closes the connection of an identity without a word.
    pub(crate) fn drop_connection(&self, identity: Identity) {
        self.order(identity, Order::Drop);
    }

    /// Says something to whoever is logged in as this identity.
    pub(crate) fn say(&self, identity: Identity, payload: FromServer) {
        self.order(identity, Order::Send(payload));
    }

    /// The server side of this connection hangs.
    pub(crate) fn freeze(&self, identity: Identity) {
        self.order(identity, Order::Freeze);
    }

    /// Until the next login messages vanish: no queue, no acknowledgement.
    pub(crate) fn swallow_messages(&self) {
        self.lock().swallow_messages = true;
    }

    /// The client-info of every login so far.
    pub(crate) fn logins(&self) -> Vec<String> {
        self.lock().logins.clone()
    }

    /// How many blobs the server holds.
    pub(crate) fn blobs(&self) -> usize {
        self.lock().blobs.len()
    }

    /// What waits for this identity.
    pub(crate) fn queued(&self, identity: Identity) -> usize {
        self.lock().queues.get(&identity).map_or(0, VecDeque::len)
    }

    fn order(&self, identity: Identity, order: Order) {
        let sender = self
            .lock()
            .online
            .get(&identity)
            .cloned()
            .expect("is online");
        sender.send(order).ok();
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.state.lock().unwrap()
    }

    // ----- directory -----

    async fn serve_directory(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let world = self.clone();
            let service = service_fn(move |request| {
                let world = world.clone();
                async move { world.answer(request).await }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service),
            );
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let path = request.uri().path().trim_start_matches('/').to_owned();
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        if let Some(answer) = self.blob(&path, &query, &body) {
            let body = Full::new(Bytes::from(answer));
            return Ok(Response::new(body));
        }
        let json = match path.as_str() {
            path::CREATE => self.create(&body),
            path::SET_FEATURE_MASK => self.set_feature_mask(&body),
            _ => match path
                .strip_prefix(path::IDENTITY)
                .and_then(|id| id.parse().ok())
            {
                Some(identity) => self.record(identity),
                None => None,
            },
        };
        let status = if json.is_some() { 200 } else { 404 };
        let body = Full::new(Bytes::from(json.unwrap_or_default()));
        Ok(Response::builder().status(status).body(body).unwrap())
    }

    /// A blob server that forgets what somebody is done with, unless it persists.
    fn blob(&self, path: &str, query: &str, body: &[u8]) -> Option<Vec<u8>> {
        let mut state = self.lock();
        if path == "upload" {
            let find = |wanted: &[u8]| body.windows(wanted.len()).position(|part| part == wanted);
            let boundary = &body[..find(b"\r\n")?];
            let start = find(b"\r\n\r\n")? + 4;
            let end = body.len() - boundary.len() - b"\r\n--\r\n".len();
            state.next_blob += 1;
            let id = BlobId([state.next_blob; 16]);
            let persists = query == "persist=1";
            let content = body[start..end].to_vec();
            state.blobs.insert(id, (content, persists));
            return Some(id.to_string().into_bytes());
        }
        let (id, is_done) = match path.strip_suffix("/done") {
            Some(id) => (id.parse().ok()?, true),
            None => (path.parse().ok()?, false),
        };
        if is_done {
            state
                .blobs
                .retain(|held, (_, persists)| *held != id || *persists);
            return Some(Vec::new());
        }
        state.blobs.get(&id).map(|(content, _)| content.clone())
    }

    fn challenge(&self) -> Option<String> {
        let challenge = Challenge {
            token: Base64(vec![1; 32]),
            response_key: self.challenge_key.public(),
        };
        serde_json::to_string(&challenge).ok()
    }

    fn create(&self, body: &[u8]) -> Option<String> {
        let posted: TwoPhase<CreateRequest> = from_json(body).unwrap();
        let Some(proof) = posted.proof().unwrap() else {
            return self.challenge();
        };
        let public_key = posted.request.public_key;
        proof
            .verify(Realm::Directory, &self.challenge_key, &public_key)
            .unwrap();
        let mut state = self.lock();
        let identity: Identity = format!("MODEL{:03}", state.identities.len())
            .parse()
            .unwrap();
        state.identities.insert(identity, public_key);
        let reply = CreateReply {
            identity,
            server_group: "01".to_owned(),
        };
        serde_json::to_string(&Outcome::Success(reply)).ok()
    }

    fn set_feature_mask(&self, body: &[u8]) -> Option<String> {
        let posted: TwoPhase<SetFeatureMaskRequest> = from_json(body).unwrap();
        if posted.proof().unwrap().is_none() {
            return self.challenge();
        }
        serde_json::to_string(&Outcome::Success(Success {})).ok()
    }

    fn record(&self, identity: Identity) -> Option<String> {
        let record = IdentityRecord {
            identity,
            public_key: *self.lock().identities.get(&identity)?,
            feature_level: 3,
            feature_mask: 0,
            state: IdentityState::Active,
            account_type: AccountType::Regular,
        };
        serde_json::to_string(&record).ok()
    }

    // ----- chat -----

    async fn serve_chat(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let world = self.clone();
            // A client that goes away ends its connection; that is all there is to say.
            tokio::spawn(async move { world.serve_connection(stream).await.ok() });
        }
    }

    async fn serve_connection(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let (login, mut early) = self.handshake(&mut stream).await?;
        let identity = login.claims.identity;
        {
            let mut state = self.lock();
            state.logins.push(login.claims.client_info.0.clone());
            state.swallow_messages = false;
        }
        let queued = self.queued(identity);
        let ack = LoginAck {
            server_time_ms: 1_000,
            queued_messages: u32::try_from(queued).unwrap(),
        };
        let (bytes, mut session) = login.accept(ack);
        stream.write_all(&bytes).await?;
        let (orders, mut inbox) = mpsc::unbounded_channel();
        self.lock().online.insert(identity, orders);
        let mut is_frozen = false;
        let mut buffer = vec![0; 65_536];
        loop {
            let mut answers = Vec::new();
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(Order::Send(payload)) => answers.push(payload),
                    Some(Order::Freeze) => is_frozen = true,
                    Some(Order::Drop) | None => return Ok(()),
                },
                read = stream.read(&mut buffer), if early.is_empty() => match read? {
                    0 => return Ok(()),
                    length => answers = self.handle(identity, &mut session, &mut buffer[..length]),
                },
                () = std::future::ready(()), if !early.is_empty() => {
                    let mut bytes = std::mem::take(&mut early);
                    answers = self.handle(identity, &mut session, &mut bytes);
                }
            }
            if !is_frozen {
                let mut out = Vec::new();
                for payload in answers {
                    session
                        .seal_frame(&payload.encode().unwrap(), &mut out)
                        .unwrap();
                }
                stream.write_all(&out).await?;
            }
        }
    }

    async fn handshake(&self, stream: &mut TcpStream) -> std::io::Result<(VerifiedLogin, Vec<u8>)> {
        let refused = || std::io::Error::other("login refused");
        let mut handshake = Handshake::generate(&mut SystemRng, Arc::clone(&self.keys));
        let mut buffer = vec![0; 4_096];
        loop {
            let length = stream.read(&mut buffer).await?;
            if length == 0 {
                return Err(refused());
            }
            let mut input = &buffer[..length];
            while !input.is_empty() {
                let (taken, step) = handshake.handle(input).map_err(|_| refused())?;
                input = &input[taken..];
                match step {
                    Step::NeedMore => {}
                    Step::Send(bytes) => stream.write_all(&bytes).await?,
                    Step::Login(request) => {
                        let key = self
                            .lock()
                            .identities
                            .get(&request.claims.identity)
                            .copied();
                        let key = key.ok_or_else(refused)?;
                        let login = request.verify(&key, None).map_err(|_| refused())?;
                        return Ok((login, input.to_vec()));
                    }
                }
            }
        }
    }

    fn handle(&self, own: Identity, session: &mut Session, bytes: &mut [u8]) -> Vec<FromServer> {
        let mut answers = Vec::new();
        let flow = session.open_frames(bytes, |container| {
            self.on_payload(own, ToServer::decode(container).unwrap(), &mut answers);
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(
            flow,
            Ok(ControlFlow::Continue(())),
            "the client keeps to the protocol"
        );
        answers
    }

    fn on_payload(&self, own: Identity, payload: ToServer, answers: &mut Vec<FromServer>) {
        let mut state = self.lock();
        match payload {
            ToServer::EchoRequest(bytes) => {
                self.echoes.send_modify(|count| *count += 1);
                answers.push(FromServer::EchoResponse(bytes));
            }
            ToServer::Unblock => {
                let waiting = state.queues.get(&own).into_iter().flatten().cloned();
                answers.extend(waiting.map(FromServer::Message));
                answers.push(FromServer::QueueSendComplete);
            }
            ToServer::Message(_) if state.swallow_messages => {}
            ToServer::Message(message) => {
                assert_eq!(message.sender, own);
                answers.push(FromServer::MessageAck {
                    receiver: message.receiver,
                    id: message.id,
                });
                let receiver = message.receiver;
                if let Some(online) = state.online.get(&receiver) {
                    online
                        .send(Order::Send(FromServer::Message(message.clone())))
                        .ok();
                }
                // Messages without server acknowledgement (typing) are never queued.
                if message.flags.0 & 0x04 == 0 {
                    state.queues.entry(receiver).or_default().push_back(message);
                }
            }
            ToServer::MessageAck { sender, id } => {
                let queue = state.queues.entry(own).or_default();
                queue.retain(|message| message.sender != sender || message.id != id);
            }
            _ => {}
        }
    }
}
