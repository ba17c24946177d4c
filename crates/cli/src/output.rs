//! The only way to standard output and standard error.

use std::io::{self, Write};

use serde::Serialize;

use crate::safe;

/// Prints a line for people. Whoever calls has made foreign text harmless.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Prints a line of JSON and flushes it, so that a script behind a pipe sees it at once.
pub(crate) fn json<T: Serialize>(value: &T) -> io::Result<()> {
    line(&safe::json(&serde_json::to_string(value)?))
}

/// Puts a line in the place of the last one on standard error, for a bar that moves.
pub(crate) fn overwrite(text: &str) -> io::Result<()> {
    let mut out = io::stderr().lock();
    // Back to the first column, and nothing of the earlier line stays behind.
    write!(out, "\r\x1B[2K{text}")?;
    out.flush()
}

/// Prints to standard error.
pub(crate) fn complain(text: &str) -> io::Result<()> {
    let mut out = io::stderr().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")
}
