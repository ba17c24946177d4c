//! Budgets of whole crates: lines, and the names that `crypto` shows.

use super::code::words;
use super::tree::File;

/// Lines that people wrote below a crate's `src`, tests not counted.
const CRATE_LINES: [(&str, usize); 8] = [
    ("crypto", 2_000),
    // The work directory, the app configuration and the provisioning file came with organisations.
    ("wire", 9_500),
    // Messages of every kind, groups, trust and media: what people do in a conversation.
    ("engine", 24_000),
    // Sealed files, pictures and transfers came with media; the interface in JSON, and a second
    // platform, with the apps in the browser.
    ("client", 14_500),
    // Eighteen nouns, each with its lookups, changes and documented rows.
    ("store", 9_500),
    // Organisations brought sixty operations, each a file; files and functions stay small.
    ("server", 30_000),
    // Two faces: commands for scripts, and the full screen.
    ("cli", 14_000),
    // The door of a worker, and what surrounds an open profile.
    ("web", 2_000),
];

const CRYPTO_ITEMS_MAX: usize = 40;
const CRYPTO_ROOT: &str = "crates/crypto/src/lib.rs";

/// The most packages that the lock file may name.
const LOCKED_PACKAGES_MAX: usize = 600;

/// Crates over their budget.
pub fn violations(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, most) in CRATE_LINES {
        let folder = format!("crates/{name}/src/");
        let written = files
            .iter()
            .filter(|file| file.is_written_rust() && !file.is_test());
        let inside = written.filter(|file| file.below(&folder).is_some());
        let lines: usize = inside.map(|file| product_lines(&file.text)).sum();
        if lines > most {
            found.push(format!("crates/{name}: {lines} lines of {most}"));
        }
    }
    for file in files {
        let (count, most, what) = match file.path.as_str() {
            CRYPTO_ROOT => (public_items(&file.code), CRYPTO_ITEMS_MAX, "public items"),
            "Cargo.lock" => (
                file.text.matches("[[package]]").count(),
                LOCKED_PACKAGES_MAX,
                "packages",
            ),
            _ => continue,
        };
        if count > most {
            found.push(format!("{}: {count} {what} of {most}", file.path));
        }
    }
    found
}

/// The lines before the tests at the end of a file.
fn product_lines(text: &str) -> usize {
    text.split("\n#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text)
        .lines()
        .count()
}

/// Every name that the root of a crate shows: its own public items and what it re-exports.
fn public_items(code: &str) -> usize {
    let mut count = 0;
    for (at, _) in words(code).filter(|(_, word)| *word == "pub") {
        let rest = code[at + "pub".len()..].trim_start();
        if rest.starts_with('(') {
            continue;
        }
        count += match rest.strip_prefix("use ") {
            Some(exports) => exported(exports.split(';').next().unwrap_or_default()),
            None => 1,
        };
    }
    count
}

/// The names at the ends of a `use` tree.
fn exported(tree: &str) -> usize {
    tree.split(['{', ',', '}'])
        .map(str::trim)
        .filter(|part| !part.is_empty() && !part.ends_with("::"))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_items_are_counted() {
        let code = "mod key;\npub mod kdf;\npub use key::{PublicKey, SecretKey};\n\
                    pub use rand_core::CryptoRng;\npub(crate) fn hidden() {}\npub fn random() {}\n";
        assert_eq!(public_items(code), 5);
        assert_eq!(exported("a::{b::{C, D}, E}"), 3);
    }

    #[test]
    fn crowded_root_is_found() {
        let items = |count| "pub fn f() {}\n".repeat(count);
        let violating = |count| violations(&[File::new(CRYPTO_ROOT, &items(count))]).len();
        assert_eq!(violating(CRYPTO_ITEMS_MAX), 0);
        assert_eq!(violating(CRYPTO_ITEMS_MAX + 1), 1);
    }

    #[test]
    fn fat_crate_is_found() {
        let fat = File::new("crates/crypto/src/nacl.rs", &"\n".repeat(2_001));
        let test = File::new("crates/crypto/src/nacl/tests.rs", &"\n".repeat(2_001));
        let inside = format!("x\n#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(2_001));
        let inside = File::new("crates/crypto/src/nacl.rs", &inside);
        assert_eq!(violations(&[test, inside]).len(), 0);
        assert_eq!(violations(&[fat]).len(), 1);
    }

    #[test]
    fn crowded_lock_file_is_found() {
        let lock = File::new(
            "Cargo.lock",
            &"[[package]]\n".repeat(LOCKED_PACKAGES_MAX + 1),
        );
        assert_eq!(violations(&[lock]).len(), 1);
    }
}
