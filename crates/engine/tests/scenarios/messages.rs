//! Texts, receipts and typing between people who know each other.

use dreiklang_engine::{
    Command, Event, Input, Refusal, Reply, Settings,
    view::{self, MessageState, Position},
};
use dreiklang_wire::{
    csp::payload::{FromServer, ToServer},
    id::Identity,
};

use crate::world::{ALICE, BOB, CAROL, World};

fn newest(world: &World, who: usize, whom: usize) -> Position {
    world.timeline(who, whom).last().unwrap().position
}

#[test]
fn a_text_arrives_and_every_state_comes_back() {
    let mut world = World::friends();
    let sent = world.send(ALICE, BOB, "Grüezi 👋");
    assert_eq!(sent.state, MessageState::Pending);
    world.flush_uplink(ALICE);
    world.flush_downlink(ALICE);
    assert_eq!(world.states(ALICE, BOB), [MessageState::Sent]);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["Grüezi 👋"]);
    assert_eq!(world.states(BOB, ALICE), [MessageState::IncomingUnread]);
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);

    let up_to = newest(&world, BOB, ALICE);
    let contact = world.identities[ALICE];
    assert_eq!(
        world.ask(
            BOB,
            Command::MarkRead {
                conversation: contact.into(),
                up_to
            }
        ),
        Ok(Reply::Done)
    );
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Read]);
    assert_eq!(world.states(BOB, ALICE), [MessageState::IncomingRead]);
    assert_eq!((world.outbox_len(ALICE), world.outbox_len(BOB)), (0, 0));
    let received = &world.timeline(BOB, ALICE)[0];
    assert_eq!(received.notes, view::Notes::default());
    assert_eq!(received.id, sent.id);
    assert_eq!(received.created_at, sent.created_at);
}

#[test]
fn nicknames_travel_inside_the_box_only() {
    let mut world = World::friends();
    world.send(ALICE, BOB, "hi");
    world.settle();
    let alice = world.identities[ALICE];
    let contact = view::contact(&world.device(BOB).conn, alice)
        .unwrap()
        .unwrap();
    assert_eq!(contact.nickname, "nick0");
    assert_eq!(contact.display_name(), "~nick0");
    assert!(
        world
            .server
            .recorded
            .iter()
            .all(|message| message.nickname == [0; 32])
    );

    assert_eq!(
        world.ask(ALICE, Command::SetNickname(String::new())),
        Ok(Reply::Done)
    );
    world.send(ALICE, BOB, "no name any more");
    world.settle();
    let contact = view::contact(&world.device(BOB).conn, alice)
        .unwrap()
        .unwrap();
    assert_eq!(contact.display_name(), "TEST0000");
}

#[test]
fn a_batch_gets_one_receipt() {
    let mut world = World::friends();
    world.disconnect(BOB);
    for number in 0..900 {
        world.send(ALICE, BOB, &number.to_string());
    }
    world.settle();
    assert_eq!(world.server.queued(world.identities[BOB]), 900);
    world.server.recorded.clear();
    world.connect(BOB);
    world.settle();
    let receipts = world.server.recorded.len();
    assert_eq!(receipts, 2, "900 ids at 875 each");
    assert_eq!(world.server.queued(world.identities[BOB]), 0);
    let expected: Vec<_> = (0..900).map(|number| number.to_string()).collect();
    assert_eq!(world.texts(BOB, ALICE), expected);
    assert!(
        world
            .states(ALICE, BOB)
            .iter()
            .all(|state| *state == MessageState::Delivered)
    );
}

#[test]
fn what_is_written_offline_is_sent_in_order_on_the_next_connection() {
    let mut world = World::friends();
    world.disconnect(ALICE);
    let expected: Vec<_> = (0..600).map(|number| format!("offline {number}")).collect();
    for text in &expected {
        world.send(ALICE, BOB, text);
    }
    assert!(world.device(ALICE).uplink.is_empty());
    world.restart(ALICE);
    world.connect(ALICE);
    assert_eq!(
        world.device(ALICE).uplink.len(),
        256,
        "the window is bounded"
    );
    world.give(ALICE, Input::Timeout);
    assert_eq!(world.device(ALICE).uplink.len(), 256, "also later");
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), expected);
    assert_eq!(world.outbox_len(ALICE), 0);
}

#[test]
fn a_resent_message_is_byte_identical() {
    let mut world = World::friends();
    world.send(ALICE, BOB, "twice");
    let first: Vec<_> = world.device(ALICE).uplink.drain(..).collect();
    world.disconnect(ALICE);
    world.restart(ALICE);
    world.connect(ALICE);
    let second: Vec<_> = world.device(ALICE).uplink.drain(..).collect();
    assert_eq!(first, second);
    assert!(matches!(first.as_slice(), [ToServer::Message(_)]));
}

#[test]
fn settings_decide_about_read_receipts_and_typing() {
    let mut world = World::friends();
    let silent = Settings {
        read_receipts: false,
        typing_indicators: false,
        block_unknown: false,
        contact_sync: false,
        ..Settings::default()
    };
    assert_eq!(
        world.ask(BOB, Command::SetSettings(silent)),
        Ok(Reply::Done)
    );
    world.send(ALICE, BOB, "seen?");
    world.settle();
    let (contact, up_to) = (world.identities[ALICE], newest(&world, BOB, ALICE));
    assert_eq!(
        world.ask(
            BOB,
            Command::MarkRead {
                conversation: contact.into(),
                up_to
            }
        ),
        Ok(Reply::Done)
    );
    let typing = Command::Typing {
        to: contact,
        on: true,
    };
    assert_eq!(world.ask(BOB, typing), Ok(Reply::Done));
    assert!(world.device(BOB).uplink.is_empty());
    assert_eq!(world.states(BOB, ALICE), [MessageState::IncomingRead]);
    assert_eq!(view::settings(&world.device(BOB).conn).unwrap(), silent);
}

#[test]
fn typing_is_repeated_shown_and_forgotten() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    let typing = |to, on| Command::Typing { to, on };
    let shown = |on| Event::Typing { contact: alice, on };
    world.take_events(BOB);
    world.ask(ALICE, typing(bob, true)).unwrap();
    world.settle();
    assert_eq!(world.take_events(BOB), [shown(true)]);
    // Repeated every 10 seconds, so it does not run out after 15.
    for _ in 0..5 {
        world.pass_ms(10_000);
        world.settle();
    }
    assert_eq!(world.take_events(BOB), []);
    // Nobody confirmed for a minute: the sender stops by itself.
    world.pass_ms(10_000);
    world.settle();
    assert_eq!(world.take_events(BOB), [shown(false)]);
    assert_eq!(
        (world.outbox_len(ALICE), world.count(BOB, "messages")),
        (0, 0)
    );

    // The connection breaks while typing: the other side forgets after 15 seconds.
    world.ask(ALICE, typing(bob, true)).unwrap();
    world.settle();
    world.disconnect(ALICE);
    world.pass_ms(14_999);
    assert_eq!(world.take_events(BOB), [shown(true)]);
    world.pass_ms(1);
    assert_eq!(world.take_events(BOB), [shown(false)]);
}

#[test]
fn a_text_ends_the_typing() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world
        .ask(ALICE, Command::Typing { to: bob, on: true })
        .unwrap();
    world.settle();
    world.take_events(BOB);
    world.send(ALICE, BOB, "done");
    world.settle();
    let events = world.take_events(BOB);
    assert!(
        events.contains(&Event::Typing {
            contact: alice,
            on: false
        }),
        "{events:?}"
    );
    world.pass_ms(60_000);
    assert!(
        world.device(ALICE).uplink.is_empty(),
        "no repetition after the text"
    );
}

#[test]
fn a_reference_makes_sending_idempotent() {
    let mut world = World::friends();
    let to = world.identities[BOB];
    let send = |text: &str, reference: &str| Command::SendText {
        to: to.into(),
        text: text.into(),
        quote: None,
        reference: Some(reference.into()),
    };
    let first = world.ask(ALICE, send("once", "r1"));
    let Ok(Reply::Message(first)) = first else {
        panic!("{first:?}")
    };
    world.settle();
    let Ok(Reply::Message(again)) = world.ask(ALICE, send("once", "r1")) else {
        panic!()
    };
    assert_eq!((again.position, again.id), (first.position, first.id));
    assert_eq!(
        again.state,
        MessageState::Delivered,
        "the reply tells how it stands now"
    );
    assert_eq!(
        world.ask(ALICE, send("other", "r1")),
        Err(Refusal::ReferenceReused)
    );
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["once"]);
}

#[test]
fn what_cannot_be_sent_is_refused_and_changes_nothing() {
    let mut world = World::new(3);
    world.befriend(ALICE, BOB);
    let send = |to: Identity, text: String| Command::SendText {
        to: to.into(),
        text,
        quote: None,
        reference: None,
    };
    let [alice, bob, carol] = world.identities[..] else {
        panic!()
    };
    for (command, refusal) in [
        (send(bob, String::new()), Refusal::TextEmpty),
        (
            send(bob, "ä".repeat(3_001)),
            Refusal::TextTooLong {
                size_bytes: 6_002,
                limit_bytes: 6_000,
            },
        ),
        (send(alice, "me".into()), Refusal::OwnIdentity),
        (send(carol, "who".into()), Refusal::UnknownContact(carol)),
    ] {
        assert_eq!(world.ask(ALICE, command), Err(refusal));
    }
    assert_eq!(
        (world.outbox_len(ALICE), world.count(ALICE, "messages")),
        (0, 0)
    );
    let longest = "x".repeat(6_000);
    world.send(ALICE, BOB, &longest);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), [longest]);
    assert_eq!(world.texts(CAROL, ALICE), [""; 0]);
}

#[test]
fn the_server_is_heard() {
    let mut world = World::friends();
    world.take_events(ALICE);
    world.inject(ALICE, FromServer::EchoRequest(vec![1, 2, 3]));
    assert_eq!(
        world.device(ALICE).uplink.pop_back(),
        Some(ToServer::EchoResponse(vec![1, 2, 3]))
    );
    world.inject(ALICE, FromServer::Alert("maintenance".into()));
    world.inject(ALICE, FromServer::Unknown(0x77));
    let closed = FromServer::CloseError {
        can_reconnect: false,
        text: "bye".into(),
    };
    world.inject(ALICE, closed);
    assert_eq!(
        world.take_events(ALICE),
        [
            Event::Alert("maintenance".into()),
            Event::ClosedByServer {
                can_reconnect: false,
                text: "bye".into()
            },
        ]
    );
    assert!(world.device(ALICE).wants_disconnect.is_some());
}

#[test]
fn the_conversation_list_knows_the_newest_and_the_unread() {
    let mut world = World::new(3);
    world.befriend(BOB, ALICE);
    world.befriend(CAROL, ALICE);
    world.send(BOB, ALICE, "from bob");
    world.settle();
    world.send(CAROL, ALICE, "from carol");
    world.send(CAROL, ALICE, "and again");
    world.settle();
    let list = view::conversations(&world.device(ALICE).conn).unwrap();
    let lines: Vec<_> = list
        .iter()
        .map(|line| {
            let text = crate::world::text_of(&line.last_message);
            (line.id, text, line.unread_count)
        })
        .collect();
    let [_, bob, carol] = world.identities[..] else {
        panic!()
    };
    assert_eq!(
        lines,
        [
            (carol.into(), "and again".into(), 2),
            (bob.into(), "from bob".into(), 1)
        ]
    );

    let first = world.timeline(ALICE, CAROL)[0].position;
    world
        .ask(
            ALICE,
            Command::MarkRead {
                conversation: carol.into(),
                up_to: first,
            },
        )
        .unwrap();
    let list = view::conversations(&world.device(ALICE).conn).unwrap();
    assert_eq!(list[0].unread_count, 1);
    let page = view::timeline(&world.device(ALICE).conn, &carol.into(), None, 1).unwrap();
    assert_eq!(crate::world::text_of(&page[0]), "and again");
    let before = Some(page[0].position);
    let page = view::timeline(&world.device(ALICE).conn, &carol.into(), before, 10).unwrap();
    assert_eq!(page.len(), 1);
}
