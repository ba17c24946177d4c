//! The attacks of "Three Lessons from Threema" on a client, by its server. Each says whether it
//! succeeded: it must not (`eth`), except where a defence was taken out (`eth_planted`).

use std::collections::BTreeSet;

use dreiklang_crypto::{CryptoRng, PublicKey, SecretKey, SeededRng, SharedKey, kdf, random};
use dreiklang_engine::{
    Command, Edition, HttpResponse, IdScheme, Input, Reply, Timestamp,
    view::{self, MessageState},
};
use dreiklang_wire::{
    api::{
        Base64,
        directory::{CreateRequest, TwoPhase},
    },
    csp::payload::{FromServer, Message, ToServer},
    id::{Identity, MessageId},
};
use serde_json::json;

use crate::{
    common::Device,
    world::{ALICE, BOB, World, keys_of, text_of},
};

const PASSWORD: &str = "shootdeathstar";

/// Attack 3: the server keeps a message back and gives it a new time in the header, so that an old
/// answer looks like one to the newest question.
pub(crate) fn old_message_as_a_new_one() -> bool {
    let mut world = World::friends();
    world.send(ALICE, BOB, "yes");
    let Some(ToServer::Message(mut held)) = world.device(ALICE).uplink.pop_back() else {
        panic!("no message")
    };
    world.pass_ms(3_600_000);
    world.send(ALICE, BOB, "shall we meet?");
    world.settle();
    world.pass_ms(3_600_000);
    held.created_at = u32::try_from(world.now.as_ms() / 1_000).unwrap();
    world.inject(BOB, FromServer::Message(held));
    let last = world.timeline(BOB, ALICE).pop().unwrap();
    text_of(&last) == "yes" && !last.notes.out_of_order
}

/// Attack 3: the server swaps the numbers of two messages, so that receipts for one confirm the
/// other.
pub(crate) fn swapped_numbers() -> bool {
    let mut world = World::friends();
    let first = world.send(ALICE, BOB, "first").id;
    let second = world.send(ALICE, BOB, "second").id;
    for payload in std::mem::take(&mut world.device(ALICE).uplink) {
        if let ToServer::Message(mut message) = payload {
            message.id = if message.id == first { second } else { first };
            world.inject(BOB, FromServer::Message(message));
        }
    }
    !world.texts(BOB, ALICE).is_empty()
}

/// Texts, receipts and typing in both directions, all on record.
fn conversation() -> World {
    let mut world = World::friends();
    let [alice, bob] = world.identities[..] else {
        panic!()
    };
    for number in 0..5 {
        world.send(ALICE, BOB, &format!("a{number}"));
        world.send(BOB, ALICE, &format!("b{number}"));
        world
            .ask(ALICE, Command::Typing { to: bob, on: true })
            .unwrap();
        world.settle();
    }
    let up_to = world.timeline(BOB, ALICE).last().unwrap().position;
    world
        .ask(
            BOB,
            Command::MarkRead {
                conversation: alice.into(),
                up_to,
            },
        )
        .unwrap();
    world.settle();
    world
}

fn snapshot(world: &World) -> [Vec<(String, MessageState)>; 2] {
    [(ALICE, BOB), (BOB, ALICE)].map(|(who, whom)| {
        let timeline = world.timeline(who, whom);
        timeline
            .iter()
            .map(|message| (text_of(message), message.state))
            .collect()
    })
}

fn device_of(world: &World, identity: Identity) -> usize {
    world
        .identities
        .iter()
        .position(|known| *known == identity)
        .unwrap()
}

/// Every recorded message once more, to its receiver, to its sender, and under another number.
fn replay_everything(world: &mut World) {
    for message in world.server.recorded.clone() {
        let receiver = device_of(world, message.receiver);
        let sender = device_of(world, message.sender);
        world.inject(receiver, FromServer::Message(message.clone()));
        world.inject(sender, FromServer::Message(message.clone()));
        let renamed = Message {
            id: MessageId([9; 8]),
            ..message
        };
        world.inject(receiver, FromServer::Message(renamed));
    }
}

/// Every recorded message to its sender, as if the receiver had written it.
fn reflect_everything(world: &mut World) {
    for message in world.server.recorded.clone() {
        let sender = device_of(world, message.sender);
        let reflected = Message {
            sender: message.receiver,
            receiver: message.sender,
            ..message
        };
        world.inject(sender, FromServer::Message(reflected));
    }
}

/// Attack 4: what was received or sent once is shown again, at once or after a restart.
pub(crate) fn replay() -> bool {
    let mut world = conversation();
    let before = snapshot(&world);
    assert_eq!(before[0].len(), 10);
    replay_everything(&mut world);
    let is_changed_at_once = snapshot(&world) != before;
    for who in [ALICE, BOB] {
        world.restart(who);
        world.connect(who);
    }
    replay_everything(&mut world);
    let shown = world.count(ALICE, "messages") + world.count(BOB, "messages");
    is_changed_at_once || snapshot(&world) != before || shown != 20
}

/// Attack 4: what a person wrote comes back as if the other had written it.
pub(crate) fn reflection() -> bool {
    let mut world = conversation();
    let before = snapshot(&world);
    reflect_everything(&mut world);
    let is_changed_at_once = snapshot(&world) != before;
    world.restart(ALICE);
    world.connect(ALICE);
    reflect_everything(&mut world);
    is_changed_at_once || snapshot(&world) != before
}

/// Attack 4: a replay to somebody who has lost the conversation, but not the memory of nonces.
pub(crate) fn replay_after_deletion() -> bool {
    let mut world = conversation();
    world
        .device(ALICE)
        .conn
        .execute("DELETE FROM messages", [])
        .unwrap();
    replay_everything(&mut world);
    reflect_everything(&mut world);
    !world.timeline(ALICE, BOB).is_empty()
}

fn create() -> Command {
    Command::CreateIdentity {
        nickname: String::new(),
        license: None,
    }
}

pub(crate) fn secret_key(device: &Device) -> SecretKey {
    let sql = "SELECT secret_key FROM identity";
    SecretKey::from_bytes(device.conn.query_row(sql, [], |row| row.get(0)).unwrap())
}

/// Gives a challenge to a device that is creating its identity; returns what it sends back.
pub(crate) fn challenge(seed: u64, key: &[u8; 32], token: &[u8]) -> (Device, Option<Vec<u8>>) {
    let mut device = Device::new(seed);
    let now = Timestamp::from_ms(1);
    device.command(now, create());
    let (id, _) = device.requests.pop_front().unwrap();
    let (token, key) = (Base64(token.to_vec()), Base64(key.to_vec()));
    let body = json!({ "token": token, "tokenRespKeyPub": key })
        .to_string()
        .into_bytes();
    device.give(
        now,
        Input::HttpDone(id, Ok(HttpResponse { status: 200, body })),
    );
    let answer = device.requests.pop_front().map(|(_, request)| request.body);
    (device, answer)
}

/// The proof of possession in a request of the second phase.
pub(crate) fn proof_in(body: &[u8]) -> Vec<u8> {
    let body: TwoPhase<CreateRequest> = serde_json::from_slice(body).unwrap();
    body.proof().unwrap().unwrap().response.0
}

/// Shaped like a nonce with a padded text behind it.
pub(crate) fn hostile_token(rng: &mut impl CryptoRng) -> Vec<u8> {
    let nonce: [u8; 24] = random(rng);
    let mut token = nonce.to_vec();
    token.extend_from_slice(b"\x01I owe you everything");
    token.resize(24 + 40, 20);
    token
}

/// Attack 5: the directory passes off somebody's key, and a message to them, as a challenge; the
/// answer is that message, sealed by the victim.
pub(crate) fn message_by_challenge(count: u64) -> bool {
    let rng = &mut SeededRng::new(50);
    (0..count).any(|seed| {
        let peer = SecretKey::generate(rng).public();
        let token = hostile_token(rng);
        let (device, answer) = challenge(seed, peer.as_bytes(), &token);
        let proof = proof_in(&answer.unwrap());
        is_box_of(&secret_key(&device), &peer, &token, &proof, rng)
    })
}

/// Whether either box that two people share opens it, with a nonce that an attacker can have.
fn is_box_of(
    own: &SecretKey,
    peer: &PublicKey,
    token: &[u8],
    proof: &[u8],
    rng: &mut impl CryptoRng,
) -> bool {
    let message = own.agree(peer);
    let metadata = kdf::blake2b(message.expose(), "mm", "3ma-csp", &[]);
    let metadata = SharedKey::from_bytes(metadata);
    let nonces = [[0; 24], *token.first_chunk().unwrap(), random(rng)];
    nonces
        .iter()
        .any(|nonce| message.open(nonce, proof).is_ok() || metadata.open(nonce, proof).is_ok())
}

/// Attack 6: the warning that another device has used the identity goes away by itself.
pub(crate) fn forgotten_clone() -> bool {
    let mut world = World::friends();
    world.inject(ALICE, FromServer::DeviceCookieChanged);
    world.restart(ALICE);
    let me = view::me(&world.device(ALICE).conn).unwrap().unwrap();
    !me.is_device_cookie_changed
}

/// Attack 6: whoever has the unlocked app for a minute takes the identity along, although the
/// organisation forbids it.
pub(crate) fn forbidden_export(parameter: &str) -> bool {
    let mut world = World::work(Edition::Work, true);
    let forbid = Command::SetExternalMdm([(parameter.to_owned(), json!(true))].into());
    world.ask(ALICE, forbid).unwrap();
    let export = Command::ExportId {
        password: PASSWORD.into(),
        scheme: IdScheme::Legacy,
    };
    matches!(world.ask(ALICE, export), Ok(Reply::IdExported(_)))
}

/// Backups of somebody whose nickname the attacker chooses, or that of a contact.
pub(crate) struct Backups {
    world: World,
    path: String,
    key: SharedKey,
}

impl Backups {
    pub(crate) fn begin() -> Self {
        let mut world = World::friends();
        let enable = Command::SafeEnable {
            password: PASSWORD.into(),
            server: String::new(),
        };
        world.ask(ALICE, enable).unwrap();
        let (path, key) = keys_of(world.identities[ALICE], PASSWORD);
        Self { world, path, key }
    }

    /// Makes one with this nickname of the person.
    pub(crate) fn with_nickname(&mut self, nickname: &str) -> usize {
        let set = Command::SetNickname(nickname.into());
        self.world.ask(ALICE, set).unwrap();
        self.make()
    }

    /// Makes one with this nickname of a contact, who tells it with a message.
    pub(crate) fn with_contact(&mut self, nickname: &str) -> usize {
        let set = Command::SetNickname(nickname.into());
        self.world.ask(BOB, set).unwrap();
        self.world.send(BOB, ALICE, "hello");
        self.world.settle();
        self.make()
    }

    fn make(&mut self) -> usize {
        self.world.ask(ALICE, Command::SafeBackup).unwrap();
        self.world.server.safe.backups[&self.path].len()
    }

    /// What lies in the box, and is gzip.
    pub(crate) fn opened(&self) -> Vec<u8> {
        let body = &self.world.server.safe.backups[&self.path];
        let (nonce, sealed) = body.split_first_chunk::<24>().unwrap();
        self.key.open(nonce, sealed).unwrap()
    }
}

/// Nicknames of one length, some of which repeat themselves or a part of the document around them.
pub(crate) fn guesses(count: u64) -> impl Iterator<Item = String> {
    let rng = &mut SeededRng::new(7);
    let guess = |number: u64| {
        let letters: [u8; 24] = random(rng);
        let letters = letters.map(|it| char::from(b'a' + it % 26));
        match number % 4 {
            0 => "A".repeat(24),
            1 => "\"privatekey\":\"AAAA"
                .chars()
                .chain(letters)
                .take(24)
                .collect(),
            _ => letters.iter().collect(),
        }
    };
    let all: Vec<String> = (0..count).map(guess).collect();
    all.into_iter()
}

/// Attack 7: the size of a backup tells what a nickname has in common with the key beside it.
pub(crate) fn size_tells(count: u64) -> bool {
    let mut backups = Backups::begin();
    let own: BTreeSet<usize> = guesses(count)
        .map(|it| backups.with_nickname(&it))
        .collect();
    let contact: BTreeSet<usize> = guesses(count / 4)
        .map(|it| backups.with_contact(&it))
        .collect();
    own.len() > 1 || contact.len() > 1
}
