//! Blobs under way beside the loop: some at once, the others in line.

use std::collections::VecDeque;
use std::time::Duration;

use dreiklang_engine::{MediaName, Place, Transfer, TransferFault, TransferId, Transferred};
use tokio::sync::broadcast;

use crate::event::Event;
use crate::media::Media;
use crate::net::blob::{Blobs, Watcher};
use crate::task::JoinSet;
use crate::time::Instant;

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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;

    use http_body_util::Full;
    use hyper::Response;
    use tokio::sync::{Semaphore, watch};

    use super::*;
    use crate::net::blob::tests::{blobs, download, media, sealed};
    use crate::net::local;

    /// A server that answers when it may, and counts whom it keeps waiting.
    async fn slow(may_answer: Arc<Semaphore>, waiting: watch::Sender<usize>) -> Blobs {
        let address = local::serve(None, move |_| {
            let (may_answer, waiting) = (Arc::clone(&may_answer), waiting.clone());
            async move {
                waiting.send_modify(|count| *count += 1);
                may_answer.acquire().await.unwrap().forget();
                waiting.send_modify(|count| *count -= 1);
                Ok::<_, Infallible>(Response::new(Full::from(sealed(b"content"))))
            }
        })
        .await;
        blobs(address)
    }

    #[tokio::test]
    async fn four_run_at_once_and_the_others_follow() {
        let may_answer = Arc::new(Semaphore::new(0));
        let (tell, mut waiting) = watch::channel(0);
        let blobs = slow(Arc::clone(&may_answer), tell).await;
        let (_folder, media) = media();
        let (events, mut heard) = broadcast::channel(64);
        let mut transfers = Transfers::new(media, blobs, events);
        let name = |number: u8| MediaName([number; 16]);
        for number in 0..6 {
            let transfer = download(100, Some(name(number)));
            transfers.ask(TransferId(number.into()), transfer);
        }
        waiting.wait_for(|count| *count == 4).await.unwrap();
        assert_eq!((transfers.running.len(), transfers.waiting.len()), (4, 2));
        let mut ended = Vec::new();
        for _ in 0..6 {
            may_answer.add_permits(1);
            let (TransferId(id), outcome) = transfers.ended().await;
            assert_eq!(outcome, Ok(Transferred::Stored { sealed_bytes: 23 }));
            assert!(transfers.running.len() <= RUNNING_MAX);
            ended.push(id);
        }
        ended.sort_unstable();
        assert_eq!(ended, [0, 1, 2, 3, 4, 5]);
        let mut told = 0;
        while let Ok(event) = heard.try_recv() {
            let Event::Progress {
                done_bytes: 23,
                total_bytes: 23,
                ..
            } = event
            else {
                panic!("{event:?}");
            };
            told += 1;
        }
        assert_eq!(told, 6);
    }

    #[tokio::test]
    async fn clearing_ends_what_runs_and_forgets_what_waits() {
        let (tell, mut waiting) = watch::channel(0);
        let blobs = slow(Arc::new(Semaphore::new(0)), tell).await;
        let (_folder, media) = media();
        let mut transfers = Transfers::new(media, blobs, broadcast::channel(64).0);
        for number in 0..6 {
            transfers.ask(TransferId(number), download(100, None));
        }
        waiting.wait_for(|count| *count == 4).await.unwrap();
        transfers.clear();
        let mut ended = 0;
        while let Some(outcome) = transfers.running.join_next().await {
            assert!(outcome.unwrap_err().is_cancelled());
            ended += 1;
        }
        assert_eq!((ended, transfers.waiting.len()), (4, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn progress_is_told_ten_times_a_second_and_at_the_end() {
        let (events, mut heard) = broadcast::channel(64);
        let mut progress = Progress {
            name: Some(MediaName([1; 16])),
            events,
            told_at: None,
        };
        for done_bytes in 1..=1_000 {
            progress.moved(done_bytes, 1_000);
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        let told: Vec<u64> = std::iter::from_fn(|| heard.try_recv().ok())
            .map(|event| match event {
                Event::Progress { done_bytes, .. } => done_bytes,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!((told.len(), told[0], told[10]), (11, 1, 1_000));
    }
}
