//! Known answers. The two messages were made by a shipping client; the others were computed
//! independently from the published derivations.

use std::sync::Arc;

use dreiklang_crypto::{
    PublicKey, SecretKey, SharedKey,
    kdf::{self, Purpose},
};
use dreiklang_wire::{
    Error,
    api::{
        Base64,
        directory::{
            Challenge,
            challenge::{Proof, Realm},
            hash,
        },
    },
    csp::{
        ClientInfo, Features,
        client::{self, Credentials, Login, ServerPublicKeys},
        payload::{Message, MessageRef},
        server::{Handshake, ServerKeys, Step},
    },
    e2e::{Body, Container, Content},
    id::Identity,
};

fn identity(text: &str) -> Identity {
    text.parse().unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .map(|digit| u8::try_from(digit).unwrap())
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn hex32(text: &str) -> [u8; 32] {
    hex(text).try_into().unwrap()
}

#[test]
fn a_login_carries_the_known_vouch() {
    let tck = SecretKey::from_bytes([0x44; 32]);
    let client_cookie = [0x5c; 16];
    let server_cookie: [u8; 16] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let tsk = SecretKey::from_bytes([0x33; 32]);
    let shared = tck.agree(&tsk.public());

    let keys = ServerKeys {
        current: SecretKey::from_bytes([0x22; 32]),
        alternative: None,
    };
    let credentials = Credentials {
        identity: identity("ECHOECHO"),
        client_key: SecretKey::from_bytes([0x11; 32]),
        server_keys: ServerPublicKeys {
            current: keys.current.public(),
            alternative: None,
        },
        client_info: ClientInfo::default(),
        device_id: None,
        features: Features::ALL,
        device_cookie: None,
    };
    let (mut login, hello) = Login::start_with(credentials, tck, client_cookie);
    let mut handshake = Handshake::new(tsk, server_cookie, Arc::new(keys));
    let Ok((48, Step::Send(answer))) = handshake.handle(&hello) else {
        panic!("no hello")
    };
    let Ok((80, client::Step::Send(mut bytes))) = login.handle(&answer) else {
        panic!("no login")
    };
    let plain = shared.with_prefix(&client_cookie);
    let plain = plain.open_in_place(1, &mut bytes[..144]).unwrap();

    assert_eq!(&plain[..8], b"ECHOECHO");
    assert_eq!(&plain[8..38], b"threema-clever-extension-field");
    assert_eq!(&plain[40..56], &server_cookie);
    assert_eq!(plain[56..80], [0; 24]);
    let vouch = hex("e0f378662a967c1c8b734ad770b625726a4d5942d64185947d13f480728b4bda");
    assert_eq!(&plain[80..112], &vouch);
    assert_eq!(plain[112..], [0; 16]);
}

/// Receiver 0HPT9EWD, sender 0DA5ME76.
fn conversation_key() -> SharedKey {
    let receiver = SecretKey::from_bytes(hex32(
        "5d31a1950a807edcd195ec16a7e980e525c8bafe315d3b9bd9b22b186b4096bd",
    ));
    let sender = hex32("c113a3d85756852602cc82cb69314e87a01782c5ffdef3a953cf36ac7d6bc528");
    receiver.agree(&PublicKey::from_bytes(sender).unwrap())
}

fn open(payload: &MessageRef<'_>) -> (Vec<u8>, Vec<u8>) {
    let key = conversation_key();
    let metadata_key = SharedKey::from_bytes(Purpose::MESSAGE_METADATA.derive(key.expose(), &[]));
    let nonce = payload.nonce().0;
    (
        metadata_key.open(&nonce, payload.metadata()).unwrap(),
        key.open(&nonce, payload.body()).unwrap(),
    )
}

#[test]
fn a_message_of_a_shipping_client_has_the_expected_layout() {
    let bytes = hex(include_str!("vectors/message-text.hex"));
    assert_eq!(bytes.len(), 393);
    let payload = MessageRef::parse(&bytes).unwrap();
    assert_eq!(payload.sender(), identity("0DA5ME76"));
    assert_eq!(payload.receiver(), identity("0HPT9EWD"));
    assert_eq!(payload.id().to_string(), "89aa9a7eaff77d96");
    assert_eq!(payload.flags().0, 0x01);
    assert_eq!(payload.metadata().len(), 52);
    assert_eq!(payload.nickname(), [0; 32]);
    assert_eq!(payload.created_at(), 1_747_416_011);

    let (metadata, plain) = open(&payload);
    let expected = "12126c656e6e792d7465737440706978656c3861 1989aa9a7eaff77d96 20dca8f1d0ed32";
    assert!(metadata.ends_with(&hex(expected)) || metadata.starts_with(&hex(expected)));
    let container = Container::decode(&plain).unwrap();
    assert_eq!(plain.len(), 237);
    assert_eq!(Body::decode(container).unwrap(), Body::text("Hi"));
    assert_eq!(container.encode(0xea).unwrap(), plain);
    assert_eq!(Message::decode(&bytes).unwrap().encode().unwrap(), bytes);
}

#[test]
fn a_location_of_a_shipping_client_is_read() {
    let bytes = hex(include_str!("vectors/message-location.hex"));
    let payload = MessageRef::parse(&bytes).unwrap();
    let (_, plain) = open(&payload);
    let body = Body::decode(Container::decode(&plain).unwrap()).unwrap();
    let Content::Location(location) = body.content else {
        panic!("{body:?}")
    };
    assert!((-90.0..=90.0).contains(&location.latitude));
    assert!(location.address.is_some());
}

#[test]
fn challenges_are_answered_as_known() {
    let client = SecretKey::from_bytes([0x11; 32]);
    let server = SecretKey::from_bytes([0x55; 32]);
    let challenge = Challenge {
        token: Base64(b"token-bytes".to_vec()),
        response_key: server.public(),
    };
    let proof = challenge.answer(Realm::Directory, &client).unwrap();
    let expected = hex("148124b1814451caf31355a1da65313f4977cda82549284a743ebe910fe7712d");
    assert_eq!(proof.response.0, expected);
    proof
        .verify(Realm::Directory, &server, &client.public())
        .unwrap();

    let refused = Err(Error::NotAuthentic);
    assert_eq!(
        proof.verify(Realm::Work, &server, &client.public()),
        refused
    );
    assert_eq!(
        proof.verify(Realm::Directory, &server, &server.public()),
        refused
    );
    let mut other = proof.clone();
    other.token.0.push(0);
    assert_eq!(
        other.verify(Realm::Directory, &server, &client.public()),
        refused
    );
    let short = Proof {
        response: Base64(proof.response.0[..31].to_vec()),
        ..proof
    };
    assert_eq!(
        short.verify(Realm::Directory, &server, &client.public()),
        refused
    );
}

/// The two steps from the agreed key to the answer.
fn work_response(shared: &[u8; 32], token: &[u8]) -> Vec<u8> {
    kdf::blake2b(&Purpose::WORK_CHALLENGE.derive(shared, &[]), "", "", token).to_vec()
}

/// The known answer was made with an all-zero public key, which we refuse. So it is checked from
/// the agreed key on, and the realm against the same steps with keys that are acceptable.
#[test]
fn work_challenges_are_answered_as_known() {
    let agreed_with_zero =
        hex32("351f86faa3b988468a850122b65b0acece9c4826806aeee63de9c0da2bd7f91e");
    let expected = hex("56266bebac77186b46982853067a9a405f28163e5d436e9353388f4f6f59e394");
    assert_eq!(work_response(&agreed_with_zero, b"meow"), expected);
    assert!(PublicKey::from_bytes([0; 32]).is_err());

    let client = SecretKey::from_bytes([0x11; 32]);
    let server = SecretKey::from_bytes([0x55; 32]).public();
    let challenge = Challenge {
        token: Base64(b"meow".to_vec()),
        response_key: server,
    };
    let proof = challenge.answer(Realm::Work, &client).unwrap();
    assert_eq!(
        proof.response.0,
        work_response(client.agree(&server).expose(), b"meow")
    );
}

#[test]
fn strange_challenges_are_not_answered() {
    let client = SecretKey::from_bytes([0x11; 32]);
    for length in [0, 1025] {
        let challenge = Challenge {
            token: Base64(vec![1; length]),
            response_key: client.public(),
        };
        assert!(
            challenge.answer(Realm::Directory, &client).is_err(),
            "{length}"
        );
    }
    let low_order =
        r#"{"token":"AAAA","tokenRespKeyPub":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#;
    assert!(serde_json::from_str::<Challenge>(low_order).is_err());
}

#[test]
fn contacts_are_hashed_as_known() {
    let email = hex("1ea093239cc5f0e1b6ec81b866265b921f26dc4033025410063309f4d1a8ee2c");
    let phone = hex("ad398f4d7ebe63c6550a486cc6e07f9baa09bd9d8b3d8cb9d9be106d35a7fdbc");
    for text in ["test@threema.ch", " Test@Threema.CH\n"] {
        assert_eq!(hash::email(text).as_slice(), email);
    }
    for text in ["41791234567", "+41791234567"] {
        assert_eq!(hash::phone(text).as_slice(), phone);
    }
}
