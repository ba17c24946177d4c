//! Bugs that break a promise on purpose, to prove that the tests would notice.
//!
//! Compiled only with the feature `planted-bugs`, which no shipped binary has.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::QueuedMessage;

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
