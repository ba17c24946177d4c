//! Deletes blobs that expired, uploads that never ended, and objects that nobody knows.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::again;
use crate::app::App;

/// Works until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    // Objects are looked at one of 256 folders at a time.
    let mut next = 0_u8;
    let job = || {
        let folder = next;
        next = next.wrapping_add(1);
        sweep(&app, folder)
    };
    again(EVERY, shutdown, "cannot delete expired blobs", job).await;
}

/// One round: everything that expired, and one folder of objects.
pub async fn sweep(app: &App, folder: u8) -> dreiklang_store::Result<u64> {
    // Expired means: on both clocks, so that no jump of the wall clock deletes anything.
    let now = app.messages.lifetime.expiry_ms(&app.clock);
    let abandoned = now - i64::try_from(UPLOAD_MAX.as_millis()).unwrap_or(0);
    let mut deleted = 0;
    loop {
        let expired = app.store.expire_blobs(now, ROWS_MAX).await?;
        let unfinished = app.store.sweep_blobs(abandoned, ROWS_MAX).await?;
        deleted += expired + unfinished;
        if expired + unfinished < ROWS_MAX as u64 {
            break;
        }
    }
    deleted += app.store.sweep_objects(folder).await?;
    metrics::counter!("blobs_deleted_total").increment(deleted);
    Ok(deleted)
}

const EVERY: Duration = Duration::from_mins(1);
/// No upload takes longer: 100 MiB at the slowest allowed rate are a little more than a day.
const UPLOAD_MAX: Duration = Duration::from_hours(48);
const ROWS_MAX: usize = 500;
