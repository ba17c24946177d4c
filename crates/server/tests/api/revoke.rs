//! `POST identity/revoke`

use dreiklang_wire::api::directory::challenge::Realm;
use serde_json::json;

use crate::server::{TestServer, base64, with_proof};

#[tokio::test]
async fn a_revoked_identity_is_gone_for_ever_and_its_key_too() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let answer = server
        .prove("/identity/revoke", &person.fields(), &person.secret)
        .await;
    assert_eq!(answer, json!({ "success": true }));
    assert_eq!(
        server
            .get(&format!("/identity/{}", person.identity))
            .await
            .status,
        404
    );
    let fields = json!({ "publicKey": base64(person.public().as_bytes()) });
    assert_eq!(
        server.post("/identity/create", &fields).await.json()["success"],
        false
    );
    let states = server
        .post(
            "/identity/check",
            &json!({ "identities": [person.identity] }),
        )
        .await;
    assert_eq!(states.json()["states"], json!([2]));
    // Not even its owner can do anything about it.
    let answer = server
        .post("/identity/revoke", &person.fields())
        .await
        .json();
    assert_eq!(answer["errorType"], "invalid-identity");
}

#[tokio::test]
async fn a_challenge_from_before_the_revocation_is_worthless() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let fields = json!({ "identity": person.identity, "featureMask": 9 });
    let challenge = server.challenge("/identity/set_featuremask", &fields).await;
    server
        .prove("/identity/revoke", &person.fields(), &person.secret)
        .await;
    let proof = challenge.answer(Realm::Directory, &person.secret).unwrap();
    let answer = server
        .post("/identity/set_featuremask", &with_proof(&fields, &proof))
        .await;
    assert_eq!(answer.json()["success"], false);
    let row = server
        .app()
        .store
        .identity(person.identity)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.feature_mask, 0);
}
