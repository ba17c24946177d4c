//! `POST identity/update_work_info`: the seat, and what is told about the user.

use dreiklang_server::service::members::{self, Confirmed};
use dreiklang_server::service::sessions::known::Recall;
use dreiklang_store::IdentityKind;
use serde_json::json;

use super::office::{ACTOR, Office, Pass, tell};
use crate::server::{Person, TestServer};

fn error(answer: &serde_json::Value) -> &str {
    assert_eq!(answer["success"], false, "{answer}");
    answer["error"].as_str().unwrap()
}

#[tokio::test]
async fn a_private_identity_moves_in() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let (pass, anna) = (office.pass("anna").await, server.person().await);
    let more = json!({
        "publicNickname": " anna ", "firstName": "Anna", "lastName": "Adler", "csi": "17",
        "jobTitle": null, "department": "Dep", "category": "x".repeat(300),
    });
    let answer = tell(&server, &anna, &pass, &more).await;
    assert_eq!(answer["success"], true, "{answer}");
    let store = &server.app().store;
    let member = store.member(anna.identity).await.unwrap().unwrap();
    assert_eq!((member.org, member.credential), (office.org, pass.id));
    let profile = &member.profile;
    assert_eq!(profile.nickname, "anna");
    assert_eq!(
        (&*profile.first_name, &*profile.last_name),
        ("Anna", "Adler")
    );
    assert_eq!((&*profile.job_title, &*profile.department), ("", "Dep"));
    assert_eq!(profile.category.len(), 255);
    assert_eq!(member.version, "6.3.0k;A;de/CH;test;14;m");
    let row = store.identity(anna.identity).await.unwrap().unwrap();
    assert_eq!(row.kind, IdentityKind::Work);
    // The next day: the same seat, and what is not told any more is gone.
    let answer = tell(&server, &anna, &pass, &json!({ "firstName": "Anne" })).await;
    assert_eq!(answer["success"], true, "{answer}");
    let member = store.member(anna.identity).await.unwrap().unwrap();
    assert_eq!(&*member.profile.first_name, "Anne");
    assert_eq!(&*member.profile.last_name, "");
    assert_eq!(office.seats_used().await, 1);
}

#[tokio::test]
async fn each_refusal_says_whom_to_ask() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let rival = Office::open(&server, "Rival", 0).await;
    let (anna, used) = office.colleague("anna").await;
    let (ben, nothing) = (server.person().await, json!({}));
    let answer = tell(&server, &ben, &used, &nothing).await;
    assert!(error(&answer).contains("another ID"));
    let free = office.pass("ben").await;
    let answer = tell(&server, &ben, &free, &nothing).await;
    assert!(error(&answer).contains("seats"));
    let foreign = rival.pass("anna at rival").await;
    let answer = tell(&server, &anna, &foreign, &nothing).await;
    assert!(error(&answer).contains("another organisation"));
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..free.clone()
    };
    let answer = tell(&server, &ben, &wrong, &nothing).await;
    assert!(error(&answer).contains("wrong"));
    members::withdraw_credential(server.app(), ACTOR, office.org, free.id)
        .await
        .unwrap();
    let answer = tell(&server, &ben, &free, &nothing).await;
    assert!(error(&answer).contains("withdrawn"));
    let missing = json!({ "identity": ben.identity });
    let answer = server.post("/identity/update_work_info", &missing).await;
    assert_eq!(answer.json()["success"], false);
    // Nobody moved.
    let store = &server.app().store;
    assert!(store.member(ben.identity).await.unwrap().is_none());
    let member = store.member(anna.identity).await.unwrap().unwrap();
    assert_eq!(member.org, office.org);
}

#[tokio::test]
async fn who_was_released_stays_out_until_readmitted() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let app = server.app();
    let confirmed = Confirmed::by(anna.identity, anna.identity.as_str()).unwrap();
    members::detach(app, ACTOR, office.org, confirmed)
        .await
        .unwrap();
    let answer = tell(&server, &anna, &pass, &json!({})).await;
    assert!(error(&answer).contains("released"), "{answer}");
    assert_eq!(office.seats_used().await, 0);
    members::readmit(app, ACTOR, office.org, anna.identity)
        .await
        .unwrap();
    // It knocks at the chat server too early; that is not held against it.
    let known = &app.sessions.known;
    let facts = known.find(&app.store, anna.identity).await.unwrap();
    assert!(facts.is_some());
    assert!(matches!(known.recall(anna.identity), Recall::Facts(_)));
    let answer = tell(&server, &anna, &pass, &json!({})).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert!(matches!(known.recall(anna.identity), Recall::Nothing));
    // Another organisation may have it at once.
    let confirmed = Confirmed::by(anna.identity, anna.identity.as_str()).unwrap();
    members::detach(app, ACTOR, office.org, confirmed)
        .await
        .unwrap();
    let rival = Office::open(&server, "Rival", 0).await;
    let foreign = rival.pass("anna at rival").await;
    let answer = tell(&server, &anna, &foreign, &json!({})).await;
    assert_eq!(answer["success"], true, "{answer}");
}

#[tokio::test]
async fn only_the_holder_of_the_key_can_move_an_identity() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (pass, anna, mallory) = (
        office.pass("anna").await,
        server.person().await,
        server.person().await,
    );
    let thief = Person {
        identity: anna.identity,
        secret: mallory.secret,
    };
    let answer = tell(&server, &thief, &pass, &json!({})).await;
    assert_eq!(answer["errorType"], "invalid-token", "{answer}");
    assert_eq!(office.seats_used().await, 0);
}

#[tokio::test]
async fn the_last_seat_goes_to_one_of_the_two_who_move_in() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let pass = office.shared("everybody", 0).await;
    let people = [
        server.person().await,
        server.person().await,
        server.person().await,
    ];
    let nothing = json!({});
    let moves = people.iter().map(|it| tell(&server, it, &pass, &nothing));
    let answers = futures_util::future::join_all(moves).await;
    let moved = answers.iter().filter(|it| it["success"] == true).count();
    assert_eq!(moved, 1, "{answers:?}");
    assert_eq!(office.seats_used().await, 1);
}
