//! The attacks of "Three Lessons from Threema" (USENIX Security 2023) that a server has on a client:
//! reliability.md 2.1, numbers 3 to 7. None succeeds; each does in `eth_planted`.

use dreiklang_crypto::{PublicKey, SecretKey, SeededRng, kdf};
use dreiklang_engine::{Command, Event, Refusal, view};
use dreiklang_wire::csp::payload::{FromServer, ToServer};

use crate::{
    attacks::{self, Backups, challenge, hostile_token, proof_in, secret_key},
    world::{ALICE, BOB, World, text_of},
};

#[test]
fn eth3_a_swapped_message_is_marked() {
    let mut world = World::friends();
    let mut held = Vec::new();
    for text in ["one", "two", "three"] {
        world.send(ALICE, BOB, text);
        world.pass_ms(1);
        held.extend(world.device(ALICE).uplink.drain(..));
    }
    held.swap(0, 1);
    let alice = world.identities[ALICE];
    for payload in held {
        world.server.on_payload(alice, payload);
    }
    world.settle();
    let marks: Vec<_> = world
        .timeline(BOB, ALICE)
        .iter()
        .map(|message| (text_of(message), message.notes.out_of_order))
        .collect();
    let expected = [("two", false), ("one", true), ("three", false)];
    assert_eq!(marks, expected.map(|(text, mark)| (text.to_owned(), mark)));
}

#[test]
fn eth3_a_message_held_back_is_marked_whatever_its_header_says() {
    assert!(!attacks::old_message_as_a_new_one());
}

#[test]
fn eth3_the_server_cannot_give_a_message_another_number() {
    assert!(!attacks::swapped_numbers());
}

#[test]
fn eth4_replayed_messages_are_never_shown_again() {
    assert!(!attacks::replay());
    assert!(!attacks::replay_after_deletion());
}

#[test]
fn eth4_reflected_messages_are_never_shown() {
    assert!(!attacks::reflection());
}

/// The proof of possession must not be an oracle for boxes under the client key.
#[test]
fn eth5_a_challenge_is_never_answered_with_a_box() {
    assert!(!attacks::message_by_challenge(300));
}

#[test]
fn eth5_the_answer_is_the_mac_of_its_own_purpose() {
    let rng = &mut SeededRng::new(51);
    let peer = SecretKey::generate(rng).public();
    let token = hostile_token(rng);
    let (device, answer) = challenge(1, peer.as_bytes(), &token);
    let shared = secret_key(&device).agree(&peer);
    let mac_key = kdf::blake2b(shared.expose(), "dir", "3ma-csp", &[]);
    let expected = kdf::blake2b(&mac_key, "", "", &token);
    assert_eq!(proof_in(&answer.unwrap()), expected);
}

#[test]
fn eth5_low_order_challenge_keys_are_refused() {
    for low in [0, 1] {
        let mut key = [0; 32];
        key[0] = low;
        assert!(PublicKey::from_bytes(key).is_err());
        let (device, answer) = challenge(1, &key, b"token");
        assert_eq!(answer, None, "no second phase");
        assert_eq!(
            device.replies.values().next(),
            Some(&Err(Refusal::BadAnswer))
        );
    }
    let good = SecretKey::generate(&mut SeededRng::new(1)).public();
    for token in [&[][..], &[7; 2_000]] {
        let (_, answer) = challenge(1, good.as_bytes(), token);
        assert_eq!(answer, None, "a token of {} bytes", token.len());
    }
}

#[test]
fn eth6_a_changed_device_cookie_is_raised_until_it_is_understood() {
    let mut world = World::friends();
    world.inject(ALICE, FromServer::DeviceCookieChanged);
    assert!(
        world
            .take_events(ALICE)
            .contains(&Event::DeviceCookieChanged)
    );
    world.restart(ALICE);
    world.connect(ALICE);
    assert!(
        world
            .take_events(ALICE)
            .contains(&Event::DeviceCookieChanged)
    );
    assert!(
        view::me(&world.device(ALICE).conn)
            .unwrap()
            .unwrap()
            .is_device_cookie_changed
    );
    assert!(
        !world
            .device(ALICE)
            .uplink
            .contains(&ToServer::ClearDeviceCookie)
    );

    world.ask(ALICE, Command::ClearDeviceCookie).unwrap();
    assert!(
        world
            .device(ALICE)
            .uplink
            .contains(&ToServer::ClearDeviceCookie)
    );
    world.disconnect(ALICE);
    world.connect(ALICE);
    assert!(
        !world
            .take_events(ALICE)
            .contains(&Event::DeviceCookieChanged)
    );
}

#[test]
fn eth6_the_warning_is_not_forgotten() {
    assert!(!attacks::forgotten_clone());
}

#[test]
fn eth6_no_export_where_the_organisation_forbids_it() {
    for parameter in ["th_disable_id_export", "th_disable_backups"] {
        assert!(!attacks::forbidden_export(parameter), "{parameter}");
    }
    assert!(
        attacks::forbidden_export("th_hide_inactive_ids"),
        "nothing forbids it"
    );
}

#[test]
fn eth7_the_size_of_a_backup_tells_only_the_length_of_what_is_in_it() {
    assert!(!attacks::size_tells(400));
    // Not even that, as long as it is about the same.
    let mut backups = Backups::begin();
    let empty = backups.with_nickname("");
    for length in 1..=32 {
        assert_eq!(backups.with_nickname(&"x".repeat(length)), empty);
    }
}

#[test]
fn eth7_nothing_is_compressed() {
    let mut backups = Backups::begin();
    for nickname in attacks::guesses(8) {
        backups.with_nickname(&nickname);
        let packed = backups.opened();
        // RFC 1952: ten bytes in front, eight behind; RFC 1951: stored blocks, the last one marked.
        let mut blocks = &packed[10..packed.len() - 8];
        let mut document = Vec::new();
        let mut is_last = false;
        while !is_last {
            let (head, rest) = blocks.split_first_chunk::<5>().unwrap();
            assert!(head[0] <= 1, "a block that is not stored");
            is_last = head[0] == 1;
            let length = u16::from_le_bytes([head[1], head[2]]);
            assert_eq!(!length, u16::from_le_bytes([head[3], head[4]]));
            let (block, rest) = rest.split_at(usize::from(length));
            document.extend_from_slice(block);
            blocks = rest;
        }
        assert!(blocks.is_empty());
        assert_eq!(document.len() % 4096, 0);
        assert!(String::from_utf8_lossy(&document).contains("privatekey"));
    }
}
