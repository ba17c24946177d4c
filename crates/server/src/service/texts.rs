//! What the server says to people: the Fluent messages of `locales/<language>/server.ftl`.

use std::sync::LazyLock;

use dreiklang_wire::csp::ClientInfo;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

mod chat;

pub use chat::Text;

/// Every language: a folder of `locales`, and its texts. The first one is for everybody whose
/// language is not here; the number of a language never changes, because people have it in
/// verification ids.
const LANGUAGES: [(&str, &str); 2] = [
    ("en", include_str!("../../../../locales/en/server.ftl")),
    ("de", include_str!("../../../../locales/de/server.ftl")),
];

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| {
    let bundle = |(tag, source): &(&str, &str)| {
        let tag: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // The marks around values would stand in mails and messages as rubbish.
        bundle.set_use_isolating(false);
        // A message that cannot be parsed is missing; the tests read every one of them.
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(rest, _)| rest);
        // Two messages of the same id: the first one stays, and the tests complain.
        let _ = bundle.add_resource(resource);
        bundle
    };
    LANGUAGES.iter().map(bundle).collect()
});

/// A language that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Language(u8);

impl Language {
    /// English, also for everybody whose language is not here.
    pub const ENGLISH: Self = Self(0);

    /// Every language.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..u8::MAX).map(Self).take(LANGUAGES.len())
    }

    /// The language of a client, from the third part of its client-info.
    pub fn of_client(client: &ClientInfo) -> Self {
        client.language().map_or(Self::ENGLISH, Self::of_tag)
    }

    /// The language of a tag such as `de` or `de-CH`.
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_', '/']).next().unwrap_or_default();
        let mut all = Self::all();
        all.find(|it| it.tag().eq_ignore_ascii_case(primary))
            .unwrap_or_default()
    }

    /// The language of a number, see [`Self::number`].
    pub fn of_number(number: u8) -> Self {
        let mut all = Self::all();
        all.find(|it| it.0 == number).unwrap_or_default()
    }

    /// What stands for it in a verification id.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its tag, `de`.
    pub fn tag(self) -> &'static str {
        let known = LANGUAGES.get(usize::from(self.0));
        known.map_or("en", |(tag, _)| *tag)
    }

    /// A message with its values; `id.attribute` names an attribute of a message. The id itself if
    /// there is no such message: a hole in the texts must not end a request.
    pub fn say(self, id: &str, values: &[(&'static str, &str)]) -> String {
        let (name, attribute) = id.split_once('.').unwrap_or((id, ""));
        let bundle = BUNDLES.get(usize::from(self.0));
        let message = bundle.and_then(|bundle| bundle.get_message(name));
        let pattern = message.and_then(|message| {
            if attribute.is_empty() {
                message.value()
            } else {
                Some(message.get_attribute(attribute)?.value())
            }
        });
        let (Some(bundle), Some(pattern)) = (bundle, pattern) else {
            return id.to_owned();
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            arguments.set(*name, *value);
        }
        // A value that is missing shows as its name.
        bundle
            .format_pattern(pattern, Some(&arguments), &mut Vec::new())
            .into_owned()
    }
}

#[cfg(test)]
mod tests;
