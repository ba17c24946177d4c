//! People's text: Fluent messages in English and German, looked up by id.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::language::Spoken;

const ENGLISH: &str = concat!(
    include_str!("../../../locales/en/cli.ftl"),
    include_str!("../../../locales/en/failures.ftl"),
);
const GERMAN: &str = concat!(
    include_str!("../../../locales/de/cli.ftl"),
    include_str!("../../../locales/de/failures.ftl"),
);

/// The messages of one language.
pub(crate) struct Texts {
    bundle: FluentBundle<FluentResource>,
    language: Spoken,
}

/// A value that a message has a place for.
pub(crate) type Argument<'a> = (&'static str, &'a str);

impl Texts {
    pub(crate) fn new(language: Spoken) -> Self {
        let (tag, source) = match language {
            Spoken::English => ("en", ENGLISH),
            Spoken::German => ("de-CH", GERMAN),
        };
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
