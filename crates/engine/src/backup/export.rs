//! The own identity as a line of text.

use super::{id_string, password};
#[cfg(feature = "planted-bugs")]
use crate::planted::{self, Weakness};
use crate::{
    Engine,
    backup::id_string::IdScheme,
    command::{Refusal, Reply},
    engine::Answer,
};

impl Engine {
    /// Whoever has the text and the password is this identity: the program that shows it asks who
    /// is in front of the screen first (protocol.md, E6).
    pub(crate) fn export_id(&mut self, password: &str, scheme: IdScheme) -> Answer {
        let own = match self.usable_own() {
            Ok(own) => own,
            Err(refusal) => return Answer::refuse(refusal),
        };
        let forbidden_by = self.policy.id_export_forbidden_by();
        #[cfg(feature = "planted-bugs")]
        let forbidden_by = forbidden_by.filter(|_| !planted::is(Weakness::ExportForAll));
        if let Some(parameter) = forbidden_by {
            return Answer::refuse(Refusal::SetByOrganisation(parameter));
        }
        if let Err(refusal) = password::check_length(password) {
            return Answer::refuse(refusal);
        }
        let (identity, secret_key) = (own.identity, own.secret_key.clone());
        let text = id_string::write(identity, &secret_key, password, scheme, &mut *self.rng);
        Answer::Now(Ok(Reply::IdExported(text)))
    }
}
