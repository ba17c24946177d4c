//! Files and the retired types of old clients, as far as they are shown without being fetched.

use dreiklang_engine::{
    TransferFault,
    view::{FileContent, MessageState},
};
use dreiklang_wire::{csp::payload::FromServer, e2e::FileRendering};

use super::*;
use crate::{
    hostile::pen,
    world::{ALICE, BOB},
};

fn file(message: &Message) -> &FileContent {
    match &message.content {
        Content::File(file) => file,
        other => panic!("{other:?}"),
    }
}

#[test]
fn retired_types_are_shown_as_files() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let forge = pen(&mut world);
    let size = 1_016_u32.to_le_bytes();
    let seconds = 61_u16.to_le_bytes();
    let image = [&[0x02][..], &[7; 16], &size, &[8; 24]].concat();
    let video = [
        &[0x13][..],
        &seconds,
        &[7; 16],
        &size,
        &[9; 16],
        &size,
        &[8; 32],
    ]
    .concat();
    let audio = [&[0x14][..], &seconds, &[7; 16], &size, &[8; 32]].concat();
    for (number, body, media_type, duration_ms) in [
        (1, &image, "image/jpeg", None),
        (2, &video, "video/mp4", Some(61_000)),
        (3, &audio, "audio/aac", Some(61_000)),
    ] {
        world.inject(ALICE, FromServer::Message(forge.message(number, body)));
        let message = world.last(ALICE, bob);
        let shown = file(&message);
        assert_eq!(shown.media_type, media_type);
        assert_eq!((shown.size_bytes, shown.duration_ms), (1_000, duration_ms));
        assert_eq!(shown.rendering, FileRendering::Media);
        world.change(ALICE, react(message.position, "👍", true));
    }
}

#[test]
fn a_file_is_shown_with_its_caption_which_its_sender_edits() {
    let mut world = World::friends();
    let bob = world.identities[BOB];
    let forge = pen(&mut world);
    let key = "2a".repeat(32);
    let blob = "01".repeat(16);
    let json = format!(
        r#"{{"j":1,"k":"{key}","b":"{blob}","m":"image/png","n":"cat.png","s":1234,"d":"a ct",
            "x":{{"w":10,"h":20,"d":-1.5}},"new":true}}"#
    );
    let body = [b"\x17", json.as_bytes()].concat();
    world.inject(ALICE, FromServer::Message(forge.message(1, &body)));
    let message = world.last(ALICE, bob);
    let shown = file(&message);
    assert_eq!(
        (shown.name.as_str(), shown.caption.as_str()),
        ("cat.png", "a ct")
    );
    assert_eq!(
        (shown.width, shown.height, shown.duration_ms),
        (Some(10), Some(20), Some(0))
    );
    let edit = [&[0x91, 0x09][..], &[1; 8], b"\x12\x05a cat"].concat();
    world.inject(ALICE, FromServer::Message(forge.message(2, &edit)));
    let message = world.last(ALICE, bob);
    assert_eq!(file(&message).caption, "a cat");
    let before = view::edits(&world.device(ALICE).conn, message.position).unwrap();
    assert_eq!(before[0].text, "a ct");
}

#[test]
fn a_file_that_waits_is_edited_and_deleted_without_a_word() {
    let mut world = World::friends();
    let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
    world.server.blobs.faults = [TransferFault::Unreachable; 4].into();
    let kept = world.send_file(ALICE, bob.into(), "pixels");
    let deleted = world.send_file(ALICE, bob.into(), "more pixels");
    world.settle();
    world.change(ALICE, edit(kept.position, "look here"));
    let deletion = world.ask(ALICE, delete(deleted.position, true));
    assert_eq!(deletion, Ok(Reply::Done), "it is gone altogether");
    assert_eq!(world.outbox_len(ALICE), 0, "nobody has anything of them");
    let resend = Command::Resend {
        position: deleted.position,
    };
    assert!(world.ask(ALICE, resend).is_err());
    world.disconnect(ALICE);
    world.connect(ALICE);
    world.settle();
    let [message] = &world.all(BOB, alice)[..] else {
        panic!("one was kept")
    };
    assert_eq!(file(message).caption, "look here");
    assert_eq!(message.changed_at, None, "it was never anything else");
    let [message] = &world.all(ALICE, bob)[..] else {
        panic!("the other is gone")
    };
    assert_eq!(message.state, MessageState::Delivered);
}
