//! Every language says the same, and everything that the code says exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;

/// The ids of a language, with attributes, and the values that each wants.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    FluentResource::try_new(source.to_owned()).expect("every message parses");
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut id) = (String::new(), String::new());
    for line in source.lines() {
        let indented = line.trim_start();
        if line.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((name, _)) = line.split_once('=')
        {
            name.trim().clone_into(&mut message);
            id.clone_from(&message);
        } else if let Some((name, _)) = indented
            .strip_prefix('.')
            .and_then(|rest| rest.split_once('='))
        {
            id = format!("{message}.{}", name.trim());
        } else if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let values = messages.entry(id.clone()).or_default();
        let places = line.split("{ $").skip(1);
        values.extend(places.filter_map(|rest| Some(rest.split(' ').next()?.to_owned())));
    }
    messages
}

fn sources(folder: &Path, texts: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, texts);
        } else if !path.ends_with("tests.rs") {
            texts.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_values() {
    let english = messages(LANGUAGES[0].1);
    assert!(english.len() > 80);
    for (tag, source) in LANGUAGES {
        assert_eq!(messages(source), english, "{tag}");
    }
}

#[test]
fn every_message_is_said_and_every_id_is_a_message() {
    let mut code = String::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut code,
    );
    let quoted: BTreeSet<_> = code.split('"').collect();
    let known = messages(LANGUAGES[0].1);
    for id in known.keys() {
        let id = id.strip_suffix(".text").unwrap_or(id);
        assert!(quoted.contains(id), "nobody says {id}");
    }
    // What looks like an id of ours in the code is one.
    let groups = ["api-", "link-", "safe-", "management-", "chat-", "confirm-"];
    let is_id = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_lowercase() || c == '-' || c == '.')
            && groups
                .iter()
                .any(|group| text.starts_with(group) && text.len() > group.len())
    };
    let said: Vec<_> = code
        .split("=> \"")
        .skip(1)
        .chain(code.split(".say(\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|text| is_id(text))
        .collect();
    assert!(said.len() > 70, "{said:?}");
    for id in said {
        assert!(known.contains_key(id), "no message {id}");
    }
}

#[test]
fn values_are_filled_in() {
    let german = Language::of_tag("de-CH");
    assert_eq!(
        german.say("management-missing", &[("detail", "name")]),
        "Das Feld name fehlt."
    );
    assert_eq!(german.say("link-page-question.button", &[]), "Verknüpfen");
    assert_eq!(german.say("no-such-message", &[]), "no-such-message");
    assert_eq!(
        german.say("link-page-over.nothing", &[]),
        "link-page-over.nothing"
    );
}

#[test]
fn the_language_comes_from_the_client_info() {
    let of = |text: &str| Language::of_client(&ClientInfo(text.to_owned())).tag();
    assert_eq!(of("6.3.0;A;de/CH;Pixel"), "de");
    assert_eq!(of("6.3.0;I;en/US;iPhone"), "en");
    assert_eq!(of("6.3.0;Q;fr/FR;"), "en");
    assert_eq!(of(""), "en");
}

#[test]
fn the_number_of_a_language_is_for_ever() {
    for (number, tag) in [(0, "en"), (1, "de"), (250, "en")] {
        assert_eq!(Language::of_number(number).tag(), tag);
    }
}
