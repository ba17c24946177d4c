//! Small stories: what people do in their first hour, and what goes wrong.

use std::sync::mpsc;

use serde_json::json;

use crate::world::{PATIENCE, Person, error_of, world};

#[test]
fn setup_shows_a_code_that_others_add_and_verify() {
    let world = world();
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    assert_eq!(alice.identity.len(), 8);
    let me = alice.json(&["me"]);
    assert_eq!(me["identity"], alice.identity.as_str());
    assert_eq!(me["nickname"], "alice");
    let link = me["link"].as_str().unwrap();
    let key = me["public_key"].as_str().unwrap();
    assert!(
        link.starts_with(&format!("3mid:{},{key}", alice.identity)),
        "{link}"
    );
    let drawn = alice.outcome(&["me", "--qr"]);
    let drawn = String::from_utf8(drawn.stdout).unwrap();
    assert!(drawn.contains('█') && drawn.contains(link), "{drawn}");

    let contact = bob.json(&["contact", "add", link]);
    assert_eq!(contact["verification"], "verified");
    assert_eq!(contact["public_key"], key);
    assert_eq!(contact["state"], "active");
    let wrong = link.replace(key, &"07".repeat(32));
    let carol = world.person("carol");
    let (code, _) = carol.refusal(&["contact", "add", &wrong]);
    assert_eq!(code, "key-mismatch");
    let instance = world.server.instance_file();
    let setup = [
        "setup",
        "--no-passphrase",
        "--instance",
        instance.to_str().unwrap(),
    ];
    assert_eq!(alice.refusal(&setup).0, "identity-exists");
}

#[test]
fn messages_wait_for_people_who_are_away() {
    let world = world();
    let (alice, bob) = world.couple();
    for number in 0..5 {
        let text = format!("while you were away {number}");
        let sent = alice.json(&["send", &bob.identity, &text, "--wait", "sent"]);
        assert_eq!(sent["state"], "sent");
        assert_eq!(sent["direction"], "out");
    }
    let lines = bob.json_lines(&["receive", "--until-idle"]);
    let texts: Vec<_> = lines
        .iter()
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    let expected: Vec<_> = (0..5)
        .map(|it| format!("while you were away {it}"))
        .collect();
    assert_eq!(texts, expected);
    assert!(
        lines.iter().all(|it| it["sender_name"] == "~alice"),
        "{lines:?}"
    );
    assert!(
        lines
            .iter()
            .all(|it| it["message_id"].as_str().unwrap().len() == 16)
    );
    assert_eq!(bob.json_lines(&["receive", "--until-idle"]).len(), 0);
    // The server has said that it has Bob's receipts before his app ended, although it only ever
    // receives: they do not come again and again.
    alice.json_lines(&["receive", "--until-idle"]);
    assert_eq!(bob.json_lines(&["receive", "--until-idle"]).len(), 0);
    let mut at_alice = alice.run();
    let online = at_alice.until(|line| line["event"] == "connection" && line["state"] == "online");
    assert_eq!(online["queued_messages"], 0, "{online}");
}

#[test]
fn typing_and_the_read_state_arrive() {
    let world = world();
    let (alice, bob) = world.couple();
    let (mut at_alice, mut at_bob) = (alice.online(), bob.online());
    // Typing is told to those only who have written before.
    at_bob.ask(&json!({"command": "send", "to": alice.identity, "text": "hi"}));
    let hi = at_alice.until(|line| line["event"] == "message");
    assert_eq!(
        (&hi["text"], &hi["state"]),
        (&json!("hi"), &json!("unread"))
    );
    at_alice.ask(&json!({"command": "typing", "to": bob.identity, "is_typing": true}));
    let typing = at_bob.until(|line| line["event"] == "typing");
    assert_eq!(typing["contact"], alice.identity.as_str());
    assert_eq!(typing["is_typing"], true);

    let sent = at_alice.ask(&json!({
        "command": "send", "to": bob.identity, "text": "read me", "reference": "once",
    }));
    assert_eq!(sent["text"], "read me");
    let got = at_bob.until(|line| line["event"] == "message");
    assert_eq!(got["message_id"], sent["message_id"]);
    at_bob.ask(&json!({
        "command": "mark_read", "contact": alice.identity, "position": got["position"],
    }));
    at_alice.until(|line| {
        line["event"] == "state"
            && line["message_id"] == sent["message_id"]
            && line["state"] == "read"
    });
    let again = at_alice.ask(&json!({
        "command": "send", "to": bob.identity, "text": "read me", "reference": "once",
    }));
    assert_eq!(again["message_id"], sent["message_id"], "the same sending");
    assert_eq!(again["state"], "read");
    let other = at_alice.ask(&json!({
        "command": "send", "to": bob.identity, "text": "something else", "reference": "once",
    }));
    assert_eq!(other["error"]["code"], "reference-reused");
}

#[test]
fn somebody_unknown_becomes_a_contact_by_writing() {
    let world = world();
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (code, sentence) = alice.refusal(&["send", &bob.identity, "hello"]);
    assert_eq!(code, "unknown-contact");
    assert!(sentence.contains(&format!("dreiklang contact add {}", bob.identity)));
    alice.json(&["contact", "add", &bob.identity]);
    alice.json(&["send", &bob.identity, "hello"]);
    let lines = bob.json_lines(&["receive", "--until-idle"]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["contact"], alice.identity.as_str());
    let contacts = bob.json(&["contact", "list"]);
    assert_eq!(contacts["contacts"][0]["identity"], alice.identity.as_str());
    assert_eq!(contacts["contacts"][0]["nickname"], "alice");
    assert_eq!(contacts["contacts"][0]["verification"], "unverified");
}

#[test]
fn a_wrong_identity_is_explained() {
    let world = world();
    let alice = world.person("alice");
    let (code, sentence) = alice.refusal(&["contact", "add", "ZZZZZZZ9"]);
    assert_eq!(code, "unknown-identity");
    assert!(sentence.contains("ZZZZZZZ9"), "{sentence}");
    let (code, sentence) = alice.refusal(&["contact", "add", "TOOSHORT1"]);
    assert_eq!(code, "not-an-identity");
    assert!(sentence.contains("eight characters"), "{sentence}");
    let (code, _) = alice.refusal(&["contact", "add", &alice.identity]);
    assert_eq!(code, "own-identity");
    let german = alice.outcome(&["--lang", "de", "contact", "add", "ZZZZZZZ9"]);
    assert_eq!(german.status.code(), Some(1));
    let german = String::from_utf8(german.stderr).unwrap();
    assert!(
        german.contains("Verzeichnis") && german.contains("ZZZZZZZ9"),
        "{german}"
    );
}

#[test]
fn a_second_login_ends_the_first_with_a_reason() {
    let world = world();
    let alice = world.person("alice");
    let mut first = alice.online();
    let other = alice.copied(world.folder.path().join("copied"));
    let mut second = other.online();
    let seen = first.until_end();
    let closed = seen.iter().find(|line| line["event"] == "closed_by_server");
    let closed = closed.unwrap_or_else(|| panic!("no reason in {seen:#?}"));
    assert_eq!(closed["can_reconnect"], false);
    let text = closed["text"].as_str().unwrap();
    assert!(
        text.starts_with("Another connection for the same identity"),
        "{text}"
    );
    assert!(
        seen.iter().any(|line| line["state"] == "stopped"),
        "{seen:#?}"
    );
    let me = second.ask(&json!({"command": "me"}));
    assert_eq!(me["identity"], alice.identity.as_str());
}

#[test]
fn a_restart_of_everything_keeps_everything() {
    let mut world = world();
    let (alice, bob) = world.couple();
    alice.json(&["send", &bob.identity, "before"]);
    world.server.stop().unwrap();
    // Nobody answers; the message stays in the outbox.
    let queued = alice.json(&["send", &bob.identity, "meanwhile", "--wait", "queued"]);
    assert_eq!(queued["state"], "pending");
    world.server.start().unwrap();
    let after = ["send", &bob.identity, "after", "--wait", "sent"];
    assert_eq!(alice.json(&after)["state"], "sent");
    let lines = bob.json_lines(&["receive", "--until-idle"]);
    let texts: Vec<_> = lines
        .iter()
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["before", "meanwhile", "after"]);
    let history = bob.json(&["history", &alice.identity]);
    let kept: Vec<_> = history["messages"].as_array().unwrap().iter().collect();
    assert_eq!(kept.len(), 3);
    assert!(
        kept.iter()
            .all(|it| it["state"] == "read" && it["direction"] == "in")
    );
    let chats = bob.json(&["chats"]);
    assert_eq!(chats["chats"][0]["unread_count"], 0);
    assert_eq!(chats["chats"][0]["last_message"]["text"], "after");
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let world = world();
    let (right, wrong) = (
        world.folder.path().join("right"),
        world.folder.path().join("wrong"),
    );
    std::fs::write(&right, "correct horse\n").unwrap();
    std::fs::write(&wrong, "battery staple\n").unwrap();
    let (right, wrong) = (right.to_str().unwrap(), wrong.to_str().unwrap());
    let person = Person::new(world.folder.path().join("people"), "careful", "private");
    let instance = world.server.instance_file();
    let instance = instance.to_str().unwrap();
    person.json(&["--passphrase-file", right, "setup", "--instance", instance]);
    let (code, sentence) = person.refusal(&["--passphrase-file", wrong, "me"]);
    assert_eq!(code, "wrong-passphrase");
    assert!(sentence.contains("passphrase is wrong"), "{sentence}");
    let (code, _) = person.refusal(&["me"]);
    assert_eq!(code, "passphrase-needed");
    let me = person.json(&["--passphrase-file", right, "me"]);
    assert_eq!(me["identity"].as_str().unwrap().len(), 8);
}

#[test]
fn two_programs_cannot_open_one_profile() {
    let world = world();
    let alice = world.person("alice");
    let (tell, lines) = mpsc::channel();
    let _app = alice.run_into((), &tell, &[]);
    let ((), first) = lines.recv_timeout(PATIENCE).unwrap();
    assert_eq!(first.unwrap()["event"], "ready");
    let refused = alice.outcome(&["--json", "me"]);
    assert_eq!(refused.status.code(), Some(1));
    let (code, sentence) = error_of(&refused);
    assert_eq!(code, "profile-in-use");
    assert!(sentence.contains("alice"), "{sentence}");
}

#[test]
fn a_backup_of_a_running_server_becomes_a_server() {
    let mut world = world();
    let (alice, bob) = world.couple();
    for text in ["one", "two", "three"] {
        alice.json(&["send", &bob.identity, text, "--wait", "sent"]);
    }
    let (backup, restored) = (
        world.folder.path().join("backup"),
        world.folder.path().join("restored"),
    );
    world.server.back_up(&backup).unwrap();
    alice.json(&["send", &bob.identity, "after the backup", "--wait", "sent"]);
    world.server.kill().unwrap();
    std::fs::remove_dir_all(world.folder.path().join("server")).unwrap();

    world.server.restore(&backup, &restored).unwrap();
    world.server = world.server.on_restored(&restored);
    world.server.start().unwrap();
    let lines = bob.json_lines(&["receive", "--until-idle"]);
    let texts: Vec<_> = lines
        .iter()
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["one", "two", "three"]);
    let sent = alice.json(&["send", &bob.identity, "it works", "--wait", "sent"]);
    assert_eq!(sent["state"], "sent");
}
