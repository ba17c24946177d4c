//! Groups in Safe: they come back with everybody in them.

use dreiklang_engine::Edition;

use super::*;
use crate::common::Device;

const PASSWORD: &str = "shootdeathstar";

fn back_up(world: &mut World, who: usize) {
    let enable = Command::SafeEnable {
        password: PASSWORD.into(),
        server: String::new(),
    };
    assert_eq!(world.ask(who, enable), Ok(Reply::Done));
}

/// The person has a new device, and only the password.
fn reinstall(world: &mut World, who: usize) {
    world.disconnect(who);
    let device = world.another_device(Edition::Private);
    let restore = Command::SafeRestore {
        identity: world.identities[who],
        password: PASSWORD.into(),
        server: String::new(),
    };
    assert!(matches!(
        world.ask(device, restore),
        Ok(Reply::IdentityRestored(_))
    ));
    let restored = std::mem::replace(world.device(device), Device::new(901));
    *world.device(who) = restored;
    world.connect(who);
    world.settle();
}

#[test]
fn a_member_is_in_the_group_again_and_learns_what_is_new() {
    let (mut world, group) = team();
    back_up(&mut world, BOB);
    world.rename(ALICE, group, "Newer");
    world.add(ALICE, group, &[DAVE]);
    world.settle();
    world.pass_ms(2 * 60 * 60 * 1_000);
    reinstall(&mut world, BOB);
    world.assert_same(group, &[ALICE, BOB, CAROL, DAVE]);
    assert_eq!(world.group(BOB, group).name, "Newer");
    let happened = world.happened(BOB, group);
    assert_eq!(happened[0], (BOB, Notice::GroupRestored));
    world.say(BOB, group, "back again");
    world.settle();
    assert_eq!(world.said(DAVE, group), ["back again"]);
}

#[test]
fn a_creator_has_the_own_groups_again() {
    let (mut world, group) = team();
    let over = world.create_group(ALICE, "Over", &[BOB]);
    world.settle();
    world.ask_group(ALICE, Command::DisbandGroup(over));
    world.settle();
    back_up(&mut world, ALICE);
    reinstall(&mut world, ALICE);
    world.assert_same(group, &[ALICE, BOB, CAROL]);
    let seen = world.group(ALICE, group);
    assert!(seen.is_mine && seen.name == "Team");
    assert_eq!(world.group(ALICE, over).membership, Membership::Left);
    world.add(ALICE, group, &[DAVE]);
    world.settle();
    world.assert_same(group, &[ALICE, BOB, CAROL, DAVE]);
    assert_eq!(world.group(BOB, over).membership, Membership::Kicked);
}

#[test]
fn a_second_backup_has_the_groups_as_well() {
    let (mut world, group) = team();
    back_up(&mut world, CAROL);
    reinstall(&mut world, CAROL);
    world.pass_ms(25 * 60 * 60 * 1_000);
    world.settle();
    reinstall(&mut world, CAROL);
    world.assert_same(group, &[ALICE, BOB, CAROL]);
}
