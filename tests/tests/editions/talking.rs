//! S15 and S20: people of all editions of an instance talk to each other as if there were one.
//! What a conversation consists of is in `directions`.

use serde_json::{Value, json};

use crate::common::Running;
use crate::directions::{self, Direction, told};
use crate::world::{self, Person};

/// What both apps have to show about a plain text: both kinds of delivery receipt, and who types.
pub(crate) fn all_from(from: &Person, at_from: &mut Running, to: &Person, at_to: &mut Running) {
    let text = format!("{} to {}: grüezi 👋", from.name, to.name);
    let sent = at_from.ask(&json!({ "command": "send", "to": to.identity, "text": text }));
    let got = at_to.until(|line| line["event"] == "message");
    assert_eq!(got["text"], json!(text));
    assert_eq!(got["contact"], json!(from.identity));
    assert_eq!(got["message_id"], sent["message_id"]);
    assert_eq!(got["notes"], Value::Null, "nothing odd: {got}");
    let is_now = |line: &Value, state: &str| {
        line["event"] == "state"
            && line["message_id"] == sent["message_id"]
            && line["state"] == state
    };
    at_from.until(|line| is_now(line, "delivered"));
    let position = &got["position"];
    at_to.ask(&json!({ "command": "mark_read", "contact": from.identity, "position": position }));
    at_from.until(|line| is_now(line, "read"));
    // The other way round, because nobody hears of it who has not written.
    for is_typing in [true, false] {
        at_to.ask(&json!({ "command": "typing", "to": from.identity, "is_typing": is_typing }));
        at_from.until(|line| {
            line["event"] == "typing"
                && line["contact"] == json!(to.identity)
                && line["is_typing"] == is_typing
        });
    }
}

fn all_in_both_directions(one: &Person, other: &Person) {
    let (mut at_one, mut at_other) = directions::online(one, other);
    all_from(one, &mut at_one, other, &mut at_other);
    all_from(other, &mut at_other, one, &mut at_one);
    let mut there = Direction {
        from: one,
        to: other,
        at_from: &mut at_one,
        at_to: &mut at_other,
    };
    there.everything();
    let mut back = Direction {
        from: other,
        to: one,
        at_from: &mut at_other,
        at_to: &mut at_one,
    };
    back.everything();
}

#[test]
fn s15_features_are_the_same_in_every_direction() {
    let open = world::open();
    let org = open.org("Acme", 0);
    let private = |name: &str| told(&open, open.private(name));
    let work = |name: &str| told(&open, open.work(name, &org.credential(&open, name)));
    let (private, friend) = (private("private"), private("friend"));
    let (member, colleague) = (work("member"), work("colleague"));
    all_in_both_directions(&private, &friend);
    all_in_both_directions(&private, &member);
    all_in_both_directions(&member, &colleague);

    let closed = world::closed();
    let org = closed.org("Office", 0);
    let onprem = |name: &str| {
        let person = closed.onprem(name, &org.credential(&closed, name));
        told(&closed, person)
    };
    all_in_both_directions(&onprem("anna"), &onprem("ben"));
}

#[test]
fn s20_private_and_work_talk_without_restriction() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let anna = world.private("anna");
    let ben = world.work("ben", &org.credential(&world, "ben"));
    assert_eq!(ben.json(&["policy"])["parameters"], json!({}));
    // Each finds the other by the ID alone, without a licence and without being listed anywhere.
    for (one, other, kind) in [(&anna, &ben, 1), (&ben, &anna, 0)] {
        let path = format!("/identity/{}", other.identity);
        let found = world.anybody().get(&path).unwrap();
        assert_eq!(found.status, 200, "{}", found.text());
        assert_eq!(found.json()["type"], kind, "{}", found.text());
        let contact = one.json(&["contact", "add", &other.identity]);
        assert_eq!(contact["state"], "active");
    }
    // Strangers reach people who do not know them, from either side.
    let carla = world.private("carla");
    let dora = world.work("dora", &org.credential(&world, "dora"));
    for (from, to) in [
        (&anna, &dora),
        (&ben, &carla),
        (&carla, &ben),
        (&dora, &anna),
    ] {
        if from.json(&["contact", "list"])["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["identity"] != json!(to.identity))
        {
            from.json(&["contact", "add", &to.identity]);
        }
        let text = format!("{} to {}", from.name, to.name);
        from.json(&["send", &to.identity, &text, "--wait", "sent"]);
        let lines = to.json_lines(&["receive", "--until-idle"]);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0]["text"], json!(text));
    }
}
