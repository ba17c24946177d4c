//! One ID in one app of whatever kind, three acts that are never mixed, and what happens when
//! several things are done to an ID at once (features.md S31, S33; the races of a move).

use std::collections::BTreeSet;
use std::thread;

use dreiklang_tests::wire::Wire;
use dreiklang_wire::csp::payload::FromServer;
use serde_json::{Value, json};

use crate::raw::{self, ON_PREM, PRIVATE, Raw, WORK, farewell};
use crate::world::{self, Credential, Org, World};

const DISPLACED: &str = "Another connection";

/// Of two devices with the same ID only the newer one receives, and each is told of the other.
async fn one_of_two(person: &Raw, sender: &Raw, apps: [&str; 2], sender_app: &str) {
    let mut first = person.log_in_from(apps[0], 1).await.unwrap();
    let mut second = person.log_in_from(apps[1], 2).await.unwrap();
    let (can_reconnect, text, _) = farewell(&mut first).await;
    assert!(text.starts_with(DISPLACED), "{text}");
    assert!(!can_reconnect, "{text}");
    let mut line = sender.log_in(sender_app).await.unwrap();
    let message = sender.message(person.identity, 7);
    raw::deposit(&mut line, &message).await;
    let next = second.receive().await.unwrap();
    assert_eq!(next, FromServer::DeviceCookieChanged);
    assert_eq!(raw::queue(&mut second).await, [message]);
    assert!(first.receive().await.is_err(), "the first one is out");
}

#[tokio::test]
async fn s31_one_id_in_one_app_of_any_kind() {
    let world = world::open();
    let (alice, sender) = (world.raw(None), world.raw(None));
    one_of_two(&alice, &sender, [PRIVATE, PRIVATE], PRIVATE).await;
    let org = world.org("Acme", 0);
    let anna = world.raw(Some(&org.credential(&world, "anna")));
    one_of_two(&anna, &sender, [WORK, WORK], PRIVATE).await;

    let world = world::closed();
    let org = world.org("Clinic", 0);
    let carol = world.raw(Some(&org.credential(&world, "carol")));
    let sender = world.raw(Some(&org.credential(&world, "sender")));
    one_of_two(&carol, &sender, [ON_PREM, ON_PREM], ON_PREM).await;
}

/// A copy of the profile is a second app with the same ID.
#[test]
fn s31_a_copied_profile_is_displaced() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let people = [
        world.private("alice"),
        world.work("anna", &org.credential(&world, "anna")),
    ];
    for person in people {
        let copy = person.copied(world.folder.path().join(format!("copy of {}", person.name)));
        let mut here = person.online();
        let mut there = copy.online();
        let told = here.until(|line| line["event"] == "displaced");
        assert!(world::text(&told["text"]).starts_with(DISPLACED), "{told}");
        // The one that was told can have it back on purpose, and then the other one is told.
        drop(here);
        person.json(&["reclaim"]);
        // (Both show the same device cookie, so this is all that can be known of the other.)
        let _here = person.online();
        there.until(|line| line["event"] == "displaced");
    }
}

fn act(verb: &str, identity: &str, confirm: &str, org: &Org) -> Vec<String> {
    let words = [
        "member",
        verb,
        identity,
        "--confirm",
        confirm,
        "--org",
        &org.id,
    ];
    words.map(str::to_owned).to_vec()
}

fn slices(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// What the audit says was done to an ID, newest first.
fn audited(world: &World, identity: &str) -> Vec<String> {
    let list = world.admin(&["audit", "list"]);
    let entries = list["entries"].as_array().unwrap();
    entries
        .iter()
        .filter(|it| it["subject"] == identity)
        .map(|it| world::text(&it["action"]))
        .collect()
}

#[tokio::test]
async fn s33_three_acts_never_mixed() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let verbs = ["withdraw", "detach", "revoke"];
    let people = verbs.map(|verb| world.raw(Some(&org.credential(&world, verb))));
    let mut lines = Vec::new();
    for person in &people {
        lines.push(person.log_in(WORK).await.unwrap());
    }
    let before = audited(&world, people[0].identity.as_str());

    // Each act wants the ID once more, and then nothing else has happened.
    for (verb, person) in verbs.iter().zip(&people) {
        let identity = person.identity.as_str();
        world.admin_refused(&slices(&act(verb, identity, "ECHOECHO", &org)));
        world.admin_refused(&["member", verb, identity, "--org", &org.id]);
        let path = format!("/api/v1/users/{identity}/{verb}");
        let wrong = json!({ "confirm": "ECHOECHO" });
        let (status, answer) = world.api("POST", &path, &org.key, Some(&wrong));
        assert!((400..500).contains(&status), "{verb}: {answer}");
        assert_eq!(audited(&world, identity), before);
        let (status, user) = user(&world, &org, identity);
        assert_eq!((status, &user["withdrawnAt"]), (200, &Value::Null));
    }

    let mut notes = BTreeSet::new();
    let mut words = BTreeSet::new();
    for ((verb, person), line) in verbs.iter().zip(&people).zip(&mut lines) {
        let identity = person.identity.as_str();
        world.admin(&slices(&act(verb, identity, identity, &org)));
        let (can_reconnect, text, _) = farewell(line).await;
        assert!(!can_reconnect, "{verb}: {text}");
        words.insert(text);
        let now = audited(&world, identity);
        assert_eq!(now.len(), before.len() + 1, "one entry per act: {now:?}");
        notes.insert(now[0].clone());
    }
    assert_eq!((notes.len(), words.len()), (3, 3), "{notes:?} {words:?}");

    let [withdrawn, detached, revoked] = &people;
    let kind = |person: &Raw| {
        let path = format!("/identity/{}", person.identity);
        let answer = world.anybody().get(&path).unwrap();
        (answer.status, answer.json()["type"].clone())
    };
    // Withdrawn: still a member and an ID, only locked, and the one act that can be undone.
    let (status, shown) = user(&world, &org, withdrawn.identity.as_str());
    assert_eq!(status, 200);
    assert_ne!(shown["withdrawnAt"], Value::Null);
    assert_eq!(kind(withdrawn), (200, json!(1)));
    let prohibited = "identity-transfer-prohibited";
    assert_eq!(withdrawn.fetch_priv("consumer")["errorType"], prohibited);
    let id = withdrawn.identity.as_str();
    world.admin(&["member", "restore", id, "--org", &org.id]);
    assert!(withdrawn.serves(WORK).await);
    // Detached: no member any more, but an ID of its owner.
    assert_eq!(user(&world, &org, detached.identity.as_str()).0, 404);
    assert_eq!(kind(detached), (200, json!(1)));
    assert!(!detached.serves(WORK).await);
    let moved = detached.fetch_priv("consumer");
    assert_eq!(moved["success"], true, "{moved}");
    assert!(detached.serves(PRIVATE).await);
    // Revoked: no ID any more.
    assert_eq!(user(&world, &org, revoked.identity.as_str()).0, 404);
    assert_eq!(kind(revoked).0, 404);
    for client_info in [PRIVATE, WORK] {
        assert!(!revoked.serves(client_info).await);
    }
    for id in [detached, revoked].map(|it| it.identity.as_str()) {
        world.admin_refused(&["member", "restore", id, "--org", &org.id]);
    }
}

fn user(world: &World, org: &Org, identity: &str) -> (u16, Value) {
    world.api("GET", &format!("/api/v1/users/{identity}"), &org.key, None)
}

impl Raw {
    /// Whether the chat server serves an app that says this about itself.
    async fn serves(&self, client_info: &str) -> bool {
        let Ok(mut line) = self.log_in(client_info).await else {
            return false;
        };
        is_served(&mut line).await
    }
}

async fn is_served(line: &mut Wire) -> bool {
    use dreiklang_wire::csp::payload::ToServer;
    line.queue(&ToServer::EchoRequest(vec![1, 2, 3])).unwrap();
    // A server that has closed the connection already is one that does not serve.
    if line.flush().await.is_err() {
        return false;
    }
    loop {
        match line.receive().await {
            Ok(FromServer::EchoResponse(_)) => return true,
            Ok(FromServer::DeviceCookieChanged) => {}
            Ok(FromServer::CloseError { .. }) | Err(_) => return false,
            Ok(other) => panic!("{other:?}"),
        }
    }
}

const ROUNDS: u32 = 8;

/// Does two things as nearly at once as threads allow.
fn at_once<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    let barrier = std::sync::Barrier::new(2);
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            barrier.wait();
            one()
        });
        barrier.wait();
        let other = other();
        (one.join().unwrap(), other)
    })
}

/// Two private IDs reach for the last seat.
#[test]
fn s26_a_seat_is_taken_once() {
    let world = world::open();
    for round in 0..ROUNDS {
        let org = world.org(&format!("Acme {round}"), 1);
        let credentials = ["a", "b"].map(|it| org.credential(&world, &format!("{it}{round}")));
        let people = [world.raw(None), world.raw(None)];
        let (one, other) = at_once(
            || people[0].update_work_info(&credentials[0]),
            || people[1].update_work_info(&credentials[1]),
        );
        let count = [&one, &other]
            .iter()
            .filter(|it| it["success"] == true)
            .count();
        assert_eq!(count, 1, "{one} {other}");
        assert_eq!(members(&world, &org).len(), 1);
    }
}

/// Two IDs reach for one single-user credential, and one ID for the seats of two organisations.
#[test]
fn s26_two_moves_at_once() {
    let world = world::open();
    let orgs = [world.org("Acme", 0), world.org("Rival", 0)];
    for round in 0..ROUNDS {
        let credential = orgs[0].credential(&world, &format!("one{round}"));
        let people = [world.raw(None), world.raw(None)];
        let before = members(&world, &orgs[0]).len();
        let answers = at_once(
            || people[0].update_work_info(&credential),
            || people[1].update_work_info(&credential),
        );
        assert_eq!(successes(&answers), 1, "{answers:?}");
        assert_eq!(members(&world, &orgs[0]).len(), before + 1);

        let torn = world.raw(None);
        let [here, there] =
            [0, 1].map(|at: usize| orgs[at].credential(&world, &format!("torn{round}-{at}")));
        let answers = at_once(
            || torn.update_work_info(&here),
            || torn.update_work_info(&there),
        );
        assert_eq!(successes(&answers), 1, "{answers:?}");
        let id = torn.identity.to_string();
        let homes = orgs.iter().filter(|it| members(&world, it).contains(&id));
        assert_eq!(homes.count(), 1);
    }
}

/// The owner moves while the administrator detaches: one came first, and all agree on which.
#[test]
fn s29_a_move_during_a_detach() {
    let world = world::open();
    let org = world.org("Acme", 0);
    for round in 0..ROUNDS {
        let credential: Credential = org.credential(&world, &format!("anna{round}"));
        let anna = world.raw(Some(&credential));
        let id = anna.identity.to_string();
        let path = format!("/api/v1/users/{id}/detach");
        let confirm = json!({ "confirm": id });
        let (moved, detached) = at_once(
            || anna.fetch_priv("consumer"),
            || world.api("POST", &path, &org.key, Some(&confirm)),
        );
        assert!(detached.0 < 300, "{detached:?}");
        let kind = || world.anybody().get(&format!("/identity/{id}")).unwrap();
        if moved["success"] == true {
            assert_eq!(kind().json()["type"], 0);
        } else {
            assert_eq!(moved["errorType"], "identity-transfer-prohibited");
            assert_eq!(kind().json()["type"], 1);
            assert_eq!(anna.fetch_priv("consumer")["success"], true);
        }
        assert_eq!(kind().json()["type"], 0);
        assert!(!members(&world, &org).contains(&id));
    }
}

/// A revoked ID comes back by no way, whatever was packed before.
#[test]
fn s30_a_revoked_id_is_restored_nowhere() {
    let world = world::open();
    let org = world.org("Acme", 0);
    for round in 0..ROUNDS {
        let credential = org.credential(&world, &format!("anna{round}"));
        let anna = world.raw(Some(&credential));
        let id = anna.identity.to_string();
        let path = format!("/api/v1/users/{id}/revoke");
        let confirm = json!({ "confirm": id });
        let (_, revoked) = at_once(
            || anna.update_work_info(&credential),
            || world.api("POST", &path, &org.key, Some(&confirm)),
        );
        assert!(revoked.0 < 300, "{revoked:?}");
        for variant in ["consumer", "work"] {
            let answer = anna.fetch_priv(variant);
            assert_eq!(answer["errorType"], "invalid-identity", "{answer}");
        }
        assert_ne!(anna.update_work_info(&credential)["success"], true);
        assert!(!members(&world, &org).contains(&id));
    }
}

fn successes((one, other): &(Value, Value)) -> usize {
    [one, other]
        .iter()
        .filter(|it| it["success"] == true)
        .count()
}

fn members(world: &World, org: &Org) -> BTreeSet<String> {
    let (status, list) = world.api("GET", "/api/v1/users?pageSize=100", &org.key, None);
    assert_eq!(status, 200, "{list}");
    let users = list["users"].as_array().unwrap_or_else(|| panic!("{list}"));
    users.iter().map(|it| world::text(&it["id"])).collect()
}
