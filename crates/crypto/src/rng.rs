//! The random number generators of the project, both passed in by whoever starts the work.

use std::convert::Infallible;

use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::kdf;

/// The operating system's generator. A failing system generator is not survivable: it panics.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRng;

impl TryRng for SystemRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(random(self)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(random(self)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        getrandom::fill(bytes).expect("invariant: the system's random number generator works");
        Ok(())
    }
}

impl TryCryptoRng for SystemRng {}

/// The operating system's generator, stirred by something that a person did: what comes out is at
/// least as hard to guess as the better of the two.
pub struct StirredRng(ChaCha20Rng);

impl StirredRng {
    /// Stirs in bytes of any quality and length, the movements of a finger for example.
    pub fn new(stirred: &[u8]) -> Self {
        let hashed = kdf::sha256(stirred);
        Self(ChaCha20Rng::from_seed(hashed))
    }
}

impl TryRng for StirredRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(random(self)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(random(self)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        SystemRng.try_fill_bytes(bytes)?;
        let mut stirred = Zeroizing::new(vec![0; bytes.len()]);
        self.0.fill_bytes(&mut stirred);
        for (byte, stirred) in bytes.iter_mut().zip(stirred.iter()) {
            *byte ^= stirred;
        }
        Ok(())
    }
}

impl TryCryptoRng for StirredRng {}

impl std::fmt::Debug for StirredRng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StirredRng")
    }
}

/// A reproducible generator for tests and simulation. Whoever knows the seed knows its output, so
/// it must never make a key that protects anything.
pub struct SeededRng(ChaCha20Rng);

impl SeededRng {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }
}

impl TryRng for SeededRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl TryCryptoRng for SeededRng {}

impl std::fmt::Debug for SeededRng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeededRng")
    }
}

/// Draws `N` random bytes.
pub fn random<const N: usize>(rng: &mut (impl CryptoRng + ?Sized)) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stirred_in_alone_decides_nothing() {
        let draw = |stirred: &[u8]| random::<32>(&mut StirredRng::new(stirred));
        assert_ne!(
            draw(b"the same"),
            draw(b"the same"),
            "the system's part is there"
        );
    }
}
