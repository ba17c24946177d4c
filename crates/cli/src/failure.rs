//! What went wrong, for a person (a sentence and what to do) and for a script (a code).

use std::io;
use std::process::ExitCode;

use dreiklang_client::activation::ActivationFault;
use dreiklang_client::engine::{BackupFault, HttpFault, RemoteSecretFault};
use dreiklang_client::{CommandError, Error, Fault, MediaFault, ProvisioningFault, Refusal};

use crate::output;
use crate::rendering::file::size;
use crate::safe;
use crate::texts::Texts;

/// Why a command did not do what it should. The text is `error-<code>` in the message files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    code: &'static str,
    values: Vec<(&'static str, String)>,
    exit: u8,
}

/// The command ran and did not succeed.
const EXIT_FAILED: u8 = 1;
/// The command line asks for something that makes no sense. clap uses the same number.
const EXIT_USAGE: u8 = 2;

impl Failure {
    pub(crate) fn new(code: &'static str) -> Self {
        Self {
            code,
            values: Vec::new(),
            exit: EXIT_FAILED,
        }
    }

    pub(crate) fn usage(code: &'static str) -> Self {
        Self {
            code,
            values: Vec::new(),
            exit: EXIT_USAGE,
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        // Values may come from a server or a file: they must not reach the terminal as they are.
        self.values.push((name, safe::line(&format!("{value}"))));
        self
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for people.
    pub(crate) fn message(&self, texts: &Texts) -> String {
        let values: Vec<_> = self
            .values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        texts.with(&format!("error-{}", self.code), &values)
    }

    /// Tells whoever is there: a script on standard output, a person on standard error.
    pub(crate) fn report(&self, texts: &Texts, is_json: bool) -> ExitCode {
        // A reader that has gone away wanted no more, and cannot be told.
        if self.code != BROKEN_PIPE {
            let message = self.message(texts);
            // There is nobody left to tell that telling failed.
            let _ = if is_json {
                output::json(&crate::format::ErrorLine::new(self.code, message))
            } else {
                output::complain(&texts.with("error", &[("message", &message)]))
            };
        }
        ExitCode::from(self.exit)
    }
}

/// The code of a failed write to a pipe that nobody reads any more.
const BROKEN_PIPE: &str = "broken-pipe";

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(BROKEN_PIPE);
        }
        Self::new("input-output").with("reason", error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::ProfileInUse(path) => Self::new("profile-in-use").with("path", path.display()),
            Error::ProfileMissing(path) => {
                Self::new("profile-missing").with("path", path.display())
            }
            Error::ProfileExists(path) => Self::new("profile-exists").with("path", path.display()),
            Error::ProfileName(name) => Self::usage("profile-name").with("name", name),
            Error::NoDataDirectory => Self::new("no-data-directory"),
            Error::PassphraseNeeded => Self::new("passphrase-needed"),
            Error::WrongPassphrase => Self::new("wrong-passphrase"),
            Error::KeyFileMissing(path) => {
                Self::new("key-file-missing").with("path", path.display())
            }
            Error::KeyFileDamaged => Self::new("key-file-damaged"),
            Error::WrongKey => Self::new("wrong-key"),
            Error::File { path, cause } => Self::new("file")
                .with("path", path.display())
                .with("reason", cause),
            Error::Instance(reason) => Self::new("instance").with("reason", reason),
            Error::Provisioning(fault) => fault.into(),
            Error::RemoteSecret(fault) => Self::new(match fault {
                RemoteSecretFault::Blocked => "remote-secret-blocked",
                RemoteSecretFault::Unreachable => "remote-secret-unreachable",
                RemoteSecretFault::Missing | RemoteSecretFault::Strange => "remote-secret-missing",
            }),
            Error::Activation(ActivationFault::Refused(reason)) => {
                Self::new("activation-refused").with("reason", reason)
            }
            Error::Activation(ActivationFault::Unreachable) => Self::new("activation-unreachable"),
            Error::Activation(_) => Self::usage("activation-link"),
            Error::Media(fault) => fault.into(),
            Error::Stopped => Self::new("stopped"),
            other => Self::new("database").with("reason", other),
        }
    }
}

impl From<dreiklang_client::engine::Error> for Failure {
    fn from(error: dreiklang_client::engine::Error) -> Self {
        Error::from(error).into()
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::Blocked(fault) => fault.into(),
            CommandError::Interrupted => Self::new("interrupted"),
            _ => Self::new("stopped"),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoIdentity => Self::new("no-identity"),
            Refusal::IdentityExists => Self::new("identity-exists"),
            Refusal::IdentityRevoked => Self::new("identity-revoked"),
            Refusal::WrongConfirmation => Self::usage("wrong-confirmation"),
            Refusal::Busy => Self::new("busy"),
            Refusal::OwnIdentity => Self::usage("own-identity"),
            Refusal::UnknownContact(id) => Self::new("unknown-contact").with("id", id),
            Refusal::UnknownIdentity(id) => Self::new("unknown-identity").with("id", id),
            Refusal::KeyMismatch(id) => Self::new("key-mismatch").with("id", id),
            Refusal::BadKey(id) => Self::new("bad-key").with("id", id),
            Refusal::ContactInvalid(id) => Self::new("contact-revoked").with("id", id),
            Refusal::ContactBlocked(id) => Self::new("contact-blocked").with("id", id),
            Refusal::TextEmpty => Self::usage("text-empty"),
            Refusal::TextTooLong {
                size_bytes,
                limit_bytes,
            } => Self::usage("text-too-long")
                .with("size", size_bytes)
                .with("limit", limit_bytes),
            Refusal::NameTooLong {
                field,
                length,
                limit,
            } => Self::usage("name-too-long")
                .with("field", field)
                .with("size", length)
                .with("limit", limit),
            Refusal::ReferenceReused => Self::new("reference-reused"),
            Refusal::UnknownMessage => Self::usage("unknown-message"),
            Refusal::Http(HttpFault::TimedOut) => Self::new("directory-timeout"),
            Refusal::Http(_) => Self::new("directory-unreachable"),
            Refusal::RateLimited => Self::new("rate-limited"),
            Refusal::Directory(reason) => Self::new("directory").with("reason", reason),
            other => of_message(other),
        }
    }
}

/// What has to do with what a message says and what is done with it.
fn of_message(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotSupported(people) => {
            let people: Vec<_> = people.iter().map(ToString::to_string).collect();
            Failure::new("not-supported").with("people", people.join(", "))
        }
        Refusal::NotOurs => Failure::new("not-ours"),
        Refusal::TooOld => Failure::new("too-old"),
        Refusal::WrongMessageKind => Failure::usage("wrong-message-kind"),
        Refusal::NoEmoji => Failure::usage("no-emoji").with("text", ""),
        Refusal::TooManyReactions => Failure::new("too-many-reactions"),
        Refusal::BadPlace => Failure::usage("bad-place"),
        Refusal::TooFewChoices => Failure::usage("too-few-choices"),
        Refusal::PollTooLong => Failure::usage("poll-too-long"),
        Refusal::PollClosed => Failure::new("poll-closed"),
        Refusal::UnknownChoice => Failure::usage("unknown-choice"),
        Refusal::OneChoiceOnly => Failure::usage("one-choice-only"),
        other => of_group(other),
    }
}

/// What has to do with groups.
fn of_group(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::UnknownGroup(id) => Failure::new("unknown-group").with("id", id),
        Refusal::NotInGroup(id) => Failure::new("not-in-group").with("id", id),
        Refusal::NotGroupCreator(id) => {
            Failure::new("not-group-creator").with("creator", id.creator)
        }
        Refusal::GroupDisbanded(_) => Failure::new("group-disbanded"),
        Refusal::CreatorCannotLeave => Failure::new("creator-cannot-leave"),
        Refusal::StillInGroup(id) => Failure::new("still-in-group").with("id", id),
        Refusal::NotAMember(id) => Failure::usage("not-a-member").with("id", id),
        Refusal::GroupTooLarge { limit } => Failure::usage("group-too-large").with("limit", limit),
        Refusal::GroupNameTooLong {
            size_bytes,
            limit_bytes,
        } => Failure::usage("group-name-too-long")
            .with("size", size_bytes)
            .with("limit", limit_bytes),
        Refusal::BadCode(reason) => Failure::usage("link").with("reason", reason),
        Refusal::CodeExpired => Failure::usage("link-expired"),
        Refusal::TooManyReceivers { limit } => {
            Failure::usage("too-many-receivers").with("limit", limit)
        }
        other => of_file(other),
    }
}

/// What has to do with organisations, backups and links.
fn of_organisation(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::SetByOrganisation(parameter) => {
            Failure::new("set-by-organisation").with("parameter", parameter)
        }
        Refusal::Locked(reason) => Failure::new("locked").with("reason", reason),
        Refusal::Displaced(reason) => Failure::new("displaced").with("reason", reason),
        Refusal::TransferProhibited(reason) => {
            Failure::new("transfer-prohibited").with("reason", reason)
        }
        Refusal::NotManaged => Failure::usage("not-managed"),
        Refusal::NoLicense => Failure::new("no-license"),
        Refusal::WrongCredentials => Failure::new("wrong-credentials"),
        Refusal::NoDirectory => Failure::new("no-directory"),
        Refusal::QueryTooShort => Failure::usage("query-too-short"),
        Refusal::BadAddress => Failure::usage("bad-address"),
        Refusal::NothingToConfirm => Failure::new("nothing-to-confirm"),
        Refusal::NamedByOrganisation(id) => Failure::new("named-by-organisation").with("id", id),
        Refusal::Backup(fault) => Failure::new(match fault {
            BackupFault::NoExport => "backup-no-export",
            BackupFault::NotOpened => "backup-not-opened",
            BackupFault::NotFound => "backup-not-found",
            BackupFault::TooLarge => "backup-too-large",
            BackupFault::Newer => "backup-newer",
            _ => "backup-damaged",
        }),
        Refusal::PasswordLength { min, max } => Failure::usage("backup-password-length")
            .with("min", min)
            .with("max", max),
        Refusal::PasswordWeak => Failure::usage("backup-password-weak"),
        Refusal::PasswordPattern(rule) => {
            Failure::usage("backup-password-rule").with("reason", rule)
        }
        Refusal::SafeOff => Failure::new("safe-off"),
        Refusal::BadServerAddress => Failure::usage("safe-server"),
        other => Failure::new("directory").with("reason", other),
    }
}

/// What has to do with files.
fn of_file(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::FileTooLarge { limit_bytes } => {
            Failure::usage("file-too-large").with("limit", size(limit_bytes))
        }
        Refusal::FileNameTooLong { limit_bytes } => {
            Failure::usage("file-name-too-long").with("limit", limit_bytes)
        }
        Refusal::PictureTooLarge { limit_bytes } => {
            let limit = u64::try_from(limit_bytes).unwrap_or(u64::MAX);
            Failure::usage("file-too-large").with("limit", size(limit))
        }
        Refusal::NoJpeg | Refusal::BadMediaType => Failure::usage("file-not-so").with("type", ""),
        Refusal::NoFile => Failure::usage("no-file"),
        Refusal::FileNotHere => Failure::new("file-not-here"),
        Refusal::NotForwardable => Failure::new("not-forwardable"),
        Refusal::NotFailed => Failure::new("not-failed"),
        Refusal::AlreadySent => Failure::new("already-sent"),
        other => of_organisation(other),
    }
}

impl From<MediaFault> for Failure {
    fn from(fault: MediaFault) -> Self {
        match fault {
            MediaFault::File { path, cause } => Self::new("file")
                .with("path", path.display())
                .with("reason", cause),
            MediaFault::NotAFile(path) => Self::usage("not-a-file").with("path", path.display()),
            MediaFault::NoSpace(path) => Self::new("no-space").with("path", path.display()),
            MediaFault::Exists(path) => Self::new("file-exists").with("path", path.display()),
            MediaFault::TooLarge { limit_bytes } => {
                Self::usage("file-too-large").with("limit", size(limit_bytes))
            }
            MediaFault::Missing => Self::new("file-not-here"),
            MediaFault::Damaged => Self::new("file-damaged"),
            MediaFault::Picture(fault) => Self::usage("picture").with("reason", fault),
            other => Self::new("database").with("reason", other),
        }
    }
}

impl From<ProvisioningFault> for Failure {
    fn from(fault: ProvisioningFault) -> Self {
        match fault {
            ProvisioningFault::Refused => Self::new("provisioning-refused"),
            ProvisioningFault::Expired => Self::new("provisioning-expired"),
            ProvisioningFault::NotAuthentic => Self::new("provisioning-not-authentic"),
            ProvisioningFault::Key(key) => Self::usage("provisioning-key").with("key", key),
            ProvisioningFault::Address(address) => {
                Self::usage("provisioning-address").with("address", address)
            }
            other => Self::new("provisioning").with("reason", other),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::new(match fault {
            Fault::LoginRefused => "login-refused",
            Fault::Untrusted => "untrusted",
            Fault::TimedOut => "chat-timeout",
            Fault::Unreachable => "chat-unreachable",
            _ => "connection-lost",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Spoken;

    #[test]
    fn values_cannot_carry_escape_sequences() {
        let failure: Failure = Refusal::Directory("\u{1B}[31mno".to_owned()).into();
        let message = failure.message(&Texts::new(Spoken::English));
        assert!(message.contains("␛[31mno"), "{message}");
    }

    #[test]
    fn mistakes_of_the_caller_are_told_apart() {
        assert_eq!(Failure::from(Refusal::TextEmpty).exit, EXIT_USAGE);
        assert_eq!(Failure::from(Refusal::RateLimited).exit, EXIT_FAILED);
    }
}
