//! `cargo xtask <verb>`: the tasks about the code, one line of help each.

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};
use xtask::shell::say;
use xtask::{bench, check, demo, fix, generate, test, tidy, web};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// One verb: its name, its line of help, and the function that does it.
struct Verb {
    name: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const VERBS: [Verb; 8] = [
    Verb {
        name: "demo",
        help: "build and start an instance with two people on this machine [--data-dir DIR] [--release]",
        run: demo::run,
    },
    Verb {
        name: "test",
        help: "everything CI runs, cheapest first [--list] [--fail-fast] [STAGE…]",
        run: test::run,
    },
    Verb {
        name: "check",
        help: "format, tidy and type-check, in seconds",
        run: check::run,
    },
    Verb {
        name: "fix",
        help: "format, apply what clippy can mend, generate again",
        run: fix::run,
    },
    Verb {
        name: "gen",
        help: "write the generated files again; --check only tells whether they are current",
        run: generate::run,
    },
    Verb {
        name: "bench",
        help: "measure: everything after the verb goes to the bench package",
        run: bench::run,
    },
    Verb {
        name: "web",
        help: "build the apps in the browser [--design] [--budget]",
        run: web::run,
    },
    Verb {
        name: "tidy",
        help: "the rules of the house that no compiler knows",
        run: tidy::run,
    },
];

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        help();
        bail!("name a verb");
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        help();
        return Ok(());
    }
    let Some(verb) = VERBS.iter().find(|verb| verb.name == name) else {
        help();
        bail!("there is no verb {name:?}");
    };
    (verb.run)(rest)
}

fn help() {
    say("cargo xtask <verb>\n");
    for verb in &VERBS {
        say(&format!("  {:<6} {}", verb.name, verb.help));
    }
    say("");
}
