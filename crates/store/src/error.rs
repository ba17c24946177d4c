//! What can go wrong, sorted by what the caller may do about it.

/// Every failure of the store. Lookups that find nothing are no failure: they give `Option`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A unique value is already taken. Nothing was written.
    #[error("conflict with what is stored")]
    Conflict,
    /// The disk has no room for new things. Releases and deletions still work.
    #[error("no space left for new things")]
    Full,
    /// The database cannot be reached, or the outcome of a commit is unknown. Try again later, and
    /// acknowledge nothing.
    #[error("storage unavailable: {0}")]
    Unavailable(String),
    /// A device reported an error while reading or writing. The writer aborts the process on it.
    #[error("storage device failed: {0}")]
    Io(String),
    /// What is stored contradicts itself.
    #[error("storage corrupt: {0}")]
    Corrupt(String),
    /// The store must not be opened like this; the text says why and is meant for the operator.
    #[error("{0}")]
    Refused(String),
    /// The caller broke a limit or handed over something malformed.
    #[error("invalid request to the store: {0}")]
    Invalid(&'static str),
}

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

impl Error {
    pub(crate) fn closed() -> Self {
        Self::Unavailable("the store is closed".to_owned())
    }

    pub(crate) fn from_sqlite(error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let text = error.to_string();
        let Some(cause) = error.sqlite_error() else {
            return match error {
                rusqlite::Error::QueryReturnedNoRows => Self::Corrupt("row missing".to_owned()),
                _ => Self::Corrupt(text),
            };
        };
        match cause.code {
            // Growing the shared-memory file is where SQLite reports a full disk as an I/O error.
            _ if cause.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => Self::Full,
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::SystemIoFailure => Self::Io(text),
            ErrorCode::ConstraintViolation => Self::Conflict,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(text),
            _ => Self::Unavailable(text),
        }
    }

    pub(crate) fn from_postgres(error: &tokio_postgres::Error) -> Self {
        let Some(cause) = error.as_db_error() else {
            return Self::Unavailable(error.to_string());
        };
        let text = format!("{} ({})", cause.message(), cause.code().code());
        match cause.code().code() {
            // Class 53: insufficient resources; 53100 is a full disk.
            "53100" => Self::Full,
            // Class 23: integrity constraint violations.
            code if code.starts_with("23") => Self::Conflict,
            // Class XX: internal errors, which include damaged pages.
            code if code.starts_with("XX") => Self::Corrupt(text),
            // Class 58: errors of the operating system, such as input and output.
            code if code.starts_with("58") => Self::Io(text),
            _ => Self::Unavailable(text),
        }
    }

    pub(crate) fn from_io(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error.to_string()),
        }
    }
}

/// Turns the errors of the two drivers and of files into the store's own.
pub(crate) trait OrStoreError<T> {
    fn or_store_error(self) -> Result<T>;
}

impl<T> OrStoreError<T> for Result<T, rusqlite::Error> {
    fn or_store_error(self) -> Result<T> {
        self.map_err(|error| Error::from_sqlite(&error))
    }
}

impl<T> OrStoreError<T> for Result<T, tokio_postgres::Error> {
    fn or_store_error(self) -> Result<T> {
        self.map_err(|error| Error::from_postgres(&error))
    }
}

impl<T> OrStoreError<T> for std::io::Result<T> {
    fn or_store_error(self) -> Result<T> {
        self.map_err(|error| Error::from_io(&error))
    }
}
