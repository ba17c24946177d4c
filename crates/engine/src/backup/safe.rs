//! A Safe backup as it lies on the server: a name and a key from the password, and the sealed
//! document (safe-backup.schema.yml).

use std::fmt;

use dreiklang_crypto::{
    CryptoRng, NONCE_BYTES, SharedKey, Zeroizing,
    password::{ScryptCost, scrypt},
    random,
};
use dreiklang_wire::{api::safe::BackupId, id::Identity};

use super::{BackupFault, document::Document, gzip};

/// What the schema fixes.
const COST: ScryptCost = ScryptCost {
    log_n: 16,
    r: 8,
    p: 1,
};
/// The largest backup that is looked at, and the largest document in one.
pub(crate) const BYTES_MAX: usize = 16 * 1024 * 1024;
/// Sizes of documents are multiples of this, so that a new contact does not show.
const BUCKET_BYTES: usize = 4096;

/// Where a backup is and what opens it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SafeKeys {
    pub(crate) id: BackupId,
    pub(crate) key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for SafeKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SafeKeys(…)")
    }
}

impl SafeKeys {
    /// Takes about a fifth of a second and 64 MiB.
    pub(crate) fn derive(password: &str, identity: Identity) -> Self {
        let both = scrypt::<64>(password.as_bytes(), identity.as_bytes(), COST)
            .expect("invariant: the cost is a constant below the limits");
        let (id, key) = both.split_at(32);
        let mut keys = Self {
            id: BackupId([0; 32]),
            key: Zeroizing::new([0; 32]),
        };
        keys.id.0.copy_from_slice(id);
        keys.key.copy_from_slice(key);
        keys
    }

    /// What is uploaded: nonce, then box.
    pub(crate) fn seal(&self, document: &Document, rng: &mut (impl CryptoRng + ?Sized)) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random(rng);
        let wrapped = Zeroizing::new(gzip::stored(&padded(document.to_json())));
        let sealed = SharedKey::from_bytes(*self.key).seal(&nonce, &wrapped);
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`seal`](Self::seal) made, or another app.
    pub(crate) fn open(&self, bytes: &[u8]) -> Result<Document, BackupFault> {
        if bytes.len() > BYTES_MAX {
            return Err(BackupFault::TooLarge);
        }
        let (nonce, sealed) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(BackupFault::Damaged)?;
        let wrapped = SharedKey::from_bytes(*self.key)
            .open(nonce, sealed)
            .map(Zeroizing::new)
            .map_err(|_| BackupFault::Damaged)?;
        Document::from_json(&Zeroizing::new(gzip::unpacked(&wrapped, BYTES_MAX)?))
    }
}

/// White space behind JSON is part of no value, so every reader skips it.
fn padded(mut json: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    let size = json.len().next_multiple_of(BUCKET_BYTES);
    // Growing in place could leave a copy of the key behind in freed memory.
    let mut padded = Zeroizing::new(Vec::with_capacity(size));
    padded.append(&mut json);
    padded.resize(size, b' ');
    padded
}

#[cfg(test)]
mod tests {
    use dreiklang_crypto::{SecretKey, SeededRng};

    use super::*;

    fn document() -> Document {
        Document::new("test".to_owned(), &SecretKey::from_bytes([7; 32]))
    }

    #[test]
    fn the_derivation_is_that_of_other_apps() {
        let keys = SafeKeys::derive("shootdeathstar", "ECHOECHO".parse().unwrap());
        assert_eq!(
            keys.id.to_hex(),
            "066384d3695fbbd9f31a7d533900fd0cd8d1373beb6a28678522d2a49980c9c3"
        );
        assert_eq!(
            BackupId(*keys.key).to_hex(),
            "51c3d8d752fb6e1fd3199ead7f0895d6e3893ff691f2a5ee1976ed0897fc2f66"
        );
    }

    #[test]
    fn sizes_come_in_buckets_and_damage_is_noticed() {
        let keys = SafeKeys {
            id: BackupId([1; 32]),
            key: Zeroizing::new([2; 32]),
        };
        let mut rng = SeededRng::new(1);
        let sealed = keys.seal(&document(), &mut rng);
        let mut longer = document();
        longer.user.nickname = Some("somebody with a name".to_owned());
        assert_eq!(keys.seal(&longer, &mut rng).len(), sealed.len());
        assert_eq!(keys.open(&sealed).unwrap(), document());
        assert_eq!(keys.open(&keys.seal(&longer, &mut rng)).unwrap(), longer);

        for at in [0, 24, 40, sealed.len() - 1] {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert_eq!(keys.open(&bad), Err(BackupFault::Damaged));
        }
        assert_eq!(keys.open(&[]), Err(BackupFault::Damaged));
        assert_eq!(
            keys.open(&vec![0; BYTES_MAX + 1]),
            Err(BackupFault::TooLarge)
        );
        let bare = SharedKey::from_bytes(*keys.key).seal(&[0; 24], b"{}");
        assert_eq!(
            keys.open(&[&[0; 24][..], &bare].concat()),
            Err(BackupFault::Damaged)
        );
    }
}
