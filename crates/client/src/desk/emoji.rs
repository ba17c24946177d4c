//! Emojis by what people type: the emoji itself, or its English name.

/// The emoji that is meant: one typed as such, or the one of this name, case and the mark between
/// words aside.
pub fn named(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(':');
    crate::pattern::emoji(text).or_else(|| of_name(text))
}

#[cfg(not(target_family = "wasm"))]
fn of_name(text: &str) -> Option<String> {
    let name = words(text);
    let found = emojis::iter().find(|emoji| words(emoji.name()) == name);
    Some(found?.as_str().to_owned())
}

/// A page has names of its own, in the language of the person, and sends the emoji.
#[cfg(target_family = "wasm")]
fn of_name(_: &str) -> Option<String> {
    None
}

/// Emojis whose names hold all the words, those that begin with the text first.
#[cfg(not(target_family = "wasm"))]
pub fn matching(text: &str, limit: usize) -> Vec<&'static emojis::Emoji> {
    if let Some(emoji) = emojis::get(text.trim()) {
        return vec![emoji];
    }
    let wanted = words(text);
    let mut found: Vec<_> = emojis::iter()
        .filter(|emoji| {
            let name = words(emoji.name());
            wanted.split(' ').all(|word| name.contains(word))
        })
        .collect();
    found.sort_by_key(|emoji| !words(emoji.name()).starts_with(&wanted));
    found.truncate(limit);
    found
}

#[cfg(not(target_family = "wasm"))]
fn words(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '-', ':'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emojis_have_names() {
        assert_eq!(named("👍"), Some("👍".to_owned()));
        assert_eq!(named("thumbs up"), named("👍"));
        assert_eq!(named(":Thumbs_Up:"), named("👍"));
        assert_eq!(named("thumbs"), None);
    }

    #[test]
    fn the_beginning_of_a_name_comes_first() {
        let found: Vec<_> = matching("heart", 200).iter().map(|e| e.name()).collect();
        assert!(found[0].starts_with("heart"), "{found:?}");
        assert!(found.contains(&"red heart"));
        assert_eq!(matching("no such thing", 8).len(), 0);
        assert_eq!(matching("🎉", 8)[0].as_str(), "🎉");
        assert_eq!(matching("", 8).len(), 8);
    }
}
