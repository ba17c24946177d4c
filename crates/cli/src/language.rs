//! Which language a person is spoken to in.

use clap::builder::PossibleValuesParser;

use crate::args::Global;
use crate::texts::LANGUAGES;

/// What the option says for the language of the system.
pub(crate) const AUTO: &str = "auto";

/// A language that the messages exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spoken(usize);

/// What the option for the language takes.
pub(crate) fn names() -> PossibleValuesParser {
    let tags = LANGUAGES.iter().map(|(tag, _)| *tag);
    PossibleValuesParser::new(tags.chain([AUTO]))
}

/// What the option says, else what the system says, else English.
pub(crate) fn choose(global: &Global) -> Spoken {
    if global.lang != AUTO {
        return Spoken::of_tag(&global.lang);
    }
    let variables = [&global.lc_all, &global.lc_messages, &global.lang_variable];
    // An empty variable counts as not set (POSIX, Base Definitions 8.2).
    let first = variables
        .into_iter()
        .flatten()
        .find(|value| !value.is_empty());
    first.map_or(Spoken::ENGLISH, |locale| Spoken::of_tag(locale))
}

impl Spoken {
    /// English, also for everybody whose language is not here.
    pub(crate) const ENGLISH: Self = Self(0);

    /// The language of a tag or a locale such as `de`, `de_CH.UTF-8` or `de-CH`.
    pub(crate) fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['_', '-', '.', '@']).next().unwrap_or_default();
        let found = LANGUAGES.iter().position(|(tag, _)| *tag == primary);
        found.map_or(Self::ENGLISH, Self)
    }

    /// Its tag and its texts.
    pub(crate) fn entry(self) -> (&'static str, &'static str) {
        LANGUAGES.get(self.0).copied().unwrap_or(LANGUAGES[0])
    }

    /// What the server learns: the language, and the country that is assumed with it.
    pub(crate) fn locale(self) -> String {
        format!("{}/CH", self.entry().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_the_system_is_understood() {
        for (locale, tag) in [
            ("de_CH.UTF-8", "de"),
            ("de", "de"),
            ("de@euro", "de"),
            ("en_GB.UTF-8", "en"),
            ("C.UTF-8", "en"),
            ("", "en"),
            ("deutsch", "en"),
        ] {
            assert_eq!(Spoken::of_tag(locale).entry().0, tag, "{locale}");
        }
    }
}
