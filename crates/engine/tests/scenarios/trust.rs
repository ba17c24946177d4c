//! How sure one can be whose key it is, and what happens when somebody claims another one.

use dreiklang_crypto::{PublicKey, SecretKey, SeededRng};
use dreiklang_engine::{
    Command, ContactLink, Event, LinkError, MismatchSource, Person, Refusal, Reply, Timestamp,
    view::{self, Contact, VerificationLevel},
};
use dreiklang_wire::id::Identity;

use crate::world::{ALICE, BOB, CAROL, World};

#[expect(
    clippy::needless_pass_by_value,
    reason = "texts and codes are given as they are"
)]
fn scan(text: impl ToString) -> Command {
    let text = text.to_string();
    Command::ScanContact { text }
}

fn code(world: &mut World, who: usize) -> String {
    let me = view::me(&world.device(who).conn).unwrap().unwrap();
    me.my_code()
}

fn other_key() -> PublicKey {
    SecretKey::generate(&mut SeededRng::new(9)).public()
}

/// A code for somebody with a key of somebody else.
fn forged(identity: Identity, public_key: PublicKey) -> ContactLink {
    ContactLink {
        identity,
        public_key,
        expires_at: None,
    }
}

fn contact(world: &mut World, who: usize, whom: usize) -> Contact {
    let identity = world.identities[whom];
    let found = view::contact(&world.device(who).conn, identity).unwrap();
    found.expect("a contact")
}

/// What an address book says about somebody; their address is their identity at example.com.
fn book(world: &World, whom: usize, name: &str) -> Command {
    Command::MatchContacts(vec![Person {
        name: name.into(),
        emails: vec![format!("{}@example.com", world.identities[whom])],
        phones: Vec::new(),
    }])
}

#[test]
fn a_code_verifies_a_new_contact_and_a_known_one() {
    let mut world = World::new(3);
    let (bob, carol) = (code(&mut world, BOB), code(&mut world, CAROL));
    let Ok(Reply::Contact(new)) = world.ask(ALICE, scan(&bob)) else {
        panic!()
    };
    assert_eq!(new.verification_level, VerificationLevel::Verified);
    assert_eq!(new.identity, world.identities[BOB]);

    world.befriend(ALICE, CAROL);
    let level = contact(&mut world, ALICE, CAROL).verification_level;
    assert_eq!(level, VerificationLevel::Unverified);
    let Ok(Reply::Contact(known)) = world.ask(ALICE, scan(format!(" {carol}\n"))) else {
        panic!()
    };
    assert_eq!(known.verification_level, VerificationLevel::Verified);
    // The server's word is less than what was seen in person: nothing falls.
    let found = book(&world, CAROL, "Carol");
    world.ask(ALICE, found).unwrap();
    let level = contact(&mut world, ALICE, CAROL).verification_level;
    assert_eq!(level, VerificationLevel::Verified);
}

#[test]
fn a_link_names_somebody_and_proves_nothing() {
    let mut world = World::new(2);
    let bob = world.identities[BOB];
    let Ok(Reply::Contact(named)) = world.ask(ALICE, scan(format!("https://threema.id/{bob}")))
    else {
        panic!()
    };
    assert_eq!(named.identity, bob);
    assert_eq!(named.verification_level, VerificationLevel::Unverified);
}

#[test]
fn codes_that_cannot_be_believed_are_refused_with_the_reason() {
    let mut world = World::new(2);
    let [me, bob] = world.identities[..] else {
        panic!()
    };
    let (my_key, bobs_key) = (world.server.keys[&me], world.server.keys[&bob]);
    let expiring = |at: u64| ContactLink {
        expires_at: Some(Timestamp::from_ms(at)),
        ..forged(bob, bobs_key)
    };
    let now_ms = world.now.as_ms();
    let mine = code(&mut world, ALICE);
    for (text, refusal) in [
        ("ECHOECHO".to_owned(), Refusal::BadCode(LinkError::Scheme)),
        (
            format!("3mid:{bob}"),
            Refusal::BadCode(LinkError::PublicKey),
        ),
        (expiring(now_ms).to_string(), Refusal::CodeExpired),
        (mine, Refusal::OwnIdentity),
        (forged(me, bobs_key).to_string(), Refusal::KeyMismatch(me)),
        (forged(bob, my_key).to_string(), Refusal::BadKey(bob)),
    ] {
        assert_eq!(world.ask(ALICE, scan(&text)), Err(refusal), "{text}");
    }
    assert_eq!(world.count(ALICE, "contacts"), 0);
    assert!(world.ask(ALICE, scan(expiring(now_ms + 1_000))).is_ok());
}

#[test]
fn a_code_that_the_directory_contradicts_makes_no_contact() {
    let mut world = World::new(2);
    let bob = world.identities[BOB];
    world.take_events(ALICE);
    let refused = world.ask(ALICE, scan(forged(bob, other_key())));
    assert_eq!(refused, Err(Refusal::KeyMismatch(bob)));
    assert_eq!(world.count(ALICE, "contacts"), 0);
    let warning = Event::KeyMismatch {
        contact: bob,
        source: MismatchSource::Scan,
    };
    assert!(world.take_events(ALICE).contains(&warning));
}

#[test]
fn a_code_with_another_key_warns_until_the_person_has_dealt_with_it() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let warning = Event::KeyMismatch {
        contact: bob,
        source: MismatchSource::Scan,
    };
    world.take_events(ALICE);
    let wrong = scan(forged(bob, other_key()));
    let refused = Err(Refusal::KeyMismatch(bob));
    assert_eq!(world.ask(ALICE, wrong.clone()), refused);
    assert!(world.take_events(ALICE).contains(&warning));
    let warned = contact(&mut world, ALICE, BOB);
    assert_eq!(warned.verification_level, VerificationLevel::Unverified);
    let mismatch = warned.key_mismatch.unwrap();
    assert_eq!(mismatch.public_key, other_key());
    assert_eq!(mismatch.source, MismatchSource::Scan);
    assert_eq!(mismatch.at, world.now);

    // The warning outlives the process, and so does the pinned key.
    world.restart(ALICE);
    world.connect(ALICE);
    assert!(contact(&mut world, ALICE, BOB).key_mismatch.is_some());
    world.send(ALICE, BOB, "still for you");
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["still for you"]);

    let cleared = world.ask(ALICE, Command::ClearKeyMismatch(bob));
    let Ok(Reply::Contact(cleared)) = cleared else {
        panic!()
    };
    assert_eq!(cleared.key_mismatch, None);
    // The same claim is refused as before; it is no news that stays.
    world.take_events(ALICE);
    assert_eq!(world.ask(ALICE, wrong), refused);
    assert!(!world.take_events(ALICE).contains(&warning));
    assert_eq!(contact(&mut world, ALICE, BOB).key_mismatch, None);
}

#[test]
fn the_right_code_settles_the_doubt() {
    let mut world = World::friends();
    let (bob, right) = (world.identities[BOB], code(&mut world, BOB));
    let wrong = world.ask(ALICE, scan(forged(bob, other_key())));
    assert_eq!(wrong, Err(Refusal::KeyMismatch(bob)));
    let Ok(Reply::Contact(settled)) = world.ask(ALICE, scan(right)) else {
        panic!()
    };
    assert_eq!(settled.key_mismatch, None);
    assert_eq!(settled.verification_level, VerificationLevel::Verified);
}

#[test]
fn the_directory_cannot_swap_a_key() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let pinned = world.server.keys.insert(bob, other_key()).unwrap();
    world.take_events(ALICE);
    let found = book(&world, BOB, "Bob");
    assert_eq!(world.ask(ALICE, found), Ok(Reply::Matched(Vec::new())));
    let warning = Event::KeyMismatch {
        contact: bob,
        source: MismatchSource::Directory,
    };
    assert!(world.take_events(ALICE).contains(&warning));
    let warned = contact(&mut world, ALICE, BOB);
    assert_eq!(warned.public_key, pinned);
    assert_eq!(warned.verification_level, VerificationLevel::Unverified);
    assert_eq!(warned.name, "");
    let mismatch = warned.key_mismatch.unwrap();
    assert_eq!(
        (mismatch.public_key, mismatch.source),
        (other_key(), MismatchSource::Directory)
    );
    world.send(ALICE, BOB, "under the pinned key");
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["under the pinned key"]);
}
