//! The instance file, which a client may get from anywhere.

#![no_main]

use dreiklang_wire::api::instance::Instance;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(instance) = Instance::from_json(bytes) {
        let again = instance.to_json().expect("what was read can be written");
        assert_eq!(Instance::from_json(again.as_bytes()), Ok(instance));
    }
});
