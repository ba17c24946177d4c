//! `POST identity/create` with a licence.

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_store::IdentityKind;
use futures_util::future::join_all;
use serde_json::json;

use super::office::{Office, Pass, create};
use crate::server::{TestServer, base64};

fn secret() -> SecretKey {
    SecretKey::generate(&mut SystemRng)
}

#[tokio::test]
async fn a_license_makes_a_work_identity_with_a_seat() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 2).await;
    let (anna, pass) = office.colleague("anna").await;
    assert_eq!(office.seats_used().await, 1);
    let store = &server.app().store;
    let row = store.identity(anna.identity).await.unwrap().unwrap();
    assert_eq!(row.kind, IdentityKind::Work);
    let member = store.member(anna.identity).await.unwrap().unwrap();
    assert_eq!((member.org, member.credential), (office.org, pass.id));
    let found = server.get(&format!("/identity/{}", anna.identity)).await;
    assert_eq!(found.json()["type"], 1);
}

#[tokio::test]
async fn the_same_key_gets_the_same_identity_and_no_second_seat() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let (anna, pass) = office.colleague("anna").await;
    let again = create(&server, &anna.secret, &pass).await;
    assert_eq!(again["identity"], json!(anna.identity), "{again}");
    assert_eq!(office.seats_used().await, 1);
}

#[tokio::test]
async fn a_bad_license_makes_nothing() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (_anna, used) = office.colleague("anna").await;
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..office.pass("ben").await
    };
    let counts = || async { server.app().store.identity_counts().await.unwrap().active };
    let before = counts().await;
    for (pass, words) in [(&wrong, "wrong"), (&used, "already used by another ID")] {
        let answer = create(&server, &secret(), pass).await;
        assert_eq!(answer["success"], false);
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(counts().await, before);
    // Without a licence people make private identities here.
    assert_eq!(server.person().await.fields().as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn a_full_office_says_so_and_issues_nothing() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    office.colleague("anna").await;
    let pass = office.pass("ben").await;
    let key = secret();
    let answer = create(&server, &key, &pass).await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"].as_str().unwrap().contains("seats"),
        "{answer}"
    );
    let store = &server.app().store;
    assert!(store.identity_by_key(key.public()).await.unwrap().is_none());
    office.change(|org| org.seats_max = 2).await;
    let answer = create(&server, &key, &pass).await;
    assert_eq!(answer["success"], true, "{answer}");
}

#[tokio::test]
async fn the_last_seat_goes_to_one_of_two() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 3).await;
    let pass = office.shared("everybody", 0).await;
    let keys: Vec<_> = (0..8).map(|_| secret()).collect();
    let answers = join_all(keys.iter().map(|key| create(&server, key, &pass))).await;
    let made = answers.iter().filter(|it| it["success"] == true).count();
    assert_eq!(made, 3, "{answers:?}");
    assert_eq!(office.seats_used().await, 3);
    let counts = server.app().store.identity_counts().await.unwrap();
    assert_eq!(counts.active, 3, "who got no seat got no identity");
}

#[tokio::test]
async fn a_single_license_goes_to_one_of_two() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    let keys = [secret(), secret(), secret()];
    let answers = join_all(keys.iter().map(|key| create(&server, key, &pass))).await;
    assert_eq!(answers.iter().filter(|it| it["success"] == true).count(), 1);
    assert_eq!(office.seats_used().await, 1);
}

#[tokio::test]
async fn a_shared_license_has_its_own_limit() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.shared("everybody", 2).await;
    for is_let_in in [true, true, false] {
        let answer = create(&server, &secret(), &pass).await;
        assert_eq!(answer["success"], is_let_in, "{answer}");
    }
}

#[tokio::test]
async fn the_proof_is_bound_to_the_license() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, ben) = (office.pass("anna").await, office.pass("ben").await);
    let key = secret();
    let fields =
        |pass: &Pass| pass.license(&json!({ "publicKey": base64(key.public().as_bytes()) }));
    let challenge = server.challenge("/identity/create", &fields(&anna)).await;
    let proof = challenge
        .answer(
            dreiklang_wire::api::directory::challenge::Realm::Directory,
            &key,
        )
        .unwrap();
    let swapped = crate::server::with_proof(&fields(&ben), &proof);
    let answer = server.post("/identity/create", &swapped).await.json();
    assert_eq!(answer["errorType"], "invalid-token", "{answer}");
}
