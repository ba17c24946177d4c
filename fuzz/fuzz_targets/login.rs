//! The plaintext of login and extensions, sealed as an honest client would.

#![no_main]

#[path = "../../crates/wire/tests/common/mod.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod common;
#[path = "../../crates/wire/tests/common/forge.rs"]
mod forge;

use std::sync::Arc;

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_wire::{
    csp::server::{Handshake, Step},
    spec,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let keys = common::server_keys();
    let tck = SecretKey::from_bytes([0x44; 32]);
    let cookie = [0x5c; 16];
    let mut handshake = Handshake::generate(&mut SeededRng::new(1), Arc::clone(&keys));
    let hello = [tck.public().as_bytes().as_slice(), &cookie].concat();
    let Ok((_, Step::Send(answer))) = handshake.handle(&hello) else {
        panic!("an honest hello is answered")
    };
    let key = forge::session_key(&tck, &keys, &answer).with_prefix(&cookie);
    // The first byte decides whether the login itself is noise, or only the extensions are.
    let (login, extensions) = match bytes.split_first() {
        Some((0, noise)) if noise.len() >= spec::LOGIN_PLAIN_BYTES => {
            let (login, extensions) = noise.split_at(spec::LOGIN_PLAIN_BYTES);
            (login.to_vec(), extensions)
        }
        Some((_, extensions)) if extensions.len() <= 4080 => {
            let length = extensions.len() + spec::BOX_OVERHEAD;
            (forge::login_data(&answer[..16], length), extensions)
        }
        _ => return,
    };
    let mut sealed = Vec::new();
    key.seal_into(1, &login, &mut sealed);
    key.seal_into(2, extensions, &mut sealed);
    if let Ok((_, Step::Login(request))) = handshake.handle(&sealed) {
        assert!(
            request
                .verify(&common::client_key().public(), None)
                .is_err()
        );
    }
});
