//! Bugs that break a promise on purpose, to prove that the tests would notice.
//!
//! Compiled only with the feature `planted-bugs`, which no shipped binary has.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc;

use crate::queue::Work;
use crate::{Batch, Error, Outcome, QueuedMessage};

/// A promise to break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Bug {
    /// Completions are called before the commit.
    AckBeforeSync = 1,
    /// SQLite runs with `synchronous=NORMAL`, and nobody checks.
    NormalSync = 2,
    /// Offers of the same message are stored each time.
    NoDedup = 3,
    /// A smaller position becomes visible after a greater one.
    CursorSkips = 4,
    /// Neighbouring messages change places on the way out.
    SwappedDelivery = 5,
}

static PLANTED: AtomicU8 = AtomicU8::new(0);

/// Plants a bug in this process, before any store is opened.
pub fn plant(bug: Bug) {
    PLANTED.store(bug as u8, Ordering::Relaxed);
}

pub(crate) fn is(bug: Bug) -> bool {
    PLANTED.load(Ordering::Relaxed) == bug as u8
}

pub(crate) fn swap(mut messages: Vec<QueuedMessage>) -> Vec<QueuedMessage> {
    if is(Bug::SwappedDelivery) {
        messages
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .for_each(|pair| pair.swap(0, 1));
    }
    messages
}

/// Splits a batch that has its positions, for a submitter that never has two batches under way: a
/// reader may come between the halves. The submitter is told once, after both.
pub(crate) fn later_half_first(mut work: Work) -> Vec<Work> {
    let count = work.batch.accept.len();
    let (Some(first), true) = (work.first, count > 1) else {
        return vec![work];
    };
    let (tell, told) = mpsc::channel();
    let middle = count / 2;
    let later = Work {
        batch: Batch {
            accept: work.batch.accept.split_off(middle),
            release: std::mem::take(&mut work.batch.release),
        },
        dedup: work.dedup.split_off(middle),
        first: Some(first + middle.cast_signed() as i64),
        refused: work.refused,
        placed: Vec::new(),
        released: 0,
        done: Box::new(move |result| drop(tell.send(result))),
    };
    let done = work.done;
    work.done = Box::new(move |result| {
        let later = told.try_recv().unwrap_or_else(|_| Err(Error::closed()));
        done(result.and_then(|mut both: Outcome| {
            let later = later?;
            both.accepted.extend(later.accepted);
            both.released += later.released;
            Ok(both)
        }));
    });
    vec![later, work]
}
