//! `POST identity/fetch_bulk`

use serde_json::json;

use crate::server::TestServer;

const PATH: &str = "/identity/fetch_bulk";

#[tokio::test]
async fn unknown_and_revoked_identities_are_left_out() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.person().await, server.person().await);
    server
        .prove("/identity/revoke", &bob.fields(), &bob.secret)
        .await;
    let asked = json!({ "identities": [bob.identity, "ZZZZZZZZ", "nonsense", 7, alice.identity] });
    let answer = server.post(PATH, &asked).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.text().contains('\\'));
    let body = answer.json();
    let found = body["identities"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["identity"], alice.identity.as_str());
    for key in ["publicKey", "featureLevel", "featureMask", "state", "type"] {
        assert!(found[0].get(key).is_some(), "{key} is missing");
    }
}

#[tokio::test]
async fn json_is_json_whatever_its_content_type() {
    let server = TestServer::start().await;
    let alice = server.person().await;
    let body = json!({ "identities": [alice.identity] }).to_string();
    for headers in [
        &[("content-type", "text/plain;charset=UTF-8")][..],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[],
    ] {
        let answer = server.post_bytes(PATH, headers, body.clone()).await;
        assert_eq!(
            answer.json()["identities"].as_array().unwrap().len(),
            1,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn a_thousand_are_enough() {
    let server = TestServer::start().await;
    let list = |count: usize| json!({ "identities": vec!["ZZZZZZZZ"; count] });
    assert_eq!(server.post(PATH, &list(1000)).await.status, 200);
    assert_eq!(server.post(PATH, &list(1001)).await.status, 413);
    assert_eq!(
        server.post(PATH, &list(0)).await.json(),
        json!({ "identities": [] })
    );
}

#[tokio::test]
async fn bulk_is_limited_and_a_single_lookup_never_is() {
    let server = TestServer::start_with(|config| config.limits.lookups_per_ip_hour_max = 10).await;
    let list = |count: usize| json!({ "identities": vec!["ZZZZZZZZ"; count] });
    assert_eq!(server.post(PATH, &list(10)).await.status, 200);
    let refused = server.post(PATH, &list(2)).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["success"], false);
    for _ in 0..50 {
        assert_eq!(server.post(PATH, &list(1)).await.status, 200);
        assert_eq!(server.get("/identity/ZZZZZZZZ").await.status, 404);
    }
    server.clock.advance(std::time::Duration::from_mins(30));
    assert_eq!(server.post(PATH, &list(5)).await.status, 200);
}
