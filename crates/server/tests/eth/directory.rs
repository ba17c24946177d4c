//! Attacks 2 and 5: on the directory.

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::app::keys;
use dreiklang_wire::api::directory::challenge::Realm;
use serde_json::json;

use crate::attacks::{answer_used_for_something_else, server_key_as_identity};
use crate::server::{TestServer, base64, with_proof};

#[tokio::test]
async fn eth2_the_servers_key_becomes_nobodys_identity() {
    assert!(!server_key_as_identity().await);
}

#[tokio::test]
async fn eth5_an_answer_is_good_for_what_was_asked_only() {
    assert!(!answer_used_for_something_else().await);
}

#[tokio::test]
async fn eth2_keys_that_nobody_may_have_are_refused() {
    let server = TestServer::start_with(|config| {
        let file = std::path::Path::new(&config.server.data_dir).join("keys/other.key");
        keys::create(&file).unwrap();
        config.chat.alternative_key = "file:keys/other.key".to_owned();
    })
    .await;
    let person = server.person().await;
    let challenge = server.challenge("/identity/revoke", &person.fields()).await;
    let own = &server.app().keys;
    for (what, key) in [
        ("the server's", own.current.public()),
        (
            "the server's alternative",
            own.alternative.as_ref().unwrap().public(),
        ),
        ("the challenge's", challenge.response_key),
    ] {
        let fields = json!({ "publicKey": base64(key.as_bytes()) });
        let answer = server.post(PATH, &fields).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["success"], false, "{what} key");
        assert!(answer.json().get("token").is_none(), "{what} key");
    }
    // Somebody's key is worth nothing without the proof of possession.
    let fields = json!({ "publicKey": base64(person.public().as_bytes()) });
    let challenge = server.challenge(PATH, &fields).await;
    let thief = SecretKey::generate(&mut SystemRng);
    let proof = challenge.answer(Realm::Directory, &thief).unwrap();
    let answer = server.post(PATH, &with_proof(&fields, &proof)).await.json();
    assert_eq!(answer["success"], false, "{answer}");
    let mut high_bit = *SecretKey::generate(&mut SystemRng).public().as_bytes();
    high_bit[31] |= 0x80;
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    let mut one = [0; 32];
    one[0] = 1;
    for key in [
        &[0; 32][..],
        &one,
        &minus_one,
        &[0xff; 32],
        &high_bit,
        &[7; 31],
        &[],
    ] {
        let answer = server
            .post(PATH, &json!({ "publicKey": base64(key) }))
            .await
            .json();
        assert_eq!(answer["success"], false, "{key:?}");
    }
}

#[tokio::test]
async fn eth5_a_challenge_is_bound_to_endpoint_body_and_identity() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let path = "/identity/set_featuremask";
    let fields = json!({ "identity": alice.identity, "featureMask": 1 });
    let challenge = server.challenge(path, &fields).await;
    let proof = challenge.answer(Realm::Directory, &alice.secret).unwrap();
    let is_refused = async |path: &str, fields: serde_json::Value| {
        let answer = server.post(path, &with_proof(&fields, &proof)).await;
        answer.status == 200 && answer.json()["success"] == false
    };
    assert!(
        is_refused(
            path,
            json!({ "identity": alice.identity, "featureMask": 2 })
        )
        .await
    );
    assert!(is_refused(path, json!({ "identity": bob.identity, "featureMask": 1 })).await);
    assert!(is_refused("/identity/revoke", json!({ "identity": alice.identity })).await);
    assert!(is_refused("/identity/revoke", fields.clone()).await);
    let stranger = challenge.answer(Realm::Directory, &bob.secret).unwrap();
    let answer = server
        .post(path, &with_proof(&fields, &stranger))
        .await
        .json();
    assert_eq!(answer["success"], false);
    // The other realm's key is another key: no proof is good for both.
    let other_realm = challenge.answer(Realm::Work, &alice.secret).unwrap();
    let answer = server
        .post(path, &with_proof(&fields, &other_realm))
        .await
        .json();
    assert_eq!(answer["success"], false);
    // None of these used it up.
    let answer = server.post(path, &with_proof(&fields, &proof)).await.json();
    assert_eq!(answer["success"], true, "{answer}");
}

const PATH: &str = "/identity/create";
