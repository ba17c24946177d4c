//! The permanent keys of the instance: read from files, never printed, refused as identities.

use std::io::Write;
use std::path::{Path, PathBuf};

use dreiklang_crypto::{SecretKey, SystemRng, Zeroizing, aead};
use dreiklang_wire::csp::server::ServerKeys;

use crate::config::Settings;

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It does not hold a key.
    #[error("{}: must hold 64 hex digits", .0.display())]
    Malformed(PathBuf),
    /// Others may read it.
    #[error("{}: readable by others; run chmod 600", .0.display())]
    Exposed(PathBuf),
}

/// Reads the key files that the configuration names.
pub fn load(settings: &Settings) -> Result<ServerKeys, Error> {
    let current = read(&settings.file(&settings.chat.private_key))?;
    let alternative = match settings.chat.alternative_key.as_str() {
        "" => None,
        file => Some(read(&settings.file(file))?),
    };
    Ok(ServerKeys {
        current,
        alternative,
    })
}

/// Makes a new secret key in a new file that only its owner can read.
pub fn create(path: &Path) -> Result<SecretKey, Error> {
    let key = SecretKey::generate(&mut SystemRng);
    write_secret(path, key.expose())?;
    Ok(key)
}

/// Makes a key for things that the server seals for itself, in a new file.
pub fn create_sealing(path: &Path) -> Result<aead::Key, Error> {
    let key = aead::Key::generate(&mut SystemRng);
    let mut text = Zeroizing::new(hex::encode(key.expose()));
    text.push('\n');
    write_private(path, text.as_bytes())?;
    Ok(key)
}

/// Reads such a key; `None` if there is no such file.
pub fn load_sealing(path: &Path) -> Result<Option<aead::Key>, Error> {
    match read(path) {
        Ok(key) => Ok(Some(aead::Key::from_bytes(*key.expose()))),
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a new file with mode 0600; an existing one is an error.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::os::unix::fs::OpenOptionsExt;
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(io)
}

/// Refuses a secret file that others can read.
pub fn check_private(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(Error::Exposed(path.to_owned()));
    }
    Ok(())
}

fn read(path: &Path) -> Result<SecretKey, Error> {
    Ok(SecretKey::from_bytes(*read_secret(path)?))
}

/// Reads the 64 hex digits of a secret from a file that only its owner can read.
pub fn read_secret(path: &Path) -> Result<Zeroizing<[u8; 32]>, Error> {
    check_private(path)?;
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })?;
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), &mut *bytes)
        .map_err(|_| Error::Malformed(path.to_owned()))?;
    Ok(bytes)
}

/// Writes the hex digits of a secret into a new file that only its owner can read.
pub fn write_secret(path: &Path, secret: &[u8; 32]) -> Result<(), Error> {
    let mut text = Zeroizing::new(hex::encode(secret));
    text.push('\n');
    write_private(path, text.as_bytes())
}
