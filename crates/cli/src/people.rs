//! What people are called in the words of a language.

use dreiklang_client::Identity;
pub(crate) use dreiklang_client::desk::People;

use crate::texts::Texts;

/// The own identity has a word of its own.
pub(crate) trait Named {
    /// The name, else the identity.
    fn name(&self, identity: Identity, texts: &Texts) -> String;
}

impl Named for People {
    fn name(&self, identity: Identity, texts: &Texts) -> String {
        if self.is_me(identity) {
            return texts.say("myself");
        }
        self.plain_name(identity)
    }
}
