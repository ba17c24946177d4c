//! `POST identity/set_revocation_key`: the short key with which the caller can revoke later.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::service::directory;

/// Two steps.
pub async fn set_revocation_key(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let key = call
        .bytes("revocationKey")?
        .try_into()
        .map_err(|_| Refusal::polite(Text::Malformed))?;
    match step_of_identity(app, call, "identity/set_revocation_key").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            directory::set_revocation_key(app, identity, key)
                .await
                .map_err(Refusal::of)?;
            Ok(success())
        }
    }
}
