//! One run: every server in turn, round after round, and at the end the medians, the ratios and
//! the goals.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::run::scale::Scale;
use crate::run::subject::{Kind, Settings, Subject, peers};
use crate::run::table::Results;
use crate::{clock, machine, say};

mod limits;
mod round;
pub mod scale;
pub mod subject;
pub mod table;

/// Flags of `run`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Small numbers, one round: shows that everything works, not how fast
    #[arg(long)]
    quick: bool,
    /// Measure ejabberd, Prosody and mosquitto too, where they are installed
    #[arg(long)]
    peers: bool,
    /// How often everything is measured; the medians count
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Measure only this; repeatable
    #[arg(long, value_name = "NAME")]
    only: Vec<Part>,
    /// Write all values here too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The server's program; else the one beside this program
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Where the servers keep their data, on a real disk; else a folder for temporary files
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// How long our server waits for a receiver's acknowledgement before it writes a message to
    /// its store; 0 shows what writing every message costs
    #[arg(long, value_name = "MS", default_value_t = 10)]
    linger_ms: u64,
    /// Threads of the relay for its network
    #[arg(long, default_value_t = 2)]
    relay_threads: usize,
}

/// The parts of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Processor time per message between people who are connected.
    Online,
    /// Latency at fixed rates.
    Latency,
    /// Logins.
    Login,
    /// Messages to people who are away.
    Offline,
    /// What is acknowledged survives a killed process.
    Kill,
    /// Memory of silent connections.
    Idle,
    /// Start with many people and many queued messages; once, not in every round.
    Start,
}

impl Arguments {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<()> {
    let files = machine::raise_descriptors()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        // Whoever interrupts us wants the servers stopped too; dropping them does that.
        let mut terminated =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = measure(arguments, files) => result,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
            _ = terminated.recv() => bail!("terminated"),
        }
    })
}

async fn measure(arguments: &Arguments, files: u64) -> Result<()> {
    let scale = if arguments.quick {
        Scale::QUICK
    } else {
        Scale::FULL
    };
    if u64::from(scale.idle) + 200 > files {
        bail!("{files} open files are too few; raise the hard limit");
    }
    let folder = match &arguments.folder {
        Some(parent) => tempfile::tempdir_in(parent),
        None => tempfile::tempdir(),
    };
    let folder = folder.context("cannot make a folder for the measurement")?;
    say(&format!("{}, {}", clock::today(), machine::description()));
    let mut subjects = Vec::new();
    for subject in installed(arguments, folder.path())? {
        match subject.register(scale.people(subject.kind)).await {
            Ok(()) => subjects.push(subject),
            Err(error) if subject.kind.is_csp() => return Err(error),
            Err(error) => say(&format!("{} is left out: {error:#}", subject.kind.name())),
        }
    }
    let mut results = Results::default();
    let rounds = if arguments.quick { 1 } else { arguments.rounds };
    for number in 1..=rounds {
        for subject in &subjects {
            let title = format!("round {number}/{rounds}, {}", subject.kind.name());
            say(&format!("{title}, load {}", machine::load()));
            limits::note(&mut results, subject.kind, folder.path()).await?;
            let measured = round::run(subject, &scale, arguments, &mut results).await;
            // One server that fails must not hide what the others do, unless it is ours.
            if let Err(error) = measured {
                if subject.kind.is_csp() {
                    return Err(error.context(title));
                }
                say(&format!("{title}: FAILED: {error:#}"));
            }
        }
    }
    if arguments.wants(Part::Start) {
        for subject in subjects.iter().filter(|subject| subject.kind.is_csp()) {
            round::start_with_crowd(subject, &scale, &mut results).await?;
        }
    }
    report(arguments, &subjects, &results)
}

fn installed(arguments: &Arguments, folder: &Path) -> Result<Vec<Subject>> {
    let own = std::env::current_exe().context("cannot find this program")?;
    let server = match &arguments.server {
        Some(file) => file.clone(),
        None => own.with_file_name("dreiklang-server"),
    };
    if !server.is_file() {
        bail!(
            "{} is missing: build it with cargo build --release -p dreiklang-server",
            server.display()
        );
    }
    let settings = Settings {
        relay_threads: arguments.relay_threads,
        linger_ms: arguments.linger_ms,
    };
    let mut subjects = vec![
        Subject::new(Kind::Ours, folder, &server, settings)?,
        Subject::new(Kind::Relay, folder, &own, settings)?,
    ];
    if arguments.peers {
        for kind in [Kind::Ejabberd, Kind::Prosody, Kind::Mosquitto] {
            match peers::found(kind) {
                Some(program) => subjects.push(Subject::new(kind, folder, &program, settings)?),
                None => say(&format!("{} is not installed; left out", kind.name())),
            }
        }
    }
    Ok(subjects)
}

fn report(arguments: &Arguments, subjects: &[Subject], results: &Results) -> Result<()> {
    let kinds: Vec<Kind> = subjects.iter().map(|subject| subject.kind).collect();
    say("");
    if arguments.quick {
        say(
            "A quick run: the sizes in the table are those of a full one, the figures mean little.",
        );
    }
    say(&results.table(&kinds));
    say(&results.goals());
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&results.json())?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    match results.sum("lost", Kind::Ours) + results.sum("kill_lost", Kind::Ours) {
        lost if lost > 0.5 => bail!("{lost:.0} acknowledged messages are lost"),
        _ => Ok(()),
    }
}

/// A server that has just started is given a moment before its memory is read.
const REST: Duration = Duration::from_millis(500);
