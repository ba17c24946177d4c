//! Client role and server role, coupled by a pipe that cuts the bytes wherever it likes; and
//! clients and servers that are not honest.

mod common;
#[path = "common/forge.rs"]
mod forge;

use std::{ops::ControlFlow, sync::Arc};

use common::{ACK, client_key, credentials, identity, log_in, login_request, server_keys};
use dreiklang_crypto::{PublicKey, SecretKey, SeededRng, SharedKey, random};
use dreiklang_wire::{
    Error,
    csp::{
        Features, Session,
        client::{self, Login},
        payload::{Flags, FromServer, Message, MessageRef, ToServer},
        server::{self, Handshake, LoginRequest},
    },
    id::{DeviceCookie, DeviceId, MessageId, MessageNonce},
    spec,
};
use forge::{login_data, session_key};

fn message(metadata: usize, body: usize) -> Message {
    Message {
        sender: identity("ECHOECHO"),
        receiver: identity("AAAAAAAA"),
        id: MessageId([1; 8]),
        created_at: 1_700_000_000,
        flags: Flags::PUSH,
        nickname: [0; 32],
        metadata: vec![0xaa; metadata],
        nonce: MessageNonce([2; 24]),
        body: vec![0xbb; body],
    }
}

fn sent_by_client() -> Vec<ToServer> {
    vec![
        ToServer::Unblock,
        ToServer::Message(message(52, 40)),
        ToServer::IdleTimeout(120),
        ToServer::Message(message(0, 17)),
    ]
}

fn sent_by_server() -> Vec<FromServer> {
    vec![
        FromServer::DeviceCookieChanged,
        FromServer::Message(message(52, 40)),
        FromServer::Message(message(0, 33)),
        FromServer::QueueSendComplete,
    ]
}

fn open_all(session: &mut Session, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let mut containers = Vec::new();
    let mut bytes = bytes.to_vec();
    let flow = session.open_frames(&mut bytes, |container| {
        containers.push(container.to_vec());
        ControlFlow::<()>::Continue(())
    })?;
    assert_eq!(flow, ControlFlow::Continue(()));
    Ok(containers)
}

enum ServerEnd {
    Handshake(Box<Handshake>),
    In(Box<Session>, Vec<ToServer>),
}

impl ServerEnd {
    /// Takes one chunk; gives what goes back.
    fn take(&mut self, mut chunk: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        while !chunk.is_empty() {
            match self {
                Self::Handshake(handshake) => {
                    let (taken, step) = handshake.handle(chunk).unwrap();
                    chunk = &chunk[taken..];
                    match step {
                        server::Step::NeedMore => assert!(chunk.is_empty()),
                        server::Step::Send(hello) => out.extend_from_slice(&hello),
                        server::Step::Login(request) => {
                            let verified = request.verify(&client_key().public(), None).unwrap();
                            let (ack, mut session) = verified.accept(ACK);
                            out.extend_from_slice(&ack);
                            for payload in sent_by_server() {
                                session
                                    .seal_frame(&payload.encode().unwrap(), &mut out)
                                    .unwrap();
                            }
                            *self = Self::In(Box::new(session), Vec::new());
                        }
                    }
                }
                Self::In(session, received) => {
                    let containers = open_all(session, chunk).unwrap();
                    received.extend(containers.iter().map(|one| ToServer::decode(one).unwrap()));
                    chunk = &[];
                }
            }
        }
        out
    }
}

enum ClientEnd {
    Login(Box<Login>),
    In(Box<Session>, Vec<FromServer>),
}

impl ClientEnd {
    fn take(&mut self, mut chunk: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        while !chunk.is_empty() {
            match self {
                Self::Login(login) => {
                    let (taken, step) = login.handle(chunk).unwrap();
                    chunk = &chunk[taken..];
                    match step {
                        client::Step::NeedMore => assert!(chunk.is_empty()),
                        client::Step::Send(bytes) => out.extend_from_slice(&bytes),
                        client::Step::LoggedIn(logged_in) => {
                            assert_eq!(logged_in.ack, ACK);
                            let mut session = logged_in.session;
                            for payload in sent_by_client() {
                                session
                                    .seal_frame(&payload.encode().unwrap(), &mut out)
                                    .unwrap();
                            }
                            *self = Self::In(Box::new(session), Vec::new());
                        }
                    }
                }
                Self::In(session, received) => {
                    let containers = open_all(session, chunk).unwrap();
                    received.extend(
                        containers
                            .iter()
                            .map(|one| FromServer::decode(one).unwrap()),
                    );
                    chunk = &[];
                }
            }
        }
        out
    }
}

/// Carries `bytes` over in the pieces that `cut` makes of them, and gives the answers.
fn carry(
    position: &mut usize,
    bytes: &[u8],
    cut: &dyn Fn(usize) -> bool,
    take: &mut dyn FnMut(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let (mut answer, mut piece) = (Vec::new(), Vec::new());
    for byte in bytes {
        piece.push(*byte);
        *position += 1;
        if cut(*position) {
            answer.extend(take(&std::mem::take(&mut piece)));
        }
    }
    answer.extend(take(&piece));
    answer
}

/// Runs a whole connection over a pipe that cuts both directions at the same positions; gives how
/// many bytes the longer direction carried.
fn converse(cut: &dyn Fn(usize) -> bool) -> usize {
    let mut rng = SeededRng::new(7);
    let keys = server_keys();
    let (login, mut to_server) = Login::start(credentials(&keys), &mut rng);
    let mut client = ClientEnd::Login(Box::new(login));
    let mut server = ServerEnd::Handshake(Box::new(Handshake::generate(&mut rng, keys)));
    let (mut sent, mut received) = (0, 0);
    while !to_server.is_empty() {
        let to_client = carry(&mut sent, &to_server, cut, &mut |piece| server.take(piece));
        to_server = carry(&mut received, &to_client, cut, &mut |piece| {
            client.take(piece)
        });
    }
    let (ServerEnd::In(session, at_server), ClientEnd::In(other, at_client)) = (server, client)
    else {
        panic!("both are in")
    };
    assert_eq!(at_server, sent_by_client());
    assert_eq!(at_client, sent_by_server());
    assert_eq!((session.buffered(), other.buffered()), (0, 0));
    sent.max(received)
}

#[test]
fn a_connection_works_at_every_split_point() {
    let longest = converse(&|_| false);
    assert!(longest > 48 + 144 + 4 * 22);
    for split in 1..longest {
        converse(&|position| position == split);
    }
}

#[test]
fn a_connection_works_byte_by_byte_and_in_small_pieces() {
    for size in [1, 2, 3, 7, 16, 47] {
        converse(&|position| position % size == 0);
    }
}

#[test]
fn the_largest_frame_passes_at_splits_around_its_ends() {
    let mut rng = SeededRng::new(1);
    let container = vec![0; spec::CONTAINER_BYTES_MAX];
    for split in (0..20).chain(8170..8190) {
        let (mut client, mut server) = log_in(&mut rng);
        let mut bytes = Vec::new();
        client.seal_frame(&container, &mut bytes).unwrap();
        client.seal_frame(&[3, 0, 0, 0], &mut bytes).unwrap();
        assert_eq!(bytes.len(), 2 + 8192 + 2 + 20);
        let (head, tail) = bytes.split_at(split);
        let mut opened = open_all(&mut server, head).unwrap();
        opened.extend(open_all(&mut server, tail).unwrap());
        assert_eq!(opened, [container.clone(), vec![3, 0, 0, 0]]);
    }
}

#[test]
fn frames_too_long_or_too_short_are_not_sealed() {
    let (mut client, _) = log_in(&mut SeededRng::new(1));
    let mut out = Vec::new();
    assert_eq!(
        client.seal_frame(&vec![0; 8177], &mut out),
        Err(Error::TooLong)
    );
    assert_eq!(client.seal_frame(&[0; 3], &mut out), Err(Error::Truncated));
    assert!(out.is_empty());
}

#[test]
fn a_session_is_small_and_owns_no_buffer_while_idle() {
    assert!(size_of::<Session>() < 200, "{}", size_of::<Session>());
    let (mut client, mut server) = log_in(&mut SeededRng::new(1));
    let mut bytes = Vec::new();
    client.seal_frame(&[0; 100], &mut bytes).unwrap();
    assert_eq!(open_all(&mut server, &bytes[..50]).unwrap().len(), 0);
    assert_eq!(server.buffered(), 50);
    assert_eq!(open_all(&mut server, &bytes[50..]).unwrap().len(), 1);
    assert_eq!(server.buffered(), 0);
}

/// Makes something broken of the first two frames.
type Breaker = fn(Vec<u8>, Vec<u8>) -> Vec<u8>;

#[test]
fn broken_frames_end_the_session() {
    let sealed = |client: &mut Session| {
        let mut bytes = Vec::new();
        client.seal_frame(&[0; 40], &mut bytes).unwrap();
        bytes
    };
    let breakers: [(Breaker, Error); 6] = [
        (
            |mut one, _| {
                one[30] ^= 1;
                one
            },
            Error::NotAuthentic,
        ),
        (
            |mut one, _| {
                one[2] ^= 1;
                one
            },
            Error::NotAuthentic,
        ),
        (|_, two| two, Error::NotAuthentic),
        (|one, _| [one.clone(), one].concat(), Error::NotAuthentic),
        (|_, _| vec![19, 0], Error::Truncated),
        (|_, _| 8193_u16.to_le_bytes().to_vec(), Error::TooLong),
    ];
    for (index, (breaker, error)) in breakers.into_iter().enumerate() {
        let (mut client, mut server) = log_in(&mut SeededRng::new(1));
        let (one, two) = (sealed(&mut client), sealed(&mut client));
        let bytes = breaker(one.clone(), two);
        assert_eq!(open_all(&mut server, &bytes), Err(error), "{index}");
        assert_eq!(open_all(&mut server, &one), Err(Error::Finished), "{index}");
    }
}

#[test]
fn the_receiver_can_stop_between_two_frames() {
    let (mut client, mut server) = log_in(&mut SeededRng::new(1));
    let mut bytes = Vec::new();
    client.seal_frame(&[1; 4], &mut bytes).unwrap();
    client.seal_frame(&[2; 4], &mut bytes).unwrap();
    let mut seen = 0;
    let flow = server.open_frames(&mut bytes, |_| {
        seen += 1;
        ControlFlow::Break("enough")
    });
    assert_eq!((flow, seen), (Ok(ControlFlow::Break("enough")), 1));
    assert_eq!(open_all(&mut server, &[]), Err(Error::Finished));
}

#[test]
fn a_message_is_sealed_in_pieces_for_new_and_legacy_receivers() {
    let stored = message(52, 40).encode().unwrap();
    let stored = MessageRef::parse(&stored).unwrap();
    let (mut client, mut server) = log_in(&mut SeededRng::new(1));
    let mut bytes = Vec::new();
    server
        .seal_message(&stored.parts(Some(5), false), &mut bytes)
        .unwrap();
    server
        .seal_message(&stored.parts(None, true), &mut bytes)
        .unwrap();
    let received: Vec<FromServer> = open_all(&mut client, &bytes)
        .unwrap()
        .iter()
        .map(|container| FromServer::decode(container).unwrap())
        .collect();
    let mut new = message(52, 40);
    new.created_at = 5;
    assert_eq!(
        received,
        [
            FromServer::Message(new),
            FromServer::Message(message(0, 40))
        ]
    );
}

/// A client that does what the tests want: it is honest up to the login box.
struct Forger {
    tck: SecretKey,
    handshake: Handshake,
    answer: Vec<u8>,
    shared: SharedKey,
}

const FORGED_COOKIE: [u8; 16] = [0x5c; 16];

impl Forger {
    fn new(seed: u64) -> Self {
        let mut rng = SeededRng::new(seed);
        let tck = SecretKey::from_bytes([0x44; 32]);
        let keys = server_keys();
        let mut handshake = Handshake::generate(&mut rng, Arc::clone(&keys));
        let hello = [tck.public().as_bytes().as_slice(), &FORGED_COOKIE].concat();
        let Ok((48, server::Step::Send(answer))) = handshake.handle(&hello) else {
            panic!("the server must answer")
        };
        let shared = session_key(&tck, &keys, &answer);
        Self {
            tck,
            handshake,
            answer,
            shared,
        }
    }

    fn server_cookie(&self) -> &[u8] {
        &self.answer[..16]
    }

    fn log_in(&mut self, login: &[u8], extensions: &[u8]) -> Result<LoginRequest, Error> {
        let key = self.shared.with_prefix(&FORGED_COOKIE);
        let mut bytes = Vec::new();
        key.seal_into(1, login, &mut bytes);
        key.seal_into(2, extensions, &mut bytes);
        login_request(&mut self.handshake, &bytes)
    }

    fn with_extensions(extensions: &[u8]) -> Result<LoginRequest, Error> {
        let mut forger = Self::new(1);
        let login = login_data(forger.server_cookie(), extensions.len() + 16);
        forger.log_in(&login, extensions)
    }
}

/// The honest client's login against a forged connection, opened with the leaked ephemeral key.
fn recorded_login(seed: u64) -> (Vec<u8>, Vec<u8>) {
    let mut forger = Forger::new(seed);
    let (mut login, _) = Login::start_with(
        credentials(&server_keys()),
        SecretKey::from_bytes(*forger.tck.expose()),
        FORGED_COOKIE,
    );
    let Ok((80, client::Step::Send(bytes))) = login.handle(&forger.answer) else {
        panic!("the client must log in")
    };
    let request = login_request(&mut forger.handshake, &bytes).unwrap();
    request.verify(&client_key().public(), None).unwrap();
    let mut plain = bytes[..144].to_vec();
    let plain = forger
        .shared
        .with_prefix(&FORGED_COOKIE)
        .open_in_place(1, &mut plain)
        .unwrap();
    (plain.to_vec(), bytes)
}

#[test]
fn eth1_a_recorded_login_is_useless_on_another_connection() {
    let (plain, bytes) = recorded_login(1);
    // As it was recorded.
    let mut forger = Forger::new(2);
    let replayed = login_request(&mut forger.handshake, &bytes).map(drop);
    assert_eq!(replayed, Err(Error::NotAuthentic));
    // Sealed again with the leaked ephemeral key: the old cookie is inside.
    let mut forger = Forger::new(2);
    let extensions = vec![0; plain_extension_length(&plain)];
    let again = forger.log_in(&plain, &extensions).map(drop);
    assert_eq!(
        again,
        Err(Error::PeerMisbehaved("wrong server cookie in the login"))
    );
    // With the cookie corrected: the vouch is for another cookie and another server key.
    let mut forger = Forger::new(2);
    let mut plain = plain;
    let cookie = forger.server_cookie().to_vec();
    plain[40..56].copy_from_slice(&cookie);
    plain[38..40].copy_from_slice(&19_u16.to_le_bytes());
    let request = forger.log_in(&plain, &[0x77, 0, 0]).unwrap();
    assert_eq!(
        request.verify(&client_key().public(), None).map(drop),
        Err(Error::NotAuthentic)
    );
}

fn plain_extension_length(plain: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([plain[38], plain[39]])) - 16
}

#[test]
fn eth1_every_handshake_has_its_own_cookie_and_key() {
    let mut rng = SeededRng::new(1);
    let tck = SecretKey::from_bytes([0x44; 32]);
    let hello = [tck.public().as_bytes().as_slice(), &FORGED_COOKIE].concat();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..500 {
        let mut handshake = Handshake::generate(&mut rng, server_keys());
        let Ok((48, server::Step::Send(answer))) = handshake.handle(&hello) else {
            panic!("the server must answer")
        };
        assert!(seen.insert(answer[..16].to_vec()));
        assert!(seen.insert(session_key(&tck, &server_keys(), &answer).expose().to_vec()));
    }
}

#[test]
fn eth1_and_2_legacy_logins_are_refused() {
    let login = |change: fn(&mut Vec<u8>)| {
        let mut forger = Forger::new(1);
        let mut plain = login_data(forger.server_cookie(), 16);
        change(&mut plain);
        forger.log_in(&plain, &[]).map(drop)
    };
    assert_eq!(login(|_| {}), Ok(()));
    // A client-info text where the mark of the extensions belongs.
    let legacy = Error::PeerMisbehaved("login without extensions");
    assert_eq!(login(|plain| plain[8..40].fill(b'x')), Err(legacy));
    // A vouch nonce in the first reserved field, or a longer vouch in the second.
    let legacy = Error::PeerMisbehaved("login with a legacy vouch");
    assert_eq!(login(|plain| plain[56] = 1), Err(legacy));
    assert_eq!(login(|plain| plain[79] = 1), Err(legacy));
    assert_eq!(login(|plain| plain[112] = 1), Err(legacy));
    assert_eq!(login(|plain| plain[127] = 0x80), Err(legacy));
    // The identity and the cookie.
    assert_eq!(
        login(|plain| plain[0] = b'e'),
        Err(Error::Malformed("identity"))
    );
    let cookie = Error::PeerMisbehaved("wrong server cookie in the login");
    assert_eq!(login(|plain| plain[55] ^= 1), Err(cookie));
}

#[test]
fn extensions_of_impossible_length_are_refused_before_they_are_read() {
    for (length, is_fine) in [
        (0, false),
        (15, false),
        (16, true),
        (4096, true),
        (4097, false),
    ] {
        let mut forger = Forger::new(1);
        let plain = login_data(forger.server_cookie(), length);
        let key = forger.shared.with_prefix(&FORGED_COOKIE);
        let mut bytes = Vec::new();
        key.seal_into(1, &plain, &mut bytes);
        assert_eq!(forger.handshake.handle(&bytes).is_ok(), is_fine, "{length}");
    }
}

#[test]
fn extensions_come_in_any_order_and_unknown_ones_are_skipped() {
    let info = b"\x00\x04\x00a;Q;";
    let device = b"\x01\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00";
    let features = b"\x02\x01\x00\x83";
    let cookie = [b"\x03\x10\x00".as_slice(), &[7; 16]].concat();
    let unknown = b"\x77\x02\x00??";
    for order in [[0, 1, 2, 3, 4], [2, 0, 1, 3, 4], [4, 3, 2, 1, 0]] {
        let parts: [&[u8]; 5] = [info, device, features, &cookie, unknown];
        let claims = Forger::with_extensions(&order.map(|index| parts[index]).concat())
            .unwrap()
            .claims;
        assert_eq!(claims.identity, identity("ECHOECHO"));
        assert_eq!(
            (claims.client_info.version(), claims.client_info.platform()),
            ("a", Some("Q"))
        );
        assert_eq!(claims.device_id, Some(DeviceId(1)));
        assert!(claims.features.contains(Features::ALL));
        assert_eq!(claims.device_cookie, Some(DeviceCookie([7; 16])));
    }
    let silent = Forger::with_extensions(&[]).unwrap().claims;
    assert_eq!((silent.features, silent.device_id), (Features::NONE, None));
}

#[test]
fn broken_extensions_are_refused() {
    for bad in [
        &b"\x00"[..],
        b"\x00\x01\x00",
        b"\x01\x07\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\x02\x00\x00",
        b"\x02\x02\x00\x00\x00",
        b"\x03\x0f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\x02\x01\x00\x00\x02\x01\x00\x00",
    ] {
        assert!(Forger::with_extensions(bad).is_err(), "{bad:?}");
    }
}

fn honest_request(seed: u64) -> LoginRequest {
    let mut rng = SeededRng::new(seed);
    let keys = server_keys();
    let (mut login, hello) = Login::start(credentials(&keys), &mut rng);
    let mut handshake = Handshake::generate(&mut rng, keys);
    let Ok((48, server::Step::Send(answer))) = handshake.handle(&hello) else {
        panic!("the server must answer")
    };
    let Ok((80, client::Step::Send(bytes))) = login.handle(&answer) else {
        panic!("the client must log in")
    };
    assert_eq!(handshake.handle(&[]).map(drop), Ok(()));
    let request = login_request(&mut handshake, &bytes).unwrap();
    assert_eq!(handshake.handle(&[0]).map(drop), Err(Error::Finished));
    request
}

#[test]
fn the_vouch_decides_with_and_without_the_cache() {
    let key = client_key().public();
    let other = SecretKey::from_bytes([0x12; 32]).public();
    let verified = honest_request(1).verify(&key, None).unwrap();
    let ss1 = verified.ss1().clone();
    assert!(ss1 == client_key().agree(&server_keys().current.public()));
    assert!(honest_request(2).verify(&key, Some(&ss1)).is_ok());

    let wrong = SharedKey::from_bytes([1; 32]);
    for (key, ss1) in [(&other, None), (&other, Some(&ss1)), (&key, Some(&wrong))] {
        let refused = honest_request(3).verify(key, ss1).map(drop);
        assert_eq!(refused, Err(Error::NotAuthentic));
    }
    assert_eq!(honest_request(4).verify_dummy(), Error::NotAuthentic);
}

#[test]
fn login_requests_print_no_proof() {
    let text = format!("{:?}", honest_request(1));
    assert!(
        text.contains("Vouch(..)") && text.contains("SecretKey(…)"),
        "{text}"
    );
}

/// The twelve encodings that carry no key: low order, and the same points not canonical.
fn unacceptable_keys() -> Vec<[u8; 32]> {
    let mut keys = Vec::new();
    for text in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let mut key = [0; 32];
        for (index, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap();
        }
        keys.push(key);
        key[31] |= 0x80;
        keys.push(key);
    }
    keys
}

#[test]
fn a_client_key_without_a_secret_is_refused() {
    for key in unacceptable_keys() {
        let mut handshake = Handshake::generate(&mut SeededRng::new(1), server_keys());
        let hello = [key.as_slice(), &FORGED_COOKIE].concat();
        assert_eq!(handshake.handle(&hello).map(drop), Err(Error::BadKey));
        assert_eq!(handshake.handle(&hello).map(drop), Err(Error::Finished));
    }
}

#[test]
fn both_roles_refuse_equal_cookies() {
    let tck = SecretKey::from_bytes([0x44; 32]);
    let hello = [tck.public().as_bytes().as_slice(), &FORGED_COOKIE].concat();
    let tsk = SecretKey::from_bytes([0x33; 32]);
    let mut handshake = Handshake::new(tsk, FORGED_COOKIE, server_keys());
    let error = Error::PeerMisbehaved("both cookies are equal");
    assert_eq!(handshake.handle(&hello).map(drop), Err(error));

    let (mut login, _) = Login::start_with(credentials(&server_keys()), tck, FORGED_COOKIE);
    let answer = [FORGED_COOKIE.as_slice(), &[0; 64]].concat();
    assert_eq!(login.handle(&answer).map(drop), Err(error));
    assert_eq!(login.handle(&answer).map(drop), Err(Error::Finished));
}

/// What a client says to a server-hello that this server key seals with this content.
fn client_meets(server: &SecretKey, ephemeral: &[u8; 32], repeated: &[u8; 16]) -> Option<Error> {
    let tck = SecretKey::from_bytes([0x44; 32]);
    let public = tck.public();
    let mut credentials = credentials(&server_keys());
    credentials.server_keys.alternative = server_keys().alternative.as_ref().map(SecretKey::public);
    let (mut login, _) = Login::start_with(credentials, tck, FORGED_COOKIE);
    let cookie = [0x0c; 16];
    let mut answer = cookie.to_vec();
    let plain = [ephemeral.as_slice(), repeated].concat();
    server
        .agree(&public)
        .with_prefix(&cookie)
        .seal_into(1, &plain, &mut answer);
    login.handle(&answer).err()
}

#[test]
fn the_client_checks_the_server_hello() {
    let keys = server_keys();
    let ephemeral = *SecretKey::from_bytes([0x33; 32]).public().as_bytes();
    assert_eq!(
        client_meets(&keys.current, &ephemeral, &FORGED_COOKIE),
        None
    );
    let alternative = keys.alternative.as_ref().unwrap();
    assert_eq!(client_meets(alternative, &ephemeral, &FORGED_COOKIE), None);
    let stranger = SecretKey::from_bytes([0x24; 32]);
    let refused = client_meets(&stranger, &ephemeral, &FORGED_COOKIE);
    assert_eq!(refused, Some(Error::NotAuthentic));
    let refused = client_meets(&keys.current, &ephemeral, &[0; 16]);
    assert_eq!(
        refused,
        Some(Error::PeerMisbehaved(
            "wrong client cookie in the server-hello"
        ))
    );
    for key in unacceptable_keys() {
        assert_eq!(
            client_meets(&keys.current, &key, &FORGED_COOKIE),
            Some(Error::BadKey)
        );
    }
}

#[test]
fn a_server_that_switched_to_the_alternative_key_is_met() {
    let keys = Arc::new(server::ServerKeys {
        current: SecretKey::from_bytes([0x23; 32]),
        alternative: None,
    });
    let mut rng = SeededRng::new(1);
    let mut credentials = credentials(&server_keys());
    credentials.server_keys.alternative = Some(keys.current.public());
    let (mut login, hello) = Login::start(credentials, &mut rng);
    let mut handshake = Handshake::generate(&mut rng, Arc::clone(&keys));
    let Ok((48, server::Step::Send(answer))) = handshake.handle(&hello) else {
        panic!("the server must answer")
    };
    let Ok((80, client::Step::Send(bytes))) = login.handle(&answer) else {
        panic!("the client must log in")
    };
    let request = login_request(&mut handshake, &bytes).unwrap();
    let (ack, _) = request
        .verify(&client_key().public(), None)
        .unwrap()
        .accept(ACK);
    let Ok((32, client::Step::LoggedIn(logged_in))) = login.handle(&ack) else {
        panic!("the client must be in")
    };
    assert_eq!(logged_in.server_key, keys.current.public());
    assert!(keys.contains(&logged_in.server_key));
    assert!(!keys.contains(&client_key().public()));
}

#[test]
fn a_tampered_login_ack_is_refused() {
    let mut rng = SeededRng::new(1);
    let keys = server_keys();
    let (mut login, hello) = Login::start(credentials(&keys), &mut rng);
    let mut handshake = Handshake::generate(&mut rng, keys);
    let Ok((_, server::Step::Send(answer))) = handshake.handle(&hello) else {
        panic!("the server must answer")
    };
    login.handle(&answer).unwrap();
    let noise: [u8; 32] = random(&mut rng);
    assert_eq!(login.handle(&noise).map(drop), Err(Error::NotAuthentic));
}

#[test]
fn a_public_key_of_the_tests_is_what_the_wire_carries() {
    let hello = Login::start_with(
        credentials(&server_keys()),
        SecretKey::from_bytes([0x44; 32]),
        FORGED_COOKIE,
    )
    .1;
    assert_eq!(hello.len(), spec::CLIENT_HELLO_BYTES);
    let key = PublicKey::try_from(&hello[..32]).unwrap();
    assert_eq!(key, SecretKey::from_bytes([0x44; 32]).public());
    assert_eq!(&hello[32..], FORGED_COOKIE);
}
