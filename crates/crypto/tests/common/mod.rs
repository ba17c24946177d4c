//! What the test files share: reading hexadecimal.

/// Reads exactly `N` bytes.
pub(crate) fn hex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}
