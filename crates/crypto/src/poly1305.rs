//! Poly1305 (RFC 8439, 2.5) over the formally verified field arithmetic of fiat-crypto.
//!
//! Only the glue is ours: cutting the message into numbers and adding up. It has no branch and no
//! index that depends on a secret. Why not a ready crate: see ADR 0003.

use fiat_crypto::poly1305_64::{
    fiat_poly1305_add as add, fiat_poly1305_carry_mul as multiply,
    fiat_poly1305_loose_field_element as Loose, fiat_poly1305_relax as relax,
    fiat_poly1305_tight_field_element as Tight, fiat_poly1305_to_bytes as to_bytes,
};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::TAG_BYTES;

/// Authenticates `message` under a key that is used for this message only.
pub(crate) fn authenticate(key: &[u8; 32], message: &[u8]) -> [u8; TAG_BYTES] {
    let mut authenticator = Authenticator::new(key);
    let (blocks, tail) = message.as_chunks();
    authenticator.add(blocks);
    authenticator.finish(tail)
}

/// The sum over the blocks so far, for a message that does not come at once.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Authenticator {
    multiplier: [u64; 3],
    sum: [u64; 3],
    pad: u128,
}

impl Authenticator {
    /// Starts a message. The key is used for this message only.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let (point, pad) = key.split_at(BLOCK_BYTES);
        let mut point = element(number(point) & CLAMP, 0);
        let mut multiplier = Loose([0; 3]);
        relax(&mut multiplier, &point);
        point.0.zeroize();
        Self {
            multiplier: multiplier.0,
            sum: [0; 3],
            pad: number(pad),
        }
    }

    /// Adds whole blocks.
    pub(crate) fn add(&mut self, blocks: &[[u8; BLOCK_BYTES]]) {
        let multiplier = Loose(self.multiplier);
        let mut sum = Tight(self.sum);
        for block in blocks {
            // Each block has an implicit high byte of 1, which is bit 128.
            step(
                &mut sum,
                &multiplier,
                &element(u128::from_le_bytes(*block), 1),
            );
        }
        self.sum = sum.0;
    }

    /// Adds what is left, less than a block, and gives the tag.
    pub(crate) fn finish(self, tail: &[u8]) -> [u8; TAG_BYTES] {
        let mut sum = Tight(self.sum);
        if !tail.is_empty() {
            // In the last, short block the 1 comes right after the bytes.
            let end = number(tail.iter().chain(&[1]));
            step(&mut sum, &Loose(self.multiplier), &element(end, 0));
        }
        let mut reduced = [0; 17];
        to_bytes(&mut reduced, &sum);
        let (low, _) = reduced.split_at(BLOCK_BYTES);
        let tag = number(low).wrapping_add(self.pad).to_le_bytes();
        sum.0.zeroize();
        reduced.zeroize();
        tag
    }
}

/// `sum = (sum + block) * multiplier`.
fn step(sum: &mut Tight, multiplier: &Loose, block: &Tight) {
    let mut next = Loose([0; 3]);
    add(&mut next, sum, block);
    multiply(sum, &next, multiplier);
}

/// Cuts a number of 129 bits, given as its low 128 and its top one, into limbs of 44, 43, 43.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each limb is masked to fewer than 64 bits"
)]
fn element(low: u128, top: u64) -> Tight {
    Tight([
        low as u64 & ((1 << 44) - 1),
        (low >> 44) as u64 & ((1 << 43) - 1),
        (low >> 87) as u64 | top << 41,
    ])
}

/// Reads at most 16 bytes, little-endian.
fn number<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u128 {
    let mut block = [0; BLOCK_BYTES];
    for (place, byte) in block.iter_mut().zip(bytes) {
        *place = *byte;
    }
    u128::from_le_bytes(block)
}

/// What the message is cut into.
pub(crate) const BLOCK_BYTES: usize = 16;

/// The bits of the evaluation point that may be set.
const CLAMP: u128 = 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff;

#[cfg(test)]
mod tests {
    use ::poly1305::{Poly1305, universal_hash::KeyInit};
    use proptest::{collection::vec, prelude::*};

    use super::authenticate;

    fn reference(key: &[u8; 32], message: &[u8]) -> [u8; 16] {
        Poly1305::new(&(*key).into())
            .compute_unpadded(message)
            .into()
    }

    fn key(point: &str, pad: &str) -> [u8; 32] {
        hex::decode(format!("{point}{pad}"))
            .unwrap()
            .try_into()
            .unwrap()
    }

    /// RFC 8439, 2.5.2.
    #[test]
    fn authenticates_the_rfcs_example() {
        let key = key(
            "85d6be7857556d337f4452fe42d506a8",
            "0103808afb0db2fd4abff6af4149f51b",
        );
        let tag = authenticate(&key, b"Cryptographic Forum Research Group");
        assert_eq!(hex::encode(tag), "a8061dc1305136c6c22b8baf0c0127a9");
    }

    /// Sums at and around 2^130 - 5 and 2^128 are where carries go wrong: long runs of ff and of
    /// the bytes near them, under the smallest and the largest evaluation points.
    #[test]
    fn carries_at_the_edges() {
        let fills = [0x00, 0x01, 0xfa, 0xfb, 0xfc, 0xfe, 0xff];
        let points = ["00", "01", "02", "04", "ff"].map(|low| format!("{low}{}", "00".repeat(15)));
        for point in points.into_iter().chain(["ff".repeat(16)]) {
            for pad in ["00".repeat(16), "ff".repeat(16)] {
                let key = key(&point, &pad);
                for first in fills {
                    for rest in fills {
                        for length in [0, 1, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65] {
                            let mut message = vec![rest; length];
                            for byte in message.iter_mut().step_by(16) {
                                *byte = first;
                            }
                            assert_eq!(authenticate(&key, &message), reference(&key, &message));
                        }
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn equals_the_reference(key: [u8; 32], message in vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(authenticate(&key, &message), reference(&key, &message));
        }
    }
}
