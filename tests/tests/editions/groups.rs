//! S21 and S22: people who talk to each other only.

use serde_json::{Value, json};

use crate::talking::all_from;
use crate::world::{self, Org, Person, World, acquaint};

/// The texts that have come in since the last time.
fn texts(person: &Person) -> Vec<String> {
    let lines = person.json_lines(&["receive", "--until-idle"]);
    lines.iter().map(|it| world::text(&it["text"])).collect()
}

fn send(from: &Person, to: &Person, text: &str) {
    let sent = from.json(&["send", &to.identity, text, "--wait", "sent"]);
    assert_eq!(
        sent["state"], "sent",
        "as far as the sender can see: {sent}"
    );
}

/// The recipe that the vendor gives administrators.
const RECIPE: [(&str, &str); 4] = [
    ("th_block_unknown", "true"),
    ("th_contact_sync", "false"),
    ("th_disable_add_contact", "true"),
    ("th_readonly_profile", "true"),
];

#[test]
fn s21_closed_group_by_parameters() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let colleague = world.work("colleague", &org.credential(&world, "colleague"));
    let member = world.work("member", &org.credential(&world, "member"));
    let (stranger, listed) = (world.private("stranger"), world.private("listed"));
    for (name, value) in RECIPE {
        world.admin(&["mdm", "set", name, value, "--org", &org.id]);
    }
    for (identity, name) in [
        (&listed.identity, "Listed"),
        (&colleague.identity, "Colleague"),
    ] {
        let set = ["contact", "set", identity, "--last-name", name];
        world.admin(&[&set[..], &["--org", &org.id]].concat());
    }
    member.json(&["work", "sync"]);
    let set = &member.json(&["policy"])["parameters"];
    for (name, _) in RECIPE {
        assert_eq!(set[name]["origin"], "organisation", "{name} in {set}");
    }

    for person in [&stranger, &listed, &colleague] {
        let contacts = person.json(&["contact", "list"]);
        if !contacts.to_string().contains(&member.identity) {
            person.outcome(&["contact", "add", &member.identity]);
        }
    }
    // The colleague's app has the parameters too, so it gets its contact from the organisation.
    let set = ["contact", "set", &member.identity, "--last-name", "Member"];
    world.admin(&[&set[..], &["--org", &org.id]].concat());
    colleague.json(&["work", "sync"]);
    send(&stranger, &member, "buy");
    send(&listed, &member, "the delivery is here");
    send(&colleague, &member, "lunch?");
    assert_eq!(texts(&member), ["the delivery is here", "lunch?"]);
    let chats = member.json(&["chats"]).to_string();
    assert!(!chats.contains(&stranger.identity), "{chats}");

    // The person cannot change it back.
    let (code, why) = member.refusal(&["contact", "add", &stranger.identity]);
    assert_eq!(code, "set-by-organisation", "{why}");
    for command in [
        &["nickname", "Somebody"][..],
        &["settings", "--block-unknown", "off"],
    ] {
        let (code, why) = member.refusal(command);
        assert_eq!(code, "set-by-organisation", "{why}");
    }
    for (name, _) in RECIPE {
        world.admin(&["mdm", "unset", name, "--org", &org.id]);
    }
    member.json(&["work", "sync"]);
    member.json(&["settings", "--block-unknown", "off"]);
    send(&stranger, &member, "me again");
    assert_eq!(texts(&member), ["me again"]);
}

#[test]
fn s21_closed_group_by_the_server() {
    let mut world = world::open();
    let org = world.org("Acme", 0);
    let member = world.work("member", &org.credential(&world, "member"));
    let colleague = world.work("colleague", &org.credential(&world, "colleague"));
    let (stranger, listed) = (world.private("stranger"), world.private("listed"));
    for person in [&stranger, &listed, &colleague] {
        acquaint(person, &member);
    }
    // As long as it is open they reach each other, and nothing is left on the way.
    let (mut at_stranger, mut at_member) = (stranger.online(), member.online());
    all_from(&stranger, &mut at_stranger, &member, &mut at_member);
    for at in [at_stranger, at_member] {
        assert!(at.process.finish().unwrap().success());
    }

    close(&world, &org);
    // The apps know nothing of it and are not asked: no app can go round it.
    send(&stranger, &member, "buy");
    send(&member, &stranger, "for sale: the recipe");
    send(&colleague, &member, "lunch?");
    assert_eq!(texts(&member), ["lunch?"]);
    assert_eq!(texts(&stranger), [""; 0]);
    // Nobody finds them, and they find nobody.
    let path = format!("/identity/{}", member.identity);
    assert_eq!(world.anybody().get(&path).unwrap().status, 404);
    let newcomer = world.private("newcomer");
    let (code, _) = newcomer.refusal(&["contact", "add", &member.identity]);
    assert_eq!(code, "unknown-identity");
    let (code, _) = member.refusal(&["contact", "add", &newcomer.identity]);
    assert_eq!(code, "unknown-identity");

    // Whoever is in the organisation's address book is let through, in both directions.
    let set = ["contact", "set", &listed.identity, "--last-name", "Listed"];
    world.admin(&[&set[..], &["--org", &org.id]].concat());
    send(&listed, &member, "the delivery is here");
    assert_eq!(texts(&member), ["the delivery is here"]);
    send(&member, &listed, "thank you");
    assert_eq!(texts(&listed), ["thank you"]);

    // The administrator sees a number, and nothing else of it.
    world.server.stop().unwrap();
    world.server.start().unwrap();
    let (status, shown) = world.api("GET", "/api/v1/status", &org.key, None);
    assert_eq!(
        (status, &shown["messagesDropped"]),
        (200, &json!(2)),
        "{shown}"
    );
    assert_eq!(texts(&stranger), [""; 0], "nothing was kept for later");
    assert_eq!(texts(&member), [""; 0]);
}

fn close(world: &World, org: &Org) {
    let closed = json!({ "closedGroup": true });
    let (status, answer) = world.api("PUT", "/api/v1", &org.key, Some(&closed));
    assert!(status < 300, "{status} {answer}");
}

/// Each single way is a test of its own in `isolation`; here are two people with apps who try.
#[test]
fn s22_two_closed_instances_do_not_reach_each_other() {
    let (here, there) = (world::closed(), world::closed());
    let licenses = [&here, &there].map(|it| it.org("Office", 0).credential(it, "anna"));
    let anna = here.onprem("anna", &licenses[0]);
    let berta = there.onprem("berta", &licenses[1]);
    for (one, other) in [(&anna, &berta), (&berta, &anna)] {
        let (code, why) = one.refusal(&["contact", "add", &other.identity]);
        assert_eq!(code, "unknown-identity", "{why}");
        let (code, _) = one.refusal(&["send", &other.identity, "hello"]);
        assert_eq!(code, "unknown-contact");
        one.json(&["work", "sync"]);
        let found = one.json(&["work", "directory", &other.identity]);
        assert_eq!(found["people"], json!([]));
    }
    // A licence of the one is none of the other, although the user names are the same.
    let carla = here.stranger("carla", "onprem");
    let mut flags = here.place("onprem", &licenses[1]);
    flags.extend(["--no-passphrase".to_owned()]);
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let (code, why) = carla.refusal(&[&["setup"], &flags[..]].concat());
    assert_eq!(code, "provisioning-refused", "{why}");
    // What the one has signed leads no app of the other anywhere.
    let mut flags = there.place("onprem", &licenses[1]);
    let trust = flags.iter().position(|it| it == "--trust").unwrap() + 1;
    flags[trust] = here.trust();
    flags.push("--no-passphrase".to_owned());
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let (code, why) = carla.refusal(&[&["setup"], &flags[..]].concat());
    assert_eq!(code, "provisioning-not-authentic", "{why}");
    // Nothing has come in anywhere.
    for person in [&anna, &berta] {
        assert_eq!(texts(person), [""; 0]);
    }
    let key = here.operator_key();
    let path = format!("/api/v1/identities/{}/export", berta.identity);
    assert_eq!(
        here.api("GET", &path, &key, None),
        (404, nothing(&here, &key))
    );
}

/// What the interface says of an identity that nobody has.
fn nothing(world: &World, key: &str) -> Value {
    let path = "/api/v1/identities/ZZZZZZZ9/export";
    let (status, answer) = world.api("GET", path, key, None);
    assert_eq!(status, 404, "{answer}");
    answer
}
