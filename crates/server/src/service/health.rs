//! Whether the server can do its work: a real write through the one committer.

use std::time::Duration;

use dreiklang_store::Store;
use tokio::sync::Mutex;

use crate::app::{App, UnixMillis};
use crate::error::Error;

/// Remembers the last good write, so that asking often costs nothing.
#[derive(Debug, Default)]
pub struct Health(Mutex<Option<Duration>>);

/// Writes one value and waits until it is durable.
pub async fn ready(app: &App) -> Result<(), Error> {
    let mut last = app.health.0.lock().await;
    let now = app.clock.uptime();
    if last.is_some_and(|at| now.saturating_sub(at) < FRESH) {
        return Ok(());
    }
    probe(&app.store, app.clock.now())
        .await
        .map_err(Error::of_store)?;
    *last = Some(now);
    Ok(())
}

/// Writes one value of no meaning and waits until it is durable.
pub async fn probe(store: &Store, now: UnixMillis) -> dreiklang_store::Result<()> {
    let value = now.0.to_be_bytes();
    store
        .write(move |tx| {
            Box::pin(async move { tx.set_instance_value("health.checked_at", &value).await })
        })
        .await
}

/// How long a good write stands for the next question.
const FRESH: Duration = Duration::from_secs(1);
