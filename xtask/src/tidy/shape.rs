//! The shape of a file: it says what it is, it is short, and it is called what it should be.

use super::code::functions;
use super::tree::File;

const LINES_MAX: usize = 600;
const TEST_LINES_MAX: usize = 1_000;
const FUNCTION_LINES_MAX: usize = 80;
const COLUMNS_MAX: usize = 100;

/// The one file that cargo wants to be called `mod.rs`.
const MOD_ALLOWED: &str = "tests/common/mod.rs";

/// Names that say nothing, as whole parts of a module's name.
const EMPTY_NAMES: [&str; 9] = [
    "common", "data", "helper", "helpers", "info", "manager", "misc", "util", "utils",
];

/// Beginnings of function names that promise nothing.
const EMPTY_VERBS: [&str; 3] = ["get_", "manage_", "process_"];

/// Everything about single files that breaks a rule.
pub fn violations(files: &[File]) -> Vec<String> {
    let rust = files.iter().filter(|file| file.is_written_rust());
    rust.flat_map(|file| {
        let mut found = Vec::new();
        found.extend(opening(file));
        found.extend(name(file));
        found.extend(length(file));
        found.extend(columns(file));
        found.extend(function_shapes(file));
        found
    })
    .collect()
}

fn opening(file: &File) -> Option<String> {
    let mut lines = file.text.lines().filter(|line| !line.trim().is_empty());
    let sentence = lines.next().is_some_and(|first| first.starts_with("//! "));
    (!sentence).then(|| format!("{}:1: a module opens with a //! sentence", file.path))
}

fn name(file: &File) -> Option<String> {
    let stem = file.path.rsplit('/').next()?.strip_suffix(".rs")?;
    if stem == "mod" {
        let allowed = file.path == MOD_ALLOWED || file.path.ends_with(&format!("/{MOD_ALLOWED}"));
        return (!allowed).then(|| format!("{}: write foo.rs beside foo/, not mod.rs", file.path));
    }
    let empty = stem.split('_').find(|part| EMPTY_NAMES.contains(part))?;
    if empty == "common" && file.is_test() {
        // What test files share is called so by cargo's own custom.
        return None;
    }
    Some(format!(
        "{}: {empty:?} in a module's name says nothing",
        file.path
    ))
}

fn length(file: &File) -> Option<String> {
    let most = if file.is_test() {
        TEST_LINES_MAX
    } else {
        LINES_MAX
    };
    let lines = file.text.lines().count();
    (lines > most).then(|| format!("{}: {lines} lines of {most}", file.path))
}

/// Columns are counted where somebody can break the line: not in strings, links and table rows.
fn columns(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > COLUMNS_MAX && !is_unbreakable(line) {
            found.push(format!("{}:{}: {columns} columns", file.path, index + 1));
        }
    }
    found
}

fn is_unbreakable(line: &str) -> bool {
    let line = line.trim_start();
    line.contains('"')
        || line.contains("://")
        || ["//! |", "/// |"].iter().any(|row| line.starts_with(row))
}

fn function_shapes(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    for function in functions(&file.code) {
        let place = format!("{}:{}: fn {}", file.path, function.line, function.name);
        if function.length > FUNCTION_LINES_MAX {
            found.push(format!(
                "{place}: {} lines of {FUNCTION_LINES_MAX}",
                function.length
            ));
        }
        if EMPTY_VERBS
            .iter()
            .any(|verb| function.name.starts_with(verb))
        {
            found.push(format!("{place}: the name's verb says nothing"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        violations(&[File::new(path, text)])
    }

    fn lines(count: usize) -> String {
        format!("//! Long.\n{}", "\n".repeat(count - 1))
    }

    #[test]
    fn good_file_is_fine() {
        let text = "//! A sentence.\n\nfn speak() {\n    say(1);\n}\n";
        assert_eq!(found("crates/wire/src/id.rs", text), Vec::<String>::new());
        assert_eq!(found("tests/common/mod.rs", text), Vec::<String>::new());
        assert_eq!(
            found("crates/wire/tests/common/mod.rs", text),
            Vec::<String>::new()
        );
        let shared = "crates/store/tests/conformance/common.rs";
        assert_eq!(found(shared, text), Vec::<String>::new());
        assert_eq!(
            found("crates/engine/src/gen/big.rs", "no sentence"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn missing_sentence_is_found() {
        assert_eq!(found("a.rs", "use std::fs;\n").len(), 1);
        assert_eq!(found("a.rs", "").len(), 1);
    }

    #[test]
    fn bad_names_are_found() {
        let text = "//! A sentence.\nfn get_it() {}\n";
        assert_eq!(found("crates/wire/src/csp/mod.rs", text).len(), 2);
        assert_eq!(
            found("crates/wire/src/http_util.rs", "//! A sentence.\n").len(),
            1
        );
    }

    #[test]
    fn long_files_are_found_and_tests_may_be_longer() {
        assert_eq!(found("a.rs", &lines(LINES_MAX)).len(), 0);
        assert_eq!(found("a.rs", &lines(LINES_MAX + 1)).len(), 1);
        assert_eq!(
            found("crates/wire/tests/pair.rs", &lines(TEST_LINES_MAX)).len(),
            0
        );
        assert_eq!(
            found("crates/wire/tests/pair.rs", &lines(TEST_LINES_MAX + 1)).len(),
            1
        );
    }

    #[test]
    fn wide_lines_and_long_functions_are_found() {
        assert_eq!(
            found("a.rs", &format!("//! A.\n// {}\n", "x".repeat(98))).len(),
            1
        );
        assert_eq!(
            found("a.rs", &format!("//! A.\n//! | {} |\n", "x".repeat(98))).len(),
            0
        );
        let body = |count: usize| format!("//! A.\nfn f() {{\n{}}}\n", "    x();\n".repeat(count));
        assert_eq!(found("a.rs", &body(FUNCTION_LINES_MAX)).len(), 0);
        assert_eq!(found("a.rs", &body(FUNCTION_LINES_MAX + 1)).len(), 1);
    }
}
