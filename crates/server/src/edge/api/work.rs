//! The work directory: what apps of an organisation ask, with their licence in the body
//! (directory.openapi.yml, work part). One file per endpoint.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dreiklang_store::Member;
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::Proof;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::api::work::{Contact, WorkChallenge, WorkFailure, WorkFailureCode};
use dreiklang_wire::id::Identity;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::{Refusal, json};
use super::call::Call;
use super::license;
use super::texts::{Language, Text};
use crate::app::App;
use crate::error::Error;
use crate::service::challenges::{Purpose, Unproven};
use crate::service::colleagues::Colleague;
use crate::service::directory;
use crate::service::licenses::{License, Refused};

pub mod fetch2;
pub mod identities;
pub mod logo;
pub mod remote_secret;
pub mod search;
pub mod user_properties;

/// A step of a call that needs a proof of possession in the realm of work.
enum Step {
    /// The first: here is the challenge.
    Asked(Response),
    /// The second: this member holds its key.
    Proven(Box<Member>),
}

/// What the endpoints with a challenge of their own refuse with.
enum Failed {
    /// 401 with a code that apps tell apart.
    Code(WorkFailureCode),
    /// Anything else.
    Refused(Refusal),
}

/// The licence of a call, or 401: apps then ask their user for it.
async fn licensed(app: &App, call: &Call) -> Result<License, Refusal> {
    license::required(app, call)
        .await
        .map_err(|refused| Refusal::of_license(refused, StatusCode::UNAUTHORIZED))
}

/// The body as a request.
fn request<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(call.fields.clone())).map_err(|_| malformed())
}

fn malformed() -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Text::Malformed)
}

/// Takes a step towards the proof that the caller holds the key of the identity it names, which
/// must be a member with access, by the licence that it shows. The challenge is bound to
/// `endpoint` and to every other field.
async fn step(app: &App, call: &Call, endpoint: &'static str) -> Result<Step, Failed> {
    let license = license::required(app, call)
        .await
        .map_err(|refused| match refused {
            Refused::Unchecked(error) => Failed::Refused(Refusal::of(error)),
            _ => Failed::Code(WorkFailureCode::InvalidCredentials),
        })?;
    let member = member(app, license, call).await?;
    let key = directory::find(app, member.identity)
        .await?
        .ok_or(Failed::Code(WorkFailureCode::InvalidCredentials))?
        .public_key;
    let fields = call.fields_without(&["challenge", "response"]);
    let purpose = Purpose {
        endpoint,
        fields: &fields,
        key: &key,
    };
    let now = app.clock.uptime();
    let has = |name: &str| call.fields.contains_key(name);
    if !has("challenge") && !has("response") {
        let network = app.rates.network(call.peer);
        if !network.is_none_or(|it| app.rates.challenges.take(it, 1, now)) {
            return Err(Error::RateLimited.into());
        }
        let challenge = WorkChallenge::from(app.challenges.issue(purpose, now));
        return Ok(Step::Asked(json(StatusCode::OK, &challenge)));
    }
    let part = |name| call.bytes(name).map_err(|_| Failed::Refused(malformed()));
    let proof = Proof {
        token: Base64(part("challenge")?),
        response: Base64(part("response")?),
    };
    app.challenges
        .redeem_in(Realm::Work, purpose, &proof, now)
        .map_err(|unproven| match unproven {
            Unproven::Expired => Failed::Code(WorkFailureCode::ChallengeExpired),
            Unproven::Invalid => Failed::Code(WorkFailureCode::InvalidChallengeResponse),
            Unproven::Full => Error::Unavailable.into(),
        })?;
    Ok(Step::Proven(Box::new(member)))
}

/// The member that a call names, if its access is by this organisation's licence.
async fn member(app: &App, license: License, call: &Call) -> Result<Member, Failed> {
    let identity: Identity = call
        .fields
        .get("identity")
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Failed::Refused(malformed()))?;
    app.store
        .member(identity)
        .await
        .map_err(Error::of_store)?
        .filter(|it| it.org == license.org && it.withdrawn_at.is_none())
        .ok_or(Failed::Code(WorkFailureCode::InvalidCredentials))
}

impl Failed {
    fn in_language(self, language: Language) -> Response {
        match self {
            Self::Code(code) => {
                (StatusCode::UNAUTHORIZED, Json(WorkFailure { code })).into_response()
            }
            Self::Refused(refusal) => refusal.in_language(language),
        }
    }
}

impl From<Error> for Failed {
    /// What is gone in this moment is the member itself.
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::Code(WorkFailureCode::InvalidCredentials),
            error => Self::Refused(Refusal::of(error)),
        }
    }
}

/// A colleague as apps read it: names always, the rest only if it is set (protocol.md A5.1).
fn contact(colleague: Colleague) -> Contact {
    let some = |text: String| Some(text).filter(|it| !it.is_empty());
    Contact {
        id: colleague.identity,
        public_key: colleague.public_key,
        first: colleague.first_name,
        last: colleague.last_name,
        job_title: some(colleague.job_title),
        department: some(colleague.department),
        availability: Some(colleague.availability)
            .filter(|it| !it.is_empty())
            .map(Base64),
    }
}

/// The server's clock as apps want it.
fn time(app: &App) -> u64 {
    u64::try_from(app.clock.now().0).unwrap_or(0)
}
