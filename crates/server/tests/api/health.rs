//! `health/live`, `health/ready` and the metrics.

use http_body_util::Full;
use tokio::net::TcpStream;

use crate::server::{TestServer, exchange, request};

#[tokio::test]
async fn a_server_is_live_and_ready_until_its_store_is_gone() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/health/live").await.status, 200);
    assert_eq!(server.get("/health/ready").await.status, 200);
    server.app().store.close().await;
    // A good answer stands for a second.
    server.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(server.get("/health/ready").await.status, 503);
    assert_eq!(server.get("/health/live").await.status, 200);
}

#[tokio::test]
async fn metrics_are_on_a_listener_of_their_own_and_name_nobody() {
    let server =
        TestServer::start_with(|config| config.metrics.listen = "127.0.0.1:0".to_owned()).await;
    let person = server.person().await;
    server.get(&format!("/identity/{}", person.identity)).await;
    assert_eq!(server.get("/metrics").await.status, 404);
    let stream = TcpStream::connect(server.metrics()).await.unwrap();
    let answer = exchange(
        stream,
        request("GET", "/metrics").body(Full::default()).unwrap(),
    )
    .await;
    assert_eq!(answer.status, 200);
    let text = answer.text();
    assert!(
        text.contains("http_requests_total{route=\"/identity/{identity}\""),
        "{text}"
    );
    assert!(!text.contains(person.identity.as_str()), "{text}");
}
