//! Words, glyphs and dots that commands and the full screen share.

use dreiklang_client::view::{Message, MessageState, VerificationLevel};

use crate::texts::Texts;

/// What a person should know about a message before trusting it.
pub(crate) fn notes(message: &Message, texts: &Texts) -> Vec<String> {
    [
        (message.notes.without_metadata, "note-without-metadata"),
        (message.notes.out_of_order, "note-out-of-order"),
        (message.notes.clock_ahead, "note-clock-ahead"),
    ]
    .into_iter()
    .filter(|(is_set, _)| *is_set)
    .map(|(_, id)| texts.say(id))
    .collect()
}

/// How far a message is.
pub(crate) fn state_word(state: MessageState, texts: &Texts) -> String {
    texts.say(match state {
        MessageState::Failed => "state-failed",
        MessageState::Pending => "state-pending",
        MessageState::Sent => "state-sent",
        MessageState::Delivered => "state-delivered",
        MessageState::Read | MessageState::IncomingRead => "state-read",
        MessageState::IncomingUnread => "state-unread",
    })
}

/// One, two or three dots: the shape tells without colour.
pub(crate) fn verification_dots(level: VerificationLevel) -> &'static str {
    match level.dots() {
        1 => "●○○",
        2 => "●●○",
        _ => "●●●",
    }
}

/// The same as a word.
pub(crate) fn verification_word(level: VerificationLevel, texts: &Texts) -> String {
    texts.say(match level {
        VerificationLevel::Unverified => "verification-unverified",
        VerificationLevel::Server => "verification-server",
        VerificationLevel::Verified => "verification-verified",
        VerificationLevel::WorkServer => "verification-work-server",
        VerificationLevel::WorkVerified => "verification-work-verified",
    })
}

/// Digits in groups of four, as one reads them to each other.
pub(crate) fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}
