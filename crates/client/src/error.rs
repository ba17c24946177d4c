//! What can go wrong in the hands of a client, sorted by what a person can do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Every variant has one remedy; the words for people belong to the command line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the profile open: close it, or choose another profile.
    #[error("the profile at {0} is open in another process")]
    ProfileInUse(PathBuf),
    /// There is no such profile: run the set-up.
    #[error("there is no profile at {0}")]
    ProfileMissing(PathBuf),
    /// The set-up would overwrite a profile: choose another name.
    #[error("there already is a profile at {0}")]
    ProfileExists(PathBuf),
    /// A profile name holds 1 to 64 of `a-z A-Z 0-9 - _`.
    #[error("not a name for a profile: {0:?}")]
    ProfileName(String),
    /// The system names no folder for the files of programs: give one.
    #[error("the system names no data directory")]
    NoDataDirectory,
    /// The key file asks for a passphrase and none was given.
    #[error("this profile is protected by a passphrase")]
    PassphraseNeeded,
    /// The passphrase is wrong, or the key file was changed.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The key file is not where it should be.
    #[error("the key file {0} is missing")]
    KeyFileMissing(PathBuf),
    /// The key file is not one of ours, or was changed.
    #[error("the key file is damaged")]
    KeyFileDamaged,
    /// The key file is fine but belongs to another database.
    #[error("the key does not fit the database")]
    WrongKey,
    /// A file of the profile cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The instance file is not one.
    #[error("the instance file is not valid: {0}")]
    Instance(String),
    /// There is no provisioning file that may be used.
    #[error(transparent)]
    Provisioning(#[from] crate::provisioning::ProvisioningFault),
    /// The activation link is good for nothing.
    #[error(transparent)]
    Activation(#[from] crate::activation::ActivationFault),
    /// The organisation's server does not give out the key that opens the profile.
    #[error(transparent)]
    RemoteSecret(#[from] dreiklang_engine::RemoteSecretFault),
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database is not in the state that our promises need.
    #[error("database setting {0} did not take effect")]
    DatabaseSetting(&'static str),
    /// The engine refused the command or found a fault.
    #[error(transparent)]
    Engine(#[from] dreiklang_engine::Error),
    /// A media file cannot be read, written or shown.
    #[error(transparent)]
    Media(#[from] crate::media::MediaFault),
    /// The client was shut down, or stopped after a fault that it could not repair.
    #[error("the client has stopped")]
    Stopped,
}

impl Error {
    pub(crate) fn file(path: &Path, cause: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            cause,
        }
    }
}

/// Why a command has no good reply.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The engine says no; nothing changed.
    #[error(transparent)]
    Refused(#[from] dreiklang_engine::Refusal),
    /// The provisioning file says that this app may not be used at present.
    #[error(transparent)]
    Blocked(#[from] crate::provisioning::ProvisioningFault),
    /// The engine was opened anew after a fault: the command may be given again.
    #[error("the command was interrupted, try again")]
    Interrupted,
    /// The client was shut down.
    #[error("the client has stopped")]
    Stopped,
}
