//! What went wrong, for a person (a sentence and what to do) and for a script (a code).

use std::process::ExitCode;

use dreiklang_client::desk::BROKEN_PIPE;
pub(crate) use dreiklang_client::desk::Failure;

use crate::output;
use crate::texts::Texts;

/// The command ran and did not succeed.
const EXIT_FAILED: u8 = 1;
/// The command line asks for something that makes no sense. clap uses the same number.
const EXIT_USAGE: u8 = 2;

/// A failure in the words of a language.
pub(crate) trait Told {
    /// The sentence for people.
    fn message(&self, texts: &Texts) -> String;

    /// Tells whoever is there: a script on standard output, a person on standard error.
    fn report(&self, texts: &Texts, is_json: bool) -> ExitCode;
}

impl Told for Failure {
    fn message(&self, texts: &Texts) -> String {
        let values: Vec<_> = self
            .values()
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        texts.with(&format!("error-{}", self.code()), &values)
    }

    fn report(&self, texts: &Texts, is_json: bool) -> ExitCode {
        // A reader that has gone away wanted no more, and cannot be told.
        if self.code() != BROKEN_PIPE {
            let message = self.message(texts);
            // There is nobody left to tell that telling failed.
            let _ = if is_json {
                output::json(&crate::format::ErrorLine::new(self.code(), message))
            } else {
                output::complain(&texts.with("error", &[("message", &message)]))
            };
        }
        ExitCode::from(if self.is_usage() {
            EXIT_USAGE
        } else {
            EXIT_FAILED
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Spoken;
    use dreiklang_client::Refusal;

    #[test]
    fn values_cannot_carry_escape_sequences() {
        let failure: Failure = Refusal::Directory("\u{1B}[31mno".to_owned()).into();
        let message = failure.message(&Texts::new(Spoken::ENGLISH));
        assert!(message.contains("␛[31mno"), "{message}");
    }
}
