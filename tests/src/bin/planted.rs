//! The server with a planted bug: the first argument names it, the rest is the server's own.
//!
//! A program of its own, so that the shipped one knows nothing of bugs that can be switched on.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use dreiklang_server::{args::Arguments, command};
use dreiklang_store::{Bug, plant};

fn main() -> anyhow::Result<ExitCode> {
    let mut words = std::env::args_os();
    let program = words.next().unwrap_or_default();
    let name = words.next().context("name a bug first")?;
    plant(match name.to_str() {
        Some("AckBeforeSync") => Bug::AckBeforeSync,
        Some("NormalSync") => Bug::NormalSync,
        Some("NoDedup") => Bug::NoDedup,
        Some("CursorSkips") => Bug::CursorSkips,
        Some("SwappedDelivery") => Bug::SwappedDelivery,
        _ => bail!("there is no bug {}", name.display()),
    });
    let arguments = Arguments::parse_from(std::iter::once(program).chain(words));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(command::perform(arguments));
    runtime.shutdown_background();
    result
}
