//! The load generator: people who log in, send, receive and acknowledge as real clients do, each
//! on a connection of its own, and count what is lost or comes twice.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use dreiklang_crypto::{PublicKey, SystemRng, random};
use tokio::task::JoinSet;

use crate::machine;
use crate::people;
use crate::say;
use crate::talk::{Connection, Dial, Protocol};

pub mod idle;
pub mod logins;
pub mod offline;
pub mod pairs;

/// A server under load: how to reach it, and the process whose time is counted.
#[derive(Clone, Debug)]
pub struct Target {
    /// How to reach it.
    pub dial: Dial,
    /// The root of its processes.
    pub process: u32,
}

impl Target {
    /// Seconds of processor time that the server has used.
    pub fn cpu_seconds(&self) -> Result<f64> {
        machine::cpu_seconds(self.process)
    }

    /// Logs in many, some at a time, and returns them in order.
    pub async fn open_all(&self, people: std::ops::Range<u32>) -> Result<Vec<Connection>> {
        let mut opening = JoinSet::new();
        let mut opened = Vec::new();
        let mut numbers = people.enumerate();
        loop {
            while opening.len() < LOGINS_AT_A_TIME
                && let Some((index, person)) = numbers.next()
            {
                let dial = self.dial.clone();
                opening.spawn(async move { (index, dial.open_ready(person).await) });
            }
            let Some(finished) = opening.join_next().await else {
                break;
            };
            let (index, connection) = finished?;
            opened.push((index, connection?));
        }
        opened.sort_by_key(|(index, _)| *index);
        Ok(opened
            .into_iter()
            .map(|(_, connection)| connection)
            .collect())
    }
}

/// A number for the next phase of a measurement, so that leftovers of earlier ones are not counted.
pub fn next_phase() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    static BEGIN: std::sync::OnceLock<u16> = std::sync::OnceLock::new();
    let begin = BEGIN.get_or_init(|| u16::from_le_bytes(random(&mut SystemRng)));
    NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(*begin)
}

/// Flags of `load`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the server listens; loopback only
    #[arg(long)]
    address: SocketAddr,
    /// The server's public key in hex; without it, the one that `run` gives to servers
    #[arg(long)]
    server_key: Option<String>,
    /// The server's process, whose time is counted; without it, our own
    #[arg(long)]
    process: Option<u32>,
    /// What to do
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Work {
    /// Pairs of people who are all connected; each sends as fast as its window allows
    Closed(Shape),
    /// The same at a fixed rate, whatever comes back
    Open(Shape),
    /// Log in and leave again, many times
    Logins(Shape),
    /// Connections that do nothing
    Idle(Shape),
    /// Messages to people who are not connected, who come and read them afterwards
    Offline(Shape),
}

#[derive(Debug, Clone, clap::Args)]
struct Shape {
    /// People who are connected
    #[arg(long, default_value_t = 100)]
    connections: u32,
    /// Messages, or logins, in all
    #[arg(long, default_value_t = 100_000)]
    count: u32,
    /// Bytes of the sealed body of a message
    #[arg(long, default_value_t = 100)]
    size: usize,
    /// Messages that a sender may have on their way
    #[arg(long, default_value_t = 8)]
    window: usize,
    /// Messages per second in all, for `open`
    #[arg(long, default_value_t = 2000)]
    rate: u32,
    /// Give up after so many seconds
    #[arg(long, default_value_t = 120)]
    limit_s: u64,
}

/// Loads a server that somebody else has started.
pub fn run(arguments: &Arguments) -> Result<()> {
    anyhow::ensure!(arguments.address.ip().is_loopback(), "loopback only");
    machine::raise_descriptors()?;
    let server_key = match &arguments.server_key {
        None => people::server_secret().public(),
        Some(hex) => {
            let bytes = hex::decode(hex).context("the key is no hex")?;
            PublicKey::try_from(bytes.as_slice())
                .map_err(|_| anyhow::anyhow!("this is no public key"))?
        }
    };
    let target = Target {
        dial: Dial {
            address: arguments.address,
            protocol: Protocol::Csp(server_key),
        },
        process: arguments.process.unwrap_or_else(std::process::id),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(perform(&target, arguments.work.clone()))
}

async fn perform(target: &Target, work: Work) -> Result<()> {
    match work {
        Work::Closed(shape) => {
            let pace = pairs::Pace::Window(shape.window);
            let connections = target.open_all(0..shape.connections).await?;
            let (outcome, _) = pairs::run(target, connections, shape.plan(pace)).await?;
            say(&outcome.to_string());
        }
        Work::Open(shape) => {
            let pace = pairs::Pace::PerSecond(shape.rate);
            let connections = target.open_all(0..shape.connections).await?;
            let (outcome, _) = pairs::run(target, connections, shape.plan(pace)).await?;
            say(&outcome.to_string());
        }
        Work::Logins(shape) => {
            let outcome = logins::run(target, shape.count, shape.connections).await?;
            say(&outcome.to_string());
        }
        Work::Idle(shape) => {
            let hold = Duration::from_secs(10);
            let outcome = idle::run(target, shape.connections, hold).await?;
            say(&outcome.to_string());
        }
        Work::Offline(shape) => {
            let plan = offline::Plan {
                messages: shape.count,
                size: shape.size,
                ..offline::Plan::default()
            };
            let enqueued = offline::enqueue(target, &plan, &offline::Progress::default()).await?;
            say(&enqueued.to_string());
            say(&offline::drain(target, &plan, &enqueued).await?.to_string());
        }
    }
    Ok(())
}

impl Shape {
    fn plan(&self, pace: pairs::Pace) -> pairs::Plan {
        pairs::Plan {
            size: self.size,
            pace,
            messages: self.count,
            limit: Duration::from_secs(self.limit_s),
        }
    }
}

/// Afterwork counts too: acknowledgements on their way, rows to delete, connections to close.
const SETTLING: Duration = Duration::from_millis(300);
const LOGINS_AT_A_TIME: usize = 32;
