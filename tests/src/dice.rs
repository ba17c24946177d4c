//! Decisions of the harness: random, and the same again for the same seed.

use dreiklang_crypto::{SeededRng, random};

/// A source of decisions.
#[derive(Debug)]
pub struct Dice {
    rng: SeededRng,
}

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Self {
            rng: SeededRng::new(seed),
        }
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        u64::from_le_bytes(random(&mut self.rng))
    }

    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.number() >> 1;
        usize::try_from(number).unwrap_or_default() % end.max(1)
    }

    /// True once in `times` on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Some bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.number().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}
