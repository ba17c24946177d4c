//! What the chat server says to people through their apps.

use super::Language;

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
    pub fn in_language(self, language: Language) -> String {
        let Some(id) = self.id() else {
            // Never translated, because clients look for it.
            return format!("{ELSEWHERE} has been established.");
        };
        let said = language.say(id, &[]);
        match self {
            Self::MovedToWork | Self::MovedToPrivate | Self::ReleasedNotMoved => {
                format!("{ELSEWHERE}: {said}")
            }
            _ => said,
        }
    }

    /// What it is called in `server.ftl`; of those that are marked, what follows the mark.
    const fn id(self) -> Option<&'static str> {
        Some(match self {
            Self::AnotherConnection => return None,
            Self::Revoked => "chat-revoked",
            Self::MovedToWork => "chat-moved-to-work",
            Self::MovedToPrivate => "chat-moved-to-private",
            Self::ReleasedNotMoved => "chat-released-not-moved",
            Self::Detached => "chat-detached",
            Self::Withdrawn => "chat-withdrawn",
            Self::NotActivated => "chat-not-activated",
            Self::ClosedInstance => "chat-closed-instance",
            Self::BadMessage => "chat-bad-message",
            Self::InvalidSender => "chat-invalid-sender",
            Self::QueueFull => "chat-queue-full",
            Self::ServerFull => "chat-server-full",
            Self::Unavailable => "chat-unavailable",
        })
    }
}

/// How a text begins that says that the identity is used elsewhere (protocol.md A2.5).
const ELSEWHERE: &str = "Another connection for the same identity";

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
            for language in Language::all() {
                let said = text.in_language(language);
                let marked = said.starts_with("Another connection for the same identity");
                assert_eq!(marked, index < 4, "{text:?}");
                assert_eq!(said.contains("Another connection"), marked, "{text:?}");
                assert_eq!(said.contains("quota"), text == Text::QueueFull, "{said}");
                assert!(!said.contains("chat-"), "{said}");
            }
        }
    }
}
