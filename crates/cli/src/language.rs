//! Which language a person is spoken to in.

use crate::args::{Global, Language};

/// A language that the messages exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoken {
    English,
    German,
}

/// What the option says, else what the system says, else English.
pub(crate) fn choose(global: &Global) -> Spoken {
    match global.lang {
        Language::En => Spoken::English,
        Language::De => Spoken::German,
        Language::Auto => {
            let variables = [&global.lc_all, &global.lc_messages, &global.lang_variable];
            // An empty variable counts as not set (POSIX, Base Definitions 8.2).
            let first = variables
                .into_iter()
                .flatten()
                .find(|value| !value.is_empty());
            match first {
                Some(locale) if locale.starts_with("de") => Spoken::German,
                _ => Spoken::English,
            }
        }
    }
}

impl Spoken {
    /// What the server learns: the language, and the country that is assumed with it.
    pub(crate) fn locale(self) -> &'static str {
        match self {
            Self::English => "en/CH",
            Self::German => "de/CH",
        }
    }
}
