//! Why bytes of the other side, or values of ours, were refused.

/// What was wrong. It says who is at fault, never what a secret looked like.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes end before the structure does.
    #[error("the structure is cut short")]
    Truncated,
    /// Something is longer than its limit, whether it came in or was about to go out.
    #[error("longer than the limit")]
    TooLong,
    /// The bytes or the text do not have the layout that was expected.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// The layout is fine, but an honest peer would not have sent this.
    #[error("the peer misbehaved: {0}")]
    PeerMisbehaved(&'static str),
    /// A public key that must not be used: low order, not canonical, or all zero.
    #[error("unacceptable public key")]
    BadKey,
    /// A box did not open, or a proof did not verify. There is deliberately no reason.
    #[error("not authentic")]
    NotAuthentic,
    /// The state machine was fed after it had finished or failed.
    #[error("called after the end")]
    Finished,
}
