//! Taking the identity elsewhere: as a line of text that a password opens ([`id_string`]), or as a
//! Safe backup on a server ([`safe`]), which also holds contacts and settings.
//!
//! Messages are in neither. What leaves this program is sealed under a key from the person's
//! password alone, so its strength is that of the password.

pub(crate) mod content;
pub(crate) mod document;
mod export;
mod gzip;
pub(crate) mod id_string;
pub(crate) mod password;
pub(crate) mod safe;
pub(crate) mod server;
pub(crate) mod upkeep;

/// Why a backup was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupFault {
    /// It cannot be one: too short, too long, or of another kind.
    #[error("this is no ID export: it has 80 or 104 letters and digits, some may be missing")]
    NoExport,
    /// The password does not open it, or a character in it is wrong; the two look the same.
    #[error("the password is wrong, or a character of the export is")]
    NotOpened,
    /// The server has none under this identity and password.
    #[error("the server has no backup for this ID and password")]
    NotFound,
    /// It was changed on its way or on the server.
    #[error("the backup is damaged")]
    Damaged,
    /// It is larger than a backup can be.
    #[error("the backup is too large")]
    TooLarge,
    /// A later version of the app made it.
    #[error("a later version made this backup: update the app")]
    Newer,
}

/// A backup password has at least this many characters.
pub(crate) const PASSWORD_CHARS_MIN: usize = 8;
/// And at most these.
pub(crate) const PASSWORD_CHARS_MAX: usize = 4096;
