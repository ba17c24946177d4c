//! `admin member`, `admin contact` and `admin mdm`

use serde_json::{Map, Value, json};

use super::Office;
use super::print::{either, facts, table};
use crate::args::organisation::{Confirmed, ContactVerb, Level, MdmVerb, MemberVerb, Of, Switch};

pub(super) async fn perform(office: &mut Office, verb: MemberVerb) -> anyhow::Result<()> {
    match verb {
        MemberVerb::List { filter, of } => {
            let org = office.org(of.org.as_deref()).await?;
            let filter = super::call::query(&filter);
            let path = format!("/users?pageSize=0&filterQuery={filter}");
            let answer = office.call("GET", &path, Some(&org), None).await?;
            either(of.json, &answer, |it| {
                table(
                    &it["users"],
                    &[
                        ("IDENTITY", "id"),
                        ("FIRST NAME", "firstName"),
                        ("LAST NAME", "lastName"),
                        ("NICKNAME", "nickname"),
                        ("CREDENTIAL", "credential"),
                        ("VERSION", "version"),
                        ("LAST CHECK", "lastCheck"),
                        ("WITHDRAWN", "withdrawnAt"),
                    ],
                )
            })
        }
        MemberVerb::Show { identity, of } => {
            let answer = act(office, "GET", &identity, "", None, &of).await?;
            either(of.json, &answer, facts)
        }
        MemberVerb::Withdraw(it) => {
            let text = "has no access any more, until it is restored";
            confirmed(office, it, "withdraw", text).await
        }
        MemberVerb::Restore { identity, of } => {
            act(office, "POST", &identity, "/restore", None, &of).await?;
            done(&of, &identity, "restore", "has access again")
        }
        MemberVerb::Detach(it) => {
            confirmed(office, it, "detach", "is released; its seat is free").await
        }
        MemberVerb::Readmit { identity, of } => {
            act(office, "POST", &identity, "/readmit", None, &of).await?;
            done(&of, &identity, "readmit", "may attach itself again")
        }
        MemberVerb::Revoke(it) => confirmed(office, it, "revoke", "is revoked for ever").await,
    }
}

async fn confirmed(
    office: &mut Office,
    Confirmed {
        identity,
        confirm,
        of,
    }: Confirmed,
    verb: &str,
    text: &str,
) -> anyhow::Result<()> {
    let body = json!({ "confirm": confirm });
    act(
        office,
        "POST",
        &identity,
        &format!("/{verb}"),
        Some(body),
        &of,
    )
    .await?;
    done(&of, &identity, verb, text)
}

async fn act(
    office: &mut Office,
    method: &str,
    identity: &str,
    verb: &str,
    body: Option<Value>,
    of: &Of,
) -> anyhow::Result<Value> {
    let org = office.org(of.org.as_deref()).await?;
    let path = format!("/users/{}{verb}", super::call::query(identity));
    office.call(method, &path, Some(&org), body).await
}

fn done(of: &Of, identity: &str, what: &str, text: &str) -> anyhow::Result<()> {
    let body = json!({ "identity": identity, "done": what });
    either(of.json, &body, |_| format!("{identity} {text}."))
}

/// `admin contact`
pub(super) async fn contact(office: &mut Office, verb: ContactVerb) -> anyhow::Result<()> {
    match verb {
        ContactVerb::List(of) => {
            let answer = of_org(office, "GET", "/contacts?pageSize=0", None, &of).await?;
            either(of.json, &answer, |it| {
                table(
                    &it["contacts"],
                    &[
                        ("IDENTITY", "id"),
                        ("FIRST NAME", "firstName"),
                        ("LAST NAME", "lastName"),
                        ("KIND", "type"),
                        ("ENABLED", "enabled"),
                    ],
                )
            })
        }
        ContactVerb::Set {
            identity,
            first_name,
            last_name,
            enabled,
            of,
        } => {
            let fields = [
                ("firstName", first_name.map(Value::from)),
                ("lastName", last_name.map(Value::from)),
                ("enabled", enabled.map(|it| (it == Switch::On).into())),
                ("threemaId", Some(Value::from(identity.as_str()))),
            ];
            let body: Map<_, _> = fields
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect();
            let org = office.org(of.org.as_deref()).await?;
            let path = format!("/contacts/{}", super::call::query(&identity));
            let found = office.send("GET", &path, Some(&org), hyper::body::Bytes::new());
            let (method, path) = if found.await?.is_success {
                ("PUT", path)
            } else {
                ("POST", "/contacts".to_owned())
            };
            office
                .call(method, &path, Some(&org), Some(body.into()))
                .await?;
            done(&of, &identity, "set", "is in the contact list")
        }
        ContactVerb::Delete { identity, of } => {
            let path = format!("/contacts/{}", super::call::query(&identity));
            of_org(office, "DELETE", &path, None, &of).await?;
            done(&of, &identity, "delete", "is no longer in the contact list")
        }
        ContactVerb::Categories(of) => {
            let answer = of_org(office, "GET", "/categories", None, &of).await?;
            either(of.json, &answer, |it| {
                let columns = [("ID", "id"), ("NAME", "name"), ("ENABLED", "enabled")];
                table(&it["categories"], &columns)
            })
        }
        ContactVerb::Category { name, of } => {
            let body = json!({ "name": name });
            let made = of_org(office, "POST", "/categories", Some(body), &of).await?;
            either(of.json, &made, facts)
        }
        ContactVerb::Assign {
            identity,
            categories,
            of,
        } => {
            let path = format!("/contacts/{}/categories", super::call::query(&identity));
            let body = json!({ "categories": categories });
            of_org(office, "PUT", &path, Some(body), &of).await?;
            done(&of, &identity, "assign", "is in these categories")
        }
    }
}

async fn of_org(
    office: &mut Office,
    method: &str,
    path: &str,
    body: Option<Value>,
    of: &Of,
) -> anyhow::Result<Value> {
    let org = office.org(of.org.as_deref()).await?;
    office.call(method, path, Some(&org), body).await
}

/// `admin mdm`
pub(super) async fn mdm(office: &mut Office, verb: MdmVerb) -> anyhow::Result<()> {
    match verb {
        MdmVerb::List(level) => {
            let (org, path) = place(office, &level).await?;
            let answer = office.call("GET", &path, org.as_deref(), None).await?;
            either(level.of.json, &answer, |it| {
                table(
                    &it["parameters"],
                    &[("PARAMETER", "name"), ("VALUE", "value")],
                )
            })
        }
        MdmVerb::Set {
            parameter,
            value,
            level,
        } => {
            let (org, path) = place(office, &level).await?;
            // What reads as a truth or a number is one; everything else is a text.
            let value = match serde_json::from_str(&value) {
                Ok(scalar @ (Value::Bool(_) | Value::Number(_))) => scalar,
                _ => Value::from(value),
            };
            let body = json!({ "property": parameter, "value": value });
            office
                .call("POST", &path, org.as_deref(), Some(body))
                .await?;
            done(&level.of, &parameter, "set", "is set")
        }
        MdmVerb::Unset { parameter, level } => {
            let (org, path) = place(office, &level).await?;
            let path = format!("{path}/{}", super::call::query(&parameter));
            office.call("DELETE", &path, org.as_deref(), None).await?;
            done(&level.of, &parameter, "unset", "is left to the next level")
        }
    }
}

/// The organisation and the address of a level.
async fn place(office: &mut Office, level: &Level) -> anyhow::Result<(Option<String>, String)> {
    if level.instance {
        return Ok((None, "/mdm".to_owned()));
    }
    let org = office.org(level.of.org.as_deref()).await?;
    let path = match &level.credential {
        None => "/mdm".to_owned(),
        Some(credential) => {
            let id = office.credential(&org, credential).await?;
            format!("/credentials/{id}/mdm")
        }
    };
    Ok((Some(org), path))
}
