//! One noun, one spelling: the files of `service` and `store` are entries of the glossary.

use std::collections::BTreeSet;

use super::tree::File;

const GLOSSARY: &str = "docs/glossary.md";

/// Folders whose files are nouns of the product.
const NOUN_FOLDERS: [&str; 2] = ["crates/server/src/service/", "crates/store/src/"];

/// Files that are no nouns of the product but parts of the crate itself.
const PARTS: [&str; 5] = ["config", "error", "lib", "sql", "tests"];

/// Modules whose name nobody has explained.
pub fn violations(files: &[File]) -> Vec<String> {
    let glossary = files.iter().find(|file| file.path == GLOSSARY);
    let entries = glossary.map(|file| entries(&file.text)).unwrap_or_default();
    let rust = files.iter().filter(|file| file.is_written_rust());
    rust.filter_map(|file| {
        let below = NOUN_FOLDERS.iter().find_map(|folder| file.below(folder))?;
        let noun = below.strip_suffix(".rs")?;
        // Files in deeper folders are parts of the noun above them.
        let known = noun.contains('/') || PARTS.contains(&noun) || entries.contains(noun);
        (!known).then(|| format!("{}: {noun:?} is no entry of {GLOSSARY}", file.path))
    })
    .collect()
}

/// Entries are the names in back quotes in the first column of a table.
fn entries(glossary: &str) -> BTreeSet<String> {
    let rows = glossary.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split('|').next());
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unexplained_noun_is_found() {
        let files = [
            File::new(GLOSSARY, "| `blobs` (`blob`) | bytes | `not_this` |\n"),
            File::new("crates/store/src/blobs.rs", ""),
            File::new("crates/store/src/blobs/sweep.rs", ""),
            File::new("crates/store/src/lib.rs", ""),
            File::new("crates/server/src/service/widgets.rs", ""),
            File::new("crates/server/src/service/not_this.rs", ""),
        ];
        assert_eq!(violations(&files).len(), 2);
    }
}
