//! Doing what a script asked for, and the line that answers it.

use dreiklang_client::engine::Reply;
use dreiklang_client::view::{self, Position};
use dreiklang_client::{Client, Command};
use serde::Serialize;
use serde_json::Value;

use super::request::{Envelope, Request, Unusable};
use crate::failure::Failure;
use crate::format;
use crate::session::Session;
use crate::who::{self, add_command, parse_identity};

/// How many messages `history` gives if the script does not say.
const HISTORY_DEFAULT: u32 = 50;
/// How many it gives at most; the script asks again with `before`.
const HISTORY_MAX: u32 = 1_000;

/// The answer to one line.
#[derive(Serialize)]
pub(super) struct ReplyLine {
    reply: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(flatten)]
    body: Body,
    #[serde(skip)]
    pub(super) effect: Effect,
}

/// What the loop makes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    /// A message of ours is to be followed.
    Follow(Position, view::MessageState),
    /// The script wants an end.
    Stop,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    Done(format::Done),
    Message(format::Message),
    Found { message: Option<format::Message> },
    Contact { contact: format::Contact },
    Contacts(format::Contacts),
    Chats(format::Chats),
    Messages(format::Messages),
    Me(format::Me),
    Settings(format::Settings),
    Work(format::Work),
    Policy(format::Policy),
    Error { error: format::ErrorBody },
}

impl ReplyLine {
    /// The answer to a line that is no command.
    pub(super) fn unusable(unusable: Unusable, session: &Session<'_>) -> Self {
        let Unusable {
            id,
            command,
            failure,
        } = unusable;
        Self {
            reply: command,
            id,
            body: error(&failure, session),
            effect: Effect::None,
        }
    }
}

fn error(failure: &Failure, session: &Session<'_>) -> Body {
    Body::Error {
        error: format::ErrorBody::new(failure.code(), failure.message(session.texts)),
    }
}

/// Does it and says what became of it.
pub(super) async fn answer(client: Client, session: &Session<'_>, envelope: Envelope) -> ReplyLine {
    let Envelope {
        id,
        command,
        request,
    } = envelope;
    let (body, effect) = match perform(&client, session, request).await {
        Ok(outcome) => outcome,
        Err(failure) => (error(&failure, session), Effect::None),
    };
    ReplyLine {
        reply: Some(command),
        id,
        body,
        effect,
    }
}

async fn perform(
    client: &Client,
    session: &Session<'_>,
    request: Request,
) -> Result<(Body, Effect), Failure> {
    let body = match request {
        Request::Contacts {} => {
            Body::Contacts(format::Contacts::new(&client.view(view::contacts).await?))
        }
        Request::Chats {} => {
            Body::Chats(format::Chats::new(&client.view(view::conversations).await?))
        }
        Request::History {
            contact,
            before,
            limit,
        } => {
            let with = who::conversation(client, &contact).await?;
            let (before, limit) = (before.map(Position), limit.unwrap_or(HISTORY_DEFAULT));
            let limit = limit.min(HISTORY_MAX);
            let messages = client
                .view(move |conn| view::timeline(conn, &with, before, limit))
                .await?;
            Body::Messages(format::Messages::new(&messages))
        }
        Request::Message { reference } => {
            let message = client
                .view(move |conn| view::message_by_reference(conn, &reference))
                .await?;
            Body::Found {
                message: message.as_ref().map(format::Message::from),
            }
        }
        Request::Me {} => {
            let me = client
                .view(view::me)
                .await?
                .ok_or_else(|| Failure::new("no-identity"))?;
            Body::Me(format::Me::new(&me, &session.profile.instance()?))
        }
        Request::Settings {
            read_receipts,
            typing_indicators,
            block_unknown,
        } => {
            let mut settings = client.view(view::settings).await?;
            settings.read_receipts = read_receipts.unwrap_or(settings.read_receipts);
            settings.typing_indicators = typing_indicators.unwrap_or(settings.typing_indicators);
            settings.block_unknown = block_unknown.unwrap_or(settings.block_unknown);
            client.command(Command::SetSettings(settings)).await?;
            Body::Settings(settings.into())
        }
        Request::WorkStatus {} => {
            let organisation = client.view(view::organisation).await?;
            Body::Work(format::Work::new(
                &organisation,
                &client.view(view::standing).await?,
            ))
        }
        Request::Policy {} => Body::Policy(format::Policy::new(&client.view(view::policy).await?)),
        Request::Connect {} => {
            client.connect().await?;
            Body::Done(format::Done::new())
        }
        Request::Disconnect {} => {
            client.disconnect().await?;
            Body::Done(format::Done::new())
        }
        Request::Stop {} => return Ok((Body::Done(format::Done::new()), Effect::Stop)),
        other => return command(client, session, other).await,
    };
    Ok((body, Effect::None))
}

/// What the engine does as it is.
async fn command(
    client: &Client,
    session: &Session<'_>,
    request: Request,
) -> Result<(Body, Effect), Failure> {
    let command = match request {
        Request::Send {
            to,
            text,
            reference,
        } => Command::SendText {
            to: who::conversation(client, &to).await?,
            text,
            quote: None,
            reference,
        },
        Request::Typing { to, is_typing } => Command::Typing {
            to: who::person(client, &to).await?,
            on: is_typing,
        },
        Request::MarkRead { contact, position } => Command::MarkRead {
            conversation: who::conversation(client, &contact).await?,
            up_to: Position(position),
        },
        Request::ContactAdd { contact, name } => add_command(&contact, name, &session.clock)?,
        Request::ContactRename {
            contact,
            name,
            last_name,
        } => Command::SetContactName {
            identity: parse_identity(&contact)?,
            first_name: name,
            last_name: last_name.unwrap_or_default(),
        },
        Request::ContactRemove { contact } => Command::RemoveContact(parse_identity(&contact)?),
        Request::ContactBlock { contact } => Command::Block(parse_identity(&contact)?),
        Request::ContactUnblock { contact } => Command::Unblock(parse_identity(&contact)?),
        Request::Nickname { nickname } => Command::SetNickname(nickname),
        Request::WorkSync {} => Command::WorkSync,
        Request::SafeBackup {} => Command::SafeBackup,
        Request::Reclaim {} => Command::Reclaim,
        _ => Command::ClearDeviceCookie,
    };
    Ok(match client.command(command).await? {
        Reply::Contact(contact) => (
            Body::Contact {
                contact: format::Contact::from(&contact),
            },
            Effect::None,
        ),
        Reply::Message(message) => {
            let effect = Effect::Follow(message.position, message.state);
            (Body::Message(format::Message::from(&message)), effect)
        }
        _ => (Body::Done(format::Done::new()), Effect::None),
    })
}
