//! Quotes: how a text says which message it answers. A quote is the beginning of the text, so that
//! apps that do not know it show something sensible.

use std::fmt;

use dreiklang_wire::id::{Identity, MessageId};
use rusqlite::{Connection, OptionalExtension};

use super::{Content, Position, timeline};
use crate::error::Result;

/// What a text answers.
#[derive(Clone, PartialEq, Eq)]
pub enum Quoted {
    /// A message of the same conversation.
    Message(MessageId),
    /// Words of somebody, copied by an old client.
    Words {
        /// Whose words.
        identity: Identity,
        /// The words.
        text: String,
    },
}

/// The answered message as a screen shows it.
#[derive(Clone, PartialEq, Eq)]
pub enum Quote {
    /// A message of the same conversation.
    Message {
        /// Where it stands.
        position: Position,
        /// Who wrote it.
        sender: Identity,
        /// What it says now; [`Content::Deleted`] if its sender deleted it.
        content: Box<Content>,
    },
    /// Words that an old client copied; nobody can tell whether they are right.
    Words {
        /// Whose words.
        identity: Identity,
        /// The words.
        text: String,
    },
    /// The message is not in this conversation, or not any more.
    Missing,
}

// What people write must not end in a log by way of `{:?}`.
impl fmt::Debug for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(id) => write!(f, "Message({id})"),
            Self::Words { identity, text } => {
                write!(f, "Words({identity}, {} bytes)", text.len())
            }
        }
    }
}

impl fmt::Debug for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message {
                position, content, ..
            } => write!(f, "Message({position:?}, {content:?})"),
            Self::Words { identity, text } => {
                write!(f, "Words({identity}, {} bytes)", text.len())
            }
            Self::Missing => f.write_str("Missing"),
        }
    }
}

const NEW_BEGINS: &str = "> quote #";
const NEW_ENDS: &str = "\n\n";
const OLD_LINE: &str = "> ";

/// The answered message and the answer; nothing if the text answers nothing.
pub fn split_quote(text: &str) -> Option<(Quoted, &str)> {
    split_new(text).or_else(|| split_old(text))
}

/// Looks the answered message up in the conversation of the answer.
pub(super) fn find(conn: &Connection, answer: Position, quoted: Quoted) -> Result<Quote> {
    let id = match quoted {
        Quoted::Words { identity, text } => return Ok(Quote::Words { identity, text }),
        Quoted::Message(id) => id,
    };
    let mut statement = conn.prepare_cached(&format!(
        "{} WHERE m.message_id = ?1 AND m.is_shown = 1 AND m.conversation_id =
             (SELECT conversation_id FROM messages WHERE position = ?2)
         ORDER BY m.position LIMIT 1",
        timeline::SELECT
    ))?;
    let found = statement
        .query_row((id.as_bytes(), answer.0), |row| timeline::read(row, 0))
        .optional()?;
    Ok(found.map_or(Quote::Missing, |message| Quote::Message {
        position: message.position,
        sender: message.sender,
        content: Box::new(match message.content {
            Content::Text(text) => Content::Text(without_quote(&text).to_owned()),
            other => other,
        }),
    }))
}

/// The text without what it answers.
pub(crate) fn without_quote(text: &str) -> &str {
    split_quote(text).map_or(text, |(_, answer)| answer)
}

/// What stands before the answer in a text that answers.
pub(crate) fn quote_part(text: &str) -> &str {
    let length = text.len().saturating_sub(without_quote(text).len());
    text.get(..length).unwrap_or_default()
}

/// The text of an answer as it goes over the wire.
pub(crate) fn with_quote(quoted: MessageId, text: &str) -> String {
    format!("{NEW_BEGINS}{quoted}{NEW_ENDS}{text}")
}

fn split_new(text: &str) -> Option<(Quoted, &str)> {
    let (id, answer) = text
        .strip_prefix(NEW_BEGINS)?
        .split_at_checked(MessageId::BYTES.saturating_mul(2))?;
    let mut bytes = [0; MessageId::BYTES];
    for (byte, digits) in bytes.iter_mut().zip(id.as_bytes().as_chunks::<2>().0) {
        let is_lower = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        let digits = str::from_utf8(digits)
            .ok()
            .filter(|digits| digits.as_bytes().iter().all(is_lower))?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some((
        Quoted::Message(MessageId(bytes)),
        answer.strip_prefix(NEW_ENDS)?,
    ))
}

/// `> IDENTITY: words`, every further line of the words with the same mark.
fn split_old(text: &str) -> Option<(Quoted, &str)> {
    let (identity, mut rest) = text
        .strip_prefix(OLD_LINE)?
        .split_at_checked(Identity::BYTES)?;
    let identity: Identity = identity.parse().ok()?;
    rest = rest.strip_prefix(": ")?;
    let mut words = String::new();
    loop {
        let (line, after) = rest.split_once('\n')?;
        words.push_str(line);
        let Some(next) = after.strip_prefix(OLD_LINE) else {
            let answer = after.trim_start_matches('\n');
            return (!answer.is_empty()).then(|| {
                let text = words.trim_end().to_owned();
                (Quoted::Words { identity, text }, answer)
            });
        };
        words.push('\n');
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: MessageId = MessageId([0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0xff]);

    fn words(text: &str) -> Option<(String, String, &str)> {
        match split_quote(text)? {
            (Quoted::Words { identity, text }, answer) => {
                Some((identity.to_string(), text, answer))
            }
            (Quoted::Message(_), _) => None,
        }
    }

    #[test]
    fn a_quote_names_the_message_by_its_id() {
        let text = with_quote(ID, "Fine.\n> no quote");
        assert_eq!(text, "> quote #00112233445566ff\n\nFine.\n> no quote");
        assert_eq!(
            split_quote(&text),
            Some((Quoted::Message(ID), "Fine.\n> no quote"))
        );
    }

    #[test]
    fn what_only_looks_like_a_quote_is_text() {
        for text in [
            "",
            "> asdf",
            "> quote #00112233445566FF\n\nx",
            "> quote #00112233445566f\n\nx",
            "> quote #00112233445566ff\nx",
            "> quote #+0112233445566ff\n\nx",
            " > quote #00112233445566ff\n\nx",
            "> quote #0011223344556\u{e9}\n\nx",
            "> ABCDEFG: Quote\n\nBody",
            "> ABCDEFGHI: Quote\n\nBody",
            "> ABCDEFGH: only words",
            "> ABCDEFGH: only words\n\n",
        ] {
            assert_eq!(split_quote(text), None, "{text:?}");
        }
    }

    #[test]
    fn copied_words_are_lines_with_a_mark() {
        let old = |identity: &str, text: &str| (identity.to_owned(), text.to_owned());
        let (identity, quoted, answer) =
            words("> *THREEMA: hello\n> goodbye\n\nyes indeed!").unwrap();
        assert_eq!((identity, quoted), old("*THREEMA", "hello\ngoodbye"));
        assert_eq!(answer, "yes indeed!");
        let (identity, quoted, answer) = words("> ABCDEFGH: hello\ngoodbye\n\nyes").unwrap();
        assert_eq!((identity, quoted), old("ABCDEFGH", "hello"));
        assert_eq!(answer, "goodbye\n\nyes");
    }

    proptest! {
        #[test]
        fn building_and_splitting_are_each_others_opposite(id: [u8; 8], text: String) {
            let built = with_quote(MessageId(id), &text);
            prop_assert_eq!(
                split_quote(&built),
                Some((Quoted::Message(MessageId(id)), text.as_str()))
            );
        }

        #[test]
        fn no_text_breaks_it(text in "(> )?(quote #|[A-Z]{8}: )?[> \n0-9a-f:é]{0,40}") {
            if let Some((_, answer)) = split_quote(&text) {
                prop_assert!(text.ends_with(answer));
            }
        }
    }
}
