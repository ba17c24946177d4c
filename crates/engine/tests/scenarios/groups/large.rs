//! As many as a group can have.

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_wire::spec;

use super::*;

fn model_identities(world: &mut World, count: usize) -> Vec<Identity> {
    let key = SecretKey::generate(&mut SeededRng::new(256)).public();
    let all = (0..count).map(|number| format!("MODEL{number:03}").parse().unwrap());
    let all: Vec<Identity> = all.collect();
    for identity in &all {
        world.server.keys.insert(*identity, key);
    }
    all
}

#[test]
fn two_hundred_and_fifty_six_are_a_group_and_one_more_are_not() {
    let mut world = World::new(2);
    let mut members = model_identities(&mut world, 255);
    let create = |members: &[Identity]| Command::CreateGroup {
        name: "Everybody".into(),
        members: members.to_vec(),
        reference: None,
    };
    let limit = spec::GROUP_MEMBERS_MAX;
    let too_many = [members.as_slice(), &world.ids(&[BOB])].concat();
    assert_eq!(
        world.refuse(ALICE, create(&too_many)),
        Refusal::GroupTooLarge { limit }
    );
    assert_eq!(world.count(ALICE, "groups"), 0);

    members.truncate(254);
    members.extend(world.ids(&[BOB]));
    let group = world.ask_group(ALICE, create(&members)).identity;
    world.settle();
    assert_eq!(
        world.group(BOB, group).members.len(),
        255,
        "one setup names them all"
    );
    assert_eq!(world.group(BOB, group).name, "Everybody");
    assert_eq!(world.outbox_len(ALICE), 0);
    let one_more = Command::AddMembers {
        group,
        members: vec!["MODEL254".parse().unwrap()],
    };
    assert_eq!(
        world.refuse(ALICE, one_more),
        Refusal::GroupTooLarge { limit }
    );

    world.server.recorded.clear();
    let sent = world.say(BOB, group, "hello, everybody");
    world.settle();
    let copies: Vec<_> = world
        .server
        .recorded
        .iter()
        .filter(|it| it.id == sent.id)
        .collect();
    assert_eq!(copies.len(), 255);
    let receivers: std::collections::BTreeSet<_> = copies.iter().map(|it| it.receiver).collect();
    let nonces: std::collections::BTreeSet<_> = copies.iter().map(|it| it.nonce.0).collect();
    assert_eq!((receivers.len(), nonces.len()), (255, 255));
    assert_eq!(
        world.rows(BOB, group).pop().unwrap().state,
        MessageState::Sent
    );
    assert_eq!(world.said(ALICE, group), ["hello, everybody"]);
}
