//! `gen`: Rust from the protobuf texts, the data inventory from the schema, the operator's pages
//! from the server's own words, and TypeScript from the nouns of the JSON interface. All are
//! committed, so nobody needs a protobuf compiler or a build to read the pages.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use prost_build::{Config, Module};

use crate::inventory;
use crate::shell::{cargo, command, output, root, run as start, say};

/// A protobuf text and the module that is made from it.
struct Protobuf {
    source: &'static str,
    module: &'static str,
}

const PROTOBUFS: [Protobuf; 1] = [Protobuf {
    source: "docs/spec/proto/csp_e2e.proto",
    module: "crates/engine/src/gen/csp_e2e.rs",
}];

/// The folder of the pages that the server writes about its configuration.
const PAGES: &str = "docs/operate";
/// What the pages know of the border to their core.
const NOUNS: &str = "app/src/core/types.ts";

/// `gen` writes, `gen --check` compares.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => write(),
        [flag] if flag == "--check" => {
            let pages = tempfile::tempdir()?;
            write_pages(pages.path())?;
            let built = pages_in(pages.path())?.into_iter().chain([nouns()?]);
            compare(texts()?.into_iter().chain(built))
        }
        _ => bail!("gen takes nothing or --check"),
    }
}

/// Writes every generated file that is not current.
pub fn write() -> Result<()> {
    for (name, text) in texts()?.into_iter().chain([nouns()?]) {
        let file = root().join(&name);
        if fs::read_to_string(&file).is_ok_and(|present| present == text) {
            continue;
        }
        fs::create_dir_all(file.parent().context("a module lives in a folder")?)?;
        fs::write(&file, text)?;
        say(&format!("wrote {name}"));
    }
    write_pages(&root().join(PAGES))
}

/// Fails when a module or the inventory is not what its source gives. The operator's pages have a
/// test in the server, which spares the stages a build of the server by itself.
pub fn check() -> Result<()> {
    compare(texts()?)
}

/// Everything that is made without building the server: path and content.
fn texts() -> Result<Vec<(String, String)>> {
    let mut texts = protobufs()?;
    texts.push((inventory::PAGE.to_owned(), inventory::page()?));
    Ok(texts)
}

/// The modules made from protobuf texts: path and content.
fn protobufs() -> Result<Vec<(String, String)>> {
    let modules = PROTOBUFS.iter();
    modules
        .map(|p| Ok((p.module.to_owned(), module_text(&root().join(p.source))?)))
        .collect()
}

/// The nouns of the JSON interface in TypeScript, as the crate with the border tells them.
fn nouns() -> Result<(String, String)> {
    let text = output(&mut cargo(&[
        "run",
        "--quiet",
        "--locked",
        "--package",
        "dreiklang-web",
        "--example",
        "types",
    ]))?;
    Ok((NOUNS.to_owned(), text))
}

fn write_pages(folder: &Path) -> Result<()> {
    let server = [
        "run",
        "--quiet",
        "--locked",
        "--package",
        "dreiklang-server",
        "--",
    ];
    start(
        cargo(&server)
            .args(["gen", "config", "--folder"])
            .arg(folder),
    )
}

/// What lies in a folder of freshly written pages, under the names they have in the tree.
fn pages_in(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{PAGES}/{}", entry.file_name().to_string_lossy());
        pages.push((name, fs::read_to_string(entry.path())?));
    }
    Ok(pages)
}

fn compare(expected: impl IntoIterator<Item = (String, String)>) -> Result<()> {
    let mut stale = Vec::new();
    for (name, text) in expected {
        let present = fs::read_to_string(root().join(&name)).unwrap_or_default();
        stale.extend(drift(&name, &present, &text));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_is_told_with_its_line() {
        assert_eq!(drift("a.rs", "one\ntwo\n", "one\ntwo\n"), None);
        let told = drift("a.rs", "one\ntwo\n", "one\n2\n").unwrap();
        assert!(told.starts_with("a.rs:2 "), "{told}");
        assert!(compare([("no/such/file.rs".to_owned(), "text".to_owned())]).is_err());
    }

    #[test]
    fn protobuf_becomes_formatted_rust() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("greeting.proto");
        let text = "syntax = \"proto3\";\npackage greeting;\n// Hello.\nmessage Hello {\n\
                    // To whom.\nstring name = 1;\n}\n";
        fs::write(&source, text).unwrap();
        let module = module_text(&source).unwrap();
        assert!(module.starts_with("//! Made by"), "{module}");
        assert!(
            module.contains("pub struct Hello {\n    /// To whom.\n"),
            "{module}"
        );
        fs::write(&source, "message {").unwrap();
        assert!(module_text(&source).is_err());
    }
}
