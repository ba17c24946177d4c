//! `star`: messages to find again.

use dreiklang_client::view;
use dreiklang_client::{Client, Command, Error};

use crate::args::Star;
use crate::cmd::{delivery, history};
use crate::failure::Failure;
use crate::format;
use crate::people::People;
use crate::session::Session;
use crate::which;

/// How many messages the list shows.
const LIST_MAX: u32 = 1_000;

pub(crate) async fn perform(session: &Session<'_>, flags: Star) -> Result<(), Failure> {
    let Some(message) = flags.message else {
        return list(session).await;
    };
    let make = async |client: &Client| {
        Ok(Command::Star {
            position: which::position(client, &message).await?,
            on: !flags.remove,
        })
    };
    delivery::local(session, make).await
}

async fn list(session: &Session<'_>) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let found = client
        .view(|conn| -> Result<_, Error> {
            let messages = view::starred(conn, None, LIST_MAX)?;
            let people = People::of(conn, &messages)?;
            Ok((messages, people))
        })
        .await;
    client.close().await?;
    let (messages, people) = found?;
    session.print(
        |_| {
            let lines = messages
                .iter()
                .map(|message| history::line(message, None, &people, session));
            lines.collect::<Vec<_>>().join("\n")
        },
        &format::Messages::new(messages.iter().map(format::Message::from).collect()),
    )
}
