//! The programs as the test stages build them.
//!
//! Cargo chooses the features of dependencies for the packages and targets it is asked for. Stages
//! that ask for different things build most of the tree again; so they all ask for the same.

use std::path::PathBuf;

use anyhow::Result;
use serde::Deserialize;

use crate::shell::{cargo, output, run};

/// Gives the features that `cargo test --workspace` chooses: examples see what tests see.
const SELECTION: [&str; 3] = ["--workspace", "--bins", "--examples"];

/// Builds all programs; returns the folder they are in.
pub fn programs() -> Result<PathBuf> {
    run(cargo(&["build", "--locked"]).args(SELECTION))?;
    folder("debug")
}

/// Where cargo puts what it builds with a profile.
pub fn folder(profile: &str) -> Result<PathBuf> {
    Ok(target()?.join(profile))
}

/// Where the built apps for the browser are, whether they were built or not.
pub fn web() -> Result<PathBuf> {
    Ok(target()?.join("web/dist"))
}

fn target() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let text = output(&mut cargo(&[
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: Metadata = serde_json::from_str(&text)?;
    Ok(metadata.target_directory)
}
