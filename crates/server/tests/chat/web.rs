//! The chat protocol in a WebSocket: the same bytes through the door of an app in the browser.

use std::net::SocketAddr;

use dreiklang_server::app::Clock;
use dreiklang_server::config::Config;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::world::{World, ack_of, within};

async fn world() -> (tempfile::TempDir, World) {
    world_with(|_| {}).await
}

async fn world_with(change: impl FnOnce(&mut Config)) -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    let world = World::with(Clock::system(), |config| {
        config.web.private_listen = vec!["127.0.0.1:0".parse().unwrap()];
        folder
            .path()
            .to_str()
            .unwrap()
            .clone_into(&mut config.web.folder);
        change(config);
    })
    .await;
    (folder, world)
}

async fn open(world: &World, origin: Option<&str>) -> Result<WebSocketStream<TcpStream>, Error> {
    let door = world.web();
    let mut request = format!("ws://{}/chat", door.bound)
        .into_client_request()
        .unwrap();
    if let Some(origin) = origin {
        let origin = HeaderValue::from_str(origin).unwrap();
        request.headers_mut().insert("origin", origin);
    }
    let stream = TcpStream::connect(door.bound).await.unwrap();
    within(client_async(request, stream))
        .await
        .map(|(socket, _)| socket)
}

async fn open_own(world: &World) -> WebSocketStream<TcpStream> {
    open(world, Some(&world.web().origin)).await.unwrap()
}

/// A TCP address whose bytes travel through the WebSocket in small pieces.
async fn bridge(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let socket = open_own(world).await;
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (mut from_client, mut to_client) = stream.into_split();
        let (mut to_server, mut from_server) = socket.split();
        let up = async {
            let mut piece = [0; 23];
            while let Ok(count @ 1..) = from_client.read(&mut piece).await {
                let bytes = piece[..count].to_vec();
                to_server.send(Message::Binary(bytes.into())).await.unwrap();
                to_server
                    .send(Message::Ping(Vec::new().into()))
                    .await
                    .unwrap();
            }
            let _ = to_server.close().await;
        };
        let down = async {
            while let Some(Ok(message)) = from_server.next().await {
                if let Message::Binary(bytes) = message {
                    to_client.write_all(&bytes).await.unwrap();
                }
            }
            let _ = to_client.shutdown().await;
        };
        tokio::join!(up, down);
    });
    address
}

#[tokio::test]
async fn a_browser_and_a_native_client_talk() {
    let (_folder, world) = world().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let through = bridge(&world).await;
    let mut browser = world.login(&alice).at(through).connect().await;
    browser
        .send(&dreiklang_wire::csp::payload::ToServer::Unblock)
        .await;
    assert_eq!(
        browser.receive().await,
        dreiklang_wire::csp::payload::FromServer::QueueSendComplete
    );
    let mut native = world.listen(&bob).await;
    for number in 1..=20 {
        let mut message = browser.message(&bob, number);
        message.body = vec![7; 3000];
        browser.offer(&message).await;
        assert_eq!(native.receive_message().await, message);
        native.confirm(&message).await;
        assert_eq!(browser.receive().await, ack_of(&message));
        let mut answer = native.message(&alice, 100 + number);
        answer.body = vec![8; 3000];
        native.offer(&answer).await;
        assert_eq!(browser.receive_message().await, answer);
        browser.confirm(&answer).await;
        assert_eq!(native.receive().await, ack_of(&answer));
    }
    browser.expect_silence().await;
}

#[tokio::test]
async fn what_waited_comes_through_in_one_piece() {
    let (_folder, world) = world().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut native = world.listen(&bob).await;
    let mut sent = Vec::new();
    // Less than what the server sends ahead of acknowledgements.
    for number in 1..=120 {
        let mut message = native.message(&alice, number);
        message.body = vec![9; 4000];
        native.deposit(&message).await;
        sent.push(message);
    }
    let through = bridge(&world).await;
    let mut browser = world.login(&alice).at(through).connect().await;
    browser
        .send(&dreiklang_wire::csp::payload::ToServer::Unblock)
        .await;
    assert_eq!(browser.receive_queue().await, sent);
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let (_folder, world) = world().await;
    let own = world.web().origin.clone();
    for origin in [
        None,
        Some("https://elsewhere.example"),
        Some("null"),
        Some(&format!("{own}.elsewhere.example")),
        Some(&own.replace("http://", "https://")),
    ] {
        match open(&world, origin).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), 403, "{origin:?}"),
            other => panic!("{origin:?}: {other:?}"),
        }
    }
    open_own(&world).await;
}

#[tokio::test]
async fn text_and_too_much_at_once_end_the_connection() {
    let (_folder, world) = world().await;
    for message in [
        Message::Text("hello".into()),
        Message::Binary(vec![0; 64 * 1024 + 1].into()),
    ] {
        let mut socket = open_own(&world).await;
        let _ = socket.send(message).await;
        let ended = within(async {
            while let Some(Ok(message)) = socket.next().await {
                assert!(message.is_close(), "{message:?}");
            }
        });
        ended.await;
    }
}

#[tokio::test]
async fn silence_and_pings_do_not_hold_a_place() {
    let (_folder, world) = world_with(|config| config.chat.hello_timeout_s = 1).await;
    let socket = open_own(&world).await;
    let (mut to_server, mut from_server) = socket.split();
    let mut has_ended = false;
    while !has_ended {
        let _ = to_server.send(Message::Ping(Vec::new().into())).await;
        let next = within(from_server.next()).await;
        has_ended = !matches!(next, Some(Ok(Message::Pong(_))));
    }
}

#[tokio::test]
async fn the_gate_of_the_chat_server_counts_both_ways() {
    let (_folder, world) = world_with(|config| {
        config.chat.loopback_exempt = false;
        config.chat.handshakes_per_ip_max = 2;
    })
    .await;
    let _one = TcpStream::connect(world.address()).await.unwrap();
    let _two = open_own(&world).await;
    // The listener may not have counted the first yet; then the third is the one too many.
    let mut refused = 0;
    let mut kept = Vec::new();
    for _ in 0..2 {
        match open(&world, Some(&world.web().origin)).await {
            Ok(socket) => kept.push(socket),
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), 503);
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(refused >= 1, "{} were let in", kept.len());
}
