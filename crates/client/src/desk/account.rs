//! The own account: backups, links, what the organisation allows, and the end of it.

use super::failure::Failure;
use super::request::{AtWork, Request, Secret};
use super::who::parse_identity;
use crate::Command;
use crate::engine::{Availability, DirectoryQuery, IdScheme, WorkCategory};

/// The command for a request about the account; nothing if it is about something else.
pub(super) fn command(request: &Request) -> Result<Option<Command>, Failure> {
    let open = |secret: &Secret| secret.0.clone();
    Ok(Some(match request {
        Request::Nickname { nickname } => Command::SetNickname(nickname.clone()),
        Request::WorkSync {} => Command::WorkSync,
        Request::SafeBackup {} => Command::SafeBackup,
        Request::SafeEnable { password, server } => Command::SafeEnable {
            password: open(password),
            server: server.clone(),
        },
        Request::SafeDisable { even_if_it_stays } => Command::SafeDisable {
            even_if_it_stays: *even_if_it_stays,
        },
        Request::ExportId { password } => Command::ExportId {
            password: open(password),
            scheme: IdScheme::default(),
        },
        Request::Revoke { confirm } => Command::RevokeIdentity {
            confirm: parse_identity(confirm)?,
        },
        Request::LinkEmail { address } => Command::LinkEmail(address.clone()),
        Request::CheckEmail {} => Command::CheckEmail,
        Request::LinkPhone { number } => Command::LinkPhone(number.clone()),
        Request::ConfirmPhone { code } => Command::ConfirmPhone(code.clone()),
        Request::CallPhone {} => Command::CallPhone,
        Request::SearchDirectory {
            query,
            categories,
            page,
        } => Command::SearchDirectory(DirectoryQuery {
            text: query.clone(),
            categories: categories.clone(),
            by_last_name: false,
            page: *page,
        }),
        Request::Availability { status, text } => Command::SetAvailability(Availability {
            category: match status {
                AtWork::None => WorkCategory::None,
                AtWork::Busy => WorkCategory::Busy,
                AtWork::Unavailable => WorkCategory::Unavailable,
            },
            description: text.clone(),
        }),
        Request::PushSet { endpoint } => Command::SetPushEndpoint(endpoint.clone()),
        Request::Reclaim {} => Command::Reclaim,
        Request::ClearWarning {} => Command::ClearDeviceCookie,
        _ => return Ok(None),
    }))
}
