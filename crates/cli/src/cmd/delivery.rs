//! Handing over what a command made: how far it goes while the person waits.

use std::time::Duration;

use dreiklang_client::engine::Reply;
use dreiklang_client::view::{self, ConversationId, Message, MessageState};
use dreiklang_client::{Client, Command, EngineEvent, Event, Identity};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep, timeout_at};

use crate::args::{Delivery, HandOver, Wait};
use crate::cmd::progress::Progress;
use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::people::People;
use crate::session::{Session, go_online};
use crate::words::state_word;

const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// How long pictures may take on their way.
const PICTURES: Duration = Duration::from_secs(5);

/// Gives the commands that make new messages, waits for them, and prints how far they are.
pub(crate) async fn messages(
    session: &Session<'_>,
    delivery: &Delivery,
    make: impl AsyncFnOnce(&Client) -> Result<Vec<Command>, Failure>,
) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let mut progress = Progress::new(session);
    let sent = async {
        let mut events = client.events();
        let commands = make(&client).await?;
        let mut messages = Vec::with_capacity(commands.len());
        for command in commands {
            match client.command(command).await? {
                Reply::Message(message) => messages.push(message),
                _ => return Err(Failure::new("interrupted")),
            }
        }
        let until = Instant::now() + Duration::from_secs(delivery.timeout);
        for message in &mut messages {
            wait(
                &client,
                &mut events,
                &mut progress,
                message,
                delivery.wait,
                until,
            )
            .await?;
        }
        if delivery.wait != Wait::Queued {
            settle_pictures(session, &client).await?;
        }
        Ok(messages)
    };
    let result: Result<_, Failure> = sent.await;
    progress.end()?;
    client.close().await?;
    for message in result? {
        print_sent(session, &message)?;
    }
    Ok(())
}

fn print_sent(session: &Session<'_>, message: &Message) -> Result<(), Failure> {
    session.print(
        |texts| {
            let state = state_word(message.state, texts);
            let values = [
                ("state", state.as_str()),
                ("message", &message.id.to_string()),
                ("position", &message.position.0.to_string()),
            ];
            texts.with("send-done", &values)
        },
        &format::Message::from(message),
    )
}

/// How far a message must be. Nobody in a group says that they have one.
fn wanted(message: &Message, wait: Wait) -> MessageState {
    let in_group = matches!(message.conversation, ConversationId::Group(_));
    match wait {
        Wait::Queued => MessageState::Pending,
        Wait::Delivered if !in_group => MessageState::Delivered,
        Wait::Read if !in_group => MessageState::Read,
        Wait::Sent | Wait::Delivered | Wait::Read => MessageState::Sent,
    }
}

/// Waits until the message is so far. The database is asked each time something happens that may
/// concern it, so an event that was missed does not matter.
async fn wait(
    client: &Client,
    events: &mut Receiver<Event>,
    progress: &mut Progress,
    message: &mut Message,
    wait: Wait,
    until: Instant,
) -> Result<(), Failure> {
    let wanted = wanted(message, wait);
    if message.state >= wanted {
        return Ok(());
    }
    // A message that the server has needs no new connection to be told of, but its receipts do.
    go_online(client, until).await?;
    let position = message.position;
    loop {
        let now = client.view(move |conn| view::message(conn, position));
        if let Some(now) = now.await? {
            *message = now;
        }
        if message.state >= wanted {
            return Ok(());
        }
        if message.state == MessageState::Failed {
            return Err(Failure::new("sending-failed").with("position", position.0));
        }
        loop {
            match timeout_at(until, events.recv()).await {
                Ok(Ok(Event::Engine(EngineEvent::MessageState { position: at, .. }))) => {
                    if at == position {
                        break;
                    }
                }
                Ok(Ok(event)) => progress.note(&event)?,
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

/// Gives a command that changes something for others too, waits until the server has it, and
/// prints the message as it is now.
pub(crate) async fn change(
    session: &Session<'_>,
    hand_over: HandOver,
    make: impl AsyncFnOnce(&Client) -> Result<Command, Failure>,
) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let changed = async {
        let command = make(&client).await?;
        let reply = client.command(command).await?;
        if !hand_over.queued {
            let until = Instant::now() + Duration::from_secs(hand_over.timeout);
            empty_outbox(&client, until).await?;
            settle_pictures(session, &client).await?;
            empty_outbox(&client, until).await?;
        }
        let unreached = match &reply {
            Reply::Changed { unreached, .. } => unreached.clone(),
            _ => Vec::new(),
        };
        let people = client
            .view(move |conn| People::named(conn, unreached))
            .await?;
        Ok((reply, people))
    };
    let result: Result<_, Failure> = changed.await;
    client.close().await?;
    let (reply, people) = result?;
    match &reply {
        Reply::Changed { message, unreached } => session.print(
            |texts| match names(unreached, &people).as_str() {
                "" => texts.say("done"),
                names => texts.with("done-but-unreached", &[("names", names)]),
            },
            &format::Changed::new(format::Message::from(message), unreached),
        ),
        Reply::Group(group) => {
            session.print(|texts| texts.say("done"), &format::GroupReply::new(group))
        }
        _ => session.print(|texts| texts.say("done"), &format::Done::new()),
    }
}

fn names(unreached: &[Identity], people: &People) -> String {
    let names: Vec<_> = unreached.iter().map(|id| people.plain_name(*id)).collect();
    names.join(", ")
}

/// Gives a command that concerns only this profile.
pub(crate) async fn local(
    session: &Session<'_>,
    make: impl AsyncFnOnce(&Client) -> Result<Command, Failure>,
) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let done = async {
        let command = make(&client).await?;
        client.command(command).await?;
        Ok(())
    };
    let result: Result<_, Failure> = done.await;
    client.close().await?;
    result?;
    session.print(|texts| texts.say("done"), &format::Done::new())
}

/// Waits until the server has everything.
pub(crate) async fn empty_outbox(client: &Client, until: Instant) -> Result<(), Failure> {
    if client.view(view::is_everything_sent).await? {
        return Ok(());
    }
    go_online(client, until).await?;
    while !client.view(view::is_everything_sent).await? {
        if Instant::now() >= until {
            return Err(Failure::new("not-yet-handed-over"));
        }
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Profile pictures go along with messages, and others hear of them once they are uploaded. A
/// program that ends at once would never come to it; one that waited for long would be a nuisance.
pub(crate) async fn settle_pictures(session: &Session<'_>, client: &Client) -> Result<(), Failure> {
    let until = Instant::now() + PICTURES;
    let now = session.clock.now();
    let mut has_moved = false;
    while Instant::now() < until {
        let is_moving = client.view(move |conn| view::is_picture_moving(conn, now));
        if is_moving.await? {
            has_moved = true;
        } else if !has_moved || client.view(view::is_everything_sent).await? {
            break;
        }
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Asks before something that cannot be undone. Without a terminal nobody can be asked, and silence
/// is no consent.
pub(crate) fn confirm(session: &Session<'_>, question: &str) -> Result<(), Failure> {
    if session.is_json() || !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        return Err(Failure::usage("needs-yes"));
    }
    output::line(&session.texts.with("confirm", &[("question", question)]))?;
    let mut typed = String::new();
    std::io::BufRead::read_line(&mut std::io::stdin().lock(), &mut typed)?;
    let yes = session.texts.say("yes");
    if typed.trim().to_lowercase() == yes.to_lowercase() {
        Ok(())
    } else {
        Err(Failure::new("not-confirmed"))
    }
}
