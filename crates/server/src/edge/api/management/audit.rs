//! `/audit`: what administrators did; the operator without `X-Org` sees everything.

use axum::http::StatusCode;
use dreiklang_store::{AuditEntry, AuditVerdict};
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::{links, time};

/// `GET /audit?before=POSITION`: newest first.
pub async fn list(desk: Desk) -> Outcome {
    let (org, page) = (desk.org().ok(), desk.page()?);
    let before = desk
        .query("before")
        .map(|it| it.parse().map_err(|_| Fault::invalid("before")))
        .transpose()?
        .unwrap_or(i64::MAX);
    let rows = desk.app.store.audit_page(org, before, page.rows()).await?;
    let shown: Vec<_> = rows.iter().map(show).collect();
    let older = rows
        .last()
        .filter(|_| rows.len() as u64 == page.size)
        .map(|it| format!("/audit?before={}&pageSize={}", it.position, page.size));
    let ways: Vec<_> = older.into_iter().map(|it| ("next", it)).collect();
    let body = json!({ "_links": links(&desk, &ways), "entries": shown });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET /audit/verify`: whether the chain of all entries is whole. Compare count and head with
/// what was noted elsewhere earlier: nobody can shorten the list without changing them.
pub async fn verify(desk: Desk) -> Outcome {
    let checked = desk.app.store.verify_audit().await?;
    let body = match checked {
        AuditVerdict::Whole(head) => json!({
            "valid": true,
            "count": head.entries,
            "head": hex::encode(head.hash),
        }),
        AuditVerdict::Broken { position } => json!({ "valid": false, "firstBad": position }),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

fn show(row: &AuditEntry) -> Value {
    json!({
        "position": row.position,
        "at": time(row.at),
        "actor": row.actor,
        "action": row.action,
        "org": row.org.map(|it| it.to_string()),
        "subject": row.subject,
        "detail": row.detail,
    })
}
