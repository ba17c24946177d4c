//! Logins: from the TCP connection to "messages arrive now", and away again.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use super::{SETTLING, Target};
use crate::clock::{micros_since, nanos, now};
use crate::numbers::percentile;

/// What came of many logins.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Logins per second.
    pub rate: f64,
    /// Microseconds of the server's time per login.
    pub cpu_us: f64,
    /// Microseconds from connecting to ready, sorted.
    pub latencies: Vec<u32>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "logins {} rate {:.0}/s cpu {:.0} us p50 {:.2} p99 {:.2} ms",
            self.latencies.len(),
            self.rate,
            self.cpu_us,
            percentile(&self.latencies, 500) / 1000.0,
            percentile(&self.latencies, 990) / 1000.0,
        )
    }
}

/// Logs `people` in, in turn, `count` times in all, some at the same time.
pub async fn run(target: &Target, count: u32, people: u32) -> Result<Outcome> {
    let next = Arc::new(AtomicU32::new(0));
    let (cpu, begun) = (target.cpu_seconds()?, now());
    let mut workers = Vec::new();
    for _ in 0..AT_A_TIME {
        let (dial, next) = (target.dial.clone(), Arc::clone(&next));
        workers.push(tokio::spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return anyhow::Ok(latencies);
                }
                let begun = nanos();
                drop(dial.open_ready(index % people).await?);
                latencies.push(micros_since(begun));
            }
        }));
    }
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.extend(worker.await??);
    }
    let wall_s = begun.elapsed().as_secs_f64();
    tokio::time::sleep(2 * SETTLING).await;
    let cpu = target.cpu_seconds()? - cpu;
    latencies.sort_unstable();
    Ok(Outcome {
        rate: f64::from(count) / wall_s,
        cpu_us: cpu * 1e6 / f64::from(count.max(1)),
        latencies,
    })
}

const AT_A_TIME: usize = 16;
