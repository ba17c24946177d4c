//! What a person reads when a server refuses without a word of its own.

/// Why the app is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// The server does not know the credentials any more.
    CredentialsUnknown,
    /// An administrator blocked the remote secret.
    SecretBlocked,
    /// The server has no remote secret for this app.
    SecretMissing,
    /// It has another one.
    SecretStrange,
    /// It was not reached for too long.
    SecretUnreachable,
}

impl Text {
    /// The text in a language; English where there is none.
    pub(crate) fn in_language(self, language: &str) -> &'static str {
        let is_german = language == "de";
        match self {
            Self::CredentialsUnknown if is_german => {
                "Der Server nimmt die Zugangsdaten Ihrer Organisation nicht mehr an."
            }
            Self::CredentialsUnknown => {
                "The server does not accept the credentials of your organisation any more."
            }
            Self::SecretBlocked if is_german => {
                "Ihre Organisation hat diese App gesperrt. Wenden Sie sich an Ihren Administrator."
            }
            Self::SecretBlocked => {
                "Your organisation has locked this app. Ask your administrator to unlock it."
            }
            Self::SecretMissing if is_german => {
                "Der Server hat keinen Schlüssel für diese App. Wenden Sie sich an Ihren \
                 Administrator."
            }
            Self::SecretMissing => {
                "The server has no key for this app. Ask your administrator what to do."
            }
            Self::SecretStrange if is_german => {
                "Der Server hat einen falschen Schlüssel für diese App. Wenden Sie sich an Ihren \
                 Administrator."
            }
            Self::SecretStrange => {
                "The server has a wrong key for this app. Ask your administrator what to do."
            }
            Self::SecretUnreachable if is_german => {
                "Die App ist gesperrt, bis der Server Ihrer Organisation wieder erreichbar ist."
            }
            Self::SecretUnreachable => {
                "The app is locked until the server of your organisation can be reached again."
            }
        }
    }
}
