//! The fault harness as stages: kills, power cuts and planted bugs, on real processes.

use anyhow::{Context, Result, bail};

use crate::built;
use crate::machine;
use crate::shell::{command, found, say, shown};
use crate::stage::{Outcome, Scene};

/// The programs that cut the power, and Debian's packages with them.
const TOOLS: [(&str, &str); 3] = [
    ("python3", "python3"),
    ("mkfs.ext4", "e2fsprogs"),
    ("mount", "mount"),
];

/// What the harness ends with if power cuts are impossible here.
const SKIPPED: i32 = 77;

/// Kills the server a hundred times.
pub fn kill(_: &mut Scene) -> Result<Outcome> {
    harness(&["--kill", "100"])
}

/// Cuts the server's power a hundred times.
pub fn cut(_: &mut Scene) -> Result<Outcome> {
    prepare()?;
    harness(&["--cut", "100"])
}

/// Proves that the harness sees what it looks for.
pub fn plants(_: &mut Scene) -> Result<Outcome> {
    prepare()?;
    harness(&["--plant", "all"])
}

fn prepare() -> Result<()> {
    for (program, package) in TOOLS {
        // Who is not root cannot cut the power anyway, and the harness says so.
        if found(program).is_none() && machine::is_root()? {
            machine::install(package)?;
        }
    }
    Ok(())
}

fn harness(flags: &[&str]) -> Result<Outcome> {
    let mut run = command(built::programs()?.join("dreiklang-faults"));
    run.args(flags);
    say(&format!("$ {}", shown(&run)));
    let status = run.status().context("cannot start the harness")?;
    match status.code() {
        Some(0) => Ok(Outcome::Passed),
        Some(SKIPPED) => Ok(Outcome::Skipped(
            "power cuts need root and loop mounts; run this stage where both are allowed".into(),
        )),
        _ => bail!("{} ended with {status}", shown(&run)),
    }
}
