//! `receive`: prints what came in, also what came in during an earlier command.

use std::collections::BTreeMap;
use std::time::Duration;

use dreiklang_client::view::{self, Conversation, ConversationId, Message, MessageState, Position};
use dreiklang_client::{Client, Command, Connection, ConnectionState, EngineEvent, Error, Event};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep, timeout_at};

use crate::args::Receive;
use crate::cmd::delivery::settle_pictures;
use crate::cmd::history;
use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::people::People;
use crate::session::{ONLINE_TIMEOUT, Session, go_online};

/// How many messages of one conversation are read at a time.
const PAGE: u32 = 256;
/// Silence that stands for the end of the queue, if that was missed.
const QUIET: Duration = Duration::from_secs(2);
/// How long receipts may take; later ones go out with the next connection.
const HAND_OVER: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

pub(crate) async fn perform(session: &Session<'_>, flags: Receive) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let mut printer = Printer {
        session,
        newest: Position(0),
        keep_unread: flags.keep_unread,
    };
    let result = receive(&client, &mut printer, &flags).await;
    client.close().await?;
    result
}

async fn receive(
    client: &Client,
    printer: &mut Printer<'_>,
    flags: &Receive,
) -> Result<(), Failure> {
    let mut events = client.events();
    printer.print_unread(client).await?;
    go_online(client, Instant::now() + ONLINE_TIMEOUT).await?;
    if let Some(seconds) = flags.wait {
        let until = Instant::now() + Duration::from_secs(seconds);
        while listen(client, printer, &mut events, until).await? != Heard::TimeIsUp {}
        return Ok(());
    }
    let until = Instant::now() + ONLINE_TIMEOUT;
    let mut has_missed = false;
    loop {
        // The end of the queue may be among what was missed: then silence stands for it.
        let quiet = if has_missed {
            Instant::now() + QUIET
        } else {
            until
        };
        match listen(client, printer, &mut events, quiet.min(until)).await? {
            Heard::Something => {}
            Heard::TooMuch => has_missed = true,
            Heard::Drained => {
                hand_over_receipts(client).await?;
                return settle_pictures(printer.session, client).await;
            }
            Heard::TimeIsUp if has_missed => return hand_over_receipts(client).await,
            Heard::TimeIsUp => return Err(Failure::new("chat-timeout")),
        }
    }
}

/// Waits until the server has the receipts. Whoever only ever receives has no other connection in
/// which it could say so, and they would go out again each time.
async fn hand_over_receipts(client: &Client) -> Result<(), Failure> {
    let until = Instant::now() + HAND_OVER;
    while Instant::now() < until && !client.view(view::is_everything_sent).await? {
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Heard {
    Something,
    TooMuch,
    Drained,
    TimeIsUp,
}

async fn listen(
    client: &Client,
    printer: &mut Printer<'_>,
    events: &mut Receiver<Event>,
    until: Instant,
) -> Result<Heard, Failure> {
    match timeout_at(until, events.recv()).await {
        Ok(Ok(Event::Engine(EngineEvent::Message(message)))) if !message.state.is_outgoing() => {
            // Many come in one transaction: the first of their events prints all of them.
            if message.position > printer.newest {
                printer.print_unread(client).await?;
            }
            Ok(Heard::Something)
        }
        Ok(Ok(Event::Engine(EngineEvent::QueueDrained))) => {
            printer.print_unread(client).await?;
            Ok(Heard::Drained)
        }
        Ok(Ok(Event::Connection(ConnectionState::Stopped(reason)))) => Err(reason.into()),
        Ok(Ok(_)) => Ok(Heard::Something),
        Ok(Err(RecvError::Lagged(_))) => {
            printer.print_unread(client).await?;
            Ok(Heard::TooMuch)
        }
        Ok(Err(RecvError::Closed)) => Err(Failure::new("stopped")),
        Err(_elapsed) => Ok(Heard::TimeIsUp),
    }
}

/// Prints each unread message once, in the order of arrival, and then marks it as read: a crash in
/// between repeats a message rather than losing it.
struct Printer<'a> {
    session: &'a Session<'a>,
    newest: Position,
    keep_unread: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    message: format::Message,
    sender_name: &'a str,
    title: &'a str,
}

/// Messages with what their conversations and the people in them are called.
struct Unread {
    messages: Vec<Message>,
    conversations: BTreeMap<ConversationId, Conversation>,
    people: People,
}

impl Printer<'_> {
    async fn print_unread(&mut self, client: &Client) -> Result<(), Failure> {
        let after = self.newest;
        let unread = client.view(move |conn| unread_after(conn, after)).await?;
        for message in &unread.messages {
            self.print(message, &unread)?;
            self.newest = self.newest.max(message.position);
        }
        if self.keep_unread {
            return Ok(());
        }
        // One receipt for each conversation: what it is about is found by its newest message.
        let mut newest = BTreeMap::new();
        for message in &unread.messages {
            newest.insert(message.conversation, message.position);
        }
        for (conversation, up_to) in newest {
            let command = Command::MarkRead {
                conversation,
                up_to,
            };
            client.command(command).await?;
        }
        Ok(())
    }

    fn print(&self, message: &Message, unread: &Unread) -> Result<(), Failure> {
        let conversation = unread.conversations.get(&message.conversation);
        if self.session.is_json() {
            return Ok(output::json(&Line {
                message: format::Message::from(message),
                sender_name: &unread.people.plain_name(message.sender),
                title: &conversation.map(Conversation::title).unwrap_or_default(),
            })?);
        }
        let line = history::line(message, conversation, &unread.people, self.session);
        Ok(output::line(&line)?)
    }
}

/// Unread messages after a position, the oldest first.
fn unread_after(conn: &Connection, after: Position) -> Result<Unread, Error> {
    let mut messages = Vec::new();
    let mut conversations = BTreeMap::new();
    for conversation in view::conversations(conn)? {
        if conversation.unread_count == 0 || conversation.last_message.position <= after {
            continue;
        }
        let mut before = None;
        let mut missing = conversation.unread_count;
        while missing > 0 {
            let page = view::timeline(conn, &conversation.id, before, PAGE)?;
            let Some(oldest) = page.first().map(|message| message.position) else {
                break;
            };
            before = Some(oldest);
            for message in page.into_iter().rev() {
                if message.state == MessageState::IncomingUnread {
                    missing = missing.saturating_sub(1);
                    if message.position > after {
                        messages.push(message);
                    }
                }
            }
        }
        conversations.insert(conversation.id, conversation);
    }
    messages.sort_by_key(|message| message.position);
    let people = People::of(conn, &messages)?;
    Ok(Unread {
        messages,
        conversations,
        people,
    })
}
