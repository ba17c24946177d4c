//! `POST api-client/v1/user-properties`: whether a user is at work, and the challenge of the work
//! directory.

use std::time::Duration;

use dreiklang_wire::api::directory::Challenge;
use dreiklang_wire::api::work::{Availability, WorkCategory, WorkChallenge};
use serde_json::{Value, json};

use super::office::{Office, Pass, prove_at_work};
use crate::server::{Person, TestServer, base64};

const PATH: &str = "/api-client/v1/user-properties";

fn busy(text: &str) -> Availability {
    Availability {
        category: WorkCategory::Busy,
        description: text.to_owned(),
    }
}

fn fields(person: &Person, pass: &Pass, properties: &[u8]) -> Value {
    pass.with(&json!({ "identity": person.identity, "properties": base64(properties) }))
}

fn with_answer(fields: &Value, challenge: &WorkChallenge, person: &Person) -> Value {
    let proof = challenge.answer(&person.secret).unwrap();
    let mut second = fields.clone();
    second["challenge"] = json!(proof.challenge);
    second["response"] = json!(proof.response);
    second
}

async fn challenge(server: &TestServer, fields: &Value) -> WorkChallenge {
    let answer = server.post(PATH, fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn colleagues_see_who_is_busy() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (_, of_ben) = office.colleague("ben").await;
    let status = busy("in a meeting");
    let properties = status.to_properties().unwrap();
    let set = async |properties: &[u8]| {
        let fields = fields(&anna, &pass, properties);
        let answer = prove_at_work(&server, "POST", PATH, &fields, &anna.secret).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        assert!(answer.body.is_empty());
    };
    let seen = async || {
        let news = server.post("/fetch2", &of_ben.body()).await.json();
        news["contacts"][0].get("availability").cloned()
    };
    assert_eq!(seen().await, None);
    set(&properties).await;
    assert_eq!(seen().await, Some(base64(&status.encode().unwrap())));
    set(&[]).await;
    assert_eq!(seen().await, None, "reset");
}

#[tokio::test]
async fn every_failure_has_its_code() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (ben, of_ben) = office.colleague("ben").await;
    let outsider = server.person().await;
    let properties = busy("").to_properties().unwrap();
    let good = fields(&anna, &pass, &properties);
    let code = async |body: &Value| {
        let answer = server.post(PATH, body).await;
        assert_eq!(answer.status, 401, "{}", answer.text());
        answer.json()["code"].as_str().unwrap().to_owned()
    };
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..pass.clone()
    };
    assert_eq!(
        code(&fields(&anna, &wrong, &properties)).await,
        "invalid-credentials"
    );
    assert_eq!(
        code(&fields(&outsider, &pass, &properties)).await,
        "invalid-credentials"
    );
    let late = with_answer(&good, &challenge(&server, &good).await, &anna);
    server.clock.advance(Duration::from_mins(5));
    assert_eq!(code(&late).await, "challenge-expired");
    let first = challenge(&server, &good).await;
    let stolen = with_answer(&good, &first, &ben);
    assert_eq!(code(&stolen).await, "invalid-challenge-response");
    // Bound to what is set, and by whom.
    let other = fields(&anna, &pass, &[]);
    let moved = with_answer(&other, &first, &anna);
    assert_eq!(code(&moved).await, "invalid-challenge-response");
    let theirs = fields(&ben, &of_ben, &properties);
    let moved = with_answer(&theirs, &first, &anna);
    assert_eq!(code(&moved).await, "invalid-challenge-response");
    // An answer in the other realm is none.
    let directory = Challenge {
        token: first.challenge.clone(),
        response_key: first.challenge_public_key,
    };
    let proof = directory
        .answer(
            dreiklang_wire::api::directory::challenge::Realm::Directory,
            &anna.secret,
        )
        .unwrap();
    let mut body = good.clone();
    body["challenge"] = json!(proof.token);
    body["response"] = json!(proof.response);
    assert_eq!(code(&body).await, "invalid-challenge-response");
    // After all that the right answer counts, and once.
    let right = with_answer(&good, &first, &anna);
    assert_eq!(server.post(PATH, &right).await.status, 204);
    assert_eq!(code(&right).await, "invalid-challenge-response");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    for bytes in [&[0xff][..], &[0x0a, 0x05, 1], &[0x0a, 0x02, 0x08, 0x09]] {
        let answer = server.post(PATH, &fields(&anna, &pass, bytes)).await;
        assert_eq!(answer.status, 400, "{bytes:?}");
    }
    let mut half = fields(&anna, &pass, &[]);
    half["challenge"] = json!("AAAA");
    assert_eq!(server.post(PATH, &half).await.status, 400);
    let nobody = pass.with(&json!({ "properties": "" }));
    assert_eq!(server.post(PATH, &nobody).await.status, 400);
}
