//! The command line of the measurements.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use dreiklang_bench::{load, media, relay, run, say};

/// Measures the Dreiklang server.
#[derive(Debug, Parser)]
#[command(name = "dreiklang-bench", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server, the relay and, if asked, other servers; measure all; print ratios
    Run(run::Arguments),
    /// Load a server that runs already, whose people are numbered as ours
    Load(load::Arguments),
    /// Send a large file the whole way; print speeds and memory
    Media(media::Arguments),
    /// Be the reference relay
    Relay(relay::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Load(arguments) => load::run(&arguments),
        Command::Media(arguments) => media::run(&arguments),
        Command::Relay(arguments) => relay::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("dreiklang-bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
