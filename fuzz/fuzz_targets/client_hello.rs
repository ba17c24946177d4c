//! The first bytes of a stranger, and whatever follows them.

#![no_main]

#[path = "../../crates/wire/tests/common/mod.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod common;

use dreiklang_crypto::SeededRng;
use dreiklang_wire::csp::server::{Handshake, Step};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut handshake = Handshake::generate(&mut SeededRng::new(1), common::server_keys());
    let mut rest = bytes;
    while !rest.is_empty() {
        match handshake.handle(rest) {
            Ok((taken, Step::Send(_))) => rest = &rest[taken..],
            Ok((taken, Step::NeedMore)) => {
                assert_eq!(taken, rest.len());
                return;
            }
            Ok((_, Step::Login(_))) => unreachable!("nobody can seal a login by chance"),
            Err(_) => return,
        }
    }
});
