//! Starts the Dreiklang server.

use std::process::ExitCode;

use clap::Parser;
use dreiklang_server::{args::Arguments, command};

fn main() -> ExitCode {
    // clap ends the process itself: 0 after help, 2 after a wrong command line.
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return command::report(&error.into()),
    };
    let result = runtime.block_on(command::perform(arguments));
    // Threads that still wait for a disk must not keep the process.
    runtime.shutdown_background();
    match result {
        Ok(code) => code,
        Err(error) => command::report(&error),
    }
}
