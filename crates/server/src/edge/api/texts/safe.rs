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
    /// English and German.
    pub(super) fn both(self) -> (&'static str, &'static str) {
        match self {
            Self::NoUserAgent => (
                "The request must name the program in User-Agent.",
                "Die Anfrage muss das Programm in User-Agent nennen.",
            ),
            Self::WrongAccept => (
                "The request must accept the type of the answer (see Accept).",
                "Die Anfrage muss den Typ der Antwort annehmen (siehe Accept).",
            ),
            Self::NoBackupId => (
                "A backup ID has 64 hexadecimal digits.",
                "Die Kennung einer Sicherung hat 64 hexadezimale Ziffern.",
            ),
            Self::EmptyBackup => ("The backup is empty.", "Die Sicherung ist leer."),
        }
    }
}
