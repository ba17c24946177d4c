//! `fix`: what a machine can mend, it mends.

use anyhow::{Result, bail};

use crate::generate;
use crate::shell::{cargo, run as start};

/// Generates, lets clippy apply its suggestions, formats.
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("fix takes no arguments, not {argument:?}");
    }
    generate::write()?;
    start(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--fix",
        "--allow-dirty",
        "--allow-staged",
    ]))?;
    start(&mut cargo(&["fmt", "--all"]))
}
