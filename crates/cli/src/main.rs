//! Dreiklang in the terminal: commands for people and scripts, and a full-screen chat.

mod args;
mod cmd;
mod failure;
mod language;
mod moment;
mod output;
mod people;
mod qr;
mod rendering;
mod session;
mod texts;
mod tui;
mod words;
mod wrap;

use std::process::ExitCode;

use crate::failure::Told;
use clap::Parser;
use dreiklang_client::desk::{emoji, format, safe, which, who};

fn main() -> ExitCode {
    // clap ends the process itself: 0 after help, 2 after a wrong command line.
    let arguments = args::Arguments::parse();
    let texts = texts::Texts::new(language::choose(&arguments.global));
    let is_json = arguments.global.json;
    let result = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => {
            let result = runtime.block_on(cmd::perform(arguments, &texts));
            // A thread that still reads a terminal or resolves a name must not keep the process.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&texts, is_json),
    }
}
