//! `check_license`, and the check that every other call with a licence goes through.

use std::time::Duration;

use dreiklang_server::service::members::{self, Confirmed};
use serde_json::{Value, json};

use super::office::{ACTOR, Office, Pass, tell};
use crate::server::TestServer;

const PATH: &str = "/check_license";

async fn check(server: &TestServer, pass: &Pass, more: &Value) -> Value {
    let answer = server.post(PATH, &pass.license(more)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn one_license_is_good_on_every_platform() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let pass = office.pass("anna").await;
    for (version, arch) in [
        ("6.3.0k A", "arm64-v8a"),
        ("6.3.0k I", "arm64"),
        ("2.0k Q", "x86_64"),
        ("", ""),
    ] {
        let more = json!({ "deviceId": "d", "version": version, "arch": arch });
        assert_eq!(
            check(&server, &pass, &more).await["success"],
            true,
            "{version}"
        );
    }
    // Asking takes no seat.
    assert_eq!(office.seats_used().await, 0);
}

#[tokio::test]
async fn usernames_have_no_case_and_passwords_do() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let pass = office.pass("Anna@Example.org").await;
    let other = |username: &str, password: &str| Pass {
        username: username.to_owned(),
        password: password.to_owned(),
        ..pass.clone()
    };
    let good = other("  ANNA@example.ORG ", &pass.password);
    assert_eq!(check(&server, &good, &json!({})).await["success"], true);
    let mut errors = Vec::new();
    for bad in [
        other(&pass.username, &pass.password.to_uppercase()),
        other(&pass.username, ""),
        other("nobody", &pass.password),
        other("", ""),
        other(&"x".repeat(10_000), &pass.password),
    ] {
        let answer = check(&server, &bad, &json!({})).await;
        assert_eq!(answer["success"], false, "{answer}");
        errors.push(answer["error"].clone());
    }
    // Nothing tells whether there is such a username.
    assert!(errors.iter().all(|it| it == &errors[0]), "{errors:?}");
    let half = server
        .post(PATH, &json!({ "licenseUsername": pass.username }))
        .await;
    assert_eq!(half.json()["success"], false);
    let shop = server
        .post(PATH, &json!({ "licenseKey": "AAAAA-BBBBB" }))
        .await;
    assert_eq!(shop.json()["success"], false);
    let odd = json!({ "licenseUsername": 7, "licensePassword": ["x"] });
    assert_eq!(server.post(PATH, &odd).await.json()["success"], false);
}

#[tokio::test]
async fn what_an_administrator_ends_is_over_at_once() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let now = server.clock.now().0;
    let pass = office.pass("anna").await;
    let short = office
        .pass_with("temp", |new| new.expires_at = Some(now + 60_000))
        .await;
    let is_good = async |pass: &Pass| check(&server, pass, &json!({})).await["success"] == true;
    assert!(is_good(&pass).await && is_good(&short).await);
    let app = server.app();
    members::withdraw_credential(app, ACTOR, office.org, pass.id)
        .await
        .unwrap();
    let answer = check(&server, &pass, &json!({})).await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"].as_str().unwrap().contains("withdrawn"),
        "{answer}"
    );
    members::restore_credential(app, ACTOR, office.org, pass.id)
        .await
        .unwrap();
    assert!(is_good(&pass).await);
    server.clock.advance(Duration::from_mins(1));
    assert!(is_good(&pass).await && !is_good(&short).await);
    office
        .change(move |org| org.valid_until = Some(now + 120_000))
        .await;
    assert!(is_good(&pass).await);
    server.clock.advance(Duration::from_mins(1));
    let answer = check(&server, &pass, &json!({})).await;
    assert!(
        answer["error"].as_str().unwrap().contains("expired"),
        "{answer}"
    );
    // Another organisation cannot touch it.
    let rival = Office::open(&server, "Rival", 0).await;
    let foreign = members::withdraw_credential(app, ACTOR, rival.org, pass.id).await;
    assert_eq!(foreign, Err(dreiklang_server::error::Error::NotFound));
}

#[tokio::test]
async fn a_withdrawn_member_takes_its_own_license_along() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let app = server.app();
    let status = async || server.post("/fetch2", &pass.body()).await.status;
    assert_eq!(status().await, 200);
    let confirmed = Confirmed::by(anna.identity, anna.identity.as_str()).unwrap();
    members::withdraw(app, ACTOR, office.org, confirmed)
        .await
        .unwrap();
    // Apps lock themselves on this answer, not on a 401 of the daily update (features.md 1.3).
    let answer = check(&server, &pass, &json!({})).await;
    assert!(
        answer["error"].as_str().unwrap().contains("withdrawn"),
        "{answer}"
    );
    assert_eq!(status().await, 401);
    // Another licence of the same organisation is no way back in.
    let shared = office.shared("everybody", 0).await;
    let answer = tell(&server, &anna, &shared, &json!({})).await;
    assert!(
        answer["error"].as_str().unwrap().contains("withdrawn"),
        "{answer}"
    );
    members::restore_access(app, ACTOR, office.org, anna.identity)
        .await
        .unwrap();
    assert_eq!(status().await, 200);
    let answer = tell(&server, &anna, &shared, &json!({})).await;
    assert_eq!(answer["success"], true, "{answer}");
}

#[tokio::test]
async fn a_changed_password_is_not_remembered() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    assert_eq!(check(&server, &pass, &json!({})).await["success"], true);
    let store = &server.app().store;
    let mut row = store
        .credential(office.org, pass.id)
        .await
        .unwrap()
        .unwrap();
    row.password = server
        .app()
        .password_checks
        .record("another".to_owned())
        .await
        .unwrap();
    store
        .write(move |tx| Box::pin(async move { tx.update_credential(&row).await }))
        .await
        .unwrap();
    assert_eq!(check(&server, &pass, &json!({})).await["success"], false);
}

#[tokio::test]
async fn guessing_ends_and_locks_nobody_out() {
    let server =
        TestServer::start_with(|config| config.work.license_tries_per_username_hour_max = 5).await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, ben) = (office.pass("anna").await, office.pass("ben").await);
    assert_eq!(check(&server, &anna, &json!({})).await["success"], true);
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..anna.clone()
    };
    for _ in 0..5 {
        assert_eq!(check(&server, &wrong, &json!({})).await["success"], false);
    }
    let answer = server.post(PATH, &wrong.license(&json!({}))).await;
    assert_eq!(answer.status, 429);
    // Whoever was right lately stays in, and so does everybody else.
    assert_eq!(check(&server, &anna, &json!({})).await["success"], true);
    assert_eq!(check(&server, &ben, &json!({})).await["success"], true);
    // The memory ends; the bucket fills again with time.
    server.clock.advance(Duration::from_hours(1));
    assert_eq!(check(&server, &anna, &json!({})).await["success"], true);
}
