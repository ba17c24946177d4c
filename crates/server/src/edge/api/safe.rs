//! `safe/…`: encrypted backups of apps under ids that only their owners' passwords lead to.

use axum::http::{HeaderMap, StatusCode, header};
use dreiklang_wire::api::safe::BackupId;

use super::answer::Refusal;
use super::texts::{SafeText, Text};
use crate::app::App;
use crate::error::Error;

pub mod config;
pub mod delete;
pub mod download;
pub mod upload;

/// What every call needs: a server that takes backups, and a program that says its name
/// (interop.md, row 16).
fn check(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    if !app.config.safe.enabled {
        return Err(Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress));
    }
    let agent = headers.get(header::USER_AGENT);
    if agent.is_none_or(|it| it.as_bytes().trim_ascii().is_empty()) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            Text::Safe(SafeText::NoUserAgent),
        ));
    }
    Ok(())
}

/// A whole id and nothing else: this is the only part of a path that reaches the store.
fn id(text: &str) -> Result<[u8; 32], Refusal> {
    text.parse()
        .map(|BackupId(bytes)| bytes)
        .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, Text::Safe(SafeText::NoBackupId)))
}

/// Whether the caller takes `wanted`, named or by a wildcard.
fn check_accept(headers: &HeaderMap, wanted: &str) -> Result<(), Refusal> {
    let family = wanted.split('/').next().unwrap_or_default();
    let takes = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .any(|range| {
            range == "*/*"
                || range.eq_ignore_ascii_case(wanted)
                || range
                    .strip_suffix("/*")
                    .is_some_and(|it| it.eq_ignore_ascii_case(family))
        });
    if takes {
        Ok(())
    } else {
        Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            Text::Safe(SafeText::WrongAccept),
        ))
    }
}

fn refusal_of(error: Error) -> Refusal {
    match error {
        Error::NotFound => Refusal::new(StatusCode::NOT_FOUND, Text::NoSuchAddress),
        Error::Invalid(_) => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Text::TooLarge),
        other => Refusal::of(other),
    }
}

const OCTETS: &str = "application/octet-stream";
