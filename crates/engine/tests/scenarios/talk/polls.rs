//! Polls: asked by one, answered by many, closed by who asked.

use dreiklang_engine::{NewPoll, view::Poll};
use dreiklang_wire::csp::payload::FromServer;

use super::*;
use crate::{
    groups::{DAVE, team},
    hostile::pen,
    world::{ALICE, BOB, CAROL},
};

fn new_poll() -> NewPoll {
    NewPoll {
        question: "When?".into(),
        choices: ["Monday", "Tuesday", "never"].map(str::to_owned).into(),
        is_multiple: false,
        shows_votes: true,
        is_summary: false,
    }
}

fn create(to: impl Into<ConversationId>, poll: NewPoll) -> Command {
    Command::CreatePoll {
        to: to.into(),
        poll,
        reference: None,
    }
}

fn vote(position: Position, choices: &[u32]) -> Command {
    let choices = choices.to_vec();
    Command::Vote { position, choices }
}

impl World {
    fn poll(&mut self, who: usize, conversation: impl Into<ConversationId>) -> (Position, Poll) {
        let message = self.last(who, conversation);
        match message.content {
            Content::Poll(poll) => (message.position, poll),
            other => panic!("{other:?}"),
        }
    }

    fn votes(&mut self, who: usize, group: GroupIdentity) -> Vec<u32> {
        let (_, poll) = self.poll(who, group);
        poll.choices.iter().map(|choice| choice.votes).collect()
    }
}

#[test]
fn everybody_votes_changes_their_mind_and_sees_what_came_out() {
    let (mut world, group) = team();
    let ids = world.ids(&[ALICE, BOB, CAROL]);
    world.made(ALICE, create(group, new_poll()));
    world.settle();
    for (who, choice) in [(ALICE, 0), (BOB, 1), (CAROL, 1)] {
        let (position, poll) = world.poll(who, group);
        assert_eq!((poll.question.as_str(), poll.is_closed), ("When?", false));
        world.change(who, vote(position, &[choice]));
    }
    world.settle();
    for who in [ALICE, BOB, CAROL] {
        let (_, poll) = world.poll(who, group);
        assert_eq!(poll.choices[1].voters, [ids[1], ids[2]], "{who}");
        assert_eq!(poll.voters.len(), 3);
        let mine = poll.choices.iter().position(|choice| choice.is_mine);
        assert_eq!(mine, Some(usize::from(who != ALICE)));
    }
    let (position, _) = world.poll(BOB, group);
    world.change(BOB, vote(position, &[0]));
    world.settle();
    assert_eq!(world.votes(CAROL, group), [2, 1, 0]);
    world.change(BOB, vote(position, &[]));
    world.settle();
    assert_eq!(world.votes(CAROL, group), [1, 1, 0]);

    assert_eq!(
        world.ask(BOB, Command::ClosePoll { position }),
        Err(Refusal::NotOurs)
    );
    let (position, _) = world.poll(ALICE, group);
    world.change(ALICE, Command::ClosePoll { position });
    world.settle();
    for who in [ALICE, BOB, CAROL] {
        let (position, poll) = world.poll(who, group);
        assert!(poll.is_closed);
        assert_eq!(poll.choices[0].voters, [ids[0]]);
        assert_eq!(poll.choices[1].voters, [ids[2]]);
        assert_eq!(
            poll.voters, ids,
            "who took part is told, also without a choice"
        );
        let late = world.ask(who, vote(position, &[2]));
        assert_eq!(late, Err(Refusal::PollClosed));
    }
    let polls = |message: &Message| matches!(message.content, Content::Poll(_));
    assert_eq!(world.all(BOB, group).iter().filter(|m| polls(m)).count(), 1);
    assert_eq!(world.count(DAVE, "polls"), 0);
}

#[test]
fn secret_votes_go_to_the_creator_only() {
    let (mut world, group) = team();
    let poll = NewPoll {
        shows_votes: false,
        is_multiple: true,
        ..new_poll()
    };
    world.made(ALICE, create(group, poll));
    world.settle();
    let (position, _) = world.poll(BOB, group);
    world.change(BOB, vote(position, &[0, 2]));
    let (position, _) = world.poll(ALICE, group);
    world.change(ALICE, vote(position, &[2]));
    world.settle();
    assert_eq!(world.votes(ALICE, group), [1, 0, 2]);
    assert_eq!(
        world.votes(BOB, group),
        [1, 0, 1],
        "his own are known to Bob"
    );
    assert_eq!(world.votes(CAROL, group), [0, 0, 0]);
    world.change(ALICE, Command::ClosePoll { position });
    world.settle();
    assert_eq!(world.votes(CAROL, group), [1, 0, 2]);
}

#[test]
fn a_summary_tells_sums_and_no_names() {
    let (mut world, group) = team();
    let poll = NewPoll {
        is_summary: true,
        ..new_poll()
    };
    world.made(ALICE, create(group, poll));
    world.settle();
    for who in [BOB, CAROL] {
        let (position, _) = world.poll(who, group);
        world.change(who, vote(position, &[1]));
    }
    world.settle();
    let (position, _) = world.poll(ALICE, group);
    world.change(ALICE, Command::ClosePoll { position });
    world.settle();
    for who in [ALICE, BOB, CAROL] {
        let (_, poll) = world.poll(who, group);
        assert_eq!(world.votes(who, group), [0, 2, 0]);
        assert!(poll.voters.is_empty());
        assert!(poll.choices.iter().all(|choice| choice.voters.is_empty()));
        assert_eq!(poll.choices[1].is_mine, who != ALICE);
    }
}

#[test]
fn two_people_can_have_a_poll() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world.made(ALICE, create(bob, new_poll()));
    world.settle();
    let (at_bob, _) = world.poll(BOB, alice);
    world.change(BOB, react(at_bob, "🗓️", true));
    world.change(BOB, vote(at_bob, &[1]));
    world.settle();
    let (at_alice, poll) = world.poll(ALICE, bob);
    assert_eq!(poll.choices[1].voters, [bob]);
    assert_eq!(world.last(ALICE, bob).reactions.len(), 1);
    world.change(ALICE, Command::ClosePoll { position: at_alice });
    world.settle();
    assert!(world.poll(BOB, alice).1.is_closed);
    // Nobody takes a poll back from others; here it goes with all its votes.
    let everywhere = world.ask(ALICE, delete(at_alice, true));
    assert_eq!(everywhere, Err(Refusal::WrongMessageKind));
    assert_eq!(world.ask(ALICE, delete(at_alice, false)), Ok(Reply::Done));
    assert_eq!(
        (world.count(ALICE, "polls"), world.count(ALICE, "votes")),
        (0, 0)
    );
    assert_eq!(world.count(BOB, "polls"), 1);
}

#[test]
fn what_is_no_poll_or_no_vote_is_refused() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let with = |choices: &[&str]| NewPoll {
        choices: choices.iter().map(|&text| text.to_owned()).collect(),
        ..new_poll()
    };
    let long = "x".repeat(257);
    let many: Vec<_> = (0..1_000).map(|_| "choice").collect();
    let nothing_asked = NewPoll {
        question: " ".into(),
        ..new_poll()
    };
    for (poll, refusal) in [
        (with(&["one"]), Refusal::TooFewChoices),
        (with(&["one", " "]), Refusal::TextEmpty),
        (nothing_asked, Refusal::TextEmpty),
        (with(&["one", &long]), Refusal::PollTooLong),
        (with(&many), Refusal::PollTooLong),
    ] {
        assert_eq!(world.ask(ALICE, create(bob, poll)), Err(refusal));
    }
    let text = world.send(ALICE, BOB, "no poll");
    let poll = world.made(ALICE, create(bob, new_poll()));
    for (command, refusal) in [
        (vote(text.position, &[0]), Refusal::WrongMessageKind),
        (vote(poll.position, &[3]), Refusal::UnknownChoice),
        (vote(poll.position, &[0, 1]), Refusal::OneChoiceOnly),
        (vote(Position(99), &[0]), Refusal::UnknownMessage),
        (edit(poll.position, "x"), Refusal::WrongMessageKind),
    ] {
        assert_eq!(world.ask(ALICE, command), Err(refusal));
    }
    assert_eq!(world.count(ALICE, "votes"), 0);
}

#[test]
fn a_repeated_sending_is_one_poll() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let create = |poll| Command::CreatePoll {
        to: bob.into(),
        poll,
        reference: Some("r".into()),
    };
    let first = world.made(ALICE, create(new_poll()));
    assert_eq!(world.made(ALICE, create(new_poll())).id, first.id);
    let other = NewPoll {
        question: "Where?".into(),
        ..new_poll()
    };
    assert_eq!(
        world.ask(ALICE, create(other)),
        Err(Refusal::ReferenceReused)
    );
    assert_eq!(world.count(ALICE, "polls"), 1);
}

#[test]
fn hostile_votes_and_setups_change_nothing() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world.made(ALICE, create(bob, new_poll()));
    world.settle();
    let sql = "SELECT poll_id FROM polls";
    let id: [u8; 8] = world
        .device(ALICE)
        .conn
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    let forge = pen(&mut world);
    let vote = |creator: &Identity, id: &[u8], json: &str| {
        [b"\x16", &creator.as_bytes()[..], id, json.as_bytes()].concat()
    };
    let setup = |id: &[u8], json: &str| [b"\x15", id, json.as_bytes()].concat();
    let closing = r#"{"d":"x","s":1,"a":0,"t":1,"p":[],"c":[]}"#;
    let bodies = [
        vote(&alice, b"notthere", "[[0,1]]"),
        vote(&bob, &id, "[[0,1]]"),
        vote(&alice, &id, "[[0,1],[1,1]]"),
        vote(&alice, &id, "[[77,1]]"),
        vote(&alice, &id, "nonsense"),
        setup(&id, closing),
        setup(b"notthere", closing),
    ];
    for (number, body) in bodies.iter().enumerate() {
        let number = 10 + u8::try_from(number).unwrap();
        world.inject(ALICE, FromServer::Message(forge.message(number, body)));
        let (_, poll) = world.poll(ALICE, bob);
        assert!(!poll.is_closed);
        assert!(
            poll.choices.iter().all(|choice| choice.votes == 0),
            "{number}"
        );
    }
    assert_eq!(world.all(ALICE, bob).len(), 1);

    // His own poll Bob closes once, and what he asked stays as it was.
    let open = r#"{"d":"Pay?","s":0,"a":0,"t":1,"c":[{"i":5,"n":"yes"},{"i":5,"n":"twice"}]}"#;
    let swap = r#"{"d":"Kill?","s":1,"a":1,"t":0,"p":["TEST0000"],
        "c":[{"i":5,"n":"sure","r":[1,1,1]},{"i":6,"n":"new","r":[1]}]}"#;
    let again = r#"{"d":"Pay?","s":1,"a":0,"t":1,"p":[],"c":[]}"#;
    for (number, json) in [open, open, swap, again, open].iter().enumerate() {
        let number = 30 + u8::try_from(number).unwrap();
        let body = setup(b"bobspoll", json);
        world.inject(ALICE, FromServer::Message(forge.message(number, &body)));
    }
    let (_, poll) = world.poll(ALICE, bob);
    assert_eq!((poll.question.as_str(), poll.choices.len()), ("Pay?", 2));
    assert!(poll.is_closed && !poll.is_multiple && poll.shows_votes);
    assert_eq!(
        (poll.choices[0].text.as_str(), poll.choices[0].votes),
        ("yes", 1)
    );
    assert_eq!(world.all(ALICE, bob).len(), 2);
}
