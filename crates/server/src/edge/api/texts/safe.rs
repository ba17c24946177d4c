//! What the interface says about Safe backups.

/// Something about Safe backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SafeText {
    /// The program does not say its name.
    NoUserAgent,
    /// The program does not take what there is.
    WrongAccept,
    /// That is no id of a backup.
    NoBackupId,
    /// The backup has no content.
    EmptyBackup,
}

impl SafeText {
    /// What it is called in `server.ftl`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::NoUserAgent => "safe-no-user-agent",
            Self::WrongAccept => "safe-wrong-accept",
            Self::NoBackupId => "safe-no-backup-id",
            Self::EmptyBackup => "safe-empty-backup",
        }
    }
}
