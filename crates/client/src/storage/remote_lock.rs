//! The second lock of the database key: under a secret that the organisation's server gives out
//! only as long as the app may be used (remote-secret.md).
//!
//! ```text
//! magic    8  "DKLNGRSL"
//! version  1  1
//! hash    32  of the secret
//! sealed  72  the database key under XChaCha20-Poly1305
//! token   to the end: what the server gives the secret for
//! ```
//!
//! While the file is there, the key file holds only half of what opens the database. Both are
//! replaced one after the other; whoever is cut off in between leaves a key file that still opens
//! the database by itself, which is tried first.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use dreiklang_crypto::kdf::Purpose;
use dreiklang_crypto::{SystemRng, Zeroizing, aead};
use dreiklang_engine::RemoteSecretLock;

use super::files;
use super::keyfile::{self, DatabaseKey, Passphrase};
use crate::error::Error;

const MAGIC: &[u8; 9] = b"DKLNGRSL\x01";
const HASH_BYTES: usize = 32;
const SEALED_BYTES: usize = 72;
const TOKEN_BYTES_MAX: usize = 1024;
const NAME: &str = "remote-lock";

/// What lies beside a locked database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteLock {
    /// What the server gives the secret for.
    pub(crate) token: Vec<u8>,
    /// The hash of the secret.
    pub(crate) hash: [u8; HASH_BYTES],
    sealed: Vec<u8>,
}

/// Where the parts lie, and how the key file is protected.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) key_file: PathBuf,
    pub(crate) passphrase: Option<Passphrase>,
}

impl RemoteLock {
    /// Reads the file, if the database is locked.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(NAME);
        let bytes = match files::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::file(&path, cause)),
        };
        Self::parse(&bytes).map(Some).ok_or(Error::KeyFileDamaged)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (hash, rest) = rest.split_first_chunk::<HASH_BYTES>()?;
        let (sealed, token) = rest.split_first_chunk::<SEALED_BYTES>()?;
        (1..=TOKEN_BYTES_MAX).contains(&token.len()).then(|| Self {
            token: token.to_vec(),
            hash: *hash,
            sealed: sealed.to_vec(),
        })
    }

    /// The key of the database, from the half in the key file and the key of the lock.
    pub(crate) fn open(
        &self,
        half: &DatabaseKey,
        lock_key: &Zeroizing<[u8; 32]>,
    ) -> Result<DatabaseKey, Error> {
        let opened = sealing_key(half, lock_key)
            .open(&self.associated(), &self.sealed)
            .map_err(|_| Error::WrongKey)?;
        DatabaseKey::from_slice(&opened).ok_or(Error::WrongKey)
    }

    /// Token and hash cannot be exchanged without notice.
    fn associated(&self) -> Vec<u8> {
        [MAGIC.as_slice(), &self.hash, &self.token].concat()
    }
}

impl Place {
    /// Locks the database: the key file holds a half from now on.
    pub(crate) fn lock(&self, key: &DatabaseKey, lock: &RemoteSecretLock) -> Result<(), Error> {
        let half = DatabaseKey::generate(&mut SystemRng);
        let mut file = RemoteLock {
            token: lock.token.clone(),
            hash: lock.hash,
            sealed: Vec::new(),
        };
        let sealing = sealing_key(&half, &lock.key);
        file.sealed = sealing.seal(&mut SystemRng, &file.associated(), key.expose());
        let bytes = [MAGIC.as_slice(), &file.hash, &file.sealed, &file.token].concat();
        let path = self.folder.join(NAME);
        files::replace(&path, &bytes).map_err(|cause| Error::file(&path, cause))?;
        keyfile::write(
            &self.key_file,
            &half,
            self.passphrase.as_ref(),
            &mut SystemRng,
        )
    }

    /// Takes the lock off: the key file opens the database by itself again.
    pub(crate) fn unlock(&self, key: &DatabaseKey) -> Result<(), Error> {
        keyfile::write(
            &self.key_file,
            key,
            self.passphrase.as_ref(),
            &mut SystemRng,
        )?;
        let path = self.folder.join(NAME);
        files::remove_if_there(&path).map_err(|cause| Error::file(&path, cause))
    }
}

fn sealing_key(half: &DatabaseKey, lock_key: &Zeroizing<[u8; 32]>) -> aead::Key {
    aead::Key::from_bytes(Purpose::REMOTE_SECRET_DATABASE.derive(&**lock_key, half.expose()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use dreiklang_crypto::SeededRng;

    use super::*;

    fn lock(byte: u8) -> RemoteSecretLock {
        RemoteSecretLock {
            token: vec![byte; 32],
            hash: [byte; 32],
            key: Zeroizing::new([byte; 32]),
        }
    }

    #[test]
    fn a_locked_key_needs_both_halves_and_comes_back_when_unlocked() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            folder: folder.path().to_owned(),
            key_file: folder.path().join("keyfile"),
            passphrase: None,
        };
        let key = DatabaseKey::generate(&mut SeededRng::new(1));
        keyfile::write(&place.key_file, &key, None, &mut SeededRng::new(2)).unwrap();
        assert_eq!(RemoteLock::read(folder.path()).unwrap(), None);

        place.lock(&key, &lock(7)).unwrap();
        let half = keyfile::open(&place.key_file, None).unwrap();
        assert_ne!(
            half.expose(),
            key.expose(),
            "the key file alone opens nothing"
        );
        let file = RemoteLock::read(folder.path()).unwrap().unwrap();
        assert_eq!(
            (file.token.as_slice(), file.hash),
            ([7; 32].as_slice(), [7; 32])
        );
        let opened = file.open(&half, &lock(7).key).unwrap();
        assert_eq!(opened.expose(), key.expose());
        assert!(matches!(
            file.open(&half, &lock(8).key),
            Err(Error::WrongKey)
        ));
        assert!(matches!(
            file.open(&key, &lock(7).key),
            Err(Error::WrongKey)
        ));

        let path = folder.path().join(NAME);
        let good = fs::read(&path).unwrap();
        for index in 0..good.len() {
            let mut bad = good.clone();
            bad[index] ^= 1;
            fs::write(&path, &bad).unwrap();
            let opened = RemoteLock::read(folder.path())
                .and_then(|file| file.unwrap().open(&half, &lock(7).key));
            assert!(opened.is_err(), "byte {index}");
        }

        place.unlock(&key).unwrap();
        assert_eq!(RemoteLock::read(folder.path()).unwrap(), None);
        let alone = keyfile::open(&place.key_file, None).unwrap();
        assert_eq!(alone.expose(), key.expose());
        place.unlock(&key).unwrap();
    }
}
