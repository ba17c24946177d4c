//! `gen`: Rust structs from the protobuf texts, committed so that nobody needs a protobuf compiler.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use prost_build::{Config, Module};

use crate::shell::{command, root, say};

/// A protobuf text and the module that is made from it.
struct Protobuf {
    source: &'static str,
    module: &'static str,
}

const PROTOBUFS: [Protobuf; 1] = [Protobuf {
    source: "docs/spec/proto/csp_e2e.proto",
    module: "crates/engine/src/gen/csp_e2e.rs",
}];

/// `gen` writes, `gen --check` compares.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => write(),
        [flag] if flag == "--check" => check(),
        _ => bail!("gen takes nothing or --check"),
    }
}

/// Writes every generated file that is not current.
pub fn write() -> Result<()> {
    for protobuf in &PROTOBUFS {
        let text = module_text(&root().join(protobuf.source))?;
        let file = root().join(protobuf.module);
        if fs::read_to_string(&file).is_ok_and(|present| present == text) {
            continue;
        }
        fs::create_dir_all(file.parent().context("a module lives in a folder")?)?;
        fs::write(&file, text)?;
        say(&format!("wrote {}", protobuf.module));
    }
    Ok(())
}

/// Fails when a generated file is not what its source gives.
pub fn check() -> Result<()> {
    let mut stale = Vec::new();
    for protobuf in &PROTOBUFS {
        let text = module_text(&root().join(protobuf.source))?;
        let present = fs::read_to_string(root().join(protobuf.module)).unwrap_or_default();
        if let Some(drift) = drift(protobuf.module, &present, &text) {
            stale.push(drift);
        }
    }
    ensure!(
        stale.is_empty(),
        "run `cargo xtask gen`:\n{}",
        stale.join("\n")
    );
    Ok(())
}

/// Where two texts part, as a line for the person who has to run the generator.
fn drift(name: &str, present: &str, expected: &str) -> Option<String> {
    if present == expected {
        return None;
    }
    let same = present
        .lines()
        .zip(expected.lines())
        .take_while(|(a, b)| a == b)
        .count();
    Some(format!(
        "{name}:{} is not what the generator writes",
        same + 1
    ))
}

/// The Rust module of one protobuf file, formatted as the rest of the tree.
fn module_text(source: &Path) -> Result<String> {
    let folder = source
        .parent()
        .context("a protobuf text lives in a folder")?;
    let set = protox::compile([source], [folder])
        .with_context(|| format!("cannot compile {}", source.display()))?;
    let file = set
        .file
        .into_iter()
        .next_back()
        .context("the compiler returned nothing")?;
    let module = Module::from_protobuf_package_name(file.package());
    let mut texts = Config::new().generate(vec![(module.clone(), file)])?;
    let text = texts
        .remove(&module)
        .context("the generator returned nothing")?;
    let name = source
        .file_name()
        .context("a protobuf text has a name")?
        .to_string_lossy();
    formatted(&format!(
        "//! Made by `cargo xtask gen` from docs/spec/proto/{name}; change that file instead.\n\n\
         {text}"
    ))
}

fn formatted(text: &str) -> Result<String> {
    let mut rustfmt = command("rustfmt");
    rustfmt
        .args(["--edition", "2024", "--emit", "stdout", "--config-path"])
        .arg(root());
    let mut child = rustfmt
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child
        .stdin
        .take()
        .context("rustfmt was started with a pipe")?;
    input.write_all(text.as_bytes())?;
    drop(input);
    let result = child.wait_with_output()?;
    ensure!(
        result.status.success(),
        "rustfmt refused what the generator wrote"
    );
    Ok(String::from_utf8(result.stdout)?)
}
