//! Dreiklang in the terminal: commands for people and scripts, and a full-screen chat.

mod args;
mod cmd;
mod emoji;
mod failure;
mod format;
mod language;
mod moment;
mod output;
mod people;
mod qr;
mod rendering;
mod safe;
mod session;
mod texts;
mod tui;
mod which;
mod who;
mod words;
mod wrap;

use std::process::ExitCode;

use clap::Parser;

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
