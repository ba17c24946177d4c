//! What the build needs beside a Rust toolchain, and how a machine gets it.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{command, found, output, run, say};

/// Debian's name of the package with libclang, which reads SQLite's C headers during the build.
const LIBCLANG: &str = "libclang-dev";

/// Sees to it that a C compiler and libclang are there; installs the latter if we may.
pub fn prepare() -> Result<()> {
    if env::var_os("CC").is_none() && ["cc", "gcc", "clang"].iter().all(|c| found(c).is_none()) {
        bail!("there is no C compiler: apt-get install build-essential");
    }
    if !has_libclang() {
        install(LIBCLANG)?;
    }
    Ok(())
}

/// What the test that watches the network needs beside: programs and Debian's packages for them.
/// Network namespaces cannot be installed: it takes root, or a kernel that gives them to users.
const WATCHING: [(&str, &str); 3] = [
    ("strace", "strace"),
    ("ip", "iproute2"),
    ("unshare", "util-linux"),
];

/// Sees to it that the tests find the programs that they start.
pub fn prepare_tests() -> Result<()> {
    for (program, package) in WATCHING {
        if found(program).is_none() {
            install(package)?;
        }
    }
    Ok(())
}

/// The oldest Node.js that the packages of the interface run on.
const NODE_MIN: (u32, u32) = (20, 19);

/// Sees to it that the apps in the browser can be built: Node.js with npm, a clang that writes
/// WebAssembly from SQLite's C, and Rust's own part for it.
pub fn prepare_web() -> Result<()> {
    let (major, minor) = NODE_MIN;
    let wanted = format!(
        "Node.js {major}.{minor} or later with npm is needed for the apps in the browser: Debian \
         13 has it as nodejs and npm; elsewhere install it from https://nodejs.org"
    );
    if found("node").is_none() || found("npm").is_none() {
        bail!("{wanted}");
    }
    let version = output(command("node").arg("--version"))?;
    if !is_recent(&version) {
        bail!("{wanted}; this is {}", version.trim());
    }
    if found("clang").is_none() {
        install("clang")?;
    }
    if found("rustup").is_some() {
        let installed = output(command("rustup").args(["target", "list", "--installed"]))?;
        if !installed.contains("wasm32-unknown-unknown") {
            run(command("rustup").args(["target", "add", "wasm32-unknown-unknown"]))?;
        }
    }
    Ok(())
}

/// Sees to it that the journeys find a browser, and letters for every text that they show.
pub fn prepare_browser() -> Result<()> {
    if found("chromium").is_none() {
        install("chromium")?;
    }
    if !Path::new("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf").exists() {
        install("fonts-noto-color-emoji")?;
    }
    Ok(())
}

/// Whether `v20.19.4` and the like are recent enough.
fn is_recent(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse().ok());
    let read = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    read >= NODE_MIN
}

/// Installs one of Debian's packages if we are root on such a system; else says what to type.
pub fn install(package: &str) -> Result<()> {
    if !is_root()? || found("apt-get").is_none() {
        bail!("{package} is missing: apt-get install {package} (or what your system calls it)");
    }
    say(&format!("{package} is missing; installing it"));
    run(command("apt-get").args(["update", "--quiet"]))?;
    let mut install = command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args([
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
        package,
    ]);
    run(&mut install)
}

/// Whoever owns a file that we create is who we are.
pub fn is_root() -> Result<bool> {
    let probe = tempfile::tempfile().context("cannot create a temporary file")?;
    Ok(probe.metadata()?.uid() == 0)
}

fn has_libclang() -> bool {
    env::var_os("LIBCLANG_PATH").is_some()
        || library_folders()
            .iter()
            .any(|folder| holds_libclang(folder))
}

/// Where systems put libclang: of one version, or each version in a folder of its own.
fn library_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/opt/homebrew/opt/llvm/lib",
        "/Library/Developer/CommandLineTools/usr/lib",
    ]
    .map(PathBuf::from)
    .into();
    for entry in fs::read_dir("/usr/lib").into_iter().flatten().flatten() {
        folders.push(entry.path());
        folders.push(entry.path().join("lib"));
    }
    folders
}

fn holds_libclang(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name())
        .any(|name| is_libclang(&name.to_string_lossy()))
}

/// `libclang.so`, `libclang-14.so.1`, `libclang.dylib`, but not `libclang-cpp.so` and the like.
fn is_libclang(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("libclang") else {
        return false;
    };
    let version = rest.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
    version.starts_with(".so") || version == ".dylib"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libclang_is_recognised() {
        for name in [
            "libclang.so",
            "libclang-14.so.1",
            "libclang.so.14.0.6",
            "libclang.dylib",
        ] {
            assert!(is_libclang(name), "{name}");
        }
        for name in [
            "libclang-cpp.so.14",
            "libclang_rt.so",
            "libclangAST.a",
            "clang",
        ] {
            assert!(!is_libclang(name), "{name}");
        }
    }

    #[test]
    fn old_node_is_told_apart() {
        for (version, recent) in [
            ("v20.19.0\n", true),
            ("v24.1.0", true),
            ("v20.18.9", false),
            ("v18.20.4", false),
            ("", false),
        ] {
            assert_eq!(is_recent(version), recent, "{version}");
        }
    }

    #[test]
    fn folder_without_libclang_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!holds_libclang(folder.path()));
        fs::write(folder.path().join("libclang-19.so"), "").unwrap();
        assert!(holds_libclang(folder.path()));
        assert!(!holds_libclang(&folder.path().join("missing")));
    }
}
