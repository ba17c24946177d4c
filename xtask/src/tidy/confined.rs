//! Some dependencies live in one crate only, and some never reach the pure crates.

use std::collections::BTreeSet;

use anyhow::Result;

use super::arrows::Package;
use crate::shell::{cargo, output};

/// Dependencies and the only packages whose manifests may list them.
struct Confined {
    names: &'static [&'static str],
    homes: &'static [&'static str],
    why: &'static str,
}

const CONFINED: [Confined; 5] = [
    Confined {
        names: &[
            "aead",
            "aes",
            "aes-gcm",
            "argon2",
            "aws-lc-rs",
            "blake2",
            "blake3",
            "chacha20",
            "chacha20poly1305",
            "crypto_box",
            "crypto_secretbox",
            "curve25519-dalek",
            "dryoc",
            "ed25519-dalek",
            "getrandom",
            "hkdf",
            "hmac",
            "md-5",
            "pbkdf2",
            "poly1305",
            "rand",
            "rand_chacha",
            "rand_core",
            "ring",
            "salsa20",
            "scrypt",
            "sha1",
            "sha2",
            "sha3",
            "subtle",
            "x25519-dalek",
            "xts-mode",
        ],
        homes: &["dreiklang-crypto"],
        why: "cryptography and randomness live in crypto, where one sitting audits them",
    },
    Confined {
        names: &[
            "rcgen",
            "rustls",
            "rustls-pemfile",
            "rustls-pki-types",
            "tokio-rustls",
        ],
        homes: &["dreiklang-server", "dreiklang-client"],
        why: "TLS is spoken at the two ends only",
    },
    Confined {
        names: &[
            "async-nats",
            "deadpool-postgres",
            "object_store",
            "postgres",
            "tokio-postgres",
        ],
        homes: &["dreiklang-store"],
        why: "the server's databases, buckets and buses are behind store",
    },
    Confined {
        names: &[
            "libsqlite3-sys",
            "rsqlite-vfs",
            "rusqlite",
            "sqlite-plugin",
            "sqlite-wasm-rs",
            "sqlite-wasm-vfs",
        ],
        homes: &["dreiklang-store", "dreiklang-engine", "dreiklang-client"],
        why: "SQLite is the memory of the server (store) and of a client (engine, client)",
    },
    Confined {
        names: &["anyhow"],
        homes: &[
            "dreiklang-server",
            "dreiklang-cli",
            "dreiklang-tests",
            "dreiklang-bench",
            "xtask",
        ],
        why: "libraries have error types of their own; anyhow is for those who end in main",
    },
];

/// Crates without a network or a clock, and what must not be anywhere below them.
const PURE: [&str; 3] = ["dreiklang-crypto", "dreiklang-wire", "dreiklang-engine"];
const IMPURE: [&str; 6] = ["async-std", "hyper", "mio", "reqwest", "smol", "tokio"];

/// The most packages that may stand behind crypto and wire together.
const PURE_PACKAGES_MAX: usize = 80;

/// Manifests that list what belongs to another crate. Tests may use what they like.
pub fn violations(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        for dependency in package.dependencies.iter().filter(|d| !d.is_for_tests()) {
            let name = dependency.name.as_str();
            for confined in CONFINED
                .iter()
                .filter(|confined| confined.names.contains(&name))
            {
                if !confined.homes.contains(&package.name.as_str()) {
                    found.push(format!(
                        "{}: must not list {name}: {}",
                        package.name, confined.why
                    ));
                }
            }
        }
    }
    found
}

/// What the pure crates really pull in, asked from cargo.
pub fn pure_violations() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for package in PURE {
        let tree = cargo_tree(&["--package", package])?;
        found.extend(impure(package, &tree));
    }
    let tree = cargo_tree(&[
        "--package",
        "dreiklang-crypto",
        "--package",
        "dreiklang-wire",
    ])?;
    found.extend(too_many(&tree));
    Ok(found)
}

fn cargo_tree(packages: &[&str]) -> Result<BTreeSet<String>> {
    let mut tree = cargo(&[
        "tree", "--locked", "--quiet", "--edges", "normal", "--prefix", "none",
    ]);
    let text = output(tree.args(["--format", "{p}"]).args(packages))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect())
}

fn impure(package: &str, tree: &BTreeSet<String>) -> Vec<String> {
    let inside = IMPURE.iter().filter(|name| tree.contains(**name));
    inside
        .map(|name| format!("{package}: {name} is below it, and it must stay pure"))
        .collect()
}

fn too_many(tree: &BTreeSet<String>) -> Option<String> {
    let count = tree.iter().filter(|name| !name.is_empty()).count();
    (count > PURE_PACKAGES_MAX)
        .then(|| format!("crypto and wire pull in {count} packages of {PURE_PACKAGES_MAX}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::arrows::tests::package;

    #[test]
    fn strayed_dependencies_are_found() {
        let packages = [
            package("dreiklang-wire", &["sha2", "serde"]),
            package("dreiklang-server", &["rusqlite", "rustls", "dev:sha2"]),
            package("dreiklang-store", &["rusqlite", "tokio-postgres", "anyhow"]),
        ];
        let found = violations(&packages);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn impure_tree_is_found() {
        let tree = BTreeSet::from(["serde".to_owned(), "tokio".to_owned()]);
        assert_eq!(impure("dreiklang-wire", &tree).len(), 1);
    }

    #[test]
    fn crowd_below_the_pure_crates_is_found() {
        let crowd = |count: usize| (0..count).map(|n| format!("p{n}")).collect();
        assert!(too_many(&crowd(PURE_PACKAGES_MAX)).is_none());
        assert!(too_many(&crowd(PURE_PACKAGES_MAX + 1)).is_some());
    }
}
