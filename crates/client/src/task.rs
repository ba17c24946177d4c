//! What runs beside: tasks, and work that blocks.

pub(crate) use n0_future::task::{JoinHandle, JoinSet, spawn};

use crate::error::Error;

/// Does work that blocks where it keeps nobody else waiting.
#[cfg(not(target_family = "wasm"))]
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Error::Stopped)
}

/// Does work that blocks. The worker of a browser has one thread, and the page has another: nobody
/// who draws waits for it.
#[cfg(target_family = "wasm")]
#[expect(clippy::unused_async, reason = "a computer has threads to wait for")]
pub(crate) async fn blocking<T: 'static>(work: impl FnOnce() -> T + 'static) -> Result<T, Error> {
    Ok(work())
}
