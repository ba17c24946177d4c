//! Starts the log on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Settings;
use crate::config::log::Format;

/// Starts the log; fails if the level cannot be understood or a log runs already.
pub fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log.level)
        .map_err(|error| anyhow::anyhow!("log.level: {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        // Whoever read the log may be gone, and a complaint about that would panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match settings.log.format {
        Format::Pretty => builder.with_target(false).try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))
}
