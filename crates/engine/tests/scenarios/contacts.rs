//! How contacts come and go, and who is heard.

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_engine::{
    Command, DisconnectReason, Event, HttpFault, HttpResponse, Input, Refusal, Reply, Settings,
    view::{self, ActivityState, Content, Notice, VerificationLevel},
};
use dreiklang_wire::{csp::payload::ToServer, id::Identity};

use crate::world::{ALICE, BOB, CAROL, World};

fn add(identity: Identity) -> Command {
    Command::AddContact {
        identity,
        public_key: None,
        name: None,
    }
}

#[test]
fn a_scanned_key_verifies_and_a_wrong_one_is_refused() {
    let mut world = World::new(2);
    let bob = world.identities[BOB];
    let link = view::me(&world.device(BOB).conn).unwrap().unwrap().link();
    let wrong = SecretKey::generate(&mut SeededRng::new(9)).public();
    let scan = |public_key| Command::AddContact {
        identity: bob,
        public_key: Some(public_key),
        name: Some("Bob".into()),
    };
    assert_eq!(
        world.ask(ALICE, scan(wrong)),
        Err(Refusal::KeyMismatch(bob))
    );
    assert_eq!(view::contacts(&world.device(ALICE).conn).unwrap(), []);
    let Ok(Reply::Contact(plain)) = world.ask(ALICE, add(bob)) else {
        panic!()
    };
    assert_eq!(plain.verification_level, VerificationLevel::Unverified);
    assert_eq!(
        world.ask(ALICE, scan(wrong)),
        Err(Refusal::KeyMismatch(bob))
    );
    let Ok(Reply::Contact(scanned)) = world.ask(ALICE, scan(link.public_key)) else {
        panic!()
    };
    assert_eq!(scanned.verification_level, VerificationLevel::Verified);
    assert_eq!(scanned.display_name(), "Bob");
    let Ok(Reply::Contact(again)) = world.ask(ALICE, add(bob)) else {
        panic!()
    };
    assert_eq!(again, scanned, "adding again takes nothing away");
}

#[test]
fn who_does_not_exist_cannot_be_added() {
    let mut world = World::new(1);
    let nobody: Identity = "NOBODY00".parse().unwrap();
    let me = world.identities[ALICE];
    assert_eq!(
        world.ask(ALICE, add(nobody)),
        Err(Refusal::UnknownIdentity(nobody))
    );
    assert_eq!(world.ask(ALICE, add(me)), Err(Refusal::OwnIdentity));
}

#[test]
fn the_directory_may_fail_or_lie() {
    let mut world = World::new(2);
    let (now, bob) = (world.now, world.identities[BOB]);
    let zeros = "A".repeat(43);
    let low_order = format!(
        "{{\"identity\":\"{bob}\",\"publicKey\":\"{zeros}=\",\"featureMask\":0,\"state\":0,\
         \"type\":0}}"
    );
    let our_key = world.server.keys[&world.identities[ALICE]];
    let real_key = world.server.keys.insert(bob, our_key).unwrap();
    let ours = world
        .server
        .http(&fetch(&format!("identity/{bob}")))
        .unwrap();
    world.server.keys.insert(bob, real_key);
    let mut other = world.server.http(&fetch("identity/TEST0000")).unwrap();
    for (result, refusal) in [
        (Err(HttpFault::TimedOut), Refusal::Http(HttpFault::TimedOut)),
        (
            Ok(HttpResponse {
                status: 429,
                body: vec![],
            }),
            Refusal::RateLimited,
        ),
        (
            Ok(HttpResponse {
                status: 500,
                body: vec![],
            }),
            Refusal::BadAnswer,
        ),
        (
            Ok(HttpResponse {
                status: 200,
                body: b"<html>".to_vec(),
            }),
            Refusal::BadAnswer,
        ),
        (
            Ok(HttpResponse {
                status: 200,
                body: low_order.into_bytes(),
            }),
            Refusal::BadKey(bob),
        ),
        (Ok(ours), Refusal::BadKey(bob)),
        (
            Ok(HttpResponse {
                status: 200,
                body: std::mem::take(&mut other.body),
            }),
            Refusal::BadAnswer,
        ),
    ] {
        let ticket = world.device(ALICE).command(now, add(bob));
        let (id, _) = world.device(ALICE).requests.pop_front().unwrap();
        world.give(ALICE, Input::HttpDone(id, result));
        assert_eq!(
            world.device(ALICE).replies.remove(&ticket),
            Some(Err(refusal))
        );
    }
    assert_eq!(world.count(ALICE, "contacts"), 0);
}

fn fetch(path: &str) -> dreiklang_engine::HttpRequest {
    dreiklang_engine::HttpRequest::get(path)
}

#[test]
fn messages_of_strangers_wait_for_the_lookup_in_order() {
    let mut world = World::new(3);
    world.befriend(BOB, ALICE);
    world.befriend(CAROL, ALICE);
    world.befriend(ALICE, CAROL);
    for text in ["one", "two"] {
        world.send(BOB, ALICE, text);
    }
    world.send(CAROL, ALICE, "known");
    world.flush_uplink(BOB);
    world.flush_uplink(CAROL);
    world.flush_downlink(ALICE);
    // Carol is known and heard at once; Bob waits, unacknowledged.
    assert_eq!(world.texts(ALICE, CAROL), ["known"]);
    assert_eq!(world.texts(ALICE, BOB), [""; 0]);
    assert_eq!(world.device(ALICE).requests.len(), 1);
    world.send(BOB, ALICE, "three");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    assert_eq!(
        world.device(ALICE).requests.len(),
        1,
        "one lookup at a time"
    );
    let acknowledged = |payload: &ToServer| matches!(payload, ToServer::MessageAck { .. });
    let count = world
        .device(ALICE)
        .uplink
        .iter()
        .filter(|p| acknowledged(p))
        .count();
    assert_eq!(count, 1);
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["one", "two", "three"]);
    assert_eq!(world.server.queued(world.identities[ALICE]), 0);
    let identity = world.identities[BOB];
    let bob = view::contact(&world.device(ALICE).conn, identity)
        .unwrap()
        .unwrap();
    assert_eq!(bob.verification_level, VerificationLevel::Unverified);
    assert_eq!(bob.nickname, "nick1");
}

#[test]
fn a_failed_lookup_costs_a_connection_but_no_message() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    world.send(BOB, ALICE, "one");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    let (id, _) = world.device(ALICE).requests.pop_front().unwrap();
    world.give(ALICE, Input::HttpDone(id, Err(HttpFault::Unreachable)));
    assert!(world.device(ALICE).wants_disconnect.is_some());
    // What comes before the connection really ends must not overtake what was let go.
    world.send(BOB, ALICE, "two");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    world.pass_ms(10_000);
    world.answer_http(ALICE);
    world.flush_uplink(ALICE);
    assert_eq!(world.server.queued(world.identities[ALICE]), 2);
    assert_eq!(world.texts(ALICE, BOB), [""; 0]);
    world.disconnect(ALICE);
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["one", "two"]);
}

#[test]
fn a_failing_directory_gets_some_rest() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    world.send(BOB, ALICE, "one");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    let (id, _) = world.device(ALICE).requests.pop_front().unwrap();
    let limited = HttpResponse {
        status: 429,
        body: vec![],
    };
    world.give(ALICE, Input::HttpDone(id, Ok(limited)));
    world.disconnect(ALICE);
    world.connect(ALICE);
    world.flush_downlink(ALICE);
    assert!(world.device(ALICE).requests.is_empty());
    world.pass_ms(9_999);
    assert!(world.device(ALICE).requests.is_empty());
    world.pass_ms(1);
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["one"]);
}

#[test]
fn more_than_fits_in_memory_comes_in_several_connections() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    world.disconnect(ALICE);
    let expected: Vec<_> = (0..800).map(|number| format!("{number:06000}")).collect();
    for text in &expected {
        world.send(BOB, ALICE, text);
    }
    world.settle();
    world.connect(ALICE);
    world.flush_downlink(ALICE);
    world.answer_http(ALICE);
    let wants = world.device(ALICE).wants_disconnect;
    assert_eq!(wants, Some(DisconnectReason::Overflow));
    let taken = world.texts(ALICE, BOB);
    assert!((500..800).contains(&taken.len()), "{}", taken.len());
    assert_eq!(taken, expected[..taken.len()]);
    world.flush_uplink(ALICE);
    world.disconnect(ALICE);
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), expected);
}

#[test]
fn the_queue_is_drained_when_the_last_stranger_is_looked_up() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    world.disconnect(ALICE);
    world.send(BOB, ALICE, "while away");
    world.settle();
    world.connect(ALICE);
    world.take_events(ALICE);
    world.flush_downlink(ALICE);
    assert!(!world.take_events(ALICE).contains(&Event::QueueDrained));
    world.settle();
    let events = world.take_events(ALICE);
    let at = |wanted: fn(&Event) -> bool| events.iter().position(wanted);
    let message = at(|event| matches!(event, Event::Message(_)));
    let drained = at(|event| *event == Event::QueueDrained);
    assert!(message.is_some() && message < drained, "{events:?}");
}

#[test]
fn strangers_who_do_not_exist_are_discarded() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    world.send(BOB, ALICE, "ghost");
    world.server.revoked.insert(world.identities[BOB]);
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), [""; 0]);
    assert_eq!(world.count(ALICE, "contacts"), 0);
    assert_eq!(
        world.server.queued(world.identities[ALICE]),
        0,
        "discarded with ack"
    );
}

#[test]
fn strangers_who_claim_our_key_are_discarded() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    world.send(BOB, ALICE, "mirror");
    let our_key = world.server.keys[&world.identities[ALICE]];
    let bob = world.identities[BOB];
    world.server.keys.insert(bob, our_key);
    world.settle();
    assert_eq!(world.count(ALICE, "contacts"), 0);
    assert_eq!(world.server.queued(world.identities[ALICE]), 0);
    // The verdict is remembered, so the next message costs no lookup.
    world.send(BOB, ALICE, "mirror");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    assert!(world.device(ALICE).requests.is_empty());
    world.pass_ms(10 * 60 * 1_000);
    world.send(BOB, ALICE, "mirror");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    assert_eq!(world.device(ALICE).requests.len(), 1);
}

#[test]
fn blocked_people_are_not_heard_and_not_told() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.ask(ALICE, Command::Block(bob)).unwrap();
    world.server.recorded.clear();
    world.send(BOB, ALICE, "hello?");
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), [""; 0]);
    assert_eq!(
        world.server.recorded.len(),
        1,
        "no receipt for a blocked sender"
    );
    let text = Command::SendText {
        to: bob.into(),
        text: "x".into(),
        quote: None,
        reference: None,
    };
    assert_eq!(world.ask(ALICE, text), Err(Refusal::ContactBlocked(bob)));
    world.ask(ALICE, Command::Unblock(bob)).unwrap();
    world.send(BOB, ALICE, "now?");
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["now?"]);
}

#[test]
fn unknown_people_can_be_kept_out() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    let strict = Settings {
        read_receipts: true,
        typing_indicators: true,
        block_unknown: true,
        contact_sync: false,
        ..Settings::default()
    };
    world.ask(ALICE, Command::SetSettings(strict)).unwrap();
    world.send(BOB, ALICE, "spam");
    world.settle();
    assert_eq!(
        (
            world.count(ALICE, "contacts"),
            world.count(ALICE, "messages")
        ),
        (0, 0)
    );
    assert_eq!(world.server.queued(world.identities[ALICE]), 0);
    world.befriend(ALICE, BOB);
    world.send(BOB, ALICE, "friend");
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["friend"]);
}

#[test]
fn typing_of_a_stranger_creates_no_contact() {
    let mut world = World::new(2);
    world.befriend(BOB, ALICE);
    let alice = world.identities[ALICE];
    world
        .ask(
            BOB,
            Command::Typing {
                to: alice,
                on: true,
            },
        )
        .unwrap();
    world.settle();
    assert_eq!(world.count(ALICE, "contacts"), 0);
}

#[test]
fn a_removed_contact_keeps_its_key_and_comes_back_with_a_message() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.send(BOB, ALICE, "before");
    world.settle();
    world.ask(ALICE, Command::RemoveContact(bob)).unwrap();
    assert_eq!(view::contacts(&world.device(ALICE).conn).unwrap(), []);
    assert_eq!(view::conversations(&world.device(ALICE).conn).unwrap(), []);
    assert_eq!(world.count(ALICE, "messages"), 0);
    // The directory now names another key: the pinned one stands.
    let other = SecretKey::generate(&mut SeededRng::new(4)).public();
    world.server.keys.insert(bob, other);
    world.send(BOB, ALICE, "after");
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["after"]);
    assert_eq!(view::contacts(&world.device(ALICE).conn).unwrap().len(), 1);
}

#[test]
fn the_directory_is_asked_what_became_of_contacts() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.send(ALICE, BOB, "still there?");
    world.settle();
    world.server.revoked.insert(bob);
    world.take_events(ALICE);
    world.pass_ms(24 * 60 * 60 * 1_000);
    world.settle();
    assert!(
        world
            .take_events(ALICE)
            .contains(&Event::ContactChanged(bob))
    );
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert_eq!(contact.activity_state, ActivityState::Invalid);
    // The conversation says so, once, and it is no message to be read.
    let revoked = |world: &World| {
        let timeline = world.timeline(ALICE, BOB);
        let notices = timeline.iter().filter(|message| {
            message.sender == bob && message.content == Content::Notice(Notice::IdentityRevoked)
        });
        notices.count()
    };
    assert_eq!(revoked(&world), 1);
    let list = view::conversations(&world.device(ALICE).conn).unwrap();
    assert_eq!(list[0].unread_count, 0);
    let text = Command::SendText {
        to: bob.into(),
        text: "x".into(),
        quote: None,
        reference: None,
    };
    assert_eq!(world.ask(ALICE, text), Err(Refusal::ContactInvalid(bob)));
    // Revoked is for ever, whatever the directory says later.
    world.server.revoked.clear();
    world.pass_ms(24 * 60 * 60 * 1_000);
    world.settle();
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert_eq!(contact.activity_state, ActivityState::Invalid);
    assert_eq!(revoked(&world), 1);
}
