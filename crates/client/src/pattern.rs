//! What a browser brings along and a computer has in a library: the regular expressions of
//! organisations, and the table of emojis.

#[cfg(target_family = "wasm")]
pub(crate) use browser::{emoji, fits};
#[cfg(not(target_family = "wasm"))]
pub(crate) use dreiklang_engine::{fits_pattern as fits, view::emoji};

#[cfg(target_family = "wasm")]
mod browser {
    use js_sys::{Array, Function, JsString, Reflect, RegExp};
    use wasm_bindgen::JsCast;

    use dreiklang_engine::view::may_be_emoji;

    /// The longest sequence of Unicode has 35 bytes; what is longer is not looked at.
    const EMOJI_BYTES_MAX: usize = 64;

    /// Whether the whole text fits a pattern; one that cannot be read forbids nothing.
    pub(crate) fn fits(pattern: &str, text: &str) -> bool {
        expression(&format!("^(?:{pattern})$"), "u").is_none_or(|regex| regex.test(text))
    }

    /// The fully qualified form of a text that is one single emoji; nothing if it is anything else.
    pub(crate) fn emoji(text: &str) -> Option<String> {
        if text.len() > EMOJI_BYTES_MAX || !may_be_emoji(text) {
            return None;
        }
        let qualified = qualified(text).unwrap_or_else(|| text.to_owned());
        // Browsers from before 2023 know no sets of sequences: there the parts must do.
        match expression(r"^\p{RGI_Emoji}$", "v") {
            Some(regex) => regex.test(&qualified).then_some(qualified),
            None => Some(qualified),
        }
    }

    /// With U+FE0F after every sign that would be drawn as text without it, and nowhere else
    /// (Unicode Technical Standard 51, ED-18a).
    fn qualified(text: &str) -> Option<String> {
        let bare: String = text.chars().filter(|c| *c != '\u{fe0f}').collect();
        let drawn_as_text = r"(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})";
        let regex = expression(drawn_as_text, "gu")?;
        let whole = JsString::from(bare).replace_by_pattern(&regex, "$&\u{fe0f}");
        Some(whole.into())
    }

    /// A regular expression; nothing if this browser cannot read it.
    fn expression(pattern: &str, flags: &str) -> Option<RegExp> {
        let class = Reflect::get(&js_sys::global(), &"RegExp".into()).ok()?;
        let arguments = Array::of2(&pattern.into(), &flags.into());
        let made = Reflect::construct(&class.dyn_into::<Function>().ok()?, &arguments);
        Some(made.ok()?.unchecked_into())
    }
}
