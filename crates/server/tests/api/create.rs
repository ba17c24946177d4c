//! `POST identity/create`, and the challenge that all two-step calls share.

use std::time::Duration;

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::app::keys;
use dreiklang_wire::api::directory::Challenge;
use dreiklang_wire::api::directory::challenge::Realm;
use serde_json::json;

use crate::server::{TestServer, base64, with_proof};

const PATH: &str = "/identity/create";

fn fields_of(secret: &SecretKey) -> serde_json::Value {
    json!({ "publicKey": base64(secret.public().as_bytes()), "deviceId": "abc", "licenseKey": "x" })
}

#[tokio::test]
async fn a_key_gets_an_identity() {
    let server = TestServer::start().await;
    let secret = SecretKey::generate(&mut SystemRng);
    let answer = server.prove(PATH, &fields_of(&secret), &secret).await;
    assert_eq!(answer["success"], true, "{answer}");
    // libthreema reads a hexadecimal byte, Desktop any word (protocol.md D13).
    assert_eq!(answer["serverGroup"], "01");
    let identity = answer["identity"].as_str().unwrap();
    assert!(
        identity.len() == 8 && !identity.starts_with('*'),
        "{identity}"
    );
    let found = server.get(&format!("/identity/{identity}")).await.json();
    assert_eq!(found["publicKey"], base64(secret.public().as_bytes()));
    assert_eq!(found["featureMask"], 0);
}

#[tokio::test]
async fn a_challenge_counts_once() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let path = "/identity/set_featuremask";
    let fields = json!({ "identity": person.identity, "featureMask": 5 });
    let challenge = server.challenge(path, &fields).await;
    let proof = challenge.answer(Realm::Directory, &person.secret).unwrap();
    let second = with_proof(&fields, &proof);
    assert_eq!(server.post(path, &second).await.json()["success"], true);
    let again = server.post(path, &second).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["success"], false);
    assert_eq!(again.json()["errorType"], "invalid-token");
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

#[tokio::test]
async fn a_challenge_lasts_five_minutes() {
    let server = TestServer::start().await;
    let secret = SecretKey::generate(&mut SystemRng);
    let fields = fields_of(&secret);
    let answer_after = async |challenge: &Challenge, seconds| {
        server.clock.advance(Duration::from_secs(seconds));
        let proof = challenge.answer(Realm::Directory, &secret).unwrap();
        server.post(PATH, &with_proof(&fields, &proof)).await.json()
    };
    let challenge = server.challenge(PATH, &fields).await;
    assert_eq!(answer_after(&challenge, 300).await["success"], false);
    let challenge = server.challenge(PATH, &fields).await;
    assert_eq!(answer_after(&challenge, 299).await["success"], true);
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
async fn one_key_gets_one_identity_even_in_a_race() {
    let server = TestServer::start().await;
    let secret = SecretKey::generate(&mut SystemRng);
    let fields = fields_of(&secret);
    let mut proofs = Vec::new();
    for _ in 0..8 {
        let challenge = server.challenge(PATH, &fields).await;
        proofs.push(with_proof(
            &fields,
            &challenge.answer(Realm::Directory, &secret).unwrap(),
        ));
    }
    let answers = proofs.iter().map(|body| server.post(PATH, body));
    let answers = futures_util::future::join_all(answers).await;
    let first = answers[0].json();
    assert_eq!(first["success"], true, "{first}");
    for answer in &answers {
        assert_eq!(answer.json(), first);
    }
}

#[tokio::test]
async fn who_asks_again_gets_the_same_identity_until_it_is_revoked() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let fields = fields_of(&person.secret);
    let again = server.prove(PATH, &fields, &person.secret).await;
    assert_eq!(again["identity"], json!(person.identity), "{again}");
    server
        .prove("/identity/revoke", &person.fields(), &person.secret)
        .await;
    let answer = server.post(PATH, &fields).await.json();
    assert_eq!(answer["success"], false, "{answer}");
}

#[tokio::test]
async fn creations_are_limited_per_address() {
    let server = TestServer::start_with(|config| config.limits.creates_per_ip_hour_max = 2).await;
    server.person().await;
    server.person().await;
    let secret = SecretKey::generate(&mut SystemRng);
    let fields = fields_of(&secret);
    let challenge = server.challenge(PATH, &fields).await;
    let proof = challenge.answer(Realm::Directory, &secret).unwrap();
    let answer = server.post(PATH, &with_proof(&fields, &proof)).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("10"));
    server.clock.advance(Duration::from_hours(1));
    server.person().await;
}
