//! An organisation behind the app: licence, people, directory, lock, and an identity that moves.

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_engine::{
    Authorization, Availability, Command, DirectoryQuery, DisconnectReason, Edition, Event,
    HttpFault, HttpResponse, Input, MismatchSource, Person, Refusal, Reply, WorkCategory, view,
};
use dreiklang_wire::{api::work::license_refused, csp::payload::FromServer, mdm::Parameter};
use serde_json::json;

use crate::{
    common::Device,
    world::{ALICE, BOB, World, text_of},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// How often the work service was asked this.
fn asked(world: &World, path: &str) -> usize {
    let asked = world.server.organisation.asked.iter();
    asked.filter(|(asked, ..)| asked == path).count()
}

fn activate(password: &str) -> Command {
    Command::ActivateWork {
        username: "alice".into(),
        password: password.into(),
    }
}

fn text(to: dreiklang_wire::id::Identity) -> Command {
    Command::SendText {
        to: to.into(),
        text: "hello".into(),
        quote: None,
        reference: None,
    }
}

/// A member, a colleague of theirs and their conversation.
fn colleagues() -> World {
    let mut world = World::work(Edition::Work, true);
    world.add_stranger();
    world.befriend(ALICE, BOB);
    world
}

#[test]
fn a_new_identity_comes_with_the_licence_and_tells_about_itself() {
    let mut world = World::new(0);
    let mut device = Device::of(Edition::Work, 3);
    let create = Command::CreateIdentity {
        nickname: String::new(),
        license: None,
    };
    let ticket = device.command(world.now, create);
    assert_eq!(device.replies.get(&ticket), Some(&Err(Refusal::NoLicense)));

    world = World::work(Edition::Work, true);
    world
        .server
        .organisation
        .params
        .insert("th_firstname".into(), json!("Alice"));
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    world.settle();
    let me = world.identities[ALICE];
    let told = &world.server.organisation.users[&me];
    assert_eq!(told["licenseUsername"], "alice");
    assert_eq!(told["publicNickname"], "Ali");
    assert_eq!(told["firstName"], "Alice");
    assert_eq!(told.get("lastName"), None);
    let version = told["version"].as_str().unwrap();
    let number = format!("{}k;Q;", env!("CARGO_PKG_VERSION"));
    assert!(
        version.starts_with(&number) && version.ends_with(";m"),
        "{version}"
    );
    let standing = view::standing(&world.device(ALICE).conn).unwrap();
    assert!(standing.is_licensed && standing.username == "alice");
    let count = asked(&world, "identity/update_work_info");
    world.ask(ALICE, Command::WorkSync).unwrap();
    world.settle();
    let again = asked(&world, "identity/update_work_info");
    assert_eq!(count, again, "what did not change is not told again");
}

/// S8: the person configures nothing; the device's management gives the credentials, the server the
/// rest, and all of it is there before the identity is.
#[test]
fn a_managed_device_is_configured_before_its_first_identity() {
    let mut world = World::new(0);
    world.add_device(Device::of(Edition::OnPrem, 5));
    world
        .server
        .organisation
        .params
        .insert("th_nickname".into(), json!("Preset"));
    let managed = [
        ("th_license_username".to_owned(), json!("managed")),
        ("th_license_password".to_owned(), json!("by the device")),
        ("th_skip_wizard".to_owned(), json!(true)),
        ("th_unknown".to_owned(), json!(1)),
    ];
    let command = Command::SetExternalMdm(managed.into());
    assert_eq!(world.ask(ALICE, command), Ok(Reply::Done));
    world.answer_all_http(ALICE);
    let plan = view::setup_plan(&world.device(ALICE).conn).unwrap();
    assert!(plan.is_wizard_skipped);
    assert_eq!(plan.nickname.as_deref(), Some("Preset"));
    assert_eq!(
        plan.license.map(|license| license.username).as_deref(),
        Some("managed")
    );
    let create = Command::CreateIdentity {
        nickname: String::new(),
        license: None,
    };
    let Ok(Reply::IdentityCreated(me)) = world.ask(ALICE, create) else {
        panic!("no identity")
    };
    world.answer_all_http(ALICE);
    assert_eq!(
        view::me(&world.device(ALICE).conn)
            .unwrap()
            .unwrap()
            .nickname,
        "Preset"
    );
    let told = &world.server.organisation.users[&me];
    assert_eq!(
        (&told["licenseUsername"], &told["publicNickname"]),
        (&json!("managed"), &json!("Preset"))
    );
    assert!(told["version"].as_str().unwrap().ends_with(";me"));
}

#[test]
fn a_directory_that_lets_us_in_no_more_is_a_reason_to_check_the_licence() {
    let mut world = colleagues();
    let add = Command::AddContact {
        identity: "ECHOECHO".parse().unwrap(),
        public_key: None,
        name: None,
    };
    let now = world.now;
    let ticket = world.device(ALICE).command(now, add);
    let (id, _) = world.device(ALICE).requests.pop_back().unwrap();
    world.server.organisation.refusal = Some("Withdrawn".into());
    let answer = HttpResponse {
        status: 401,
        body: Vec::new(),
    };
    world
        .device(ALICE)
        .give(now, Input::HttpDone(id, Ok(answer)));
    let reply = world.device(ALICE).replies.remove(&ticket);
    assert_eq!(reply, Some(Err(Refusal::WrongCredentials)));
    world.answer_all_http(ALICE);
    let standing = view::standing(&world.device(ALICE).conn).unwrap();
    assert_eq!(standing.locked.as_deref(), Some("Withdrawn"));
}

#[test]
fn an_app_that_is_sent_away_asks_whether_its_licence_counts() {
    let mut world = colleagues();
    let standing = |world: &mut World| view::standing(&world.device(ALICE).conn).unwrap();
    world.server.organisation.refusal = Some("Withdrawn".into());
    world.inject(ALICE, closed("Your organisation has withdrawn the access."));
    let now = standing(&mut world);
    assert!(now.displaced.is_some() && !now.is_elsewhere);
    world.answer_all_http(ALICE);
    let now = standing(&mut world);
    assert_eq!(now.locked.as_deref(), Some("Withdrawn"));
    assert!(!now.needs_credentials, "the ones it has are known");
    world.server.organisation.refusal = None;
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    let now = standing(&mut world);
    assert_eq!((now.locked, now.displaced), (None, None));
}

#[test]
fn every_request_shows_the_licence_and_no_log_does() {
    let mut world = World::work(Edition::OnPrem, true);
    let license = dreiklang_engine::License {
        username: "alice".into(),
        password: "correct horse".into(),
    };
    assert!(world.server.organisation.asked.len() >= 4);
    for (path, _, shown) in &world.server.organisation.asked {
        assert_eq!(*shown, Authorization::Basic(license.clone()), "{path}");
        assert!(!format!("{shown:?}").contains("horse"));
    }
    assert_eq!(license.basic(), "Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==");
    let add = Command::AddContact {
        identity: "ECHOECHO".parse().unwrap(),
        public_key: None,
        name: None,
    };
    let now = world.now;
    world.device(ALICE).command(now, add);
    let (_, request) = world.device(ALICE).requests.pop_back().unwrap();
    assert_eq!(request.path, "identity/ECHOECHO");
    assert_eq!(request.authorization, Authorization::Basic(license));
    assert!(!format!("{:?}", activate("hunter2")).contains("hunter2"));
}

#[test]
fn the_private_app_has_no_organisation() {
    let mut world = World::new(1);
    let refused = Err(Refusal::NotManaged);
    assert_eq!(world.ask(ALICE, activate("correct horse")), refused);
    assert_eq!(world.ask(ALICE, Command::WorkSync), refused);
    let managed = [("th_block_unknown".to_owned(), json!(true))].into();
    assert_eq!(world.ask(ALICE, Command::SetExternalMdm(managed)), refused);
    assert!(world.server.organisation.asked.is_empty());
}

#[test]
fn credentials_are_taken_when_the_server_accepts_them() {
    let mut world = World::work(Edition::Work, true);
    let refused = Refusal::Directory("Wrong credentials".into());
    assert_eq!(world.ask(ALICE, activate("guess")), Err(refused));
    let over = Refusal::LicenseOver("Wrong credentials".into());
    for (kind, refused) in [
        (license_refused::UNKNOWN, Refusal::WrongCredentials),
        (license_refused::WITHDRAWN, over.clone()),
        (license_refused::EXPIRED, over),
    ] {
        world.server.organisation.license_refused = Some(kind);
        assert_eq!(world.ask(ALICE, activate("guess")), Err(refused));
    }
    assert!(
        !view::standing(&world.device(ALICE).conn)
            .unwrap()
            .needs_credentials
    );
    world.server.organisation.no_seat = Some("No seat is free".into());
    let refused = Refusal::Directory("No seat is free".into());
    assert_eq!(world.ask(ALICE, activate("correct horse")), Err(refused));
    world.server.organisation.no_seat = None;
    assert_eq!(world.ask(ALICE, activate("correct horse")), Ok(Reply::Done));
}

#[test]
fn the_organisation_names_its_people_and_nobody_renames_them() {
    let mut world = World::work(Edition::Work, true);
    world.add_stranger();
    let bob = world.identities[BOB];
    let name = ("Bob".to_owned(), "Baumann".to_owned());
    world.server.organisation.people.insert(bob, name);
    world.ask(ALICE, Command::WorkSync).unwrap();
    let org = view::organisation(&world.device(ALICE).conn).unwrap();
    assert_eq!(org.name, "Dreiklang AG");
    assert_eq!(org.support_url, "https://example.com/help");
    assert_eq!(
        (org.logo_light.as_str(), org.logo_dark.as_str()),
        ("https://example.com/light.png", "")
    );
    assert_eq!(org.categories.get("c1").map(String::as_str), Some("Sales"));
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert_eq!(contact.display_name(), "Bob Baumann");
    assert_eq!(contact.job_title, "Cook");
    assert_eq!(
        contact.verification_level,
        view::VerificationLevel::WorkServer
    );
    let rename = Command::SetContactName {
        identity: bob,
        first_name: "Bobby".into(),
        last_name: String::new(),
    };
    assert_eq!(
        world.ask(ALICE, rename),
        Err(Refusal::NamedByOrganisation(bob))
    );
    // Somebody who left keeps the name and loses the mark.
    world.server.organisation.people.clear();
    world.ask(ALICE, Command::WorkSync).unwrap();
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert!(!contact.is_work);
    assert_eq!(
        contact.verification_level,
        view::VerificationLevel::Unverified
    );
    assert_eq!(contact.display_name(), "Bob Baumann");
}

#[test]
fn a_colleague_who_writes_first_gets_a_name_at_once() {
    let mut world = World::work(Edition::Work, true);
    world.add_stranger();
    let bob = world.identities[BOB];
    let name = ("Bob".to_owned(), String::new());
    world.server.organisation.people.insert(bob, name);
    world.befriend(BOB, ALICE);
    let syncs = asked(&world, "fetch2");
    world.send(BOB, ALICE, "hi");
    world.settle();
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert_eq!((contact.is_work, contact.work_name.as_str()), (true, "Bob"));
    assert_eq!(asked(&world, "fetch2"), syncs);
}

#[test]
fn another_key_for_a_known_contact_is_not_taken_from_the_organisation() {
    let mut world = colleagues();
    let bob = world.identities[BOB];
    let pinned = world.server.keys[&bob];
    let other = world.server.keys[&world.identities[ALICE]];
    world.server.keys.insert(bob, other);
    let name = ("Not".to_owned(), "Bob".to_owned());
    world.server.organisation.people.insert(bob, name);
    world.ask(ALICE, Command::WorkSync).unwrap();
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert_eq!(contact.public_key, pinned);
    assert_eq!((contact.is_work, contact.work_name.as_str()), (false, ""));
    assert_eq!(contact.key_mismatch, None, "nobody can have our key");

    let other = SecretKey::generate(&mut SeededRng::new(9)).public();
    world.server.keys.insert(bob, other);
    world.take_events(ALICE);
    world.ask(ALICE, Command::WorkSync).unwrap();
    let source = MismatchSource::Organisation;
    let contact = bob;
    let warning = Event::KeyMismatch { contact, source };
    assert!(world.take_events(ALICE).contains(&warning));
    let contact = view::contact(&world.device(ALICE).conn, bob);
    let contact = contact.unwrap().unwrap();
    assert_eq!((contact.public_key, contact.is_work), (pinned, false));
    let mismatch = contact.key_mismatch.unwrap();
    assert_eq!((mismatch.public_key, mismatch.source), (other, source));
}

#[test]
fn whom_the_administrator_names_is_a_contact_again() {
    let mut world = colleagues();
    let bob = world.identities[BOB];
    world.ask(ALICE, Command::RemoveContact(bob)).unwrap();
    let listed = |world: &mut World| view::contacts(&world.device(ALICE).conn).unwrap().len();
    assert_eq!(listed(&mut world), 0);
    let name = ("Bob".to_owned(), "Baumann".to_owned());
    world.server.organisation.people.insert(bob, name);
    world.ask(ALICE, Command::WorkSync).unwrap();
    assert_eq!(listed(&mut world), 1);
}

#[test]
fn the_directory_is_searched_as_the_organisation_allows() {
    let mut world = colleagues();
    let bob = world.identities[BOB];
    let name = ("Bob".to_owned(), "Baumann".to_owned());
    world.server.organisation.people.insert(bob, name);
    let search = |text: &str, categories: &[&str]| {
        Command::SearchDirectory(DirectoryQuery {
            text: text.into(),
            categories: categories.iter().map(|id| (*id).to_owned()).collect(),
            ..DirectoryQuery::default()
        })
    };
    for (text, categories) in [("bo", &[][..]), ("*", &[]), ("", &["c1"])] {
        let refused = Err(Refusal::QueryTooShort);
        assert_eq!(
            world.ask(ALICE, search(text, categories)),
            refused,
            "{text}"
        );
    }
    for (text, categories) in [("bob", &[][..]), ("*", &["c1"])] {
        let Ok(Reply::Directory(page)) = world.ask(ALICE, search(text, categories)) else {
            panic!("{text}")
        };
        assert_eq!((page.total, page.next_page), (1, None));
        assert_eq!(page.people[0].identity, bob);
        assert_eq!(page.people[0].last_name, "Baumann");
    }
    world.server.organisation.is_directory_enabled = false;
    world.ask(ALICE, Command::WorkSync).unwrap();
    assert_eq!(
        world.ask(ALICE, search("bob", &[])),
        Err(Refusal::NoDirectory)
    );
}

#[test]
fn a_withdrawn_licence_locks_the_app_within_a_day_and_a_good_one_opens_it() {
    let mut world = colleagues();
    let bob = world.identities[BOB];
    world.send(ALICE, BOB, "before");
    world.settle();
    let words = "Your licence was withdrawn.";
    world.server.organisation.refusal = Some(words.into());
    world.take_events(ALICE);
    world.pass_ms(DAY_MS);
    world.answer_all_http(ALICE);
    let locked = Event::Locked { text: words.into() };
    assert!(world.take_events(ALICE).contains(&locked));
    assert_eq!(
        world.device(ALICE).wants_disconnect,
        Some(DisconnectReason::Locked)
    );
    assert!(!world.device(ALICE).has_credentials());
    assert_eq!(
        world.ask(ALICE, text(bob)),
        Err(Refusal::Locked(words.into()))
    );
    // What is here stays, and what comes is neither shown nor acknowledged.
    assert_eq!(world.texts(ALICE, BOB), ["before"]);
    world.befriend(BOB, ALICE);
    world.send(BOB, ALICE, "while locked");
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["before"]);
    assert_eq!(world.server.queued(world.identities[ALICE]), 1);
    // It is locked after a restart as well, and the words are at hand.
    world.restart(ALICE);
    world.answer_all_http(ALICE);
    let standing = view::standing(&world.device(ALICE).conn).unwrap();
    assert_eq!(standing.locked.as_deref(), Some(words));
    assert!(!world.device(ALICE).has_credentials());
    world.server.organisation.refusal = None;
    world.pass_ms(60 * 60 * 1_000);
    world.answer_all_http(ALICE);
    assert!(world.take_events(ALICE).contains(&Event::Unlocked));
    assert!(world.device(ALICE).has_credentials());
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(ALICE, BOB), ["before", "while locked"]);
}

#[test]
fn a_server_out_of_reach_takes_no_licence_away() {
    let mut world = colleagues();
    let bob = world.identities[BOB];
    world.restart(ALICE);
    let now = world.now;
    let requests = std::mem::take(&mut world.device(ALICE).requests);
    assert!(
        requests
            .iter()
            .any(|(_, request)| request.path == "check_license")
    );
    for (id, _) in requests {
        world
            .device(ALICE)
            .give(now, Input::HttpDone(id, Err(HttpFault::Unreachable)));
    }
    assert!(world.device(ALICE).has_credentials());
    assert!(matches!(world.ask(ALICE, text(bob)), Ok(Reply::Message(_))));
    for status in [429, 500, 503] {
        world.server.organisation.status = Some(status);
        world.pass_ms(DAY_MS);
        world.answer_all_http(ALICE);
        assert!(world.device(ALICE).has_credentials(), "{status}");
    }
}

#[test]
fn unknown_credentials_lock_the_app_and_ask_for_others() {
    let mut world = colleagues();
    world.server.organisation.status = Some(401);
    let refused = world.ask(ALICE, Command::WorkSync);
    assert_eq!(refused, Err(Refusal::WrongCredentials));
    assert!(world.take_events(ALICE).contains(&Event::CredentialsNeeded));
    let standing = view::standing(&world.device(ALICE).conn).unwrap();
    assert!(standing.needs_credentials);
    assert!(standing.locked.unwrap().contains("credentials"));
    world.server.organisation.status = None;
    assert_eq!(world.ask(ALICE, activate("correct horse")), Ok(Reply::Done));
    let standing = view::standing(&world.device(ALICE).conn).unwrap();
    assert_eq!((standing.needs_credentials, standing.locked), (false, None));
}

#[test]
fn an_identity_that_moved_is_not_used_here_until_it_comes_back() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    world.send(ALICE, BOB, "before");
    world.settle();
    let words = "Another connection for the same identity: it belongs to the work app now.";
    world.inject(ALICE, closed(words));
    let displaced = Event::Displaced { text: words.into() };
    assert!(world.take_events(ALICE).contains(&displaced));
    let refused = Err(Refusal::Displaced(words.into()));
    assert_eq!(world.ask(ALICE, text(bob)), refused);
    world.restart(ALICE);
    assert_eq!(world.ask(ALICE, text(bob)), refused);
    assert_eq!(world.texts(ALICE, BOB), ["before"]);
    let standing = view::standing(&world.device(ALICE).conn).unwrap();
    assert_eq!(standing.displaced.as_deref(), Some(words));
    assert!(standing.is_elsewhere);
    world.server.organisation.kept = Some("Ask your administrator".into());
    let kept = Err(Refusal::Directory("Ask your administrator".into()));
    assert_eq!(world.ask(ALICE, Command::Reclaim), kept);
    assert_eq!(world.ask(ALICE, text(bob)), refused);
    world.server.organisation.kept = None;
    assert_eq!(world.ask(ALICE, Command::Reclaim), Ok(Reply::Done));
    assert!(matches!(world.ask(ALICE, text(bob)), Ok(Reply::Message(_))));
}

#[test]
fn a_second_device_takes_the_connection_and_nothing_else() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let words = "Another connection for the same identity has been established.";
    world.inject(ALICE, closed(words));
    assert!(matches!(world.ask(ALICE, text(bob)), Ok(Reply::Message(_))));
    let displaced =
        |world: &mut World| view::standing(&world.device(ALICE).conn).unwrap().displaced;
    assert_eq!(displaced(&mut world).as_deref(), Some(words));
    world.connect(ALICE);
    assert_eq!(displaced(&mut world), None);
}

fn closed(words: &str) -> FromServer {
    FromServer::CloseError {
        can_reconnect: false,
        text: words.into(),
    }
}

#[test]
fn addresses_are_linked_and_confirmed() {
    let mut world = World::new(1);
    let links = |world: &mut World| view::links(&world.device(ALICE).conn).unwrap();
    let waiting = |address: &str| view::Link::Waiting(address.into());
    let linked = |address: &str| view::Link::Linked(address.into());
    let email = |address: &str| Command::LinkEmail(address.into());
    assert_eq!(world.ask(ALICE, email("nobody")), Err(Refusal::BadAddress));
    assert_eq!(
        world.ask(ALICE, Command::CheckEmail),
        Err(Refusal::NothingToConfirm)
    );
    assert_eq!(
        world.ask(ALICE, email(" Ali@Example.com ")),
        Ok(Reply::Done)
    );
    assert_eq!(links(&mut world).email, waiting("ali@example.com"));
    assert_eq!(world.ask(ALICE, Command::CheckEmail), Ok(Reply::Done));
    assert_eq!(links(&mut world).email, waiting("ali@example.com"));
    world
        .server
        .organisation
        .linked
        .insert("ali@example.com".into());
    assert_eq!(world.ask(ALICE, Command::CheckEmail), Ok(Reply::Done));
    assert_eq!(links(&mut world).email, linked("ali@example.com"));
    assert_eq!(world.ask(ALICE, email("")), Ok(Reply::Done));
    assert_eq!(links(&mut world).email, view::Link::None);

    let confirm = |code: &str| Command::ConfirmPhone(code.into());
    assert_eq!(
        world.ask(ALICE, confirm("1")),
        Err(Refusal::NothingToConfirm)
    );
    let phone = Command::LinkPhone("+41 79 123 45 67".into());
    assert_eq!(world.ask(ALICE, phone), Ok(Reply::Done));
    assert_eq!(links(&mut world).phone, waiting("41791234567"));
    let wrong = Err(Refusal::Directory("Wrong code".into()));
    assert_eq!(world.ask(ALICE, confirm("999999")), wrong);
    assert_eq!(world.ask(ALICE, confirm("123456")), Ok(Reply::Done));
    assert_eq!(links(&mut world).phone, linked("41791234567"));
}

#[test]
fn people_of_the_address_book_are_found_by_their_addresses() {
    let mut world = World::new(2);
    let [alice, bob] = world.identities[..] else {
        panic!()
    };
    let person = |name: &str, address: String| Person {
        name: name.into(),
        emails: vec![address],
        phones: vec!["0791234567".into()],
    };
    let people = vec![
        person(
            "Bob",
            format!(" {}@Example.com", bob.as_str().to_lowercase()),
        ),
        person("Me", format!("{alice}@example.com")),
        person("Nobody", "nobody@example.com".into()),
    ];
    let find = Command::MatchContacts(people);
    assert_eq!(
        world.ask(ALICE, find.clone()),
        Ok(Reply::Matched(vec![bob]))
    );
    let contact = view::contact(&world.device(ALICE).conn, bob)
        .unwrap()
        .unwrap();
    assert_eq!(contact.name, "Bob");
    assert_eq!(contact.verification_level, view::VerificationLevel::Server);
    assert_eq!(world.ask(ALICE, find), Ok(Reply::Matched(vec![bob])));
    let nobody = Command::MatchContacts(Vec::new());
    assert_eq!(world.ask(ALICE, nobody), Ok(Reply::Matched(Vec::new())));
}

#[test]
fn who_is_looked_up_by_an_address_becomes_no_contact() {
    let mut world = World::new(2);
    let [alice, bob] = world.identities[..] else {
        panic!()
    };
    let find = |emails: &[String], phones: &[&str]| Command::FindByAddress {
        emails: emails.to_vec(),
        phones: phones.iter().map(|&phone| phone.to_owned()).collect(),
    };
    let asked = [
        format!(" {}@Example.com", bob.as_str().to_lowercase()),
        format!("{alice}@example.com"),
        "nobody@example.com".to_owned(),
    ];
    let found = world.ask(ALICE, find(&asked, &["+41 79 123 45 67"]));
    assert_eq!(found, Ok(Reply::Found(vec![(bob, asked[0].clone())])));
    let contact = view::contact(&world.device(ALICE).conn, bob);
    assert_eq!(contact.unwrap(), None);
    let nobody = Ok(Reply::Found(Vec::new()));
    assert_eq!(world.ask(ALICE, find(&[], &[])), nobody);
    for wrong in [find(&["bob".to_owned()], &[]), find(&[], &["bob"])] {
        assert_eq!(world.ask(ALICE, wrong), Err(Refusal::BadAddress));
    }
}

#[test]
fn an_organisation_can_forbid_to_look_for_people() {
    let mut world = World::work(Edition::Work, true);
    let forbidden = ("th_contact_sync".to_owned(), json!(false));
    world
        .ask(ALICE, Command::SetExternalMdm([forbidden].into()))
        .unwrap();
    let person = Person {
        emails: vec!["bob@example.com".into()],
        ..Person::default()
    };
    let refused = Err(Refusal::SetByOrganisation(Parameter::ContactSync));
    assert_eq!(
        world.ask(ALICE, Command::MatchContacts(vec![person])),
        refused
    );
}

#[test]
fn messages_older_than_the_organisation_keeps_are_deleted() {
    let mut world = colleagues();
    world.send(ALICE, BOB, "old");
    world.settle();
    world.disconnect(ALICE);
    world.send(ALICE, BOB, "old and not sent yet");
    world.pass_ms(9 * DAY_MS);
    world.send(ALICE, BOB, "young");
    let days = ("th_keep_messages_days".to_owned(), json!(3));
    // Fewer than seven days count as seven.
    world
        .ask(ALICE, Command::SetExternalMdm([days].into()))
        .unwrap();
    let kept: Vec<_> = world.timeline(ALICE, BOB).iter().map(text_of).collect();
    assert_eq!(kept, ["old and not sent yet", "young"]);
    let conversations = view::conversations(&world.device(ALICE).conn).unwrap();
    assert_eq!(text_of(&conversations[0].last_message), "young");
}

#[test]
fn whether_somebody_is_at_work_is_told_and_heard() {
    let mut world = colleagues();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    let status = |text: &str| Availability {
        category: WorkCategory::Busy,
        description: text.into(),
    };
    let own = |world: &mut World| {
        let conn = &world.device(ALICE).conn;
        view::me(conn).unwrap().unwrap().availability
    };
    let set = Command::SetAvailability(status(" in a meeting "));
    assert_eq!(world.ask(ALICE, set), Ok(Reply::Done));
    assert_eq!(own(&mut world), status("in a meeting"));
    assert!(world.take_events(ALICE).contains(&Event::MeChanged));
    let told = status("in a meeting").to_properties().unwrap();
    assert_eq!(world.server.organisation.statuses[&alice], told);
    let long = Command::SetAvailability(status(&"ä".repeat(129)));
    let refused = Refusal::StatusTooLong {
        size_bytes: 258,
        limit_bytes: 256,
    };
    assert_eq!(world.ask(ALICE, long), Err(refused));
    let nothing = Command::SetAvailability(Availability {
        category: WorkCategory::None,
        ..status("to be forgotten")
    });
    assert_eq!(world.ask(ALICE, nothing), Ok(Reply::Done));
    assert_eq!(own(&mut world), Availability::default());
    assert!(world.server.organisation.statuses[&alice].is_empty());

    let of_bob = |world: &mut World| {
        let conn = &world.device(ALICE).conn;
        view::contact(conn, bob).unwrap().unwrap().availability
    };
    let organisation = &mut world.server.organisation;
    organisation
        .people
        .insert(bob, ("Bob".into(), String::new()));
    let away = status("on the road");
    organisation.statuses.insert(bob, away.encode().unwrap());
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    assert_eq!(of_bob(&mut world), away);
    assert!(
        world
            .take_events(ALICE)
            .contains(&Event::ContactChanged(bob))
    );
    // What cannot be read says nothing, and does not hide the person.
    world.server.organisation.statuses.insert(bob, vec![0xff]);
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    assert_eq!(of_bob(&mut world), Availability::default());
    let organisation = &mut world.server.organisation;
    organisation.statuses.insert(bob, away.encode().unwrap());
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    // Somebody who left is not said to be busy.
    world.server.organisation.people.clear();
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    assert_eq!(of_bob(&mut world), Availability::default());
}

#[test]
fn a_logo_comes_from_the_own_instance_and_only_a_picture_is_one() {
    let mut world = colleagues();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01".to_vec();
    let logo = |world: &mut World, is_dark| {
        let found = view::logo(&world.device(ALICE).conn, is_dark).unwrap();
        found.map(|logo| {
            assert!(!logo.is_dark, "there is only one for light ground");
            logo.png
        })
    };
    assert_eq!(logo(&mut world, false), None);
    assert_eq!(asked(&world, "light.png"), 0, "nobody else is asked");
    let set = |world: &mut World, version: u8, bytes: &[u8]| {
        let address = format!("https://elsewhere.example/logo/ORG/light?v={version}");
        world.server.organisation.logo = (address, bytes.to_vec());
        assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
        world.answer_all_http(ALICE);
    };
    set(&mut world, 1, &png);
    assert_eq!(logo(&mut world, false).as_ref(), Some(&png));
    assert_eq!(
        logo(&mut world, true).as_ref(),
        Some(&png),
        "better than none"
    );
    assert_eq!(asked(&world, "logo/ORG/light?v=1"), 1);
    set(&mut world, 1, b"another one");
    assert_eq!(asked(&world, "logo/ORG/light?v=1"), 1, "it did not change");
    png.push(0);
    set(&mut world, 2, &png);
    assert_eq!(logo(&mut world, false).as_ref(), Some(&png));
    set(&mut world, 3, b"<svg onload='alert(1)'/>");
    assert_eq!(logo(&mut world, false), None);
    set(&mut world, 4, &png);
    world.server.organisation.logo.0.clear();
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    world.answer_all_http(ALICE);
    assert_eq!(logo(&mut world, false), None);
}
