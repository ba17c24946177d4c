//! Frames of a client that is logged in: raw bytes, or a payload inside an authentic frame.

#![no_main]

#[path = "../../crates/wire/tests/common/mod.rs"]
mod common;

use std::ops::ControlFlow;

use dreiklang_crypto::SeededRng;
use dreiklang_wire::csp::payload::{FromServer, ToServer, ToServerRef};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((0, raw)) => {
            let (_, mut server) = common::log_in(&mut SeededRng::new(1));
            for piece in raw.to_vec().chunks_mut(97) {
                let on = |_: &mut [u8]| ControlFlow::<()>::Continue(());
                if server.open_frames(piece, on).is_err() {
                    return;
                }
            }
        }
        Some((_, container)) => {
            if let Ok(payload) = ToServerRef::decode(container) {
                let owned = payload.into_owned();
                if let Ok(again) = owned.encode() {
                    assert_eq!(ToServer::decode(&again), Ok(owned));
                }
            }
            if let Ok(payload) = FromServer::decode(container)
                && let Ok(again) = payload.encode()
            {
                assert_eq!(FromServer::decode(&again), Ok(payload));
            }
        }
        None => {}
    }
});
