//! `demo`: an instance with two people on this machine.

use anyhow::Result;

/// Builds, starts, explains.
pub fn run(_arguments: &[String]) -> Result<()> {
    anyhow::bail!("the demonstration follows")
}
