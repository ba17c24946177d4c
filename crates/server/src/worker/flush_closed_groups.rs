//! Writes down how many messages closed groups kept out; they are counted in memory.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Works until `shutdown`, and once more then.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    loop {
        let is_over = tokio::select! {
            () = shutdown.cancelled() => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        flush(&app).await;
        if is_over {
            return;
        }
    }
}

/// Writes down what was counted since the last time. What cannot be written is kept.
pub async fn flush(app: &App) {
    for (org, count) in app.closed_groups.take_dropped() {
        let written = app
            .store
            .write(move |tx| Box::pin(async move { tx.add_dropped(org, count).await }));
        if let Err(error) = written.await {
            tracing::warn!(%error, "the count of a closed group could not be written");
            app.closed_groups.return_dropped(org, count);
        }
    }
}

const EVERY: Duration = Duration::from_secs(15);
