//! Weaknesses that the published attacks on a client need, to prove that the tests would notice
//! (reliability.md G-S1). Compiled only with the feature `planted-bugs`, which no shipped binary
//! has.

use std::sync::atomic::{AtomicU8, Ordering};

use dreiklang_crypto::SecretKey;
use dreiklang_wire::api::directory::{Challenge, challenge::Proof};

/// A defence to take out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Weakness {
    /// Number and time of a message are taken from the server's header (attack 3).
    TrustedHeader = 1,
    /// Nonces of messages are not remembered (attack 4).
    ForgottenNonces = 2,
    /// Challenges of the directory are answered with a box for the key it chose (attack 5).
    BoxedProof = 3,
    /// That another device has used the identity is told once and not kept (attack 6).
    ForgottenWarning = 4,
    /// The identity can be exported whatever the organisation says (attack 6).
    ExportForAll = 5,
    /// Safe backups are compressed (attack 7).
    CompressedSafe = 6,
}

static PLANTED: AtomicU8 = AtomicU8::new(0);

/// Takes a defence out of this process, or with `None` puts it back.
pub fn plant(weakness: Option<Weakness>) {
    PLANTED.store(weakness.map_or(0, |it| it as u8), Ordering::Relaxed);
}

pub(crate) fn is(weakness: Weakness) -> bool {
    PLANTED.load(Ordering::Relaxed) == weakness as u8
}

/// With the weakness, what clients answered before: the rest of the token, in a box for the key
/// that the directory chose, under the nonce that it chose.
pub(crate) fn answered(challenge: &Challenge, own: &SecretKey, mut proof: Proof) -> Proof {
    if is(Weakness::BoxedProof)
        && let Some((nonce, text)) = challenge.token.0.split_first_chunk::<24>()
    {
        proof.response.0 = own.agree(&challenge.response_key).seal(nonce, text);
    }
    proof
}
