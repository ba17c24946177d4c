//! `POST identity/check`

use serde_json::json;

use crate::server::TestServer;

#[tokio::test]
async fn lists_are_aligned_with_the_request() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let fields = json!({ "identity": bob.identity, "featureMask": 0x7ff });
    server
        .prove("/identity/set_featuremask", &fields, &bob.secret)
        .await;
    let asked = json!({
        "identities": [alice.identity, "ZZZZZZZZ", "nonsense", bob.identity, alice.identity]
    });
    let answer = server.post("/identity/check", &asked).await.json();
    let expected = json!({
        "checkInterval": 86_400,
        "states": [0, 2, 2, 0, 0],
        "types": [0, 0, 0, 0, 0],
        "featureMasks": [0, null, null, 0x7ff, 0],
    });
    assert_eq!(answer, expected);
}
