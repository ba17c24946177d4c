//! What went wrong: a code, and the values that its sentence has places for.

use std::io;

use super::safe;
use crate::activation::ActivationFault;
use crate::engine::{BackupFault, HttpFault, RemoteSecretFault};
use crate::{CommandError, Error, Fault, MediaFault, ProvisioningFault, Refusal, StopReason};

/// Why something was not done. The text is `error-<code>` in `locales/*/failures.ftl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    code: &'static str,
    values: Vec<(&'static str, String)>,
    is_usage: bool,
}

/// The code of a failed write to a pipe that nobody reads any more.
pub const BROKEN_PIPE: &str = "broken-pipe";

impl Failure {
    /// It was tried and did not succeed.
    pub fn new(code: &'static str) -> Self {
        Self {
            code,
            values: Vec::new(),
            is_usage: false,
        }
    }

    /// It makes no sense.
    pub fn usage(code: &'static str) -> Self {
        Self {
            code,
            values: Vec::new(),
            is_usage: true,
        }
    }

    /// With a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        // Values may come from a server or a file: they must not reach the terminal as they are.
        self.values.push((name, safe::line(&format!("{value}"))));
        self
    }

    /// The name of it, for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What the sentence has places for.
    pub fn values(&self) -> &[(&'static str, String)] {
        &self.values
    }

    /// Whether what was asked for makes no sense, rather than that it did not work out.
    pub fn is_usage(&self) -> bool {
        self.is_usage
    }
}

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

impl From<crate::engine::Error> for Failure {
    fn from(error: crate::engine::Error) -> Self {
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
            Refusal::StatusTooLong {
                size_bytes,
                limit_bytes,
            } => Self::usage("status-too-long")
                .with("size", size_bytes)
                .with("limit", limit_bytes),
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
        Refusal::BadPushEndpoint => Failure::usage("bad-push-endpoint"),
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
        Refusal::LicenseOver(reason) => Failure::new("license-over").with("reason", reason),
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
        }
    }
}

impl From<ProvisioningFault> for Failure {
    fn from(fault: ProvisioningFault) -> Self {
        match fault {
            ProvisioningFault::Refused => Self::new("provisioning-refused"),
            ProvisioningFault::Withdrawn => Self::new("provisioning-withdrawn"),
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

impl From<StopReason> for Failure {
    fn from(reason: StopReason) -> Self {
        match reason {
            StopReason::Refused(words) => Self::new("refused").with("reason", words),
            StopReason::Revoked => Self::new("identity-revoked"),
            StopReason::Blocked(fault) => fault.into(),
            StopReason::Locked(text) => Self::new("locked").with("reason", text),
            StopReason::Storage(reason) => Self::new("database").with("reason", reason),
            StopReason::Closed => Self::new("stopped"),
        }
    }
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    let mut tenths = u128::from(bytes) * 10;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if tenths < 10_240 || unit == "GiB" {
            let point = if unit == "B" {
                String::new()
            } else {
                format!(".{}", tenths % 10)
            };
            return format!("{}{point} {unit}", tenths / 10);
        }
        tenths /= 1_024;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_carry_escape_sequences() {
        let failure: Failure = Refusal::Directory("\u{1B}[31mno".to_owned()).into();
        assert_eq!(failure.values(), [("reason", "␛[31mno".to_owned())]);
    }

    #[test]
    fn mistakes_of_the_caller_are_told_apart() {
        assert!(Failure::from(Refusal::TextEmpty).is_usage());
        assert!(!Failure::from(Refusal::RateLimited).is_usage());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1_023), "1023 B");
        assert_eq!(size(1_536), "1.5 KiB");
        assert_eq!(size(100 * 1_024 * 1_024), "100.0 MiB");
        assert_eq!(size(u64::MAX), "17179869183.9 GiB");
    }
}
