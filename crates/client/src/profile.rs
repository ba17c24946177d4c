//! Profiles: where the files of one account lie, and who has them open.
//!
//! ```text
//! <data directory>/<app>/<profile>/
//!     lock             held while a process has the profile open
//!     instance.json    where the server is
//!     provisioning.*   the same, signed, of an organisation's own instance
//!     lock-note        how an app in a browser is unlocked: no secret
//!     keyfile          the wrapped key of the database (or `keyfile.path`: where it lies)
//!     remote-lock      half of that key, while the organisation's server has the other
//!     client.db        everything else, encrypted
//!     media/           files of conversations, each sealed under a key in the database
//! ```

use std::path::{Path, PathBuf};

use dreiklang_crypto::SystemRng;
use dreiklang_engine::Edition;
use dreiklang_wire::api::instance::Instance;

use crate::error::Error;
use crate::provisioning::Provisioning;
use crate::storage::files::{self, Lock};
use crate::storage::keyfile::{self, DatabaseKey, Passphrase};
use crate::storage::remote_lock::Place;

/// Which kind of account a profile holds. The kinds never share a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum App {
    /// A private person.
    #[default]
    Private,
    /// A member of an organisation.
    Work,
    /// A member of an organisation with a server of its own.
    OnPrem,
}

impl App {
    /// Which edition of the engine serves it.
    pub fn edition(self) -> Edition {
        match self {
            Self::Private => Edition::Private,
            Self::Work => Edition::Work,
            Self::OnPrem => Edition::OnPrem,
        }
    }

    /// The name of the folder and of the command line option.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Work => "work",
            Self::OnPrem => "onprem",
        }
    }
}

/// Where the key of a new profile goes.
#[derive(Clone, Debug)]
pub enum Protection {
    /// In the profile, wrapped by a passphrase.
    Passphrase(Passphrase),
    /// In the profile, open: whoever can read the folder can read the messages.
    Open,
    /// Somewhere else (a stick, a mounted secret), open.
    External(PathBuf),
}

/// The place of one profile. Nothing is opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    folder: PathBuf,
    app: App,
}

impl Profile {
    /// Finds the folder of a profile under `data_directory`, or under the platform's own.
    pub fn locate(data_directory: Option<&Path>, app: App, name: &str) -> Result<Self, Error> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=64).contains(&name.len()) || !name.chars().all(is_plain) {
            return Err(Error::ProfileName(name.to_owned()));
        }
        let folder = data_root(data_directory)?.join(app.as_str()).join(name);
        Ok(Self { folder, app })
    }

    /// The names of the profiles of one kind, sorted.
    pub fn list(data_directory: Option<&Path>, app: App) -> Result<Vec<String>, Error> {
        let folder = data_root(data_directory)?.join(app.as_str());
        let Ok(entries) = files::list(&folder) else {
            return Ok(Vec::new());
        };
        let mut names: Vec<String> = entries
            .iter()
            .filter_map(|entry| entry.file_name()?.to_str().map(str::to_owned))
            .filter(|name| {
                Self::locate(data_directory, app, name).is_ok_and(|profile| profile.exists())
            })
            .collect();
        names.sort();
        Ok(names)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The kind of account.
    pub fn app(&self) -> App {
        self.app
    }

    /// Whether the set-up has been done here.
    pub fn exists(&self) -> bool {
        files::exists(&self.instance_path())
    }

    /// Whether opening asks for a passphrase.
    pub fn needs_passphrase(&self) -> Result<bool, Error> {
        self.must_exist()?;
        keyfile::needs_passphrase(&self.key_path()?)
    }

    /// Makes the folder with the key and the instance. `instance.json` is written last: a set-up
    /// that was cut off before does not count as a profile and can be repeated.
    pub fn create(&self, instance: &Instance, protection: &Protection) -> Result<(), Error> {
        let json = to_json(instance)?;
        files::create_directory(&self.folder).map_err(|cause| Error::file(&self.folder, cause))?;
        let _lock = self.lock()?;
        if self.exists() {
            return Err(Error::ProfileExists(self.folder.clone()));
        }
        // Leftovers of a set-up that was cut off were sealed by a key that nobody used.
        for name in [
            "client.db",
            "client.db-wal",
            "client.db-journal",
            "keyfile.path",
            "remote-lock",
            "provisioning.json",
            "provisioning.oppf",
        ] {
            let path = self.folder.join(name);
            files::remove_if_there(&path).map_err(|cause| Error::file(&path, cause))?;
        }
        let key = DatabaseKey::generate(&mut SystemRng);
        match protection {
            Protection::Passphrase(passphrase) => {
                keyfile::write(&self.own_key_path(), &key, Some(passphrase), &mut SystemRng)?;
            }
            Protection::Open => {
                keyfile::write(&self.own_key_path(), &key, None, &mut SystemRng)?;
            }
            Protection::External(path) => {
                if files::exists(path) {
                    return Err(Error::ProfileExists(path.clone()));
                }
                let path = std::path::absolute(path).map_err(|cause| Error::file(path, cause))?;
                keyfile::write(&path, &key, None, &mut SystemRng)?;
                let pointer = self.folder.join("keyfile.path");
                files::replace(&pointer, path.as_os_str().as_encoded_bytes())
                    .map_err(|cause| Error::file(&pointer, cause))?;
            }
        }
        files::replace(&self.instance_path(), json.as_bytes())
            .map_err(|cause| Error::file(&self.instance_path(), cause))
    }

    /// Removes the profile and everything in it. What was on the disk may still be there for a
    /// forensic eye; without the key file, which goes first, it is noise.
    pub fn delete(&self) -> Result<(), Error> {
        self.must_exist()?;
        let lock = self.lock()?;
        let failed = |cause| Error::file(&self.folder, cause);
        files::remove_if_there(&self.own_key_path()).map_err(failed)?;
        drop(lock);
        files::remove_all(&self.folder).map_err(failed)
    }

    /// Changes, sets (`from` is `None`) or removes (`to` is `None`) the passphrase. The key of
    /// the database stays the same, so nothing is written anew but the key file.
    pub fn change_passphrase(
        &self,
        from: Option<&Passphrase>,
        to: Option<&Passphrase>,
    ) -> Result<(), Error> {
        self.must_exist()?;
        // A client that runs may write the key file too, under the passphrase that it knows.
        let _lock = self.lock()?;
        let path = self.key_path()?;
        let key = keyfile::open(&path, from)?;
        keyfile::write(&path, &key, to, &mut SystemRng)
    }

    /// Whether this is the passphrase, or there is none.
    pub fn check_passphrase(&self, passphrase: Option<&Passphrase>) -> Result<(), Error> {
        self.must_exist()?;
        keyfile::open(&self.key_path()?, passphrase).map(drop)
    }

    /// The instance that the profile was set up with.
    pub fn instance(&self) -> Result<Instance, Error> {
        self.must_exist()?;
        let path = self.instance_path();
        let json = files::read(&path).map_err(|cause| Error::file(&path, cause))?;
        Instance::from_json(&json).map_err(|error| Error::Instance(error.to_string()))
    }

    /// Replaces the instance, for example after the server moved.
    pub fn set_instance(&self, instance: &Instance) -> Result<(), Error> {
        self.must_exist()?;
        files::replace(&self.instance_path(), to_json(instance)?.as_bytes())
            .map_err(|cause| Error::file(&self.instance_path(), cause))
    }

    /// What an organisation's own instance says about itself, if the profile is on one.
    pub fn provisioning(&self) -> Result<Option<Provisioning>, Error> {
        Provisioning::load(&self.folder)
    }

    /// Puts the profile on an organisation's own instance.
    pub fn set_provisioning(&self, provisioning: &Provisioning) -> Result<(), Error> {
        self.must_exist()?;
        provisioning.save(&self.folder)
    }

    /// What the app noted about its lock: which passkey opens it, say. It is no secret.
    pub fn lock_note(&self) -> Result<Option<Vec<u8>>, Error> {
        let path = self.folder.join("lock-note");
        match files::read(&path) {
            Ok(note) => Ok(Some(note)),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::file(&path, cause)),
        }
    }

    /// Notes something about the lock.
    pub fn set_lock_note(&self, note: &[u8]) -> Result<(), Error> {
        self.must_exist()?;
        let path = self.folder.join("lock-note");
        files::replace(&path, note).map_err(|cause| Error::file(&path, cause))
    }

    pub(crate) fn unlock(&self, passphrase: Option<&Passphrase>) -> Result<DatabaseKey, Error> {
        self.must_exist()?;
        keyfile::open(&self.key_path()?, passphrase)
    }

    /// Where the key of the database is kept, for whoever has to lock it anew.
    pub(crate) fn key_place(&self, passphrase: Option<&Passphrase>) -> Result<Place, Error> {
        let key_file = self.key_path()?;
        let passphrase = if keyfile::needs_passphrase(&key_file)? {
            passphrase.cloned()
        } else {
            None
        };
        Ok(Place {
            folder: self.folder.clone(),
            key_file,
            passphrase,
        })
    }

    /// Keeps other processes out until the file is dropped.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.folder.join("lock");
        files::lock(&path)
            .map_err(|cause| Error::file(&path, cause))?
            .ok_or_else(|| Error::ProfileInUse(self.folder.clone()))
    }

    pub(crate) fn database_path(&self) -> PathBuf {
        self.folder.join("client.db")
    }

    fn must_exist(&self) -> Result<(), Error> {
        if self.exists() {
            Ok(())
        } else {
            Err(Error::ProfileMissing(self.folder.clone()))
        }
    }

    fn instance_path(&self) -> PathBuf {
        self.folder.join("instance.json")
    }

    fn own_key_path(&self) -> PathBuf {
        self.folder.join("keyfile")
    }

    fn key_path(&self) -> Result<PathBuf, Error> {
        let pointer = self.folder.join("keyfile.path");
        match files::read(&pointer) {
            Ok(path) => String::from_utf8(path)
                .map(PathBuf::from)
                .map_err(|_| Error::KeyFileDamaged),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(self.own_key_path()),
            Err(cause) => Err(Error::file(&pointer, cause)),
        }
    }
}

fn to_json(instance: &Instance) -> Result<String, Error> {
    instance
        .to_json()
        .map_err(|error| Error::Instance(error.to_string()))
}

fn data_root(data_directory: Option<&Path>) -> Result<PathBuf, Error> {
    match data_directory {
        Some(path) => std::path::absolute(path).map_err(|cause| Error::file(path, cause)),
        None => own_data_root(),
    }
}

#[cfg(not(target_family = "wasm"))]
fn own_data_root() -> Result<PathBuf, Error> {
    directories::ProjectDirs::from("", "", "dreiklang")
        .map(|folders| folders.data_dir().to_owned())
        .ok_or(Error::NoDataDirectory)
}

/// The private file system of an origin is a data directory of its own.
#[cfg(target_family = "wasm")]
#[expect(clippy::unnecessary_wraps, reason = "a computer may name none")]
fn own_data_root() -> Result<PathBuf, Error> {
    Ok(PathBuf::new())
}

#[cfg(test)]
mod tests;
