//! Senders who send what they should not, and servers that tamper. (The published attacks are in
//! `eth`.)

use dreiklang_engine::{
    Command,
    view::{self, Content, Notes},
};
use dreiklang_wire::{
    csp::payload::{Flags, FromServer, Message, ToServer},
    e2e::MessageType,
    id::MessageId,
};

use crate::{
    common::forge::Forge,
    world::{ALICE, BOB, World},
};

/// Bob's pen, writing to Alice.
pub(crate) fn pen(world: &mut World) -> Forge {
    let now = world.now;
    let secret = world.device(BOB).secret_key();
    let (sender, receiver) = (world.identities[BOB], world.identities[ALICE]);
    let key = secret.agree(&world.server.keys[&receiver]);
    Forge {
        sender,
        receiver,
        key,
        now_ms: now.as_ms(),
    }
}

fn is_acknowledged(world: &mut World, message: &Message) -> bool {
    let ack = ToServer::MessageAck {
        sender: message.sender,
        id: message.id,
    };
    world
        .device(ALICE)
        .uplink
        .drain(..)
        .any(|payload| payload == ack)
}

#[test]
fn what_no_sender_writes_is_discarded_with_an_ack() {
    let mut world = World::friends();
    let forge = pen(&mut world);
    let id = |number| MessageId([number; 8]);
    let text = |mut plain: Vec<u8>| {
        plain.splice(0..0, *b"\x01hello");
        plain
    };
    let good = forge.message(1, b"\x01hello");
    let mut tampered_body = forge.message(2, b"\x01hello");
    *tampered_body.body.last_mut().unwrap() ^= 1;
    let mut tampered_metadata = forge.message(3, b"\x01hello");
    *tampered_metadata.metadata.last_mut().unwrap() ^= 1;
    let other_receiver = Message {
        receiver: "ECHOECHO".parse().unwrap(),
        ..good.clone()
    };
    let own = Message {
        sender: good.receiver,
        ..good.clone()
    };
    for (what, message) in [
        ("changed body", tampered_body),
        ("changed metadata", tampered_metadata),
        (
            "another id in the header",
            forge.boxed(id(4), id(5), 4, &text(vec![40; 40])),
        ),
        (
            "no padding",
            forge.boxed(id(6), id(6), 6, &text(vec![0; 40])),
        ),
        (
            "too much padding",
            forge.boxed(id(7), id(7), 7, &text(vec![200; 40])),
        ),
        ("forbidden type", forge.message(8, b"\xffhello")),
        ("type zero", forge.message(9, b"\x00hello")),
        ("unknown type", forge.message(10, b"\x77hello")),
        ("broken text", forge.message(11, b"\x01\xff\xfe")),
        ("broken receipt", forge.message(12, b"\x80\x01abc")),
        ("a type of one service", forge.message(13, b"\xfe{}")),
        ("a type of the other service", forge.message(14, b"\xfdxx")),
        ("empty without forward security", forge.message(15, b"\xfc")),
        ("somebody else's message", other_receiver),
        ("a message of our own", own),
    ] {
        world.inject(ALICE, FromServer::Message(message.clone()));
        assert!(is_acknowledged(&mut world, &message), "{what}");
        assert_eq!(world.count(ALICE, "messages"), 0, "{what}");
    }
    world.inject(ALICE, FromServer::Message(good));
    assert_eq!(
        world.texts(ALICE, BOB),
        ["hello"],
        "the forge itself writes correctly"
    );
}

#[test]
fn an_id_is_shown_once_even_under_another_nonce() {
    let mut world = World::friends();
    let forge = pen(&mut world);
    let mut plain = b"\x01hello".to_vec();
    plain.resize(46, 40);
    for nonce in [1, 2] {
        let message = forge.boxed(MessageId([1; 8]), MessageId([1; 8]), nonce, &plain);
        world.inject(ALICE, FromServer::Message(message.clone()));
        assert!(is_acknowledged(&mut world, &message));
    }
    assert_eq!(world.texts(ALICE, BOB), ["hello"]);
}

#[test]
fn flags_about_acks_and_receipts_are_followed() {
    let mut world = World::friends();
    let forge = pen(&mut world);
    let message = Message {
        flags: Flags(0x81),
        ..forge.message(1, b"\x01no receipt")
    };
    world.inject(ALICE, FromServer::Message(message.clone()));
    assert_eq!(world.outbox_len(ALICE), 0);
    assert!(is_acknowledged(&mut world, &message));
    let up_to = world.timeline(ALICE, BOB)[0].position;
    world
        .ask(
            ALICE,
            Command::MarkRead {
                conversation: forge.sender.into(),
                up_to,
            },
        )
        .unwrap();
    assert_eq!(world.outbox_len(ALICE), 0);
    let message = Message {
        flags: Flags(0x05),
        ..forge.message(2, b"\x01no ack")
    };
    world.inject(ALICE, FromServer::Message(message.clone()));
    assert!(!is_acknowledged(&mut world, &message));
    assert_eq!(world.texts(ALICE, BOB), ["no receipt", "no ack"]);
}

#[test]
fn a_message_without_metadata_is_marked() {
    let mut world = World::friends();
    let forge = pen(&mut world);
    let mut nickname = [0; 32];
    nickname[..6].copy_from_slice(b"Legacy");
    let legacy = Message {
        metadata: vec![],
        nickname,
        ..forge.message(1, b"\x01old client")
    };
    world.inject(ALICE, FromServer::Message(legacy));
    let message = &world.timeline(ALICE, BOB)[0];
    assert_eq!(
        message.notes,
        Notes {
            without_metadata: true,
            ..Notes::default()
        }
    );
    assert_eq!(message.created_at.as_ms() / 1_000, forge.now_ms / 1_000);
    let bob = view::contact(&world.device(ALICE).conn, forge.sender)
        .unwrap()
        .unwrap();
    assert_eq!(bob.nickname, "Legacy");
}

#[test]
fn a_clock_that_is_far_ahead_is_marked() {
    let mut world = World::friends();
    let mut forge = pen(&mut world);
    forge.now_ms += 21 * 60 * 1_000;
    world.inject(
        ALICE,
        FromServer::Message(forge.message(1, b"\x01from the future")),
    );
    assert!(world.timeline(ALICE, BOB)[0].notes.clock_ahead);
}

#[test]
fn what_this_version_does_not_show_is_kept_for_one_that_does() {
    let mut world = World::friends();
    let forge = pen(&mut world);
    let location = b"\x10a place as later versions may write it";
    let message = forge.message(1, location);
    world.inject(ALICE, FromServer::Message(message.clone()));
    assert_eq!(
        world.outbox_len(ALICE),
        1,
        "it has arrived, and the sender is told"
    );
    assert!(is_acknowledged(&mut world, &message));
    let shown = world.timeline(ALICE, BOB);
    let expected = Content::Unsupported {
        message_type: MessageType::LOCATION,
    };
    assert_eq!(
        shown.iter().map(|m| &m.content).collect::<Vec<_>>(),
        [&expected]
    );

    // What works behind the conversation is kept as well, but nobody sees it.
    let envelope = forge.message(2, &[&[0xa0][..], &[7; 52]].concat());
    world.inject(ALICE, FromServer::Message(envelope.clone()));
    assert!(is_acknowledged(&mut world, &envelope));
    assert_eq!(world.timeline(ALICE, BOB).len(), 1);
    let mut statement = world
        .device(ALICE)
        .conn
        .prepare("SELECT container FROM messages ORDER BY position")
        .unwrap();
    let kept: Vec<Vec<u8>> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0], location);
    drop(statement);
    let list = view::conversations(&world.device(ALICE).conn).unwrap();
    assert_eq!(list[0].unread_count, 1);
}
