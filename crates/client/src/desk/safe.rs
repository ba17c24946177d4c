//! Text of other people, made harmless for a terminal.
//!
//! A message may hold escape sequences that move the cursor, change colours, set the window's
//! title or answer on behalf of the person, and marks that turn the direction of what follows.
//! What is drawn or printed for eyes goes through here first; what is printed as JSON is escaped.

use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

/// The longest chain of marks on one character that any script or emoji needs.
const CLUSTER_CHARACTERS_MAX: usize = 16;

/// One line: line breaks become a visible mark.
pub fn line(text: &str) -> String {
    clean(text, '\u{23CE}')
}

/// Several lines: line breaks stay.
pub fn block(text: &str) -> String {
    clean(&text.replace("\r\n", "\n"), '\n')
}

/// JSON with everything escaped that a terminal would act upon. It means the same to a parser:
/// such characters can only stand inside strings, where `\uXXXX` stands for them.
pub fn json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        if is_control(character) || is_direction(character) || is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

fn clean(text: &str, line_break: char) -> String {
    let mut safe = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        for character in cluster.chars().take(CLUSTER_CHARACTERS_MAX) {
            match character {
                '\n' | '\u{2028}' | '\u{2029}' | '\u{0085}' => safe.push(line_break),
                '\t' => safe.push_str("    "),
                // The pictures of the control characters stand in the same order.
                '\0'..='\u{1F}' => {
                    safe.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{FFFD}'));
                }
                _ if is_control(character) || is_direction(character) => safe.push('\u{FFFD}'),
                _ if is_invisible(character) => {}
                _ => safe.push(character),
            }
        }
    }
    safe
}

fn is_control(character: char) -> bool {
    character.is_control()
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm.
fn is_direction(character: char) -> bool {
    matches!(
        character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Characters that show nothing and only hide or smuggle something. The joiners U+200C and
/// U+200D stay: scripts and emoji need them.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}'
            | '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_visible() {
        let attack = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31mred\u{7F}";
        let safe = line(attack);
        assert_eq!(safe, "␛]0;owned␇␛[2J\u{FFFD}31mred\u{FFFD}");
        assert!(!safe.chars().any(char::is_control));
    }

    #[test]
    fn overrides_of_the_direction_are_neutralised() {
        assert_eq!(line("invoice\u{202E}fdp.exe"), "invoice\u{FFFD}fdp.exe");
        for mark in ['\u{061C}', '\u{200E}', '\u{202A}', '\u{2066}', '\u{2069}'] {
            assert_eq!(block(&format!("a{mark}b")), "a\u{FFFD}b", "{mark:?}");
        }
    }

    #[test]
    fn line_breaks_stay_only_in_blocks() {
        assert_eq!(line("a\nb\u{2028}c"), "a⏎b⏎c");
        assert_eq!(block("a\r\nb\u{2029}c\rd"), "a\nb\nc␍d");
    }

    #[test]
    fn scripts_and_emoji_stay_whole() {
        for text in ["Grüezi ß é", "مرحبا", "नमस्ते", "👩‍👩‍👧‍👦 🇨🇭 1️⃣", "e\u{301}"]
        {
            assert_eq!(block(text), text);
        }
    }

    #[test]
    fn smuggled_and_piled_up_marks_go() {
        assert_eq!(line("a\u{200B}\u{FEFF}\u{E0041}b\u{AD}"), "ab");
        let pile = format!("a{}", "\u{0335}".repeat(500));
        assert_eq!(line(&pile).chars().count(), CLUSTER_CHARACTERS_MAX);
    }

    #[test]
    fn json_is_escaped_and_means_the_same() {
        let text = "\u{9B}31m\u{202E}x\u{E0041}\u{7F}ü\"";
        let plain = serde_json::to_string(text).unwrap();
        let safe = json(&plain);
        assert!(
            !safe
                .chars()
                .any(|c| is_control(c) || is_direction(c) || is_invisible(c))
        );
        assert!(safe.contains('ü'));
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }
}
