//! `api-client/v1/remote-secret`: deposited, fetched, locked, deleted.

use dreiklang_server::service::backups;
use dreiklang_server::service::members::{self, Confirmed};
use serde_json::{Value, json};

use super::office::{ACTOR, Office, Pass, prove_at_work};
use crate::server::{Answer, Person, TestServer, base64};

const PATH: &str = "/api-client/v1/remote-secret";
const SECRET: [u8; 32] = [7; 32];

async fn deposit(server: &TestServer, person: &Person, pass: &Pass, secret: &[u8]) -> Answer {
    let fields = pass.with(&json!({ "identity": person.identity, "secret": base64(secret) }));
    prove_at_work(server, "PUT", PATH, &fields, &person.secret).await
}

/// Deposits the secret and gives the token.
async fn token(server: &TestServer, person: &Person, pass: &Pass) -> Value {
    let answer = deposit(server, person, pass, &SECRET).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["secretAuthenticationToken"].clone()
}

async fn fetch(server: &TestServer, token: &Value) -> Answer {
    let body = json!({ "secretAuthenticationToken": token });
    server.post(PATH, &body).await
}

fn sure(person: &Person) -> Confirmed {
    Confirmed::by(person.identity, person.identity.as_str()).unwrap()
}

#[tokio::test]
async fn a_secret_comes_back_for_its_token() {
    let server = TestServer::start_with(|config| {
        config.work.remote_secret_interval_s = 90;
        config.work.remote_secret_missed_max = 5;
    })
    .await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (ben, of_ben) = office.colleague("ben").await;
    let old = token(&server, &anna, &pass).await;
    let answer = fetch(&server, &old).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.json(),
        json!({ "secret": base64(&SECRET), "checkIntervalS": 90, "nMissedChecksMax": 5 })
    );
    // A new one takes the place of the old one.
    let new = token(&server, &anna, &pass).await;
    assert_ne!(old, new);
    assert_eq!(fetch(&server, &old).await.status, 404);
    assert_eq!(fetch(&server, &new).await.status, 200);
    // Nobody deletes another's.
    let fields = |person: &Person, pass: &Pass| {
        pass.with(&json!({
            "identity": person.identity, "secretAuthenticationToken": new,
        }))
    };
    let foreign = fields(&ben, &of_ben);
    let answer = prove_at_work(&server, "DELETE", PATH, &foreign, &ben.secret).await;
    assert_eq!(answer.status, 404);
    assert_eq!(fetch(&server, &new).await.status, 200);
    let own = fields(&anna, &pass);
    let answer = prove_at_work(&server, "DELETE", PATH, &own, &anna.secret).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(fetch(&server, &new).await.status, 404);
}

#[tokio::test]
async fn bad_calls_are_refused() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (ben, of_ben) = office.colleague("ben").await;
    assert_eq!(fetch(&server, &base64(&[1; 32])).await.status, 404);
    for odd in [json!(null), json!(7), base64(&[1; 31]), json!("?")] {
        assert_eq!(fetch(&server, &odd).await.status, 400, "{odd}");
    }
    assert_eq!(deposit(&server, &anna, &pass, &[7; 31]).await.status, 400);
    let thief = Person {
        identity: anna.identity,
        secret: ben.secret,
    };
    let answer = deposit(&server, &thief, &pass, &SECRET).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "invalid-challenge-response");
    let outsider = server.person().await;
    let answer = deposit(&server, &outsider, &of_ben, &SECRET).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "invalid-credentials");
    // The challenge for a deposit is none for a deletion.
    let fields = pass.with(&json!({
        "identity": anna.identity, "secret": base64(&SECRET),
        "secretAuthenticationToken": base64(&SECRET),
    }));
    let first = server.call("PUT", PATH, &[], &fields).await;
    let challenge: dreiklang_wire::api::work::WorkChallenge =
        serde_json::from_slice(&first.body).unwrap();
    let proof = challenge.answer(&anna.secret).unwrap();
    let mut second = fields.clone();
    second["challenge"] = json!(proof.challenge);
    second["response"] = json!(proof.response);
    let answer = server.call("DELETE", PATH, &[], &second).await;
    assert_eq!(answer.json()["code"], "invalid-challenge-response");
}

#[tokio::test]
async fn administrators_lock_and_unlock() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (app, org) = (server.app(), office.org);
    let token = token(&server, &anna, &pass).await;
    let status = async || fetch(&server, &token).await.status;
    members::withdraw(app, ACTOR, org, sure(&anna))
        .await
        .unwrap();
    assert_eq!(status().await, 403);
    members::restore_access(app, ACTOR, org, anna.identity)
        .await
        .unwrap();
    assert_eq!(status().await, 200);
    members::withdraw_credential(app, ACTOR, org, pass.id)
        .await
        .unwrap();
    assert_eq!(status().await, 403);
    members::restore_credential(app, ACTOR, org, pass.id)
        .await
        .unwrap();
    assert_eq!(status().await, 200);
    let end = server.clock.now().0 + 1000;
    office.change(move |it| it.valid_until = Some(end)).await;
    assert_eq!(status().await, 200);
    server.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(status().await, 403);
    office.change(|it| it.valid_until = None).await;
    members::detach(app, ACTOR, org, sure(&anna)).await.unwrap();
    // The secret went with the seat.
    assert_eq!(status().await, 404);
}

#[tokio::test]
async fn secrets_lie_sealed_under_a_private_key_file() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let file = server.folder.path().join("keys/remote-secret.key");
    assert!(!file.exists(), "made at the first use only");
    let token = token(&server, &anna, &pass).await;
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let row = server
        .app()
        .store
        .remote_secret_of(anna.identity)
        .await
        .unwrap()
        .unwrap();
    assert!(!row.sealed.windows(8).any(|it| it == &SECRET[..8]));
    assert_eq!(fetch(&server, &token).await.status, 200);
}

#[tokio::test]
async fn the_key_of_the_secrets_goes_with_a_backup() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let folder = tempfile::tempdir().unwrap();
    let backup = async |name: &str| {
        let target = folder.path().join(name);
        backups::write(server.app(), ACTOR, &target).await.unwrap();
        let data_dir = folder.path().join(format!("{name}-restored"));
        let restored = backups::restore(&target, &data_dir, None).await.unwrap().0;
        std::fs::read(restored.file(&restored.work.remote_secret_key)).ok()
    };
    assert_eq!(backup("early").await, None);
    token(&server, &anna, &pass).await;
    let key = std::fs::read(server.folder.path().join("keys/remote-secret.key")).unwrap();
    assert_eq!(backup("late").await, Some(key));
}
