//! Doing what was asked for, and what answers it.

use serde::Serialize;

use super::failure::Failure;
use super::parcel::{Outgoing, Source};
use super::request::{Request, Which};
use super::settings::settings;
use super::{Desk, bytes, commands, files, format, look, qr, which, who};
use crate::engine::Reply;
use crate::view::{self, Position};
use crate::{Client, Command, Error};

/// How many messages `history` gives if the script does not say.
const HISTORY_DEFAULT: u32 = 50;
/// How many it gives at most; the script asks again with `before`.
const HISTORY_MAX: u32 = 1_000;

/// What whoever asked makes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// A message of ours is to be followed.
    Follow(Position, view::MessageState),
    /// Whoever asks wants an end.
    Stop,
}

/// What an answer says.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Answer {
    Done(format::Done),
    Message(Box<format::Message>),
    Changed(Box<format::Changed>),
    Found(format::Found),
    Contact(Box<format::ContactReply>),
    ContactDetails(Box<format::ContactDetails>),
    Blocked(format::Blocked),
    Matches(format::Matches),
    Saved(format::Saved),
    Group(format::GroupReply),
    GroupDetails(format::GroupDetails),
    Groups(format::Groups),
    Contacts(format::Contacts),
    Chats(format::Chats),
    Messages(format::Messages),
    Me(format::Me),
    Settings(format::Settings),
    Work(format::Work),
    Policy(format::Policy),
    History(format::History),
    Media(format::MediaBytes),
    Picture(format::Picture),
    Logo(format::Logo),
    QrText(format::QrText),
    Code(format::QrSquares),
    Details(format::Details),
    Card(format::Card),
    Markup(format::Markup),
    Storage(format::Storage),
    Fetch(format::Fetch),
    Abilities(Box<format::Abilities>),
    Safe(format::Safe),
    Links(format::Links),
    Exported(format::ExportedId),
    File(format::FileMade),
    Directory(format::Directory),
}

/// What was done.
pub struct Answered {
    /// What to tell.
    pub answer: Answer,
    /// What it means for what is told later.
    pub effect: Effect,
    /// The file that was asked for.
    pub file: Option<Outgoing>,
}

impl Answered {
    pub(super) fn new(answer: Answer) -> Self {
        Self {
            answer,
            effect: Effect::None,
            file: None,
        }
    }
}

impl Desk {
    /// Does what is asked for; what the answer says is in the database by then.
    pub async fn answer(
        &self,
        request: Request,
        file: Option<Box<dyn Source>>,
    ) -> Result<Answered, Failure> {
        perform(self, request, file).await
    }
}

async fn perform(
    desk: &Desk,
    request: Request,
    file: Option<Box<dyn Source>>,
) -> Result<Answered, Failure> {
    let client = &desk.client;
    match request {
        Request::Connect {} => client.connect().await?,
        Request::Disconnect {} => client.disconnect().await?,
        Request::Stop {} => {
            return Ok(Answered {
                effect: Effect::Stop,
                ..Answered::new(Answer::Done(format::Done::new()))
            });
        }
        request => {
            let (request, file) = match bytes::answer(desk, request, file).await? {
                Ok(answered) => return Ok(answered),
                Err(other) => other,
            };
            return match commands::command(desk, &request, file).await? {
                Some(command) => give(desk, command).await,
                None => Ok(Answered::new(look(desk, request).await?)),
            };
        }
    }
    Ok(Answered::new(Answer::Done(format::Done::new())))
}

/// Has the engine do something.
async fn give(desk: &Desk, command: Command) -> Result<Answered, Failure> {
    let answer = match desk.client.command(command).await? {
        Reply::Contact(contact) => Answer::Contact(Box::new(format::ContactReply::new(&contact))),
        Reply::Message(message) => {
            let effect = Effect::Follow(message.position, message.state);
            let message = desk.show(message).await?;
            return Ok(Answered {
                effect,
                ..Answered::new(Answer::Message(message))
            });
        }
        Reply::Changed { message, unreached } => Answer::Changed(Box::new(format::Changed::new(
            *desk.show(message).await?,
            &unreached,
        ))),
        Reply::Group(group) => Answer::Group(format::GroupReply::new(&group)),
        Reply::Found(found) => Answer::Matches(format::Matches::new(&found)),
        Reply::Directory(page) => Answer::Directory(format::Directory::new(&page)),
        Reply::IdExported(export) => Answer::Exported(format::ExportedId {
            qr: qr::squares(&export)?,
            export,
        }),
        _ => Answer::Done(format::Done::new()),
    };
    Ok(Answered::new(answer))
}

/// What only looks.
async fn look(desk: &Desk, request: Request) -> Result<Answer, Failure> {
    let client = &desk.client;
    if let Some(answer) = look::look(desk, &request).await? {
        return Ok(answer);
    }
    Ok(match request {
        Request::Contacts {} => {
            Answer::Contacts(format::Contacts::new(&client.view(view::contacts).await?))
        }
        Request::Chats {} => Answer::Chats(look::chats(desk).await?),
        Request::Groups {} => {
            Answer::Groups(format::Groups::new(&client.view(view::groups).await?))
        }
        Request::Group { group } => group_details(client, &group).await?,
        Request::Contact { contact } => contact_details(client, &contact).await?,
        Request::Blocked {} => {
            let blocked = client.view(view::blocked).await?;
            let excluded = client.view(view::excluded).await?;
            Answer::Blocked(format::Blocked::new(&blocked, &excluded))
        }
        Request::Starred {} => {
            let starred = client.view(|conn| view::starred(conn, None, HISTORY_MAX));
            Answer::Messages(format::Messages::new(desk.shown(starred.await?).await?))
        }
        Request::History {
            conversation,
            before,
            after,
            around,
            limit,
        } => {
            let with = who::conversation(client, &conversation).await?;
            let window = look::Window {
                before,
                after,
                around,
                limit: limit.unwrap_or(HISTORY_DEFAULT).min(HISTORY_MAX),
            };
            Answer::History(look::history(desk, with, window).await?)
        }
        Request::Message { reference, message } => found(desk, reference, message).await?,
        Request::Save {
            message,
            path,
            replace,
        } => {
            let message = which::message(client, &message.text()).await?;
            let path = files::target(&path, files::file_of(&message)?);
            let size_bytes = files::save(client, message.position, &path, replace).await?;
            Answer::Saved(format::Saved::new(&path, size_bytes))
        }
        Request::Me {} => {
            let me = client
                .view(view::me)
                .await?
                .ok_or_else(|| Failure::new("no-identity"))?;
            Answer::Me(format::Me::new(&me, &desk.instance))
        }
        Request::WorkStatus {} => {
            let organisation = client.view(view::organisation).await?;
            Answer::Work(format::Work::new(
                &organisation,
                &client.view(view::standing).await?,
            ))
        }
        Request::Policy {} => {
            Answer::Policy(format::Policy::new(&client.view(view::policy).await?))
        }
        request => Answer::Settings(settings(client, request).await?),
    })
}

/// A message by its place, or by the reference that it was sent with.
async fn found(
    desk: &Desk,
    reference: Option<String>,
    message: Option<Which>,
) -> Result<Answer, Failure> {
    let client = &desk.client;
    let message = match (reference, message) {
        (Some(reference), None) => {
            let found = client.view(move |conn| view::message_by_reference(conn, &reference));
            found.await?
        }
        (None, Some(message)) => Some(which::message(client, &message.text()).await?),
        _ => {
            let reason = "give either reference or message";
            return Err(Failure::usage("bad-command").with("reason", reason));
        }
    };
    let message = match message {
        Some(message) => Some(desk.show(message).await?),
        None => None,
    };
    Ok(Answer::Found(format::Found::new(message)))
}

async fn group_details(client: &Client, group: &str) -> Result<Answer, Failure> {
    let id = who::group(client, group).await?;
    let (group, members) = client
        .view(move |conn| -> Result<_, Error> {
            Ok((view::group(conn, &id)?, view::members(conn, &id)?))
        })
        .await?;
    let group = group.ok_or_else(|| Failure::new("unknown-group").with("id", id))?;
    Ok(Answer::GroupDetails(format::GroupDetails::new(
        &group, &members,
    )))
}

async fn contact_details(client: &Client, contact: &str) -> Result<Answer, Failure> {
    let id = who::person(client, contact).await?;
    let (contact, groups) = client
        .view(move |conn| -> Result<_, Error> {
            Ok((view::person(conn, id)?, view::groups_in_common(conn, id)?))
        })
        .await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", id))?;
    let details = format::ContactDetails::new(&contact, &groups);
    Ok(Answer::ContactDetails(Box::new(details)))
}
