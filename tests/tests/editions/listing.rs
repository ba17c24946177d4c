//! S14, and the list of all scenarios: what the documents promise is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const WORK_ROWS: u32 = 54;
const SCENARIO_ROWS: u32 = 33;

#[test]
fn s14_every_work_row_is_accounted_for() {
    let rows = table("docs/work-coverage.md");
    for number in 1..=WORK_ROWS {
        let name = format!("W{number}");
        let row = rows
            .get(&name)
            .unwrap_or_else(|| panic!("{name} is missing"));
        let [_, status, words, places] = &row[..] else {
            panic!("{name} has {} columns", row.len() + 1);
        };
        match status.as_str() {
            "built" => assert!(!quoted(places).is_empty(), "{name} says not where"),
            "partly" => {
                assert!(!quoted(places).is_empty(), "{name} says not where");
                assert!(!words.is_empty(), "{name} says not what is missing");
            }
            "not built" => assert!(!words.is_empty(), "{name} says not why"),
            other => panic!("{name} is {other:?}"),
        }
        for place in quoted(places) {
            assert!(exists(place), "{name}: there is no {place}");
        }
    }
    assert_eq!(rows.len(), WORK_ROWS as usize);
}

#[test]
fn s14_every_scenario_is_listed_and_every_listed_one_is_there() {
    let rows = table("docs/editions.md");
    let there = scenarios();
    for number in 1..=SCENARIO_ROWS {
        let name = format!("S{number}");
        let row = rows
            .get(&name)
            .unwrap_or_else(|| panic!("{name} is missing"));
        let [_, tests, status] = &row[..] else {
            panic!("{name} has {} columns", row.len() + 1);
        };
        let listed = quoted(tests);
        assert!(!listed.is_empty() && !status.is_empty(), "{name}");
        let prefix = format!("s{number:02}_");
        for test in &listed {
            assert!(test.starts_with(&prefix), "{name} names {test}");
            assert!(there.iter().any(|it| it == test), "there is no {test}");
        }
        for test in there.iter().filter(|it| it.starts_with(&prefix)) {
            assert!(listed.contains(&test.as_str()), "{name} lacks {test}");
        }
    }
    assert_eq!(rows.len(), SCENARIO_ROWS as usize);
}

/// The rows of the table in a document, by their first cell.
fn table(document: &str) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|it| it.starts_with('|')).skip(2) {
        let line = line.trim_matches('|');
        let mut cells = line.split('|').map(|it| it.trim().to_owned());
        let name = cells.next().unwrap();
        let earlier = rows.insert(name.clone(), cells.collect());
        assert_eq!(earlier, None::<Vec<_>>, "{name} comes twice");
    }
    rows
}

/// What stands in back quotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether there is such a file, and the test in it if one is named.
fn exists(place: &str) -> bool {
    let (file, test) = match place.split_once("::") {
        Some((file, test)) => (file, Some(test)),
        None => (place, None),
    };
    let Ok(text) = fs::read_to_string(root().join(file)) else {
        return false;
    };
    test.is_none_or(|test| functions(&text).any(|it| it == test))
}

/// The names of all scenarios in this folder.
fn scenarios() -> Vec<String> {
    let folder = root().join("tests/tests/editions");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let texts = files.map(|it| fs::read_to_string(it).unwrap());
    let names = texts.flat_map(|it| functions(&it).map(str::to_owned).collect::<Vec<_>>());
    let is_scenario = |it: &String| {
        let mut letters = it.bytes();
        letters.next() == Some(b's') && letters.next().is_some_and(|it| it.is_ascii_digit())
    };
    names.filter(is_scenario).collect()
}

/// The names of the functions in a source text.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim_start);
    lines.filter_map(|line| {
        let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
        let line = line.strip_prefix("async ").unwrap_or(line);
        line.strip_prefix("fn ")?.split(['(', '<']).next()
    })
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap().to_path_buf()
}
