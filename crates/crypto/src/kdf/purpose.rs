//! One key, one purpose: every (salt, personal) pair of the protocol, in one table.

/// A pair of BLAKE2b labels. Two purposes never share a pair, so that keys derived from the same
/// secret for two purposes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    salt: &'static str,
    personal: &'static str,
}

impl Purpose {
    /// Derives the key for this purpose. The input may be empty.
    pub fn derive(self, key: &[u8], input: &[u8]) -> [u8; 32] {
        super::blake2b(key, self.salt, self.personal, input)
    }
}
