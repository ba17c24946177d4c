//! `web`: the apps in the browser: the core, the interface over it, and what each origin ships.
//!
//! Every step is skipped while what it reads has not changed, so this may stand before everything
//! that starts a server.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::built;
use crate::machine;
use crate::shell::{command, output, root, run as start, say};

mod core;
mod fingerprint;
mod lint;

use fingerprint::{Fingerprint, Stamp};

/// What is wanted beside the files themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wishes {
    /// With the page of all parts, for those who build screens.
    design: bool,
    /// Fail when the first visit would load too much.
    pub budget: bool,
}

/// The verb.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut wishes = Wishes::default();
    for argument in arguments {
        match argument.as_str() {
            "--design" => wishes.design = true,
            "--budget" => wishes.budget = true,
            other => bail!("web does not know {other:?}"),
        }
    }
    let folder = build(wishes)?;
    say(&format!("The apps are in {}", folder.display()));
    Ok(())
}

/// Builds what is not current; returns the folder that a server ships.
pub fn build(wishes: Wishes) -> Result<PathBuf> {
    machine::prepare_web()?;
    let folder = folder()?;
    packages()?;
    core::build(&folder)?;
    let made = folder.join("dist");
    let mut inputs = Fingerprint::new();
    inputs.text(&format!("{wishes:?}"));
    for path in INTERFACE {
        inputs.path(&root().join(path))?;
    }
    inputs.path(&folder.join("core"))?;
    let stamp = Stamp::new(folder.join("dist.stamp"), &inputs);
    if made.exists() && stamp.is_current() {
        return Ok(made);
    }
    let mode = if wishes.design {
        "design"
    } else {
        "production"
    };
    start(tool("vite/bin/vite.js", &folder).args(["build", "--mode", mode, "--logLevel", "warn"]))?;
    let mut finish = node(&folder);
    finish.arg("build/finish.mjs");
    if wishes.budget {
        finish.arg("--budget");
    }
    start(&mut finish)?;
    stamp.write()?;
    Ok(made)
}

/// What the checks of a run are: types, forbidden things, and the size of the first load.
pub fn check() -> Result<()> {
    lint::check()?;
    let wishes = Wishes {
        budget: true,
        ..Wishes::default()
    };
    let folder = build(wishes)?;
    let web = folder.parent().context("the apps lie in a folder")?;
    start(tool("svelte-check/bin/svelte-check", web).args(["--fail-on-warnings"]))?;
    for project in ["tsconfig.json", "tsconfig.worker.json", "tsconfig.sw.json"] {
        start(tool("typescript/bin/tsc", web).args(["--project", project]))?;
    }
    Ok(())
}

/// The journeys of people through real browsers, against these programs.
pub fn journeys(programs: &Path) -> Result<()> {
    machine::prepare_browser()?;
    let apps = build(Wishes::default())?;
    let web = apps.parent().context("the apps lie in a folder")?;
    let mut tests = node(web);
    tests.env("PROGRAMS_UNDER_TEST", programs);
    tests.args(["tests/run.mjs"]);
    start(&mut tests)
}

/// What the interface is made from, apart from the core.
const INTERFACE: [&str; 8] = [
    "app/src",
    "app/editions",
    "app/build",
    "app/index.html",
    "app/design.html",
    "app/vite.config.ts",
    "app/package-lock.json",
    "locales",
];

/// Where everything about the apps is built.
pub fn folder() -> Result<PathBuf> {
    built::folder("web")
}

/// Node in the room of the apps.
fn node(folder: &Path) -> std::process::Command {
    let mut node = command("node");
    node.current_dir(root().join("app"))
        .env("WEB_FOLDER", folder);
    node
}

/// A program of one of the packages: started by its file, whatever `npm` finds on the path.
fn tool(program: &str, folder: &Path) -> std::process::Command {
    let mut node = node(folder);
    node.arg(format!("node_modules/{program}"));
    node
}

/// The packages of the lock file, exactly.
fn packages() -> Result<()> {
    let app = root().join("app");
    let mut inputs = Fingerprint::new();
    inputs.path(&app.join("package-lock.json"))?;
    inputs.text(&output(command("node").arg("--version"))?);
    let stamp = Stamp::new(app.join("node_modules/.stamp"), &inputs);
    if stamp.is_current() {
        return Ok(());
    }
    start(
        command("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&app),
    )?;
    stamp.write()
}

/// Removes a folder that may not be there.
fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
