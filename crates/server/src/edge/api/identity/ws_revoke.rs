//! `POST identity/ws/revoke`: revokes an identity by its revocation key, without its client key.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::error::Error;
use crate::service::directory;

/// One step. The key has 32 bits only: few tries, and every failure looks the same.
pub async fn ws_revoke(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &Arc<App>, call: &Call) -> Result<Response, Refusal> {
    let failed = || Refusal::polite(Text::FailedRevocation);
    let identity = call.identity("identity").map_err(|_| failed())?;
    let key = call
        .bytes("revocationKey")?
        .try_into()
        .map_err(|_| failed())?;
    let (now, rates) = (app.clock.uptime(), &app.rates);
    // Asked before anything is looked up, so that the limit says nothing about the identity.
    let network = rates.network(call.peer);
    if !network.is_none_or(|it| rates.revocations_from.take(it, 1, now))
        || !rates.revocations.take(identity, 1, now)
    {
        return Err(Refusal::of(Error::RateLimited));
    }
    match directory::revoke_with_key(app, identity, key).await {
        Ok(()) => Ok(success()),
        Err(Error::Forbidden | Error::NotFound) => Err(failed()),
        Err(error) => Err(Refusal::of(error)),
    }
}
