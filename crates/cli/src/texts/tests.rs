//! Every language says the same, and everything that the code says exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn english() -> &'static str {
    Spoken::ENGLISH.entry().1
}

/// The ids of a language with the values that each message wants.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source.to_owned()).expect("every message parses");
    assert!(resource.entries().count() > 0);
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in source.lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((name, _)) = line.split_once('=')
        {
            id = name.trim().to_owned();
            assert!(
                messages.insert(id.clone(), BTreeSet::new()).is_none(),
                "{id} stands twice"
            );
        }
        for place in line.split('{').skip(1) {
            let inside = place
                .split(['}', '-', ' '])
                .find(|word| word.starts_with('$'));
            if let (Some(name), Some(values)) = (inside, messages.get_mut(&id)) {
                values.insert(name.to_owned());
            }
        }
    }
    messages
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files_of(folder, &["rs"])
}

fn files_of(folder: &Path, kinds: &[&str]) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_of(&path, kinds)
            } else {
                vec![path]
            }
        })
        .filter(|path| {
            let kind = path.extension().and_then(|extension| extension.to_str());
            kind.is_some_and(|kind| kinds.contains(&kind))
        })
        .filter(|path| !path.ends_with("tests.rs"))
        .collect()
}

/// The sources that say something: this crate's, and those that the apps share.
fn sources() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = rust_files(&here.join("src"));
    files.extend(rust_files(&here.join("../client/src/desk")));
    files.extend(rust_files(&here.join("../web/src")));
    files
}

/// All words in quotes of the sources, tests excepted.
fn quoted() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for path in sources() {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        words.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        words.extend(text.split('"').skip(2).step_by(2).map(str::to_owned));
    }
    // The pages say some failures themselves, in single quotes.
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/src");
    for path in files_of(&pages, &["ts", "svelte"]) {
        let text = fs::read_to_string(path).unwrap();
        words.extend(text.split('\'').map(str::to_owned));
    }
    words
}

/// What stands in quotes right after one of these is an id.
const CALLS: [(&str, &str); 7] = [
    (".say(\"", ""),
    (".with(\"", ""),
    (".with(\n", ""),
    (".count(\n", ""),
    ("Failure::new(\"", "error-"),
    ("Failure::usage(\"", "error-"),
    ("Self::new(\"", "error-"),
];

#[test]
fn every_language_has_the_same_messages_with_the_same_values() {
    let english = messages(english());
    assert!(english.len() > 150);
    for (tag, texts) in LANGUAGES {
        assert_eq!(messages(texts), english, "{tag}");
    }
}

#[test]
fn every_message_that_the_code_says_exists() {
    let known = messages(english());
    let mut found = 0;
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        for (call, prefix) in CALLS {
            // Names of values of a failure are no ids.
            for rest in text.split(call).skip(1) {
                let rest = rest.trim_start().trim_start_matches('"');
                let Some((id, after)) = rest.split_once('"') else {
                    continue;
                };
                let is_value = call == ".with(\"" && !after.trim_start().starts_with(", &[");
                if is_value || !id.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
                    continue;
                }
                found += 1;
                let id = format!("{prefix}{id}");
                assert!(
                    known.contains_key(&id),
                    "{}: no message {id}",
                    path.display()
                );
            }
        }
    }
    assert!(found > 100, "only {found} ids were found");
}

#[test]
fn every_message_is_said_somewhere() {
    let quoted = quoted();
    for id in messages(english()).keys() {
        let short = id.strip_prefix("error-").unwrap_or(id);
        // The words of a saved page have names as in JSON.
        let word = id.strip_prefix("page-").unwrap_or(id).replace('-', "_");
        assert!(
            quoted.contains(id) || quoted.contains(short) || quoted.contains(&word),
            "nobody says {id}"
        );
    }
}

#[test]
fn values_and_plurals_are_filled_in() {
    let texts = Texts::new(Spoken::ENGLISH);
    let values = [
        ("id", "ECHOECHO"),
        ("time", "12:00"),
        ("name", "Eve"),
        ("text", "hi"),
    ];
    assert_eq!(
        texts.count("chat-line", 0, &values),
        "ECHOECHO  12:00  Eve: hi"
    );
    assert_eq!(
        texts.count("chat-line", 2, &values),
        "ECHOECHO  12:00  Eve: hi  [2 unread]"
    );
    assert_eq!(texts.say("no-such-message"), "no-such-message");
}

#[test]
fn german_is_swiss() {
    let (_, german) = Spoken::of_tag("de").entry();
    assert!(!german.contains('ß'));
    for address in [" du ", " dein ", " dir ", " Sie ", " Ihr "] {
        let is_address = german
            .lines()
            // At the beginning of a sentence it is the pronoun of a noun that came before.
            .any(|line| line.contains(address) && !line.contains(&format!(".{address}")));
        assert!(!is_address, "{address:?}");
    }
}
