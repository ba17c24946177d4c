//! Known answers of the protocol's own key derivations (docs/spec, vectors C1 to C11).

mod common;

use std::num::NonZeroU32;

use common::hex;
use dreiklang_crypto::{
    PublicKey, SecretKey, aead,
    kdf::{self, Purpose},
    password::{self, Argon2Cost, ScryptCost},
    xsalsa20_xor,
};

/// C1: the keys of a device group.
#[test]
fn device_group_keys() {
    let group = hex::<32>("1b35ed7e1ba9993171fe4a7eed30c2831905c3a583616d61e93782da900bf8ba");
    let path = "60c0ed9098902c0b6093be4a819bf344900bc7473504ccdb61004b1b58aa2233";
    for (purpose, key) in [
        (Purpose::DEVICE_GROUP_PATH, path),
        (
            Purpose::DEVICE_GROUP_REFLECT,
            "a4bf34ff67ed3b731a2aa6e023335f7eba6c914e877da3d15bff41d84f7f75f8",
        ),
        (
            Purpose::DEVICE_GROUP_DEVICE,
            "5953fb9775d8c23fae573e245534dac2c7aa16b62ea73b954ea4177d192e8c50",
        ),
        (
            Purpose::DEVICE_GROUP_SHARED,
            "7a91ad36bc9537ccfd6fd76b23d7f5319e506e6a5294c988c9a75c8e34a3c9dd",
        ),
        (
            Purpose::DEVICE_GROUP_TRANSACTION,
            "7c6b94affb171c564bfd375d50c4781d72ab2671ae4035ab4307dedce67ef30e",
        ),
        (
            Purpose::DEVICE_GROUP_HISTORY,
            "1cadc8760e2063f0c5b59d0e94accb96a7035cab17ec43c4d3ea3e4588d6916c",
        ),
    ] {
        assert_eq!(purpose.derive(&group, &[]), hex(key), "{purpose:?}");
    }
    assert_eq!(
        secret(path).public(),
        public("e77d9b02195b880c1374650ec136b44e7b0b6d9e47b479dbd5d97c470acb0b40")
    );
}

/// C3: the old identity backup, PBKDF2 and a bare XSalsa20 stream.
#[test]
fn identity_backup_with_pbkdf2() {
    let backup = base32(concat!(
        "4K4M5Q6TKFUHKHL52VCJZM57NL7RWJTAV45LNJAMWLEU5DS4XF7SOPH4",
        "CTCLN2CF3C4CHPB7YZWWU3S6"
    ));
    let (salt, body) = backup.split_at(8);
    let rounds = NonZeroU32::new(100_000).unwrap();
    let key = password::pbkdf2_sha256::<32>(b"testpassword", salt, rounds);
    let mut plain = body.to_vec();
    xsalsa20_xor(&key, &[0; 24], &mut plain);
    let (identity, hash) = plain.split_at(40);
    assert_eq!(identity, backed_up_identity());
    assert_eq!(hash, &kdf::sha256(identity)[..2]);
}

/// C3: the new identity backup, Argon2id and ChaCha20-Poly1305.
#[test]
fn identity_backup_with_argon2() {
    let backup = base32(concat!(
        "AHCVYVN5MZF6H47EBFDAXPQ4523TQEJ7Q7TB5O2GU3LMIPAYPMO3RWYJ",
        "FZ5FVRAH5MHTIP2EODYIGXW44NAFEOCOOZPRNZK4CHVELYVL"
    ));
    let (head, sealed) = backup.split_at(9);
    let cost = Argon2Cost {
        memory_kib: 128 * 1024,
        passes: 8,
        lanes: 1,
    };
    let key = password::argon2id::<32>(b"ThisIsABadPassword", &head[1..], cost).unwrap();
    let plain = aead::open_chacha20poly1305(&key, &[0; 12], head, sealed).unwrap();
    assert_eq!(*plain, backed_up_identity());
    let again = aead::seal_chacha20poly1305(&key, &[0; 12], head, &plain);
    assert_eq!(again, sealed);
}

/// C4: the chain of a forward-secure session.
#[test]
fn session_chain() {
    let mut chain = hex("421e73cf324785dee4c4830f2efbb8cd4b258ed8520a608a6ce340aaa7400024");
    for turn in 1..=100 {
        chain = Purpose::SESSION_CHAIN.derive(&chain, &[]);
        let message = Purpose::SESSION_MESSAGE.derive(&chain, &[]);
        let expected = match turn {
            1 => "60d3de2d849fa8b3d9799e8e50b09a7ef1d4e1e855c99fdb711bfe29466cdad3",
            100 => "d2acf6e1c7262eb360ad92b6a74e0f9ad6ee129278742fc2462ae72916eaa334",
            _ => continue,
        };
        assert_eq!(message, hex(expected), "turn {turn}");
    }
}

/// C4: the first keys of a forward-secure session, computed by both sides.
#[test]
fn session_start() {
    let [key_a, key_b, session_a, session_b] = [0x71, 0x72, 0x73, 0x74].map(repeated);
    let agree = |one: &SecretKey, other: &SecretKey| *one.agree(&other.public()).expose();
    let initiator = [
        agree(&key_a, &key_b),
        agree(&session_a, &key_b),
        agree(&key_a, &session_b),
        agree(&session_a, &session_b),
    ];
    let responder = [
        agree(&key_b, &key_a),
        agree(&key_b, &session_a),
        agree(&session_b, &key_a),
        agree(&session_b, &session_a),
    ];
    assert_eq!(initiator, responder);

    let all = initiator.concat();
    assert_eq!(
        Purpose::SESSION_2DH.derive_for("AAAAAAAA", &all[..64]),
        hex("8ffdc212393e4eef1d87df11f786a7450cfdd19a64bdd9fab2fbd1befabc6b54")
    );
    let root = kdf::blake2b_plain::<64>(&all);
    assert_eq!(
        Purpose::SESSION_4DH.derive_for("AAAAAAAA", &root),
        hex("c56ffb083805d8d0c6ff9a65480ed1c5b83a34fe2bba2c5fbbdb1728a3314e96")
    );
    assert_eq!(
        Purpose::SESSION_4DH.derive_for("BBBBBBBB", &root),
        hex("38432a51a3033b0d4a83717f145a68871469fa7cd7b1029dcf6981d968a08ad4")
    );
}

/// C5: answers to challenges. The first vector gives the zero string as the server's key; that is
/// a point of low order for us, so there the agreed key is computed by hand.
#[test]
fn directory_challenges() {
    let respond = |purpose: Purpose, shared: &[u8; 32], challenge: &[u8]| {
        kdf::blake2b(&purpose.derive(shared, &[]), "", "", challenge)
    };
    let shared = repeated(0x11).agree(&repeated(0x55).public());
    assert_eq!(
        respond(
            Purpose::DIRECTORY_CHALLENGE,
            shared.expose(),
            b"token-bytes"
        ),
        hex("148124b1814451caf31355a1da65313f4977cda82549284a743ebe910fe7712d")
    );

    // HSalsa20 of a zero key and a zero input (NaCl's beforenm with a zero point).
    let zero = hex("351f86faa3b988468a850122b65b0acece9c4826806aeee63de9c0da2bd7f91e");
    assert_eq!(
        respond(Purpose::WORK_CHALLENGE, &zero, b"meow"),
        hex("56266bebac77186b46982853067a9a405f28163e5d436e9353388f4f6f59e394")
    );
}

/// C6: the proof of identity at the chat server, computed by both sides.
#[test]
fn chat_login_proof() {
    let [client, server, server_temporary, client_temporary] =
        [0x11, 0x22, 0x33, 0x44].map(repeated);
    let cookie: [u8; 16] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let proof = |one: &[u8; 32], two: &[u8; 32]| {
        let key = Purpose::CHAT_LOGIN.derive(&[*one, *two].concat(), &[]);
        let input = [&cookie[..], client_temporary.public().as_bytes()].concat();
        kdf::blake2b(&key, "", "", &input)
    };
    let by_client = proof(
        client.agree(&server.public()).expose(),
        client.agree(&server_temporary.public()).expose(),
    );
    let by_server = proof(
        server.agree(&client.public()).expose(),
        server_temporary.agree(&client.public()).expose(),
    );
    assert_eq!(
        by_client,
        hex("e0f378662a967c1c8b734ad770b625726a4d5942d64185947d13f480728b4bda")
    );
    assert_eq!(by_client, by_server);
}

/// C7: what the directory learns of an address.
#[test]
fn contact_hashes() {
    let mail = hex::<32>("30a5500fed9701fa6defdb610841900febb8e430881f7ad816826264ec09bad7");
    assert_eq!(
        kdf::hmac_sha256(&mail, &[b"test", b"@threema.ch"]),
        hex("1ea093239cc5f0e1b6ec81b866265b921f26dc4033025410063309f4d1a8ee2c")
    );
    let phone = hex::<32>("85adf8226953f3d96cfd5d09bf29555eb955fcd8aa5ec4f9fcd869e258370723");
    assert_eq!(
        kdf::hmac_sha256(&phone, &[b"41791234567"]),
        hex("ad398f4d7ebe63c6550a486cc6e07f9baa09bd9d8b3d8cb9d9be106d35a7fdbc")
    );
}

/// C8: name and key of a backup on a safe server.
#[test]
fn safe_backup_key() {
    let cost = ScryptCost {
        log_n: 16,
        r: 8,
        p: 1,
    };
    let key = password::scrypt::<64>(b"shootdeathstar", b"ECHOECHO", cost).unwrap();
    assert_eq!(
        *key,
        hex(concat!(
            "066384d3695fbbd9f31a7d533900fd0cd8d1373beb6a28678522d2a49980c9c3",
            "51c3d8d752fb6e1fd3199ead7f0895d6e3893ff691f2a5ee1976ed0897fc2f66"
        ))
    );
}

/// C9 and C10: a derivation without a key, and the first keys of a rendezvous.
#[test]
fn group_call_and_rendezvous() {
    let mut call = b"ECHOECHO\x00\x01\x02\x03\x04\x05\x06\x07\x01".to_vec();
    call.extend_from_slice(&[0x66; 32]);
    call.extend_from_slice(b"https://sfu.example.com");
    assert_eq!(
        Purpose::CALL_ID.derive(&[], &call),
        hex("0ae497ee8de8c298ab864f45ba8ec3681c3cf09acbb900ef0582c7c826b36f35")
    );
    assert_eq!(
        Purpose::RENDEZVOUS_INITIATOR_AUTH.derive(&[0x81; 32], &[]),
        hex("86e46e880ce88a36aea1da2529f228a0fd6d3c0b0ec7b95bb42494ddebecef90")
    );
    assert_eq!(
        Purpose::RENDEZVOUS_RESPONDER_AUTH.derive(&[0x81; 32], &[]),
        hex("e6dc00da7244826822dc16afa98e3b2b4ca591596da8cdb1b20ce1df95d836a9")
    );
}

/// C11: labels that are bytes, not text.
#[test]
fn derivation_with_binary_labels() {
    let key = hex::<32>("101692161c717bc3fe893b3dbcfe7424c725fd06624940a1046895fb83960240");
    assert_eq!(
        kdf::blake2b(&key, hex::<2>("492e"), hex::<8>("a390519d083d07c5"), &[]),
        hex("ae810e70c16cc45692c1d4fedf323ca2ca0218d90dc0f969ab1a7aeb6d3039a8")
    );
}

fn backed_up_identity() -> Vec<u8> {
    let key = hex::<32>("255d619ebec82341a5abe0b3ff736f900faa3eda1cb86b34f102394f86a41b2c");
    [b"0ZAHXXHB", &key[..]].concat()
}

/// RFC 4648 base32 without padding.
fn base32(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("{other} is not base32"),
        };
        bits = bits << 5 | u32::from(digit);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}

fn secret(text: &str) -> SecretKey {
    SecretKey::from_bytes(hex(text))
}

fn public(text: &str) -> PublicKey {
    PublicKey::from_bytes(hex(text)).unwrap()
}

/// A secret key of one repeated byte, as many vectors of the protocol use.
fn repeated(byte: u8) -> SecretKey {
    SecretKey::from_bytes([byte; 32])
}
