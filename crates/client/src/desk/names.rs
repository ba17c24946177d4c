//! What the sender and the conversation of a message are called now.

use super::People;
use super::line::Names;
use crate::view::{self, ConversationId};
use crate::{Connection, Error, Identity};

/// The names for the event of a message.
pub fn names(
    conn: &Connection,
    conversation: ConversationId,
    sender: Identity,
) -> Result<Names, Error> {
    let people = People::named(conn, [sender])?;
    let title = match conversation {
        ConversationId::Contact(identity) => People::named(conn, [identity])?.plain_name(identity),
        ConversationId::Group(group) => view::group(conn, &group)?
            .map_or_else(|| group.to_string(), |group| group.display_name()),
    };
    Ok(Names {
        sender_name: people.plain_name(sender),
        title,
    })
}
