//! `POST identity/set_revocation_key` and `POST identity/check_revocation_key`

use serde_json::json;

use crate::server::{TestServer, base64};

#[tokio::test]
async fn the_owner_sees_since_when_a_key_is_set() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let check = async || {
        server
            .prove(
                "/identity/check_revocation_key",
                &person.fields(),
                &person.secret,
            )
            .await
    };
    // Clients send no `revocationKey` here, whatever the published schema says (D27).
    assert_eq!(
        check().await,
        json!({ "success": true, "revocationKeySet": false })
    );
    let fields = json!({ "identity": person.identity, "revocationKey": base64(&[1, 2, 3, 4]) });
    let answer = server
        .prove("/identity/set_revocation_key", &fields, &person.secret)
        .await;
    assert_eq!(answer, json!({ "success": true }));
    // A numeric offset, no `Z` (D15).
    let expected = json!({
        "success": true, "revocationKeySet": true, "lastChanged": "2026-01-02T03:04:05+0000",
    });
    assert_eq!(check().await, expected);
}

#[tokio::test]
async fn a_key_has_four_bytes() {
    let server = TestServer::start().await;
    let person = server.person().await;
    for key in [&[][..], &[1, 2, 3], &[1, 2, 3, 4, 5]] {
        let fields = json!({ "identity": person.identity, "revocationKey": base64(key) });
        let answer = server
            .post("/identity/set_revocation_key", &fields)
            .await
            .json();
        assert_eq!(answer["success"], false, "{key:?}");
    }
}
