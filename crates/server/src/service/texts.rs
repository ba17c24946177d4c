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

/// A text for the user of a chat client. Only the first may begin with "Another connection":
/// clients recognise it by these words (protocol.md A2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A newer connection of the same identity and device took over.
    AnotherConnection,
    /// The identity was revoked.
    Revoked,
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

    const ALL: [Text; 7] = [
        Text::AnotherConnection,
        Text::Revoked,
        Text::BadMessage,
        Text::InvalidSender,
        Text::QueueFull,
        Text::ServerFull,
        Text::Unavailable,
    ];

    #[test]
    fn only_the_replaced_connection_hears_the_words_that_clients_look_for() {
        for text in ALL {
            for language in [Language::English, Language::German] {
                let marked = text.in_language(language).contains("Another connection");
                assert_eq!(marked, text == Text::AnotherConnection, "{text:?}");
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
