//! How the server is doing, in numbers.

use std::time::Duration;

use dreiklang_store::{IdentityCounts, QueueTotals, blobs::BlobTotals};

use crate::app::App;
use crate::error::Error;

/// The numbers.
#[derive(Debug, Clone, Copy)]
pub struct Status {
    /// Since the start.
    pub uptime: Duration,
    /// Connected chat clients.
    pub connections: u64,
    /// Identities by state.
    pub identities: IdentityCounts,
    /// What waits.
    pub queue: QueueTotals,
    /// What is kept.
    pub blobs: BlobTotals,
}

/// Counts; reads every row of the queue, so it is not for requests of clients.
pub async fn of(app: &App) -> Result<Status, Error> {
    Ok(Status {
        uptime: app.clock.uptime(),
        connections: app.sessions.count() as u64,
        identities: app.store.identity_counts().await.map_err(Error::of_store)?,
        queue: app.store.queue_totals().await.map_err(Error::of_store)?,
        blobs: app.store.blob_totals().await.map_err(Error::of_store)?,
    })
}
