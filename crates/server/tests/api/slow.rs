//! Peers that are slow on purpose (reliability.md 2.3, G-S4).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::server::TestServer;

const PATIENCE: Duration = Duration::from_secs(10);

async fn quick() -> TestServer {
    TestServer::start_with(|config| {
        config.api.header_timeout_s = 1;
        config.api.body_timeout_s = 1;
        config.api.keep_alive_s = 2;
        config.api.connections_per_ip_max = 1_000;
    })
    .await
}

/// Everything the server still says until it closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // A reset is a close as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut text))
        .await
        .expect("the server must close");
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn half_open_connections_are_closed_and_keep_nobody_out() {
    let server = quick().await;
    let mut streams = Vec::new();
    for index in 0..300 {
        let mut stream = server.connect().await;
        if index % 3 > 0 {
            stream
                .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
                .await
                .unwrap();
        }
        streams.push(stream);
    }
    let start = Instant::now();
    for _ in 0..20 {
        assert_eq!(server.get("/health/live").await.status, 200);
    }
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    for stream in streams {
        rest(stream).await;
    }
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut_off() {
    let server = quick().await;
    let (mut reading, mut writing) = server.connect().await.into_split();
    let start = Instant::now();
    let trickle = tokio::spawn(async move {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        while writing.write_all(b"a").await.is_ok() {
            pause.tick().await;
        }
    });
    let mut text = Vec::new();
    let _ = timeout(PATIENCE, reading.read_to_end(&mut text))
        .await
        .expect("closed");
    assert!(start.elapsed() < Duration::from_secs(5));
    trickle.await.unwrap();
}

#[tokio::test]
async fn a_body_that_stops_is_refused() {
    let server = quick().await;
    let mut stream = server.connect().await;
    let head = b"POST /identity/check HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    stream.write_all(head).await.unwrap();
    let text = rest(stream).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
}

#[tokio::test]
async fn a_connection_can_be_used_again_and_idles_out() {
    let server = quick().await;
    let mut stream = server.connect().await;
    for _ in 0..3 {
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut text = [0; 12];
        stream.read_exact(&mut text).await.unwrap();
        assert_eq!(&text, b"HTTP/1.1 200");
        let mut byte = [0];
        while byte != *b"}" {
            stream.read_exact(&mut byte).await.unwrap();
        }
    }
    let start = Instant::now();
    assert_eq!(rest(stream).await, "");
    assert!(
        start.elapsed() > Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_huge_head_is_refused() {
    let server = quick().await;
    let mut stream = server.connect().await;
    let head = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "x".repeat(100_000)
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let text = rest(stream).await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    assert_eq!(server.get("/health/live").await.status, 200);
}

#[tokio::test]
async fn one_address_gets_only_so_many_connections() {
    let server = TestServer::start_with(|config| config.api.connections_per_ip_max = 5).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        let mut stream = server.connect().await;
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut byte = [0];
        stream.read_exact(&mut byte).await.unwrap();
        held.push(stream);
    }
    assert_eq!(rest(server.connect().await).await, "");
    held.pop();
    // The server notices the end of a connection when it gets to it.
    let mut again = Err(());
    for _ in 0..100 {
        let mut stream = server.connect().await;
        let _ = stream
            .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            .await;
        let mut byte = [0];
        if let Ok(1) = stream.read(&mut byte).await {
            again = Ok(());
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(again, Ok(()));
}

#[tokio::test]
async fn a_shutdown_ends_idle_connections_at_once() {
    let server = TestServer::start().await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut byte = [0];
    stream.read_exact(&mut byte).await.unwrap();
    let start = Instant::now();
    server.stop().await;
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    rest(stream).await;
}
