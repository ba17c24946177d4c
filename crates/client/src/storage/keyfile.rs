//! The key file: the random key of the database, wrapped by a passphrase or lying open.
//!
//! Layout, all numbers little-endian:
//!
//! ```text
//! magic            8  "DKLNGKEY"
//! version          1  1
//! kind             1  0 = open, 1 = passphrase
//! kind 0: key     32 || SHA-256 of everything before  32
//! kind 1: memory KiB u32 || passes u32 || lanes u32 || salt 16 || sealed 72
//! ```
//!
//! `sealed` is the key under XChaCha20-Poly1305 with everything before it as associated bytes, so
//! that no parameter can be changed without notice.

use std::io::ErrorKind;
use std::path::Path;

use dreiklang_crypto::password::{Argon2Cost, argon2id};
use dreiklang_crypto::{CryptoRng, Zeroizing, aead, constant_time_eq, kdf, random};

use super::files;
use crate::error::Error;

/// What a passphrase costs: 64 MiB and three passes (RFC 9106, section 4, second choice, with one
/// lane because a phone-sized machine gains nothing from four).
const COST: Argon2Cost = Argon2Cost {
    memory_kib: 64 * 1024,
    passes: 3,
    lanes: 1,
};
/// A file that asks for more than this is damaged or hostile.
const COST_MAX: Argon2Cost = Argon2Cost {
    memory_kib: 1024 * 1024,
    passes: 16,
    lanes: 8,
};
const MAGIC: &[u8; 8] = b"DKLNGKEY";
const VERSION: u8 = 1;
const OPEN: u8 = 0;
const PASSPHRASE: u8 = 1;
const SALT_BYTES: usize = 16;
const FILE_BYTES_MAX: usize = 256;

/// A passphrase as a person typed it; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes over the text. An empty passphrase is refused: it would look like protection.
    pub fn new(text: String) -> Option<Self> {
        let text = Zeroizing::new(text);
        (!text.is_empty()).then_some(Self(text))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(secret)")
    }
}

/// The key of the database file.
#[derive(Clone)]
pub struct DatabaseKey(Zeroizing<[u8; 32]>);

impl DatabaseKey {
    /// Makes a fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Zeroizing::new(random(rng)))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(secret)")
    }
}

/// Whether opening this key file takes a passphrase.
pub fn needs_passphrase(path: &Path) -> Result<bool, Error> {
    Ok(matches!(parse(&read(path)?)?, Wrapped::Passphrase { .. }))
}

/// Writes the key, wrapped by the passphrase if there is one.
pub fn write(
    path: &Path,
    key: &DatabaseKey,
    passphrase: Option<&Passphrase>,
    rng: &mut impl CryptoRng,
) -> Result<(), Error> {
    write_with(path, key, passphrase, COST, rng)
}

fn write_with(
    path: &Path,
    key: &DatabaseKey,
    passphrase: Option<&Passphrase>,
    cost: Argon2Cost,
    rng: &mut impl CryptoRng,
) -> Result<(), Error> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX));
    bytes.extend_from_slice(MAGIC);
    bytes.push(VERSION);
    if let Some(passphrase) = passphrase {
        bytes.push(PASSPHRASE);
        for number in [cost.memory_kib, cost.passes, cost.lanes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        let salt: [u8; SALT_BYTES] = random(rng);
        bytes.extend_from_slice(&salt);
        let wrapping = wrapping_key(passphrase, &salt, cost)?;
        let sealed = wrapping.seal(rng, &bytes, key.expose());
        bytes.extend_from_slice(&sealed);
    } else {
        bytes.push(OPEN);
        bytes.extend_from_slice(key.expose());
        let check = kdf::sha256(&bytes);
        bytes.extend_from_slice(&check);
    }
    files::replace(path, &bytes).map_err(|cause| Error::file(path, cause))
}

/// Reads the key, asking the passphrase if the file says that there is one.
pub fn open(path: &Path, passphrase: Option<&Passphrase>) -> Result<DatabaseKey, Error> {
    let bytes = read(path)?;
    match parse(&bytes)? {
        Wrapped::Open(key) => Ok(DatabaseKey(Zeroizing::new(*key))),
        Wrapped::Passphrase {
            cost,
            salt,
            header,
            sealed,
        } => {
            let passphrase = passphrase.ok_or(Error::PassphraseNeeded)?;
            let opened = wrapping_key(passphrase, salt, cost)?
                .open(header, sealed)
                .map_err(|_| Error::WrongPassphrase)?;
            let key = opened
                .as_slice()
                .try_into()
                .map_err(|_| Error::KeyFileDamaged)?;
            Ok(DatabaseKey(Zeroizing::new(key)))
        }
    }
}

fn wrapping_key(
    passphrase: &Passphrase,
    salt: &[u8; SALT_BYTES],
    cost: Argon2Cost,
) -> Result<aead::Key, Error> {
    let key =
        argon2id::<32>(passphrase.0.as_bytes(), salt, cost).map_err(|_| Error::KeyFileDamaged)?;
    Ok(aead::Key::from_bytes(*key))
}

enum Wrapped<'a> {
    Open(&'a [u8; 32]),
    Passphrase {
        cost: Argon2Cost,
        salt: &'a [u8; SALT_BYTES],
        header: &'a [u8],
        sealed: &'a [u8],
    },
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = files::read(path).map(Zeroizing::new).map_err(|cause| {
        if cause.kind() == ErrorKind::NotFound {
            Error::KeyFileMissing(path.to_owned())
        } else {
            Error::file(path, cause)
        }
    })?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Error::KeyFileDamaged);
    }
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Wrapped<'_>, Error> {
    parse_inner(bytes).ok_or(Error::KeyFileDamaged)
}

fn parse_inner(bytes: &[u8]) -> Option<Wrapped<'_>> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (&[VERSION, kind], rest) = rest.split_first_chunk()? else {
        return None;
    };
    if kind == OPEN {
        let (key, check) = rest.split_first_chunk()?;
        let covered = bytes.get(..bytes.len().checked_sub(check.len())?)?;
        return constant_time_eq(check, &kdf::sha256(covered)).then_some(Wrapped::Open(key));
    }
    if kind != PASSPHRASE {
        return None;
    }
    let (memory_kib, rest) = rest.split_first_chunk()?;
    let (passes, rest) = rest.split_first_chunk()?;
    let (lanes, rest) = rest.split_first_chunk()?;
    let (salt, sealed) = rest.split_first_chunk()?;
    let cost = Argon2Cost {
        memory_kib: u32::from_le_bytes(*memory_kib),
        passes: u32::from_le_bytes(*passes),
        lanes: u32::from_le_bytes(*lanes),
    };
    let is_sane = cost.memory_kib <= COST_MAX.memory_kib
        && (1..=COST_MAX.passes).contains(&cost.passes)
        && (1..=COST_MAX.lanes).contains(&cost.lanes);
    let header = bytes.get(..bytes.len().checked_sub(sealed.len())?)?;
    is_sane.then_some(Wrapped::Passphrase {
        cost,
        salt,
        header,
        sealed,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use dreiklang_crypto::SeededRng;

    use super::*;

    const CHEAP: Argon2Cost = Argon2Cost {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };

    fn phrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    #[test]
    fn a_key_comes_back_with_and_without_a_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyfile");
        let mut rng = SeededRng::new(1);
        let key = DatabaseKey::generate(&mut rng);
        write(&path, &key, None, &mut rng).unwrap();
        assert!(!needs_passphrase(&path).unwrap());
        assert_eq!(open(&path, None).unwrap().expose(), key.expose());

        write_with(&path, &key, Some(&phrase("correct horse")), CHEAP, &mut rng).unwrap();
        assert!(needs_passphrase(&path).unwrap());
        let opened = open(&path, Some(&phrase("correct horse"))).unwrap();
        assert_eq!(opened.expose(), key.expose());
        assert!(matches!(open(&path, None), Err(Error::PassphraseNeeded)));
        let wrong = open(&path, Some(&phrase("battery staple")));
        assert!(matches!(wrong, Err(Error::WrongPassphrase)));
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyfile");
        let mut rng = SeededRng::new(2);
        let key = DatabaseKey::generate(&mut rng);
        let passphrase = phrase("p");
        for protection in [None, Some(&passphrase)] {
            write_with(&path, &key, protection, CHEAP, &mut rng).unwrap();
            let good = fs::read(&path).unwrap();
            for index in 0..good.len() {
                let mut bad = good.clone();
                bad[index] ^= 1;
                fs::write(&path, &bad).unwrap();
                assert!(open(&path, protection).is_err(), "byte {index}");
            }
            for length in 0..good.len() {
                fs::write(&path, &good[..length]).unwrap();
                assert!(open(&path, protection).is_err(), "length {length}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyfile");
        let mut rng = SeededRng::new(3);
        write(&path, &DatabaseKey::generate(&mut rng), None, &mut rng).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", phrase("hunter2")), "Passphrase(secret)");
        let key = DatabaseKey::generate(&mut SeededRng::new(4));
        assert_eq!(format!("{key:?}"), "DatabaseKey(secret)");
        assert!(Passphrase::new(String::new()).is_none());
    }
}
