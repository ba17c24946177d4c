//! `dreiklang-faults`: kills the server, cuts its power, and proves that it would notice a loss.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Parser;
use dreiklang_tests::campaign::{Fault, Plan, run};
use dreiklang_tests::ground::{Disk, require};
use dreiklang_tests::programs;

/// Faults on real processes. With several flags one campaign runs after the other.
#[derive(Debug, Parser)]
#[command(name = "dreiklang-faults", version)]
struct Arguments {
    /// Kill the server so many times
    #[arg(long, value_name = "N", default_value_t = 0)]
    kill: u64,
    /// Cut the power so many times; needs root and loop mounts
    #[arg(long, value_name = "N", default_value_t = 0)]
    cut: u64,
    /// Expect this planted bug to be caught; repeatable, `all` for every one
    #[arg(long, value_name = "NAME")]
    plant: Vec<String>,
    /// Letters that must be acknowledged in each cycle
    #[arg(long, value_name = "N", default_value_t = 250)]
    acked: u64,
    /// Another seed writes other letters
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the history of a campaign that broke a promise into this file
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
}

/// A planted bug and how it is looked for: a campaign of so many cycles, so many times at most.
struct Plant {
    name: &'static str,
    fault: Fault,
    cycles: u64,
}

const PLANTS: [Plant; 5] = [
    Plant {
        name: "AckBeforeSync",
        fault: Fault::Cut,
        cycles: 10,
    },
    Plant {
        name: "NormalSync",
        fault: Fault::Cut,
        cycles: 3,
    },
    Plant {
        name: "NoDedup",
        fault: Fault::Kill,
        cycles: 2,
    },
    Plant {
        name: "CursorSkips",
        fault: Fault::Kill,
        cycles: 10,
    },
    Plant {
        name: "SwappedDelivery",
        fault: Fault::Kill,
        cycles: 2,
    },
];

/// Campaigns in which a planted bug must show itself.
const ATTEMPTS_MAX: u64 = 8;

/// The exit code for "could not be done here", as test runners know it.
const SKIPPED: u8 = 77;

fn main() -> ExitCode {
    match perform(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: &Arguments) -> Result<ExitCode> {
    let plants = plants(&arguments.plant)?;
    if arguments.kill == 0 && arguments.cut == 0 && plants.is_empty() {
        bail!("nothing to do; --help shows the faults");
    }
    let wants_cuts = arguments.cut > 0 || plants.iter().any(|it| it.fault == Fault::Cut);
    let obstacle = if wants_cuts { cut_obstacle() } else { None };
    if let Some(obstacle) = &obstacle {
        say(&format!(
            "!!! POWER CUTS ARE SKIPPED: {obstacle}\n\
             !!! They need root, loop devices, mkfs.ext4 and python3."
        ))?;
    }
    let mut is_good = true;
    for (fault, cycles) in [(Fault::Kill, arguments.kill), (Fault::Cut, arguments.cut)] {
        if cycles > 0 && (fault == Fault::Kill || obstacle.is_none()) {
            is_good &= endure(arguments, fault, cycles)?;
        }
    }
    for plant in plants {
        if plant.fault == Fault::Kill || obstacle.is_none() {
            is_good &= catch(arguments, plant)?;
        }
    }
    Ok(match (is_good, obstacle) {
        (false, _) => ExitCode::FAILURE,
        (true, None) => ExitCode::SUCCESS,
        (true, Some(_)) => SKIPPED.into(),
    })
}

fn plants(names: &[String]) -> Result<Vec<&'static Plant>> {
    if names.iter().any(|name| name == "all") {
        return Ok(PLANTS.iter().collect());
    }
    names
        .iter()
        .map(|name| {
            let plant = PLANTS.iter().find(|plant| plant.name == name);
            plant.ok_or_else(|| anyhow::anyhow!("there is no bug {name}"))
        })
        .collect()
}

fn cut_obstacle() -> Option<String> {
    for program in ["python3", "mkfs.ext4", "mount", "umount"] {
        if let Err(error) = require(program) {
            return Some(error.to_string());
        }
    }
    Disk::obstacle()
}

/// The real server must keep every promise.
fn endure(arguments: &Arguments, fault: Fault, cycles: u64) -> Result<bool> {
    let begun = clock();
    let report = run(&Plan {
        program: programs::build()?.server(),
        bug: None,
        fault,
        cycles,
        acked_per_cycle: arguments.acked,
        seed: arguments.seed,
        history: arguments.history.clone(),
    })?;
    say(&format!(
        "{fault:?}: {report}\n{fault:?}: {cycles} cycles in {:.1} s, seed {}",
        begun.elapsed().as_secs_f64(),
        arguments.seed
    ))?;
    Ok(report.violations.is_empty())
}

/// A server with a planted bug must break a promise, and the checker must see it.
fn catch(arguments: &Arguments, plant: &Plant) -> Result<bool> {
    let begun = clock();
    let program = programs::build_planted()?.planted();
    let mut cycles = 0;
    for attempt in 0..ATTEMPTS_MAX {
        cycles += plant.cycles;
        let report = run(&Plan {
            program: program.clone(),
            bug: Some(plant.name.to_owned()),
            fault: plant.fault,
            cycles: plant.cycles,
            acked_per_cycle: arguments.acked,
            seed: arguments.seed + attempt,
            history: arguments.history.clone(),
        })?;
        if let Some(first) = report.violations.first() {
            say(&format!(
                "{}: caught within {cycles} cycles, {:.1} s: {} violations, {} letters lost; \
                 first {:?}: {}",
                plant.name,
                begun.elapsed().as_secs_f64(),
                report.violations.len(),
                report.counts.lost,
                first.invariant,
                first.what
            ))?;
            return Ok(true);
        }
    }
    say(&format!(
        "{}: NOT CAUGHT in {cycles} cycles: the harness or the checker is blind",
        plant.name
    ))?;
    Ok(false)
}

fn say(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the harness measures itself; nothing it judges depends on it"
)]
fn clock() -> Instant {
    Instant::now()
}
