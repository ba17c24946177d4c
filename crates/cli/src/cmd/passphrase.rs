//! `passphrase`: set, change, remove.

use crate::args::{NewPassphrase, Passphrase};
use crate::failure::Failure;
use crate::format;
use crate::session::Session;

/// Argon2id runs here, on the main thread: nothing else is to be done meanwhile.
pub(crate) fn perform(session: &Session<'_>, verb: Passphrase) -> Result<(), Failure> {
    let is_protected = session.profile.needs_passphrase()?;
    let (flags, done) = match verb {
        Passphrase::Set(_) if is_protected => return Err(Failure::new("passphrase-is-set")),
        Passphrase::Change(_) | Passphrase::Remove if !is_protected => {
            return Err(Failure::new("passphrase-is-not-set"));
        }
        Passphrase::Set(flags) => (Some(flags), "passphrase-set"),
        Passphrase::Change(flags) => (Some(flags), "passphrase-changed"),
        Passphrase::Remove => (None, "passphrase-removed"),
    };
    let from = session.passphrase()?;
    let to = match flags {
        Some(NewPassphrase {
            new_passphrase_file: file,
        }) => Some(session.new_passphrase(file.as_deref())?),
        None => None,
    };
    session
        .profile
        .change_passphrase(from.as_ref(), to.as_ref())?;
    session.print(|texts| texts.say(done), &format::Done::new())
}
