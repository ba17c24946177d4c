//! What a screen reads out of texts and cards that peers write: marks, quotes, emojis.

#![no_main]

use dreiklang_engine::view::{Card, emoji, markup, mentions, split_quote};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(card) = Card::parse(bytes) {
        assert!(Card::parse(card.to_vcard().as_bytes()).is_some());
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let pieces: String = markup(text).iter().map(|span| span.text).collect();
    assert_eq!(pieces, text);
    assert!(mentions(text).len() <= text.len() / 11);
    assert!(emoji(text).is_none_or(|emoji| emoji.len() <= 64));
    if let Some((_, answer)) = split_quote(text) {
        assert!(text.ends_with(answer));
    }
});
