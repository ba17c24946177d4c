//! A server on free ports with its store in a temporary folder, and people who call it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use dreiklang_crypto::{PublicKey, SecretKey, SystemRng};
use dreiklang_server::app::{App, Clock, UnixMillis, keys};
use dreiklang_server::config::{Config, tls};
use dreiklang_server::run::web::Opened;
use dreiklang_server::run::{Running, start_with};
use dreiklang_store::{DiskLimits, Store, StoreConfig};
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::api::directory::{Challenge, Proof};
use dreiklang_wire::id::Identity;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

pub(crate) struct TestServer {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Clock,
    /// What every request shows in its head, if anything.
    shown: Mutex<Option<String>>,
    running: Running,
    shutdown: CancellationToken,
}

/// Somebody with an identity.
pub(crate) struct Person {
    pub(crate) secret: SecretKey,
    pub(crate) identity: Identity,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Bytes,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts on a clock that only moves when told.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        keys::create(&folder.path().join("keys/chat.key")).unwrap();
        let mut config = local_config(folder.path());
        change(&mut config);
        let clock = Clock::manual(START);
        let settings = config.check().unwrap();
        let store = open_store(&settings.database_url, &settings.blobs_url).await;
        let shutdown = CancellationToken::new();
        let running = start_with(settings, store, clock.clone(), shutdown.clone())
            .await
            .unwrap();
        Self {
            folder,
            clock,
            shown: Mutex::new(None),
            running,
            shutdown,
        }
    }

    /// From now on every request has this `Authorization`.
    pub(crate) fn show(&self, authorization: Option<String>) {
        *self.shown.lock().unwrap() = authorization;
    }

    fn request(&self, method: &str, path: &str) -> hyper::http::request::Builder {
        let request = request(method, path);
        match &*self.shown.lock().unwrap() {
            Some(shown) => request.header("authorization", shown),
            None => request,
        }
    }

    pub(crate) fn app(&self) -> &Arc<App> {
        &self.running.app
    }

    pub(crate) fn api(&self) -> SocketAddr {
        self.running.api[0]
    }

    pub(crate) fn web(&self) -> &[Opened] {
        &self.running.web
    }

    pub(crate) fn metrics(&self) -> SocketAddr {
        self.running.metrics.unwrap()
    }

    pub(crate) fn chat(&self) -> SocketAddr {
        self.running.chat[0]
    }

    /// Stops gracefully and gives the folder.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        self.shutdown.cancel();
        self.running.finished().await;
        self.folder
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.api()).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Full::default()).unwrap();
        exchange(self.connect().await, request).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_bytes(
            path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
    }

    /// Any method, with a JSON body.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = self
            .request(method, path)
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Full::new(Bytes::from(body.to_string()));
        exchange(self.connect().await, request.body(body).unwrap()).await
    }

    pub(crate) async fn post_bytes(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = self.request("POST", path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        exchange(
            self.connect().await,
            request.body(Full::new(body.into())).unwrap(),
        )
        .await
    }

    /// The first step of a call that needs a proof.
    pub(crate) async fn challenge(&self, path: &str, fields: &Value) -> Challenge {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.text()))
    }

    /// Both steps.
    pub(crate) async fn prove(&self, path: &str, fields: &Value, secret: &SecretKey) -> Value {
        let challenge = self.challenge(path, fields).await;
        let proof = challenge.answer(Realm::Directory, secret).unwrap();
        self.post(path, &with_proof(fields, &proof)).await.json()
    }

    pub(crate) async fn person(&self) -> Person {
        let secret = SecretKey::generate(&mut SystemRng);
        let fields = json!({ "publicKey": base64(secret.public().as_bytes()) });
        let answer = self.prove("/identity/create", &fields, &secret).await;
        let identity = answer["identity"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        Person {
            identity: identity.parse().unwrap(),
            secret,
        }
    }
}

impl Person {
    pub(crate) fn fields(&self) -> Value {
        json!({ "identity": self.identity })
    }

    pub(crate) fn public(&self) -> PublicKey {
        self.secret.public()
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().unwrap())
    }
}

pub(crate) fn with_proof(fields: &Value, proof: &Proof) -> Value {
    let mut fields = fields.clone();
    fields["token"] = json!(proof.token);
    fields["response"] = json!(proof.response);
    fields
}

pub(crate) fn base64(bytes: &[u8]) -> Value {
    json!(Base64(bytes.to_vec()))
}

pub(crate) fn request(method: &str, path: &str) -> hyper::http::request::Builder {
    hyper::Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
}

/// Sends one request over any stream.
pub(crate) async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: hyper::Request<Full<Bytes>>,
) -> Answer {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    }
}

/// Everything on loopback, with free ports and without TLS.
pub(crate) fn local_config(folder: &Path) -> Config {
    let mut config = Config::default();
    folder
        .to_str()
        .unwrap()
        .clone_into(&mut config.server.data_dir);
    config.chat.listen = vec!["127.0.0.1:0".parse().unwrap()];
    config.api.listen = vec!["127.0.0.1:0".parse().unwrap()];
    config.tls.mode = tls::Mode::Off;
    config
}

pub(crate) async fn open_store(database_url: &str, blobs_url: &str) -> Store {
    let mut config = StoreConfig::new(database_url, blobs_url);
    config.disk = DiskLimits {
        low_water_bytes: 0,
        low_water_percent: 0,
        ballast_bytes: 0,
    };
    Store::open(&config).await.unwrap()
}

/// 2026-01-02T03:04:05Z
pub(crate) const START: UnixMillis = UnixMillis(1_767_323_045_000);
