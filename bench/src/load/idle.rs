//! Connections that are logged in, ready to receive, and silent: what each costs in memory.

use std::fmt;
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;

use super::Target;
use crate::clock::now;
use crate::machine::pss_kib;

/// What silence costs.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Connections that were still there at the end.
    pub alive: usize,
    /// Kibibytes of the server's memory per connection.
    pub kib_each: f64,
    /// Share of one processor that the silence costs, in per cent.
    pub cpu_percent: f64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "alive {} memory {:.2} KiB each cpu {:.2} %",
            self.alive, self.kib_each, self.cpu_percent
        )
    }
}

/// Opens connections, holds them, and compares the server's memory with that before.
pub async fn run(target: &Target, count: u32, hold: Duration) -> Result<Outcome> {
    let before = pss_kib(target.process)?;
    let connections = target.open_all(0..count).await?;
    let mut holding = JoinSet::new();
    for mut connection in connections {
        holding.spawn(async move { while connection.pump(|_| {}).await.is_ok() {} });
    }
    tokio::time::sleep(hold / 2).await;
    let (cpu, begun) = (target.cpu_seconds()?, now());
    tokio::time::sleep(hold / 2).await;
    let cpu = target.cpu_seconds()? - cpu;
    let after = pss_kib(target.process)?;
    while holding.try_join_next().is_some() {}
    Ok(Outcome {
        alive: holding.len(),
        kib_each: (after - before) / f64::from(count.max(1)),
        cpu_percent: cpu * 100.0 / begun.elapsed().as_secs_f64(),
    })
}
