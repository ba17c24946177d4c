//! `POST identity/create`: a new identity for a new key.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dreiklang_crypto::PublicKey;

use super::{SERVER_GROUP, Step, step};
use crate::app::App;
use crate::config::InstanceKind;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::edge::api::license;
use crate::edge::api::texts::Text;
use crate::error::Error;
use crate::service::access::Caller;
use crate::service::directory;

/// Two steps. With a licence the identity is one of its organisation's; a closed instance issues
/// no others. Licences of shops are accepted and ignored.
pub async fn create(State(app): State<Arc<App>>, caller: Caller, call: Call) -> Response {
    let answer = perform(&app, caller, &call).await;
    answer
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
        .into_response()
}

async fn perform(app: &Arc<App>, caller: Caller, call: &Call) -> Result<Response, Refusal> {
    let unusable = || Refusal::polite(Text::UnusableKey);
    let bytes = call
        .bytes("publicKey")?
        .try_into()
        .map_err(|_| unusable())?;
    let key = PublicKey::from_bytes(bytes).map_err(|_| unusable())?;
    let license = match (license::optional(app, call).await?, app.config.kind) {
        // Apps of a closed instance may name their licence in the head alone.
        (None, InstanceKind::Closed) => caller.license(),
        (license, _) => license,
    };
    if license.is_none() && app.config.kind == InstanceKind::Closed {
        return Err(Refusal::polite(Text::LicenseNeeded));
    }
    directory::holder(app, &key).await.map_err(Refusal::of)?;
    match step(app, call, "identity/create", &key)? {
        Step::Asked(response) => Ok(response),
        Step::Proven => {
            let network = app.rates.network(call.peer);
            let now = app.clock.uptime();
            if !network.is_none_or(|it| app.rates.creates.take(it, 1, now)) {
                return Err(Refusal::of(Error::RateLimited));
            }
            let identity = directory::create(app, key, license)
                .await
                .map_err(Refusal::of_attachment)?;
            let body = serde_json::json!({
                "success": true, "identity": identity, "serverGroup": SERVER_GROUP,
            });
            Ok(json(StatusCode::OK, &body))
        }
    }
}
