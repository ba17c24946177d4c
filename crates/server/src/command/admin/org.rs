//! `admin org`

use anyhow::Context;
use hyper::body::Bytes;
use serde_json::{Map, Value, json};

use super::Office;
use super::print::{either, facts, table};
use crate::args::organisation::{Of, OrgSet, OrgVerb, Switch, Variant};

pub(super) async fn perform(office: &mut Office, verb: OrgVerb) -> anyhow::Result<()> {
    match verb {
        OrgVerb::Create {
            name,
            seats,
            plan,
            days,
            json,
        } => {
            let body = json!({
                "name": name, "licenseAmount": seats, "type": plan,
                "validDays": days,
            });
            let made = office.call("POST", "/orgs", None, Some(body)).await?;
            either(json, &made, facts)
        }
        OrgVerb::List { json } => {
            let answer = office.call("GET", "/orgs?pageSize=0", None, None).await?;
            either(json, &answer, |it| {
                table(
                    &it["orgs"],
                    &[
                        ("ID", "id"),
                        ("NAME", "name"),
                        ("SEATS", "licenseAmount"),
                        ("CLOSED GROUP", "closedGroup"),
                        ("VALID UNTIL", "validUntil"),
                    ],
                )
            })
        }
        OrgVerb::Show(of) => show(office, &of).await,
        OrgVerb::Set(set) => change(office, *set).await,
        OrgVerb::Logo { variant, file, of } => {
            let org = office.org(of.org.as_deref()).await?;
            let variant = match variant {
                Variant::Light => "light",
                Variant::Dark => "dark",
            };
            let path = format!("/logos/{variant}");
            let (method, bytes) = match file {
                None => ("DELETE", Bytes::new()),
                Some(file) => {
                    let bytes = std::fs::read(&file)
                        .with_context(|| format!("cannot read {}", file.display()))?;
                    ("PUT", Bytes::from(bytes))
                }
            };
            let answer = office.send(method, &path, Some(&org), bytes).await?;
            answer.good()?;
            let body = json!({ "org": org, "logo": variant, "set": method == "PUT" });
            either(of.json, &body, facts)
        }
        OrgVerb::Delete { org, confirm, json } => {
            let body = json!({ "confirm": confirm });
            let path = format!("/orgs/{}", super::call::query(&org));
            office.call("DELETE", &path, None, Some(body)).await?;
            let body = json!({ "org": org, "deleted": true });
            either(json, &body, |_| format!("{org} is deleted."))
        }
    }
}

async fn show(office: &mut Office, of: &Of) -> anyhow::Result<()> {
    let org = office.org(of.org.as_deref()).await?;
    let mut shown = office.call("GET", "/", Some(&org), None).await?;
    let status = office.call("GET", "/status", Some(&org), None).await?;
    for name in ["seatsUsed", "credentials", "messagesDropped"] {
        shown[name] = status[name].clone();
    }
    either(of.json, &shown, facts)
}

async fn change(office: &mut Office, set: OrgSet) -> anyhow::Result<()> {
    let org = office.org(set.of.org.as_deref()).await?;
    let fields = [
        ("name", set.name.map(Value::from)),
        ("licenseAmount", set.seats.map(Value::from)),
        ("type", set.plan.map(Value::from)),
        ("validDays", set.days.map(Value::from)),
        ("supportUrl", set.support_url.map(Value::from)),
        ("directoryEnabled", set.directory.map(flag)),
        ("contactsAuto", set.contacts_auto.map(flag)),
        ("contactsMarked", set.contacts_marked.map(flag)),
        ("closedGroup", set.closed_group.map(flag)),
        ("mdmOverride", set.mdm_override.map(flag)),
        ("checkIntervalS", set.check_interval.map(Value::from)),
    ];
    let body: Map<_, _> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    let path = format!("/orgs/{org}");
    office.call("PUT", &path, None, Some(body.into())).await?;
    show(
        office,
        &Of {
            org: Some(org),
            ..set.of
        },
    )
    .await
}

fn flag(switch: Switch) -> Value {
    Value::from(switch == Switch::On)
}
