//! The Rust core as a package for browsers: cargo, wasm-bindgen and wasm-opt, one after the other.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::fingerprint::{Fingerprint, Stamp};
use super::{remove, tool};
use crate::shell::{cargo, root, run as start, say};

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "dreiklang-web";
const MODULE: &str = "dreiklang_web";

/// Every browser that the interface supports has vectors; scrypt is three times as fast with them.
const RUSTFLAGS: &str = "-Ctarget-feature=+simd128";

/// Of SQLite and its ciphers, what is never used. What is left is ChaCha20 with Poly1305.
const SQLITE: &str = "-DHAVE_CIPHER_AES_128_CBC=0 -DHAVE_CIPHER_AES_256_CBC=0 \
    -DHAVE_CIPHER_SQLCIPHER=0 -DHAVE_CIPHER_RC4=0 -DHAVE_CIPHER_ASCON128=0 -DHAVE_CIPHER_AEGIS=0 \
    -USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_DBPAGE_VTAB -USQLITE_ENABLE_DBSTAT_VTAB \
    -DSQLITE_OMIT_JSON -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION -USQLITE_ENABLE_BYTECODE_VTAB \
    -USQLITE_ENABLE_MATH_FUNCTIONS -USQLITE_ENABLE_STMTVTAB";

/// Size: what is slow has its own level of optimisation in the profile already.
const OPTIMISE: [&str; 8] = [
    "-Oz",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
];

/// What the core is compiled from.
const SOURCES: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "rust-toolchain.toml",
    "docs/spec/proto",
    "crates/crypto",
    "crates/wire",
    "crates/engine",
    "crates/client",
    "crates/web",
];

/// Makes `core/` in the folder of the apps, unless it is current.
pub(super) fn build(folder: &Path) -> Result<()> {
    let package = folder.join("core");
    let mut inputs = Fingerprint::new();
    inputs.text(&format!("{RUSTFLAGS} {SQLITE} {OPTIMISE:?}"));
    for path in SOURCES {
        inputs.path(&root().join(path))?;
    }
    let stamp = Stamp::new(folder.join("core.stamp"), &inputs);
    if package.exists() && stamp.is_current() {
        return Ok(());
    }
    say("Building the core for browsers; the first time takes some minutes.");
    // A folder of its own: other flags, and nothing that another build would throw away.
    let target = folder.with_file_name("web-build");
    start(
        cargo(&["build", "--locked", "--profile=web", "--target", TARGET])
            .args(["--package", PACKAGE])
            .env("SQLITE_WASM_RS_FLAGS", SQLITE)
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", RUSTFLAGS),
    )?;
    let module = target
        .join(TARGET)
        .join("web")
        .join(format!("{MODULE}.wasm"));
    let making = folder.join("core.making");
    remove(&making)?;
    bind(&module, &making)?;
    let bound = making.join(format!("{MODULE}_bg.wasm"));
    let optimised = making.join("optimised.wasm");
    let mut optimise = tool("binaryen/bin/wasm-opt", folder);
    optimise
        .args(OPTIMISE)
        .arg(&bound)
        .arg("-o")
        .arg(&optimised);
    start(&mut optimise)?;
    fs::rename(&optimised, &bound)?;
    remove(&package)?;
    fs::rename(&making, &package)?;
    stamp.write()
}

/// What JavaScript imports, beside the module.
fn bind(module: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .web(true)
        // The module lies beside the script, which says so by its own address.
        .and_then(|it| {
            it.typescript(true)
                .omit_default_module_path(false)
                .generate(folder)
        })
        .with_context(|| format!("wasm-bindgen refused {}", module.display()))
}
