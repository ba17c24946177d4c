//! The servers that are measured: how each is prepared, started and stopped.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::clock::now;
use crate::load::Target;
use crate::people;
use crate::talk::{Dial, Protocol};

mod ours;
pub mod peers;

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The server.
    Ours,
    /// The reference relay.
    Relay,
    /// ejabberd, with its own store.
    Ejabberd,
    /// Prosody, with its own store.
    Prosody,
    /// mosquitto, which keeps messages in memory.
    Mosquitto,
}

impl Kind {
    /// The word for it in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Relay => "relay",
            Self::Ejabberd => "ejabberd",
            Self::Prosody => "Prosody",
            Self::Mosquitto => "mosquitto",
        }
    }

    /// Does it speak our protocol?
    pub fn is_csp(self) -> bool {
        matches!(self, Self::Ours | Self::Relay)
    }
}

/// What can be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Threads of the relay for its network.
    pub relay_threads: usize,
    /// Our server's `commit_linger_ms`.
    pub linger_ms: u64,
}

/// A server that can be started again and again on the same data.
pub struct Subject {
    /// Which.
    pub kind: Kind,
    folder: PathBuf,
    address: SocketAddr,
    /// The program of ours or of the relay; peers are found in the path.
    program: PathBuf,
    settings: Settings,
}

/// A server that runs; it is killed when this is dropped.
pub struct Running {
    child: Option<Child>,
    /// How to load it.
    pub target: Target,
    /// Milliseconds from its start to the first TCP connection.
    pub start_ms: f64,
}

impl Subject {
    /// Makes a folder with everything the server needs, but does not start it.
    pub fn new(kind: Kind, parent: &Path, program: &Path, settings: Settings) -> Result<Self> {
        let folder = parent.join(kind.name());
        fs::create_dir_all(&folder)?;
        let subject = Self {
            kind,
            folder: fs::canonicalize(&folder)?,
            address: free_address()?,
            program: program.to_owned(),
            settings,
        };
        match kind {
            Kind::Ours => ours::configure(&subject)?,
            Kind::Relay => {}
            Kind::Ejabberd | Kind::Prosody | Kind::Mosquitto => peers::configure(&subject)?,
        }
        Ok(subject)
    }

    /// Makes the first so many people known.
    pub async fn register(&self, people: u32) -> Result<()> {
        match self.kind {
            Kind::Ours => ours::import(self, &people::import_lines(people)),
            Kind::Relay | Kind::Mosquitto => Ok(()),
            Kind::Ejabberd | Kind::Prosody => {
                let running = self.start()?;
                peers::register(&running.target.dial, people).await?;
                // Killed, it could forget them again.
                running.stop()
            }
        }
    }

    /// Makes people known who never log in; for our server only.
    pub fn register_crowd(&self, from: u32, count: u32) -> Result<()> {
        ours::import(self, &people::crowd_lines(from, count))
    }

    /// Forgets what only lengthens the next start: the relay keeps its log for ever. To be called
    /// when no message waits.
    pub fn tidy(&self) -> Result<()> {
        let log = self.relay_log();
        if self.kind == Kind::Relay && log.exists() {
            fs::remove_file(log)?;
        }
        Ok(())
    }

    fn relay_log(&self) -> PathBuf {
        self.folder.join("relay.log")
    }

    /// The file whose size is the footprint.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Starts it and waits until it accepts TCP connections.
    pub fn start(&self) -> Result<Running> {
        let mut command = match self.kind {
            Kind::Ours => ours::command(self),
            Kind::Relay => self.relay_command(),
            Kind::Ejabberd | Kind::Prosody | Kind::Mosquitto => peers::command(self),
        };
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("output.log"))?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let begun = now();
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.kind.name()))?;
        let mut running = Running {
            target: Target {
                dial: self.dial(),
                process: child.id(),
            },
            child: Some(child),
            start_ms: 0.0,
        };
        self.await_port(&mut running, begun)?;
        running.start_ms = begun.elapsed().as_secs_f64() * 1000.0;
        Ok(running)
    }

    fn await_port(&self, running: &mut Running, begun: Instant) -> Result<()> {
        while TcpStream::connect(self.address).is_err() {
            let ended = match &mut running.child {
                None => None,
                Some(child) => child.try_wait()?,
            };
            if let Some(status) = ended {
                let log = fs::read_to_string(self.folder.join("output.log")).unwrap_or_default();
                bail!("{} ended with {status}: {log}", self.kind.name());
            }
            if begun.elapsed() > START_PATIENCE {
                bail!("{} does not open its port", self.kind.name());
            }
            pause(Duration::from_millis(1));
        }
        Ok(())
    }

    fn dial(&self) -> Dial {
        Dial {
            address: self.address,
            protocol: match self.kind {
                Kind::Ours | Kind::Relay => Protocol::Csp(people::server_secret().public()),
                Kind::Ejabberd | Kind::Prosody => Protocol::Xmpp,
                Kind::Mosquitto => Protocol::Mqtt { lasting: false },
            },
        }
    }

    fn relay_command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("relay").arg("--listen");
        command.arg(self.address.to_string());
        command.arg("--log").arg(self.relay_log());
        command
            .arg("--threads")
            .arg(self.settings.relay_threads.to_string());
        command
    }
}

impl Running {
    /// The same server with sessions that outlive their connections, where that is a choice.
    pub fn lasting(&self) -> Target {
        let mut target = self.target.clone();
        if let Protocol::Mqtt { lasting } = &mut target.dial.protocol {
            *lasting = true;
        }
        target
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        signal(&child, Signal::TERM)?;
        let begun = now();
        while child.try_wait()?.is_none() {
            if begun.elapsed() > STOP_PATIENCE {
                child.kill()?;
                child.wait()?;
            }
            pause(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Kills it without a word, as a power cut of the process.
    pub fn kill(mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn signal(child: &Child, signal: Signal) -> Result<()> {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    kill_process(id.context("a process without a number")?, signal)?;
    Ok(())
}

/// A port that nobody uses now, on loopback.
fn free_address() -> Result<SocketAddr> {
    let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    Ok(TcpListener::bind(any)?.local_addr()?)
}

/// Waits for another process, whose events cannot be awaited.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has no event to wait for"
)]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

const START_PATIENCE: Duration = Duration::from_mins(1);
const STOP_PATIENCE: Duration = Duration::from_secs(30);
