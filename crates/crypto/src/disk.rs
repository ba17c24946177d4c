//! Sector encryption for files that are changed in place: AES-256-XTS, length preserving.
//!
//! There is no room for a tag in a file whose layout belongs to someone else (`SQLite`), so this
//! hides contents and does not prove them: a thief reads nothing, but somebody who can write the
//! file can garble 16-byte blocks or put back an older sector. Anything that needs a proof takes
//! [`aead`](crate::aead) or [`stream`](crate::stream).

use aes::Aes256;
use aes::cipher::{Array, KeyInit, consts::U32};
use hkdf::Hkdf;
use sha2::Sha256;
use xts_mode::{Xts128, get_tweak_default};
use zeroize::Zeroizing;

use crate::Error;

/// Bytes of one sector: the unit that gets a tweak of its own (IEEE 1619, data unit).
pub const SECTOR_BYTES: usize = 512;

/// Encrypts and decrypts the sectors of one file.
pub struct DiskCipher {
    xts: Xts128<Aes256>,
}

impl DiskCipher {
    /// Derives the two XTS keys of one file from a master key.
    ///
    /// `file` separates files under the same master key (the database from its journals): equal
    /// contents at equal places in two files must not look equal.
    pub fn new(master: &[u8; 32], file: &str) -> Self {
        let mut keys = Zeroizing::new([0u8; 64]);
        Hkdf::<Sha256>::new(Some(b"dreiklang disk v1"), master)
            .expand(file.as_bytes(), keys.as_mut_slice())
            .expect("invariant: 64 bytes are within HKDF-SHA256's 8,160");
        Self::from_xts_keys(&keys)
    }

    /// Encrypts whole sectors in place; the first of them has the number `first` in its file.
    ///
    /// # Errors
    /// If the length is not a multiple of [`SECTOR_BYTES`].
    pub fn encrypt(&self, first: u64, sectors: &mut [u8]) -> Result<(), Error> {
        check_length(sectors)?;
        self.xts
            .encrypt_area(sectors, SECTOR_BYTES, u128::from(first), get_tweak_default);
        Ok(())
    }

    /// Decrypts whole sectors in place; the first of them has the number `first` in its file.
    ///
    /// # Errors
    /// If the length is not a multiple of [`SECTOR_BYTES`].
    pub fn decrypt(&self, first: u64, sectors: &mut [u8]) -> Result<(), Error> {
        check_length(sectors)?;
        self.xts
            .decrypt_area(sectors, SECTOR_BYTES, u128::from(first), get_tweak_default);
        Ok(())
    }

    fn from_xts_keys(keys: &[u8; 64]) -> Self {
        let (data_key, tweak_key) = keys.split_at(32);
        let cipher = |key: &[u8]| {
            let key: &Array<u8, U32> = key
                .try_into()
                .expect("invariant: half of 64 bytes is 32 bytes");
            Aes256::new(key)
        };
        Self {
            xts: Xts128::new(cipher(data_key), cipher(tweak_key)),
        }
    }
}

impl core::fmt::Debug for DiskCipher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DiskCipher(secret)")
    }
}

fn check_length(sectors: &[u8]) -> Result<(), Error> {
    if sectors.len().is_multiple_of(SECTOR_BYTES) {
        Ok(())
    } else {
        Err(Error)
    }
}

#[cfg(test)]
mod tests {
    use super::{DiskCipher, SECTOR_BYTES};

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    /// IEEE 1619-2007, appendix B, vector 10 (XTS-AES-256, data unit 0xff).
    #[test]
    fn matches_the_standards_vector() {
        let keys = bytes::<64>(concat!(
            "2718281828459045235360287471352662497757247093699959574966967627",
            "3141592653589793238462643383279502884197169399375105820974944592",
        ));
        let cipher = DiskCipher::from_xts_keys(&keys);
        let plain: Vec<u8> = (0..=255).chain(0..=255).collect();
        let mut sector = plain.clone();
        cipher.encrypt(0xff, &mut sector).unwrap();
        let start = bytes::<32>("1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b");
        assert_eq!(sector[..32], start);
        cipher.decrypt(0xff, &mut sector).unwrap();
        assert_eq!(sector, plain);
    }

    #[test]
    fn equal_sectors_look_different_by_place_by_file_and_by_key() {
        let sealed = |master: u8, file: &str, first: u64| {
            let mut sectors = vec![7u8; 2 * SECTOR_BYTES];
            DiskCipher::new(&[master; 32], file)
                .encrypt(first, &mut sectors)
                .unwrap();
            sectors
        };
        let main = sealed(1, "main", 0);
        assert_ne!(main[..SECTOR_BYTES], main[SECTOR_BYTES..], "two places");
        assert_eq!(
            main[SECTOR_BYTES..],
            sealed(1, "main", 1)[..SECTOR_BYTES],
            "same place"
        );
        assert_ne!(main, sealed(1, "wal", 0), "two files");
        assert_ne!(main, sealed(2, "main", 0), "two keys");
    }

    #[test]
    fn part_of_a_sector_is_refused() {
        let cipher = DiskCipher::new(&[1; 32], "main");
        assert!(cipher.encrypt(0, &mut [0; 511]).is_err());
        assert!(cipher.decrypt(0, &mut [0; 513]).is_err());
        assert_eq!(format!("{cipher:?}"), "DiskCipher(secret)");
    }
}
