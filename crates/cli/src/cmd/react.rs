//! `react`: an emoji on a message.

use dreiklang_client::{Client, Command};

use crate::args::React;
use crate::cmd::delivery;
use crate::emoji;
use crate::failure::Failure;
use crate::session::Session;
use crate::which;

pub(crate) async fn perform(session: &Session<'_>, flags: React) -> Result<(), Failure> {
    let emoji = emoji::named(&flags.emoji)
        .ok_or_else(|| Failure::usage("no-emoji").with("text", &flags.emoji))?;
    let make = async |client: &Client| {
        Ok(Command::React {
            position: which::position(client, &flags.message).await?,
            emoji: emoji.clone(),
            on: !flags.remove,
        })
    };
    delivery::change(session, flags.hand_over, make).await
}
