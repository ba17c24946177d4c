//! Senders who are not who they must be, and lists that are not as they must be.

use dreiklang_engine::{HttpFault, Input};
use dreiklang_wire::{
    csp::payload::{FromServer, Message},
    id::GroupId,
};

use super::*;
use crate::common::forge::Forge;

fn forge(world: &mut World, from: usize, to: usize) -> Forge {
    let now_ms = world.now.as_ms();
    let secret = world.device(from).secret_key();
    let (sender, receiver) = (world.identities[from], world.identities[to]);
    let key = secret.agree(&world.server.keys[&receiver]);
    Forge {
        sender,
        receiver,
        key,
        now_ms,
    }
}

/// The body of a group-setup.
fn setup(id: GroupId, members: &[Identity]) -> Vec<u8> {
    let members = members.iter().flat_map(|member| *member.as_bytes());
    [0x4a].into_iter().chain(id.0).chain(members).collect()
}

fn deliver(world: &mut World, who: usize, message: Message) {
    world.inject(who, FromServer::Message(message));
    world.settle();
}

#[test]
fn a_list_is_the_same_in_any_order_and_however_often_it_names_somebody() {
    let (mut world, group) = team();
    let pen = forge(&mut world, ALICE, BOB);
    let [alice, bob, carol] = [ALICE, BOB, CAROL].map(|who| world.identities[who]);
    let before = world.rows(BOB, group);
    for (number, members) in [
        vec![carol, bob],
        vec![bob, carol],
        vec![bob, bob, carol, alice, carol],
    ]
    .into_iter()
    .enumerate()
    {
        let number = u8::try_from(number).unwrap() + 1;
        let message = pen.message(number, &setup(group.id, &members));
        deliver(&mut world, BOB, message);
        assert_eq!(world.rows(BOB, group), before, "{number}");
        world.assert_same(group, &[ALICE, BOB, CAROL]);
    }
}

#[test]
fn a_setup_makes_only_a_group_of_its_sender() {
    let (mut world, group) = team();
    let pen = forge(&mut world, CAROL, BOB);
    let bob = world.identities[BOB];
    // Carol knows the id, but the group that she names by it is another one: her own.
    let message = pen.message(1, &setup(group.id, &[bob]));
    deliver(&mut world, BOB, message);
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    let creator = world.identities[CAROL];
    let other = world.group(
        BOB,
        GroupIdentity {
            creator,
            id: group.id,
        },
    );
    assert_eq!(other.members, [creator]);
    // The same for names, pictures and their end.
    for (number, kind) in [(2, 0x4b), (3, 0x54)] {
        let body: Vec<u8> = [kind].into_iter().chain(group.id.0).collect();
        deliver(&mut world, BOB, pen.message(number, &body));
        assert_eq!(world.group(BOB, group).name, "Team");
    }
}

#[test]
fn nobody_outside_speaks_or_acts_inside() {
    let (mut world, group) = team();
    world.befriend(BOB, DAVE);
    let pen = forge(&mut world, DAVE, BOB);
    let inside: Vec<u8> = group
        .creator
        .as_bytes()
        .iter()
        .chain(&group.id.0)
        .copied()
        .collect();
    let before = world.rows(BOB, group);
    for (number, kind, rest) in [
        (1, 0x41, b"let me in".as_slice()),
        (2, 0x4c, b""),
        (
            3,
            0x52,
            b"12345678{\"d\":\"?\",\"s\":0,\"a\":0,\"t\":0,\"o\":0,\"c\":[]}",
        ),
        (4, 0x42, b"1.0,2.0"),
        (5, 0x81, b"\x0312345678"),
        (6, 0x83, b"\x09\x01\x01\x01\x01\x01\x01\x01\x01\x12\x02ok"),
        (7, 0x93, b"\x09\x01\x01\x01\x01\x01\x01\x01\x01\x12\x02ok"),
        (8, 0x94, b"\x09\x01\x01\x01\x01\x01\x01\x01\x01"),
    ] {
        let body = [[kind].as_slice(), &inside, rest].concat();
        deliver(&mut world, BOB, pen.message(number, &body));
        assert_eq!(world.rows(BOB, group), before, "{kind:#x}");
    }
    world.assert_same(group, &[ALICE, BOB, CAROL]);
}

#[test]
fn the_creator_cannot_be_made_to_leave() {
    let (mut world, group) = team();
    let pen = forge(&mut world, ALICE, BOB);
    let body: Vec<u8> = [0x4c]
        .into_iter()
        .chain(*group.creator.as_bytes())
        .chain(group.id.0)
        .collect();
    deliver(&mut world, BOB, pen.message(1, &body));
    world.assert_same(group, &[ALICE, BOB, CAROL]);
}

#[test]
fn invented_groups_of_others_cost_a_bounded_number_of_questions() {
    let mut world = World::friends();
    let pen = forge(&mut world, BOB, ALICE);
    let creator: Identity = "NOBODY00".parse().unwrap();
    world.server.recorded.clear();
    for number in 1..=200 {
        let body = [
            [0x41].as_slice(),
            creator.as_bytes(),
            &[number; 8],
            b"hello",
        ]
        .concat();
        deliver(&mut world, ALICE, pen.message(number, &body));
    }
    assert!(
        world.server.recorded.is_empty(),
        "a creator who does not exist is not asked"
    );
    assert_eq!(
        (world.count(ALICE, "groups"), world.count(ALICE, "contacts")),
        (0, 1)
    );
    // Our own groups that we never made are nobody's.
    let own = world.identities[ALICE];
    let body = [[0x41].as_slice(), own.as_bytes(), &[7; 8], b"hello"].concat();
    deliver(&mut world, ALICE, pen.message(201, &body));
    assert!(world.server.recorded.is_empty());
    assert_eq!(world.count(ALICE, "conversations"), 0);
}

#[test]
fn members_who_do_not_exist_are_left_out() {
    let mut world = World::friends();
    let pen = forge(&mut world, BOB, ALICE);
    let alice = world.identities[ALICE];
    let members = ["NOBODY00", "*3MAPUSH"].map(|text| text.parse().unwrap());
    let id = GroupId([9; 8]);
    let message = pen.message(1, &setup(id, &[alice, members[0], members[1]]));
    deliver(&mut world, ALICE, message);
    let creator = world.identities[BOB];
    let seen = world.group(ALICE, GroupIdentity { creator, id });
    assert_eq!(seen.members, [creator]);
}

#[test]
fn a_setup_that_cannot_be_looked_up_comes_again() {
    let mut world = World::new(3);
    world.disconnect(BOB);
    let group = world.create_group(ALICE, "Team", &[BOB, CAROL]);
    world.befriend(BOB, ALICE);
    world.settle();
    world.connect(BOB);
    world.flush_downlink(BOB);
    let (request, _) = world.device(BOB).requests.pop_front().expect("about Carol");
    world.give(BOB, Input::HttpDone(request, Err(HttpFault::Unreachable)));
    assert!(world.device(BOB).wants_disconnect.is_some());
    assert!(
        world.device(BOB).uplink.is_empty(),
        "nothing is acknowledged"
    );
    assert_eq!(world.find_group(BOB, group), None);
    world.disconnect(BOB);
    world.pass_ms(60_000);
    world.connect(BOB);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    assert_eq!(world.group(BOB, group).name, "Team");
}

#[test]
fn unknown_creators_are_not_let_in_where_the_person_wants_nobody_unknown() {
    let mut world = World::new(3);
    let mut settings = view::settings(&world.device(BOB).conn).unwrap();
    settings.block_unknown = true;
    assert_eq!(
        world.ask(BOB, Command::SetSettings(settings)),
        Ok(Reply::Done)
    );
    let group = world.create_group(ALICE, "Team", &[BOB, CAROL]);
    world.settle();
    assert_eq!(world.find_group(BOB, group), None);
    world.say(CAROL, group, "hello");
    world.settle();
    assert_eq!(world.count(BOB, "contacts"), 0);

    world.befriend(BOB, ALICE);
    let member = None;
    world.ask_group(ALICE, Command::SyncGroup { group, member });
    world.settle();
    world.say(CAROL, group, "again");
    world.settle();
    assert_eq!(
        world.said(BOB, group),
        ["again"],
        "who is in a group with us is not unknown"
    );
}

#[test]
fn a_replayed_message_is_answered_once() {
    let (mut world, group) = team();
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.settle();
    let pen = forge(&mut world, CAROL, BOB);
    let inside = [
        [0x41].as_slice(),
        group.creator.as_bytes(),
        &group.id.0,
        b"?",
    ]
    .concat();
    world.server.recorded.clear();
    for _ in 0..3 {
        deliver(&mut world, BOB, pen.message(1, &inside));
    }
    assert_eq!(world.server.recorded.len(), 1);
}

#[test]
fn a_gateway_gets_what_members_say_only_if_the_name_asks_for_it() {
    let mut world = World::new(3);
    let gateway: Identity = "*GATEWAY".parse().unwrap();
    let bob = world.identities[BOB];
    let carol = world.identities[CAROL];
    // The gateway speaks with Carol's key.
    let key = world.server.keys[&carol];
    world.server.keys.insert(gateway, key);
    let secret = world.device(CAROL).secret_key();
    let now_ms = world.now.as_ms();
    let pen = Forge {
        sender: gateway,
        receiver: bob,
        key: secret.agree(&world.server.keys[&bob]),
        now_ms,
    };
    let id = GroupId([5; 8]);
    let alice = world.identities[ALICE];
    deliver(&mut world, BOB, pen.message(1, &setup(id, &[alice, bob])));
    let group = GroupIdentity {
        creator: gateway,
        id,
    };
    world.server.recorded.clear();
    for (number, name, receivers) in [
        (2, "News", vec![alice]),
        (3, "\u{2601} News", vec![gateway, alice]),
    ] {
        let body = [[0x4b].as_slice(), &id.0, name.as_bytes()].concat();
        deliver(&mut world, BOB, pen.message(number, &body));
        let sent = world.say(BOB, group, "hello");
        world.settle();
        let copies = world.server.recorded.iter().filter(|it| it.id == sent.id);
        assert_eq!(
            copies.map(|it| it.receiver).collect::<Vec<_>>(),
            receivers,
            "{name}"
        );
    }
    world.server.recorded.clear();
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.settle();
    assert!(
        world
            .server
            .recorded
            .iter()
            .any(|it| it.receiver == gateway)
    );
}
