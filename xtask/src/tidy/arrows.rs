//! Crates depend only downwards, and the server cannot even link the code that reads messages.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::shell::{cargo, output};

/// A package of the workspace and what it may depend on: for its product, and for its tests.
struct Arrows {
    package: &'static str,
    normal: &'static [&'static str],
    tests: &'static [&'static str],
}

/// The picture in ARCHITECTURE.md as data. A new line needs an entry in docs/adr.
const ARROWS: [Arrows; 11] = [
    Arrows {
        package: "dreiklang-crypto",
        normal: &[],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-wire",
        normal: &["crypto"],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-engine",
        normal: &["wire", "crypto"],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-client",
        normal: &["engine", "wire", "crypto"],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-store",
        normal: &["wire", "crypto"],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-server",
        normal: &["store", "wire", "crypto"],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-cli",
        normal: &["client"],
        tests: &[],
    },
    Arrows {
        package: "dreiklang-web",
        normal: &["client"],
        tests: &[],
    },
    Arrows {
        // The server and its store only behind a feature: for a program with a planted bug.
        package: "dreiklang-tests",
        normal: &["server", "store", "wire", "crypto"],
        tests: &[
            "client", "web", "server", "store", "engine", "wire", "crypto",
        ],
    },
    Arrows {
        package: "dreiklang-bench",
        normal: &["wire", "crypto"],
        tests: &[],
    },
    Arrows {
        package: "xtask",
        normal: &[],
        tests: &[],
    },
];

/// Packages that must never meet, however long the way between them.
const UNREACHABLE: [(&str, &str); 2] = [
    ("dreiklang-server", "dreiklang-engine"),
    ("dreiklang-store", "dreiklang-engine"),
];

/// A dependency that a manifest declares.
#[derive(Clone, Debug, Deserialize)]
pub struct Dependency {
    /// The package's own name, whatever it is renamed to.
    pub name: String,
    /// `None` for the product, else `dev` or `build`.
    pub kind: Option<String>,
}

impl Dependency {
    /// Whether only tests, examples and benches see it.
    pub fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// A package of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// What its manifest asks for.
    pub dependencies: Vec<Dependency>,
}

/// The manifests of the workspace, as cargo reads them.
pub fn packages() -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let text = output(&mut cargo(&[
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata changed")?;
    Ok(metadata.packages)
}

/// What points upwards, and who can reach what it must not.
pub fn violations(packages: &[Package]) -> Vec<String> {
    let own: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut found = Vec::new();
    for package in packages {
        let Some(arrows) = ARROWS.iter().find(|arrows| arrows.package == package.name) else {
            found.push(format!(
                "{}: a new package needs an ADR and a line here",
                package.name
            ));
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| own.contains(d.name.as_str()))
        {
            let short = dependency
                .name
                .strip_prefix("dreiklang-")
                .unwrap_or(&dependency.name);
            let allowed = arrows.normal.contains(&short)
                || (dependency.is_for_tests() && arrows.tests.contains(&short));
            if !allowed {
                found.push(format!(
                    "{}: must not depend on {}",
                    package.name, dependency.name
                ));
            }
        }
    }
    let reach = reach(packages);
    for (from, to) in UNREACHABLE {
        if reach.get(from).is_some_and(|reached| reached.contains(to)) {
            found.push(format!("{from}: reaches {to}, if only through others"));
        }
    }
    found
}

/// For each package, every package of the workspace that its product pulls in. Only members can
/// depend on members, so the manifests alone tell.
fn reach(packages: &[Package]) -> BTreeMap<&str, BTreeSet<&str>> {
    let direct: BTreeMap<&str, Vec<&str>> = packages
        .iter()
        .map(|package| {
            let product = package.dependencies.iter().filter(|d| !d.is_for_tests());
            (
                package.name.as_str(),
                product.map(|d| d.name.as_str()).collect(),
            )
        })
        .collect();
    let mut reach = BTreeMap::new();
    for from in direct.keys() {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![*from];
        while let Some(next) = waiting.pop() {
            for to in direct.get(next).into_iter().flatten() {
                if direct.contains_key(to) && reached.insert(*to) {
                    waiting.push(to);
                }
            }
        }
        reach.insert(*from, reached);
    }
    reach
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A package with dependencies, for the rules' own tests; `dev:` marks those of its tests.
    pub(in crate::tidy) fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|text| match text.strip_prefix("dev:") {
                Some(name) => Dependency {
                    name: name.into(),
                    kind: Some("dev".into()),
                },
                None => Dependency {
                    name: (*text).into(),
                    kind: None,
                },
            })
            .collect();
        Package {
            name: name.into(),
            dependencies,
        }
    }

    #[test]
    fn downwards_is_fine() {
        let packages = [
            package("dreiklang-crypto", &["sha2"]),
            package("dreiklang-wire", &["dreiklang-crypto", "serde"]),
            package("dreiklang-tests", &["dev:dreiklang-wire"]),
        ];
        assert_eq!(violations(&packages), Vec::<String>::new());
    }

    #[test]
    fn upwards_is_found() {
        let packages = [
            package("dreiklang-crypto", &["dreiklang-wire"]),
            package("dreiklang-wire", &["dev:dreiklang-engine"]),
            package("dreiklang-engine", &[]),
        ];
        assert_eq!(violations(&packages).len(), 2);
    }

    #[test]
    fn server_reaching_the_engine_through_another_is_found() {
        let packages = [
            package("dreiklang-engine", &[]),
            package("dreiklang-store", &["dreiklang-engine"]),
            package("dreiklang-server", &["dreiklang-store"]),
        ];
        let found = violations(&packages);
        assert!(
            found
                .iter()
                .any(|v| v.starts_with("dreiklang-server: reaches")),
            "{found:?}"
        );
    }

    #[test]
    fn unknown_package_is_found() {
        assert_eq!(violations(&[package("dreiklang-common", &[])]).len(), 1);
    }
}
