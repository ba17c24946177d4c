//! Who is in a group: added, removed, gone.

use super::*;

#[test]
fn who_is_added_and_removed_is_so_for_everybody() {
    let (mut world, group) = team();
    world.add(ALICE, group, &[DAVE]);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL, DAVE]);
    let dave = world.ids(&[DAVE]);
    assert_eq!(
        world.happened(BOB, group).pop(),
        Some((ALICE, Notice::Added(dave)))
    );
    assert_eq!(world.group(DAVE, group).name, "Team");

    world.remove(ALICE, group, &[BOB]);
    world.settle();
    world.assert_same(group, &[ALICE, CAROL, DAVE]);
    let bob = world.ids(&[BOB]);
    assert_eq!(
        world.happened(CAROL, group).pop(),
        Some((ALICE, Notice::Removed(bob)))
    );

    let seen = world.group(BOB, group);
    assert_eq!(seen.membership, Membership::Kicked);
    assert!(!seen.can_write());
    assert_eq!(seen.members.len(), 3, "who was in it then");
    assert_eq!(
        world.happened(BOB, group).pop(),
        Some((ALICE, Notice::YouWereRemoved))
    );
    assert_eq!(
        world.try_say(BOB, group, "?"),
        Err(Refusal::NotInGroup(group))
    );
}

#[test]
fn only_the_creator_changes_a_group() {
    let (mut world, group) = team();
    let members = world.ids(&[DAVE]);
    let name = "Mine".to_owned();
    let outbox = world.outbox_len(BOB);
    for command in [
        Command::AddMembers {
            group,
            members: members.clone(),
        },
        Command::RemoveMembers { group, members },
        Command::RenameGroup { group, name },
        Command::DisbandGroup(group),
    ] {
        assert_eq!(world.refuse(BOB, command), Refusal::NotGroupCreator(group));
    }
    assert_eq!(world.outbox_len(BOB), outbox);
    let leave = Command::LeaveGroup(group);
    assert_eq!(world.refuse(ALICE, leave), Refusal::CreatorCannotLeave);
    let me = Command::RemoveMembers {
        group,
        members: world.ids(&[ALICE]),
    };
    assert_eq!(world.refuse(ALICE, me), Refusal::CreatorCannotLeave);
    assert_eq!(
        world.refuse(DAVE, Command::LeaveGroup(group)),
        Refusal::UnknownGroup(group)
    );
}

#[test]
fn repeated_changes_send_nothing() {
    let (mut world, group) = team();
    world.server.recorded.clear();
    world.add(ALICE, group, &[BOB, CAROL]);
    world.remove(ALICE, group, &[DAVE]);
    world.rename(ALICE, group, "Team");
    world.settle();
    assert!(world.server.recorded.is_empty());
    assert_eq!(world.happened(ALICE, group).len(), 2);
}

#[test]
fn leaving_is_told_to_everybody_and_the_conversation_stays() {
    let (mut world, group) = team();
    world.say(ALICE, group, "before");
    world.settle();
    assert_eq!(
        world.refuse(BOB, Command::DeleteGroup(group)),
        Refusal::StillInGroup(group)
    );
    let left = world.ask_group(BOB, Command::LeaveGroup(group));
    assert_eq!(left.membership, Membership::Left);
    world.settle();
    world.assert_same(group, &[ALICE, CAROL]);
    assert_eq!(
        world.happened(CAROL, group).pop(),
        Some((BOB, Notice::Left))
    );
    assert_eq!(world.happened(BOB, group).pop(), Some((BOB, Notice::Left)));

    world.say(ALICE, group, "after");
    world.settle();
    assert_eq!(world.said(BOB, group), ["before"]);
    assert_eq!(world.said(CAROL, group), ["before", "after"]);

    assert_eq!(world.ask(BOB, Command::DeleteGroup(group)), Ok(Reply::Done));
    assert_eq!(world.find_group(BOB, group), None);
    assert!(world.rows(BOB, group).is_empty());
    assert_eq!(world.count(BOB, "group_members"), 0);
}

#[test]
fn a_disbanded_group_is_over_for_everybody() {
    let (mut world, group) = team();
    world.ask_group(ALICE, Command::DisbandGroup(group));
    world.settle();
    for (who, membership) in [
        (ALICE, Membership::Left),
        (BOB, Membership::Kicked),
        (CAROL, Membership::Kicked),
    ] {
        assert_eq!(world.group(who, group).membership, membership, "{who}");
    }
    assert_eq!(
        world.happened(ALICE, group).pop(),
        Some((ALICE, Notice::Disbanded))
    );
    assert_eq!(
        world.try_say(ALICE, group, "?"),
        Err(Refusal::GroupDisbanded(group))
    );
    let name = "again".to_owned();
    let rename = Command::RenameGroup { group, name };
    assert_eq!(world.refuse(ALICE, rename), Refusal::GroupDisbanded(group));
    let again = world.ask_group(ALICE, Command::DisbandGroup(group));
    assert_eq!(again.membership, Membership::Left);
    assert_eq!(world.outbox_len(ALICE), 0);
}

#[test]
fn a_name_is_what_the_creator_says() {
    let (mut world, group) = team();
    world.rename(ALICE, group, "  The Team ");
    world.settle();
    for who in [ALICE, BOB, CAROL] {
        assert_eq!(world.group(who, group).name, "The Team");
        let notice = renamed("Team", "The Team");
        assert_eq!(
            world.happened(who, group).pop(),
            Some((ALICE, notice)),
            "{who}"
        );
    }
    world.rename(ALICE, group, "");
    world.settle();
    let seen = world.group(BOB, group);
    assert_eq!(
        (seen.name.as_str(), seen.title.as_str()),
        ("", "~nick0, TEST0002")
    );
}

#[test]
fn blocked_members_get_the_group_but_not_what_is_said() {
    let (mut world, group) = team();
    let bob = world.identities[BOB];
    assert_eq!(world.ask(ALICE, Command::Block(bob)), Ok(Reply::Done));
    world.say(ALICE, group, "not for Bob");
    world.say(BOB, group, "not for Alice");
    world.rename(ALICE, group, "Split");
    world.settle();
    assert_eq!(world.said(BOB, group), ["not for Alice"]);
    assert_eq!(world.said(ALICE, group), ["not for Bob"]);
    assert_eq!(world.said(CAROL, group).len(), 2);
    assert_eq!(world.group(BOB, group).name, "Split");
    world.ask_group(BOB, Command::LeaveGroup(group));
    world.settle();
    world.assert_same(group, &[ALICE, CAROL]);
}
