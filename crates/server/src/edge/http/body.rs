//! Reads request bodies with a limit on size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::Instant;

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// More bytes than allowed.
    TooLarge,
    /// Not within the time allowed.
    TooSlow,
    /// The connection broke, or the body is malformed.
    Broken,
}

/// Reads a whole small body.
pub async fn read(body: Body, bytes_max: usize, within: Duration) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(within, Limited::new(body, bytes_max).collect()).await {
        Err(_) => Err(Refusal::TooSlow),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(Refusal::TooLarge)
        }
        Ok(Err(_)) => Err(Refusal::Broken),
    }
}

/// Reads a large body piece by piece and refuses one that trickles in.
pub struct Stream {
    body: Body,
    start: Instant,
    received: u64,
    bytes_max: u64,
    bytes_per_s_min: u64,
}

impl Stream {
    /// Counts from now on.
    pub fn new(body: Body, bytes_max: u64, bytes_per_s_min: u64) -> Self {
        Self {
            body,
            start: Instant::now(),
            received: 0,
            bytes_max,
            bytes_per_s_min,
        }
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        loop {
            let Ok(frame) = tokio::time::timeout_at(self.deadline(), self.body.frame()).await
            else {
                return Err(Refusal::TooSlow);
            };
            let frame = match frame {
                None => return Ok(None),
                Some(Err(_)) => return Err(Refusal::Broken),
                Some(Ok(frame)) => frame,
            };
            let Ok(bytes) = frame.into_data() else {
                continue;
            };
            self.received = self.received.saturating_add(bytes.len() as u64);
            if self.received > self.bytes_max {
                return Err(Refusal::TooLarge);
            }
            return Ok(Some(bytes));
        }
    }

    /// When the next piece must be here: the average rate must be kept, and no single pause may be
    /// longer than [`STALL`].
    fn deadline(&self) -> Instant {
        let earned = match self.bytes_per_s_min {
            0 => STALL,
            rate => Duration::from_secs(self.received / rate),
        };
        (self.start + STALL + earned).min(Instant::now() + STALL)
    }
}

/// The grace at the start of a body, and the longest pause in it: clients give up at the same
/// time (protocol.md A3.2).
const STALL: Duration = Duration::from_secs(10);
