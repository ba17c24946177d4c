//! Reads request bodies with a limit on size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
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

/// How fast a large body must come.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Bytes that it may have.
    pub bytes_max: u64,
    /// Bytes per second on average, after the first pause.
    pub bytes_per_s_min: u64,
    /// The grace at the start, and the longest pause.
    pub stall: Duration,
}

/// Reads a large body piece by piece and refuses one that trickles in.
pub struct Stream {
    body: Body,
    pace: Pace,
    start: Instant,
    received: u64,
    /// The peer was too slow: it gets no more time.
    is_given_up: bool,
}

impl Stream {
    /// Counts from now on.
    pub fn new(body: Body, pace: Pace) -> Self {
        Self {
            body,
            pace,
            start: Instant::now(),
            received: 0,
            is_given_up: false,
        }
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        loop {
            let Ok(frame) = tokio::time::timeout_at(self.deadline(), self.body.frame()).await
            else {
                self.is_given_up = true;
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
            if self.received > self.pace.bytes_max {
                return Err(Refusal::TooLarge);
            }
            return Ok(Some(bytes));
        }
    }

    /// Reads on and forgets, within the same limits, while the answer goes out. A peer that is
    /// still sending would find the line cut instead of the answer: what nobody reads resets it.
    pub fn leave(mut self) {
        if self.is_given_up || self.body.is_end_stream() {
            return;
        }
        self.start = Instant::now();
        self.received = 0;
        tokio::spawn(async move { while let Ok(Some(_)) = self.next().await {} });
    }

    /// When the next piece must be here: the average rate must be kept, and no single pause may be
    /// too long.
    fn deadline(&self) -> Instant {
        let Pace {
            bytes_per_s_min,
            stall,
            ..
        } = self.pace;
        let earned = match bytes_per_s_min {
            0 => Duration::MAX,
            rate => Duration::from_secs(self.received / rate),
        };
        let by_pause = Instant::now() + stall;
        let by_rate = (self.start + stall).checked_add(earned);
        by_rate.map_or(by_pause, |by_rate| by_rate.min(by_pause))
    }
}
