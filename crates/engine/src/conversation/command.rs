//! Which command does what in a conversation.

use crate::{Engine, command::Command, engine::Answer, error::Result, message, turn::Turn};

impl Engine {
    /// Does what a command wants of a conversation or a message; gives other commands back.
    pub(crate) fn on_conversation_command(
        &mut self,
        turn: &mut Turn<'_>,
        command: Command,
    ) -> Result<std::result::Result<Answer, Command>> {
        let answer = match command {
            Command::SendText {
                to,
                text,
                quote,
                reference,
            } => self.send_text(turn, &to, &text, quote, named(reference.as_ref()))?,
            Command::SendLocation {
                to,
                place,
                reference,
            } => self.send_location(turn, &to, place, named(reference.as_ref()))?,
            Command::CreatePoll {
                to,
                poll,
                reference,
            } => self.create_poll(turn, &to, &poll, named(reference.as_ref()))?,
            Command::Forward {
                position,
                to,
                reference,
            } => self.forward(turn, position, &to, named(reference.as_ref()))?,
            Command::Vote { position, choices } => self.vote(turn, position, &choices)?,
            Command::ClosePoll { position } => self.close_poll(turn, position)?,
            Command::React {
                position,
                emoji,
                on,
            } => self.react(turn, position, &emoji, on)?,
            Command::Edit { position, text } => self.edit(turn, position, &text)?,
            Command::Delete {
                position,
                for_everyone: true,
            } => self.delete_for_everyone(turn, position)?,
            Command::Delete { position, .. } => message::delete::delete_here(turn, position)?,
            Command::Star { position, on } => Self::star(turn, position, on)?,
            Command::UnstarAll => Self::unstar_all(turn)?,
            Command::MarkRead {
                conversation,
                up_to,
            } => self.mark_read(turn, &conversation, up_to)?,
            Command::MarkUnread { conversation, on } => Self::mark_unread(turn, &conversation, on)?,
            Command::Typing { to, on } => self.set_typing(turn, to, on)?,
            Command::SetDraft { conversation, text } => {
                Self::set_draft(turn, &conversation, &text)?
            }
            Command::SetVisibility {
                conversation,
                visibility,
            } => Self::set_visibility(turn, &conversation, visibility)?,
            Command::Mute {
                conversation,
                until,
                mentions_only,
            } => Self::mute(turn, &conversation, until, mentions_only)?,
            Command::EmptyConversation(conversation) => {
                Self::empty_conversation(turn, &conversation)?
            }
            other => return Ok(Err(other)),
        };
        Ok(Ok(answer))
    }
}

fn named(reference: Option<&String>) -> &str {
    reference.map(String::as_str).unwrap_or_default()
}
