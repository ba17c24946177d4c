//! From what was asked for to what the engine does.

use super::failure::Failure;
use super::parcel::Source;
use super::request::{Request, Told, Visible, Which};
use super::who::{self, add_command, parse_identity};
use super::{Desk, account, emoji, files, which};
use crate::engine::{NewFile, NewPoll, SendPolicy, Timestamp};
use crate::media::name;
use crate::view::{self, Content, Degrees, Message, Place, Position, Visibility};
use crate::{Client, Command, Identity};

/// The command for a request; nothing if the request only looks.
pub(super) async fn command(
    desk: &Desk,
    request: &Request,
    file: Option<Box<dyn Source>>,
) -> Result<Option<Command>, Failure> {
    let client = &desk.client;
    if let Some(command) = file_command(client, request, file).await? {
        return Ok(Some(command));
    }
    if let Some(command) = message_command(client, request).await? {
        return Ok(Some(command));
    }
    if let Some(command) = chat_command(client, request).await? {
        return Ok(Some(command));
    }
    if let Some(command) = group_command(client, request).await? {
        return Ok(Some(command));
    }
    if let Some(command) = contact_command(desk, request).await? {
        return Ok(Some(command));
    }
    Ok(match request {
        Request::MarkPlayed { message } => Some(Command::MarkPlayed {
            position: which::position(client, &message.text()).await?,
        }),
        Request::UnstarAll {} => Some(Command::UnstarAll),
        Request::SendCard {
            to,
            contact,
            reference,
        } => Some(Command::SendFile {
            to: who::conversation(client, to).await?,
            file: Box::new(files::prepare_card(client, contact).await?),
            reference: reference.clone(),
        }),
        Request::ClearMedia {
            conversation,
            before_ms,
        } => Some(Command::ClearMedia {
            conversation: match conversation {
                Some(conversation) => Some(who::conversation(client, conversation).await?),
                None => None,
            },
            before: Timestamp::from_ms(*before_ms),
        }),
        request => account::command(request)?,
    })
}

async fn message_command(client: &Client, request: &Request) -> Result<Option<Command>, Failure> {
    let position = async |which: &Which| which::position(client, &which.text()).await;
    Ok(Some(match request {
        Request::Send {
            to,
            text,
            quote,
            reference,
        } => Command::SendText {
            to: who::conversation(client, to).await?,
            text: text.clone(),
            quote: match quote {
                Some(quote) => Some(position(quote).await?),
                None => None,
            },
            reference: reference.clone(),
        },
        Request::SendLocation {
            to,
            latitude,
            longitude,
            accuracy_m,
            name,
            address,
            reference,
        } => {
            let degrees = |number: f64| Degrees::new(number).ok_or(Failure::usage("bad-place"));
            Command::SendLocation {
                to: who::conversation(client, to).await?,
                place: Place {
                    latitude: degrees(*latitude)?,
                    longitude: degrees(*longitude)?,
                    accuracy_m: *accuracy_m,
                    name: name.clone(),
                    address: address.clone(),
                },
                reference: reference.clone(),
            }
        }
        Request::Forward {
            message,
            to,
            reference,
        } => Command::Forward {
            position: position(message).await?,
            to: who::conversation(client, to).await?,
            reference: reference.clone(),
        },
        Request::React { message, emoji, on } => Command::React {
            position: position(message).await?,
            emoji: emoji::named(emoji)
                .ok_or_else(|| Failure::usage("no-emoji").with("text", emoji))?,
            on: *on,
        },
        Request::Edit { message, text } => Command::Edit {
            position: position(message).await?,
            text: text.clone(),
        },
        Request::Delete {
            message,
            for_everyone,
        } => Command::Delete {
            position: position(message).await?,
            for_everyone: *for_everyone,
        },
        Request::Star { message, on } => Command::Star {
            position: position(message).await?,
            on: *on,
        },
        Request::PollCreate { .. } | Request::PollVote { .. } | Request::PollClose { .. } => {
            return poll_command(client, request).await;
        }
        _ => return Ok(None),
    }))
}

async fn file_command(
    client: &Client,
    request: &Request,
    source: Option<Box<dyn Source>>,
) -> Result<Option<Command>, Failure> {
    let position = async |which: &Which| which::position(client, &which.text()).await;
    Ok(Some(match request {
        Request::SendFile {
            to,
            path,
            name,
            duration_ms,
            caption,
            send_as,
            size,
            reference,
        } => {
            let to = who::conversation(client, to).await?;
            let file = match (source, path) {
                (Some(source), None) => {
                    files::prepare_source(client, source, *send_as, *size).await?
                }
                (None, Some(path)) => files::prepare(client, path, *send_as, *size).await?,
                _ => {
                    let reason = "give a path, or the file itself";
                    return Err(Failure::usage("bad-command").with("reason", reason));
                }
            };
            let named = name.as_deref().map(name::clean);
            Command::SendFile {
                to,
                file: Box::new(NewFile {
                    caption: caption.clone(),
                    file_name: named.unwrap_or_else(|| file.file_name.clone()),
                    duration_ms: duration_ms.or(file.duration_ms),
                    ..file
                }),
                reference: reference.clone(),
            }
        }
        Request::Resend { message } => Command::Resend {
            position: position(message).await?,
        },
        Request::Cancel { message } => Command::Cancel {
            position: position(message).await?,
        },
        Request::Download { message } => Command::Download {
            position: position(message).await?,
        },
        _ => return Ok(None),
    }))
}

async fn poll_command(client: &Client, request: &Request) -> Result<Option<Command>, Failure> {
    Ok(Some(match request {
        Request::PollCreate {
            to,
            question,
            choices,
            is_multiple,
            shows_votes,
            is_summary,
            reference,
        } => Command::CreatePoll {
            to: who::conversation(client, to).await?,
            poll: NewPoll {
                question: question.clone(),
                choices: choices.clone(),
                is_multiple: *is_multiple,
                shows_votes: *shows_votes,
                is_summary: *is_summary,
            },
            reference: reference.clone(),
        },
        Request::PollVote { message, choices } => {
            let message = which::message(client, &message.text()).await?;
            Command::Vote {
                position: message.position,
                choices: chosen(&message, choices)?,
            }
        }
        Request::PollClose { message } => Command::ClosePoll {
            position: which::position(client, &message.text()).await?,
        },
        _ => return Ok(None),
    }))
}

async fn chat_command(client: &Client, request: &Request) -> Result<Option<Command>, Failure> {
    let of = async |text: &str| who::conversation(client, text).await;
    Ok(Some(match request {
        Request::MarkRead {
            conversation,
            position,
        } => Command::MarkRead {
            conversation: of(conversation).await?,
            up_to: Position(*position),
        },
        Request::ChatVisibility {
            conversation,
            visibility,
        } => Command::SetVisibility {
            conversation: of(conversation).await?,
            visibility: match visibility {
                Visible::Normal => Visibility::Normal,
                Visible::Pinned => Visibility::Pinned,
                Visible::Archived => Visibility::Archived,
            },
        },
        Request::ChatMute {
            conversation,
            is_muted,
            until_ms,
            mentions_only,
        } => Command::Mute {
            conversation: of(conversation).await?,
            until: is_muted.then(|| {
                let for_ever = i64::MAX.unsigned_abs();
                Timestamp::from_ms(until_ms.unwrap_or(for_ever))
            }),
            mentions_only: *mentions_only,
        },
        Request::ChatUnread { conversation, on } => Command::MarkUnread {
            conversation: of(conversation).await?,
            on: *on,
        },
        Request::ChatDraft { conversation, text } => Command::SetDraft {
            conversation: of(conversation).await?,
            text: text.clone(),
        },
        Request::ChatEmpty { conversation } => Command::EmptyConversation(of(conversation).await?),
        Request::Typing { to, is_typing } => Command::Typing {
            to: who::person(client, to).await?,
            on: *is_typing,
        },
        _ => return Ok(None),
    }))
}

async fn group_command(client: &Client, request: &Request) -> Result<Option<Command>, Failure> {
    let of = async |text: &str| who::group(client, text).await;
    Ok(Some(match request {
        Request::GroupCreate {
            name,
            members,
            reference,
        } => Command::CreateGroup {
            name: name.clone(),
            members: who::people(client, members).await?,
            reference: reference.clone(),
        },
        Request::GroupRename { group, name } => Command::RenameGroup {
            group: of(group).await?,
            name: name.clone(),
        },
        Request::GroupAdd { group, members } => Command::AddMembers {
            group: of(group).await?,
            members: who::people(client, members).await?,
        },
        Request::GroupRemove { group, members } => Command::RemoveMembers {
            group: of(group).await?,
            members: who::people(client, members).await?,
        },
        Request::GroupLeave { group } => Command::LeaveGroup(of(group).await?),
        Request::GroupDisband { group } => Command::DisbandGroup(of(group).await?),
        Request::GroupDelete { group } => Command::DeleteGroup(of(group).await?),
        Request::GroupSync { group, member } => Command::SyncGroup {
            group: of(group).await?,
            member: match member {
                Some(member) => Some(who::person(client, member).await?),
                None => None,
            },
        },
        Request::GroupClone {
            group,
            name,
            reference,
        } => Command::CloneGroup {
            group: of(group).await?,
            name: name.clone(),
            reference: reference.clone(),
        },
        _ => return Ok(None),
    }))
}

async fn contact_command(desk: &Desk, request: &Request) -> Result<Option<Command>, Failure> {
    let client = &desk.client;
    Ok(Some(match request {
        Request::ContactAdd { contact, name } => add_command(contact, name.clone(), &desk.clock)?,
        Request::ContactVerify { code } => Command::ScanContact { text: code.clone() },
        Request::ContactDismissWarning { contact } => {
            Command::ClearKeyMismatch(parse_identity(contact)?)
        }
        Request::ContactPolicy {
            contact: id,
            read_receipts,
            typing_indicators,
        } => {
            let id = who::person(client, id).await?;
            let (receipts, typing) = (*read_receipts, *typing_indicators);
            policies(client, id, receipts, typing).await?
        }
        Request::ContactPolicyReset {} => Command::ResetContactPolicies,
        Request::ContactExclude { contact } => Command::Exclude(parse_identity(contact)?),
        Request::ContactInclude { contact } => Command::Include(parse_identity(contact)?),
        Request::ContactRename {
            contact,
            name,
            last_name,
        } => Command::SetContactName {
            identity: parse_identity(contact)?,
            first_name: name.clone(),
            last_name: last_name.clone().unwrap_or_default(),
        },
        Request::ContactRemove { contact } => Command::RemoveContact(parse_identity(contact)?),
        Request::MatchContacts { emails, phones } => Command::FindByAddress {
            emails: emails.clone(),
            phones: phones.clone(),
        },
        Request::ContactBlock { contact } => Command::Block(parse_identity(contact)?),
        Request::ContactUnblock { contact } => Command::Unblock(parse_identity(contact)?),
        _ => return Ok(None),
    }))
}

/// The choices with these numbers, counted from 1 as they are shown.
pub fn chosen(message: &Message, numbers: &[usize]) -> Result<Vec<u32>, Failure> {
    let Content::Poll(poll) = &message.content else {
        return Err(Failure::usage("wrong-message-kind"));
    };
    let id = |number: &usize| {
        let choice = number.checked_sub(1).and_then(|at| poll.choices.get(at));
        choice
            .map(|choice| choice.id)
            .ok_or_else(|| Failure::usage("unknown-choice"))
    };
    numbers.iter().map(id).collect()
}

/// What is not said stays as it is.
pub async fn policies(
    client: &Client,
    identity: Identity,
    read_receipts: Option<Told>,
    typing_indicators: Option<Told>,
) -> Result<Command, Failure> {
    let contact = client.view(move |conn| view::contact(conn, identity));
    let contact = contact.await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", identity))?;
    let policy = |tell: Option<Told>, earlier| match tell {
        None => earlier,
        Some(Told::Default) => SendPolicy::Default,
        Some(Told::On) => SendPolicy::Send,
        Some(Told::Off) => SendPolicy::DontSend,
    };
    Ok(Command::SetContactPolicies {
        identity,
        read_receipts: policy(read_receipts, contact.read_receipts),
        typing_indicators: policy(typing_indicators, contact.typing_indicators),
    })
}
