//! Bytes that are almost right, pushed through every decoder that a stranger can reach.
//!
//! Deterministic: the same seed and count do the same. The only thing that must never happen is a
//! panic; what is accepted must also survive a round trip.

use std::{ops::ControlFlow, sync::Arc};

use dreiklang_crypto::{SecretKey, SeededRng, random};
use dreiklang_wire::{
    api::{directory, instance::Instance},
    csp::{
        Session,
        payload::{Flags, FromServer, Message, MessageRef, PushToken, ToServer, ToServerRef},
        server::{Handshake, ServerKeys, Step},
    },
    e2e::{Body, Container, MessageType},
    id::{DeviceId, MessageId, MessageNonce},
    spec,
};

use super::{
    common::{client_key, identity, log_in, server_keys},
    forge::{login_data, session_key},
};

/// What became of the mutated structures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Decoded, and the same after a round trip.
    pub(crate) accepted: u64,
    /// Refused with an error.
    pub(crate) refused: u64,
}

impl Tally {
    fn count(&mut self, accepted: bool) {
        if accepted {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
    }
}

/// Pushes `count` mutated structures through the server's role and the decoders.
pub(crate) fn run(seed: u64, count: u64) -> Tally {
    let mut fuzzer = Fuzzer::new(seed);
    let mut tally = Tally::default();
    for _ in 0..count {
        let accepted = match fuzzer.below(100) {
            0 => fuzzer.hello(),
            1 | 2 => fuzzer.login(),
            3 | 4 => fuzzer.raw_frames(),
            5..=9 => fuzzer.http_body(),
            10..=29 => fuzzer.end_to_end(),
            30..=39 => fuzzer.reply(),
            _ => fuzzer.payload(),
        };
        tally.count(accepted);
    }
    tally
}

struct Fuzzer {
    rng: SeededRng,
    keys: Arc<ServerKeys>,
    client: Session,
    server: Session,
    payloads: Vec<Vec<u8>>,
    replies: Vec<Vec<u8>>,
    bodies: Vec<Vec<u8>>,
}

impl Fuzzer {
    fn new(seed: u64) -> Self {
        let mut rng = SeededRng::new(seed);
        let (client, server) = log_in(&mut rng);
        let payloads = payloads()
            .iter()
            .map(|payload| payload.encode().unwrap())
            .collect();
        let replies = replies()
            .iter()
            .map(|reply| reply.encode().unwrap())
            .collect();
        Self {
            rng,
            keys: server_keys(),
            client,
            server,
            payloads,
            replies,
            bodies: bodies(),
        }
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_le_bytes(random(&mut self.rng))) % limit.max(1)
    }

    fn pick(&mut self, from: fn(&Self) -> &Vec<Vec<u8>>) -> Vec<u8> {
        let index = self.below(from(self).len());
        from(self)[index].clone()
    }

    /// One to four small changes.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let length = self.below(bytes.len() - at + 1).min(64);
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => {
                    bytes[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][self.below(6)];
                }
                2 => drop(bytes.drain(at..at + length)),
                3 => {
                    let inserted: [u8; 8] = random(&mut self.rng);
                    let count = self.below(9);
                    bytes.splice(at..at, inserted[..count].iter().copied());
                }
                4 => {
                    let copy = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, copy);
                }
                5 if at + 2 <= bytes.len() => {
                    let lengths = [0_u16, 1, 16, 17, 0x7fff, 0x8000, 0xffff, 8192];
                    bytes[at..at + 2].copy_from_slice(&lengths[self.below(8)].to_le_bytes());
                }
                6 => bytes.truncate(at),
                _ => bytes.extend_from_slice(&random::<3>(&mut self.rng)),
            }
        }
    }

    fn hello(&mut self) -> bool {
        let secret = SecretKey::generate(&mut self.rng);
        let mut hello = secret.public().as_bytes().to_vec();
        hello.extend_from_slice(&random::<16>(&mut self.rng));
        self.mutate(&mut hello);
        let mut handshake = Handshake::generate(&mut self.rng, Arc::clone(&self.keys));
        let answered = handshake.handle(&hello).is_ok();
        // Whatever follows is noise for the next stage.
        let noise: [u8; 256] = random(&mut self.rng);
        answered && handshake.handle(&noise).is_ok()
    }

    /// A login of which the plaintext is mutated, then sealed as an honest client would.
    fn login(&mut self) -> bool {
        let tck = SecretKey::generate(&mut self.rng);
        let client_cookie: [u8; 16] = random(&mut self.rng);
        let mut handshake = Handshake::generate(&mut self.rng, Arc::clone(&self.keys));
        let hello = [tck.public().as_bytes().as_slice(), &client_cookie].concat();
        let Ok((_, Step::Send(answer))) = handshake.handle(&hello) else {
            panic!("an honest hello is answered")
        };
        let shared = session_key(&tck, &self.keys, &answer).with_prefix(&client_cookie);

        let mut extensions = EXTENSIONS.to_vec();
        let mut login = login_data(&answer[..16], extensions.len() + spec::BOX_OVERHEAD);
        if self.below(2) == 0 {
            self.mutate(&mut login);
            login.resize(spec::LOGIN_PLAIN_BYTES, 0);
        } else {
            self.mutate(&mut extensions);
            let length = extensions.len() + spec::BOX_OVERHEAD;
            login = login_data(&answer[..16], length);
        }
        let mut bytes = Vec::new();
        shared.seal_into(1, &login, &mut bytes);
        shared.seal_into(2, &extensions, &mut bytes);
        if self.below(8) == 0 {
            self.mutate(&mut bytes);
        }
        match handshake.handle(&bytes) {
            Ok((_, Step::Login(request))) => {
                let verdict = request.verify(&client_key().public(), None);
                assert!(verdict.is_err(), "there was no vouch");
                true
            }
            _ => false,
        }
    }

    /// Frames whose bytes on the wire are mutated. The session does not survive that.
    fn raw_frames(&mut self) -> bool {
        let mut bytes = Vec::new();
        for _ in 0..=self.below(3) {
            let payload = self.pick(|fuzzer| &fuzzer.payloads);
            self.client.seal_frame(&payload, &mut bytes).unwrap();
        }
        self.mutate(&mut bytes);
        let mut accepted = true;
        while !bytes.is_empty() && accepted {
            let count = 1 + self.below(bytes.len());
            let mut head: Vec<u8> = bytes.drain(..count).collect();
            let opened = self.server.open_frames(&mut head, |container| {
                let _ = ToServerRef::decode(container);
                ControlFlow::<()>::Continue(())
            });
            accepted = opened.is_ok();
            assert!(self.server.buffered() <= spec::FRAME_BOX_BYTES_MAX + 2);
        }
        (self.client, self.server) = log_in(&mut self.rng);
        accepted
    }

    /// A payload that is mutated inside an authentic frame.
    fn payload(&mut self) -> bool {
        let mut payload = self.pick(|fuzzer| &fuzzer.payloads);
        self.mutate(&mut payload);
        let mut bytes = Vec::new();
        if self.client.seal_frame(&payload, &mut bytes).is_err() {
            assert!(!(4..=8176).contains(&payload.len()), "a frame must take it");
            return false;
        }
        let mut accepted = false;
        let flow = self.server.open_frames(&mut bytes, |container| {
            accepted = ToServerRef::decode(container).is_ok_and(survives);
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(
            flow,
            Ok(ControlFlow::Continue(())),
            "the frame itself is authentic"
        );
        accepted
    }

    fn reply(&mut self) -> bool {
        let mut reply = self.pick(|fuzzer| &fuzzer.replies);
        self.mutate(&mut reply);
        let Ok(decoded) = FromServer::decode(&reply) else {
            return false;
        };
        if let Ok(again) = decoded.encode() {
            assert_eq!(FromServer::decode(&again), Ok(decoded));
        }
        true
    }

    fn end_to_end(&mut self) -> bool {
        let mut plain = self.pick(|fuzzer| &fuzzer.bodies);
        self.mutate(&mut plain);
        let Ok(container) = Container::decode(&plain) else {
            return false;
        };
        let Ok(body) = Body::decode(container) else {
            return false;
        };
        if let Ok((kind, bytes)) = body.encode() {
            let again = Body::decode(Container { kind, body: &bytes });
            assert_eq!(again, Ok(body));
        }
        true
    }

    fn http_body(&mut self) -> bool {
        let mut body = HTTP_BODIES[self.below(HTTP_BODIES.len())]
            .as_bytes()
            .to_vec();
        self.mutate(&mut body);
        let create = directory::from_json::<directory::TwoPhase<directory::CreateRequest>>(&body);
        let reply = directory::from_json::<directory::Outcome<directory::FetchBulkReply>>(&body);
        let list = directory::from_json::<directory::Identities>(&body);
        let revoke = directory::from_json::<directory::RevokeByKeyRequest>(&body);
        let instance = Instance::from_json(&body);
        create.is_ok_and(|create| create.proof().is_ok())
            || reply.is_ok()
            || list.is_ok()
            || revoke.is_ok()
            || instance.is_ok()
    }
}

/// Everything a server does with a payload, and a round trip.
fn survives(payload: ToServerRef<'_>) -> bool {
    if let ToServerRef::Message(message) = payload {
        message_survives(&message);
    }
    let owned = payload.into_owned();
    if let Ok(again) = owned.encode() {
        assert_eq!(ToServer::decode(&again), Ok(owned));
    }
    true
}

fn message_survives(message: &MessageRef<'_>) {
    let legacy = message.parts(Some(7), true).join();
    let legacy = MessageRef::parse(&legacy).expect("a message without its metadata is a message");
    assert_eq!((legacy.created_at(), legacy.metadata()), (7, &[][..]));
    assert_eq!(
        (legacy.nonce(), legacy.body()),
        (message.nonce(), message.body())
    );
    assert_eq!(message.parts(None, false).join(), message.bytes());
}

const EXTENSIONS: &[u8] = b"\x02\x01\x00\x03\x00\x09\x001.0;Q;;xy\x77\x01\x00\x00\x01\x08\x00\x01\
    \x02\x03\x04\x05\x06\x07\x08\x03\x10\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\
    \x0d\x0e\x0f";

fn message(metadata: usize, body: usize) -> Message {
    Message {
        sender: identity("ECHOECHO"),
        receiver: identity("*3MAPUSH"),
        id: MessageId([1; 8]),
        created_at: 1_700_000_000,
        flags: Flags::PUSH,
        nickname: [b'n'; 32],
        metadata: vec![0xaa; metadata],
        nonce: MessageNonce([2; 24]),
        body: vec![0xbb; body],
    }
}

fn payloads() -> Vec<ToServer> {
    let sender = identity("ECHOECHO");
    vec![
        ToServer::EchoRequest(vec![1; 12]),
        ToServer::EchoResponse(vec![2; 8]),
        ToServer::Message(message(0, 17)),
        ToServer::Message(message(60, 237)),
        ToServer::Message(message(17, 6300)),
        ToServer::MessageAck {
            sender,
            id: MessageId([3; 8]),
        },
        ToServer::Unblock,
        ToServer::PushToken(PushToken {
            kind: 0x11,
            token: b"token".to_vec(),
        }),
        ToServer::UrgentPushToken(PushToken {
            kind: 0x05,
            token: vec![b'|'; 60],
        }),
        ToServer::DeletePushTokens(vec![DeviceId(1), DeviceId(u64::MAX)]),
        ToServer::IdleTimeout(120),
        ToServer::ClearDeviceCookie,
    ]
}

fn replies() -> Vec<FromServer> {
    let receiver = identity("ECHOECHO");
    vec![
        FromServer::EchoRequest(vec![1; 8]),
        FromServer::Message(message(60, 237)),
        FromServer::MessageAck {
            receiver,
            id: MessageId([3; 8]),
        },
        FromServer::QueueSendComplete,
        FromServer::DeviceCookieChanged,
        FromServer::CloseError {
            can_reconnect: true,
            text: "Wartung".into(),
        },
        FromServer::Alert("ä".into()),
    ]
}

/// Containers of many types, padded.
fn bodies() -> Vec<Vec<u8>> {
    let blob = [7; 52];
    let group = b"ECHOECHO\x01\x02\x03\x04\x05\x06\x07\x08";
    let in_group = |body: &[u8]| [group, body].concat();
    let file = br#"{"j":1,"i":1,"k":"0707070707070707070707070707070707070707070707070707070707070707","b":"07070707070707070707070707070707","m":"image/png","s":9,"x":{"w":1,"d":1.5}}"#;
    let poll = br#"12345678{"d":"?","s":0,"a":0,"t":1,"o":0,"p":["ECHOECHO"],"c":[{"i":0,"n":"a","o":0,"r":[1],"t":1}]}"#;
    let rows: Vec<(MessageType, Vec<u8>)> = vec![
        (MessageType::TEXT, "Grüezi mitenand".into()),
        (MessageType::GROUP_TEXT, in_group(b"Hi")),
        (
            MessageType::LOCATION,
            b"47.5,8.25,12\nName\nStreet\\nTown".to_vec(),
        ),
        (MessageType::POLL_SETUP, poll.to_vec()),
        (
            MessageType::POLL_VOTE,
            b"ECHOECHO12345678[[0,1],[1,0]]".to_vec(),
        ),
        (MessageType::FILE, file.to_vec()),
        (MessageType::GROUP_FILE, in_group(file)),
        (MessageType::SET_PROFILE_PICTURE, blob.to_vec()),
        (MessageType::OLD_VIDEO, vec![7; 74]),
        (
            MessageType::GROUP_SETUP,
            b"12345678ECHOECHO*3MAPUSH".to_vec(),
        ),
        (MessageType::GROUP_NAME, b"12345678Name".to_vec()),
        (MessageType::GROUP_LEAVE, group.to_vec()),
        (
            MessageType::CALL_OFFER,
            br#"{"callId":1,"offer":{"sdpType":"offer","sdp":"v=0"},"features":{"video":null}}"#
                .to_vec(),
        ),
        (MessageType::CALL_HANGUP, br#"{"callId":1}"#.to_vec()),
        (
            MessageType::DELIVERY_RECEIPT,
            b"\x0112345678abcdefgh".to_vec(),
        ),
        (
            MessageType::GROUP_DELIVERY_RECEIPT,
            in_group(b"\x0312345678"),
        ),
        (MessageType::TYPING_INDICATOR, vec![1]),
        (MessageType::REACTION, vec![9, 1, 2, 3, 4, 5, 6, 7, 8]),
        (MessageType(0x77), vec![1, 2, 3]),
    ];
    rows.iter()
        .map(|(kind, body)| Container { kind: *kind, body }.encode(40).unwrap())
        .collect()
}

const HTTP_BODIES: &[&str] = &[
    r#"{"publicKey":"CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","deviceId":"x","token":"AAAA","response":"AAAA"}"#,
    r#"{"identities":["ECHOECHO","bad",7,null]}"#,
    r#"{"success":true,"identities":[{"identity":"ECHOECHO","publicKey":"CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","featureLevel":3,"featureMask":511,"state":0,"type":1}]}"#,
    r#"{"success":false,"error":"nein","errorType":"invalid-token"}"#,
    r#"{"identity":"ECHOECHO","revocationKey":"47DEQg=="}"#,
    r#"{"name":"n","chat":{"host":"h","ports":[1],"public_key":"CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"directory_url":"https://a/","blob":{"upload_url":"https://a/","download_url":"https://a/{blobId}","done_url":"https://a/{blobId}"}}"#,
];
