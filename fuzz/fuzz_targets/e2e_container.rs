//! The plaintext of a message box, as a contact may send it.

#![no_main]

use dreiklang_wire::e2e::{Body, Container};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(container) = Container::decode(bytes) else {
        return;
    };
    let Ok(body) = Body::decode(container) else {
        return;
    };
    if let Ok((kind, bytes)) = body.encode() {
        assert_eq!(Body::decode(Container { kind, body: &bytes }), Ok(body));
    }
});
