//! Deletes what nobody confirmed in time.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::again;
use crate::app::App;
use crate::service::links::KEPT_MS;

/// Works until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    again(
        EVERY,
        shutdown,
        "cannot delete links that nobody confirmed",
        || sweep(&app),
    )
    .await;
}

/// Everything whose code expired and that cannot be called for any more.
pub async fn sweep(app: &App) -> dreiklang_store::Result<u64> {
    let before = app.clock.now().0.saturating_sub(KEPT_MS);
    app.store
        .write(move |tx| Box::pin(async move { tx.expire_pending_links(before).await }))
        .await
}

const EVERY: Duration = Duration::from_mins(10);
