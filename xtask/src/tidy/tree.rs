//! The files of the tree as the rules see them: what git knows or would add.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::code::blanked;
use crate::shell::{command, output, root};

/// One text file of the tree.
pub struct File {
    /// Its path below the workspace, with slashes.
    pub path: String,
    /// What stands in it.
    pub text: String,
    /// For Rust files: the same without comments and strings. Else empty.
    pub code: String,
}

impl File {
    /// A file from its path and text.
    pub fn new(path: &str, text: &str) -> Self {
        let mut file = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: String::new(),
        };
        if file.is_kind("rs") {
            file.code = blanked(text);
        }
        file
    }

    /// Rust that a person wrote.
    pub fn is_written_rust(&self) -> bool {
        self.is_kind("rs") && !self.path.contains("/gen/")
    }

    /// Whether the name ends in a dot and this.
    pub fn is_kind(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|present| present == extension)
    }

    /// Whether the file holds nothing but tests.
    pub fn is_test(&self) -> bool {
        self.path
            .split('/')
            .any(|part| matches!(part, "tests" | "tests.rs"))
    }

    /// The path below a folder that ends in a slash.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.path.strip_prefix(folder)
    }
}

/// Reads every text file that git tracks or would add.
pub fn files() -> Result<Vec<File>> {
    let listing = [
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ];
    let names = output(command("git").args(listing))?;
    let mut files = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        // Files that are deleted but not yet committed, links to nowhere and pictures have no text.
        if let Ok(text) = fs::read_to_string(root().join(name)) {
            files.push(File::new(name, &text));
        }
    }
    Ok(files)
}
