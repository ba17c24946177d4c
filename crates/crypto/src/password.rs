//! Slow derivations: from a password to a key.

use std::num::NonZeroU32;

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Error;

/// What one scrypt derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScryptCost {
    /// Binary logarithm of N; at most 20.
    pub log_n: u8,
    /// Block size; at most 32.
    pub r: u32,
    /// Parallelism; at most 16.
    pub p: u32,
}

/// What one Argon2id derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB; at most 1 GiB.
    pub memory_kib: u32,
    /// Passes over the memory; at most 64.
    pub passes: u32,
    /// Lanes; at most 16.
    pub lanes: u32,
}

/// scrypt (RFC 7914). Fails if the cost is over the limits above, which keep a hostile header
/// from exhausting memory.
pub fn scrypt<const N: usize>(
    password: &[u8],
    salt: &[u8],
    cost: ScryptCost,
) -> Result<Zeroizing<[u8; N]>, Error> {
    if cost.log_n > 20 || cost.r > 32 || cost.p > 16 {
        return Err(Error);
    }
    let params = scrypt::Params::new(cost.log_n, cost.r, cost.p).map_err(|_| Error)?;
    let mut key = Zeroizing::new([0; N]);
    scrypt::scrypt(password, salt, &params, &mut *key).map_err(|_| Error)?;
    Ok(key)
}

/// Argon2id version 1.3 (RFC 9106). Fails if the cost is over the limits above or the salt has
/// fewer than 8 bytes.
pub fn argon2id<const N: usize>(
    password: &[u8],
    salt: &[u8],
    cost: Argon2Cost,
) -> Result<Zeroizing<[u8; N]>, Error> {
    if cost.memory_kib > 1024 * 1024 || cost.passes > 64 || cost.lanes > 16 {
        return Err(Error);
    }
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(N)).map_err(|_| Error)?;
    let mut key = Zeroizing::new([0; N]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut *key)
        .map_err(|_| Error)?;
    Ok(key)
}

/// PBKDF2 with HMAC-SHA-256 (RFC 8018).
pub fn pbkdf2_sha256<const N: usize>(
    password: &[u8],
    salt: &[u8],
    rounds: NonZeroU32,
) -> Zeroizing<[u8; N]> {
    Zeroizing::new(pbkdf2::pbkdf2_hmac_array::<Sha256, N>(
        password,
        salt,
        rounds.get(),
    ))
}
