//! `api-client/v1/remote-secret`: a part of an app's key that the server keeps, so that an
//! administrator can lock the app.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::work::{RemoteSecretCreateReply, RemoteSecretFetchReply};
use dreiklang_wire::spec;

use super::{Failed, Step, malformed, step};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::error::Error;
use crate::service::remote_secrets;

/// `PUT`: deposits a secret, in two steps; the answer is the token that it is fetched with.
pub async fn create(State(app): State<Arc<App>>, call: Call) -> Response {
    perform_create(&app, &call)
        .await
        .unwrap_or_else(|failed| failed.in_language(call.language))
}

/// `DELETE`: forgets it, in two steps.
pub async fn delete(State(app): State<Arc<App>>, call: Call) -> Response {
    perform_delete(&app, &call)
        .await
        .unwrap_or_else(|failed| failed.in_language(call.language))
}

/// `POST`: the secret for its token; 403 while the member has no access, 404 if there is none.
pub async fn fetch(State(app): State<Arc<App>>, call: Call) -> Response {
    perform_fetch(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform_create(app: &App, call: &Call) -> Result<Response, Failed> {
    let secret: [u8; spec::REMOTE_SECRET_BYTES] = bytes(call, "secret")?;
    match step(app, call, "PUT api-client/v1/remote-secret").await? {
        Step::Asked(response) => Ok(response),
        Step::Proven(member) => {
            let token = remote_secrets::create(app, member.identity, &secret).await?;
            let reply = RemoteSecretCreateReply {
                secret_authentication_token: Base64(token.to_vec()),
            };
            Ok(json(StatusCode::OK, &reply))
        }
    }
}

async fn perform_delete(app: &App, call: &Call) -> Result<Response, Failed> {
    let token = bytes(call, "secretAuthenticationToken")?;
    match step(app, call, "DELETE api-client/v1/remote-secret").await? {
        Step::Asked(response) => Ok(response),
        Step::Proven(member) => {
            let deleted = remote_secrets::delete(app, member.identity, &token).await;
            deleted.map_err(|error| match error {
                Error::NotFound => Failed::Refused(missing()),
                error => error.into(),
            })?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}

async fn perform_fetch(app: &App, call: &Call) -> Result<Response, Refusal> {
    let token = bytes(call, "secretAuthenticationToken").map_err(|_| malformed())?;
    let secret = remote_secrets::fetch(app, &token)
        .await
        .map_err(|error| match error {
            Error::NotFound => missing(),
            Error::Forbidden => Refusal::new(StatusCode::FORBIDDEN, Text::WithdrawnMember),
            error => Refusal::of(error),
        })?;
    let work = &app.config.work;
    let reply = RemoteSecretFetchReply {
        secret: Base64(secret.to_vec()),
        check_interval_s: work.remote_secret_interval_s,
        n_missed_checks_max: work.remote_secret_missed_max,
    };
    Ok(json(StatusCode::OK, &reply))
}

fn missing() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, Text::NoRemoteSecret)
}

/// A field of exactly so many bytes.
fn bytes<const N: usize>(call: &Call, name: &str) -> Result<[u8; N], Failed> {
    let malformed = || Failed::Refused(malformed());
    let bytes = call.bytes(name).map_err(|_| malformed())?;
    bytes.try_into().map_err(|_| malformed())
}
