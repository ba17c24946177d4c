//! What the verbs of the command line do; each prints for people or, with `--json`, for programs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::Clock;
use crate::args::{Arguments, Command, Door, Gen, Serve};
use crate::config::{self, Config, Settings};
use crate::{log, run};

pub mod admin;
pub mod backup;
pub mod csv;
pub mod doctor;
pub mod generate;
pub mod init;
pub mod oppf;

/// Performs what the command line asks for.
pub async fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let file = arguments.config.clone();
    match arguments.command.unwrap_or(Command::Serve(arguments.serve)) {
        Command::Serve(flags) => serve(settings(file, &flags)?).await?,
        Command::Init(flags) => init::perform(&flags)?,
        Command::Check => {
            let settings = settings(file, &Serve::default())?;
            say(&format!(
                "The configuration is valid. Data folder: {}",
                settings.data_dir.display()
            ))?;
        }
        Command::Doctor { json } => {
            return doctor::perform(&settings(file, &Serve::default())?, json).await;
        }
        Command::Gen(Gen::Config { folder }) => generate::config(&folder)?,
        Command::Gen(Gen::Keys { file }) => generate::keys(&file)?,
        Command::Gen(Gen::Instance) => generate::instance(&settings(file, &Serve::default())?)?,
        Command::Oppf(verb) => {
            return oppf::perform(&verb, || settings(file, &Serve::default()));
        }
        Command::Admin(verb) => {
            return admin::perform(settings(file, &Serve::default())?, verb).await;
        }
        Command::Backup { folder, json } => {
            backup::perform(settings(file, &Serve::default())?, &folder, json).await?;
        }
        Command::Restore {
            folder,
            data_dir,
            database,
            json,
        } => {
            backup::restore(&folder, &data_dir, database, json).await?;
        }
        Command::Migrate => {
            let settings = settings(file, &Serve::default())?;
            run::open_store(&settings).await?.close().await;
            say("The database is up to date.")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints an error with its causes and gives the exit code for it.
pub fn report(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "Error: {error:#}");
    ExitCode::FAILURE
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let (interrupt, terminate) = (
        signal(SignalKind::interrupt()).context("cannot listen for signals")?,
        signal(SignalKind::terminate()).context("cannot listen for signals")?,
    );
    log::start(&settings)?;
    let shutdown = CancellationToken::new();
    tokio::spawn(signals(interrupt, terminate, shutdown.clone()));
    let running = tokio::select! {
        running = run::start(settings, Clock::system(), shutdown.clone()) => running?,
        // A database that does not answer is no reason to stay.
        () = shutdown.cancelled() => return Ok(()),
    };
    running.announce();
    running.finished().await;
    Ok(())
}

/// The first SIGINT or SIGTERM asks for a graceful end, the second ends at once.
async fn signals(mut interrupt: Signal, mut terminate: Signal, shutdown: CancellationToken) {
    for last in [false, true] {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        if last {
            std::process::exit(130);
        }
        // First: nobody may be there any more to read the log.
        shutdown.cancel();
        tracing::info!("shutting down");
    }
}

/// Reads and checks the configuration with the flags laid over it.
fn settings(file: Option<PathBuf>, flags: &Serve) -> anyhow::Result<Settings> {
    let file = file.unwrap_or_else(|| {
        [
            Path::new("config.toml"),
            Path::new("/etc/dreiklang/config.toml"),
        ]
        .into_iter()
        .find(|it| it.exists())
        .unwrap_or(Path::new("config.toml"))
        .to_owned()
    });
    let mut config = config::load(&file).with_context(|| {
        "no usable configuration; `dreiklang-server init --data-dir FOLDER` makes one, \
         `--config FILE` names one"
    })?;
    lay_over(&mut config, flags);
    Ok(config.check()?)
}

fn lay_over(config: &mut Config, flags: &Serve) {
    for (door, listen) in [
        (Door::Chat, &mut config.chat.listen),
        (Door::Api, &mut config.api.listen),
    ] {
        let wanted: Vec<_> = flags
            .listen
            .iter()
            .filter(|it| it.0 == door)
            .map(|it| it.1)
            .collect();
        if !wanted.is_empty() {
            *listen = wanted;
        }
    }
    if !flags.role.is_empty() {
        config.server.roles.clone_from(&flags.role);
    }
}

/// A line on standard output.
fn say(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")
}

/// A value as JSON on standard output.
fn say_json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(say(&serde_json::to_string_pretty(value)?)?)
}
