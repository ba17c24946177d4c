//! Emojis on messages: of both sides, several, taken off, in legacy form, and hostile ones.

use dreiklang_engine::Person;
use dreiklang_wire::csp::payload::FromServer;

use super::*;
use crate::{
    groups::{DAVE, team},
    hostile::pen,
    world::{ALICE, BOB, CAROL},
};

#[test]
fn both_sides_put_several_on_and_take_them_off() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    let sent = world.send(ALICE, BOB, "Pizza?");
    world.settle();
    let received = world.last(BOB, alice);
    world.take_events(ALICE);
    world.change(BOB, react(received.position, "🍕", true));
    world.settle();
    world.pass_ms(1);
    // Without its variation selector it is the same emoji.
    world.change(BOB, react(received.position, "\u{2764}", true));
    world.settle();
    world.pass_ms(1);
    world.change(ALICE, react(sent.position, "👨‍👩‍👧‍👦", true));
    world.settle();
    assert_eq!(world.changes(ALICE), 3);
    world.restart(ALICE);
    for (who, with) in [(ALICE, bob), (BOB, alice)] {
        let message = world.last(who, with);
        assert_eq!(emojis(&message), [(bob, "🍕"), (bob, "❤️"), (alice, "👨‍👩‍👧‍👦")]);
        let ours: Vec<_> = message.reactions.iter().map(|r| r.is_ours).collect();
        assert_eq!(ours, [who == BOB, who == BOB, who == ALICE]);
    }
    world.connect(ALICE);
    world.change(BOB, react(received.position, "🍕", false));
    world.settle();
    assert_eq!(emojis(&world.last(ALICE, bob)).len(), 2);
    // A reaction is no message of its own, and nobody is told that it arrived.
    assert_eq!(world.all(ALICE, bob).len(), 1);
    assert_eq!((world.outbox_len(ALICE), world.outbox_len(BOB)), (0, 0));
}

#[test]
fn what_is_no_emoji_or_no_message_is_refused() {
    let mut world = World::friends();
    let sent = world.send(ALICE, BOB, "hi");
    for (command, refusal) in [
        (react(sent.position, "ok", true), Refusal::NoEmoji),
        (react(sent.position, "👍👍", true), Refusal::NoEmoji),
        (react(Position(99), "👍", true), Refusal::UnknownMessage),
    ] {
        assert_eq!(world.ask(ALICE, command), Err(refusal));
    }
    assert_eq!(world.outbox_len(ALICE), 1);
}

#[test]
fn an_old_app_gets_thumbs_as_it_knows_them_and_nothing_else() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world.send(BOB, ALICE, "Pizza?");
    world.settle();
    world.believes_old(ALICE, BOB);
    let received = world.last(ALICE, bob);
    let refused = Err(Refusal::NotSupported(vec![bob]));
    assert_eq!(
        world.ask(ALICE, react(received.position, "🍕", true)),
        refused
    );
    world.change(ALICE, react(received.position, "👍🏽", true));
    world.settle();
    assert_eq!(emojis(&world.last(BOB, alice)), [(alice, "👍")]);
    // There is no legacy form of taking it off, but the other thumb replaces it.
    assert_eq!(
        world.ask(ALICE, react(received.position, "👍🏽", false)),
        refused
    );
    world.change(ALICE, react(received.position, "👎", true));
    world.settle();
    assert_eq!(emojis(&world.last(BOB, alice)), [(alice, "👎")]);
    assert_eq!(emojis(&world.last(ALICE, bob)), [(alice, "👎")]);
    // To a contact, legacy thumbs are only about the contact's messages.
    let own = world.send(ALICE, BOB, "mine");
    assert_eq!(world.ask(ALICE, react(own.position, "👍", true)), refused);

    // Who reacts in today's form has today's app.
    let with = world.last(BOB, alice).position;
    world.settle();
    world.change(BOB, react(with, "🎉", true));
    world.settle();
    world.change(ALICE, react(received.position, "🍕", true));
}

#[test]
fn legacy_thumbs_replace_everything_of_their_sender() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let alice = world.identities[ALICE];
    let sent = world.send(ALICE, BOB, "Pizza?");
    world.settle();
    world.change(ALICE, react(sent.position, "🍕", true));
    let at_bob = world.last(BOB, alice).position;
    for emoji in ["🎉", "❤️"] {
        world.change(BOB, react(at_bob, emoji, true));
    }
    world.settle();
    let forge = pen(&mut world);
    let thumb = [b"\x80\x04", &sent.id.0[..]].concat();
    world.inject(ALICE, FromServer::Message(forge.message(9, &thumb)));
    let message = world.last(ALICE, bob);
    let mut all = emojis(&message);
    all.sort_unstable();
    assert_eq!(all, [(alice, "🍕"), (bob, "👎")]);
}

#[test]
fn a_group_shows_who_reacted_and_who_cannot_see_it() {
    let (mut world, group) = team();
    let ids = world.ids(&[ALICE, BOB, CAROL]);
    world.say(ALICE, group, "Pizza?");
    world.settle();
    let at_bob = world.last(BOB, group).position;
    world.believes_old(BOB, CAROL);
    let (_, unreached) = world.change(BOB, react(at_bob, "🍕", true));
    assert_eq!(unreached, [ids[2]]);
    let (_, unreached) = world.change(BOB, react(at_bob, "👍", true));
    assert_eq!(unreached, []);
    world.settle();
    let (alices, carols) = (world.last(ALICE, group), world.last(CAROL, group));
    assert_eq!(emojis(&alices), [(ids[1], "🍕"), (ids[1], "👍")]);
    // For Carol it came in legacy form, which replaces the pizza.
    assert_eq!(emojis(&carols), [(ids[1], "👍")]);
    world.believes_old(BOB, ALICE);
    let refused = Err(Refusal::NotSupported(vec![ids[0], ids[2]]));
    assert_eq!(world.ask(BOB, react(at_bob, "🎉", true)), refused);
    assert_eq!(world.count(DAVE, "reactions"), 0);
}

#[test]
fn hostile_reactions_change_nothing() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let sent = world.send(ALICE, BOB, "hi");
    world.settle();
    let forge = pen(&mut world);
    let reaction = |id: &[u8; 8], field: u8, emoji: &[u8]| {
        let head = [&[0x82, 0x09][..], id].concat();
        let length = u8::try_from(emoji.len()).unwrap();
        [&head[..], &[field, length], emoji].concat()
    };
    let id = sent.id.0;
    for (number, body) in [
        reaction(b"notthere", 0x12, "👍".as_bytes()),
        reaction(&id, 0x12, b""),
        reaction(&id, 0x12, b"\xff\xfe"),
        reaction(&id, 0x12, &[b'x'; 65]),
        [&[0x82, 0x09][..], &id].concat(),
        vec![0x82],
        b"\x82\x09short".to_vec(),
    ]
    .iter()
    .enumerate()
    {
        let number = 10 + u8::try_from(number).unwrap();
        world.inject(ALICE, FromServer::Message(forge.message(number, body)));
        assert_eq!(world.count(ALICE, "reactions"), 0, "{body:?}");
    }
    // Words are no emoji: they are kept apart, but nobody reads them.
    let words = reaction(&id, 0x12, b"pay me");
    world.inject(ALICE, FromServer::Message(forge.message(30, &words)));
    assert_eq!(emojis(&world.last(ALICE, bob)), [(bob, "\u{fffd}")]);
    for number in 0..100 {
        let emoji = format!("emoji {number}");
        let one = reaction(&id, 0x12, emoji.as_bytes());
        world.inject(ALICE, FromServer::Message(forge.message(40 + number, &one)));
    }
    assert_eq!(world.count(ALICE, "reactions"), 32, "there is a limit");
    assert_eq!(world.outbox_len(ALICE), 0);
}

#[test]
fn repeats_reordering_and_a_crash_do_not_matter() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let sent = world.send(ALICE, BOB, "hi");
    world.settle();
    let forge = pen(&mut world);
    let reaction = |field: u8| {
        let head = [&[0x82, 0x09][..], &sent.id.0, &[field, 4]].concat();
        [&head[..], "👍".as_bytes()].concat()
    };
    let (on, off) = (
        forge.message(10, &reaction(0x12)),
        forge.message(11, &reaction(0x1a)),
    );
    // Withdrawn before it came: nothing to take off; what comes later stands.
    world.inject(ALICE, FromServer::Message(off));
    let now = world.now;
    let input = || dreiklang_engine::Input::Payloads(vec![FromServer::Message(on.clone())]);
    world.device(ALICE).fail_and_crash(now, input());
    world.give(ALICE, dreiklang_engine::Input::Timeout);
    assert_eq!(world.count(ALICE, "reactions"), 0);
    world.device(ALICE).give_and_crash(now, input());
    world.give(ALICE, dreiklang_engine::Input::Timeout);
    world.give(ALICE, input());
    assert_eq!(emojis(&world.last(ALICE, bob)), [(bob, "👍")]);
    assert_eq!(world.changes(ALICE), 0, "the repeat is no news");
}

#[test]
fn what_the_app_of_somebody_found_can_do_is_asked_at_once() {
    let mut world = World::new(2);
    let bob = world.identities[BOB];
    let find = Command::MatchContacts(vec![Person {
        name: "Bob".into(),
        emails: vec![format!("{bob}@example.com")],
        phones: Vec::new(),
    }]);
    let conn = &world.device(ALICE).conn;
    conn.execute("UPDATE settings SET contact_sync = 1", [])
        .unwrap();
    assert_eq!(world.ask(ALICE, find), Ok(Reply::Matched(vec![bob])));
    let sent = world.send(ALICE, BOB, "hi");
    world.settle();
    world.change(ALICE, react(sent.position, "👋", true));
}
