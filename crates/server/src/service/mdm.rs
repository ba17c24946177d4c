//! The app configuration that a licence gets: the instance's values, above them the
//! organisation's, above them those of the licence itself.

use dreiklang_wire::mdm::{Parameters, WireParameters};

use crate::app::App;
use crate::error::Error;
use crate::service::licenses::License;

/// What the app behind a licence is told. Secrets and what cannot be understood are never sent,
/// whoever wrote them into the store; a remote secret only if this instance has them.
pub async fn of_license(app: &App, license: License) -> Result<Parameters, Error> {
    let levels = app
        .store
        .mdm(license.org, Some(license.credential))
        .await
        .map_err(Error::of_store)?;
    let wire: WireParameters = levels
        .merged()
        .into_iter()
        .filter_map(|(name, json)| Some((name, serde_json::from_str(&json).ok()?)))
        .collect();
    let (parameters, dropped) = Parameters::from_server(&wire, app.config.work.remote_secret);
    for it in dropped {
        tracing::warn!(mdm.name = it.name, mdm.why = %it.why, "an mdm parameter is not sent");
    }
    Ok(parameters)
}
