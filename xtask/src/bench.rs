//! `bench`: starts the bench package, optimised, with whatever stands after the verb.

use anyhow::Result;

use crate::shell::{cargo, run as start};

/// Passes all arguments on.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut bench = cargo(&[
        "run",
        "--release",
        "--locked",
        "--package",
        "dreiklang-bench",
        "--",
    ]);
    start(bench.args(arguments))
}
