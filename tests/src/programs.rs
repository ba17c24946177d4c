//! The programs under test, built by cargo when they are not current.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The server and the terminal app, with the choice of features that the tests themselves have: so
/// cargo builds no dependency twice. (`xtask/src/built.rs` asks for the same.)
pub fn build() -> Result<Programs> {
    cargo_build(&[])
}

/// A server with a planted bug, besides the others.
pub fn build_planted() -> Result<Programs> {
    cargo_build(&["--features", "dreiklang-tests/planted-bugs"])
}

/// Where the programs lie.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// `dreiklang-server`
    pub fn server(&self) -> PathBuf {
        self.folder.join("dreiklang-server")
    }

    /// `dreiklang`
    pub fn app(&self) -> PathBuf {
        self.folder.join("dreiklang")
    }

    /// `move_blob`, the example of the client.
    pub fn move_blob(&self) -> PathBuf {
        self.folder.join("examples").join("move_blob")
    }

    /// `dreiklang-planted`
    pub fn planted(&self) -> PathBuf {
        self.folder.join("dreiklang-planted")
    }
}

/// Names a folder with finished programs, e.g. those of a release; then nothing is built.
const PROGRAMS: &str = "PROGRAMS_UNDER_TEST";

/// Builds with the profile of this program, so that the programs lie beside it.
fn cargo_build(what: &[&str]) -> Result<Programs> {
    if let Some(folder) = std::env::var_os(PROGRAMS) {
        return Ok(Programs {
            folder: folder.into(),
        });
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .current_dir(workspace())
        .args(["build", "--locked", "--quiet"])
        .args(["--workspace", "--bins", "--examples"])
        .args(what);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cannot build the programs:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let this = std::env::current_exe().context("cannot tell where this program is")?;
    let folder = this
        .ancestors()
        .skip(1)
        .find(|folder| folder.file_name().is_some_and(|name| name != "deps"))
        .context("this program lies in no folder of cargo's")?;
    Ok(Programs {
        folder: folder.to_path_buf(),
    })
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("invariant: this package lies in the workspace")
}
