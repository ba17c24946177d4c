//! Whether the server can do its work: a real write through the one committer.

use std::time::Duration;

use tokio::sync::Mutex;

use crate::app::App;
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
    let value = app.clock.now().0.to_be_bytes();
    app.store
        .write(move |tx| {
            Box::pin(async move { tx.set_instance_value("health.checked_at", &value).await })
        })
        .await
        .map_err(Error::of_store)?;
    *last = Some(now);
    Ok(())
}

/// How long a good write stands for the next question.
const FRESH: Duration = Duration::from_secs(1);
