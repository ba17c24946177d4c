//! What is an emoji, and which ones older apps know as thumbs (csp-e2e.proto, Reaction: legacy
//! reaction mapping).

use dreiklang_wire::{e2e::ReceiptStatus, spec};

const THUMBS_UP: &str = "\u{1f44d}";
const THUMBS_DOWN: &str = "\u{1f44e}";

/// The fully qualified form of a text that is one single emoji; nothing if it is anything else.
pub fn emoji(text: &str) -> Option<String> {
    // The table has no longer ones, and looking up long texts costs time.
    if text.len() > spec::REACTION_BYTES_MAX {
        return None;
    }
    Some(emojis::get(text)?.as_str().to_owned())
}

/// An emoji of somebody else as a screen may show it. What no Unicode calls an emoji could be
/// words, or signs that turn the line around; it becomes U+FFFD (csp-e2e.proto, Reaction).
pub(crate) fn displayable(text: &str) -> String {
    if may_be_emoji(text) {
        text.to_owned()
    } else {
        char::REPLACEMENT_CHARACTER.to_string()
    }
}

/// Whether a text is made of nothing but what emojis are made of, known ones and new ones.
pub fn may_be_emoji(text: &str) -> bool {
    let is_keycap = text.ends_with('\u{20e3}');
    let fits = |c: char| is_of_emojis(c) || is_keycap && matches!(c, '0'..='9' | '#' | '*');
    !text.is_empty() && text.chars().all(fits)
}

/// The blocks where emojis are and where new ones come, and what joins and colours them.
fn is_of_emojis(c: char) -> bool {
    matches!(
        c,
        '\u{200d}' | '\u{20e3}' | '\u{fe0f}'
            // Single signs outside of the blocks: ©, ®, ‼, ⁉, ™, ℹ, 〰, 〽, ㊗ and ㊙.
            | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
            | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
            | '\u{2190}'..='\u{2bff}'
            | '\u{1f000}'..='\u{1fbff}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

/// What an app without reactions understands instead.
pub(crate) fn legacy(emoji: &str) -> Option<ReceiptStatus> {
    let (thumb, tone) = [
        (THUMBS_UP, ReceiptStatus::Acknowledged),
        (THUMBS_DOWN, ReceiptStatus::Declined),
    ]
    .into_iter()
    .find_map(|(thumb, status)| Some((status, emoji.strip_prefix(thumb)?)))?;
    let is_skin_tone = matches!(
        tone,
        "" | "\u{1f3fb}" | "\u{1f3fc}" | "\u{1f3fd}" | "\u{1f3fe}" | "\u{1f3ff}"
    );
    is_skin_tone.then_some(thumb)
}

/// The emoji of a reaction in legacy form.
pub(crate) fn from_legacy(status: ReceiptStatus) -> Option<&'static str> {
    match status {
        ReceiptStatus::Acknowledged => Some(THUMBS_UP),
        ReceiptStatus::Declined => Some(THUMBS_DOWN),
        ReceiptStatus::Received | ReceiptStatus::Read => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_emoji_is_one() {
        for one in ["👍", "👍🏽", "❤️", "🇨🇭", "1️⃣", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🫱🏻‍🫲🏿", "©️"]
        {
            assert_eq!(emoji(one).as_deref(), Some(one), "{one}");
        }
        // Without its variation selector it is still meant as that emoji.
        assert_eq!(emoji("\u{2764}").as_deref(), Some("\u{2764}\u{fe0f}"));
    }

    #[test]
    fn what_is_no_single_emoji_is_none() {
        for other in ["", "a", "1", "👍👍", "👍 ", " 👍", "🇨", "ok👍", "\u{200d}"] {
            assert_eq!(emoji(other), None, "{other:?}");
        }
        assert_eq!(emoji(&"👍".repeat(10_000)), None);
    }

    #[test]
    fn only_what_may_be_an_emoji_is_shown() {
        for text in ["👍🏽", "❤", "1️⃣", "\u{1fadf}", "👩‍\u{1faff}"] {
            assert_eq!(displayable(text), text);
        }
        for text in [
            "",
            "pay me",
            "1",
            "#1",
            "1\u{20e3}a",
            "\u{202e}👍",
            "\n",
            "👍 ",
            "ä",
        ] {
            assert_eq!(displayable(text), "\u{fffd}", "{text:?}");
        }
    }

    #[test]
    fn every_known_emoji_is_shown() {
        for one in emojis::iter() {
            assert!(may_be_emoji(one.as_str()), "{one}");
        }
    }

    #[test]
    fn thumbs_of_every_skin_are_the_legacy_reactions() {
        for (family, status) in [
            ("👍👍🏻👍🏼👍🏽👍🏾👍🏿", ReceiptStatus::Acknowledged),
            ("👎👎🏻👎🏼👎🏽👎🏾👎🏿", ReceiptStatus::Declined),
        ] {
            let thumb = from_legacy(status).unwrap();
            let members: Vec<_> = family.split(thumb).skip(1).collect();
            assert_eq!(members.len(), 6);
            for tone in members {
                assert_eq!(legacy(&format!("{thumb}{tone}")), Some(status));
            }
        }
        for other in ["", "❤️", "👍👍", "👍x", "👌"] {
            assert_eq!(legacy(other), None, "{other}");
        }
        assert_eq!(from_legacy(ReceiptStatus::Read), None);
    }
}
