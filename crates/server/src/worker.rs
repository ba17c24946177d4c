//! The jobs that happen later, or again.

use std::fmt::Display;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub mod deliver_push;
pub mod expire_activations;
pub mod expire_blobs;
pub mod expire_messages;
pub mod expire_pending_links;
pub mod expire_safe_backups;
pub mod flush_closed_groups;
pub mod renew_provisioning;

/// Does a job now and again until `shutdown`. What fails is complained of and tried the next time.
async fn again<T, E: Display, F: Future<Output = Result<T, E>>>(
    every: Duration,
    shutdown: CancellationToken,
    complaint: &str,
    mut job: impl FnMut() -> F,
) {
    loop {
        if let Err(error) = job().await {
            tracing::warn!(%error, "{complaint}");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}
