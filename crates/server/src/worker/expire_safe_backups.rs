//! Deletes Safe backups that nobody has uploaded again for long enough.

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
        "cannot delete expired Safe backups",
        || sweep(&app),
    )
    .await;
}

/// Everything that expired, on both clocks: no jump of the wall clock deletes a backup.
pub async fn sweep(app: &App) -> dreiklang_store::Result<u64> {
    let before = app.messages.lifetime.expiry_ms(&app.clock);
    let mut deleted = 0;
    loop {
        let round = app
            .store
            .write(move |tx| {
                Box::pin(async move { tx.expire_safe_backups(before, ROWS_MAX).await })
            })
            .await?;
        deleted += round;
        if round < ROWS_MAX as u64 {
            break;
        }
    }
    metrics::counter!("safe_backups_expired_total").increment(deleted);
    Ok(deleted)
}

const EVERY: Duration = Duration::from_hours(1);
const ROWS_MAX: usize = 100;
