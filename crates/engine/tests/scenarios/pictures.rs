//! Profile pictures: who gets the own one and when, and how those of others come.

use dreiklang_engine::{
    Command, Edition, PictureSharing, Refusal, Reply, TransferFault,
    view::{self, Notice},
};
use dreiklang_wire::{csp::payload::FromServer, id::Identity};

use crate::{
    groups::{DAVE, team},
    hostile::pen,
    world::{ALICE, BOB, CAROL, World},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn jpeg(pixel: u8) -> Vec<u8> {
    vec![0xff, 0xd8, 0xff, 0xe0, pixel]
}

impl World {
    fn set_picture(&mut self, who: usize, jpeg: Option<Vec<u8>>) {
        let set = Command::SetProfilePicture(jpeg);
        assert_eq!(self.ask(who, set), Ok(Reply::Done));
    }

    fn share_picture(&mut self, who: usize, sharing: PictureSharing) {
        let set = Command::SetPictureSharing(sharing);
        assert_eq!(self.ask(who, set), Ok(Reply::Done));
    }

    /// How somebody looks to somebody.
    fn sees(&mut self, who: usize, whom: usize) -> Option<Vec<u8>> {
        let whom = self.identities[whom];
        view::picture(&self.device(who).conn, &whom.into()).unwrap()
    }

    fn write(&mut self, who: usize, whom: usize) {
        self.send(who, whom, "hello");
        self.settle();
    }

    /// Another device with somebody's identity, from a Safe backup made now.
    fn restore(&mut self, who: usize) -> usize {
        let enable = Command::SafeEnable {
            password: "horse battery".into(),
            server: String::new(),
        };
        assert_eq!(self.ask(who, enable), Ok(Reply::Done));
        let device = self.another_device(Edition::Private);
        let me = self.identities[who];
        let restore = Command::SafeRestore {
            identity: me,
            password: "horse battery".into(),
            server: String::new(),
        };
        assert_eq!(self.ask(device, restore), Ok(Reply::IdentityRestored(me)));
        device
    }

    /// How many messages have gone over the line to somebody.
    fn sent_to(&self, whom: usize) -> usize {
        let whom: Identity = self.identities[whom];
        let sent = self.server.recorded.iter();
        sent.filter(|message| message.receiver == whom).count()
    }
}

#[test]
fn the_own_picture_goes_along_once() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some(jpeg(1)));
    assert_eq!(
        view::own_picture(&world.device(ALICE).conn).unwrap(),
        Some(jpeg(1))
    );
    world.settle();
    assert_eq!(world.server.blobs.blobs.len(), 0, "nobody is to have it");
    assert_eq!(world.sees(BOB, ALICE), None);
    world.write(ALICE, BOB);
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(1)));
    let blob = world.server.blobs.blobs.values().next().unwrap();
    assert!(blob.persist);
    assert_eq!(world.server.blobs.done, []);
    let before = world.sent_to(BOB);
    world.write(ALICE, BOB);
    assert_eq!(world.sent_to(BOB), before + 1, "only the text");
    assert_eq!(world.server.blobs.blobs.len(), 1);
    // Only what is written goes into the conversation.
    assert_eq!(world.timeline(BOB, ALICE).len(), 2);
}

#[test]
fn another_picture_and_none_are_told_with_the_next_message() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some(jpeg(1)));
    world.write(ALICE, BOB);
    world.set_picture(ALICE, Some(jpeg(2)));
    world.settle();
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(1)));
    world.write(ALICE, BOB);
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(2)));
    world.set_picture(ALICE, None);
    world.write(ALICE, BOB);
    assert_eq!(world.sees(BOB, ALICE), None);
    // It is told again after a week only.
    let before = world.sent_to(BOB);
    world.write(ALICE, BOB);
    assert_eq!(world.sent_to(BOB), before + 1);
    world.pass_ms(7 * DAY_MS);
    world.write(ALICE, BOB);
    assert_eq!(world.sent_to(BOB), before + 3);
}

#[test]
fn whoever_never_had_a_picture_tells_nobody() {
    let mut world = World::friends();
    world.write(ALICE, BOB);
    // A text and the receipt for it.
    assert_eq!(world.server.recorded.len(), 2);
}

#[test]
fn a_picture_is_uploaded_again_after_a_week() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some(jpeg(1)));
    world.write(ALICE, BOB);
    let before = world.sent_to(BOB);
    world.pass_ms(7 * DAY_MS);
    world.write(ALICE, BOB);
    assert_eq!(world.server.blobs.blobs.len(), 2);
    assert_eq!(world.sent_to(BOB), before + 2);
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(1)));
}

#[test]
fn only_those_get_it_who_may() {
    let mut world = World::new(3);
    for (who, whom) in [(ALICE, BOB), (ALICE, CAROL), (BOB, ALICE), (CAROL, ALICE)] {
        world.befriend(who, whom);
    }
    let carol = world.identities[CAROL];
    world.set_picture(ALICE, Some(jpeg(1)));
    world.share_picture(ALICE, PictureSharing::Listed([carol].into()));
    world.write(ALICE, BOB);
    world.write(ALICE, CAROL);
    assert_eq!(world.sees(BOB, ALICE), None);
    assert_eq!(world.sees(CAROL, ALICE), Some(jpeg(1)));
    world.share_picture(ALICE, PictureSharing::Everybody);
    world.write(ALICE, BOB);
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(1)));
    world.share_picture(ALICE, PictureSharing::Nobody);
    world.write(ALICE, BOB);
    assert_eq!(world.sees(BOB, ALICE), None);
    assert_eq!(world.sees(CAROL, ALICE), Some(jpeg(1)), "not written to");
}

#[test]
fn the_picture_survives_a_crash_and_a_server_that_is_away() {
    let mut world = World::friends();
    world.server.blobs.faults = [TransferFault::Unreachable; 1].into();
    world.set_picture(ALICE, Some(jpeg(1)));
    world.write(ALICE, BOB);
    assert_eq!(world.sees(BOB, ALICE), None);
    world.restart(ALICE);
    world.connect(ALICE);
    world.settle();
    // The one who waited is told, without another message.
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(1)));
}

#[test]
fn what_comes_is_a_jpeg_or_nothing() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some(jpeg(1)));
    world.write(ALICE, BOB);
    world.set_picture(ALICE, Some(jpeg(2)));
    // Somebody else's bytes under the right key would be needed to get further than this.
    world.send(ALICE, BOB, "hello");
    for _ in 0..2 {
        world.answer_transfers(ALICE);
        world.flush_uplink(ALICE);
    }
    for blob in world.server.blobs.blobs.values_mut() {
        blob.bytes[20] ^= 1;
    }
    world.settle();
    assert_eq!(world.sees(BOB, ALICE), Some(jpeg(1)), "the old one stays");

    for (picture, refusal) in [
        (b"GIF89a".to_vec(), Refusal::NoJpeg),
        (
            [jpeg(0), vec![0; 1024 * 1024]].concat(),
            Refusal::PictureTooLarge {
                limit_bytes: 1024 * 1024,
            },
        ),
    ] {
        let set = Command::SetProfilePicture(Some(picture));
        assert_eq!(world.ask(ALICE, set), Err(refusal));
    }
}

#[test]
fn a_group_shows_the_picture_that_its_creator_gives_it() {
    let (mut world, group) = team();
    let set = |picture| Command::SetGroupPicture { group, picture };
    assert!(matches!(
        world.ask(ALICE, set(Some(jpeg(7)))),
        Ok(Reply::Group(_))
    ));
    world.settle();
    let sees = |world: &mut World, who: usize| {
        view::picture(&world.device(who).conn, &group.into()).unwrap()
    };
    for who in [ALICE, BOB, CAROL] {
        assert_eq!(sees(&mut world, who), Some(jpeg(7)), "{who}");
    }
    let timeline = view::timeline(&world.device(BOB).conn, &group.into(), None, 10).unwrap();
    let noticed = view::Content::Notice(Notice::PictureChanged);
    assert_eq!(timeline.last().unwrap().content, noticed);
    // Who comes later gets it too.
    world.add(ALICE, group, &[DAVE]);
    world.settle();
    assert_eq!(sees(&mut world, DAVE), Some(jpeg(7)));
    let by_member = world.refuse(BOB, set(None));
    assert_eq!(by_member, Refusal::NotGroupCreator(group));
    world.ask_group(ALICE, set(None));
    world.settle();
    for who in [ALICE, BOB, CAROL, DAVE] {
        assert_eq!(sees(&mut world, who), None, "{who}");
    }
}

#[test]
fn whoever_asks_gets_the_picture_again() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some(jpeg(1)));
    world.write(ALICE, BOB);
    let forge = pen(&mut world);
    let before = world.sent_to(BOB);
    world.inject(ALICE, FromServer::Message(forge.message(1, &[0x1a])));
    world.settle();
    assert_eq!(world.sent_to(BOB), before, "not before the next message");
    world.write(ALICE, BOB);
    assert_eq!(world.sent_to(BOB), before + 2);
    assert_eq!(world.server.blobs.blobs.len(), 1, "the same blob");
}

#[test]
fn a_restored_app_asks_for_pictures_and_takes_back_what_it_may_have_told() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some([jpeg(9), vec![9; 64 * 1024]].concat()));
    let device = world.restore(ALICE);
    world.answer_all_http(device);
    assert_eq!(world.outbox_len(device), 1, "the request");
    world.send(device, BOB, "back again");
    // The picture was too large for the backup. The text, and that there is none: nobody knows
    // what the app before told.
    assert_eq!(world.outbox_len(device), 3);
    world.send(device, BOB, "really");
    assert_eq!(world.outbox_len(device), 4);
}

#[test]
fn a_backup_brings_the_own_picture_back() {
    let mut world = World::friends();
    world.set_picture(ALICE, Some(jpeg(9)));
    let device = world.restore(ALICE);
    let picture = view::own_picture(&world.device(device).conn).unwrap();
    assert_eq!(picture, Some(jpeg(9)));
}

/// What was uploaded is not what is there by now, so nobody is told of it.
#[test]
fn a_picture_that_is_replaced_while_it_goes_up_is_not_handed_out() {
    let (mut world, group) = team();
    for pixel in [1, 2] {
        let picture = Some(jpeg(pixel));
        world.ask_group(ALICE, Command::SetGroupPicture { group, picture });
    }
    assert_eq!(world.device(ALICE).disk.transfers.len(), 2);
    world.settle();
    let seen = view::picture(&world.device(BOB).conn, &group.into()).unwrap();
    assert_eq!(seen, Some(jpeg(2)));
}

#[test]
fn a_group_that_is_forgotten_while_its_picture_goes_up_takes_it_along() {
    let (mut world, group) = team();
    let picture = Some(jpeg(1));
    world.ask_group(ALICE, Command::SetGroupPicture { group, picture });
    world.ask_group(ALICE, Command::DisbandGroup(group));
    let delete = Command::DeleteGroup(group);
    assert_eq!(world.ask(ALICE, delete), Ok(Reply::Done));
    assert_eq!(world.device(ALICE).disk.transfers.len(), 1);
    world.settle();
    assert_eq!(world.count(ALICE, "profile_pictures"), 0);
}
