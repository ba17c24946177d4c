//! Calls of the management interface by the command line: over the socket of a running server,
//! or within this process.

use anyhow::{Context, bail};
use hyper::body::Bytes;
use serde_json::Value;

use super::Office;
use crate::edge::admin;

/// What came back.
pub(super) struct Answer {
    pub(super) is_success: bool,
    pub(super) body: Value,
}

impl Answer {
    /// The body of a success; a refusal is an error with the text for people.
    pub(super) fn good(self) -> anyhow::Result<Value> {
        if self.is_success {
            return Ok(self.body);
        }
        bail!("{}", super::print::text(&self.body["error"]))
    }
}

impl Office {
    /// Calls an address and expects success.
    pub(super) async fn call(
        &mut self,
        method: &str,
        path: &str,
        org: Option<&str>,
        body: Option<Value>,
    ) -> anyhow::Result<Value> {
        let body = body.map_or(Bytes::new(), |it| Bytes::from(it.to_string()));
        self.send(method, path, org, body).await?.good()
    }

    /// Calls an address.
    pub(super) async fn send(
        &mut self,
        method: &str,
        path: &str,
        org: Option<&str>,
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", "localhost")
            .header(admin::ACTOR, super::actor());
        if let Some(org) = org {
            request = request.header("x-org", org);
        }
        let request = request.body(body)?;
        let (status, bytes) = match self {
            Self::Running(client) => client.send(request).await?,
            Self::Here(app) => admin::call(app, request).await?,
        };
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).context(super::STRANGE)?
        };
        Ok(Answer {
            is_success: status.is_success(),
            body,
        })
    }

    /// The id of an organisation that is named by id or name, or of the only one.
    pub(super) async fn org(&mut self, wanted: Option<&str>) -> anyhow::Result<String> {
        let answer = self.call("GET", "/orgs?pageSize=0", None, None).await?;
        let orgs = answer["orgs"].as_array().map_or(&[][..], Vec::as_slice);
        let id = |org: &Value| super::print::text(&org["id"]);
        let Some(wanted) = wanted else {
            return match orgs {
                [only] => Ok(id(only)),
                [] => bail!("there is no organisation yet; `admin org create NAME` makes one"),
                _ => bail!("there are several organisations; name one with --org"),
            };
        };
        let mut found = orgs
            .iter()
            .filter(|it| it["id"] == wanted || it["name"] == wanted);
        match (found.next(), found.next()) {
            (Some(org), None) => Ok(id(org)),
            (None, _) => bail!("there is no organisation \"{wanted}\""),
            _ => bail!("several organisations are called \"{wanted}\"; name one by its id"),
        }
    }

    /// The id of a credential that is named by id or username.
    pub(super) async fn credential(&mut self, org: &str, wanted: &str) -> anyhow::Result<String> {
        let path = format!("/credentials?pageSize=0&filterUsername={}", query(wanted));
        let answer = self.call("GET", &path, Some(org), None).await?;
        let rows = answer["credentials"].as_array();
        let named = rows.and_then(|rows| {
            let is_wanted = |row: &&Value| {
                let username = row["username"].as_str().unwrap_or_default();
                username.to_lowercase() == wanted.trim().to_lowercase()
            };
            rows.iter().find(is_wanted)
        });
        match named {
            Some(row) => Ok(super::print::text(&row["id"])),
            None if wanted.len() == 10 && wanted.bytes().all(|it| it.is_ascii_alphanumeric()) => {
                Ok(wanted.to_owned())
            }
            None => bail!("there is no credential \"{wanted}\""),
        }
    }
}

/// A text within a query.
pub(super) fn query(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn queries_are_escaped() {
        assert_eq!(super::query("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }
}
