//! `POST identity/ws/revoke`

use std::time::Duration;

use serde_json::{Value, json};

use crate::server::{Person, TestServer, base64};

async fn with_key(server: &TestServer) -> Person {
    let person = server.person().await;
    let fields = json!({ "identity": person.identity, "revocationKey": base64(&[9, 8, 7, 6]) });
    server
        .prove("/identity/set_revocation_key", &fields, &person.secret)
        .await;
    person
}

async fn try_key(server: &TestServer, identity: &str, key: &[u8]) -> (u16, Value) {
    let fields = json!({ "identity": identity, "revocationKey": base64(key) });
    let answer = server.post("/identity/ws/revoke", &fields).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn the_right_key_revokes_and_every_failure_looks_the_same() {
    let server = TestServer::start().await;
    let (person, keyless) = (with_key(&server).await, server.person().await);
    let wrong = try_key(&server, person.identity.as_str(), &[0, 0, 0, 0]).await;
    assert_eq!((wrong.0, &wrong.1["success"]), (200, &json!(false)));
    assert_eq!(try_key(&server, "ZZZZZZZZ", &[9, 8, 7, 6]).await, wrong);
    assert_eq!(
        try_key(&server, keyless.identity.as_str(), &[0, 0, 0, 0]).await,
        wrong
    );
    assert_eq!(try_key(&server, "nonsense", &[9, 8, 7, 6]).await, wrong);
    let right = try_key(&server, person.identity.as_str(), &[9, 8, 7, 6]).await;
    assert_eq!(right, (200, json!({ "success": true })));
    assert_eq!(
        server
            .get(&format!("/identity/{}", person.identity))
            .await
            .status,
        404
    );
    assert_eq!(
        try_key(&server, person.identity.as_str(), &[9, 8, 7, 6]).await,
        wrong
    );
}

#[tokio::test]
async fn five_tries_a_day_and_no_more() {
    let server = TestServer::start().await;
    let person = with_key(&server).await;
    let identity = person.identity.as_str();
    for _ in 0..5 {
        assert_eq!(try_key(&server, identity, &[0, 0, 0, 0]).await.0, 200);
    }
    // Even the right key is not looked at any more, and unknown identities have the same limit.
    let (status, body) = try_key(&server, identity, &[9, 8, 7, 6]).await;
    assert_eq!((status, &body["success"]), (429, &json!(false)));
    for _ in 0..5 {
        assert_eq!(try_key(&server, "ZZZZZZZZ", &[0, 0, 0, 0]).await.0, 200);
    }
    assert_eq!(try_key(&server, "ZZZZZZZZ", &[0, 0, 0, 0]).await.0, 429);
    server.clock.advance(Duration::from_hours(24));
    assert_eq!(
        try_key(&server, identity, &[9, 8, 7, 6]).await.1,
        json!({ "success": true })
    );
}
