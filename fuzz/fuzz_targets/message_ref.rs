//! The message payload where it lies, and its conversion for legacy receivers.

#![no_main]

use dreiklang_wire::csp::payload::{Message, MessageRef};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = MessageRef::parse(bytes) else {
        return;
    };
    assert_eq!(message.parts(None, false).join(), bytes);
    let legacy = message.parts(Some(1), true).join();
    let legacy = MessageRef::parse(&legacy).expect("still a message");
    assert!(legacy.metadata().is_empty());
    assert_eq!(
        (legacy.nonce(), legacy.body()),
        (message.nonce(), message.body())
    );
    let owned = message.to_message();
    let again = owned.encode().expect("what was read can be written");
    assert_eq!(Message::decode(&again), Ok(owned));
});
