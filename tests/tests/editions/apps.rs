//! S1 and S4: the apps of one person side by side, and one ID in one app only.

use std::io;

use dreiklang_tests::wire::{Claims, Wire};
use dreiklang_wire::csp::payload::FromServer;
use dreiklang_wire::id::{DeviceCookie, DeviceId};
use serde_json::json;

use crate::common::{Person, Running};
use crate::raw::{ON_PREM, PRIVATE, WORK, deposit, farewell, queue};
use crate::world;

/// Clients recognise by these words that their identity is used elsewhere.
pub(crate) const DISPLACED: &str = "Another connection for the same identity";

#[test]
fn s01_three_apps_at_once() {
    let (open, closed) = (world::open(), world::closed());
    let office = open.org("Office", 0).credential(&open, "max");
    let company = closed.org("Company", 0);
    // One person, one machine, one folder, one name: only the apps differ.
    let private = open.private("max");
    let work = open.work("max", &office);
    let place = closed.place("onprem", &company.credential(&closed, "max"));
    let mut onprem = Person::new(private.folder.clone(), "max", "onprem");
    onprem.set_up(&place.iter().map(String::as_str).collect::<Vec<_>>());
    // Each writes with somebody who has the same app.
    let others = [
        open.private("eve"),
        open.work("ben", &open.org("Shop", 0).credential(&open, "ben")),
        closed.onprem("ada", &company.credential(&closed, "ada")),
    ];
    let mine = [&private, &work, &onprem];
    for (me, other) in mine.into_iter().zip(&others) {
        world::acquaint(me, other);
    }
    world::acquaint(&private, &work);

    let mut running: Vec<_> = mine.map(Person::online).into_iter().collect();
    let mut partners: Vec<_> = others.iter().map(Person::online).collect();
    for ((me, other), (here, there)) in mine
        .into_iter()
        .zip(&others)
        .zip(running.iter_mut().zip(&mut partners))
    {
        say(here, there, &other.identity, "to you");
        say(there, here, &me.identity, "and to you");
    }
    // The private and the Work app of the same person know each other like any two people.
    let (one, rest) = running.split_at_mut(1);
    say(&mut one[0], &mut rest[0], &work.identity, "to myself");
    say(&mut rest[0], &mut one[0], &private.identity, "from myself");

    // What ends for one of them ends for that one.
    open.admin(&["credential", "withdraw", "max", "--org", "Office"]);
    rest[0].until(|line| line["event"] == "connection" && line["state"] == "stopped");
    say(
        &mut one[0],
        &mut partners[0],
        &others[0].identity,
        "still here",
    );
    say(
        &mut rest[1],
        &mut partners[2],
        &others[2].identity,
        "me too",
    );
    drop((running, partners));
    for person in mine {
        assert_eq!(person.json(&["me"])["other_device"], false);
    }
}

/// The same device, as far as a server can see: same address, same device id, same cookie.
#[tokio::test]
async fn s01_one_device_for_three_ids() {
    let (open, closed) = (world::open(), world::closed());
    let credential = open.org("Office", 0).credential(&open, "max");
    let member = closed.org("Company", 0).credential(&closed, "max");
    let people = [
        (open.raw(None), PRIVATE),
        (open.raw(Some(&credential)), WORK),
        (closed.raw(Some(&member)), ON_PREM),
    ];
    let mut lines = Vec::new();
    for (person, client_info) in &people {
        let claims = Claims {
            client_info: (*client_info).to_owned(),
            device_id: Some(DeviceId(77)),
            device_cookie: Some(DeviceCookie([7; 16])),
        };
        lines.push(person.log_in_as(claims).await.unwrap());
    }
    for (number, ((person, _), wire)) in (1..).zip(people.iter().zip(&mut lines)) {
        // Nothing was said before, not even that another device was here.
        assert_eq!(wire.receive_now(), None);
        deposit(wire, &person.message(person.identity, number)).await;
    }
}

#[tokio::test]
async fn s04_one_id_in_one_app() {
    let world = world::open();
    let org = world.org("Office", 0);
    let credential = org.credential(&world, "max");
    let person = world.raw(None);
    let sender = world.raw(None);

    // A private ID: the Work app cannot use it before a licence stands behind it.
    let mut early = person.log_in(WORK).await.unwrap();
    let (can_reconnect, text, _) = farewell(&mut early).await;
    assert!(can_reconnect && text.contains("not activated"), "{text}");
    let mut private = person.log_in_from(PRIVATE, 1).await.unwrap();
    let kind = |person: &str| {
        let answer = world.anybody().get(&format!("/identity/{person}")).unwrap();
        answer.json()["type"].clone()
    };
    let id = person.identity.as_str();
    assert_eq!(kind(id), 0);

    // From the moment it is a member's, the private app is out, and stays out.
    let answer = person.update_work_info(&credential);
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(kind(id), 1);
    let (can_reconnect, text, _) = farewell(&mut private).await;
    assert!(!can_reconnect && text.starts_with(DISPLACED), "{text}");
    let mut work = person.log_in_from(WORK, 2).await.unwrap();
    let mut old = person.log_in_from(PRIVATE, 1).await.unwrap();
    let (can_reconnect, text, warnings) = farewell(&mut old).await;
    assert!(!can_reconnect && text.starts_with(DISPLACED), "{text}");
    assert_eq!(warnings, [FromServer::DeviceCookieChanged]);

    // A private app that pretends to be the Work app takes over, but not unnoticed: the real one
    // is told why it must go, each is warned of the other, and only one of them receives.
    let mut liar = person.log_in_from(WORK, 3).await.unwrap();
    let (can_reconnect, text, _) = farewell(&mut work).await;
    assert!(!can_reconnect && text.starts_with(DISPLACED), "{text}");
    let mut line = sender.log_in(PRIVATE).await.unwrap();
    let message = sender.message(person.identity, 1);
    deposit(&mut line, &message).await;
    assert_eq!(queue(&mut liar).await, std::slice::from_ref(&message));
    assert!(is_over(&mut work).await, "the displaced app hears nothing");
    let mut work = person.log_in_from(WORK, 2).await.unwrap();
    assert_eq!(
        work.receive().await.unwrap(),
        FromServer::DeviceCookieChanged
    );
    let (can_reconnect, text, before) = farewell(&mut liar).await;
    assert!(!can_reconnect && text.starts_with(DISPLACED), "{text}");
    assert!(
        before
            .iter()
            .all(|it| !matches!(it, FromServer::Message(_)))
    );
    assert_eq!(queue(&mut work).await, [message]);

    // The directory gives the private app nothing, and the licence of another organisation
    // cannot claim the ID.
    let refused = person.fetch_priv("consumer");
    assert_ne!(refused["success"], true, "{refused}");
    let other = world.org("Rival", 0).credential(&world, "max2");
    let refused = person.update_work_info(&other);
    assert_ne!(refused["success"], true, "{refused}");
    let colleagues = json!({ "contacts": [id] });
    let known = person.http.post("/identities", &other.with(&colleagues));
    let known = known.unwrap();
    assert!(!known.text().contains(id), "{}", known.text());
}

/// The apps themselves: whoever had the ID is told in words, and warned.
#[test]
fn s04_apps_tell_who_was_displaced() {
    let world = world::open();
    let org = world.org("Office", 0);
    let credential = org.credential(&world, "max");
    let alice = world.private("alice");
    let bob = world.private("bob");
    world::acquaint(&alice, &bob);
    let export = export(&world, &alice);
    let mut first = alice.online();

    let mut moved = world.stranger("alice", "work");
    let place = world.place("work", &credential);
    let flags = [&export[..], &place[..]].concat();
    moved.set_up(&flags.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(moved.identity, alice.identity);
    let told = first.until(|line| line["event"] == "displaced");
    assert!(world::text(&told["text"]).contains("Work app"), "{told}");
    let end = first.until_end();
    assert!(end.iter().any(|line| line["state"] == "stopped"), "{end:?}");
    let (code, _) = alice.refusal(&["send", &bob.identity, "from the old app"]);
    assert_eq!(code, "displaced");

    moved.json(&["contact", "add", &bob.identity]);
    bob.json(&["send", &alice.identity, "to whoever is there"]);
    let received = moved.json_lines(&["receive"]);
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0]["text"], "to whoever is there");
    assert_eq!(moved.json(&["me"])["other_device"], true);
    moved.json(&["me", "--clear-warning"]);
    assert_eq!(moved.json(&["me"])["other_device"], false);
}

/// Flags of `setup` that take over the identity of a person.
pub(crate) fn export(world: &world::World, person: &Person) -> [String; 4] {
    let password = world.secret_file("backup-password", "correct horse battery");
    let exported = person.json(&["export-id", "--password-file", &password]);
    let file = world.secret_file(&person.identity, &world::text(&exported["export"]));
    let flags = ["--import-id", &file, "--backup-password-file", &password];
    flags.map(str::to_owned)
}

/// Sends a text and waits until it is there.
pub(crate) fn say(from: &mut Running, to: &mut Running, receiver: &str, text: &str) {
    let reply = from.ask(&json!({ "command": "send", "to": receiver, "text": text }));
    assert_eq!(reply["error"], json!(null), "{reply}");
    to.until(|line| line["event"] == "message" && line["text"] == text);
}

/// Whether the server has closed the connection.
async fn is_over(wire: &mut Wire) -> bool {
    match wire.receive().await {
        Err(error) => error.kind() == io::ErrorKind::UnexpectedEof,
        Ok(_) => false,
    }
}
