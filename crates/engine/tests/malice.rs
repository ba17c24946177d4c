//! A friend of ours sends anything: bodies of every type, mutated. Nothing of it stops the engine,
//! everything is acknowledged, and the screens can still be drawn.

#[expect(dead_code, reason = "this test uses a part of it")]
mod common;

#[path = "scenarios/world.rs"]
#[expect(dead_code, reason = "the mutations use a part of it")]
mod world;

use common::forge::Forge;
use dreiklang_crypto::{SeededRng, random};
use dreiklang_engine::view;
use dreiklang_wire::{
    csp::payload::{FromServer, ToServer},
    e2e::{
        BlobKey, BlobReference, Body, Content, DeliveryReceipt, File, FileRendering, Location,
        MediaFacts, MessageType, OldAudio, OldImage, OldVideo, Poll, PollChoice, PollSetup,
        PollVote, ReceiptStatus, Scope,
        call::{
            CallAnswer, CallCandidates, CallFeatures, CallOffer, CallReference, SessionDescription,
        },
    },
    id::{BlobId, GroupId, Identity, MessageId, MessageNonce, PollId},
};
use world::{ALICE, BOB, CAROL, World};

const SEEDS: u64 = 8;
const MESSAGES: u64 = 4_000;

/// A stream of messages from bob to alice, from one seed.
struct Malice {
    rng: SeededRng,
    world: World,
    forge: Forge,
    samples: Vec<Vec<u8>>,
}

impl Malice {
    fn new(seed: u64) -> Self {
        let mut world = World::new(3);
        for (who, whom) in [(ALICE, BOB), (BOB, ALICE), (ALICE, CAROL)] {
            world.befriend(who, whom);
        }
        let ours = world.send(ALICE, BOB, "Something to react to").id;
        world.settle();
        let (alice, bob) = (world.identities[ALICE], world.identities[BOB]);
        let key = world.device(BOB).secret_key();
        let forge = Forge {
            sender: bob,
            receiver: alice,
            key: key.agree(&world.server.keys[&alice]),
            now_ms: world.now.as_ms(),
        };
        Self {
            rng: SeededRng::new(seed),
            samples: samples(&world.identities, ours),
            world,
            forge,
        }
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_le_bytes(random(&mut self.rng))) % limit.max(1)
    }

    fn sample(&mut self) -> Vec<u8> {
        let index = self.below(self.samples.len());
        self.samples[index].clone()
    }

    /// One of the samples, a little or much changed.
    fn container(&mut self) -> Vec<u8> {
        let mut bytes = self.sample();
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] ^= 1 << self.below(8),
                2 => bytes[at] = [0, 0x7f, 0x80, 0xff][self.below(4)],
                3 => {
                    bytes.remove(at);
                    bytes.push(0x30);
                }
                4 => {
                    let other = self.sample();
                    let from = self.below(other.len());
                    bytes.splice(at.., other[from..].iter().copied());
                }
                _ => {
                    let piece = bytes[at..].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
            if bytes.is_empty() {
                bytes.push(1);
            }
            bytes.truncate(7_000);
        }
        bytes
    }

    fn send(&mut self, number: u64) {
        let mut plain = self.container();
        plain.extend_from_slice(&[40; 40]);
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&number.to_le_bytes());
        let id = MessageId((number + 1).to_le_bytes());
        let message = self.forge.sealed(id, id, nonce, &plain);
        let acknowledged = ToServer::MessageAck {
            sender: message.sender,
            id,
        };
        self.world.inject(ALICE, FromServer::Message(message));
        let mut is_acknowledged = false;
        for _ in 0..4 {
            let uplink = std::mem::take(&mut self.world.device(ALICE).uplink);
            is_acknowledged |= uplink.contains(&acknowledged);
            self.world.answer_http(ALICE);
        }
        assert!(
            is_acknowledged,
            "message {number} waits for ever: {plain:?}"
        );
    }

    fn draw(&mut self) {
        let conn = &self.world.device(ALICE).conn;
        for conversation in view::conversations(conn).unwrap() {
            view::timeline(conn, &conversation.id, None, 10_000).unwrap();
        }
        view::contacts(conn).unwrap();
        let unread = "SELECT count(*) FROM conversations AS v WHERE unread_count <> (
            SELECT count(*) FROM messages AS m
            WHERE m.conversation_id = v.conversation_id AND m.state = 10)";
        assert_eq!(conn.query_row(unread, [], |row| row.get(0)), Ok(0));
    }
}

#[test]
fn nothing_a_friend_sends_stops_the_engine() {
    for seed in 0..SEEDS {
        let mut malice = Malice::new(seed);
        for number in 0..MESSAGES {
            malice.send(number);
            if number % 100 == 0 {
                malice.draw();
            }
        }
        malice.world.restart(ALICE);
        malice.draw();
        // Somebody else is still heard.
        malice.world.connect(ALICE);
        malice.world.befriend(CAROL, ALICE);
        malice.world.send(CAROL, ALICE, "Are you well?");
        malice.world.settle();
        assert_eq!(
            malice.world.texts(ALICE, CAROL),
            ["Are you well?"],
            "seed {seed}"
        );
    }
}

#[test]
fn every_type_is_among_the_samples() {
    let malice = Malice::new(0);
    let kinds: Vec<_> = malice.samples.iter().map(|sample| sample[0]).collect();
    for kind in 0..=u8::MAX {
        let is_known = dreiklang_wire::e2e::properties(MessageType(kind)).is_some();
        assert_eq!(kinds.contains(&kind), is_known || kind == 0x77, "{kind:#x}");
    }
}

/// A correct body of every type, in every scope it can have, and one of a type nobody knows.
fn samples(people: &[Identity], ours: MessageId) -> Vec<Vec<u8>> {
    let group = GroupId([9; 8]);
    let scopes = [
        Scope::Contact,
        Scope::GroupMember {
            creator: people[BOB],
            group,
        },
        Scope::GroupMember {
            creator: people[ALICE],
            group,
        },
        Scope::GroupCreator { group },
    ];
    let contents: Vec<_> = [media(), talk(people, ours), signals(people)].concat();
    let mut samples = vec![vec![0x77, 1, 2, 3]];
    for content in &contents {
        for scope in scopes {
            let body = Body {
                scope,
                content: content.clone(),
            };
            if let Ok((kind, bytes)) = body.encode() {
                samples.push([&[kind.0][..], &bytes].concat());
            }
        }
    }
    samples
}

fn media() -> Vec<Content> {
    let key = BlobKey([5; 32]);
    let blob = BlobReference {
        id: BlobId([1; 16]),
        size: 1_000,
        key: key.clone(),
    };
    let file = File {
        rendering: FileRendering::Media,
        key,
        blob: BlobId([2; 16]),
        thumbnail: Some(BlobId([3; 16])),
        media_type: "image/jpeg".into(),
        thumbnail_media_type: None,
        name: Some("../../boat\u{202e}gpj.exe".into()),
        size_bytes: 12_345,
        caption: Some("A boat".into()),
        correlation: None,
        facts: MediaFacts::default(),
    };
    vec![
        Content::File(file),
        Content::OldImage(OldImage {
            id: BlobId([4; 16]),
            size: 77,
            nonce: MessageNonce([6; 24]),
        }),
        Content::OldGroupImage(blob.clone()),
        Content::OldVideo(OldVideo {
            duration: 3,
            id: BlobId([7; 16]),
            size: 99,
            thumbnail: blob.clone(),
        }),
        Content::OldAudio(OldAudio {
            duration: 3,
            blob: blob.clone(),
        }),
        Content::SetPicture(blob),
        Content::DeletePicture,
        Content::RequestPicture,
    ]
}

/// Protobuf field 1 as `fixed64`, which is how messages refer to messages.
fn about(id: MessageId) -> Vec<u8> {
    [&[0x09][..], &id.0].concat()
}

fn talk(people: &[Identity], ours: MessageId) -> Vec<Content> {
    let theirs = MessageId(1_u64.to_le_bytes());
    let with = |id, field: u8, text: &[u8]| {
        let length = u8::try_from(text.len()).unwrap();
        [&about(id)[..], &[field, length], text].concat()
    };
    let poll = Poll {
        description: "Where?".into(),
        state: 0,
        answer_type: 1,
        announce_type: 1,
        display_mode: 0,
        choice_type: 0,
        participants: people.to_vec(),
        choices: vec![
            PollChoice {
                id: 0,
                name: "Here".into(),
                order: 0,
                results: vec![0, 1, 1],
                total: None,
            },
            PollChoice {
                id: 1,
                name: "There".into(),
                order: 1,
                results: vec![1, 0, 0],
                total: Some(1),
            },
        ],
    };
    let receipt = |status| {
        Content::DeliveryReceipt(DeliveryReceipt {
            status,
            ids: vec![ours, theirs],
        })
    };
    vec![
        Content::Text(
            "> quote #0011223344556677\n\n*Hello* @[ECHOECHO] https://example.com".into(),
        ),
        Content::Location(Location {
            latitude: 47.5,
            longitude: 8.25,
            accuracy: Some(3.0),
            name: Some("Lake".into()),
            address: Some("Shore 1\n8000 Town".into()),
        }),
        Content::PollSetup(PollSetup {
            id: PollId([8; 8]),
            poll: poll.clone(),
        }),
        Content::PollSetup(PollSetup {
            id: PollId([8; 8]),
            poll: Poll { state: 1, ..poll },
        }),
        Content::PollVote(PollVote {
            creator: people[BOB],
            id: PollId([8; 8]),
            choices: vec![(0, true), (1, false)],
        }),
        Content::Reaction(with(ours, 0x12, "👍".as_bytes())),
        Content::Reaction(with(ours, 0x1a, "👍".as_bytes())),
        Content::Edit(with(theirs, 0x12, b"Better")),
        Content::Delete(about(theirs)),
        receipt(ReceiptStatus::Received),
        receipt(ReceiptStatus::Read),
        receipt(ReceiptStatus::Acknowledged),
        receipt(ReceiptStatus::Declined),
        Content::Typing(true),
    ]
}

fn signals(people: &[Identity]) -> Vec<Content> {
    let stranger = "STRANGE1".parse().unwrap();
    let call = CallReference { call_id: 7 };
    vec![
        Content::GroupSetup(vec![people[ALICE], people[CAROL]]),
        Content::GroupSetup(vec![people[ALICE], stranger]),
        Content::GroupSetup(vec![]),
        Content::GroupName("Hiking".into()),
        Content::GroupLeave,
        Content::GroupSyncRequest,
        Content::GroupCallStart(vec![0x08, 0x01]),
        Content::CallOffer(CallOffer {
            call_id: 7,
            offer: SessionDescription {
                sdp_type: "offer".into(),
                sdp: "v=0".into(),
            },
            features: CallFeatures::default(),
        }),
        Content::CallAnswer(CallAnswer {
            call_id: 7,
            action: 0,
            answer: None,
            reject_reason: Some(1),
            features: CallFeatures::default(),
        }),
        Content::CallCandidates(CallCandidates {
            call_id: 7,
            removed: false,
            candidates: Vec::new(),
        }),
        Content::CallHangup(call),
        Content::CallRinging(call),
        Content::ForwardSecurity(vec![0x0a, 0x02, 1, 2]),
        Content::Empty,
        Content::WorkSyncDelta(vec![0x08, 0x01]),
        Content::WebSessionResume(b"{}".to_vec()),
    ]
}
