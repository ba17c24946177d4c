//! How groups heal: requests, answers, and the weekly telling.

use dreiklang_engine::Edition;
use dreiklang_wire::e2e::MessageType;

use super::*;
use crate::common::Device;

const HOUR_MS: u64 = 60 * 60 * 1_000;

/// Forgets the groups of somebody, as an app that was installed again.
fn forget(world: &mut World, who: usize) {
    let conn = &world.device(who).conn;
    conn.execute_batch(
        "DELETE FROM group_members; DELETE FROM groups; DELETE FROM messages;
         DELETE FROM conversations; DELETE FROM group_syncs;",
    )
    .unwrap();
}

/// How many messages went out since the last time.
fn sent(world: &mut World) -> usize {
    let count = world.server.recorded.len();
    world.server.recorded.clear();
    count
}

#[test]
fn a_member_who_lost_the_group_gets_it_back_with_the_next_message() {
    let (mut world, group) = team();
    forget(&mut world, BOB);
    world.say(CAROL, group, "lost");
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    assert_eq!(world.group(BOB, group).name, "Team");
    world.say(CAROL, group, "found");
    world.settle();
    assert_eq!(world.said(BOB, group), ["found"]);
}

#[test]
fn nobody_asks_or_answers_twice_within_an_hour() {
    let (mut world, group) = team();
    let dave = world.identities[DAVE];
    world.befriend(DAVE, BOB);
    forget(&mut world, BOB);
    // Bob asks once, however much comes.
    world.disconnect(ALICE);
    for number in 0..5 {
        world.say(CAROL, group, &number.to_string());
    }
    world.settle();
    assert_eq!(
        world.server.queued(world.identities[ALICE]),
        6,
        "five messages, one request"
    );
    assert_eq!(world.find_group(BOB, group), None);
    world.pass_ms(HOUR_MS);
    world.say(CAROL, group, "an hour later");
    world.settle();
    assert_eq!(world.server.queued(world.identities[ALICE]), 8);
    // Both requests are answered together, so the second finds the mark.
    sent(&mut world);
    world.connect(ALICE);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    assert_eq!(sent(&mut world), 3, "setup, name and picture");
    assert_eq!(world.server.queued(dave), 0);
}

#[test]
fn a_person_may_ask_at_any_time() {
    let (mut world, group) = team();
    let ask = |member| Command::SyncGroup { group, member };
    sent(&mut world);
    assert_eq!(world.ask(BOB, ask(None)), Ok(Reply::Done));
    world.settle();
    assert_eq!(sent(&mut world), 4);
    let carol = world.identities[CAROL];
    world.ask_group(ALICE, ask(Some(carol)));
    world.settle();
    assert_eq!(sent(&mut world), 3);
    world.ask_group(ALICE, ask(None));
    world.settle();
    assert_eq!(sent(&mut world), 6);
    let dave = world.identities[DAVE];
    assert_eq!(
        world.refuse(ALICE, ask(Some(dave))),
        Refusal::NotAMember(dave)
    );
    assert_eq!(
        world.refuse(DAVE, ask(None)),
        Refusal::UnknownContact(world.identities[ALICE])
    );
    world.assert_same(group, &[ALICE, BOB, CAROL]);
}

#[test]
fn a_request_of_somebody_outside_is_answered_with_an_empty_setup() {
    let (mut world, group) = team();
    world.remove(ALICE, group, &[BOB]);
    world.settle();
    let member = None;
    sent(&mut world);
    assert_eq!(
        world.ask(BOB, Command::SyncGroup { group, member }),
        Ok(Reply::Done)
    );
    world.settle();
    assert_eq!(sent(&mut world), 2, "the request and one answer");
    assert_eq!(world.group(BOB, group).membership, Membership::Kicked);

    world.ask_group(ALICE, Command::DisbandGroup(group));
    world.settle();
    sent(&mut world);
    assert_eq!(
        world.ask(CAROL, Command::SyncGroup { group, member }),
        Ok(Reply::Done)
    );
    world.settle();
    assert_eq!(sent(&mut world), 2);
}

#[test]
fn every_week_the_creator_tells_everything_with_the_next_message() {
    let (mut world, group) = team();
    forget(&mut world, CAROL);
    world.pass_ms(6 * 24 * HOUR_MS);
    world.settle();
    sent(&mut world);
    world.say(ALICE, group, "not yet");
    world.flush_uplink(ALICE);
    assert_eq!(sent(&mut world), 2);
    world.pass_ms(24 * HOUR_MS);
    world.say(ALICE, group, "now");
    world.flush_uplink(ALICE);
    assert_eq!(sent(&mut world), 8, "three to each before the message");
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    // Bob saw nothing happen.
    assert_eq!(world.happened(BOB, group).len(), 1);

    world.pass_ms(8 * 24 * HOUR_MS);
    sent(&mut world);
    world.say(BOB, group, "receiving counts as well");
    world.flush_uplink(BOB);
    world.flush_downlink(ALICE);
    world.flush_uplink(ALICE);
    assert_eq!(sent(&mut world), 8);
}

#[test]
fn who_left_and_is_written_to_says_so() {
    let (mut world, group) = team();
    world.disconnect(CAROL);
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.settle();
    let carol = world.identities[CAROL];
    world.server.queue(carol).clear();
    world.connect(CAROL);
    world.say(CAROL, group, "Bob?");
    world.settle();
    world.assert_same(group, &[ALICE, CAROL]);
    assert!(world.said(BOB, group).is_empty());
}

#[test]
fn the_creator_who_disbanded_says_so_again() {
    let (mut world, group) = team();
    world.disconnect(BOB);
    world.ask_group(ALICE, Command::DisbandGroup(group));
    world.settle();
    let bob = world.identities[BOB];
    world.server.queue(bob).clear();
    world.connect(BOB);
    world.say(BOB, group, "anybody?");
    world.settle();
    assert_eq!(world.group(BOB, group).membership, Membership::Kicked);
    assert!(world.said(ALICE, group).is_empty());
}

#[test]
fn a_creator_who_lost_the_group_lets_it_be() {
    let (mut world, group) = team();
    *world.device(ALICE) = reinstalled(&mut world);
    world.connect(ALICE);
    sent(&mut world);
    world.say(BOB, group, "are you there?");
    world.settle();
    assert_eq!(world.find_group(ALICE, group), None);
    assert_eq!(sent(&mut world), 2, "nobody answers");
    assert_eq!(world.said(CAROL, group), ["are you there?"]);
    let kinds = world.count(ALICE, "messages");
    assert_eq!((kinds, MessageType::GROUP_TEXT), (0, MessageType(0x41)));
}

/// Alice's identity on a new device, by an export.
fn reinstalled(world: &mut World) -> Device {
    let password = "shootdeathstar".to_owned();
    let scheme = dreiklang_engine::IdScheme::Legacy;
    let export = Command::ExportId {
        password: password.clone(),
        scheme,
    };
    let Ok(Reply::IdExported(export)) = world.ask(ALICE, export) else {
        panic!("no export")
    };
    world.disconnect(ALICE);
    let who = world.another_device(Edition::Private);
    let restored = world.ask(who, Command::ImportId { export, password });
    assert!(matches!(restored, Ok(Reply::IdentityRestored(_))));
    std::mem::replace(world.device(who), Device::new(900))
}
