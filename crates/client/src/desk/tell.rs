//! What happens, with everything that a screen needs to show it.

use super::format::Message;
use super::scene::Scene;
use super::{Desk, EventLine};
use crate::view::{self, ConversationId};
use crate::{Connection, EngineEvent, Error, Event};

impl Desk {
    /// The line for an event with names and parts; nothing for what nobody needs to know.
    pub async fn tell(&self, event: &Event) -> Result<Option<EventLine>, Error> {
        match EventLine::from_event(event) {
            Some(line) => self.complete(line, event).await.map(Some),
            None => Ok(None),
        }
    }

    /// Adds to the line of an event what only the database knows.
    pub async fn complete(&self, line: EventLine, event: &Event) -> Result<EventLine, Error> {
        let (EngineEvent::Message(message) | EngineEvent::MessageChanged(message)) = (match event {
            Event::Engine(event) => event,
            _ => return Ok(line),
        }) else {
            return Ok(line);
        };
        let (message, now) = (message.clone(), self.clock.now());
        let (title, shown) = self
            .client
            .view(move |conn| -> Result<_, Error> {
                let scene = Scene::of(conn, [&message], now)?;
                Ok((title(conn, message.conversation)?, scene.show(&message)))
            })
            .await?;
        Ok(match line {
            EventLine::Message { .. } => EventLine::Message {
                message: Box::new(shown),
                title: Some(title),
            },
            EventLine::MessageChanged(_) => EventLine::MessageChanged(Box::new(shown)),
            line => line,
        })
    }

    /// A message with everything that a screen needs.
    pub(super) async fn show(&self, message: view::Message) -> Result<Box<Message>, Error> {
        let now = self.clock.now();
        self.client
            .view(move |conn| -> Result<_, Error> {
                Ok(Box::new(Scene::of(conn, [&message], now)?.show(&message)))
            })
            .await
    }
}

/// What a conversation is called now.
fn title(conn: &Connection, conversation: ConversationId) -> Result<String, Error> {
    Ok(match conversation {
        ConversationId::Contact(identity) => {
            super::People::named(conn, [identity])?.plain_name(identity)
        }
        ConversationId::Group(group) => view::group(conn, &group)?
            .map_or_else(|| group.to_string(), |group| group.display_name()),
    })
}
