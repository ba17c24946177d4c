//! Pieces of a login that is not honest.

use dreiklang_crypto::{PublicKey, SecretKey, SharedKey};
use dreiklang_wire::{csp::server::ServerKeys, spec};

/// What an honest client computes from the server-hello: the key of the connection.
pub(crate) fn session_key(tck: &SecretKey, keys: &ServerKeys, answer: &[u8]) -> SharedKey {
    let (cookie, sealed) = answer.split_first_chunk::<16>().unwrap();
    let mut plain = sealed.to_vec();
    let shared = tck.agree(&keys.current.public()).with_prefix(cookie);
    let plain = shared.open_in_place(1, &mut plain).unwrap();
    tck.agree(&PublicKey::try_from(&plain[..32]).unwrap())
}

/// The plaintext of a login box without a vouch, for a client that is not honest.
pub(crate) fn login_data(server_cookie: &[u8], extensions: usize) -> Vec<u8> {
    let mut plain = b"ECHOECHOthreema-clever-extension-field".to_vec();
    plain.extend_from_slice(&u16::try_from(extensions).unwrap().to_le_bytes());
    plain.extend_from_slice(server_cookie);
    plain.resize(spec::LOGIN_PLAIN_BYTES, 0);
    plain
}
