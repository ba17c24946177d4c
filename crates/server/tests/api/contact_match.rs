//! `POST identity/match_token` and `POST identity/match`.

use std::time::Duration;

use dreiklang_wire::api::directory::hash;
use serde_json::{Value, json};

use crate::linking::{link_email, link_phone, match_token, server, with_outboxes};
use crate::server::{TestServer, base64};

const DAY: Duration = Duration::from_hours(24);

async fn ask(server: &TestServer, fields: &Value) -> Value {
    let answer = server.post("/identity/match", fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn an_identity_is_found_by_both_addresses_once_with_its_key() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    link_email(&server, &alice, "alice@example.org").await;
    link_phone(&server, &alice, "+41791234567").await;
    let (email, phone) = (hash::email("alice@example.org"), hash::phone("41791234567"));
    let fields = json!({
        "matchToken": match_token(&server, &bob).await,
        "emailHashes": [base64(&[7; 32]), base64(&email)],
        "mobileNoHashes": [base64(&phone), base64(&[8; 32])],
    });
    let answer = ask(&server, &fields).await;
    assert_eq!(answer["checkInterval"], 86_400);
    let expected = json!([{
        "identity": alice.identity, "publicKey": base64(alice.public().as_bytes()),
        "emailHash": base64(&email), "mobileNoHash": base64(&phone),
    }]);
    assert_eq!(answer["identities"], expected);
}

#[tokio::test]
async fn hashes_come_back_as_they_were_sent() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    link_email(&server, &alice, "alice@example.org").await;
    let text = base64(&hash::email("alice@example.org"));
    let unpadded = text.as_str().unwrap().trim_end_matches('=').to_owned();
    for sent in [text.as_str().unwrap(), &unpadded] {
        let fields = json!({
            "matchToken": match_token(&server, &bob).await,
            "emailHashes": ["nonsense", sent, ""], "mobileNoHashes": [],
        });
        let answer = ask(&server, &fields).await;
        assert_eq!(answer["identities"][0]["emailHash"], sent);
        assert!(answer["identities"][0].get("mobileNoHash").is_none());
    }
}

#[tokio::test]
async fn the_silent_are_found_on_request_only() {
    let server = server().await;
    let alice = server.person().await;
    link_email(&server, &alice, "alice@example.org").await;
    server.clock.advance(DAY * 91);
    let bob = server.person().await;
    let mut fields = json!({
        "matchToken": match_token(&server, &bob).await,
        "emailHashes": [base64(&hash::email("alice@example.org"))], "mobileNoHashes": null,
    });
    assert_eq!(ask(&server, &fields).await["identities"], json!([]));
    fields["includeInactive"] = json!(true);
    assert_eq!(
        ask(&server, &fields).await["identities"][0]["identity"],
        json!(alice.identity)
    );
}

#[tokio::test]
async fn a_token_is_needed_lasts_a_day_and_ends_with_its_identity() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let is_taken = async |token: &Value| {
        let fields = json!({ "matchToken": token, "emailHashes": [], "mobileNoHashes": [] });
        ask(&server, &fields).await.get("identities").is_some()
    };
    let token = match_token(&server, &alice).await;
    assert!(is_taken(&token).await);
    for nonsense in [json!(null), json!(""), json!("AAAA"), base64(&[0; 56])] {
        assert!(!is_taken(&nonsense).await, "{nonsense}");
    }
    let fields = json!({ "emailHashes": [], "mobileNoHashes": [] });
    assert_eq!(ask(&server, &fields).await["success"], false);
    server.clock.advance(Duration::from_secs(24 * 3600 - 1));
    assert!(is_taken(&token).await);
    server.clock.advance(Duration::from_secs(1));
    assert!(!is_taken(&token).await);
    let token = match_token(&server, &bob).await;
    server
        .prove("/identity/revoke", &bob.fields(), &bob.secret)
        .await;
    assert!(!is_taken(&token).await);
}

#[tokio::test]
async fn calls_and_hashes_are_limited_per_identity_and_day() {
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.linking.hashes_per_identity_day_max = 100;
    })
    .await;
    let (alice, bob) = (server.person().await, server.person().await);
    let hashes = |count: u8| (0..count).map(|it| base64(&[it; 32])).collect::<Vec<_>>();
    let status = async |token: &Value, emails: u8, phones: u8| {
        let fields = json!({
            "matchToken": token, "emailHashes": hashes(emails), "mobileNoHashes": hashes(phones),
        });
        server.post("/identity/match", &fields).await.status
    };
    let token = match_token(&server, &alice).await;
    assert_eq!(
        status(&token, 60, 41).await,
        429,
        "as a whole or not at all"
    );
    assert_eq!(status(&token, 50, 50).await, 200);
    assert_eq!(status(&token, 1, 0).await, 429);
    let token = match_token(&server, &bob).await;
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(status(&token, 1, 0).await);
    }
    assert_eq!(answers, [[200; 10].as_slice(), &[429; 2]].concat());
    server.clock.advance(DAY);
    let token = match_token(&server, &bob).await;
    assert_eq!(status(&token, 50, 50).await, 200);
}

#[tokio::test]
async fn a_crawler_with_a_hundred_identities_gets_less_than_a_thousandth_of_the_numbers() {
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.api.loopback_exempt = false;
        config.limits.creates_per_ip_hour_max = 1_000;
    })
    .await;
    let hashes: Vec<_> = (0..2_500_u32)
        .map(|it| base64(&hash::phone(&format!("4179{it:07}"))))
        .collect();
    let mut covered = 0;
    for _ in 0..100 {
        let person = server.person().await;
        let token = match_token(&server, &person).await;
        for _ in 0..2 {
            let fields = json!({
                "matchToken": token, "emailHashes": [], "mobileNoHashes": hashes,
            });
            let answer = server.post("/identity/match", &fields).await;
            covered += if answer.status == 200 {
                hashes.len()
            } else {
                0
            };
        }
    }
    assert!(covered > 0 && covered < 10_000, "{covered} of ten million");
}

#[tokio::test]
async fn hits_do_not_show_in_the_size_of_an_answer() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    link_email(&server, &alice, "alice@example.org").await;
    let token = match_token(&server, &bob).await;
    let size = async |hash: [u8; 32]| {
        let fields = json!({ "matchToken": token, "emailHashes": [base64(&hash)] });
        server.post("/identity/match", &fields).await.body.len()
    };
    let hit = size(hash::email("alice@example.org")).await;
    assert_eq!(hit, size([9; 32]).await);
}

#[tokio::test]
async fn too_much_at_once_is_refused_not_cut() {
    let server = server().await;
    let alice = server.person().await;
    let hashes: Vec<_> = (0..5_600).map(|_| base64(&[7; 32])).collect();
    let fields = json!({
        "matchToken": match_token(&server, &alice).await, "emailHashes": hashes,
    });
    assert_eq!(server.post("/identity/match", &fields).await.status, 413);
}

#[tokio::test]
async fn the_operator_can_switch_it_off() {
    use dreiklang_server::config::linking::Choice;
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.linking.enabled = Choice::Off;
    })
    .await;
    let alice = server.person().await;
    let fields = json!({ "matchToken": match_token(&server, &alice).await, "emailHashes": [] });
    let answer = ask(&server, &fields).await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"].as_str().unwrap().contains("does not link"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_closed_group_is_found_by_its_own_only_and_finds_its_own_only() {
    use crate::linking::find;
    use crate::work::office::Office;
    let server = server().await;
    let office = Office::open(&server, "Office", 0).await;
    let ((anna, _), (ben, _)) = (
        office.colleague("anna").await,
        office.colleague("ben").await,
    );
    let outsider = server.person().await;
    link_email(&server, &anna, "anna@example.org").await;
    link_email(&server, &outsider, "outsider@example.org").await;
    let both = ["anna@example.org", "outsider@example.org"];
    let names = [anna.identity.as_str(), outsider.identity.as_str()];
    assert_eq!(find(&server, &ben, &both, &[]).await, names);
    assert_eq!(find(&server, &outsider, &both, &[]).await, names);
    office.change(|org| org.is_closed_group = true).await;
    assert_eq!(find(&server, &ben, &both, &[]).await, names[..1]);
    assert_eq!(find(&server, &outsider, &both, &[]).await, names[1..]);
    office.change(|org| org.is_closed_group = false).await;
    assert_eq!(find(&server, &outsider, &both, &[]).await, names);
}
