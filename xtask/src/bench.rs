//! `bench`: builds the server and the bench, optimised, and measures. Whatever stands after the
//! verb goes to the bench's `run`, or to another of its verbs if it begins with one. `bench engine`
//! measures what a client computes, without a server; `bench media` sends large files.

use anyhow::Result;

use crate::shell::{cargo, run as start};

/// Builds both, then passes all arguments on.
pub fn run(arguments: &[String]) -> Result<()> {
    if let [verb, rest @ ..] = arguments
        && verb == "engine"
    {
        let bench = [
            "bench",
            "--locked",
            "--package=dreiklang-engine",
            "--bench=engine",
        ];
        return start(cargo(&bench).arg("--").args(rest));
    }
    let packages = ["--package=dreiklang-server", "--package=dreiklang-bench"];
    start(cargo(&["build", "--release", "--locked"]).args(packages))?;
    if arguments.first().is_some_and(|verb| verb == "media") {
        let example = ["--package=dreiklang-client", "--example=move_blob"];
        start(cargo(&["build", "--release", "--locked"]).args(example))?;
    }
    let mut bench = cargo(&[
        "run",
        "--release",
        "--locked",
        "--quiet",
        "--package=dreiklang-bench",
        "--",
    ]);
    if !names_a_verb(arguments) {
        bench.arg("run");
    }
    start(bench.args(arguments))
}

fn names_a_verb(arguments: &[String]) -> bool {
    let first = arguments.first().map_or("", String::as_str);
    matches!(first, "run" | "load" | "media" | "relay" | "--help" | "-h")
}
