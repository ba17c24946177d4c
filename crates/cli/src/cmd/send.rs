//! `send`: one text, and waiting for how far it shall go.

use std::io::{self, Read};
use std::time::Duration;

use dreiklang_client::engine::Reply;
use dreiklang_client::view::{self, Message, MessageState};
use dreiklang_client::{Client, Command, EngineEvent, Event};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use crate::args::{Send, Wait};
use crate::failure::Failure;
use crate::format;
use crate::session::{Session, go_online};
use crate::who;
use crate::words::state_word;

/// More than any text message holds; the engine says what is too long.
const INPUT_BYTES_MAX: u64 = 64 * 1024;

pub(crate) async fn perform(session: &Session<'_>, flags: Send) -> Result<(), Failure> {
    let text = if flags.text == "-" {
        read_input()?
    } else {
        flags.text
    };
    let (client, _) = session.open_with_identity().await?;
    let mut events = client.events();
    let sent = async {
        let command = Command::SendText {
            to: who::conversation(&client, &flags.to).await?,
            text,
            quote: None,
            reference: flags.reference,
        };
        let Reply::Message(message) = client.command(command).await? else {
            return Err(Failure::new("interrupted"));
        };
        let until = Instant::now() + Duration::from_secs(flags.timeout);
        wait(&client, &mut events, message, wanted(flags.wait), until).await
    };
    let result = sent.await;
    client.close().await?;
    let message = result?;
    session.print(
        |texts| {
            let state = state_word(message.state, texts);
            texts.with(
                "send-done",
                &[("state", &state), ("message", &message.id.to_string())],
            )
        },
        &format::Message::from(&message),
    )
}

fn wanted(wait: Wait) -> MessageState {
    match wait {
        Wait::Queued => MessageState::Pending,
        Wait::Sent => MessageState::Sent,
        Wait::Delivered => MessageState::Delivered,
        Wait::Read => MessageState::Read,
    }
}

/// Waits until the message is so far. The database is asked each time something happens that may
/// concern it, so an event that was missed does not matter.
async fn wait(
    client: &Client,
    events: &mut Receiver<Event>,
    mut message: Message,
    wanted: MessageState,
    until: Instant,
) -> Result<Message, Failure> {
    if message.state >= wanted {
        return Ok(message);
    }
    // A message that the server has needs no new connection to be told of, but its receipts do.
    go_online(client, until).await?;
    let position = message.position;
    loop {
        if let Some(now) = client
            .view(move |conn| view::message(conn, position))
            .await?
        {
            message = now;
        }
        if message.state >= wanted {
            return Ok(message);
        }
        loop {
            match timeout_at(until, events.recv()).await {
                Ok(Ok(Event::Engine(EngineEvent::MessageState { position: at, .. }))) => {
                    if at == position {
                        break;
                    }
                }
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Lagged(_))) => break,
                Ok(Err(RecvError::Closed)) => return Err(Failure::new("stopped")),
                Err(_elapsed) => {
                    let code = match message.state {
                        MessageState::Pending => "not-yet-sent",
                        _ => "not-yet-confirmed",
                    };
                    return Err(Failure::new(code).with("message", message.id));
                }
            }
        }
    }
}

/// Everything on standard input, without the line break at its end.
fn read_input() -> Result<String, Failure> {
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
