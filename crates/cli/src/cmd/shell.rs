//! `completions` and `man`: what belongs to an installation.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::failure::Failure;
use crate::output;
use crate::texts::Texts;

const NAME: &str = "dreiklang";

pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}

/// One page for the program and one for each verb.
pub(crate) fn man(folder: &Path, texts: &Texts) -> Result<(), Failure> {
    let failed = |cause: io::Error| {
        Failure::new("file")
            .with("path", folder.display())
            .with("reason", cause)
    };
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    output::line(&texts.with("man-done", &[("path", &folder.display().to_string())]))?;
    Ok(())
}
