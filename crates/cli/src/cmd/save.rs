//! `save`: the file of a message, fetched first if it is not here.

use std::time::Duration;

use dreiklang_client::desk::files::{file_of, save, target};
use dreiklang_client::view::{self, MediaState, Message, Position};
use dreiklang_client::{Client, Command, EngineEvent, Event};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use crate::args::Save;
use crate::cmd::progress::Progress;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::{Session, go_online};
use crate::which;

/// The longest silence while a file is fetched; then the database is asked.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

pub(crate) async fn perform(session: &Session<'_>, flags: Save) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let saved = async {
        let message = which::message(&client, &flags.message).await?;
        let until = Instant::now() + Duration::from_secs(flags.timeout);
        fetch(session, &client, &message, until).await?;
        let target = target(&flags.target, file_of(&message)?);
        let bytes = save(&client, message.position, &target, flags.replace).await?;
        Ok((target, bytes))
    };
    let result: Result<_, Failure> = saved.await;
    client.close().await?;
    let (path, size_bytes) = result?;
    session.print(
        |texts| {
            let path = safe::line(&path.display().to_string());
            texts.with("saved", &[("path", &path)])
        },
        &format::Saved::new(&path, size_bytes),
    )
}

/// Waits until the file is here.
pub(crate) async fn fetch(
    session: &Session<'_>,
    client: &Client,
    message: &Message,
    until: Instant,
) -> Result<(), Failure> {
    file_of(message)?;
    let position = message.position;
    // What was lost once may be there again.
    if matches!(is_here(client, position).await, Ok(true)) {
        return Ok(());
    }
    let mut events = client.events();
    let mut progress = Progress::new(session);
    client.command(Command::Download { position }).await?;
    go_online(client, until).await?;
    let fetched = loop {
        match is_here(client, position).await {
            Ok(false) => {}
            Ok(true) => break Ok(()),
            Err(failure) => break Err(failure),
        }
        if Instant::now() >= until {
            break Err(Failure::new("file-not-in-time"));
        }
        // Until something happens to this file, or for a while if that was missed.
        let quiet = until.min(Instant::now() + LOOK_AGAIN);
        loop {
            match timeout_at(quiet, events.recv()).await {
                Ok(Ok(Event::Engine(EngineEvent::MediaChanged { position: at, .. }))) => {
                    if at == position {
                        break;
                    }
                }
                Ok(Ok(event)) => progress.note(&event)?,
                Ok(Err(RecvError::Lagged(_))) | Err(_) => break,
                Ok(Err(RecvError::Closed)) => return Err(Failure::new("stopped")),
            }
        }
    };
    progress.end()?;
    fetched
}

/// Whether the file is here; an error if it never will be.
async fn is_here(client: &Client, position: Position) -> Result<bool, Failure> {
    let media = client.view(move |conn| view::media(conn, position));
    let media = media.await?.ok_or_else(|| Failure::usage("no-file"))?;
    match media.state {
        MediaState::Here | MediaState::Sending | MediaState::Unsendable => Ok(true),
        MediaState::Remote | MediaState::Coming => Ok(false),
        MediaState::Lost => {
            let reason = media
                .fault
                .map_or_else(String::new, |fault| fault.to_string());
            Err(Failure::new("file-lost").with("reason", reason))
        }
    }
}
