//! Deletes messages whose time is over.
//!
//! A sweep that wants to delete a large part of the queue at once looks like a clock that went
//! wrong. It deletes nothing and raises an alarm; only when the same verdict holds over many sweeps
//! of really passed time is it carried out (reliability.md I12).

use std::sync::Arc;
use std::time::Duration;

use dreiklang_store::{Batch, Error, Position};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Sweeps until the shutdown.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    // A first value, so that a crash before the first sweep does not lose the clock.
    save(&app).await;
    let mut ticks = tokio::time::interval(EVERY);
    ticks.reset();
    let mut job = Sweeper::default();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = ticks.tick() => {}
        }
        match job.sweep(&app).await {
            Ok(Swept::Deleted(0)) => {}
            Ok(Swept::Deleted(count)) => {
                metrics::counter!("chat_messages_expired_total").increment(count);
                tracing::info!(count, "expired messages deleted");
            }
            Ok(Swept::Suspicious(count)) => {
                metrics::counter!("chat_expiry_alarms_total").increment(1);
                tracing::error!(
                    count,
                    "too many messages expire at once; nothing deleted: check the clock"
                );
            }
            Err(error) => tracing::warn!(%error, "expired messages could not be deleted"),
        }
    }
    save(&app).await;
}

async fn save(app: &App) {
    if let Err(error) = app.messages.lifetime.save(&app.store, &app.clock).await {
        tracing::warn!(%error, "the steady clock could not be saved");
    }
}

/// The job with its memory.
#[derive(Debug, Default)]
pub struct Sweeper {
    suspicions: u32,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// So many messages are gone.
    Deleted(u64),
    /// So many would have gone at once, and none did.
    Suspicious(u64),
}

impl Sweeper {
    /// One sweep.
    pub async fn sweep(&mut self, app: &App) -> Result<Swept, Error> {
        app.messages.lifetime.save(&app.store, &app.clock).await?;
        let expired = expired(app).await?;
        let count = expired.len() as u64;
        if count == 0 {
            self.suspicions = 0;
            return Ok(Swept::Deleted(0));
        }
        let total = app
            .store
            .read(|read| Box::pin(read.queue_totals()))
            .await?
            .messages;
        if count > BULK_MIN && count * 100 > total && self.suspicions < SUSPICIONS_MAX {
            self.suspicions += 1;
            return Ok(Swept::Suspicious(count));
        }
        self.suspicions = 0;
        let mut deleted = 0;
        for positions in expired.chunks(dreiklang_store::BATCH_MAX) {
            deleted += delete(app, positions.to_vec()).await?;
        }
        app.messages.forget_backlogs();
        Ok(Swept::Deleted(deleted))
    }
}

async fn expired(app: &App) -> Result<Vec<Position>, Error> {
    let expiry = app.messages.lifetime.expiry_ms(&app.clock);
    let mut all = Vec::new();
    let mut after = Position(0);
    loop {
        let page = app
            .store
            .read(move |read| Box::pin(read.expired_messages(expiry, after, PAGE)))
            .await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = *last;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

async fn delete(app: &App, release: Vec<Position>) -> Result<u64, Error> {
    let (done, deleted) = oneshot::channel();
    let batch = Batch {
        accept: Vec::new(),
        release,
    };
    let report = move |result: Result<dreiklang_store::Outcome, Error>| {
        let _ = done.send(result.map(|outcome| outcome.released));
    };
    app.store.queue().submit(batch, report).await?;
    deleted
        .await
        .map_err(|_| Error::Unavailable("the store is closed".to_owned()))?
}

const EVERY: Duration = Duration::from_secs(15);
const PAGE: usize = 1000;
/// Below this, a burst of calls to people who are offline is nothing strange.
const BULK_MIN: u64 = 1000;
const SUSPICIONS_MAX: u32 = 40;
