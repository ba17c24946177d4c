//! Blobs under way beside the loop: some at once, the others in line.

use std::collections::VecDeque;
use std::time::Duration;

use dreiklang_engine::{MediaName, Place, Transfer, TransferFault, TransferId, Transferred};
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::event::Event;
use crate::media::Media;
use crate::net::blob::{Blobs, Watcher};

/// More at once would only make each of them slower.
const RUNNING_MAX: usize = 4;
/// Progress is told ten times a second at most.
const PROGRESS_PAUSE: Duration = Duration::from_millis(100);

/// What became of a transfer.
pub(crate) type Outcome = (TransferId, Result<Transferred, TransferFault>);

/// The transfers of one client. Dropping them ends them.
pub(crate) struct Transfers {
    media: Media,
    blobs: Blobs,
    events: broadcast::Sender<Event>,
    running: JoinSet<Outcome>,
    waiting: VecDeque<(TransferId, Transfer)>,
}

impl Transfers {
    pub(crate) fn new(media: Media, blobs: Blobs, events: broadcast::Sender<Event>) -> Self {
        Self {
            media,
            blobs,
            events,
            running: JoinSet::new(),
            waiting: VecDeque::new(),
        }
    }

    /// From now on transfers go to another place; those under way are not disturbed.
    pub(crate) fn move_to(&mut self, blobs: Blobs) {
        self.blobs = blobs;
    }

    pub(crate) fn ask(&mut self, id: TransferId, transfer: Transfer) {
        self.waiting.push_back((id, transfer));
        self.start();
    }

    /// Waits for an outcome; for ever if nothing is under way. Safe to be dropped and asked again.
    pub(crate) async fn ended(&mut self) -> Outcome {
        loop {
            match self.running.join_next().await {
                Some(Ok(outcome)) => {
                    self.start();
                    return outcome;
                }
                // Only an aborted transfer has no outcome, and nobody waits for that.
                Some(Err(_)) => self.start(),
                None => std::future::pending().await,
            }
        }
    }

    /// Ends everything; nobody knows of it any more.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.running.abort_all();
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: MediaName) {
        if let Err(error) = self.media.remove(name) {
            // It is swept when the profile is opened the next time.
            tracing::warn!(%error, "a media file could not be removed");
        }
    }

    fn start(&mut self) {
        while self.running.len() < RUNNING_MAX
            && let Some((id, transfer)) = self.waiting.pop_front()
        {
            let (blobs, media) = (self.blobs.clone(), self.media.clone());
            let mut progress = Progress {
                name: media_name(&transfer),
                events: self.events.clone(),
                told_at: None,
            };
            self.running.spawn(async move {
                let outcome = blobs.perform(&transfer, &media, &mut progress).await;
                (id, outcome)
            });
        }
    }
}

/// The file that a person watches.
fn media_name(transfer: &Transfer) -> Option<MediaName> {
    match transfer {
        Transfer::Upload {
            source: Place::File(name),
            ..
        } => Some(*name),
        Transfer::Download { target, .. } => *target,
        Transfer::Upload { .. } | Transfer::Done { .. } => None,
    }
}

/// Tells how far one transfer is.
struct Progress {
    name: Option<MediaName>,
    events: broadcast::Sender<Event>,
    told_at: Option<Instant>,
}

impl Watcher for Progress {
    fn moved(&mut self, done_bytes: u64, total_bytes: u64) {
        let Some(media) = self.name else {
            return;
        };
        let now = Instant::now();
        let is_early = self
            .told_at
            .is_some_and(|told_at| now.duration_since(told_at) < PROGRESS_PAUSE);
        if is_early && done_bytes < total_bytes {
            return;
        }
        self.told_at = Some(now);
        // Without a listener there is nobody to tell.
        let _ = self.events.send(Event::Progress {
            media,
            done_bytes,
            total_bytes,
        });
    }
}
