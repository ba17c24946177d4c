//! People's text stands in every language: the folders of `locales` match, and programs know all
//! of them.

use std::collections::BTreeSet;

use super::tree::File;

/// The language that every message has first.
const FIRST: &str = "en";

/// Programs that hold their texts in themselves, and name each language for that.
const LISTS: [&str; 2] = [
    "crates/cli/src/texts.rs",
    "crates/server/src/service/texts.rs",
];

/// Messages that one language has and another lacks, and languages that a program does not know.
pub fn violations(files: &[File]) -> Vec<String> {
    let first = keys(files, FIRST);
    let mut found = Vec::new();
    for language in languages(files) {
        let own = keys(files, language);
        let missing = first.difference(&own);
        found.extend(missing.map(|key| format!("locales/{language}: lacks {key}")));
        let surplus = own.difference(&first);
        found.extend(surplus.map(|key| format!("locales/{FIRST}: lacks {key}")));
        for list in LISTS {
            let entry = format!("(\"{language}\", ");
            let mut lists = files.iter().filter(|file| file.path == list);
            if !lists.any(|file| file.text.contains(&entry)) {
                found.push(format!("{list}: lacks the language {language}"));
            }
        }
    }
    found
}

/// The folders of `locales`.
fn languages(files: &[File]) -> BTreeSet<&str> {
    let inside = files.iter().filter_map(|file| file.below("locales/"));
    inside
        .filter_map(|path| Some(path.split_once('/')?.0))
        .collect()
}

/// Every message of a language as `file: key`, its attributes as `file: key.attribute`.
fn keys(files: &[File], language: &str) -> BTreeSet<String> {
    let folder = format!("locales/{language}/");
    let mut keys = BTreeSet::new();
    for file in files.iter().filter(|file| file.is_kind("ftl")) {
        let Some(name) = file.below(&folder) else {
            continue;
        };
        let mut message = "";
        for line in file.text.lines() {
            let begins = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
            let indented = line.trim_start();
            if let Some((key, _)) = line.split_once('=').filter(|_| begins) {
                message = key.trim_end();
                keys.insert(format!("{name}: {message}"));
            } else if let Some((attribute, _)) = indented
                .strip_prefix('.')
                .and_then(|rest| rest.split_once('='))
            {
                keys.insert(format!("{name}: {message}.{}", attribute.trim_end()));
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_translations_are_found() {
        let files = [
            File::new(
                "locales/en/cli.ftl",
                "# note = x\nsent = Sent\n    .hint = Later\nread = Read\n",
            ),
            File::new(
                "locales/de/cli.ftl",
                "sent = Gesendet\n    zwei = Zeilen\nneu = Neu\n",
            ),
            File::new(LISTS[0], "[(\"en\", texts), (\"de\", texts)]"),
            File::new(LISTS[1], "[(\"en\", texts)]"),
        ];
        let found = violations(&files);
        assert_eq!(
            found,
            [
                "locales/de: lacks cli.ftl: read",
                "locales/de: lacks cli.ftl: sent.hint",
                "locales/en: lacks cli.ftl: neu",
                "crates/server/src/service/texts.rs: lacks the language de",
            ]
        );
    }
}
