//! `/`, `/status` and `/orgs`: the organisation itself, and for the operator all of them.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use dreiklang_store::Org;
use serde_json::{Value, json};

use super::super::answer;
use super::desk::{Desk, Fields, Outcome};
use super::fault::Fault;
use super::format::{links, time};
use super::texts::Text;
use crate::error::Error;
use crate::service::orgs::{self, Wanted};

/// `GET /`
pub async fn detail(desk: Desk) -> Outcome {
    let org = find(&desk).await?;
    Ok(answer::json(StatusCode::OK, &show(&desk, &org)))
}

/// `PUT /`: what is not named stays as it is. Name and switches only; what was booked is the
/// operator's to change.
pub async fn update(desk: Desk) -> Outcome {
    let (org, fields) = (desk.org()?, desk.fields()?);
    let change = Change {
        plan: None,
        seats_max: None,
        valid_until: None,
        ..change(&desk, &fields)?
    };
    orgs::change(&desk.app, desk.actor(), org, |it| change.apply(it)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /status`: how full the organisation is and what its rules kept out.
pub async fn status(desk: Desk) -> Outcome {
    let org = find(&desk).await?;
    let store = &desk.app.store;
    let seats = store.org_seats_used(org.id).await?;
    let everything = dreiklang_store::CredentialFilter::default();
    let (_, credentials) = store.credentials_page(org.id, everything, 0, 1).await?;
    let body = json!({
        "seatsUsed": seats,
        "licenseAmount": org.seats_max,
        "isFull": org.seats_max > 0 && seats >= org.seats_max,
        "credentials": credentials,
        "messagesDropped": org.messages_dropped,
        "closedGroup": org.is_closed_group,
        "validUntil": time(org.valid_until.unwrap_or(0)),
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET /orgs`: all of them, after the one in `after`.
pub async fn list(desk: Desk) -> Outcome {
    let page = desk.page()?;
    let after = desk
        .query("after")
        .map(|it| it.parse().map_err(|_| Fault::invalid("after")))
        .transpose()?;
    let rows = desk.app.store.orgs_after(after, page.rows()).await?;
    let shown: Vec<_> = rows.iter().map(|it| show(&desk, it)).collect();
    let body = json!({ "_links": links(&desk, &[]), "orgs": shown });
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /orgs`
pub async fn create(desk: Desk) -> Outcome {
    let fields = desk.fields()?;
    let wanted = Wanted {
        name: fields.text("name")?,
        plan: plan(&fields)?.unwrap_or_else(|| "enterprise".to_owned()),
        seats_max: seats(&fields)?.unwrap_or(0),
        valid_until: end(&desk, &fields)?.filter(|it| *it > 0),
    };
    let id = orgs::create(&desk.app, desk.actor(), wanted).await?;
    let org = desk.app.store.org(id).await?;
    let org = org.ok_or_else(Fault::not_found)?;
    Ok(answer::json(StatusCode::CREATED, &show(&desk, &org)))
}

/// `PUT /orgs/{org}`: everything about it.
pub async fn update_any(desk: Desk) -> Outcome {
    let id = desk.part("org").parse().map_err(|_| Fault::not_found())?;
    let fields = desk.fields()?;
    let change = change(&desk, &fields)?;
    orgs::change(&desk.app, desk.actor(), id, |it| change.apply(it)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /orgs/{org}` `{"confirm": "<ORG>"}`: with its credentials, contacts and parameters;
/// never with members.
pub async fn delete(desk: Desk) -> Outcome {
    let id = desk.part("org").parse().map_err(|_| Fault::not_found())?;
    if desk.fields()?.text_if("confirm")?.as_deref() != Some(desk.part("org")) {
        return Err(Fault::refused(Text::Confirm).about(desk.part("org")));
    }
    orgs::delete(&desk.app, desk.actor(), id)
        .await
        .map_err(|error| match error {
            Error::Conflict => Fault::refused(Text::HasMembers),
            other => Fault::of(other),
        })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn find(desk: &Desk) -> Result<Org, Fault> {
    let org = desk.app.store.org(desk.org()?).await?;
    org.ok_or_else(Fault::not_found)
}

/// What changes about an organisation; `None` leaves a thing as it is.
struct Change {
    name: Option<String>,
    plan: Option<String>,
    seats_max: Option<u64>,
    /// Zero: it does not end.
    valid_until: Option<i64>,
    support_url: Option<String>,
    directory_enabled: Option<bool>,
    contacts_auto: Option<bool>,
    contacts_marked: Option<bool>,
    is_closed_group: Option<bool>,
    mdm_override: Option<bool>,
    check_interval_s: Option<u32>,
}

impl Change {
    fn apply(self, org: &mut Org) {
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut org.name, self.name.map(|it| it.trim().to_owned()));
        put(&mut org.plan, self.plan);
        put(&mut org.seats_max, self.seats_max);
        let end = self.valid_until.map(|it| (it > 0).then_some(it));
        put(&mut org.valid_until, end);
        put(&mut org.support_url, self.support_url);
        put(&mut org.directory_enabled, self.directory_enabled);
        put(&mut org.contacts_auto, self.contacts_auto);
        put(&mut org.contacts_marked, self.contacts_marked);
        put(&mut org.is_closed_group, self.is_closed_group);
        put(&mut org.mdm_override, self.mdm_override);
        put(&mut org.check_interval_s, self.check_interval_s);
    }
}

fn change(desk: &Desk, fields: &Fields) -> Result<Change, Fault> {
    Ok(Change {
        name: fields.text_if("name")?,
        plan: plan(fields)?,
        seats_max: seats(fields)?,
        valid_until: end(desk, fields)?,
        support_url: link(fields)?,
        directory_enabled: fields.flag_if("directoryEnabled")?,
        contacts_auto: fields.flag_if("contactsAuto")?,
        contacts_marked: fields.flag_if("contactsMarked")?,
        is_closed_group: fields.flag_if("closedGroup")?,
        mdm_override: fields.flag_if("mdmOverride")?,
        check_interval_s: interval(fields)?,
    })
}

/// An end by its moment or in days from now; zero: none.
fn end(desk: &Desk, fields: &Fields) -> Result<Option<i64>, Fault> {
    let in_days = fields.number_if("validDays")?.map(|days| match days {
        0 => 0,
        days => {
            let length = days.min(DAYS_MAX) * 24 * 3600 * 1000;
            desk.app.clock.now().0.saturating_add(length)
        }
    });
    in_days.map_or_else(|| fields.number_if("validUntilMs"), |it| Ok(Some(it)))
}

fn plan(fields: &Fields) -> Result<Option<String>, Fault> {
    let plan = fields.text_if("type")?;
    match &plan {
        Some(it) if !PLANS.contains(&it.as_str()) => Err(Fault::invalid("type")),
        _ => Ok(plan),
    }
}

/// Apps open it: nothing but pages.
fn link(fields: &Fields) -> Result<Option<String>, Fault> {
    let link = fields.text_if("supportUrl")?;
    let is_page =
        |it: &String| it.is_empty() || it.starts_with("https://") || it.starts_with("http://");
    if link.as_ref().is_none_or(is_page) {
        Ok(link)
    } else {
        Err(Fault::invalid("supportUrl"))
    }
}

/// Zero: as the server is configured.
fn interval(fields: &Fields) -> Result<Option<u32>, Fault> {
    let seconds = fields.number_if("checkIntervalS")?;
    let is_sensible = |it: i64| it == 0 || (60..=7 * 86_400).contains(&it);
    if !seconds.is_none_or(is_sensible) {
        return Err(Fault::invalid("checkIntervalS"));
    }
    Ok(seconds.and_then(|it| u32::try_from(it).ok()))
}

fn seats(fields: &Fields) -> Result<Option<u64>, Fault> {
    let number = fields.number_if("licenseAmount")?;
    Ok(number.map(|it| u64::try_from(it).unwrap_or(0)))
}

fn show(desk: &Desk, org: &Org) -> Value {
    let ways = [
        ("detail", String::new()),
        ("credentials", "/credentials".to_owned()),
        ("users", "/users".to_owned()),
        ("contacts", "/contacts".to_owned()),
        ("mdm", "/mdm".to_owned()),
    ];
    json!({
        "_links": links(desk, &ways),
        "id": org.id.to_string(),
        "name": org.name,
        "validUntil": time(org.valid_until.unwrap_or(0)),
        "type": org.plan,
        "licenseAmount": org.seats_max,
        "supportUrl": org.support_url,
        "directoryEnabled": org.directory_enabled,
        "contactsAuto": org.contacts_auto,
        "contactsMarked": org.contacts_marked,
        "closedGroup": org.is_closed_group,
        "mdmOverride": org.mdm_override,
        "checkIntervalS": org.check_interval_s,
        "createdAt": time(org.created_at),
    })
}

const DAYS_MAX: i64 = 36_500;
/// What the vendor's interface knows (interop.md 4); here all of them have every feature.
const PLANS: [&str; 7] = [
    "advanced",
    "basic",
    "business",
    "edu5",
    "enterprise",
    "essential",
    "professional",
];
