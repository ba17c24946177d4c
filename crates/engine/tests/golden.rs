//! Golden transcripts: what alice, bob, carol and dave do, and what they see then, as text that
//! anybody can read. One file per row of the feature list; `golden/README.md` has the words.
//!
//! Whoever changes what people see finds the new transcripts in the folder that a failing run
//! names, compares, and copies them over the old ones.

#[expect(dead_code, reason = "this test uses a part of it")]
mod common;

#[path = "scenarios/world.rs"]
#[expect(dead_code, reason = "the transcripts use a part of it")]
mod world;

#[path = "golden/files.rs"]
mod files;
#[path = "golden/people.rs"]
mod people;
#[path = "golden/play.rs"]
mod play;
#[path = "golden/screen.rs"]
mod screen;
#[path = "golden/script.rs"]
mod script;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use play::Play;
use script::Script;

#[test]
fn every_transcript_is_as_written() {
    let files = files();
    assert!(files.len() > 4, "the transcripts are missing");
    let mut wrong = Vec::new();
    for file in files {
        let expected = fs::read_to_string(&file).unwrap();
        let actual = Play::perform(&Script::parse(&expected));
        if actual != expected {
            let name = file.file_name().unwrap();
            let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
            fs::write(&place, &actual).unwrap();
            let difference = first_difference(&expected, &actual);
            wrong.push(format!("{}\n{difference}\n", place.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "these are different now:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_transcript_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("../../docs/conversations.md")).unwrap();
    let listed: BTreeSet<_> = list.split('`').skip(1).step_by(2).collect();
    for file in files() {
        let name = file.file_stem().unwrap().to_str().unwrap();
        assert!(
            listed.contains(name),
            "docs/conversations.md does not name {name}"
        );
    }
    let is_story = |name: &&&str| name.starts_with('a') && name.contains('-');
    for name in listed.iter().filter(is_story) {
        let file = root.join(format!("tests/golden/{name}.txt"));
        assert!(
            file.exists(),
            "docs/conversations.md names {name}, which is not there"
        );
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files
}

fn first_difference(expected: &str, actual: &str) -> String {
    let mut pairs = expected.lines().zip(actual.lines()).zip(1..);
    match pairs.find(|((one, other), _)| one != other) {
        Some(((one, other), number)) => format!("line {number}\n  - {one}\n  + {other}"),
        None => "one of them is longer".to_owned(),
    }
}
