//! What people are called in lists, and in which order.

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_engine::{
    Command, HttpResponse, Input, NameOrder, Person, Refusal, Reply, Settings,
    view::{self, ActivityState},
};
use dreiklang_wire::id::Identity;
use serde_json::json;

use crate::world::{ALICE, BOB, CAROL, World};

/// Alice knows many people, each by both names.
fn crowd(names: &[(&str, &str)]) -> World {
    let mut world = World::new(1);
    for (number, (first, last)) in names.iter().enumerate() {
        let identity: Identity = format!("CROWD{number:03}").parse().unwrap();
        let key = SecretKey::generate(&mut SeededRng::new(1_000 + number as u64)).public();
        world.server.keys.insert(identity, key);
        let add = Command::AddContact {
            identity,
            public_key: None,
            name: None,
        };
        world.ask(ALICE, add).unwrap();
        let rename = Command::SetContactName {
            identity,
            first_name: (*first).into(),
            last_name: (*last).into(),
        };
        world.ask(ALICE, rename).unwrap();
    }
    world
}

fn listed(world: &mut World, change: impl Fn(&mut Settings)) -> Vec<String> {
    let mut settings = Settings::default();
    change(&mut settings);
    world.ask(ALICE, Command::SetSettings(settings)).unwrap();
    let contacts = view::contacts(&world.device(ALICE).conn).unwrap();
    contacts.iter().map(view::Contact::display_name).collect()
}

#[test]
fn lists_follow_the_order_that_the_person_prefers() {
    let mut world = crowd(&[
        ("Zoe", "Äbi"),
        ("anton", "Zweig"),
        ("Özlem", ""),
        ("Petra", "Meier"),
        ("", ""),
    ]);
    assert_eq!(
        listed(&mut world, |_| ()),
        ["anton Zweig", "CROWD004", "Özlem", "Petra Meier", "Zoe Äbi"]
    );
    let by_last = |settings: &mut Settings| settings.sort_order = NameOrder::LastName;
    assert_eq!(
        listed(&mut world, by_last),
        ["Zoe Äbi", "CROWD004", "Petra Meier", "Özlem", "anton Zweig"]
    );
    let last_first = |settings: &mut Settings| {
        settings.sort_order = NameOrder::LastName;
        settings.name_order = NameOrder::LastName;
    };
    assert_eq!(
        listed(&mut world, last_first),
        ["Äbi Zoe", "CROWD004", "Meier Petra", "Özlem", "Zweig anton"]
    );
}

#[test]
fn a_name_of_their_own_is_marked_and_sorts_by_its_letters() {
    let mut world = World::friends();
    world.send(BOB, ALICE, "hello");
    world.settle();
    let bob = world.identities[BOB];
    let contact = view::contact(&world.device(ALICE).conn, bob);
    let contact = contact.unwrap().unwrap();
    assert_eq!(contact.display_name(), "~nick1");
    assert_eq!(contact.initials(), "NI");
}

#[test]
fn initials_and_colour_stand_in_for_a_picture() {
    let mut world = crowd(&[("Petra", "Meier"), ("Özlem", ""), ("", "")]);
    let contacts = view::contacts(&world.device(ALICE).conn).unwrap();
    let initials: Vec<_> = contacts.iter().map(view::Contact::initials).collect();
    assert_eq!(initials, ["CR", "ÖZ", "PM"]);
    // The SHA-256 of ECHOECHO begins with 60, by another program.
    let echo = view::Contact::new(
        "ECHOECHO".parse().unwrap(),
        contacts[0].public_key,
        world.now,
    );
    assert_eq!(echo.color_index(), 0x6);
}

#[test]
fn who_is_out_of_use_can_be_hidden() {
    let mut world = World::new(3);
    world.befriend(ALICE, BOB);
    world.befriend(ALICE, CAROL);
    world.server.revoked.insert(world.identities[BOB]);
    world.pass_ms(24 * 60 * 60 * 1_000);
    world.settle();
    assert_eq!(listed(&mut world, |_| ()).len(), 2);
    let hide = |settings: &mut Settings| settings.hide_inactive = true;
    let carol = world.identities[CAROL];
    assert_eq!(listed(&mut world, hide), [carol.as_str()]);
    // Hidden is not gone: an old conversation still says with whom it was.
    let bob = world.identities[BOB];
    let contact = view::contact(&world.device(ALICE).conn, bob);
    let state = contact.unwrap().unwrap().activity_state;
    assert_eq!(state, ActivityState::Invalid);
}

/// The directory says what became of Bob, Alice's only contact, a day later.
fn checked(world: &mut World, answer: &serde_json::Value) -> view::Contact {
    world.pass_ms(24 * 60 * 60 * 1_000);
    let (id, request) = world.device(ALICE).requests.pop_front().unwrap();
    assert_eq!(request.path, "identity/check");
    let answer = HttpResponse {
        status: 200,
        body: answer.to_string().into_bytes(),
    };
    world.give(ALICE, Input::HttpDone(id, Ok(answer)));
    world.settle();
    let bob = world.identities[BOB];
    let contact = view::contact(&world.device(ALICE).conn, bob);
    contact.unwrap().unwrap()
}

#[test]
fn what_the_directory_says_of_a_contact_is_taken_over_and_changes_back() {
    let mut world = World::friends();
    let asleep = json!({
        "checkInterval": 86_400, "states": [1], "types": [1], "featureMasks": [0x3ff]
    });
    let contact = checked(&mut world, &asleep);
    assert_eq!(contact.activity_state, ActivityState::Inactive);
    assert_eq!((contact.feature_mask, contact.has_work_app), (0x3ff, true));
    // Whoever was not seen for long may still be written to.
    world.send(ALICE, BOB, "are you there?");
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["are you there?"]);
    // A mask that the directory does not know is none to believe.
    let awake = json!({
        "checkInterval": 86_400, "states": [0], "types": [0], "featureMasks": [null]
    });
    let contact = checked(&mut world, &awake);
    assert_eq!(contact.activity_state, ActivityState::Active);
    assert_eq!((contact.feature_mask, contact.has_work_app), (0x3ff, false));
}

#[test]
fn an_address_book_never_replaces_a_name() {
    let mut world = World::new(3);
    let book = |world: &World, whom: usize, name: &str| {
        Command::MatchContacts(vec![Person {
            name: name.into(),
            emails: vec![format!("{}@example.com", world.identities[whom])],
            phones: Vec::new(),
        }])
    };
    let name = |world: &mut World, whom: usize| {
        let identity = world.identities[whom];
        let contact = view::contact(&world.device(ALICE).conn, identity);
        contact.unwrap().unwrap().name
    };
    let rename = |identity, first_name: &str| Command::SetContactName {
        identity,
        first_name: first_name.into(),
        last_name: String::new(),
    };
    // An imported name stays as it came.
    for text in ["Bob", "Robert"] {
        let found = book(&world, BOB, text);
        world.ask(ALICE, found).unwrap();
        assert_eq!(name(&mut world, BOB), "Bob");
    }
    // The owner's stays as well, also if it is none.
    world.befriend(ALICE, CAROL);
    let carol = world.identities[CAROL];
    for text in ["Caro", ""] {
        world.ask(ALICE, rename(carol, text)).unwrap();
        let found = book(&world, CAROL, "Carol");
        world.ask(ALICE, found).unwrap();
        assert_eq!(name(&mut world, CAROL), text);
    }
}

#[test]
fn names_have_a_limit_each() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let long = "ü".repeat(129);
    for (first, last) in [(long.as_str(), "x"), ("x", long.as_str())] {
        let rename = Command::SetContactName {
            identity: bob,
            first_name: first.into(),
            last_name: last.into(),
        };
        let refused = Refusal::NameTooLong {
            field: "name",
            length: 129,
            limit: 128,
        };
        assert_eq!(world.ask(ALICE, rename), Err(refused));
    }
    let rename = Command::SetContactName {
        identity: bob,
        first_name: " Bob ".into(),
        last_name: "\tBaumann".into(),
    };
    let Ok(Reply::Contact(contact)) = world.ask(ALICE, rename) else {
        panic!()
    };
    assert_eq!(contact.first_name, "Bob");
    assert_eq!(contact.last_name, "Baumann");
    assert_eq!(contact.display_name(), "Bob Baumann");
}
