//! What happens at once, too early, too late, twice or in another order.

use dreiklang_engine::Input;

use super::*;

#[test]
fn changes_whose_sending_was_lost_in_a_crash_are_sent_in_order() {
    let (mut world, group) = team();
    let (dave, carol) = (world.ids(&[DAVE]), world.ids(&[CAROL]));
    let known = world.ids(&[DAVE])[0];
    world.befriend(ALICE, DAVE);
    assert_eq!(known, dave[0]);
    let name = "Crashed".to_owned();
    for command in [
        Command::RenameGroup { group, name },
        Command::AddMembers {
            group,
            members: dave,
        },
        Command::RemoveMembers {
            group,
            members: carol,
        },
    ] {
        let now = world.now;
        let ticket = world.device(ALICE).take_ticket();
        let input = Input::Command(ticket, command);
        world.device(ALICE).give_and_crash(now, input);
    }
    world.connect(ALICE);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, DAVE]);
    assert_eq!(world.group(CAROL, group).membership, Membership::Kicked);
    for who in [ALICE, BOB, DAVE] {
        assert_eq!(world.group(who, group).name, "Crashed");
    }
    assert_eq!(world.outbox_len(ALICE), 0);
}

#[test]
fn a_change_that_was_never_committed_was_never_made() {
    let (mut world, group) = team();
    let now = world.now;
    let ticket = world.device(ALICE).take_ticket();
    let input = Input::Command(ticket, Command::DisbandGroup(group));
    world.device(ALICE).fail_and_crash(now, input);
    world.connect(ALICE);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
}

#[test]
fn what_a_removed_member_says_is_shown_only_where_it_came_before() {
    let (mut world, group) = team();
    world.disconnect(BOB);
    world.disconnect(CAROL);
    world.remove(ALICE, group, &[BOB]);
    world.settle();
    // Bob says it before he hears of it; Carol has heard of it already, Alice as well.
    world.say(BOB, group, "too late");
    world.connect(CAROL);
    world.settle();
    world.connect(BOB);
    world.settle();
    assert!(world.said(ALICE, group).is_empty());
    assert!(world.said(CAROL, group).is_empty());
    assert_eq!(world.group(BOB, group).membership, Membership::Kicked);
    world.assert_same(group, &[ALICE, CAROL]);
}

#[test]
fn what_came_before_the_removal_stays() {
    let (mut world, group) = team();
    world.say(BOB, group, "in time");
    world.flush_uplink(BOB);
    world.remove(ALICE, group, &[BOB]);
    world.settle();
    assert_eq!(world.said(CAROL, group), ["in time"]);
    let bob = world.ids(&[BOB]);
    assert_eq!(
        world.happened(CAROL, group).pop(),
        Some((ALICE, Notice::Removed(bob)))
    );
}

#[test]
fn a_group_works_while_its_creator_is_away() {
    let (mut world, group) = team();
    world.disconnect(ALICE);
    world.say(BOB, group, "one");
    world.say(CAROL, group, "two");
    world.settle();
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.settle();
    world.say(CAROL, group, "three");
    world.settle();
    assert_eq!(world.said(BOB, group), ["one", "two"]);
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.said(ALICE, group), ["one", "two", "three"]);
    world.assert_same(group, &[ALICE, CAROL]);
}

#[test]
fn a_message_before_the_setup_makes_the_app_ask_for_the_group() {
    let mut world = World::new(3);
    world.befriend(CAROL, BOB);
    world.disconnect(CAROL);
    let group = world.create_group(ALICE, "Team", &[BOB, CAROL]);
    world.settle();
    world.say(BOB, group, "first");
    world.settle();
    let carol = world.identities[CAROL];
    // The server lost everything that the creator said.
    let bob = world.identities[BOB];
    world
        .server
        .queue(carol)
        .retain(|message| message.sender == bob);
    assert_eq!(world.server.queued(carol), 1);
    world.connect(CAROL);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    assert_eq!(world.group(CAROL, group).name, "Team");
    // By the specification the message itself is lost.
    assert!(world.said(CAROL, group).is_empty());
    world.say(BOB, group, "second");
    world.settle();
    assert_eq!(world.said(CAROL, group), ["second"]);
}

#[test]
fn the_parts_of_a_new_group_may_come_in_any_order() {
    let mut world = World::new(3);
    world.disconnect(BOB);
    let group = world.create_group(ALICE, "Team", &[BOB, CAROL]);
    world.settle();
    let bob = world.identities[BOB];
    let queue = world.server.queue(bob);
    assert_eq!(queue.len(), 3, "setup, name and picture");
    let reversed = queue.iter().rev().cloned().collect();
    *queue = reversed;
    // The name comes from somebody unknown in an unknown group: it is discarded, and the setup
    // introduces both.
    world.connect(BOB);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    assert_eq!(world.group(BOB, group).name, "", "until the next sync");
    let member = None;
    world.ask_group(ALICE, Command::SyncGroup { group, member });
    world.settle();
    assert_eq!(world.group(BOB, group).name, "Team");
}

#[test]
fn a_rename_while_somebody_is_added_reaches_them_too() {
    let (mut world, group) = team();
    world.disconnect(DAVE);
    world.add(ALICE, group, &[DAVE]);
    world.rename(ALICE, group, "Bigger");
    world.settle();
    world.connect(DAVE);
    world.settle();
    assert_eq!(world.group(DAVE, group).name, "Bigger");
    world.assert_same(group, &[ALICE, BOB, CAROL, DAVE]);
}

#[test]
fn leaving_while_being_removed_ends_outside() {
    let (mut world, group) = team();
    world.disconnect(BOB);
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.remove(ALICE, group, &[BOB]);
    world.settle();
    world.connect(BOB);
    world.settle();
    assert_eq!(world.group(BOB, group).membership, Membership::Left);
    world.assert_same(group, &[ALICE, CAROL]);
    assert_eq!(world.outbox_len(BOB), 0);
}

#[test]
fn leaving_while_others_are_added_ends_outside_for_everybody() {
    let (mut world, group) = team();
    world.disconnect(BOB);
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.add(ALICE, group, &[DAVE]);
    world.settle();
    // The creator's new list still has Bob, so by the specification he is in it again, and Dave,
    // to whom he did not say that he leaves, believes it as well.
    world.connect(BOB);
    world.settle();
    let others = world.ids(&[CAROL, DAVE]);
    assert_eq!(world.group(ALICE, group).members, others);
    assert_eq!(world.group(BOB, group).membership, Membership::Member);
    // Whatever anybody says next makes all of them agree.
    world.say(BOB, group, "am I in?");
    world.settle();
    assert!(world.said(ALICE, group).is_empty() && world.said(CAROL, group).is_empty());
    assert_eq!(world.group(BOB, group).membership, Membership::Kicked);
    world.say(DAVE, group, "hello");
    world.settle();
    world.assert_same(group, &[ALICE, CAROL, DAVE]);
    assert_eq!(world.said(CAROL, group), ["hello"]);
}

#[test]
fn who_comes_back_is_in_the_same_conversation() {
    let (mut world, group) = team();
    world.say(BOB, group, "before");
    world.settle();
    world.remove(ALICE, group, &[BOB]);
    world.settle();
    world.add(ALICE, group, &[BOB]);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    world.say(CAROL, group, "after");
    world.settle();
    assert_eq!(world.said(BOB, group), ["before", "after"]);
    let happened = world.happened(BOB, group);
    let last: Vec<_> = happened.into_iter().rev().take(2).collect();
    assert_eq!(
        last,
        [
            (ALICE, Notice::YouWereAdded),
            (ALICE, Notice::YouWereRemoved)
        ]
    );
}
