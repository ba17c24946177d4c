//! Known answers of the published algorithms: NaCl's paper, RFC 7693, 7914, 8032, 8439, 5869.

mod common;

use std::num::NonZeroU32;

use common::hex;
use dreiklang_crypto::{
    Nonce, PublicKey, SecretKey, SharedKey, aead, kdf,
    password::{self, ScryptCost},
    sign::{Signature, SigningKey, VerifyingKey},
    xsalsa20_xor,
};

const PLAIN: &str = concat!(
    "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc",
    "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31",
    "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde",
    "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864",
    "5e0705",
);
const SEALED: &str = concat!(
    "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce",
    "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972",
    "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae",
    "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3",
    "7973f622a43d14a6599b1f654cb45a74e355a5",
);

/// "Cryptography in NaCl", Bernstein 2009: both people agree, seal and open.
#[test]
fn box_of_the_nacl_paper() {
    let alice = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    let alice_public = public("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    let bob_public = public("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_eq!((alice.public(), bob.public()), (alice_public, bob_public));

    let shared = alice.agree(&bob_public);
    assert_eq!(shared, bob.agree(&alice_public));
    assert_eq!(
        *shared.expose(),
        hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
    );
    let nonce: Nonce = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
    let sealed = shared.seal(&nonce, &hex::<131>(PLAIN));
    assert_eq!(hex::encode(&sealed), SEALED);
    assert_eq!(hex::encode(shared.open(&nonce, &sealed).unwrap()), PLAIN);

    // The stream under the box: 32 bytes of tag key, then what covers the body.
    let mut stream = [&[0; 32], &hex::<131>(PLAIN)[..]].concat();
    xsalsa20_xor(shared.expose(), &nonce, &mut stream);
    assert_eq!(stream[32..], sealed[16..]);
}

/// RFC 7693, appendix A, and hash values that Python's hashlib gives.
#[test]
fn blake2b() {
    assert_eq!(
        kdf::blake2b_plain::<64>(b"abc"),
        hex(concat!(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1",
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
        ))
    );
    assert_eq!(
        kdf::blake2b_plain::<20>(b"abc"),
        hex("384264f676f39536840523f284921cdc68b6846b")
    );
    let key: [u8; 64] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    assert_eq!(
        kdf::blake2b(&key[..32], "", "", b"abc"),
        hex("d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f")
    );
    assert_eq!(
        kdf::blake2b(&key, "ke-2dh-ECHOECHO", "3ma-e2e", &[b'x'; 129]),
        hex("73b8064f343de628ce731501b5de89d7a8575fb922b7f307ae73d70dec0474c6")
    );
    assert_eq!(
        kdf::blake2b(&key[..32], "0123456789abcdef", "fedcba9876543210", b""),
        hex("07ee09317a1ddc45396d736f4128b0b18bb7bfd4e0216121c49c3a2d6d5d0965")
    );
}

/// RFC 7693, appendix E: hashes of hashes, without a key, over the lengths the RFC walks.
#[test]
fn blake2b_walk_without_key() {
    let sequence = |length: usize, seed: u32| -> Vec<u8> {
        let (mut a, mut b) = (0xDEAD_4BAD_u32.wrapping_mul(seed), 1u32);
        let step = || {
            let t = a.wrapping_add(b);
            (a, b) = (b, t);
            t.to_be_bytes()[0]
        };
        std::iter::repeat_with(step).take(length).collect()
    };
    let mut all = Vec::new();
    for length in [0, 3, 128, 129, 255, 1024] {
        let input = sequence(length, u32::try_from(length).unwrap());
        all.extend(kdf::blake2b_plain::<20>(&input));
        all.extend(kdf::blake2b(&[], "", "", &input));
        all.extend(kdf::blake2b_plain::<48>(&input));
        all.extend(kdf::blake2b_plain::<64>(&input));
    }
    assert_eq!(kdf::blake2b_plain::<32>(&all), hex(WALK));
}

/// Python's hashlib over the same sequences in the same order.
const WALK: &str = "0421ee00282e8c6da2df8f8e4b0e62f217174d60bc97cd38d4aa0ca23b0d2a49";

/// RFC 7914, 11 and 12.
#[test]
fn pbkdf2_and_scrypt() {
    let key = password::pbkdf2_sha256::<64>(b"passwd", b"salt", NonZeroU32::MIN);
    assert_eq!(
        *key,
        hex(concat!(
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        ))
    );
    let cost = |log_n, r, p| ScryptCost { log_n, r, p };
    assert_eq!(
        *password::scrypt::<64>(b"", b"", cost(4, 1, 1)).unwrap(),
        hex(concat!(
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442",
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ))
    );
    assert_eq!(
        *password::scrypt::<64>(b"password", b"NaCl", cost(10, 8, 16)).unwrap(),
        hex(concat!(
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ))
    );
}

/// RFC 8032, 7.1, tests 1 and 3.
#[test]
fn ed25519() {
    for (seed, key, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            concat!(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
                "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            concat!(
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
                "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ),
    ] {
        let signer = SigningKey::from_bytes(&hex(seed));
        let message = hex::decode(message).unwrap();
        let verifier = VerifyingKey::from_bytes(&hex(key)).unwrap();
        assert_eq!(signer.verifying_key(), verifier);
        assert_eq!(signer.sign(&message), Signature(hex(signature)));
        verifier
            .verify(&message, &Signature(hex(signature)))
            .unwrap();
    }
}

/// RFC 8439, 2.8.2.
#[test]
fn chacha20poly1305() {
    let text: &[u8] = b"Ladies and Gentlemen of the class of '99: If I could offer you \
        only one tip for the future, sunscreen would be it.";
    let key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    let (nonce, bound) = (
        hex("070000004041424344454647"),
        hex::<12>("50515253c0c1c2c3c4c5c6c7"),
    );
    let sealed = aead::seal_chacha20poly1305(&key, &nonce, &bound, text);
    assert_eq!(
        hex::encode(&sealed[..16]),
        "d31a8d34648e60db7b86afbc53ef7ec2"
    );
    assert_eq!(
        hex::encode(&sealed[114..]),
        "1ae10b594f09e26a7e902ecbd0600691"
    );
    assert_eq!(
        *aead::open_chacha20poly1305(&key, &nonce, &bound, &sealed).unwrap(),
        text
    );
    assert!(aead::open_chacha20poly1305(&key, &nonce, &[], &sealed).is_err());
}

/// RFC 5869, A.1, and FIPS 180-4's "abc".
#[test]
fn hkdf_and_sha256() {
    let salt: [u8; 13] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let label = hex::<10>("f0f1f2f3f4f5f6f7f8f9");
    assert_eq!(
        kdf::hkdf_sha256::<42>(&[0x0b; 22], &salt, &label).unwrap(),
        hex(concat!(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
            "34007208d5b887185865"
        ))
    );
    assert!(kdf::hkdf_sha256::<8161>(&[0x0b; 22], &salt, &label).is_err());
    assert_eq!(
        kdf::sha256(b"abc"),
        hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    );
}

/// A box that is cut, changed or opened with a wrong nonce stays shut.
#[test]
fn box_refuses_what_was_changed() {
    let key = SharedKey::from_bytes([1; 32]);
    let sealed = key.seal(&[2; 24], b"Dreiklang");
    for length in 0..sealed.len() {
        assert!(key.open(&[2; 24], &sealed[..length]).is_err());
    }
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(key.open(&[2; 24], &changed).is_err());
    }
    assert!(key.open(&[3; 24], &sealed).is_err());
    assert!(
        SharedKey::from_bytes([0; 32])
            .open(&[2; 24], &sealed)
            .is_err()
    );
}

fn secret(text: &str) -> SecretKey {
    SecretKey::from_bytes(hex(text))
}

fn public(text: &str) -> PublicKey {
    PublicKey::from_bytes(hex(text)).unwrap()
}
