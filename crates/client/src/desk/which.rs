//! Which message is meant: by its position, or by its id.

use crate::view::{self, Message, Position};
use crate::{Client, MessageId};

use super::failure::Failure;

/// How a person or a script names a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Position(Position),
    Id(MessageId),
}

/// The message that is meant.
pub async fn message(client: &Client, text: &str) -> Result<Message, Failure> {
    let unknown = || Failure::usage("no-such-message").with("text", text);
    let mut found = match parse(text).ok_or_else(unknown)? {
        Name::Position(position) => {
            let message = client.view(move |conn| view::message(conn, position));
            Vec::from_iter(message.await?)
        }
        Name::Id(id) => {
            client
                .view(move |conn| view::messages_by_id(conn, id))
                .await?
        }
    };
    match (found.pop(), found.is_empty()) {
        (Some(message), true) => Ok(message),
        (None, _) => Err(unknown()),
        // Ids are chosen by whoever sends: the same one may stand in two conversations.
        (Some(last), false) => {
            let positions = found
                .iter()
                .chain([&last])
                .map(|m| m.position.0.to_string());
            let list: Vec<_> = positions.collect();
            Err(Failure::usage("ambiguous-message").with("matches", list.join(", ")))
        }
    }
}

/// The position that is meant.
pub async fn position(client: &Client, text: &str) -> Result<Position, Failure> {
    Ok(message(client, text).await?.position)
}

fn parse(text: &str) -> Option<Name> {
    let text = text.trim();
    let digits = text.strip_prefix('#').unwrap_or(text);
    if digits.len() == ID_DIGITS {
        return digits.parse().ok().map(Name::Id);
    }
    let position = digits.parse().ok().filter(|position| *position > 0)?;
    Some(Name::Position(Position(position)))
}

const ID_DIGITS: usize = 2 * MessageId::BYTES;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_ids_are_told_apart() {
        let at = |position| Some(Name::Position(Position(position)));
        assert_eq!(parse(" 17 "), at(17));
        assert_eq!(parse("#17"), at(17), "as history shows it");
        let id = Some(Name::Id(MessageId([0, 1, 2, 3, 4, 5, 6, 0xff])));
        assert_eq!(parse("00010203040506ff"), id);
        for text in ["", "0", "-1", "x", "00010203040506fg", "1.5"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
