//! Files: sent, fetched, forwarded, given up, and deleted with their messages.

use dreiklang_crypto::SharedKey;
use dreiklang_engine::{
    Authorization, AutoDownload, Command, Edition, Event, Input, MediaName, NewFile, NewThumbnail,
    Refusal, Reply, Timestamp, Transfer, TransferFault,
    view::{self, Content, ConversationId, MediaState, Message, MessageState, Position},
};
use dreiklang_wire::{
    csp::payload::FromServer,
    e2e::{BlobKey, FileRendering},
    spec,
};
use serde_json::json;

use crate::{
    groups::team,
    hostile::pen,
    world::{ALICE, BOB, CAROL, World},
};

const KEY: [u8; 32] = [7; 32];

impl World {
    /// Seals a file as the driver does, and says what it is.
    pub(crate) fn stage(&mut self, who: usize, content: &str) -> NewFile {
        let number = u8::try_from(self.device(who).disk.files.len()).unwrap();
        let (name, small) = (MediaName([number + 1; 16]), MediaName([number + 101; 16]));
        let key = SharedKey::from_bytes(KEY);
        let files = &mut self.device(who).disk.files;
        files.insert(name, key.seal(&spec::BLOB_NONCE, content.as_bytes()));
        files.insert(small, key.seal(&spec::THUMBNAIL_NONCE, b"small"));
        NewFile {
            name,
            key: BlobKey(KEY),
            size_bytes: content.len() as u64,
            file_name: "a picture.png".into(),
            media_type: "image/png".into(),
            caption: "look".into(),
            rendering: FileRendering::Media,
            width: Some(640),
            height: Some(480),
            duration_ms: None,
            is_animated: false,
            thumbnail: Some(NewThumbnail {
                name: small,
                size_bytes: 5,
                media_type: "image/jpeg".into(),
            }),
            correlation: String::new(),
        }
    }

    pub(crate) fn send_file(&mut self, who: usize, to: ConversationId, content: &str) -> Message {
        let file = Box::new(self.stage(who, content));
        let send = Command::SendFile {
            to,
            file,
            reference: None,
        };
        match self.ask(who, send) {
            Ok(Reply::Message(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    fn media_state(&mut self, who: usize, position: Position) -> (MediaState, MediaState) {
        let conn = &self.device(who).conn;
        let main = view::media(conn, position).unwrap().unwrap();
        let small = view::thumbnail(conn, position).unwrap().unwrap();
        (main.state, small.state)
    }

    /// What a person sees who opens the file of a message.
    fn open(&mut self, who: usize, position: Position) -> String {
        let file = view::media_file(&self.device(who).conn, position).unwrap();
        let file = file.expect("the file is here");
        let sealed = &self.device(who).disk.files[&file.name];
        let plain = SharedKey::from_bytes(file.key.0)
            .open(file.nonce.as_bytes(), sealed)
            .unwrap();
        assert_eq!(plain.len() as u64, file.size_bytes);
        String::from_utf8(plain).unwrap()
    }

    fn newest(&self, who: usize, whom: usize) -> Message {
        self.timeline(who, whom).pop().unwrap()
    }
}

#[test]
fn a_file_goes_from_one_to_the_other_and_leaves_the_server() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    let sent = world.send_file(ALICE, to, "pixels");
    assert_eq!(sent.state, MessageState::Pending);
    assert!(!view::is_everything_sent(&world.device(ALICE).conn).unwrap());
    let sending = (MediaState::Sending, MediaState::Sending);
    assert_eq!(world.media_state(ALICE, sent.position), sending);
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
    assert!(view::is_everything_sent(&world.device(ALICE).conn).unwrap());
    let here = (MediaState::Here, MediaState::Here);
    assert_eq!(world.media_state(ALICE, sent.position), here);
    let received = world.newest(BOB, ALICE);
    assert_eq!(world.media_state(BOB, received.position), here);
    assert_eq!(world.open(BOB, received.position), "pixels");
    assert_eq!(received.created_at, world.newest(ALICE, BOB).created_at);
    assert_eq!(received.notes, view::Notes::default());
    // Both are told as done, and the server keeps neither.
    assert_eq!(world.server.blobs.done.len(), 2);
    assert_eq!(world.server.blobs.blobs.len(), 0);
}

#[test]
fn a_text_may_overtake_an_upload_and_nobody_is_suspected() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "pixels");
    world.now = world.now.plus_ms(1_000);
    world.send(ALICE, BOB, "later");
    for _ in 0..3 {
        world.flush_uplink(ALICE);
        world.flush_downlink(BOB);
    }
    assert_eq!(world.texts(BOB, ALICE), ["later"]);
    world.now = world.now.plus_ms(1_000);
    world.settle();
    let received = world.timeline(BOB, ALICE);
    assert_eq!(received.len(), 2);
    assert!(!received[1].notes.out_of_order);
}

#[test]
fn a_file_for_a_group_stays_on_the_server() {
    let (mut world, group) = team();
    let sent = world.send_file(ALICE, group.into(), "for all");
    world.settle();
    for who in [BOB, CAROL] {
        let timeline = view::timeline(&world.device(who).conn, &group.into(), None, 10).unwrap();
        let received = timeline.last().unwrap();
        assert_eq!(received.id, sent.id);
        assert_eq!(world.open(who, received.position), "for all");
    }
    assert_eq!(world.server.blobs.done, []);
    let blobs: Vec<_> = world.server.blobs.blobs.values().collect();
    assert_eq!(blobs.len(), 2);
    assert!(blobs.iter().all(|blob| blob.persist));
    let message = view::message(&world.device(ALICE).conn, sent.position).unwrap();
    assert_eq!(message.unwrap().state, MessageState::Sent);
}

#[test]
fn a_crash_at_any_step_costs_a_repetition_only() {
    // Which input of the sender is lost, with or without its commit.
    for is_committed in [false, true] {
        for step in 0..6 {
            let mut world = World::friends();
            let to = world.identities[BOB];
            let file = Box::new(world.stage(ALICE, "pixels"));
            let command = Command::SendFile {
                to: to.into(),
                file,
                reference: Some("once".into()),
            };
            let mut crash_in = step;
            let mut give = |world: &mut World, input: Input| {
                if crash_in != 0 {
                    crash_in -= 1;
                    world.give(ALICE, input);
                    return;
                }
                crash_in = usize::MAX;
                let now = world.now;
                if is_committed {
                    world.device(ALICE).give_and_crash(now, input);
                } else {
                    world.device(ALICE).fail_and_crash(now, input);
                }
                world.give(ALICE, Input::Timeout);
                world.connect(ALICE);
            };
            let ticket = world.device(ALICE).take_ticket();
            give(&mut world, Input::Command(ticket, command.clone()));
            for _ in 0..8 {
                let transfer = world.device(ALICE).disk.transfers.pop_front();
                if let Some((id, transfer)) = transfer {
                    let files = &mut world.devices[ALICE].disk.files;
                    let result = world.server.blobs.perform(files, transfer);
                    give(&mut world, Input::Transferred(id, result));
                }
                give(&mut world, Input::Timeout);
            }
            // Whoever saw no reply asks again.
            assert!(matches!(world.ask(ALICE, command), Ok(Reply::Message(_))));
            world.settle();
            let received = world.timeline(BOB, ALICE);
            assert_eq!(received.len(), 1, "step {step} committed {is_committed}");
            assert_eq!(world.open(BOB, received[0].position), "pixels");
            assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
        }
    }
}

#[test]
fn faults_that_pass_are_tried_again_after_a_rest() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.server.blobs.faults = [TransferFault::Unreachable; 4].into();
    let sent = world.send_file(ALICE, to, "pixels");
    world.settle();
    let media = view::media(&world.device(ALICE).conn, sent.position).unwrap();
    let media = media.unwrap();
    assert_eq!(media.state, MediaState::Sending);
    assert_eq!(media.fault, Some(TransferFault::Unreachable));
    assert_eq!(world.server.blobs.faults.len(), 2, "one try each");
    world.pass_ms(5_000);
    world.settle();
    assert_eq!(world.server.blobs.faults.len(), 0);
    // The second rest is longer.
    world.pass_ms(5_000);
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Pending]);
    world.pass_ms(5_000);
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
}

#[test]
fn a_new_connection_ends_every_rest() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.server.blobs.faults = [TransferFault::TimedOut; 2].into();
    world.send_file(ALICE, to, "pixels");
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Pending]);
    world.disconnect(ALICE);
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
}

#[test]
fn what_is_refused_fails_and_can_be_sent_again_or_taken_back() {
    let mut world = World::friends();
    let to: ConversationId = world.identities[BOB].into();
    world.server.blobs.faults = [TransferFault::Refused(413); 1].into();
    let sent = world.send_file(ALICE, to, "pixels");
    let position = sent.position;
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Failed]);
    let media = view::media(&world.device(ALICE).conn, position).unwrap();
    assert_eq!(media.unwrap().fault, Some(TransferFault::Refused(413)));
    assert!(world.take_events(ALICE).iter().any(|event| matches!(
        event,
        Event::MessageState {
            state: MessageState::Failed,
            ..
        }
    )));
    assert_eq!(world.timeline(BOB, ALICE).len(), 0);
    assert!(matches!(
        world.ask(ALICE, Command::Resend { position }),
        Ok(Reply::Message(Message {
            state: MessageState::Pending,
            ..
        }))
    ));
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
    let again = world.ask(ALICE, Command::Resend { position });
    assert_eq!(again, Err(Refusal::NotFailed));
    let cancel = world.ask(ALICE, Command::Cancel { position });
    assert_eq!(cancel, Err(Refusal::AlreadySent));

    let second = world.send_file(ALICE, to, "regretted");
    assert_eq!(world.device(ALICE).disk.files.len(), 4);
    let position = second.position;
    assert_eq!(
        world.ask(ALICE, Command::Cancel { position }),
        Ok(Reply::Done)
    );
    // Its upload was under way: nobody will fetch the blob, and the server is told.
    world.settle();
    assert_eq!(world.timeline(ALICE, BOB).len(), 1);
    assert_eq!(world.timeline(BOB, ALICE).len(), 1);
    assert_eq!(world.device(ALICE).disk.files.len(), 2);
    assert_eq!(world.server.blobs.blobs.len(), 0);
}

#[test]
fn only_what_is_wanted_is_fetched_by_itself() {
    let mut world = World::friends();
    let automatic = AutoDownload {
        images: true,
        audio: true,
        videos: false,
        others: false,
        size_bytes_max: 30,
    };
    world.ask(BOB, Command::SetAutoDownload(automatic)).unwrap();
    assert_eq!(
        view::auto_download(&world.device(BOB).conn).unwrap(),
        automatic
    );
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "0123456789");
    world.send_file(ALICE, to, "0123456789 and more");
    world.settle();
    let [small, large] = &world.timeline(BOB, ALICE)[..] else {
        panic!("two files")
    };
    let (small, large) = (small.position, large.position);
    assert_eq!(world.media_state(BOB, small).0, MediaState::Here);
    let waits = (MediaState::Remote, MediaState::Here);
    assert_eq!(world.media_state(BOB, large), waits);
    let download = Command::Download { position: large };
    assert_eq!(world.ask(BOB, download.clone()), Ok(Reply::Done));
    assert_eq!(world.media_state(BOB, large).0, MediaState::Coming);
    // The process dies: what was asked for is not forgotten.
    world.restart(BOB);
    world.connect(BOB);
    world.settle();
    assert_eq!(world.open(BOB, large), "0123456789 and more");
    let text = world.send(ALICE, BOB, "no file").position;
    let nothing = world.ask(ALICE, Command::Download { position: text });
    assert_eq!(nothing, Err(Refusal::NoFile));
}

#[test]
fn damage_is_shown_and_nothing_of_it_is_kept() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "pixels");
    world.answer_transfers(ALICE);
    for blob in world.server.blobs.blobs.values_mut() {
        blob.bytes[3] ^= 1;
    }
    world.settle();
    let position = world.newest(BOB, ALICE).position;
    let media = view::media(&world.device(BOB).conn, position).unwrap();
    let media = media.unwrap();
    assert_eq!(media.state, MediaState::Lost);
    assert_eq!(media.fault, Some(TransferFault::Damaged));
    assert_eq!(world.server.blobs.done, []);
    assert!(
        view::media_file(&world.device(BOB).conn, position)
            .unwrap()
            .is_none()
    );
    // The server has come to its senses.
    for blob in world.server.blobs.blobs.values_mut() {
        blob.bytes[3] ^= 1;
    }
    world.ask(BOB, Command::Download { position }).unwrap();
    world.settle();
    assert_eq!(world.open(BOB, position), "pixels");
}

#[test]
fn a_claimed_size_is_a_limit() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    let mut file = world.stage(ALICE, "much larger than it says");
    file.size_bytes = 3;
    let send = Command::SendFile {
        to,
        file: Box::new(file),
        reference: None,
    };
    world.ask(ALICE, send).unwrap();
    world.answer_transfers(ALICE);
    world.flush_uplink(ALICE);
    world.flush_downlink(BOB);
    let limits: Vec<_> = world
        .device(BOB)
        .disk
        .transfers
        .iter()
        .map(|(_, transfer)| match transfer {
            Transfer::Download { bytes_max, .. } => *bytes_max,
            other => panic!("{other:?}"),
        })
        .collect();
    // The thumbnail comes first, and has a limit of its own.
    assert_eq!(limits, [1024 * 1024, 3 + 16]);
    world.settle();
    let position = world.newest(BOB, ALICE).position;
    let media = view::media(&world.device(BOB).conn, position).unwrap();
    assert_eq!(media.unwrap().fault, Some(TransferFault::TooLarge));
}

#[test]
fn files_go_with_their_messages() {
    let mut world = World::friends();
    let (to, bob) = (world.identities[BOB].into(), world.identities[BOB]);
    world.send_file(ALICE, to, "one");
    world.settle();
    let files = |world: &mut World, who| world.device(who).disk.files.len();
    assert_eq!((files(&mut world, ALICE), files(&mut world, BOB)), (2, 2));
    // The process dies before it has deleted anything: it is told again.
    let ticket = world.device(ALICE).take_ticket();
    let remove = Input::Command(ticket, Command::RemoveContact(bob));
    let now = world.now;
    world.device(ALICE).give_and_crash(now, remove);
    assert_eq!(files(&mut world, ALICE), 2);
    world.give(ALICE, Input::Timeout);
    assert_eq!(files(&mut world, ALICE), 0);
    assert_eq!(world.count(ALICE, "stale_media"), 2);
    world.give(ALICE, Input::Timeout);
    assert_eq!(world.count(ALICE, "stale_media"), 0);
}

#[test]
fn a_message_that_goes_while_its_file_comes_takes_the_file_along() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "one");
    for _ in 0..2 {
        world.answer_transfers(ALICE);
        world.flush_uplink(ALICE);
    }
    world.flush_downlink(BOB);
    assert_eq!(world.device(BOB).disk.transfers.len(), 2);
    let alice = world.identities[ALICE];
    world.ask(BOB, Command::RemoveContact(alice)).unwrap();
    world.settle();
    assert_eq!(world.device(BOB).disk.files.len(), 0);
    assert_eq!(world.server.blobs.done, []);
}

#[test]
fn a_file_is_forwarded_as_it_is_and_shared_on_disk() {
    let mut world = World::new(3);
    for (who, whom) in [(ALICE, BOB), (BOB, ALICE), (BOB, CAROL), (CAROL, BOB)] {
        world.befriend(who, whom);
    }
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "pixels");
    world.settle();
    let position = world.newest(BOB, ALICE).position;
    let forward = Command::Forward {
        position,
        to: world.identities[CAROL].into(),
        reference: Some("once".into()),
    };
    assert!(matches!(
        world.ask(BOB, forward.clone()),
        Ok(Reply::Message(_))
    ));
    world.settle();
    // Whoever missed the reply repeats the command, and nothing goes out twice.
    assert!(matches!(world.ask(BOB, forward), Ok(Reply::Message(_))));
    world.settle();
    assert_eq!(world.timeline(CAROL, BOB).len(), 1);
    let received = world.newest(CAROL, BOB).position;
    assert_eq!(world.open(CAROL, received), "pixels");
    // One file for two messages: it stays until both are gone.
    assert_eq!(world.device(BOB).disk.files.len(), 2);
    let (alice, carol) = (world.identities[ALICE], world.identities[CAROL]);
    world.ask(BOB, Command::RemoveContact(alice)).unwrap();
    world.give(BOB, Input::Timeout);
    let forwarded = world.newest(BOB, CAROL).position;
    assert_eq!(world.open(BOB, forwarded), "pixels");
    world.ask(BOB, Command::RemoveContact(carol)).unwrap();
    world.give(BOB, Input::Timeout);
    assert_eq!(world.device(BOB).disk.files.len(), 0);
}

#[test]
fn room_is_counted_and_made() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "old");
    world.settle();
    world.now = world.now.plus_ms(1_000);
    world.send_file(ALICE, to, "young");
    world.settle();
    let used = view::storage(&world.device(BOB).conn).unwrap();
    let alice = world.identities[ALICE].into();
    assert_eq!(used.len(), 1);
    assert_eq!((used[0].conversation, used[0].messages), (alice, 2));
    assert_eq!(used[0].files, 2);
    assert_eq!(used[0].size_bytes, 4 * 16 + 3 + 5 + 5 + 5);
    let clear = |before: Timestamp| Command::ClearMedia {
        conversation: Some(alice),
        before,
    };
    let now = world.now;
    world.ask(BOB, clear(now)).unwrap();
    assert_eq!(world.device(BOB).disk.files.len(), 2);
    let [old, young] = &world.timeline(BOB, ALICE)[..] else {
        panic!("messages stay")
    };
    let (old, young) = (old.position, young.position);
    let gone = (MediaState::Remote, MediaState::Remote);
    assert_eq!(world.media_state(BOB, old), gone);
    assert_eq!(world.open(BOB, young), "young");
    let forward = Command::Forward {
        position: old,
        to: alice,
        reference: None,
    };
    assert_eq!(world.ask(BOB, forward), Err(Refusal::FileNotHere));
}

#[test]
fn files_that_cannot_be_are_refused() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    let mut refusal = |change: fn(&mut NewFile)| {
        let mut file = world.stage(ALICE, "x");
        change(&mut file);
        let send = Command::SendFile {
            to,
            file: Box::new(file),
            reference: None,
        };
        world.ask(ALICE, send).unwrap_err()
    };
    assert!(matches!(
        refusal(|file| file.size_bytes = 100 * 1024 * 1024 - 15),
        Refusal::FileTooLarge { .. }
    ));
    assert!(matches!(
        refusal(|file| file.caption = "x".repeat(6_001)),
        Refusal::TextTooLong { .. }
    ));
    // It would fit but for what JSON makes of it.
    assert!(matches!(
        refusal(|file| file.caption = "\"".repeat(6_000)),
        Refusal::TextTooLong { .. }
    ));
    assert!(matches!(
        refusal(|file| file.file_name = "x".repeat(257)),
        Refusal::FileNameTooLong { .. }
    ));
    for media_type in ["", "image", "image/", "image/p ng"] {
        let mut file = world.stage(ALICE, "x");
        file.media_type = media_type.into();
        let send = Command::SendFile {
            to,
            file: Box::new(file),
            reference: None,
        };
        assert_eq!(world.ask(ALICE, send), Err(Refusal::BadMediaType));
    }
    assert_eq!(world.timeline(ALICE, BOB).len(), 0);
}

#[test]
fn the_largest_caption_fits_a_frame() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    let mut file = world.stage(ALICE, "x");
    file.caption = "\u{1}".repeat(1_050);
    file.file_name = "x".repeat(256);
    let send = Command::SendFile {
        to,
        file: Box::new(file),
        reference: None,
    };
    world.ask(ALICE, send).unwrap();
    world.settle();
    assert_eq!(world.timeline(BOB, ALICE).len(), 1);
}

#[test]
fn an_old_image_is_fetched_with_the_key_between_the_two_and_never_passed_on() {
    let mut world = World::new(3);
    for (who, whom) in [(ALICE, BOB), (BOB, ALICE), (ALICE, CAROL)] {
        world.befriend(who, whom);
    }
    let forge = pen(&mut world);
    let (nonce, pixels) = ([0x4e; 24], b"old pixels");
    let alice = world.server.keys[&world.identities[ALICE]];
    let sealed = world
        .device(BOB)
        .secret_key()
        .agree(&alice)
        .seal(&nonce, pixels);
    let size = u32::try_from(sealed.len()).unwrap().to_le_bytes();
    let blob = world.server.blobs.put(sealed, false);
    let body = [&[0x02][..], blob.as_bytes(), &size, &nonce].concat();
    world.inject(ALICE, FromServer::Message(forge.message(1, &body)));
    world.settle();
    let position = world.newest(ALICE, BOB).position;
    assert_eq!(world.open(ALICE, position), "old pixels");
    assert_eq!(world.server.blobs.done, [blob]);
    let to = world.identities[CAROL].into();
    let forward = Command::Forward {
        position,
        to,
        reference: None,
    };
    assert_eq!(world.ask(ALICE, forward), Err(Refusal::NotForwardable));
}

#[test]
fn what_is_deleted_for_everyone_leaves_no_file_anywhere() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    // The directory tells what apps can do; it is asked once a day.
    world.pass_ms(25 * 60 * 60 * 1_000);
    world.settle();
    let sent = world.send_file(ALICE, to, "regretted");
    world.settle();
    assert_eq!(world.device(BOB).disk.files.len(), 2);
    let delete = Command::Delete {
        position: sent.position,
        for_everyone: true,
    };
    world.ask(ALICE, delete).unwrap();
    world.settle();
    for who in [ALICE, BOB] {
        world.give(who, Input::Timeout);
        assert_eq!(world.device(who).disk.files.len(), 0, "{who}");
        assert_eq!(world.count(who, "media"), 0);
    }
}

#[test]
fn a_recording_is_marked_as_played() {
    let mut world = World::friends();
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "la la");
    world.settle();
    let position = world.newest(BOB, ALICE).position;
    let is_played = |world: &World| match world.newest(BOB, ALICE).content {
        Content::File(file) => file.is_played,
        other => panic!("{other:?}"),
    };
    assert!(!is_played(&world));
    // Screens find a transfer's progress by the name.
    let shown = view::media(&world.device(BOB).conn, position)
        .unwrap()
        .unwrap();
    let file = view::media_file(&world.device(BOB).conn, position).unwrap();
    assert_eq!(shown.name, file.map(|file| file.name));
    assert!(shown.name.is_some());
    world.take_events(BOB);
    world.ask(BOB, Command::MarkPlayed { position }).unwrap();
    assert!(is_played(&world));
    let told = Event::MediaChanged {
        conversation: world.identities[ALICE].into(),
        position,
    };
    assert_eq!(world.take_events(BOB), [told]);
}

#[test]
fn a_closed_instance_is_shown_a_token_and_old_files_go_with_their_messages() {
    let mut world = World::work(Edition::OnPrem, true);
    world.add_stranger();
    world.befriend(ALICE, BOB);
    let to = world.identities[BOB].into();
    world.send_file(ALICE, to, "old");
    let shown: Vec<_> = world.device(ALICE).disk.transfers.iter().collect();
    assert_eq!(shown.len(), 2);
    for (_, transfer) in shown {
        let authorization = transfer.authorization();
        assert!(
            matches!(authorization, Authorization::Token(license) if license.username == "alice")
        );
    }
    world.settle();
    assert_eq!(world.device(ALICE).disk.files.len(), 2);
    world.pass_ms(9 * 24 * 60 * 60 * 1_000);
    let days = ("th_keep_messages_days".to_owned(), json!(7));
    world
        .ask(ALICE, Command::SetExternalMdm([days].into()))
        .unwrap();
    assert_eq!(world.timeline(ALICE, BOB).len(), 0);
    world.give(ALICE, Input::Timeout);
    assert_eq!(world.device(ALICE).disk.files.len(), 0);
}

#[test]
fn what_is_due_is_found_without_looking_at_every_file() {
    let mut world = World::friends();
    let conn = &world.device(ALICE).conn;
    let sql = "EXPLAIN QUERY PLAN SELECT m.position FROM media AS m
               WHERE m.state IN (1, 10) AND m.due_at <= ?1 ORDER BY m.due_at LIMIT ?2";
    let plan: String = conn.query_row(sql, [1, 2], |row| row.get(3)).unwrap();
    assert!(plan.contains("USING INDEX media_due"), "{plan}");
    let sql = "EXPLAIN QUERY PLAN SELECT 1 FROM media AS m WHERE m.name = ?1 AND m.name <> x''";
    let plan: String = conn.query_row(sql, [1], |row| row.get(3)).unwrap();
    assert!(plan.contains("media_by_name"), "{plan}");
}
