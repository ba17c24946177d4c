//! `admin api-key` and `admin audit`

use std::process::ExitCode;

use serde_json::json;

use super::Office;
use super::print::{either, facts, table, text};
use crate::args::organisation::{ApiKeyVerb, AuditVerb, Of};
use crate::command::say;

pub(super) async fn perform(office: &mut Office, verb: ApiKeyVerb) -> anyhow::Result<()> {
    match verb {
        ApiKeyVerb::Create {
            name,
            rights,
            networks,
            days,
            operator,
            of,
        } => {
            let org = owner(office, operator, &of).await?;
            let body = json!({
                "name": name, "rights": rights, "networks": networks, "expiresInDays": days,
            });
            let made = office
                .call("POST", "/api-keys", org.as_deref(), Some(body))
                .await?;
            either(of.json, &made, facts)?;
            if !of.json {
                say("Keep it well: nobody can show it a second time.")?;
            }
            Ok(())
        }
        ApiKeyVerb::List { operator, of } => {
            let org = owner(office, operator, &of).await?;
            let answer = office
                .call("GET", "/api-keys", org.as_deref(), None)
                .await?;
            either(of.json, &answer, |it| {
                table(
                    &it["keys"],
                    &[
                        ("ID", "id"),
                        ("NAME", "name"),
                        ("RIGHTS", "rights"),
                        ("NETWORKS", "networks"),
                        ("EXPIRES", "expiresAt"),
                        ("REVOKED", "revokedAt"),
                        ("LAST USED", "lastUsed"),
                    ],
                )
            })
        }
        ApiKeyVerb::Revoke { key, operator, of } => {
            let org = owner(office, operator, &of).await?;
            let path = format!("/api-keys/{}", super::call::query(&key));
            office.call("DELETE", &path, org.as_deref(), None).await?;
            let body = json!({ "id": key, "revoked": true });
            either(of.json, &body, |_| format!("{key} is revoked for ever."))
        }
    }
}

async fn owner(office: &mut Office, operator: bool, of: &Of) -> anyhow::Result<Option<String>> {
    if operator {
        return Ok(None);
    }
    Ok(Some(office.org(of.org.as_deref()).await?))
}

/// `admin audit`; exit code 1 if the chain is broken.
pub(super) async fn audit(office: &mut Office, verb: AuditVerb) -> anyhow::Result<ExitCode> {
    match verb {
        AuditVerb::List { count, org, json } => {
            let org = match org {
                None => None,
                some => Some(office.org(some.as_deref()).await?),
            };
            let path = format!("/audit?pageSize={}", count.max(1));
            let answer = office.call("GET", &path, org.as_deref(), None).await?;
            either(json, &answer, |it| {
                table(
                    &it["entries"],
                    &[
                        ("NO", "position"),
                        ("AT", "at"),
                        ("ACTOR", "actor"),
                        ("ACTION", "action"),
                        ("ORG", "org"),
                        ("SUBJECT", "subject"),
                        ("DETAIL", "detail"),
                    ],
                )
            })?;
            Ok(ExitCode::SUCCESS)
        }
        AuditVerb::Verify { json } => {
            let answer = office.call("GET", "/audit/verify", None, None).await?;
            let is_valid = answer["valid"] == true;
            either(json, &answer, |it| {
                if is_valid {
                    let (count, head) = (text(&it["count"]), text(&it["head"]));
                    format!("The chain of {count} entries is whole. Head: {head}")
                } else {
                    let first = text(&it["firstBad"]);
                    format!("The chain is BROKEN from entry {first} on.")
                }
            })?;
            Ok(if is_valid {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}
