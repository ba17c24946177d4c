//! `POST identity/link_email`, `link_mobileno`, `link_mobileno_call`, and the page of a mail.

use std::time::Duration;

use dreiklang_server::service::links::{Refused, confirm_code};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::linking::{
    ask_email, ask_phone, code_of, find, link_email, link_phone, match_token, messages, newest,
    page_of, press, send_code, server, with_outboxes,
};
use crate::server::{Person, TestServer};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

async fn is_linked(
    server: &TestServer,
    person: &Person,
    path: &str,
    name: &str,
    value: &str,
) -> Value {
    let fields = json!({ "identity": person.identity, name: value });
    let answer = server.post(path, &fields).await;
    assert_eq!(answer.status, 200);
    answer.json()["linked"].clone()
}

async fn has_email(server: &TestServer, person: &Person, email: &str) -> bool {
    let linked = is_linked(server, person, "/identity/link_email", "email", email).await;
    linked
        .as_bool()
        .expect("apps take a missing one for an error")
}

async fn has_phone(server: &TestServer, person: &Person, number: &str) -> bool {
    let linked = is_linked(
        server,
        person,
        "/identity/link_mobileno",
        "mobileNo",
        number,
    )
    .await;
    linked
        .as_bool()
        .expect("apps take a missing one for an error")
}

#[tokio::test]
async fn an_email_is_linked_by_the_button_and_not_by_looking() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let email = "alice@example.org";
    assert!(!has_email(&server, &alice, email).await);
    assert_eq!(
        ask_email(&server, &alice, email).await,
        json!({ "success": true })
    );
    let mail = newest(&server, "mail");
    assert!(mail.contains("To: alice@example.org"), "{mail}");
    assert!(mail.contains(alice.identity.as_str()), "{mail}");
    let page = page_of(&mail);
    for _ in 0..3 {
        let shown = server.get(&page).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text().contains(alice.identity.as_str()));
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        assert_eq!(shown.header("referrer-policy"), Some("no-referrer"));
        assert!(shown.header("content-security-policy").is_some());
    }
    assert!(
        !has_email(&server, &alice, email).await,
        "looking changed nothing"
    );
    assert_eq!(press(&server, &page).await.status, 200);
    assert!(has_email(&server, &alice, email).await);
    assert!(!has_email(&server, &bob, email).await);
    assert_eq!(press(&server, &page).await.status, 404, "it counts once");
    assert_eq!(server.get(&page).await.status, 404);
    assert_eq!(
        find(&server, &bob, &[email], &[]).await,
        [alice.identity.as_str()]
    );
}

#[tokio::test]
async fn an_address_is_linked_in_every_spelling() {
    let server = server().await;
    let alice = server.person().await;
    link_email(&server, &alice, "  Max.Muster@GoogleMail.com ").await;
    assert!(newest(&server, "mail").contains("To: max.muster@gmail.com\n"));
    for spelling in [
        "max.muster@gmail.com",
        "MAX.MUSTER@googlemail.com",
        " Max.Muster@Gmail.Com",
    ] {
        assert!(has_email(&server, &alice, spelling).await, "{spelling}");
    }
    link_phone(&server, &alice, "0041 (79) 123-45-67").await;
    for spelling in [
        "+41 79 123 45 67",
        "41791234567",
        "0041791234567",
        " +41.79.123.45.67",
    ] {
        assert!(has_phone(&server, &alice, spelling).await, "{spelling}");
    }
    for number in ["079 123 45 67", "+", "+41 79 hello", "+123"] {
        let fields = json!({ "identity": alice.identity, "mobileNo": number });
        let answer = server.post("/identity/link_mobileno", &fields).await.json();
        assert_eq!(answer["success"], false, "{number}");
        assert!(answer["error"].as_str().unwrap().contains("country code"));
    }
    for email in ["alice", "a@b", "a@b.ch\r\nBcc: c@d.ch", "a@b.ch, c@d.ch"] {
        let fields = json!({ "identity": alice.identity, "email": email });
        let answer = server.post("/identity/link_email", &fields).await.json();
        assert_eq!(answer["success"], false, "{email}");
    }
}

#[tokio::test]
async fn s2_an_email_belongs_to_one_identity_and_moves_with_a_fresh_confirmation() {
    let server = server().await;
    let (alice, bob, carol) = (
        server.person().await,
        server.person().await,
        server.person().await,
    );
    link_email(&server, &alice, "shared@example.org").await;
    assert_eq!(
        ask_email(&server, &bob, "Shared@Example.org").await["success"],
        true
    );
    assert!(
        has_email(&server, &alice, "shared@example.org").await,
        "not yet"
    );
    let page = page_of(&newest(&server, "mail"));
    assert_eq!(press(&server, &page).await.status, 200);
    assert!(!has_email(&server, &alice, "shared@example.org").await);
    let found = find(&server, &carol, &["shared@example.org"], &[]).await;
    assert_eq!(found, [bob.identity.as_str()]);
}

#[tokio::test]
async fn s3_a_number_belongs_to_one_identity_whatever_the_order_of_confirmations() {
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.linking.messages_per_address_hour_max = 100;
        config.linking.messages_per_address_day_max = 100;
    })
    .await;
    let number = "+41791234567";
    let watcher = server.person().await;
    let mut people = Vec::new();
    for _ in 0..8 {
        let person = server.person().await;
        let answer = ask_phone(&server, &person, number).await;
        let code = code_of(&newest(&server, "sms"));
        people.push((person, answer["verificationId"].clone(), code));
    }
    let answers = join_all(
        people
            .iter()
            .map(|(_, verification, code)| send_code(&server, verification, code)),
    )
    .await;
    assert!(
        answers.iter().all(|it| it["success"] == true),
        "{answers:?}"
    );
    let found = find(&server, &watcher, &[], &["41791234567"]).await;
    assert_eq!(found.len(), 1);
    let mut holders = 0;
    for (person, ..) in &people {
        if has_phone(&server, person, number).await {
            assert_eq!(person.identity.as_str(), found[0]);
            holders += 1;
        }
    }
    assert_eq!(holders, 1);
}

#[tokio::test]
async fn a_number_is_linked_by_its_code() {
    let server = server().await;
    let alice = server.person().await;
    let number = "+41791234567";
    let answer = ask_phone(&server, &alice, number).await;
    let text = newest(&server, "sms");
    assert!(text.starts_with("SMS to: +41791234567\n"), "{text}");
    let code = code_of(&text);
    assert!(
        text.contains(&format!("threema://link_mobileno?code={code}")),
        "{text}"
    );
    assert!(!has_phone(&server, &alice, number).await);
    // As people type it.
    let grouped = format!(" {} {}", &code[..3], &code[3..]);
    let verification = &answer["verificationId"];
    assert_eq!(
        send_code(&server, verification, &grouped).await,
        json!({ "success": true })
    );
    assert!(has_phone(&server, &alice, number).await);
    let again = send_code(&server, verification, &code).await;
    assert_eq!(again["success"], false, "it counts once");
}

#[tokio::test]
async fn the_scheme_of_the_link_is_one_of_ours() {
    let server = server().await;
    for (scheme, expected) in [
        (json!("threemawork"), "threemawork://"),
        (json!("threemaonprem"), "threemaonprem://"),
        (json!("https://evil.example/?"), "threema://"),
        (json!(true), "threema://"),
        (Value::Null, "threema://"),
    ] {
        let person = server.person().await;
        let number = format!("+417912345{}", messages(&server, "sms").len() + 10);
        let fields = json!({
            "identity": person.identity, "mobileNo": number, "lang": "de", "urlScheme": scheme,
        });
        let answer = server
            .prove("/identity/link_mobileno", &fields, &person.secret)
            .await;
        assert_eq!(answer["success"], true, "{answer}");
        let text = newest(&server, "sms");
        assert!(
            text.contains(&format!("antippen: {expected}link_mobileno")),
            "{text}"
        );
        assert!(!text.contains("evil"), "{text}");
    }
}

#[tokio::test]
async fn five_wrong_codes_end_a_verification() {
    let server = server().await;
    let alice = server.person().await;
    let answer = ask_phone(&server, &alice, "+41791234567").await;
    let code = code_of(&newest(&server, "sms"));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let answer = send_code(&server, &answer["verificationId"], wrong).await;
        assert_eq!(answer["error"], "The code is wrong.");
    }
    let answer = send_code(&server, &answer["verificationId"], &code).await;
    assert_eq!(answer["success"], false, "the right one comes too late");
    assert!(!has_phone(&server, &alice, "+41791234567").await);
}

#[tokio::test]
async fn ten_codes_may_be_tried_per_number_and_day() {
    let server = server().await;
    let mut tried = 0;
    for _ in 0..3 {
        let person = server.person().await;
        let answer = ask_phone(&server, &person, "+41791234567").await;
        let code = code_of(&newest(&server, "sms"));
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            let answer = send_code(&server, &answer["verificationId"], wrong).await;
            tried += u32::from(answer["error"] == "The code is wrong.");
        }
        if tried == 10 {
            let answer = send_code(&server, &answer["verificationId"], &code).await;
            assert_eq!(answer["success"], false);
        }
    }
    assert_eq!(tried, 10);
}

#[tokio::test]
async fn ten_thousand_wrong_tries_over_many_verifications_succeed_nowhere() {
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.sms.per_hour_max = 1_000_000;
    })
    .await;
    let mut right = std::collections::HashMap::new();
    for number in 0..200 {
        let person = server.person().await;
        let number = format!("+4179{number:07}");
        let answer = ask_phone(&server, &person, &number).await;
        let code: u32 = code_of(&newest(&server, "sms")).parse().unwrap();
        right.insert(
            answer["verificationId"].to_string(),
            (answer, code, person, number),
        );
    }
    let (mut wrong, mut refused) = (0, 0);
    for round in 0..50 {
        for (answer, code, ..) in right.values() {
            let guess = format!("{:06}", (code + 1 + round) % 1_000_000);
            let verification = answer["verificationId"].as_str().unwrap();
            match confirm_code(server.app(), verification, &guess).await {
                Ok(()) => panic!("{guess} is not {code}"),
                Err(Refused::WrongCode) => wrong += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert_eq!((wrong, refused), (200 * 5, 200 * 45));
    for (_, _, person, number) in right.values() {
        assert!(!has_phone(&server, person, number).await);
    }
}

#[tokio::test]
async fn a_code_lasts_ten_minutes_and_a_call_brings_a_new_one() {
    let server = server().await;
    let alice = server.person().await;
    let answer = ask_phone(&server, &alice, "+41791234567").await;
    let verification = &answer["verificationId"];
    let first = code_of(&newest(&server, "sms"));
    server.clock.advance(MINUTE * 10);
    assert_eq!(
        send_code(&server, verification, &first).await["success"],
        false
    );
    let call = json!({ "verificationId": verification });
    let called = server.post("/identity/link_mobileno_call", &call).await;
    assert_eq!(called.json(), json!({ "success": true }));
    let text = newest(&server, "sms");
    assert!(text.starts_with("Call to: +41791234567\n"), "{text}");
    let digits = text
        .split("is: ")
        .nth(1)
        .unwrap()
        .split('.')
        .next()
        .unwrap();
    let second = digits.replace(", ", "");
    server.clock.advance(MINUTE * 9);
    assert_eq!(
        send_code(&server, verification, &first).await["success"],
        false
    );
    assert_eq!(
        send_code(&server, verification, &second).await,
        json!({ "success": true })
    );
    let called = server.post("/identity/link_mobileno_call", &call).await;
    assert_eq!(
        called.json()["success"],
        false,
        "there is nothing to call for any more"
    );
}

#[tokio::test]
async fn a_call_needs_a_verification_of_ours_and_does_not_give_tries_back() {
    let server = server().await;
    let alice = server.person().await;
    for nonsense in [
        json!("x"),
        json!(""),
        json!("A".repeat(400)),
        json!(5),
        Value::Null,
    ] {
        let fields = json!({ "verificationId": nonsense });
        let answer = server.post("/identity/link_mobileno_call", &fields).await;
        assert_eq!(
            (answer.status, &answer.json()["success"]),
            (200, &false.into())
        );
    }
    let answer = ask_phone(&server, &alice, "+41791234567").await;
    for _ in 0..5 {
        send_code(&server, &answer["verificationId"], "nonsense").await;
    }
    let call = json!({ "verificationId": answer["verificationId"] });
    let called = server
        .post("/identity/link_mobileno_call", &call)
        .await
        .json();
    assert_eq!(called["success"], false);
    assert_eq!(messages(&server, "sms").len(), 1);
}

#[tokio::test]
async fn three_messages_per_address_and_hour_ten_per_day() {
    let server = server().await;
    let mut sent = Vec::new();
    for quarter in 0..4 * 24 {
        let person = server.person().await;
        let answer = ask_phone(&server, &person, "+41 79 123 45 67").await;
        if answer["success"] == true {
            sent.push(quarter);
        } else {
            assert!(
                answer["error"].as_str().unwrap().contains("Too many"),
                "{answer}"
            );
        }
        server.clock.advance(MINUTE * 15);
    }
    assert_eq!(sent, [0, 1, 2, 4, 5, 6, 8, 9, 10, 12]);
    assert_eq!(messages(&server, "sms").len(), 10);
    let other = server.person().await;
    assert_eq!(
        ask_phone(&server, &other, "+41790000000").await["success"],
        true
    );
    for round in 0..4 {
        let person = server.person().await;
        let answer = ask_email(&server, &person, "victim@example.org").await;
        assert_eq!(answer["success"], round < 3, "{answer}");
    }
}

#[tokio::test]
async fn the_fuse_stops_all_messages_for_an_hour() {
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.sms.per_hour_max = 5;
    })
    .await;
    let mut sent = 0;
    for number in 0..20 {
        let person = server.person().await;
        let answer = ask_phone(&server, &person, &format!("+4179123450{number}")).await;
        sent += u32::from(answer["success"] == true);
    }
    assert_eq!((sent, messages(&server, "sms").len()), (5, 5));
    server.clock.advance(HOUR);
    let person = server.person().await;
    assert_eq!(
        ask_phone(&server, &person, "+41791234999").await["success"],
        true
    );
}

#[tokio::test]
async fn an_empty_address_unlinks() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    link_email(&server, &alice, "alice@example.org").await;
    link_phone(&server, &alice, "+41791234567").await;
    // What is under way ends with it, too.
    ask_email(&server, &alice, "other@example.org").await;
    let page = page_of(&newest(&server, "mail"));
    let sent = messages(&server, "mail").len() + messages(&server, "sms").len();
    assert_eq!(
        ask_email(&server, &alice, "").await,
        json!({ "success": true })
    );
    assert_eq!(ask_phone(&server, &alice, "").await["success"], true);
    assert_eq!(
        messages(&server, "mail").len() + messages(&server, "sms").len(),
        sent
    );
    assert_eq!(press(&server, &page).await.status, 404);
    let found = find(
        &server,
        &bob,
        &["alice@example.org", "other@example.org"],
        &["41791234567"],
    );
    assert!(found.await.is_empty());
    // Nobody else can do that.
    link_email(&server, &alice, "alice@example.org").await;
    let fields = json!({ "identity": alice.identity, "email": "" });
    let answer = server
        .prove("/identity/link_email", &fields, &bob.secret)
        .await;
    assert_eq!(answer["errorType"], "invalid-token");
    assert!(has_email(&server, &alice, "alice@example.org").await);
}

#[tokio::test]
async fn a_linked_address_needs_no_second_round() {
    let server = server().await;
    let alice = server.person().await;
    link_email(&server, &alice, "alice@example.org").await;
    let fields = json!({ "identity": alice.identity, "email": "alice@example.org", "lang": "de" });
    let answer = server.post("/identity/link_email", &fields).await.json();
    assert_eq!(answer, json!({ "linked": true }));
    assert_eq!(messages(&server, "mail").len(), 1);
}

#[tokio::test]
async fn nobody_can_try_all_numbers_against_an_identity() {
    let server = server().await;
    let alice = server.person().await;
    link_phone(&server, &alice, "+41791234567").await;
    let mut right = 0;
    for round in 0..200 {
        let number = if round % 2 == 0 {
            "+41791234567".to_owned()
        } else {
            format!("+4179{round:07}")
        };
        right += u32::from(has_phone(&server, &alice, &number).await);
    }
    assert_eq!(
        right, 50,
        "after a hundred questions nothing is linked with anything"
    );
    server.clock.advance(DAY);
    assert!(has_phone(&server, &alice, "+41791234567").await);
}

#[tokio::test]
async fn a_mail_lasts_a_day_and_the_newest_counts() {
    let server = server().await;
    let alice = server.person().await;
    ask_email(&server, &alice, "alice@example.org").await;
    let first = page_of(&newest(&server, "mail"));
    ask_email(&server, &alice, "alice@example.org").await;
    let second = page_of(&newest(&server, "mail"));
    assert_eq!(press(&server, &first).await.status, 404);
    server.clock.advance(Duration::from_secs(24 * 3600 - 1));
    assert_eq!(server.get(&second).await.status, 200);
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(server.get(&second).await.status, 404);
    assert_eq!(press(&server, &second).await.status, 404);
    for page in ["/link/email/x", "/link/email/%2e%2e", "/link/email/AAAA"] {
        assert_eq!(server.get(page).await.status, 404);
    }
}

#[tokio::test]
async fn a_revoked_identity_keeps_no_address_and_gets_none() {
    let server = server().await;
    let (alice, bob) = (server.person().await, server.person().await);
    link_email(&server, &alice, "alice@example.org").await;
    let answer = ask_phone(&server, &alice, "+41791234567").await;
    let code = code_of(&newest(&server, "sms"));
    server
        .prove("/identity/revoke", &alice.fields(), &alice.secret)
        .await;
    let answer = send_code(&server, &answer["verificationId"], &code).await;
    assert_eq!(answer["success"], false);
    let found = find(&server, &bob, &["alice@example.org"], &["41791234567"]).await;
    assert!(found.is_empty());
    link_email(&server, &bob, "alice@example.org").await;
}

#[tokio::test]
async fn the_owner_learns_that_addresses_are_linked_but_not_which() {
    let server = server().await;
    let alice = server.person().await;
    let own = async || {
        server
            .prove("/identity/fetch_priv", &alice.fields(), &alice.secret)
            .await
    };
    assert_eq!(
        (&own().await["email"], &own().await["mobileNo"]),
        (&Value::Null, &Value::Null)
    );
    link_email(&server, &alice, "alice@example.org").await;
    link_phone(&server, &alice, "+41791234567").await;
    let answer = own().await;
    assert_eq!(answer["email"], "***@***");
    assert_eq!(answer["mobileNo"], "***");
}

#[tokio::test]
async fn what_is_not_set_up_is_said_before_anything_else() {
    let server = TestServer::start().await;
    let alice = server.person().await;
    let error = async |path: &str, name: &str, value: &str| {
        let fields = json!({ "identity": alice.identity, name: value });
        let answer = server.post(path, &fields).await.json();
        answer["error"].as_str().unwrap_or_default().to_owned()
    };
    let mail = error("/identity/link_email", "email", "a@example.org").await;
    assert!(mail.contains("cannot send e-mail"), "{mail}");
    let sms = error("/identity/link_mobileno", "mobileNo", "+41791234567").await;
    assert!(sms.contains("cannot send text messages"), "{sms}");
    let answer = ask_email(&server, &alice, "").await;
    assert_eq!(answer["success"], true, "unlinking is always possible");
}

#[tokio::test]
async fn pending_links_go_when_nobody_confirms() {
    use dreiklang_server::worker::expire_pending_links::sweep;
    let server = server().await;
    let alice = server.person().await;
    ask_phone(&server, &alice, "+41791234567").await;
    ask_email(&server, &alice, "alice@example.org").await;
    assert_eq!(sweep(server.app()).await.unwrap(), 0);
    server.clock.advance(HOUR + MINUTE * 10);
    assert_eq!(sweep(server.app()).await.unwrap(), 1, "the number");
    server.clock.advance(DAY);
    assert_eq!(sweep(server.app()).await.unwrap(), 1, "the mail");
}

#[tokio::test]
async fn neither_addresses_nor_codes_are_stored() {
    let server = server().await;
    let alice = server.person().await;
    let answer = ask_phone(&server, &alice, "+41791234567").await;
    let code = code_of(&newest(&server, "sms"));
    ask_email(&server, &alice, "canary@example.org").await;
    assert!(
        !answer["verificationId"]
            .as_str()
            .unwrap()
            .contains("41791234567")
    );
    match_token(&server, &alice).await;
    let folder = server.stop().await;
    let database = std::fs::read(folder.path().join("server.db")).unwrap();
    for canary in ["canary", "41791234567", &code] {
        let found = memchr::memmem::find(&database, canary.as_bytes());
        assert_eq!(found, None, "{canary}");
    }
}

#[tokio::test]
async fn a_closed_instance_links_nothing_unless_its_operator_wants_to() {
    use crate::closed::{closed, member};
    use crate::work::office::Office;
    use dreiklang_server::config::linking::Choice;
    let server = closed(with_outboxes).await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, _) = member(&server, &office, "anna").await;
    let fields = json!({ "identity": anna.identity, "email": "anna@example.org" });
    let answer = server.post("/identity/link_email", &fields).await.json();
    assert!(
        answer["error"].as_str().unwrap().contains("does not link"),
        "{answer}"
    );
    let server = closed(|config| {
        with_outboxes(config);
        config.linking.enabled = Choice::On;
    })
    .await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, _) = member(&server, &office, "anna").await;
    let answer = ask_email(&server, &anna, "anna@example.org").await;
    assert_eq!(answer["success"], true, "{answer}");
    // A browser shows no licence.
    let page = page_of(&newest(&server, "mail"));
    server.show(None);
    assert_eq!(server.get(&page).await.status, 200);
    assert_eq!(press(&server, &page).await.status, 200);
}

#[tokio::test]
async fn one_place_cannot_use_up_what_there_is_for_all() {
    let server = TestServer::start_with(|config| {
        with_outboxes(config);
        config.api.loopback_exempt = false;
        config.linking.starts_per_ip_day_max = 5;
    })
    .await;
    let mut sent = 0;
    for number in 0..10 {
        let person = server.person().await;
        let answer = ask_phone(&server, &person, &format!("+4179123450{number}")).await;
        sent += u32::from(answer["success"] == true);
    }
    assert_eq!((sent, messages(&server, "sms").len()), (5, 5));
}
