//! Feeds the store with what is due, and tells the post office what became of it.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_store::{Batch, Error, NewMessage, Outcome as Committed, Placement, Position};
use dreiklang_wire::id::Identity;

use super::Messages;
use super::mailbox::{Parcel, Refusal};
use super::post::{Outcome, Release};

/// Runs until the process ends; there is one feeder, so that the store sees one order.
pub(super) async fn run(messages: Arc<Messages>) {
    loop {
        let now_ms = messages.now_ms();
        let due = messages.post().due_ms(now_ms);
        match due {
            None => messages.feed.notified().await,
            Some(due) if due > now_ms => {
                let wait = Duration::from_millis(due - now_ms);
                let _ = tokio::time::timeout(wait, messages.feed.notified()).await;
            }
            Some(_) => {
                let batch = messages.post().take_batch(now_ms);
                for releases in batch.releases.chunks(dreiklang_store::BATCH_MAX) {
                    release(&messages, releases.to_vec()).await;
                }
                if !batch.parcels.is_empty() {
                    store(&messages, batch.parcels).await;
                }
            }
        }
    }
}

async fn store(messages: &Arc<Messages>, parcels: Vec<Parcel>) {
    let numbers: Vec<_> = parcels.iter().map(|it| (it.receiver, it.seq)).collect();
    let accept: Result<Vec<_>, Error> = parcels
        .into_iter()
        .map(|it| NewMessage::new(it.bytes, it.enqueued_at, it.expires_at))
        .collect();
    let submitted = match accept {
        Ok(accept) => {
            let (messages, numbers) = (Arc::clone(messages), numbers.clone());
            let batch = Batch {
                accept,
                release: Vec::new(),
            };
            let store = messages.store.clone();
            let done = move |result: Result<Committed, Error>| {
                stored(&messages, &numbers, result);
            };
            store.queue().submit(batch, done).await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = submitted {
        // Only a closing store refuses to listen.
        stored(messages, &numbers, Err(error));
    }
}

/// Runs on the committer: short and without waiting.
fn stored(messages: &Arc<Messages>, numbers: &[(Identity, u64)], result: Result<Committed, Error>) {
    let failure = match &result {
        Ok(_) => Refusal::Unavailable,
        Err(Error::Full) => Refusal::Full,
        Err(error) => {
            tracing::error!(%error, "messages could not be stored");
            Refusal::Unavailable
        }
    };
    let placements = result.map(|it| it.accepted).unwrap_or_default();
    let mut placements = placements.iter().map(|it| it.placement);
    let results: Vec<_> = numbers
        .iter()
        .map(|&(receiver, seq)| {
            let outcome = match placements.next() {
                Some(Placement::Stored(position)) => Outcome::Stored(position.0),
                Some(Placement::Duplicate(position)) => Outcome::Repeated(Some(position.0)),
                None => Outcome::Failed(failure),
            };
            (receiver, seq, outcome)
        })
        .collect();
    let count = results
        .iter()
        .filter(|it| matches!(it.2, Outcome::Stored(_)))
        .count();
    metrics::counter!("chat_messages_stored_total").increment(count as u64);
    let now_ms = messages.now_ms();
    let mut post = messages.post();
    post.stored(now_ms, &results);
    let outputs = post.take_outputs();
    drop(post);
    messages.carry_out(outputs, None);
}

async fn release(messages: &Arc<Messages>, releases: Vec<Release>) {
    let release = releases.iter().map(|it| Position(it.position)).collect();
    let (own, again) = (Arc::clone(messages), releases.clone());
    let done = move |result: Result<Committed, Error>| released(&own, releases, result);
    let batch = Batch {
        accept: Vec::new(),
        release,
    };
    if let Err(error) = messages.store.queue().submit(batch, done).await {
        released(messages, again, Err(error));
    }
}

fn released(messages: &Arc<Messages>, releases: Vec<Release>, result: Result<Committed, Error>) {
    let now_ms = messages.now_ms();
    let mut post = messages.post();
    match result {
        // A full disk refuses messages, not their deletion (I11).
        Ok(_) | Err(Error::Full) => post.released(&releases),
        Err(error) => {
            tracing::error!(%error, "messages could not be deleted");
            post.release_again(now_ms, releases);
        }
    }
    let outputs = post.take_outputs();
    drop(post);
    messages.carry_out(outputs, None);
}
