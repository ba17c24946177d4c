//! Deletes activations that were used or are over. Each stays a day, to be told apart from one that
//! never was.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::again;
use crate::app::App;

/// Works until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    again(
        EVERY,
        shutdown,
        "cannot delete activations that are over",
        || sweep(&app),
    )
    .await;
}

/// Everything that has been over for a day.
pub async fn sweep(app: &App) -> dreiklang_store::Result<u64> {
    let before = app.clock.now().0.saturating_sub(KEPT_MS);
    app.store
        .write(move |tx| Box::pin(async move { tx.expire_activations(before).await }))
        .await
}

const EVERY: Duration = Duration::from_hours(1);
const KEPT_MS: i64 = 24 * 3600 * 1000;
