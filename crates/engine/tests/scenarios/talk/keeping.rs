//! What people do with conversations for themselves: stars, drafts, pins, archives, mutes, marks.

use dreiklang_engine::{
    Timestamp,
    view::{Conversation, Visibility},
};

use super::*;
use crate::{
    groups::team,
    world::{ALICE, BOB, CAROL},
};

impl World {
    fn list(&mut self, who: usize) -> Vec<Conversation> {
        view::conversations(&self.device(who).conn).unwrap()
    }

    fn done(&mut self, who: usize, command: Command) {
        assert_eq!(self.ask(who, command), Ok(Reply::Done));
    }

    /// Whether the messages that came since made somebody look up.
    fn rings(&mut self, who: usize) -> Vec<bool> {
        let events = self.take_events(who).into_iter();
        let rings = events.filter_map(|event| match event {
            Event::Message(message) if !message.state.is_outgoing() => Some(message.should_notify),
            _ => None,
        });
        rings.collect()
    }
}

#[test]
fn stars_are_found_again_and_taken_away() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    for number in 0..4 {
        let sent = world.send(ALICE, BOB, &number.to_string());
        let position = sent.position;
        world.done(
            ALICE,
            Command::Star {
                position,
                on: number > 1,
            },
        );
    }
    let starred = |world: &mut World, before| {
        let found = view::starred(&world.device(ALICE).conn, before, 10).unwrap();
        found
            .iter()
            .map(|message| says(message).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(starred(&mut world, None), ["3", "2"]);
    let newest = world.last(ALICE, bob);
    assert!(newest.is_starred);
    assert_eq!(starred(&mut world, Some(newest.position)), ["2"]);
    world.done(ALICE, Command::UnstarAll);
    assert!(starred(&mut world, None).is_empty());
    let nothing = Command::Star {
        position: Position(99),
        on: true,
    };
    assert_eq!(world.ask(ALICE, nothing), Err(Refusal::UnknownMessage));
}

#[test]
fn an_archived_conversation_comes_back_and_a_pinned_one_stays_up() {
    let mut world = World::new(3);
    for (who, whom) in [(ALICE, BOB), (BOB, ALICE), (ALICE, CAROL), (CAROL, ALICE)] {
        world.befriend(who, whom);
    }
    let (bob, carol) = (world.identities[BOB], world.identities[CAROL]);
    world.send(BOB, ALICE, "from Bob");
    world.send(CAROL, ALICE, "from Carol");
    world.settle();
    let set = |with: Identity, visibility| Command::SetVisibility {
        conversation: with.into(),
        visibility,
    };
    world.done(ALICE, set(bob, Visibility::Pinned));
    world.done(ALICE, set(carol, Visibility::Archived));
    let ids = |world: &mut World| {
        let list = world.list(ALICE).into_iter();
        list.map(|one| (one.id, one.visibility)).collect::<Vec<_>>()
    };
    let pinned = (bob.into(), Visibility::Pinned);
    assert_eq!(
        ids(&mut world),
        [pinned, (carol.into(), Visibility::Archived)]
    );
    world.send(CAROL, ALICE, "again");
    world.settle();
    assert_eq!(
        ids(&mut world),
        [pinned, (carol.into(), Visibility::Normal)]
    );
    let nobody: Identity = "NOBODY00".parse().unwrap();
    let refused = world.ask(ALICE, set(nobody, Visibility::Pinned));
    assert_eq!(refused, Err(Refusal::UnknownContact(nobody)));
}

#[test]
fn drafts_and_marks_are_kept() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world.send(BOB, ALICE, "hi");
    world.settle();
    let draft = |text: &str| Command::SetDraft {
        conversation: bob.into(),
        text: text.into(),
    };
    world.done(ALICE, draft("Dear Bob"));
    let on = true;
    let conversation = bob.into();
    world.done(ALICE, Command::MarkUnread { conversation, on });
    world.restart(ALICE);
    let list = world.list(ALICE);
    assert_eq!(
        (list[0].draft.as_str(), list[0].is_marked_unread),
        ("Dear Bob", true)
    );
    world.connect(ALICE);
    let up_to = world.last(ALICE, bob).position;
    world.done(
        ALICE,
        Command::MarkRead {
            conversation,
            up_to,
        },
    );
    world.done(ALICE, Command::MarkUnread { conversation, on });
    world.done(
        ALICE,
        Command::MarkRead {
            conversation,
            up_to,
        },
    );
    world.done(ALICE, draft(""));
    let list = world.list(ALICE);
    assert_eq!(
        (list[0].draft.as_str(), list[0].is_marked_unread),
        ("", false)
    );
    let long = world.ask(ALICE, draft(&"x".repeat(65_537)));
    assert!(matches!(long, Err(Refusal::TextTooLong { .. })));
    world.settle();
    assert_eq!(world.list(BOB)[0].id, alice.into());
}

#[test]
fn a_muted_conversation_does_not_ring() {
    let (mut world, group) = team();
    let bob = world.identities[BOB];
    world.take_events(BOB);
    let mute = |until: Option<Timestamp>, mentions_only| Command::Mute {
        conversation: group.into(),
        until,
        mentions_only,
    };
    let say = |world: &mut World, text: &str| {
        world.say(ALICE, group, text);
        world.settle();
        world.rings(BOB)
    };
    assert_eq!(say(&mut world, "hi"), [true]);
    let in_an_hour = world.now.plus_ms(3_600_000);
    world.done(BOB, mute(Some(in_an_hour), false));
    assert_eq!(say(&mut world, &format!("@[{bob}] hi")), [false]);
    world.pass_ms(3_600_000);
    assert_eq!(say(&mut world, "hi"), [true]);
    world.done(BOB, mute(None, true));
    assert_eq!(say(&mut world, "hi"), [false]);
    assert_eq!(say(&mut world, &format!("@[{bob}] hi")), [true]);
    assert_eq!(say(&mut world, "@[@@@@@@@@] hi"), [true]);
    assert_eq!(say(&mut world, "@[TEST0002] hi"), [false]);
    // What was said is there all the same.
    assert_eq!(world.list(BOB)[0].unread_count, 7);
    world.done(BOB, mute(None, false));
    assert_eq!(say(&mut world, "hi"), [true]);
}

#[test]
fn an_emptied_conversation_is_empty_and_what_waited_is_not_sent() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.send(BOB, ALICE, "old");
    world.settle();
    let position = world.last(ALICE, bob).position;
    world.change(ALICE, react(position, "👍", true));
    world.settle();
    world.disconnect(ALICE);
    world.send(ALICE, BOB, "never mind");
    world.done(ALICE, Command::EmptyConversation(bob.into()));
    world.connect(ALICE);
    world.settle();
    assert!(world.all(ALICE, bob).is_empty() && world.list(ALICE).is_empty());
    assert_eq!(world.count(ALICE, "reactions"), 0);
    assert_eq!(world.texts(BOB, ALICE), ["old"]);
    world.send(BOB, ALICE, "new");
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["new"]);
}
