//! `send`: a text, in several messages if it is long.

use std::io::{self, Read};

use dreiklang_client::{Client, Command};
use unicode_segmentation::UnicodeSegmentation;

use crate::args::Send;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::{which, who};

/// More than anybody sends in texts; what is larger is a file.
const INPUT_BYTES_MAX: u64 = 64 * 1024;
/// The longest text of one message, with the quote that it may begin with.
const TEXT_BYTES_MAX: usize = 6_000;
/// What naming the quoted message takes of that.
const QUOTE_BYTES: usize = 28;

pub(crate) async fn perform(session: &Session<'_>, flags: Send) -> Result<(), Failure> {
    let text = given(flags.text)?;
    let (to, quote, reference) = (flags.to, flags.quote, flags.delivery.reference.clone());
    let make = async |client: &Client| {
        let to = who::conversation(client, &to).await?;
        let quote = match quote {
            Some(message) => Some(which::position(client, &message).await?),
            None => None,
        };
        let commands = split(&text).into_iter().enumerate().map(|(index, part)| {
            let reference = reference.as_ref().map(|reference| match index {
                0 => reference.clone(),
                _ => format!("{reference}#{}", index + 1),
            });
            Command::SendText {
                to,
                text: part.to_owned(),
                quote: quote.filter(|_| index == 0),
                reference,
            }
        });
        Ok(commands.collect())
    };
    delivery::messages(session, &flags.delivery, make).await
}

/// What was typed, or standard input without the line break at its end.
pub(crate) fn given(text: String) -> Result<String, Failure> {
    if text != "-" {
        return Ok(text);
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(INPUT_BYTES_MAX)
        .read_to_end(&mut bytes)?;
    let mut text = String::from_utf8(bytes).map_err(|_| Failure::usage("not-utf8"))?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// Parts that fit into one message each, divided between lines or words where there are some.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let limit = TEXT_BYTES_MAX - QUOTE_BYTES;
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > limit {
        let mut end = 0;
        for (at, cluster) in rest.grapheme_indices(true) {
            if at + cluster.len() > limit {
                break;
            }
            end = at + cluster.len();
        }
        // One character of that size is no text: it goes out as it is, and is refused.
        if end == 0 {
            break;
        }
        let head = &rest[..end];
        let at = head
            .rfind('\n')
            .or_else(|| head.rfind(char::is_whitespace))
            .filter(|at| *at > limit / 2)
            .unwrap_or(end);
        parts.push(rest[..at].trim_end());
        rest = rest[at..].trim_start();
    }
    if parts.is_empty() || !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_divided_between_words() {
        assert_eq!(split("short"), ["short"]);
        assert_eq!(split(""), [""], "the engine says that it is empty");
        let text = "word ".repeat(3_000);
        let parts = split(text.trim_end());
        assert!(parts.len() == 3 && parts.iter().all(|part| part.len() <= TEXT_BYTES_MAX));
        assert!(
            parts.iter().all(|part| part.ends_with("word")),
            "whole words"
        );
        assert_eq!(parts.join(" "), text.trim_end());
    }

    #[test]
    fn no_character_is_torn_apart() {
        let text = "👩‍👩‍👧‍👦".repeat(600);
        let parts = split(&text);
        assert_eq!(parts.concat(), text);
        assert!(parts.iter().all(|part| part.starts_with('👩')));
    }
}
