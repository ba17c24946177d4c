//! `POST /credentials/import`: credentials from a list in the body.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::texts::Text;
use crate::service::credentials::import::{self, BadLine, Imported, Reason, Report};

/// Answers with every bad line and its reason; good lines are credentials now, unless the query
/// says `atomic=1` and there are bad ones.
pub async fn import(desk: Desk) -> Outcome {
    let org = desk.org()?;
    let text =
        std::str::from_utf8(&desk.body).map_err(|_| Fault::invalid("a list that is no UTF-8"))?;
    let is_atomic = matches!(desk.query("atomic"), Some("1" | "true"));
    let report = import::import(&desk.app, desk.actor(), org, text, is_atomic).await?;
    let status = if is_atomic && !report.bad.is_empty() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let mut body = show(&report);
    if status != StatusCode::OK {
        let text = Fault::refused(Text::BadLines).text(desk.language);
        body["error"] = Value::from(text);
    }
    Ok(answer::json(status, &body))
}

fn show(report: &Report) -> Value {
    let good: Vec<_> = report.good.iter().map(good).collect();
    let bad: Vec<_> = report.bad.iter().map(bad).collect();
    json!({
        "imported": good.len(),
        "refused": bad.len(),
        "credentials": good,
        "errors": bad,
    })
}

fn good(line: &Imported) -> Value {
    json!({
        "line": line.line,
        "id": line.id.to_string(),
        "username": line.username,
        "password": line.fresh_password,
    })
}

fn bad(line: &BadLine) -> Value {
    let (code, text) = match line.reason {
        Reason::Fields => (
            "fields",
            "a line has one to four fields: username, password, single or shared, number of users",
        ),
        Reason::Username => ("username", "a username has 1 to 128 characters"),
        Reason::Password => ("password", "a password has 6 characters to 256 bytes"),
        Reason::Kind => ("kind", "the third field is single or shared"),
        Reason::Number => ("number", "the fourth field is a number"),
        Reason::Taken => ("taken", "this username is taken"),
        Reason::TooMany => (
            "too-many",
            "the list ends here: send at most 2,000 lines at a time",
        ),
    };
    json!({ "line": line.line, "code": code, "error": text })
}
