//! Weaknesses that the published attacks need, to prove that the tests would notice (reliability.md
//! G-S1). Compiled only with the feature `planted-bugs`, which no shipped binary has.

use std::sync::atomic::{AtomicU8, Ordering};

/// A defence to take out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Weakness {
    /// The chat server's part of every handshake is the same (attack 1).
    SameHandshake = 1,
    /// Anybody may have any public key, the server's own too (attack 2).
    AnyKey = 2,
    /// Who a message is from and for is taken from its header (attack 4).
    TrustedHeader = 3,
    /// A challenge is good for every endpoint and body, and for ever (attack 5).
    LooseChallenge = 4,
    /// Device cookies are not compared (attack 6).
    NoCookie = 5,
}

static PLANTED: AtomicU8 = AtomicU8::new(0);

/// Takes a defence out of this process, or with `None` puts it back.
pub fn plant(weakness: Option<Weakness>) {
    PLANTED.store(weakness.map_or(0, |it| it as u8), Ordering::Relaxed);
}

pub(crate) fn is(weakness: Weakness) -> bool {
    PLANTED.load(Ordering::Relaxed) == weakness as u8
}
