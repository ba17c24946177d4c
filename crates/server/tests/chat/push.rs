//! Waking apps in browsers, against a push service on loopback that checks what it is told.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use dreiklang_crypto::ecdsa;
use dreiklang_server::app::Clock;
use dreiklang_server::service::push::{self, Refused};
use dreiklang_wire::csp::payload::{Flags, ToServer};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::world::{User, World, within};

/// A call as the service got it.
struct Call {
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value)
    }
}

struct Service {
    address: SocketAddr,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl Service {
    /// Answers calls to `/gone…` with 410 and all others with 201.
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, calls) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let call = take(stream).await;
                sender.send(call).unwrap();
            }
        });
        Self { address, calls }
    }

    fn endpoint(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    async fn next(&mut self) -> Call {
        within(self.calls.recv()).await.unwrap()
    }
}

async fn take(mut stream: TcpStream) -> Call {
    let (read, mut write) = stream.split();
    let mut read = BufReader::new(read);
    let mut first = String::new();
    read.read_line(&mut first).await.unwrap();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        read.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let path = first.strip_prefix("POST /").unwrap();
    let path = path.split(' ').next().unwrap().to_owned();
    let status = if path.starts_with("gone") {
        "410 Gone"
    } else {
        "201 Created"
    };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    write.write_all(answer.as_bytes()).await.unwrap();
    let mut body = Vec::new();
    read.read_to_end(&mut body).await.unwrap();
    Call {
        path,
        headers,
        body,
    }
}

async fn world(service: &Service) -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    let world = World::with(Clock::system(), |config| {
        config.web.private_listen = vec!["127.0.0.1:0".parse().unwrap()];
        folder
            .path()
            .to_str()
            .unwrap()
            .clone_into(&mut config.web.folder);
        config.web.push_hosts = vec![format!("http://{}", service.address)];
        "mailto:admin@example.org".clone_into(&mut config.web.push_contact);
    })
    .await;
    (folder, world)
}

async fn watched(world: &World, name: &str, endpoint: &str) -> User {
    let user = world.user(name).await;
    push::set(world.app(), user.identity, endpoint)
        .await
        .unwrap();
    user
}

fn json(part: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_call_says_who_calls_and_nothing_else() {
    let mut service = Service::open().await;
    let (_folder, world) = world(&service).await;
    let alice = world.user("ALICE001").await;
    let bob = watched(&world, "BOB00001", &service.endpoint("wake/b?x=1")).await;
    let mut sender = world.listen(&alice).await;
    sender.deposit(&sender.message(&bob, 1)).await;
    let call = service.next().await;
    assert_eq!(call.path, "wake/b?x=1");
    assert!(call.body.is_empty());
    assert_eq!(call.header("content-length"), "0");
    assert_eq!(call.header("ttl"), "1209600");
    assert_eq!(call.header("urgency"), "high");
    assert_eq!(call.header("topic"), "messages");
    assert!(
        call.headers
            .iter()
            .all(|(name, _)| !name.starts_with("content-") || name == "content-length")
    );

    let (token, key) = call
        .header("authorization")
        .strip_prefix("vapid t=")
        .and_then(|it| it.split_once(", k="))
        .unwrap();
    assert_eq!(key, world.app().pushes.caller().unwrap().public_key());
    let key: [u8; 65] = BASE64_URL_SAFE_NO_PAD
        .decode(key)
        .unwrap()
        .try_into()
        .unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    let signature: [u8; 64] = signature.try_into().unwrap();
    ecdsa::verify(&key, signed.as_bytes(), &signature).unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    assert_eq!(
        json(header),
        serde_json::json!({"typ": "JWT", "alg": "ES256"})
    );
    let claims = json(claims);
    assert_eq!(claims["aud"], format!("http://{}", service.address));
    assert_eq!(claims["sub"], "mailto:admin@example.org");
    let left = claims["exp"].as_i64().unwrap() - world.clock().now().seconds();
    assert!((60..=24 * 3600).contains(&left), "{left}");
}

#[tokio::test]
async fn many_messages_wake_once_until_the_next_login() {
    let mut service = Service::open().await;
    let (_folder, world) = world(&service).await;
    let alice = world.user("ALICE001").await;
    let bob = watched(&world, "BOB00001", &service.endpoint("bob")).await;
    let carol = watched(&world, "CAROL001", &service.endpoint("carol")).await;
    let mut sender = world.listen(&alice).await;
    for number in 1..=5 {
        sender.deposit(&sender.message(&bob, number)).await;
    }
    assert_eq!(service.next().await.path, "bob");
    for number in 6..=9 {
        sender.deposit(&sender.message(&bob, number)).await;
    }
    // Whatever would follow for Bob is due before this.
    sender.deposit(&sender.message(&carol, 10)).await;
    assert_eq!(service.next().await.path, "carol");

    let mut client = world.connect(&bob).await;
    client.send(&ToServer::Unblock).await;
    for message in client.receive_queue().await {
        client.confirm(&message).await;
    }
    client.expect_silence().await;
    drop(client);
    sender.deposit(&sender.message(&bob, 11)).await;
    assert_eq!(service.next().await.path, "bob");
}

#[tokio::test]
async fn who_is_connected_or_does_not_care_is_not_woken() {
    let mut service = Service::open().await;
    let (_folder, world) = world(&service).await;
    let alice = world.user("ALICE001").await;
    let bob = watched(&world, "BOB00001", &service.endpoint("bob")).await;
    let carol = watched(&world, "CAROL001", &service.endpoint("carol")).await;
    let dave = watched(&world, "DAVE0001", &service.endpoint("dave")).await;
    let mut sender = world.listen(&alice).await;
    let mut connected = world.listen(&bob).await;
    let message = sender.message(&bob, 1);
    sender.deposit_live(&message, &mut connected).await;
    // Not every message is worth it.
    let mut quiet = sender.message(&carol, 2);
    quiet.flags = Flags(0);
    sender.deposit(&quiet).await;
    sender.deposit(&sender.message(&dave, 3)).await;
    assert_eq!(service.next().await.path, "dave");

    // What was sent to a connection that ends without a word waits, and Bob is woken for it.
    let message = sender.message(&bob, 4);
    sender.offer(&message).await;
    assert_eq!(connected.receive_message().await, message);
    drop(connected);
    assert_eq!(service.next().await.path, "bob");
}

#[tokio::test]
async fn an_address_that_is_gone_is_forgotten() {
    let mut service = Service::open().await;
    let (_folder, world) = world(&service).await;
    let alice = world.user("ALICE001").await;
    let bob = watched(&world, "BOB00001", &service.endpoint("gone/bob")).await;
    let mut sender = world.listen(&alice).await;
    sender.deposit(&sender.message(&bob, 1)).await;
    assert_eq!(service.next().await.path, "gone/bob");
    crate::world::until(async || {
        world
            .store()
            .push_endpoint(bob.identity)
            .await
            .unwrap()
            .is_none()
    })
    .await;
}

#[tokio::test]
async fn who_waited_through_a_restart_is_woken() {
    let mut service = Service::open().await;
    let (_folder, mut world) = world(&service).await;
    let alice = world.user("ALICE001").await;
    let bob = world.user("BOB00001").await;
    let mut sender = world.listen(&alice).await;
    sender.deposit(&sender.message(&bob, 1)).await;
    drop(sender);
    push::set(world.app(), bob.identity, &service.endpoint("bob"))
        .await
        .unwrap();
    let key = world.app().pushes.caller().unwrap().public_key();
    world.restart().await;
    assert_eq!(service.next().await.path, "bob");
    assert_eq!(world.app().pushes.caller().unwrap().public_key(), key);
}

#[tokio::test]
async fn only_services_of_the_list_are_taken() {
    let service = Service::open().await;
    let (_folder, world) = world(&service).await;
    let bob = world.user("BOB00001").await;
    for bad in ["https://push.example/x", "http://127.0.0.1:1/x", "nonsense"] {
        let refused = push::set(world.app(), bob.identity, bad).await;
        assert!(matches!(refused, Err(Refused::Host)), "{bad}");
    }
    assert_eq!(
        world.store().push_endpoint(bob.identity).await.unwrap(),
        None
    );

    let without = World::new().await;
    let bob = without.user("BOB00001").await;
    let refused = push::set(without.app(), bob.identity, &service.endpoint("x")).await;
    assert!(matches!(refused, Err(Refused::Off)));
}
