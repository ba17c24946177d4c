//! What single contacts are told, who is heard, and whom an address book may bring.

use dreiklang_engine::{
    Command, Edition, Person, PictureSharing, Refusal, Reply, SendPolicy, Settings,
    view::{self, Contact, MessageState},
};
use dreiklang_wire::{
    id::Identity,
    mdm::{Parameter, WireParameters},
};
use serde_json::json;

use crate::world::{ALICE, BOB, CAROL, World};

fn with_settings(change: impl Fn(&mut Settings)) -> Command {
    let mut settings = Settings::default();
    change(&mut settings);
    Command::SetSettings(settings)
}

fn policies(identity: Identity, both: SendPolicy) -> Command {
    Command::SetContactPolicies {
        identity,
        read_receipts: both,
        typing_indicators: both,
    }
}

/// Sends to Bob, who reads and types; returns what Alice is told of both.
fn told(world: &mut World) -> [bool; 2] {
    let alice = world.identities[ALICE];
    let sent = world.send(ALICE, BOB, "seen?");
    world.settle();
    let up_to = world.timeline(BOB, ALICE).last().unwrap().position;
    let read = Command::MarkRead {
        conversation: alice.into(),
        up_to,
    };
    world.ask(BOB, read).unwrap();
    world.take_events(ALICE);
    for on in [true, false] {
        world.ask(BOB, Command::Typing { to: alice, on }).unwrap();
    }
    world.settle();
    let state = view::message(&world.device(ALICE).conn, sent.position).unwrap();
    let typed = world
        .take_events(ALICE)
        .iter()
        .any(|event| matches!(event, dreiklang_engine::Event::Typing { .. }));
    [state.unwrap().state == MessageState::Read, typed]
}

#[test]
fn a_contact_is_told_what_its_policy_says_and_else_what_the_settings_say() {
    let mut world = World::friends();
    let alice = world.identities[ALICE];
    let silent = with_settings(|settings| {
        settings.read_receipts = false;
        settings.typing_indicators = false;
    });
    for (command, policy, is_told) in [
        (with_settings(|_| ()), SendPolicy::Default, true),
        (with_settings(|_| ()), SendPolicy::DontSend, false),
        (silent.clone(), SendPolicy::Send, true),
        (silent, SendPolicy::Default, false),
    ] {
        world.ask(BOB, command).unwrap();
        let Ok(Reply::Contact(contact)) = world.ask(BOB, policies(alice, policy)) else {
            panic!()
        };
        assert_eq!(contact.read_receipts, policy);
        assert_eq!(contact.typing_indicators, policy);
        assert_eq!(told(&mut world), [is_told; 2], "{policy:?}");
        let details = view::contact_details(&world.device(BOB).conn, alice);
        let details = details.unwrap().unwrap();
        assert_eq!(details.gets_read_receipts, is_told);
        assert_eq!(details.gets_typing_indicators, is_told);
    }
}

#[test]
fn all_policies_go_back_at_once() {
    let mut world = World::friends();
    let alice = world.identities[ALICE];
    world
        .ask(BOB, policies(alice, SendPolicy::DontSend))
        .unwrap();
    world.take_events(BOB);
    assert_eq!(
        world.ask(BOB, Command::ResetContactPolicies),
        Ok(Reply::Done)
    );
    assert_eq!(
        world.take_events(BOB),
        [dreiklang_engine::Event::ContactChanged(alice)]
    );
    assert_eq!(told(&mut world), [true; 2]);
    let stranger: Identity = "NOBODY00".parse().unwrap();
    assert_eq!(
        world.ask(BOB, policies(stranger, SendPolicy::Send)),
        Err(Refusal::UnknownContact(stranger))
    );
}

#[test]
fn an_address_book_brings_nobody_who_is_excluded() {
    let mut world = World::new(2);
    let [me, bob] = world.identities[..] else {
        panic!()
    };
    let book = Command::MatchContacts(vec![Person {
        name: "Bob".into(),
        emails: vec![format!("{bob}@example.com")],
        phones: Vec::new(),
    }]);
    assert_eq!(
        world.ask(ALICE, Command::Exclude(me)),
        Err(Refusal::OwnIdentity)
    );
    world.ask(ALICE, Command::Exclude(bob)).unwrap();
    let excluded = view::excluded(&world.device(ALICE).conn).unwrap();
    assert_eq!(excluded, [bob]);
    let nobody = Ok(Reply::Matched(Vec::new()));
    assert_eq!(world.ask(ALICE, book.clone()), nobody);
    assert_eq!(world.count(ALICE, "contacts"), 0);

    // By hand the person adds whom they want; the address book then gives no name and no level.
    world.befriend(ALICE, BOB);
    assert_eq!(world.ask(ALICE, book.clone()), nobody);
    let contact = |world: &mut World| -> Contact {
        let found = view::contact(&world.device(ALICE).conn, bob).unwrap();
        found.unwrap()
    };
    let before = contact(&mut world);
    assert!(before.is_excluded);
    assert_eq!(before.name, "");
    world.ask(ALICE, Command::Include(bob)).unwrap();
    assert_eq!(world.ask(ALICE, book), Ok(Reply::Matched(vec![bob])));
    let after = contact(&mut world);
    assert_eq!((after.is_excluded, after.name.as_str()), (false, "Bob"));
    assert!(after.verification_level > before.verification_level);
}

#[test]
fn who_is_blocked_is_listed_whether_a_contact_or_not() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let stranger: Identity = "ANYBODY0".parse().unwrap();
    for identity in [bob, stranger] {
        world.ask(ALICE, Command::Block(identity)).unwrap();
    }
    let blocked = view::blocked(&world.device(ALICE).conn).unwrap();
    assert_eq!(blocked, [stranger, bob]);
    world.ask(ALICE, Command::Unblock(stranger)).unwrap();
    let blocked = view::blocked(&world.device(ALICE).conn).unwrap();
    assert_eq!(blocked, [bob]);
}

/// Alice and Carol are in a group that Carol made; Carol is no contact of Alice. The state is ours:
/// 0 member, 2 left.
fn acquaintances(my_state: u8) -> World {
    let mut world = World::new(3);
    world.befriend(ALICE, CAROL);
    world.befriend(CAROL, ALICE);
    let carol = world.identities[CAROL];
    world.ask(ALICE, Command::RemoveContact(carol)).unwrap();
    let conn = &world.device(ALICE).conn;
    conn.execute_batch(&format!(
        "INSERT INTO conversations (identity, group_id) VALUES ('{carol}', x'0102030405060708');
         INSERT INTO groups (conversation_id, name, my_state, created_at)
             SELECT conversation_id, 'Choir', {my_state}, 1 FROM conversations
             WHERE group_id = x'0102030405060708';
         INSERT INTO group_members (conversation_id, contact_id)
             SELECT g.conversation_id, c.contact_id FROM groups AS g, contacts AS c
             WHERE c.identity = '{carol}';"
    ))
    .unwrap();
    world
}

#[test]
fn members_of_a_group_in_common_are_no_strangers() {
    let strict = with_settings(|settings| settings.block_unknown = true);
    for (my_state, heard) in [(0, &["hello"][..]), (2, &[])] {
        let mut world = acquaintances(my_state);
        let carol = world.identities[CAROL];
        let details = view::contact_details(&world.device(ALICE).conn, carol);
        let details = details.unwrap().unwrap();
        assert!(!details.contact.is_direct);
        assert_eq!(details.groups.len(), heard.len());
        world.ask(ALICE, strict.clone()).unwrap();
        world.send(CAROL, ALICE, "hello");
        world.settle();
        assert_eq!(world.texts(ALICE, CAROL), heard);
        // Whoever writes to us is a contact from then on.
        let contact = view::contact(&world.device(ALICE).conn, carol).unwrap();
        assert_eq!(contact.is_some(), my_state == 0);
    }
}

#[test]
fn a_blocked_member_of_a_group_is_not_heard_alone() {
    let mut world = acquaintances(0);
    let carol = world.identities[CAROL];
    world.ask(ALICE, Command::Block(carol)).unwrap();
    world.send(CAROL, ALICE, "hello");
    world.settle();
    assert_eq!(world.texts(ALICE, CAROL), [""; 0]);
}

#[test]
fn who_is_in_a_group_with_us_can_be_written_to_and_is_a_contact_then() {
    let mut world = acquaintances(0);
    let carol = world.identities[CAROL];
    let before = view::contact(&world.device(ALICE).conn, carol).unwrap();
    assert_eq!(before, None);
    // Typing is no word yet.
    let typing = Command::Typing {
        to: carol,
        on: true,
    };
    assert_eq!(world.ask(ALICE, typing), Ok(Reply::Done));
    assert!(world.device(ALICE).uplink.is_empty());
    world.send(ALICE, CAROL, "between us");
    world.settle();
    assert_eq!(world.texts(CAROL, ALICE), ["between us"]);
    let contact = view::contact(&world.device(ALICE).conn, carol).unwrap();
    assert!(contact.unwrap().is_direct);

    let mut world = acquaintances(2);
    let send = Command::SendText {
        to: world.identities[CAROL].into(),
        text: "gone".into(),
        quote: None,
        reference: None,
    };
    let carol = world.identities[CAROL];
    assert_eq!(world.ask(ALICE, send), Err(Refusal::UnknownContact(carol)));
}

#[test]
fn a_group_shows_a_removed_contact_by_name() {
    for (my_state, name) in [(0, "Carol C."), (2, "")] {
        let mut world = acquaintances(my_state);
        let carol = world.identities[CAROL];
        world.befriend(ALICE, CAROL);
        let rename = Command::SetContactName {
            identity: carol,
            first_name: "Carol".into(),
            last_name: "C.".into(),
        };
        world.ask(ALICE, rename).unwrap();
        world.disconnect(ALICE);
        world.send(ALICE, CAROL, "not sent yet");
        world.ask(ALICE, Command::RemoveContact(carol)).unwrap();
        assert_eq!(world.outbox_len(ALICE), 0);
        let person = view::person(&world.device(ALICE).conn, carol).unwrap();
        assert_eq!(person.unwrap().name, name);
    }
}

#[test]
fn the_person_chooses_who_may_have_the_picture_unless_the_organisation_does() {
    let mut world = World::work(Edition::Work, true);
    let sharing = |world: &mut World| view::picture_sharing(&world.device(ALICE).conn).unwrap();
    assert_eq!(sharing(&mut world), PictureSharing::Everybody);
    let bob: Identity = "BOB00000".parse().unwrap();
    let listed = PictureSharing::Listed([bob].into());
    let set = |sharing: &PictureSharing| Command::SetPictureSharing(sharing.clone());
    for choice in [
        PictureSharing::Nobody,
        PictureSharing::Listed([].into()),
        listed.clone(),
    ] {
        assert_eq!(world.ask(ALICE, set(&choice)), Ok(Reply::Done));
        assert_eq!(sharing(&mut world), choice);
    }
    assert!(listed.includes(bob) && !listed.includes("ECHOECHO".parse().unwrap()));

    let name = Parameter::DisableSendProfilePicture;
    let managed = WireParameters::from([(name.to_string(), json!(true))]);
    world.ask(ALICE, Command::SetExternalMdm(managed)).unwrap();
    assert_eq!(sharing(&mut world), PictureSharing::Nobody);
    assert_eq!(
        world.ask(ALICE, set(&PictureSharing::Everybody)),
        Err(Refusal::SetByOrganisation(name))
    );
    let nothing = Command::SetExternalMdm(WireParameters::new());
    world.ask(ALICE, nothing).unwrap();
    assert_eq!(sharing(&mut world), listed, "the choice comes back");
}

#[test]
fn people_see_what_the_server_keeps_about_them_and_about_nobody_else() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    let Ok(Reply::StoredOnServer(document)) = world.ask(ALICE, Command::AskWhatIsStored) else {
        panic!("no document");
    };
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(
        document["tables"]["identities"],
        json!([{ "identity": alice }])
    );

    world.server.exports_about = Some(bob);
    let answer = world.ask(ALICE, Command::AskWhatIsStored);
    assert_eq!(answer, Err(Refusal::BadAnswer));
}
