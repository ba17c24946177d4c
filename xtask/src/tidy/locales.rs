//! People's text stands in every language: the files of `locales/en` and `locales/de` match.

use std::collections::BTreeSet;

use super::tree::File;

const LANGUAGES: [&str; 2] = ["en", "de"];

/// Messages that one language has and the other lacks.
pub fn violations(files: &[File]) -> Vec<String> {
    let [english, german] = LANGUAGES.map(|language| keys(files, language));
    let lacks = |language: &str, missing: &BTreeSet<String>, from: &BTreeSet<String>| {
        let keys = from.difference(missing);
        keys.map(|key| format!("locales/{language}: lacks {key}"))
            .collect::<Vec<_>>()
    };
    let mut found = lacks("de", &german, &english);
    found.extend(lacks("en", &english, &german));
    found
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
        ];
        let found = violations(&files);
        assert_eq!(
            found,
            [
                "locales/de: lacks cli.ftl: read",
                "locales/de: lacks cli.ftl: sent.hint",
                "locales/en: lacks cli.ftl: neu"
            ]
        );
    }
}
