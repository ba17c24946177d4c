//! Places, answers to messages, and forwarding.

use dreiklang_engine::view::{Degrees, Place, Quote};
use dreiklang_wire::csp::payload::FromServer;

use super::*;
use crate::{
    groups::team,
    hostile::pen,
    world::{ALICE, BOB, CAROL},
};

fn place() -> Place {
    Place {
        latitude: Degrees::new(47.2).unwrap(),
        longitude: Degrees::new(-8.75).unwrap(),
        accuracy_m: Some(20),
        name: "Café".into(),
        address: "Street 1\n8000 Town".into(),
    }
}

fn send(to: impl Into<ConversationId>, place: Place) -> Command {
    Command::SendLocation {
        to: to.into(),
        place,
        reference: Some("r".into()),
    }
}

#[test]
fn a_place_arrives_as_it_was_sent() {
    let (mut world, group) = team();
    let sent = world.made(ALICE, send(group, place()));
    assert_eq!(world.made(ALICE, send(group, place())).id, sent.id);
    world.settle();
    for who in [BOB, CAROL] {
        assert_eq!(world.last(who, group).content, Content::Location(place()));
    }
    assert_eq!(place().geo_link(), "geo:47.2,-8.75;u=20");
    world.change(ALICE, delete(sent.position, true));
    world.settle();
    assert_eq!(world.last(BOB, group).content, Content::Deleted);
}

#[test]
fn places_off_the_earth_and_long_names_are_refused() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let north = Place {
        latitude: Degrees::new(90.5).unwrap(),
        ..place()
    };
    assert_eq!(world.ask(ALICE, send(bob, north)), Err(Refusal::BadPlace));
    let long = Place {
        address: "x".repeat(513),
        ..place()
    };
    let refused = world.ask(ALICE, send(bob, long));
    assert!(matches!(
        refused,
        Err(Refusal::NameTooLong {
            field: "address",
            ..
        })
    ));
    // A name without an address goes where the wire has a line for it.
    let named = Place {
        name: "Café\nat the lake".into(),
        address: String::new(),
        ..place()
    };
    let Content::Location(shown) = world.made(ALICE, send(bob, named)).content else {
        panic!("no place")
    };
    assert_eq!(
        (shown.name.as_str(), shown.address.as_str()),
        ("", "Café at the lake")
    );
}

#[test]
fn answers_show_what_they_answer_in_their_own_conversation_only() {
    let mut world = World::new(3);
    for (who, whom) in [(ALICE, BOB), (BOB, ALICE), (ALICE, CAROL), (CAROL, ALICE)] {
        world.befriend(who, whom);
    }
    let (alice, bob, carol) = (
        world.identities[ALICE],
        world.identities[BOB],
        world.identities[CAROL],
    );
    let place_sent = world.made(ALICE, send(bob, place()));
    world.settle();
    let at_bob = world.last(BOB, alice).position;
    world.made(BOB, text(alice, "> there?", Some(at_bob)));
    world.settle();
    let answer = world.last(ALICE, bob);
    assert_eq!(says(&answer), "> there?");
    let expected = Quote::Message {
        position: place_sent.position,
        sender: alice,
        content: Box::new(Content::Location(place())),
    };
    assert_eq!(answer.quote, Some(expected));

    // Nobody reads by quoting what is in another conversation.
    let elsewhere = text(carol, "look", Some(answer.position));
    assert_eq!(world.ask(ALICE, elsewhere), Err(Refusal::UnknownMessage));
    let quote = format!("> quote #{}\n\nlook", answer.id);
    world.made(ALICE, text(carol, &quote, None));
    world.settle();
    let stolen = world.last(CAROL, alice);
    assert_eq!(
        (says(&stolen), &stolen.quote),
        ("look", &Some(Quote::Missing))
    );
    assert_eq!(world.last(ALICE, carol).quote, Some(Quote::Missing));

    // With the quote it must still fit.
    let long = "x".repeat(6_000 - 26);
    let refused = world.ask(ALICE, text(bob, &long, Some(answer.position)));
    assert!(matches!(refused, Err(Refusal::TextTooLong { .. })));
}

#[test]
fn words_that_an_old_client_quotes_are_shown_as_its_words() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let forge = pen(&mut world);
    let old = b"\x01> TEST0000: hello\n> you\n\nyes".to_vec();
    world.inject(ALICE, FromServer::Message(forge.message(1, &old)));
    let message = world.last(ALICE, bob);
    let expected = Quote::Words {
        identity: "TEST0000".parse().unwrap(),
        text: "hello\nyou".into(),
    };
    assert_eq!(
        (says(&message), message.quote.clone()),
        ("yes", Some(expected))
    );
}

#[test]
fn texts_and_places_are_forwarded_without_what_they_answered() {
    let mut world = World::new(3);
    for (who, whom) in [(ALICE, BOB), (BOB, ALICE), (ALICE, CAROL), (CAROL, ALICE)] {
        world.befriend(who, whom);
    }
    let (alice, bob, carol) = (
        world.identities[ALICE],
        world.identities[BOB],
        world.identities[CAROL],
    );
    let first = world.send(BOB, ALICE, "When?");
    world.made(BOB, text(alice, "at eight", Some(first.position)));
    world.made(BOB, send(alice, place()));
    world.settle();
    let all = world.all(ALICE, bob);
    for (number, message) in all[1..].iter().enumerate() {
        let forward = Command::Forward {
            position: message.position,
            to: carol.into(),
            reference: Some(format!("forward {number}")),
        };
        let sent = world.made(ALICE, forward.clone());
        assert_eq!(world.made(ALICE, forward).id, sent.id);
    }
    world.settle();
    let [answer, shown] = &world.all(CAROL, alice)[..] else {
        panic!("two are forwarded")
    };
    assert_eq!((says(answer), &answer.quote), ("at eight", &None));
    assert_eq!(shown.content, Content::Location(place()));
    world.change(BOB, delete(first.position, true));
    world.settle();
    let gone = Command::Forward {
        position: all[0].position,
        to: carol.into(),
        reference: None,
    };
    assert_eq!(world.ask(ALICE, gone), Err(Refusal::WrongMessageKind));
}
