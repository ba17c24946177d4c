//! What the server says to people through their clients, in English and German.

use dreiklang_wire::csp::ClientInfo;

/// A language that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, also for everybody whose language is not here.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language of a client, from the third part of its client-info.
    pub fn of(client: &ClientInfo) -> Self {
        client.language().map_or(Self::English, Self::of_tag)
    }

    /// The language of a tag such as `de` or `de-CH`.
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_', '/']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("de") {
            Self::German
        } else {
            Self::English
        }
    }
}

/// A text for the user of a chat client. Only those that say that the identity is used elsewhere
/// may begin with "Another connection": clients recognise them by these words (protocol.md A2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A newer connection of the same identity and device took over.
    AnotherConnection,
    /// The identity was revoked.
    Revoked,
    /// The identity is used in the Work app now.
    MovedToWork,
    /// The identity is used in the private app now.
    MovedToPrivate,
    /// The organisation released the identity, and the private app has not taken it over yet.
    ReleasedNotMoved,
    /// The organisation released the identity.
    Detached,
    /// The organisation withdrew the access.
    Withdrawn,
    /// A Work app with an identity that no organisation has yet.
    NotActivated,
    /// A private app on an instance that is for an organisation only.
    ClosedInstance,
    /// A message came that cannot be understood.
    BadMessage,
    /// A message named another identity as its sender.
    InvalidSender,
    /// Too much waits for a receiver.
    QueueFull,
    /// The server has no space left.
    ServerFull,
    /// The server cannot do its work now.
    Unavailable,
}

impl Text {
    /// The text in a language.
    pub const fn in_language(self, language: Language) -> &'static str {
        match (self, language) {
            // Never translated, because clients look for it.
            (Self::AnotherConnection, _) => {
                "Another connection for the same identity has been established."
            }
            (Self::Revoked, Language::English) => "This identity has been revoked.",
            (Self::Revoked, Language::German) => "Diese ID wurde widerrufen.",
            (Self::MovedToWork, Language::English) => {
                "Another connection for the same identity: this ID is now used in the Work app. \
                 Use this app with a new ID, or remove it."
            }
            (Self::MovedToWork, Language::German) => {
                "Another connection for the same identity: Diese ID wird jetzt in der Work-App \
                 verwendet. Diese App bitte entfernen oder mit einer neuen ID verwenden."
            }
            (Self::MovedToPrivate, Language::English) => {
                "Another connection for the same identity: this ID is now used in the private app."
            }
            (Self::MovedToPrivate, Language::German) => {
                "Another connection for the same identity: Diese ID wird jetzt in der privaten App \
                 verwendet."
            }
            (Self::ReleasedNotMoved, Language::English) => {
                "Another connection for the same identity: this ID was last used in the Work app. \
                 Its organisation has released it; restore it here from a backup to use it here."
            }
            (Self::ReleasedNotMoved, Language::German) => {
                "Another connection for the same identity: Diese ID wurde zuletzt in der Work-App \
                 verwendet. Ihre Organisation hat sie freigegeben; hier aus einer Sicherung \
                 wiederhergestellt, lässt sie sich hier verwenden."
            }
            (Self::Detached, Language::English) => {
                "Your organisation has released this ID. It can be used in the private app: \
                 restore it there from a backup."
            }
            (Self::Detached, Language::German) => {
                "Ihre Organisation hat diese ID freigegeben. Sie lässt sich in der privaten App \
                 verwenden: dort aus einer Sicherung wiederherstellen."
            }
            (Self::Withdrawn, Language::English) => {
                "Your organisation has withdrawn the access. Please ask your administrator."
            }
            (Self::Withdrawn, Language::German) => {
                "Ihre Organisation hat den Zugang entzogen. Bitte an die Administration wenden."
            }
            (Self::NotActivated, Language::English) => {
                "This ID is not activated for Work. Please sign in with the user name and \
                 password from your organisation."
            }
            (Self::NotActivated, Language::German) => {
                "Diese ID ist nicht für Work aktiviert. Bitte mit Benutzername und Passwort \
                 der Organisation anmelden."
            }
            (Self::ClosedInstance, Language::English) => {
                "This server is only for the app of its organisation."
            }
            (Self::ClosedInstance, Language::German) => {
                "Dieser Server ist nur für die App seiner Organisation."
            }
            (Self::BadMessage, Language::English) => "Bad message",
            (Self::BadMessage, Language::German) => "Fehlerhafte Nachricht",
            (Self::InvalidSender, Language::English) => "Invalid sender",
            (Self::InvalidSender, Language::German) => "Falscher Absender",
            (Self::QueueFull, Language::English) => {
                "The receiver's quota is used up: too many messages wait for it."
            }
            (Self::QueueFull, Language::German) => {
                "Das Kontingent (quota) des Empfängers ist erschöpft: Es warten zu viele Nachrichten."
            }
            (Self::ServerFull, Language::English) => "The server has no space left.",
            (Self::ServerFull, Language::German) => "Der Server hat keinen Speicherplatz mehr.",
            (Self::Unavailable, Language::English) => "The server is not available right now.",
            (Self::Unavailable, Language::German) => "Der Server ist gerade nicht verfügbar.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Text; 14] = [
        Text::AnotherConnection,
        Text::MovedToWork,
        Text::MovedToPrivate,
        Text::ReleasedNotMoved,
        Text::Revoked,
        Text::Detached,
        Text::Withdrawn,
        Text::NotActivated,
        Text::ClosedInstance,
        Text::BadMessage,
        Text::InvalidSender,
        Text::QueueFull,
        Text::ServerFull,
        Text::Unavailable,
    ];

    #[test]
    fn only_whose_identity_is_used_elsewhere_hears_the_words_that_clients_look_for() {
        for (index, text) in ALL.into_iter().enumerate() {
            for language in [Language::English, Language::German] {
                let said = text.in_language(language);
                let marked = said.starts_with("Another connection for the same identity");
                assert_eq!(marked, index < 4, "{text:?}");
                assert_eq!(said.contains("Another connection"), marked, "{text:?}");
            }
        }
    }

    #[test]
    fn the_language_comes_from_the_client_info() {
        let of = |text: &str| Language::of(&ClientInfo(text.to_owned()));
        assert_eq!(of("6.3.0;A;de/CH;Pixel"), Language::German);
        assert_eq!(of("6.3.0;I;en/US;iPhone"), Language::English);
        assert_eq!(of("6.3.0;Q;fr/FR;"), Language::English);
        assert_eq!(of(""), Language::English);
    }
}
