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

impl Error {
    /// What the store's failure means to a caller. The detail goes to the log, not to the caller.
    #[expect(clippy::needless_pass_by_value, reason = "meant for map_err")]
    pub fn of_store(error: dreiklang_store::Error) -> Self {
        match error {
            dreiklang_store::Error::Conflict => Self::Conflict,
            dreiklang_store::Error::Full => Self::Full,
            dreiklang_store::Error::Invalid(field) => Self::Invalid(field),
            dreiklang_store::Error::Unavailable(_) => {
                tracing::warn!(%error, "the store is out of reach");
                Self::Unavailable
            }
            _ => {
                tracing::error!(%error, "the store failed");
                Self::Internal
            }
        }
    }
}
