//! `POST identity/create`, and the challenge that all two-step calls share.

use std::time::Duration;

use dreiklang_crypto::{SecretKey, SystemRng};
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
