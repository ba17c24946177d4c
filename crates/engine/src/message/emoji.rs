//! What is an emoji.

use dreiklang_wire::spec;

/// The fully qualified form of a text that is one single emoji; nothing if it is anything else.
pub fn emoji(text: &str) -> Option<&'static str> {
    // The table has no longer ones, and looking up long texts costs time.
    if text.len() > spec::REACTION_BYTES_MAX {
        return None;
    }
    Some(emojis::get(text)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_emoji_is_one() {
        for one in ["👍", "👍🏽", "❤️", "🇨🇭", "1️⃣", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🫱🏻‍🫲🏿", "©️"]
        {
            assert_eq!(emoji(one), Some(one), "{one}");
        }
        // Without its variation selector it is still meant as that emoji.
        assert_eq!(emoji("\u{2764}"), Some("\u{2764}\u{fe0f}"));
    }

    #[test]
    fn what_is_no_single_emoji_is_none() {
        for other in ["", "a", "1", "👍👍", "👍 ", " 👍", "🇨", "ok👍", "\u{200d}"] {
            assert_eq!(emoji(other), None, "{other:?}");
        }
        assert_eq!(emoji(&"👍".repeat(10_000)), None);
    }
}
