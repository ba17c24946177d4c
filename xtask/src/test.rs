//! `test`: everything CI runs, in CI's order, cheapest first. The table below is the whole truth.

use std::env;

use anyhow::{Result, bail};

use crate::built;
use crate::demo;
use crate::faults;
use crate::generate;
use crate::machine;
use crate::postgres::Postgres;
use crate::shell::{cargo, command, found, run as start, say};
use crate::stage::{Outcome, Scene, Stage, Work, run_all};
use crate::tidy;
use crate::web;

/// Formatting, shared with `check`.
pub const FORMAT: Stage = Stage {
    name: "format",
    what: "the tree is formatted",
    work: Work::Cargo(&["fmt", "--all", "--check"]),
};

/// The house rules, shared with `check`.
pub const TIDY: Stage = Stage {
    name: "tidy",
    what: "the rules of the house hold",
    work: Work::Code(tidy_stage),
};

/// What the compilers need, shared with `check`.
pub const MACHINE: Stage = Stage {
    name: "machine",
    what: "what the build needs is installed",
    work: Work::Code(|_| machine::prepare().map(|()| Outcome::Passed)),
};

/// All stages in their order. To add one that is a command of its own, add a `Work::Cargo` line.
static STAGES: &[Stage] = &[
    FORMAT,
    TIDY,
    Stage {
        name: "spelling",
        what: "no known misspelling",
        work: Work::Code(|_| tool("typos", "typos-cli", &[])),
    },
    Stage {
        name: "deny",
        what: "licences, bans and sources of the dependencies",
        work: Work::Code(|_| {
            tool(
                "cargo-deny",
                "cargo-deny",
                &["--locked", "check", "bans", "licenses", "sources"],
            )
        }),
    },
    Stage {
        name: "gen",
        what: "the generated files are current",
        work: Work::Code(|_| generate::check().map(|()| Outcome::Passed)),
    },
    MACHINE,
    Stage {
        name: "clippy",
        what: "no lint speaks up",
        work: Work::Cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "--deny=warnings",
        ]),
    },
    Stage {
        name: "wasm",
        what: "the pure crates build for a browser",
        work: Work::Code(wasm),
    },
    Stage {
        name: "postgres",
        what: "a PostgreSQL server for the tests starts",
        work: Work::Code(postgres),
    },
    Stage {
        name: "tests",
        what: "unit, vector, contract and story tests",
        work: Work::Code(tests),
    },
    Stage {
        name: "doctests",
        what: "the examples in the documentation compile and run",
        work: Work::Cargo(&["test", "--workspace", "--doc", "--locked"]),
    },
    Stage {
        name: "demo",
        what: "the demonstration can be made, found again, and people talk in each app",
        work: Work::Code(|_| demo::rehearse().map(|()| Outcome::Passed)),
    },
    Stage {
        name: "web",
        what: "the apps in the browser build, are typed, and load fast",
        work: Work::Code(|_| web::check().map(|()| Outcome::Passed)),
    },
    Stage {
        name: "browser",
        what: "the apps work in a real browser, under their policy and for everybody",
        work: Work::Code(|_| web::journeys(&built::programs()?).map(|()| Outcome::Passed)),
    },
    Stage {
        name: "kill",
        what: "a hundred kills of the server lose, repeat and reorder nothing",
        work: Work::Code(faults::kill),
    },
    Stage {
        name: "cut",
        what: "a hundred power cuts lose nothing that was acknowledged",
        work: Work::Code(faults::cut),
    },
    Stage {
        name: "plants",
        what: "each of five planted bugs is caught by the same harness",
        work: Work::Code(faults::plants),
    },
    Stage {
        name: "eth",
        what: "each published attack succeeds where its defence was taken out",
        work: Work::Cargo(&[
            "test",
            "--locked",
            "--package=dreiklang-server",
            "--package=dreiklang-engine",
            "--features=planted-bugs",
            "--test=eth_planted",
        ]),
    },
    Stage {
        name: "fuzz",
        what: "a million mutated frames, logins and payloads meet the server's role",
        work: Work::Cargo(&[
            "run",
            "--release",
            "--locked",
            "--package=dreiklang-wire",
            "--example=mutate",
            "--",
            "--count",
            "1000000",
        ]),
    },
];

/// Runs all stages, or those that are named.
pub fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--list") {
        for stage in STAGES {
            say(&format!("{:<12} {}", stage.name, stage.what));
        }
        return Ok(());
    }
    let (flags, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|a| a.starts_with('-'));
    if let Some(flag) = flags.iter().find(|flag| flag.as_str() != "--fail-fast") {
        bail!("test does not know {flag}");
    }
    run_all(&select(&names)?, !flags.is_empty())
}

fn select(names: &[&String]) -> Result<Vec<&'static Stage>> {
    if let Some(name) = names
        .iter()
        .find(|name| STAGES.iter().all(|s| s.name != name.as_str()))
    {
        bail!("there is no stage {name:?}; --list shows them");
    }
    let chosen = |stage: &&Stage| names.is_empty() || names.iter().any(|n| *n == stage.name);
    Ok(STAGES.iter().filter(chosen).collect())
}

fn tidy_stage(_: &mut Scene) -> Result<Outcome> {
    tidy::check().map(|()| Outcome::Passed)
}

/// A tool that is worth running where it is installed and not worth building for every run.
fn tool(program: &str, package: &str, arguments: &[&str]) -> Result<Outcome> {
    let Some(file) = found(program) else {
        return Ok(Outcome::Skipped(format!(
            "{program} is not installed: cargo install --locked {package}"
        )));
    };
    start(command(file).args(arguments))?;
    Ok(Outcome::Passed)
}

const WASM: &str = "wasm32-unknown-unknown";

fn wasm(_: &mut Scene) -> Result<Outcome> {
    if found("rustup").is_some() {
        start(command("rustup").args(["target", "add", WASM]))?;
    }
    let mut packages = vec![
        "--package",
        "dreiklang-crypto",
        "--package",
        "dreiklang-wire",
    ];
    if found("clang").is_some() {
        packages.extend(["--package", "dreiklang-engine"]);
    } else {
        say("without clang the engine is left out: SQLite in C needs it (apt-get install clang)");
    }
    start(cargo(&["check", "--locked", "--target", WASM]).args(packages))?;
    Ok(Outcome::Passed)
}

fn postgres(scene: &mut Scene) -> Result<Outcome> {
    if env::var_os(POSTGRES_URL).is_some() {
        say("a server is given from outside; no second one is started");
        return Ok(Outcome::Passed);
    }
    let server = Postgres::start()?;
    say(&format!("{POSTGRES_URL}={}", server.url()));
    scene.postgres = Some(server);
    Ok(Outcome::Passed)
}

const POSTGRES_URL: &str = "TEST_POSTGRES_URL";

fn tests(scene: &mut Scene) -> Result<Outcome> {
    machine::prepare_tests()?;
    let mut tests = if found("cargo-nextest").is_some() {
        cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--no-fail-fast",
        ])
    } else {
        say("cargo-nextest is not installed; cargo test runs the same tests, one file at a time");
        cargo(&[
            "test",
            "--workspace",
            "--all-targets",
            "--locked",
            "--no-fail-fast",
        ])
    };
    if let Some(server) = &scene.postgres {
        tests.env(POSTGRES_URL, server.url());
    }
    start(&mut tests)?;
    Ok(Outcome::Passed)
}
