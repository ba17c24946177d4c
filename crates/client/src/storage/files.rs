//! The small file system of a profile: the computer's, or rows in a browser's database.
//!
//! Both give the same names: what is made here belongs to the owner alone, is replaced as a whole
//! or
//! not at all, and survives a power cut once it is synchronised.

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
mod wasm;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native::*;
#[cfg(target_family = "wasm")]
pub(crate) use wasm::*;

use std::io::{self, ErrorKind};
use std::path::Path;

/// Removes a file that may be missing.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match remove(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}
