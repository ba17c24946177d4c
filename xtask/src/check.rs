//! `check`: what to run before every commit; seconds, no tests.

use anyhow::{Result, bail};

use crate::stage::{Stage, Work, run_all};
use crate::test::{FORMAT, MACHINE, TIDY};

const TYPES: Stage = Stage {
    name: "types",
    what: "every crate, test and bench compiles",
    work: Work::Cargo(&["check", "--workspace", "--all-targets", "--locked"]),
};

/// Runs the quick stages.
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("check takes no arguments, not {argument:?}");
    }
    run_all(&[&FORMAT, &TIDY, &MACHINE, &TYPES], false)
}
