//! People's text: Fluent messages in several languages, looked up by id.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::language::Spoken;

/// What this program says in a language.
macro_rules! texts {
    ($language:literal) => {
        concat!(
            include_str!(concat!("../../../locales/", $language, "/cli.ftl")),
            include_str!(concat!("../../../locales/", $language, "/failures.ftl")),
            include_str!(concat!("../../../locales/", $language, "/page.ftl")),
        )
    };
}

/// Every language: a folder of `locales`, and its texts. The first one is for everybody whose
/// language is not here.
pub(crate) const LANGUAGES: [(&str, &str); 2] = [("en", texts!("en")), ("de", texts!("de"))];

/// The messages of one language.
pub(crate) struct Texts {
    bundle: FluentBundle<FluentResource>,
    language: Spoken,
}

/// A value that a message has a place for.
pub(crate) type Argument<'a> = (&'static str, &'a str);

impl Texts {
    pub(crate) fn new(language: Spoken) -> Self {
        let (tag, source) = language.entry();
        let tag: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // The marks around values are bidirectional controls, which terminals show as rubbish.
        bundle.set_use_isolating(false);
        // A message that cannot be parsed is missing; the tests read every one of them.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
        // Two messages of the same id: the first one stays, and the tests complain.
        let _ = bundle.add_resource(resource);
        Self { bundle, language }
    }

    pub(crate) fn language(&self) -> Spoken {
        self.language
    }

    /// A message without values.
    pub(crate) fn say(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A message with values.
    pub(crate) fn with(&self, id: &str, arguments: &[Argument<'_>]) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in arguments {
            values.set(*name, *value);
        }
        self.format(id, &values)
    }

    /// A message that counts something as `count`, with further values.
    pub(crate) fn count(&self, id: &str, count: u64, arguments: &[Argument<'_>]) -> String {
        let mut values = FluentArgs::new();
        values.set("count", count);
        for (name, value) in arguments {
            values.set(*name, *value);
        }
        self.format(id, &values)
    }

    /// The id itself if there is no such message: a hole in the texts must not end a program.
    fn format(&self, id: &str, values: &FluentArgs<'_>) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(id)
            .and_then(|message| message.value())
        else {
            return id.to_owned();
        };
        // A value that is missing shows as its name.
        self.bundle
            .format_pattern(pattern, Some(values), &mut Vec::new())
            .into_owned()
    }
}

#[cfg(test)]
mod tests;
