//! What can go wrong in a rule, in one closed set: what the caller is told, not what happened.

/// Why a service refused or failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// The caller may not do that.
    #[error("forbidden")]
    Forbidden,
    /// It exists already, or changed meanwhile.
    #[error("conflict")]
    Conflict,
    /// A field is wrong.
    #[error("invalid {0}")]
    Invalid(&'static str),
    /// Too often.
    #[error("too often")]
    RateLimited,
    /// The server is full.
    #[error("no space left")]
    Full,
    /// The store or another part is out of reach; try later.
    #[error("unavailable")]
    Unavailable,
    /// A fault of ours.
    #[error("internal error")]
    Internal,
}
