//! Signs the provisioning file again before it ends, where the signing key is on this machine, and
//! says in the log when nobody has.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::service::provisioning;

/// Works until `shutdown`; the start has looked once already. `own_pin` is the hash of the key of
/// the certificate in use.
pub async fn run(app: Arc<App>, own_pin: Option<[u8; 32]>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => look(&app, own_pin),
        }
    }
}

/// One look at the published file.
pub fn look(app: &App, own_pin: Option<[u8; 32]>) {
    let (settings, keys, now) = (&app.config, &app.keys, app.clock.now());
    match provisioning::renew(settings, keys, own_pin, now) {
        Ok(true) => tracing::info!("signed and published the provisioning file"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "cannot sign the provisioning file"),
    }
    let published = provisioning::published(settings).and_then(|file| match file {
        Some(file) => provisioning::open(settings, &file).map(Some),
        None => Ok(None),
    });
    match published {
        Ok(Some(document)) => {
            for finding in provisioning::findings(&document, settings, keys, own_pin, now) {
                if finding.is_fatal {
                    tracing::error!(finding = finding.text, "the provisioning file is not good");
                } else {
                    tracing::warn!(finding = finding.text, "the provisioning file needs care");
                }
            }
        }
        Ok(None) => tracing::warn!(
            "no provisioning file is published: apps cannot be set up; see docs/operate/onprem.md"
        ),
        Err(error) => tracing::error!(%error, "the published provisioning file cannot be used"),
    }
}

const EVERY: Duration = Duration::from_hours(6);
