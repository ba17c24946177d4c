//! Names of files that strangers chose: what of them may become a name on this disk.

use std::path::{Path, PathBuf};

/// Makes a name that is only a name: no folders, nothing invisible or reversed, nothing that a
/// system takes for a device, and short enough for every file system. It keeps its ending.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|letter| !is_hidden(*letter))
        .map(|letter| {
            if FORBIDDEN.contains(letter) {
                '_'
            } else {
                letter
            }
        })
        .collect();
    // A dot at the start hides a file, one at the end vanishes on some systems.
    let kept = kept
        .trim_start_matches(|letter: char| letter == '.' || letter.is_whitespace())
        .trim_end_matches(|letter: char| letter == '.' || letter.is_whitespace());
    if kept.is_empty() {
        return UNNAMED.to_owned();
    }
    let kept = shorten(kept);
    let (stem, _) = kept.split_once('.').unwrap_or((&kept, ""));
    if is_device(stem.trim_end()) {
        format!("_{kept}")
    } else {
        kept
    }
}

/// A path in a folder where there is no file yet: the clean name, or the name with a number.
pub fn unused(folder: &Path, name: &str) -> PathBuf {
    let name = clean(name);
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
    let plain = folder.join(&name);
    if is_free(&plain) {
        return plain;
    }
    let (stem, ending) = split(&name);
    (2..NUMBERS_MAX)
        .map(|number| folder.join(format!("{stem} ({number}){ending}")))
        .find(is_free)
        .unwrap_or(plain)
}

/// What no name may hold on one system or another.
const FORBIDDEN: &str = "<>:\"|?*";
const UNNAMED: &str = "file";
/// File systems take 255 bytes; a number may have to be added.
const BYTES_MAX: usize = 240;
/// Whoever has that many files of one name is told that there is one already.
const NUMBERS_MAX: u32 = 10_000;
/// What counts as an ending.
const ENDING_BYTES_MAX: usize = 16;

/// Controls, and letters that are not seen or turn the others round: `exe.gpj` must not look like
/// a picture.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Names that Windows keeps for devices, with any ending.
fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_uppercase();
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|number| {
        let mut letters = number.chars();
        let first = letters.next();
        letters.next().is_none() && first.is_some_and(|first| "0123456789¹²³".contains(first))
    })
}

/// Cuts the stem at a letter, so that the ending stays.
fn shorten(name: &str) -> String {
    let (stem, ending) = split(name);
    let most = BYTES_MAX.saturating_sub(ending.len());
    if stem.len() <= most {
        return name.to_owned();
    }
    let cut = stem
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= most)
        .last()
        .unwrap_or(0);
    format!("{}{ending}", stem.split_at(cut).0.trim_end())
}

/// The stem, and the ending with its dot.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= ENDING_BYTES_MAX => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_is_left() {
        for (given, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
            ("/", "file"),
            ("..", "file"),
            ("", "file"),
            (".bashrc", "bashrc"),
            ("a\0b\n\u{1b}[31m.txt", "ab[31m.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("in\u{200b}visible", "invisible"),
            ("what?*.txt", "what__.txt"),
            ("trailing. . ", "trailing"),
            ("CON", "_CON"),
            ("nul.tar.gz", "_nul.tar.gz"),
            ("lpt1 .txt", "_lpt1 .txt"),
            ("COM¹", "_COM¹"),
            ("comet.txt", "comet.txt"),
            ("Grüße 🎉.pdf", "Grüße 🎉.pdf"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_letters_and_keep_their_ending() {
        let long = clean(&format!("{}.jpeg", "ä".repeat(300)));
        assert!(
            long.len() <= BYTES_MAX && long.ends_with("ä.jpeg"),
            "{long}"
        );
        assert_eq!(clean(&long), long);
        let endless = clean(&format!("a.{}", "b".repeat(600)));
        assert_eq!(endless.len(), BYTES_MAX);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        for expected in ["a.txt", "a (2).txt", "a (3).txt"] {
            let path = unused(folder.path(), "x/a.txt");
            assert_eq!(path, folder.path().join(expected));
            std::fs::write(path, "").unwrap();
        }
    }
}
