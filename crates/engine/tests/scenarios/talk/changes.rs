//! Editing and deleting: by the author only, within six hours, and what it leaves behind.

use dreiklang_engine::view::{MessageState, Quote};
use dreiklang_wire::csp::payload::FromServer;

use super::*;
use crate::{
    groups::{DAVE, team},
    hostile::pen,
    world::{ALICE, BOB, CAROL},
};

#[test]
fn an_edit_arrives_with_what_was_said_before() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    let question = world.send(BOB, ALICE, "When?");
    world.settle();
    let quoted = world.last(ALICE, bob).position;
    let sent = world.made(ALICE, text(bob, "at sevn", Some(quoted)));
    world.settle();
    world.take_events(BOB);
    world.pass_ms(1_000);
    let edited_at = world.now;
    world.change(ALICE, edit(sent.position, "at seven"));
    world.settle();
    world.pass_ms(1_000);
    world.change(ALICE, edit(sent.position, "at eight"));
    world.settle();
    assert_eq!(world.changes(BOB), 2);
    for (who, with) in [(ALICE, bob), (BOB, alice)] {
        let message = world.last(who, with);
        assert_eq!(says(&message), "at eight");
        assert_eq!(message.changed_at, Some(world.now));
        assert_eq!(message.id, sent.id);
        let Some(Quote::Message { content, .. }) = &message.quote else {
            panic!("the quote is gone: {:?}", message.quote)
        };
        assert_eq!(**content, Content::Text("When?".into()));
        let edits = view::edits(&world.device(who).conn, message.position).unwrap();
        let before: Vec<_> = edits
            .iter()
            .map(|edit| (edit.text.as_str(), edit.written_at))
            .collect();
        assert_eq!(
            before,
            [("at sevn", sent.created_at), ("at seven", edited_at)]
        );
    }
    assert_eq!(world.all(BOB, alice).len(), 2, "an edit is no message");
    assert_eq!(world.last(BOB, alice).state, MessageState::IncomingUnread);
    assert_ne!(question.id, sent.id);
}

#[test]
fn what_cannot_be_edited_is_refused() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.send(BOB, ALICE, "theirs");
    world.settle();
    let theirs = world.last(ALICE, bob).position;
    let sent = world.send(ALICE, BOB, "mine");
    world.settle();
    let long = "x".repeat(6_001);
    for (command, refusal) in [
        (edit(theirs, "x"), Refusal::NotOurs),
        (edit(Position(99), "x"), Refusal::UnknownMessage),
        (edit(sent.position, ""), Refusal::TextEmpty),
        (
            edit(sent.position, &long),
            Refusal::TextTooLong {
                size_bytes: 6_001,
                limit_bytes: 6_000,
            },
        ),
    ] {
        assert_eq!(world.ask(ALICE, command), Err(refusal));
    }
    world.change(ALICE, edit(sent.position, "mine"));
    assert_eq!(world.outbox_len(ALICE), 0, "nothing new, nothing sent");
    world.believes_old(ALICE, BOB);
    let refused = Err(Refusal::NotSupported(vec![bob]));
    assert_eq!(world.ask(ALICE, edit(sent.position, "x")), refused);
    assert_eq!(world.ask(ALICE, delete(sent.position, true)), refused);
    world.pass_ms(SIX_HOURS_MS + 1);
    assert_eq!(
        world.ask(ALICE, edit(sent.position, "x")),
        Err(Refusal::TooOld)
    );
    let too_old = world.ask(ALICE, delete(sent.position, true));
    assert_eq!(too_old, Err(Refusal::TooOld));
    assert_eq!(says(&world.last(ALICE, bob)), "mine");
}

#[test]
fn the_six_hours_begin_when_the_server_has_it() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.disconnect(ALICE);
    let sent = world.send(ALICE, BOB, "offlien");
    world.pass_ms(SIX_HOURS_MS + 1);
    world.change(ALICE, edit(sent.position, "offline"));
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["offline"]);
    world.pass_ms(SIX_HOURS_MS);
    world.change(ALICE, edit(sent.position, "online"));
    world.settle();
    assert_eq!(says(&world.last(ALICE, bob)), "online");
    assert_eq!(world.texts(BOB, ALICE), ["online"]);
}

#[test]
fn nobody_edits_or_deletes_what_others_wrote() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let sent = world.send(ALICE, BOB, "mine");
    world.settle();
    let forge = pen(&mut world);
    let edited = |kind: u8, id: &[u8; 8]| [&[kind, 0x09][..], id, b"\x12\x04evil"].concat();
    let deleted = |id: &[u8; 8]| [&[0x92, 0x09][..], id].concat();
    for (number, body) in [
        edited(0x91, &sent.id.0),
        deleted(&sent.id.0),
        edited(0x91, b"notthere"),
        deleted(b"notthere"),
        vec![0x91, 0xff],
        vec![0x92, 0x09, 1],
    ]
    .iter()
    .enumerate()
    {
        let number = 10 + u8::try_from(number).unwrap();
        world.inject(ALICE, FromServer::Message(forge.message(number, body)));
    }
    let all = world.all(ALICE, bob);
    assert_eq!(all.len(), 1);
    assert_eq!(says(&all[0]), "mine");
    // Also what was discarded once is not done later.
    let late = forge.message(50, b"\x01late");
    let early = edited(0x91, &late.id.0);
    world.inject(ALICE, FromServer::Message(forge.message(51, &early)));
    world.inject(ALICE, FromServer::Message(late));
    assert_eq!(says(&world.last(ALICE, bob)), "late");
}

#[test]
fn a_receiver_accepts_a_change_at_any_time() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let forge = pen(&mut world);
    world.inject(ALICE, FromServer::Message(forge.message(1, b"\x01frist")));
    world.pass_ms(10 * SIX_HOURS_MS);
    let edit = [&[0x91, 0x09][..], &[1; 8], b"\x12\x05first"].concat();
    world.inject(ALICE, FromServer::Message(forge.message(2, &edit)));
    assert_eq!(says(&world.last(ALICE, bob)), "first");
    let delete = [&[0x92, 0x09][..], &[1; 8]].concat();
    world.inject(ALICE, FromServer::Message(forge.message(3, &delete)));
    assert_eq!(world.last(ALICE, bob).content, Content::Deleted);
}

#[test]
fn after_deletion_for_everyone_nothing_is_left_and_nothing_comes_back() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    let sent = world.send(ALICE, BOB, "secrte");
    world.settle();
    let at_bob = world.last(BOB, alice).position;
    world.change(ALICE, edit(sent.position, "secret"));
    world.settle();
    world.change(BOB, react(at_bob, "👀", true));
    world.made(BOB, text(alice, "I read it", Some(at_bob)));
    let star = Command::Star {
        position: at_bob,
        on: true,
    };
    assert_eq!(world.ask(BOB, star), Ok(Reply::Done));
    world.settle();
    let original = world.server.recorded.clone();
    world.change(ALICE, delete(sent.position, true));
    world.settle();
    for (who, with) in [(ALICE, bob), (BOB, alice)] {
        let [deleted, answer] = &world.all(who, with)[..] else {
            panic!("the place stays")
        };
        assert_eq!(deleted.content, Content::Deleted);
        assert!(deleted.reactions.is_empty() && !deleted.is_starred);
        assert_eq!(deleted.changed_at, Some(world.now));
        let Some(Quote::Message { content, .. }) = &answer.quote else {
            panic!("{:?}", answer.quote)
        };
        assert_eq!(**content, Content::Deleted);
        assert_eq!(world.count(who, "edits"), 0);
        let sql = "SELECT count(*) FROM messages
                   WHERE text LIKE '%secr%' OR container LIKE '%secr%'";
        let conn = &world.device(who).conn;
        assert_eq!(conn.query_row(sql, [], |row| row.get(0)), Ok(0));
    }
    for message in original {
        let who = if message.receiver == alice {
            ALICE
        } else {
            BOB
        };
        world.inject(who, FromServer::Message(message));
    }
    assert_eq!(world.all(BOB, alice)[0].content, Content::Deleted);
    assert_eq!(world.all(BOB, alice).len(), 2);
    for command in [
        edit(sent.position, "again"),
        react(sent.position, "👀", true),
        delete(sent.position, true),
    ] {
        assert_eq!(world.ask(ALICE, command), Err(Refusal::WrongMessageKind));
    }
    let quote = text(bob, "what?", Some(sent.position));
    assert_eq!(world.ask(ALICE, quote), Err(Refusal::UnknownMessage));
}

#[test]
fn deleting_only_here_changes_nothing_elsewhere() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    for number in 0..3 {
        world.send(ALICE, BOB, &number.to_string());
    }
    world.settle();
    let newest = world.last(BOB, alice);
    world.change(BOB, react(newest.position, "👍", true));
    assert_eq!(
        world.ask(BOB, delete(newest.position, false)),
        Ok(Reply::Done)
    );
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["0", "1"]);
    assert_eq!(world.texts(ALICE, BOB), ["0", "1", "2"]);
    assert_eq!(world.count(BOB, "reactions"), 0);
    let list = view::conversations(&world.device(BOB).conn).unwrap();
    assert_eq!(list[0].unread_count, 2);
    assert_eq!(list[0].last_message.content, Content::Text("1".into()));

    // What was not sent yet is not sent any more.
    world.disconnect(ALICE);
    let waiting = world.send(ALICE, BOB, "never mind");
    assert_eq!(
        world.ask(ALICE, delete(waiting.position, false)),
        Ok(Reply::Done)
    );
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["0", "1"]);
    let gone = Err(Refusal::UnknownMessage);
    assert_eq!(world.ask(ALICE, delete(waiting.position, false)), gone);
    assert_eq!(world.last(ALICE, bob).state, MessageState::Delivered);
}

#[test]
fn in_a_group_everybody_whose_app_can_sees_the_change() {
    let (mut world, group) = team();
    let carol = world.identities[CAROL];
    let sent = world.say(ALICE, group, "frist");
    world.settle();
    world.believes_old(ALICE, CAROL);
    let (message, unreached) = world.change(ALICE, edit(sent.position, "first"));
    assert_eq!((says(&message), unreached), ("first", vec![carol]));
    world.settle();
    assert_eq!(says(&world.last(BOB, group)), "first");
    let at_bob = world.last(BOB, group).position;
    assert_eq!(world.ask(BOB, edit(at_bob, "mine")), Err(Refusal::NotOurs));
    assert_eq!(world.ask(BOB, delete(at_bob, true)), Err(Refusal::NotOurs));
    world.change(ALICE, delete(sent.position, true));
    world.settle();
    assert_eq!(world.last(BOB, group).content, Content::Deleted);
    assert_eq!(world.last(CAROL, group).content, Content::Deleted);
    assert_eq!(world.count(DAVE, "messages"), 0);
    world.believes_old(ALICE, BOB);
    let sent = world.say(ALICE, group, "again");
    let refused = world.ask(ALICE, edit(sent.position, "x"));
    assert!(matches!(refused, Err(Refusal::NotSupported(all)) if all.len() == 2));
}

#[test]
fn alone_in_a_group_there_is_no_limit() {
    let mut world = World::new(1);
    let notes: GroupIdentity = world.create_group(ALICE, "Notes", &[]);
    let note = world.say(ALICE, notes, "milk");
    world.pass_ms(10 * SIX_HOURS_MS);
    world.change(ALICE, edit(note.position, "milk, bread"));
    assert_eq!(says(&world.last(ALICE, notes)), "milk, bread");
    world.change(ALICE, delete(note.position, true));
    assert_eq!(world.last(ALICE, notes).content, Content::Deleted);
}

#[test]
fn times_are_those_of_the_steps() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world.disconnect(BOB);
    let sent = world.send(ALICE, BOB, "hi");
    world.pass_ms(1_000);
    let sent_at = world.now;
    world.settle();
    world.pass_ms(1_000);
    let delivered_at = world.now;
    world.connect(BOB);
    world.flush_downlink(BOB);
    world.pass_ms(1_000);
    let read_at = world.now;
    let up_to = world.last(BOB, alice).position;
    let read = Command::MarkRead {
        conversation: alice.into(),
        up_to,
    };
    assert_eq!(world.ask(BOB, read), Ok(Reply::Done));
    world.pass_ms(60_000);
    world.settle();
    let times = view::message_times(&world.device(ALICE).conn, sent.position).unwrap();
    let expected = view::Times {
        sent_at: Some(sent_at),
        delivered_at: Some(delivered_at),
        read_at: Some(read_at),
    };
    assert_eq!(times, Some(expected));
    let times = view::message_times(&world.device(BOB).conn, up_to).unwrap();
    assert_eq!(times.unwrap().read_at, Some(read_at));
    let none = view::message_times(&world.device(BOB).conn, Position(99)).unwrap();
    assert_eq!(none, None);
    assert_eq!(world.last(ALICE, bob).state, MessageState::Read);
}
