//! `chat`: the full screen, and what is done with one conversation as a whole.

use std::io::{self, IsTerminal};

use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{ConversationId, Visibility};
use dreiklang_client::{Client, Command};

use crate::args::{Chat, ChatVerb, Mark, Sure};
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::{tui, who};

const HOUR_MS: u64 = 60 * 60 * 1_000;

pub(crate) async fn perform(session: &Session<'_>, flags: Chat) -> Result<(), Failure> {
    if let Some(verb) = flags.verb {
        return change(session, verb).await;
    }
    if session.is_json() || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::usage("no-terminal"));
    }
    let (client, me) = session.open_with_identity().await?;
    let result = tui::run(session, &client, me, flags.conversation).await;
    client.close().await?;
    result
}

async fn change(session: &Session<'_>, verb: ChatVerb) -> Result<(), Failure> {
    let who = match &verb {
        ChatVerb::Pin(Mark { who, .. })
        | ChatVerb::Archive(Mark { who, .. })
        | ChatVerb::Unread(Mark { who, .. })
        | ChatVerb::Empty(Sure { who, .. })
        | ChatVerb::Mute { who, .. }
        | ChatVerb::Draft { who, .. } => who.clone(),
    };
    if let ChatVerb::Empty(Sure { yes: false, .. }) = &verb {
        delivery::confirm(
            session,
            &session.texts.with("empty-question", &[("who", &who)]),
        )?;
    }
    let now = session.clock.now();
    let make = async |client: &Client| {
        let conversation = who::conversation(client, &who).await?;
        Ok(command(verb, conversation, now))
    };
    delivery::local(session, make).await
}

fn command(verb: ChatVerb, conversation: ConversationId, now: Timestamp) -> Command {
    let visibility = |off, visibility| Command::SetVisibility {
        conversation,
        visibility: if off { Visibility::Normal } else { visibility },
    };
    match verb {
        ChatVerb::Pin(mark) => visibility(mark.off, Visibility::Pinned),
        ChatVerb::Archive(mark) => visibility(mark.off, Visibility::Archived),
        ChatVerb::Unread(mark) => Command::MarkUnread {
            conversation,
            on: !mark.off,
        },
        ChatVerb::Mute {
            hours,
            mentions_only,
            off,
            ..
        } => Command::Mute {
            conversation,
            until: muted_until(hours, mentions_only || off, now),
            mentions_only,
        },
        ChatVerb::Empty(_) => Command::EmptyConversation(conversation),
        ChatVerb::Draft { text, .. } => Command::SetDraft { conversation, text },
    }
}

/// Until when nothing rings: so many hours, else for ever.
pub(crate) fn muted_until(hours: Option<u64>, rings: bool, now: Timestamp) -> Option<Timestamp> {
    if rings {
        return None;
    }
    let for_ever = Timestamp::from_ms(i64::MAX.unsigned_abs());
    Some(hours.map_or(for_ever, |hours| {
        Timestamp::from_ms(now.as_ms().saturating_add(hours.saturating_mul(HOUR_MS)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_lasts_as_long_as_was_said() {
        let now = Timestamp::from_ms(1_000);
        assert_eq!(muted_until(None, true, now), None);
        let hour = Timestamp::from_ms(3_601_000);
        assert_eq!(muted_until(Some(1), false, now), Some(hour));
        let for_ever = muted_until(None, false, now).unwrap();
        assert!(for_ever > muted_until(Some(1_000_000), false, now).unwrap());
    }
}
