//! `group`: create, list, show, rename, add, remove, leave, disband, sync, clone, delete.

use std::time::Duration;

use dreiklang_client::engine::Reply;
use dreiklang_client::view::{self, Member, Membership};
use dreiklang_client::{Client, Command, Error, GroupIdentity};
use tokio::time::Instant;

use crate::args::{Group, HandOver};
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;
use crate::who;
use crate::words::verification_dots;

pub(crate) async fn perform(session: &Session<'_>, verb: Group) -> Result<(), Failure> {
    let question = match &verb {
        Group::Leave {
            group, yes: false, ..
        } => Some(("group-leave-question", group)),
        Group::Disband {
            group, yes: false, ..
        } => Some(("group-disband-question", group)),
        Group::Delete { group, yes: false } => Some(("group-delete-question", group)),
        _ => None,
    };
    if let Some((id, group)) = question {
        delivery::confirm(
            session,
            &session.texts.with(id, &[("group", &safe::line(group))]),
        )?;
    }
    let (client, _) = session.open_with_identity().await?;
    let result = match verb {
        Group::List => list(session, &client).await,
        Group::Show { group } => match who::group(&client, &group).await {
            Ok(group) => show(session, &client, group).await,
            Err(failure) => Err(failure),
        },
        verb => change(session, &client, verb).await,
    };
    client.close().await?;
    result
}

async fn change(session: &Session<'_>, client: &Client, verb: Group) -> Result<(), Failure> {
    let hand_over = hand_over(&verb);
    let command = command(client, verb).await?;
    let reply = client.command(command).await?;
    if let Some(HandOver {
        queued: false,
        timeout,
    }) = hand_over
    {
        let until = Instant::now() + Duration::from_secs(timeout);
        delivery::empty_outbox(client, until).await?;
    }
    match reply {
        Reply::Group(group) => show(session, client, group.identity).await,
        _ => session.print(|texts| texts.say("done"), &format::Done::new()),
    }
}

/// Forgetting a group is nobody else's business.
fn hand_over(verb: &Group) -> Option<HandOver> {
    match verb {
        Group::Create { hand_over, .. }
        | Group::Rename { hand_over, .. }
        | Group::Add { hand_over, .. }
        | Group::Remove { hand_over, .. }
        | Group::Leave { hand_over, .. }
        | Group::Disband { hand_over, .. }
        | Group::Sync { hand_over, .. }
        | Group::Clone { hand_over, .. } => Some(*hand_over),
        Group::List | Group::Show { .. } | Group::Delete { .. } => None,
    }
}

async fn command(client: &Client, verb: Group) -> Result<Command, Failure> {
    let of = async |text: &str| who::group(client, text).await;
    Ok(match verb {
        Group::Create {
            name,
            members,
            reference,
            ..
        } => Command::CreateGroup {
            name,
            members: who::people(client, &members).await?,
            reference,
        },
        Group::Rename { group, name, .. } => Command::RenameGroup {
            group: of(&group).await?,
            name,
        },
        Group::Add { group, members, .. } => Command::AddMembers {
            group: of(&group).await?,
            members: who::people(client, &members).await?,
        },
        Group::Remove { group, members, .. } => Command::RemoveMembers {
            group: of(&group).await?,
            members: who::people(client, &members).await?,
        },
        Group::Leave { group, .. } => Command::LeaveGroup(of(&group).await?),
        Group::Disband { group, .. } => Command::DisbandGroup(of(&group).await?),
        Group::Sync { group, member, .. } => Command::SyncGroup {
            group: of(&group).await?,
            member: match member {
                Some(member) => Some(who::person(client, &member).await?),
                None => None,
            },
        },
        Group::Clone {
            group,
            name,
            reference,
            ..
        } => Command::CloneGroup {
            group: of(&group).await?,
            name,
            reference,
        },
        Group::Delete { group, .. } | Group::Show { group } => {
            Command::DeleteGroup(of(&group).await?)
        }
        Group::List => return Err(Failure::new("interrupted")),
    })
}

async fn list(session: &Session<'_>, client: &Client) -> Result<(), Failure> {
    let groups = client.view(view::groups).await?;
    session.print(
        |texts| {
            if groups.is_empty() {
                return texts.say("no-groups");
            }
            let lines: Vec<_> = groups.iter().map(|group| line(group, texts)).collect();
            lines.join("\n")
        },
        &format::Groups::new(&groups),
    )
}

fn line(group: &view::Group, texts: &Texts) -> String {
    let members = u64::try_from(group.members.len()).unwrap_or_default();
    let own = u64::from(group.can_write());
    texts.with(
        "group-line",
        &[
            ("id", &group.identity.to_string()),
            ("name", &safe::line(&group.display_name())),
            ("size", &texts.count("group-size", members + own, &[])),
            ("role", &role(group, texts)),
        ],
    )
}

/// What the own identity is in a group, and what can be done there.
pub(crate) fn role(group: &view::Group, texts: &Texts) -> String {
    texts.say(match group.membership {
        Membership::Kicked => "group-role-removed",
        Membership::Left if group.is_mine => "group-role-disbanded",
        Membership::Left => "group-role-left",
        Membership::Member if group.is_notes() => "group-role-notes",
        Membership::Member if group.is_mine => "group-role-own",
        Membership::Member if group.is_orphaned => "group-role-orphaned",
        Membership::Member => "group-role-member",
    })
}

async fn show(session: &Session<'_>, client: &Client, id: GroupIdentity) -> Result<(), Failure> {
    let found = client
        .view(move |conn| -> Result<_, Error> {
            Ok((view::group(conn, &id)?, view::members(conn, &id)?))
        })
        .await?;
    let (Some(group), members) = found else {
        return Err(Failure::new("unknown-group").with("id", id));
    };
    session.print(
        |texts| {
            let mut lines = vec![line(&group, texts)];
            lines.extend(members.iter().map(|member| member_line(member, texts)));
            lines.join("\n")
        },
        &format::GroupDetails::new(&group, &members),
    )
}

/// Somebody in a group, in one line.
pub(crate) fn member_line(member: &Member, texts: &Texts) -> String {
    let contact = &member.contact;
    let id = if member.is_creator {
        "group-creator-line"
    } else {
        "group-member-line"
    };
    texts.with(
        id,
        &[
            ("id", contact.identity.as_str()),
            ("dots", verification_dots(contact.verification_level)),
            ("name", &safe::line(&contact.display_name())),
        ],
    )
}
