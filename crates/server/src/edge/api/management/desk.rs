//! One call of the management interface: who calls, about which organisation, with which fields.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::RequestExt;
use axum::extract::{FromRequest, Query, RawPathParams, Request};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use dreiklang_store::{CredentialId, OrgId};
use dreiklang_wire::id::Identity;
use serde_json::{Map, Value};

use super::super::texts::Language;
use super::fault::Fault;
use super::texts::Text;
use crate::app::App;
use crate::edge::http::body;
use crate::service::api_keys::Authority;

/// What a handler answers.
pub type Outcome = Result<Response, Fault>;

/// A call that was let in.
pub struct Desk {
    /// The server.
    pub app: Arc<App>,
    /// Who calls.
    pub authority: Authority,
    /// The language to answer in.
    pub language: Language,
    /// The body.
    pub body: Bytes,
    org: Option<OrgId>,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
}

/// The organisation that a call is about, as the guard found it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tenant(pub(super) OrgId);

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Counted from zero.
    pub number: u64,
    /// Entries.
    pub size: u64,
}

impl Page {
    /// How many entries, as a length.
    pub fn rows(self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    /// How many entries come before it.
    pub fn skipped(self) -> usize {
        usize::try_from(self.number.saturating_mul(self.size)).unwrap_or(usize::MAX)
    }
}

impl FromRequest<Arc<App>> for Desk {
    type Rejection = Fault;

    /// Comes after the guard, so that nobody without a key makes the server read a body.
    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        let path = request
            .extract_parts::<RawPathParams>()
            .await
            .map_err(|_| Fault::not_found())?;
        let path = path
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let Query(query) = request
            .extract_parts::<Query<HashMap<String, String>>>()
            .await
            .map_err(|_| Fault::invalid("?"))?;
        let language = Language::of(request.headers());
        let org = request.extensions().get::<Tenant>().map(|it| it.0);
        let authority = request.extensions().get::<Authority>().cloned();
        let authority = authority
            .ok_or_else(|| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, Text::Unavailable))?;
        let within = Duration::from_secs(app.config.api.body_timeout_s);
        let body = body::read(request.into_body(), BODY_BYTES_MAX, within).await?;
        Ok(Self {
            app: Arc::clone(app),
            authority,
            language,
            body,
            org,
            path,
            query,
        })
    }
}

impl Desk {
    /// The organisation that the call is about.
    pub fn org(&self) -> Result<OrgId, Fault> {
        self.org.ok_or_else(|| Fault::refused(Text::NameOrg))
    }

    /// Who calls, for the audit list.
    pub fn actor(&self) -> &str {
        &self.authority.actor
    }

    /// A variable part of the address.
    pub fn part(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// The identity in the address. What is none does not exist.
    pub fn identity(&self) -> Result<Identity, Fault> {
        self.part("threema_id")
            .parse()
            .map_err(|_| Fault::not_found())
    }

    /// The credential in the address.
    pub fn credential(&self) -> Result<CredentialId, Fault> {
        self.part("id").parse().map_err(|_| Fault::not_found())
    }

    /// A parameter of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|it| !it.is_empty())
    }

    /// Which part of a list is wanted. `pageSize=0` means all, which callers rely on; even that
    /// has a limit.
    pub fn page(&self) -> Result<Page, Fault> {
        let number = |name: &'static str, default| {
            self.query(name).map_or(Ok(default), |text| {
                text.parse::<u64>().map_err(|_| Fault::invalid(name))
            })
        };
        let size = match number("pageSize", PAGE_SIZE)? {
            0 => PAGE_SIZE_MAX,
            size => size.min(PAGE_SIZE_MAX),
        };
        Ok(Page {
            number: number("page", 0)?,
            size,
        })
    }

    /// The body as a JSON object; an empty body is an empty object.
    pub fn fields(&self) -> Result<Fields, Fault> {
        if self.body.is_empty() {
            return Ok(Fields::default());
        }
        serde_json::from_slice(&self.body)
            .map(Fields)
            .map_err(|_| Fault::refused(Text::Malformed))
    }
}

/// The fields of a body.
#[derive(Debug, Default)]
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// A text that must be there.
    pub fn text(&self, name: &'static str) -> Result<String, Fault> {
        self.text_if(name)?.ok_or_else(|| Fault::missing(name))
    }

    /// A text that may be missing.
    pub fn text_if(&self, name: &'static str) -> Result<Option<String>, Fault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= TEXT_BYTES_MAX => Ok(Some(text.clone())),
            Some(_) => Err(Fault::invalid(name)),
        }
    }

    /// A flag that may be missing.
    pub fn flag_if(&self, name: &'static str) -> Result<Option<bool>, Fault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Fault::invalid(name)),
        }
    }

    /// A number from zero on that may be missing.
    pub fn number_if(&self, name: &'static str) -> Result<Option<i64>, Fault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_i64()
                .filter(|it| *it >= 0)
                .map(Some)
                .ok_or_else(|| Fault::invalid(name)),
        }
    }
}

const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The longest text of a field; each rule has its own limit besides.
const TEXT_BYTES_MAX: usize = 4096;
/// What callers get who ask for nothing else (interop.md 4).
const PAGE_SIZE: u64 = 20;
const PAGE_SIZE_MAX: u64 = 5000;
