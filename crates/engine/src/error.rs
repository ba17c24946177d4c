//! Why [`handle`](crate::Engine::handle) could not do its work.

/// What the driver must do is the variant: whichever it is, roll back, drop the engine, reopen.
///
/// A person's mistake is no error: it is a [`Refusal`](crate::Refusal) in a reply.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The other side sent what cannot be: reconnect.
    #[error("the server broke the protocol: {0}")]
    Wire(#[source] dreiklang_wire::Error),
    /// The database failed or holds what this version cannot read: reopen it, or report.
    #[error("the local database failed: {0}")]
    Store(#[source] rusqlite::Error),
    /// The database was written by a newer version of this program.
    #[error("the local database has schema version {0}, which this version does not know")]
    Newer(i64),
    /// The database was made by another edition of the app.
    #[error("the local database belongs to the {0} edition of the app")]
    OtherEdition(String),
    /// The code contradicts itself: report.
    #[error("internal error: {0}")]
    Bug(&'static str),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;
