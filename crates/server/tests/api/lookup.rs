//! `GET identity/{identity}`

use crate::server::{TestServer, base64};

#[tokio::test]
async fn an_identity_is_shown_with_every_key_some_client_needs() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let answer = server.get(&format!("/identity/{}", person.identity)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    // One client borrows its strings from the text: no escapes (protocol.md D13).
    assert!(!answer.text().contains('\\'), "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["identity"], person.identity.as_str());
    assert_eq!(body["publicKey"], base64(person.public().as_bytes()));
    assert_eq!((&body["state"], &body["type"]), (&0.into(), &0.into()));
    assert_eq!(body["featureLevel"], 3);
    assert!(body["featureMask"].is_u64());
}

#[tokio::test]
async fn what_does_not_exist_is_404() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let lower = person.identity.as_str().to_ascii_lowercase();
    for path in [
        "ZZZZZZZZ",
        "*ZZZZZZZ",
        "short",
        "TOOLONGID",
        "%00%00",
        lower.as_str(),
        "..%2fx",
    ] {
        let answer = server.get(&format!("/identity/{path}")).await;
        // Eight digits are their own lower case.
        if path != person.identity.as_str() {
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.json()["success"], false);
        }
    }
    server
        .prove("/identity/revoke", &person.fields(), &person.secret)
        .await;
    assert_eq!(
        server
            .get(&format!("/identity/{}", person.identity))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_identity_without_logins_becomes_inactive() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let path = format!("/identity/{}", person.identity);
    server
        .clock
        .advance(std::time::Duration::from_hours(91 * 24));
    assert_eq!(server.get(&path).await.json()["state"], 1);
}
