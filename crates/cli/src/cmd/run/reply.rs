//! Doing what a script asked for, and the line that answers it.

use dreiklang_client::engine::{NameOrder, Reply, Settings};
use dreiklang_client::view::{self, Position};
use dreiklang_client::{Client, Command, Error};
use serde::Serialize;
use serde_json::Value;

use super::commands;
use super::request::{Envelope, Order, Request, Unusable};
use crate::cmd::save;
use crate::cmd::settings::sharing as sharing_of;
use crate::failure::Failure;
use crate::format;
use crate::session::Session;
use crate::{which, who};

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
    Message(Box<format::Message>),
    Changed(Box<format::Changed>),
    Found {
        message: Option<Box<format::Message>>,
    },
    Contact {
        contact: Box<format::Contact>,
    },
    ContactDetails(Box<format::ContactDetails>),
    Blocked(format::Blocked),
    Saved(format::Saved),
    Group {
        group: format::Group,
    },
    GroupDetails(format::GroupDetails),
    Groups(format::Groups),
    Contacts(format::Contacts),
    Chats(format::Chats),
    Messages(format::Messages),
    Me(format::Me),
    Settings(format::Settings),
    Work(format::Work),
    Policy(format::Policy),
    Error {
        error: format::ErrorBody,
    },
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
    match request {
        Request::Connect {} => client.connect().await?,
        Request::Disconnect {} => client.disconnect().await?,
        Request::Stop {} => return Ok((Body::Done(format::Done::new()), Effect::Stop)),
        request => {
            return match commands::command(client, session, &request).await? {
                Some(command) => give(client, command).await,
                None => Ok((look(client, session, request).await?, Effect::None)),
            };
        }
    }
    Ok((Body::Done(format::Done::new()), Effect::None))
}

/// Has the engine do something.
async fn give(client: &Client, command: Command) -> Result<(Body, Effect), Failure> {
    let body = match client.command(command).await? {
        Reply::Contact(contact) => Body::Contact {
            contact: Box::new(format::Contact::from(&contact)),
        },
        Reply::Message(message) => {
            let effect = Effect::Follow(message.position, message.state);
            let message = format::Message::from(&message);
            return Ok((Body::Message(Box::new(message)), effect));
        }
        Reply::Changed { message, unreached } => {
            Body::Changed(Box::new(format::Changed::new(&message, &unreached)))
        }
        Reply::Group(group) => Body::Group {
            group: format::Group::from(&group),
        },
        _ => Body::Done(format::Done::new()),
    };
    Ok((body, Effect::None))
}

/// What only looks.
async fn look(client: &Client, session: &Session<'_>, request: Request) -> Result<Body, Failure> {
    Ok(match request {
        Request::Contacts {} => {
            Body::Contacts(format::Contacts::new(&client.view(view::contacts).await?))
        }
        Request::Chats {} => {
            Body::Chats(format::Chats::new(&client.view(view::conversations).await?))
        }
        Request::Groups {} => Body::Groups(format::Groups::new(&client.view(view::groups).await?)),
        Request::Group { group } => group_details(client, &group).await?,
        Request::Contact { contact } => contact_details(client, &contact).await?,
        Request::Blocked {} => {
            let blocked = client.view(view::blocked).await?;
            let excluded = client.view(view::excluded).await?;
            Body::Blocked(format::Blocked::new(&blocked, &excluded))
        }
        Request::Starred {} => {
            let starred = client.view(|conn| view::starred(conn, None, HISTORY_MAX));
            Body::Messages(format::Messages::new(&starred.await?))
        }
        Request::History {
            contact,
            before,
            limit,
        } => {
            let with = who::conversation(client, &contact).await?;
            let (before, limit) = (before.map(Position), limit.unwrap_or(HISTORY_DEFAULT));
            let limit = limit.min(HISTORY_MAX);
            let messages = client.view(move |conn| view::timeline(conn, &with, before, limit));
            Body::Messages(format::Messages::new(&messages.await?))
        }
        Request::Message { reference, message } => {
            let message = match (reference, message) {
                (Some(reference), None) => {
                    let found =
                        client.view(move |conn| view::message_by_reference(conn, &reference));
                    found.await?
                }
                (None, Some(message)) => Some(which::message(client, &message.text()).await?),
                _ => {
                    let reason = "give either reference or message";
                    return Err(Failure::usage("bad-command").with("reason", reason));
                }
            };
            Body::Found {
                message: message.as_ref().map(|m| Box::new(format::Message::from(m))),
            }
        }
        Request::Save {
            message,
            path,
            replace,
        } => {
            let message = which::message(client, &message.text()).await?;
            let path = save::target(&path, save::file_of(&message)?);
            let size_bytes = save::save(client, message.position, &path, replace).await?;
            Body::Saved(format::Saved::new(&path, size_bytes))
        }
        Request::Me {} => {
            let me = client
                .view(view::me)
                .await?
                .ok_or_else(|| Failure::new("no-identity"))?;
            Body::Me(format::Me::new(&me, &session.profile.instance()?))
        }
        Request::WorkStatus {} => {
            let organisation = client.view(view::organisation).await?;
            Body::Work(format::Work::new(
                &organisation,
                &client.view(view::standing).await?,
            ))
        }
        Request::Policy {} => Body::Policy(format::Policy::new(&client.view(view::policy).await?)),
        request => settings(client, request).await?,
    })
}

async fn group_details(client: &Client, group: &str) -> Result<Body, Failure> {
    let id = who::group(client, group).await?;
    let (group, members) = client
        .view(move |conn| -> Result<_, Error> {
            Ok((view::group(conn, &id)?, view::members(conn, &id)?))
        })
        .await?;
    let group = group.ok_or_else(|| Failure::new("unknown-group").with("id", id))?;
    Ok(Body::GroupDetails(format::GroupDetails::new(
        &group, &members,
    )))
}

async fn contact_details(client: &Client, contact: &str) -> Result<Body, Failure> {
    let id = who::person(client, contact).await?;
    let (contact, groups) = client
        .view(move |conn| -> Result<_, Error> {
            Ok((view::person(conn, id)?, view::groups_in_common(conn, id)?))
        })
        .await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", id))?;
    let details = format::ContactDetails::new(&contact, &groups);
    Ok(Body::ContactDetails(Box::new(details)))
}

/// Changes the settings that are named, and says what they are then.
async fn settings(client: &Client, request: Request) -> Result<Body, Failure> {
    let (earlier, mut sharing) = client
        .view(|conn| -> Result<_, Error> {
            Ok((view::settings(conn)?, view::picture_sharing(conn)?))
        })
        .await?;
    let mut settings = earlier;
    if let Request::Settings {
        read_receipts,
        typing_indicators,
        block_unknown,
        hide_inactive,
        sort,
        first,
        share_picture,
    } = request
    {
        settings = Settings {
            read_receipts: read_receipts.unwrap_or(earlier.read_receipts),
            typing_indicators: typing_indicators.unwrap_or(earlier.typing_indicators),
            block_unknown: block_unknown.unwrap_or(earlier.block_unknown),
            hide_inactive: hide_inactive.unwrap_or(earlier.hide_inactive),
            sort_order: sort.map_or(earlier.sort_order, order),
            name_order: first.map_or(earlier.name_order, order),
            ..earlier
        };
        if let Some(wanted) = share_picture {
            sharing = sharing_of(&wanted)?;
            let command = Command::SetPictureSharing(sharing.clone());
            client.command(command).await?;
        }
    }
    if settings != earlier {
        client.command(Command::SetSettings(settings)).await?;
    }
    Ok(Body::Settings(format::Settings::new(settings, &sharing)))
}

fn order(order: Order) -> NameOrder {
    match order {
        Order::First => NameOrder::FirstName,
        Order::Last => NameOrder::LastName,
    }
}
