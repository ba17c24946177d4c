//! `/users`: the members of an organisation, and the three ways out.
//!
//! Withdrawing locks the app and can be undone; detaching frees the seat and lets the identity go
//! on in the private app; revoking ends the identity for ever. What cannot be undone wants the
//! identity repeated, except where programs for the vendor's interface do not know that.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::{Member, MemberFilter};
use dreiklang_wire::id::Identity;
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Outcome};
use super::fault::Fault;
use super::format::{links, of_credential, of_user, paging, some, time};
use super::texts::Text;
use crate::service::members::{self, Confirmed};

/// `GET /users`
pub async fn list(desk: Desk) -> Outcome {
    let (org, page) = (desk.org()?, desk.page()?);
    let credential = desk
        .query("filterCredential")
        .map(|it| it.parse().map_err(|_| Fault::invalid("filterCredential")))
        .transpose()?;
    let filter = MemberFilter {
        credential,
        username: desk.query("filterUsername").unwrap_or_default().to_owned(),
        query: desk.query("filterQuery").unwrap_or_default().to_owned(),
    };
    let (rows, total) = desk
        .app
        .store
        .members_page(org, filter, page.number, page.size)
        .await?;
    let users: Vec<_> = rows.iter().map(|it| show(&desk, it)).collect();
    let body = json!({
        "_links": links(&desk, &[("subscription", String::new())]),
        "users": users,
        "paging": paging(&desk, "/users", page, rows.len(), total),
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET /users/{threema_id}`
pub async fn detail(desk: Desk) -> Outcome {
    let (member, _) = find(&desk).await?;
    Ok(answer::json(StatusCode::OK, &show(&desk, &member)))
}

/// `DELETE /users/{threema_id}`: revokes, as the vendor's interface does; the address itself is
/// the confirmation, because its callers know no other.
pub async fn delete(desk: Desk) -> Outcome {
    let (member, _) = find(&desk).await?;
    let whom = confirmed(member.identity, Some(member.identity.as_str()))?;
    members::revoke(&desk.app, desk.actor(), member.org, whom).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /users/{threema_id}/revoke` `{"confirm": "<ID>"}`
pub async fn revoke(desk: Desk) -> Outcome {
    let (member, fields) = find(&desk).await?;
    let whom = confirmed(member.identity, fields.text_if("confirm")?.as_deref())?;
    members::revoke(&desk.app, desk.actor(), member.org, whom).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /users/{threema_id}/detach`: with a body it must confirm; without one, as the vendor's
/// interface has it, the address is the confirmation.
pub async fn detach(desk: Desk) -> Outcome {
    let (member, fields) = find(&desk).await?;
    let confirm = if fields.0.is_empty() {
        Some(member.identity.to_string())
    } else {
        fields.text_if("confirm")?
    };
    let whom = confirmed(member.identity, confirm.as_deref())?;
    members::detach(&desk.app, desk.actor(), member.org, whom).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /users/{threema_id}/withdraw` `{"confirm": "<ID>"}`
pub async fn withdraw(desk: Desk) -> Outcome {
    let (member, fields) = find(&desk).await?;
    let whom = confirmed(member.identity, fields.text_if("confirm")?.as_deref())?;
    members::withdraw(&desk.app, desk.actor(), member.org, whom).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /users/{threema_id}/restore`: undoes a withdrawal; needs no confirmation.
pub async fn restore(desk: Desk) -> Outcome {
    let (member, _) = find(&desk).await?;
    members::restore_access(&desk.app, desk.actor(), member.org, member.identity).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /users/{threema_id}/readmit`: a detached identity may attach itself again.
pub async fn readmit(desk: Desk) -> Outcome {
    let (org, identity) = (desk.org()?, desk.identity()?);
    members::readmit(&desk.app, desk.actor(), org, identity).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The member in the address, if it is the organisation's, and the fields of the body.
async fn find(desk: &Desk) -> Result<(Member, super::desk::Fields), Fault> {
    let (org, identity) = (desk.org()?, desk.identity()?);
    let member = desk.app.store.member(identity).await?;
    let member = member.filter(|it| it.org == org);
    Ok((member.ok_or_else(Fault::not_found)?, desk.fields()?))
}

/// Whether the caller has repeated what an irreversible act is about.
pub(super) fn confirmed(identity: Identity, confirm: Option<&str>) -> Result<Confirmed, Fault> {
    Confirmed::by(identity, confirm.unwrap_or_default())
        .map_err(|_| Fault::refused(Text::Confirm).about(identity.as_str()))
}

fn show(desk: &Desk, member: &Member) -> Value {
    let profile = &member.profile;
    let own = of_user(member.identity);
    // Programs take the second link for the credential (interop.md, row 14).
    let ways = [
        ("detail", own),
        ("credential", of_credential(member.credential)),
        ("subscription", String::new()),
    ];
    json!({
        "_links": links(desk, &ways),
        "id": member.identity.as_str(),
        "threemaId": member.identity.as_str(),
        "credential": member.credential.to_string(),
        "nickname": some(&profile.nickname),
        "firstName": some(&profile.first_name),
        "lastName": some(&profile.last_name),
        "csi": some(&profile.csi),
        "category": some(&profile.category),
        "jobTitle": some(&profile.job_title),
        "department": some(&profile.department),
        "version": some(&member.version),
        "withdrawnAt": time(member.withdrawn_at.unwrap_or(0)),
        "lastCheck": time(member.last_check_at.unwrap_or(0)),
        "createdAt": time(member.attached_at),
    })
}
