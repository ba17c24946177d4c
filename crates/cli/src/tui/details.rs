//! What the window with the details of a message, a contact or a group says.

use dreiklang_client::engine::Timestamp;
use dreiklang_client::fingerprint;
use dreiklang_client::view::{Contact, Edit, Group, Message, Times};

use super::Look;
use super::state::{Open, title_of};
use crate::cmd::contact::{mismatch_words, policy_word};
use crate::cmd::group::role;
use crate::people::Named;
use crate::safe;
use crate::session::Session;
use crate::words::{grouped, state_word, verification_word};

/// When a message got how far, and what it said before.
pub(super) fn words(
    message: &Message,
    times: &Times,
    edits: &[Edit],
    session: &Session<'_>,
) -> String {
    let (texts, calendar) = (session.texts, &session.calendar);
    let at = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), |at| calendar.full(at));
    let mut words = texts.with(
        "message-details",
        &[
            ("position", &message.position.0.to_string()),
            ("id", &message.id.to_string()),
            ("sender", message.sender.as_str()),
            ("state", &state_word(message.state, texts)),
            ("written", &calendar.full(message.created_at)),
            ("here", &calendar.full(message.stored_at)),
            ("sent", &at(times.sent_at)),
            ("delivered", &at(times.delivered_at)),
            ("read", &at(times.read_at)),
        ],
    );
    for edit in edits {
        words.push_str("\n\n");
        words.push_str(&texts.with(
            "message-said-before",
            &[
                ("time", &calendar.full(edit.written_at)),
                ("text", &safe::block(&edit.text)),
            ],
        ));
    }
    words
}

pub(super) fn of_contact(contact: &Contact, look: &Look<'_>) -> String {
    let texts = look.texts;
    let mut marks = verification_word(contact.verification_level, texts);
    if contact.is_blocked {
        marks = format!("{marks}, {}", texts.say("contact-is-blocked"));
    }
    let words = texts.with(
        "details-text",
        &[
            ("name", &safe::line(&contact.display_name())),
            ("id", contact.identity.as_str()),
            ("nickname", &safe::line(&contact.nickname)),
            ("marks", &marks),
            ("fingerprint", &grouped(&fingerprint(&contact.public_key))),
            ("read-receipts", &policy_word(contact.read_receipts, texts)),
            ("typing", &policy_word(contact.typing_indicators, texts)),
        ],
    );
    match &contact.key_mismatch {
        Some(mismatch) => format!("{}\n\n{words}", mismatch_words(contact, mismatch, texts)),
        None => words,
    }
}

pub(super) fn of_group(open: &Open, group: &Group, look: &Look<'_>) -> String {
    let texts = look.texts;
    let names = open
        .members
        .iter()
        .map(|(identity, name)| format!("  {identity}  {name}"));
    let creator = open
        .members
        .iter()
        .find(|(id, _)| *id == group.identity.creator);
    let creator = match creator {
        Some((_, name)) => name.clone(),
        None => open.people.name(group.identity.creator, texts),
    };
    texts.with(
        "group-details-text",
        &[
            ("name", &title_of(&open.partner)),
            ("id", &group.identity.to_string()),
            ("creator", &creator),
            ("members", &names.collect::<Vec<_>>().join("\n")),
            ("role", &role(group, texts)),
        ],
    )
}
