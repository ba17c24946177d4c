//! What messages can be besides texts, and what can be done to them afterwards.

use dreiklang_engine::{
    Command, Event, Refusal, Reply,
    view::{self, Content, ConversationId, Message, Position},
};
use dreiklang_wire::id::{GroupIdentity, Identity};

use crate::world::World;

#[path = "talk/changes.rs"]
mod changes;
#[path = "talk/keeping.rs"]
mod keeping;
#[path = "talk/media.rs"]
mod media;
#[path = "talk/places.rs"]
mod places;
#[path = "talk/polls.rs"]
mod polls;
#[path = "talk/reactions.rs"]
mod reactions;

impl World {
    /// What somebody sees last in a conversation.
    pub(crate) fn last(&mut self, who: usize, conversation: impl Into<ConversationId>) -> Message {
        self.all(who, conversation)
            .pop()
            .expect("there is a message")
    }

    pub(crate) fn all(
        &mut self,
        who: usize,
        conversation: impl Into<ConversationId>,
    ) -> Vec<Message> {
        view::timeline(&self.device(who).conn, &conversation.into(), None, 100).unwrap()
    }

    /// A command that changes a message: the message, and who does not see the change.
    pub(crate) fn change(&mut self, who: usize, command: Command) -> (Message, Vec<Identity>) {
        match self.ask(who, command) {
            Ok(Reply::Changed { message, unreached }) => (message, unreached),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn made(&mut self, who: usize, command: Command) -> Message {
        match self.ask(who, command) {
            Ok(Reply::Message(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    /// Somebody's app believes that another one is from before all of this.
    pub(crate) fn believes_old(&mut self, who: usize, whom: usize) {
        let identity = self.identities[whom];
        let sql = "UPDATE contacts SET feature_mask = 0 WHERE identity = ?1";
        let conn = &self.device(who).conn;
        conn.execute(sql, [identity.as_str()]).unwrap();
    }

    /// How often somebody was told that a message changed.
    pub(crate) fn changes(&mut self, who: usize) -> usize {
        let events = self.take_events(who);
        let is_change = |event: &&Event| matches!(event, Event::MessageChanged(_));
        events.iter().filter(is_change).count()
    }
}

fn text(to: impl Into<ConversationId>, text: &str, quote: Option<Position>) -> Command {
    Command::SendText {
        to: to.into(),
        text: text.into(),
        quote,
        reference: None,
    }
}

fn react(position: Position, emoji: &str, on: bool) -> Command {
    Command::React {
        position,
        emoji: emoji.into(),
        on,
    }
}

fn edit(position: Position, text: &str) -> Command {
    Command::Edit {
        position,
        text: text.into(),
    }
}

fn delete(position: Position, for_everyone: bool) -> Command {
    Command::Delete {
        position,
        for_everyone,
    }
}

fn says(message: &Message) -> &str {
    match &message.content {
        Content::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

/// Who has which emoji on it.
fn emojis(message: &Message) -> Vec<(Identity, &str)> {
    let reactions = message.reactions.iter();
    reactions
        .map(|reaction| (reaction.sender, reaction.emoji.as_str()))
        .collect()
}

const SIX_HOURS_MS: u64 = 6 * 60 * 60 * 1_000;
