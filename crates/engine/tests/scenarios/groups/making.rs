//! Making groups: what everybody has afterwards, and what is refused.

use dreiklang_engine::view::Partner;

use super::*;

#[test]
fn a_new_group_is_the_same_for_everybody() {
    let (mut world, group) = team();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    assert_eq!(world.find_group(DAVE, group), None);
    for who in [ALICE, BOB, CAROL] {
        let seen = world.group(who, group);
        assert_eq!((seen.name.as_str(), seen.title.as_str()), ("Team", "Team"));
        assert_eq!(seen.is_mine, who == ALICE);
        assert!(seen.can_write() && !seen.is_notes() && !seen.is_orphaned);
    }
    let members = world.ids(&[BOB, CAROL]);
    assert_eq!(
        world.happened(ALICE, group),
        [
            (ALICE, Notice::GroupCreated),
            (ALICE, Notice::Added(members))
        ]
    );
    assert_eq!(world.happened(BOB, group), [(ALICE, Notice::YouWereAdded)]);

    let conversations = view::conversations(&world.device(BOB).conn).unwrap();
    let [conversation] = conversations.as_slice() else {
        panic!("{conversations:?}")
    };
    assert_eq!(conversation.unread_count, 0, "notices are not unread");
    assert!(matches!(&conversation.partner, Partner::Group(it) if it.identity == group));
    assert_eq!((world.outbox_len(ALICE), world.outbox_len(BOB)), (0, 0));
}

#[test]
fn members_who_are_no_contacts_are_known_from_the_group_only() {
    let (mut world, group) = team();
    let [alice, bob, carol] = [ALICE, BOB, CAROL].map(|who| world.identities[who]);
    let contact = |world: &mut World, who: usize, whom| {
        let members = view::members(&world.device(who).conn, &group).unwrap();
        let member = members
            .into_iter()
            .find(|it| it.contact.identity == whom)
            .unwrap();
        (member.is_creator, member.is_contact)
    };
    assert_eq!(
        contact(&mut world, BOB, alice),
        (true, true),
        "who makes a group, introduces it"
    );
    assert_eq!(contact(&mut world, BOB, carol), (false, false));
    assert_eq!(contact(&mut world, ALICE, bob), (false, false));
    let shared = view::groups_in_common(&world.device(BOB).conn, carol).unwrap();
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].identity, group);
}

#[test]
fn what_is_said_in_a_group_reaches_everybody_once() {
    let (mut world, group) = team();
    let sent = world.say(BOB, group, "hello");
    assert_eq!(sent.state, MessageState::Pending);
    world.settle();
    for who in [ALICE, BOB, CAROL] {
        assert_eq!(world.said(who, group), ["hello"], "{who}");
    }
    let row = world.rows(BOB, group).pop().unwrap();
    assert_eq!(
        row.state,
        MessageState::Sent,
        "everybody's copy is with the server"
    );
    let received = world.rows(CAROL, group).pop().unwrap();
    assert_eq!((received.id, received.created_at), (row.id, row.created_at));
    assert_eq!(received.sender, world.identities[BOB]);
    assert_eq!(received.state, MessageState::IncomingUnread);
}

#[test]
fn a_repeated_command_makes_one_group() {
    let mut world = World::new(2);
    let members = world.ids(&[BOB]);
    let create = Command::CreateGroup {
        name: "Team".into(),
        members,
        reference: Some("once".into()),
    };
    let first = world.ask_group(ALICE, create.clone());
    world.restart(ALICE);
    let second = world.ask_group(ALICE, create);
    assert_eq!(first, second);
    assert_eq!(world.count(ALICE, "groups"), 1);

    let text = Command::SendText {
        to: first.identity.into(),
        text: "x".into(),
        quote: None,
        reference: Some("twice".into()),
    };
    assert!(world.ask(ALICE, text).is_ok());
    let reused = Command::CreateGroup {
        name: "Other".into(),
        members: Vec::new(),
        reference: Some("twice".into()),
    };
    assert_eq!(world.refuse(ALICE, reused), Refusal::ReferenceReused);
}

#[test]
fn groups_that_cannot_be_are_refused_and_nothing_changes() {
    let mut world = World::new(3);
    let [alice, bob, carol] = [ALICE, BOB, CAROL].map(|who| world.identities[who]);
    world.server.revoked.insert(carol);
    let create = |members: Vec<Identity>, name: &str| Command::CreateGroup {
        name: name.into(),
        members,
        reference: None,
    };
    let nobody: Identity = "NOBODY00".parse().unwrap();
    for (members, refusal) in [
        (vec![bob, alice], Refusal::OwnIdentity),
        (vec![bob, nobody], Refusal::UnknownIdentity(nobody)),
        (vec![carol, bob], Refusal::UnknownIdentity(carol)),
    ] {
        assert_eq!(world.refuse(ALICE, create(members, "Team")), refusal);
    }
    let long = "ä".repeat(129);
    assert_eq!(
        world.refuse(ALICE, create(vec![bob], &long)),
        Refusal::GroupNameTooLong {
            size_bytes: 258,
            limit_bytes: 256
        }
    );
    assert_eq!(
        (world.count(ALICE, "groups"), world.count(ALICE, "contacts")),
        (0, 0)
    );
    assert_eq!(world.outbox_len(ALICE), 0);
}

#[test]
fn a_group_of_one_is_a_place_for_notes() {
    let mut world = World::new(2);
    let group = world.create_group(ALICE, "", &[]);
    assert!(world.group(ALICE, group).is_notes());
    world.server.recorded.clear();
    let note = world.say(ALICE, group, "milk");
    assert_eq!(note.state, MessageState::Sent);
    world.settle();
    assert!(world.server.recorded.is_empty(), "nobody is told");

    world.add(ALICE, group, &[BOB]);
    world.say(ALICE, group, "bread");
    world.settle();
    assert!(!world.group(ALICE, group).is_notes());
    assert_eq!(world.said(BOB, group), ["bread"]);
}

#[test]
fn a_copy_has_the_same_people_and_another_creator() {
    let (mut world, group) = team();
    let clone = |name: Option<&str>, reference: Option<&str>| Command::CloneGroup {
        group,
        name: name.map(str::to_owned),
        reference: reference.map(str::to_owned),
    };
    world.ask_group(BOB, Command::LeaveGroup(group));
    let copy = world.ask_group(BOB, clone(Some("Second"), Some("copy")));
    assert_eq!(
        copy,
        world.ask_group(BOB, clone(Some("Second"), Some("copy")))
    );
    world.settle();
    let copy = copy.identity;
    assert_eq!(copy.creator, world.identities[BOB]);
    world.assert_same(copy, &[ALICE, BOB, CAROL]);
    world.say(CAROL, copy, "again");
    world.settle();
    assert_eq!(world.said(ALICE, copy), ["again"]);
    assert!(world.said(ALICE, group).is_empty());
}

#[test]
fn an_orphaned_group_says_so_and_can_be_copied() {
    let (mut world, group) = team();
    world.server.revoked.insert(world.identities[ALICE]);
    world.server.disconnect(world.identities[ALICE]);
    world.pass_ms(25 * 60 * 60 * 1_000);
    world.settle();
    let seen = world.group(BOB, group);
    assert!(seen.is_orphaned && seen.can_write());
    world.say(BOB, group, "still here");
    world.settle();
    assert_eq!(world.said(CAROL, group), ["still here"]);

    let name = None;
    let reference = None;
    let copy = world.ask_group(
        BOB,
        Command::CloneGroup {
            group,
            name,
            reference,
        },
    );
    assert_eq!(
        (copy.name.as_str(), copy.members),
        ("Team", world.ids(&[CAROL]))
    );
}
