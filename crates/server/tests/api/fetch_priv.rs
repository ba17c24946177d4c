//! `POST identity/fetch_priv`

use serde_json::json;

use crate::server::TestServer;

#[tokio::test]
async fn the_owner_learns_the_server_group() {
    let server = TestServer::start().await;
    let person = server.person().await;
    for variant in ["consumer", "work"] {
        let fields = json!({ "identity": person.identity, "appVariant": variant });
        let answer = server
            .prove("/identity/fetch_priv", &fields, &person.secret)
            .await;
        let expected = json!({ "success": true, "identity": person.identity, "serverGroup": "01" });
        assert_eq!(answer, expected);
    }
}

#[tokio::test]
async fn nobody_else_learns_anything() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let answer = server
        .prove("/identity/fetch_priv", &alice.fields(), &bob.secret)
        .await;
    assert_eq!(
        (&answer["success"], &answer["errorType"]),
        (&false.into(), &"invalid-token".into())
    );
    let unknown = server
        .post("/identity/fetch_priv", &json!({ "identity": "ZZZZZZZZ" }))
        .await;
    assert_eq!(unknown.status, 200);
    assert_eq!(unknown.json()["errorType"], "invalid-identity");
}
