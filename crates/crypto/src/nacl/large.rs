//! Boxes too large for memory, sealed and opened piece by piece, whatever the sizes of the pieces.
//!
//! The bytes are those of [`SharedKey::seal`]. One tag covers the whole box, so a box is read
//! twice: the [`Checker`] sees all of it, and only what it found to be whole gives an [`Opener`].
//! The opener checks once more what it opens, because a file may change between the two readings.

use std::fmt;

use zeroize::Zeroizing;

use super::{Keystream, TAG_KEY_BYTES, split, xor};
use crate::{
    Error, Nonce, SharedKey, TAG_BYTES, constant_time_eq,
    poly1305::{self, Authenticator},
};

/// Seals one box. The tag comes out last, but stands first.
pub struct Sealer {
    cover: Cover,
    tag: RunningTag,
}

impl Sealer {
    /// Starts a box.
    pub fn new(key: &SharedKey, nonce: &Nonce) -> Self {
        let (cover, tag) = start(key, nonce);
        Self { cover, tag }
    }

    /// Encrypts the next piece where it is.
    pub fn seal(&mut self, piece: &mut [u8]) {
        self.cover.apply(piece);
        self.tag.add(piece);
    }

    /// The tag of all pieces, to be put before them.
    pub fn finish(self) -> [u8; TAG_BYTES] {
        self.tag.finish()
    }
}

/// Checks one box before anything of it is opened.
pub struct Checker {
    cover: Cover,
    fresh: RunningTag,
    tag: RunningTag,
    /// What the box begins with, as far as it has come.
    claimed: Vec<u8>,
}

impl Checker {
    /// Starts a box.
    pub fn new(key: &SharedKey, nonce: &Nonce) -> Self {
        let (cover, tag) = start(key, nonce);
        Self {
            cover,
            fresh: tag.clone(),
            tag,
            claimed: Vec::with_capacity(TAG_BYTES),
        }
    }

    /// Takes the next piece of the box, from its first byte on.
    pub fn check(&mut self, sealed: &[u8]) {
        let missing = TAG_BYTES.saturating_sub(self.claimed.len());
        let (tag, body) = sealed.split_at(missing.min(sealed.len()));
        self.claimed.extend_from_slice(tag);
        self.tag.add(body);
    }

    /// The box is complete: is it what was sealed?
    pub fn finish(self) -> Result<Opener, Error> {
        let claimed: [u8; TAG_BYTES] = self.claimed.try_into().map_err(|_| Error)?;
        if !constant_time_eq(&self.tag.finish(), &claimed) {
            return Err(Error);
        }
        Ok(Opener {
            cover: self.cover,
            tag: self.fresh,
            claimed,
        })
    }
}

/// Opens one box that was checked.
pub struct Opener {
    cover: Cover,
    tag: RunningTag,
    claimed: [u8; TAG_BYTES],
}

impl Opener {
    /// Decrypts the next piece of what stands after the tag, where it is.
    pub fn open(&mut self, piece: &mut [u8]) {
        self.tag.add(piece);
        self.cover.apply(piece);
    }

    /// Whether the pieces were those that were checked. If not, what was opened must be thrown
    /// away.
    pub fn finish(self) -> Result<(), Error> {
        if constant_time_eq(&self.tag.finish(), &self.claimed) {
            Ok(())
        } else {
            Err(Error)
        }
    }
}

fn start(key: &SharedKey, nonce: &Nonce) -> (Cover, RunningTag) {
    let (prefix, counter) = split(nonce);
    let keystream = Keystream::new(&key.with_prefix(prefix).0, counter);
    let (tag_key, _) = keystream.first.split_at(TAG_KEY_BYTES);
    let tag_key = tag_key
        .try_into()
        .expect("invariant: the tag key is a Poly1305 key");
    let tag = RunningTag {
        sum: Authenticator::new(tag_key),
        begun: Zeroizing::new([0; _]),
        begun_bytes: 0,
    };
    let cover = Cover {
        keystream,
        used: TAG_KEY_BYTES,
    };
    (cover, tag)
}

/// The stream that covers the body, and how much of its current block is used.
struct Cover {
    keystream: Keystream,
    used: usize,
}

impl Cover {
    fn apply(&mut self, piece: &mut [u8]) {
        let (_, mask) = self.keystream.first.split_at(self.used);
        let (head, rest) = piece.split_at_mut(mask.len().min(piece.len()));
        xor(head, mask);
        self.used = self.used.saturating_add(head.len());
        if rest.is_empty() {
            return;
        }
        let tail = self.keystream.apply_blocks(rest);
        let tail_bytes = tail.len();
        // The block that covers the tail covers the head of the next piece too.
        self.keystream.next_block();
        xor(tail, &*self.keystream.first);
        self.used = tail_bytes;
    }
}

/// The tag of the bytes so far.
#[derive(Clone)]
struct RunningTag {
    sum: Authenticator,
    /// A block that is not whole yet.
    begun: Zeroizing<[u8; poly1305::BLOCK_BYTES]>,
    begun_bytes: usize,
}

impl RunningTag {
    fn add(&mut self, bytes: &[u8]) {
        let (_, free) = self.begun.split_at_mut(self.begun_bytes);
        let (head, rest) = bytes.split_at(free.len().min(bytes.len()));
        for (place, byte) in free.iter_mut().zip(head) {
            *place = *byte;
        }
        self.begun_bytes = self.begun_bytes.saturating_add(head.len());
        if self.begun_bytes < poly1305::BLOCK_BYTES {
            return;
        }
        self.sum.add(&[*self.begun]);
        let (blocks, tail) = rest.as_chunks();
        self.sum.add(blocks);
        for (place, byte) in self.begun.iter_mut().zip(tail) {
            *place = *byte;
        }
        self.begun_bytes = tail.len();
    }

    fn finish(self) -> [u8; TAG_BYTES] {
        let (tail, _) = self.begun.split_at(self.begun_bytes);
        self.sum.finish(tail)
    }
}

macro_rules! silent_debug {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}
silent_debug!(Sealer, Checker, Opener);
