//! Revoking an identity by a password that was set beforehand.

use dreiklang_crypto::kdf;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{api::Base64, calendar, id::Identity, spec};

/// What the server keeps of a revocation password. Only 32 bits: whoever checks it must limit the
/// rate hard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RevocationKey(pub [u8; spec::REVOCATION_KEY_BYTES]);

impl RevocationKey {
    /// Derives it from the password.
    pub fn from_password(password: &str) -> Self {
        let [a, b, c, d, ..] = kdf::sha256(password.as_bytes());
        Self([a, b, c, d])
    }
}

impl core::fmt::Debug for RevocationKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RevocationKey(..)")
    }
}

impl Serialize for RevocationKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Base64(self.0.to_vec()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RevocationKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Base64(bytes) = Base64::deserialize(deserializer)?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| serde::de::Error::custom("bad revocation key"))
    }
}

/// Sets the revocation key of the own identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetRevocationKeyRequest {
    /// The own identity.
    pub identity: Identity,
    /// The key.
    pub revocation_key: RevocationKey,
}

/// Revokes an identity without its secret key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeByKeyRequest {
    /// The identity.
    pub identity: Identity,
    /// The key that was set for it.
    pub revocation_key: RevocationKey,
}

/// Whether a revocation key is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckRevocationKeyReply {
    /// Is one set?
    pub revocation_key_set: bool,
    /// Since when, see [`time_with_offset`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_changed: Option<String>,
}

/// A time as clients parse it in [`CheckRevocationKeyReply`]: `2026-01-02T03:04:05+0000`. The
/// published example ends in `Z`, which a shipping client cannot read.
pub fn time_with_offset(seconds_since_1970: u32) -> String {
    let seconds = i64::from(seconds_since_1970);
    let days = seconds.div_euclid(86_400);
    let (year, month, day) = calendar::civil_date(days);
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute) = (
        of_day.div_euclid(3600),
        of_day.div_euclid(60).rem_euclid(60),
    );
    let second = of_day.rem_euclid(60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+0000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_numeric_offset() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00+0000"),
            (951_782_399, "2000-02-28T23:59:59+0000"),
            (951_782_400, "2000-02-29T00:00:00+0000"),
            (1_487_175_172, "2017-02-15T16:12:52+0000"),
            (1_767_323_045, "2026-01-02T03:04:05+0000"),
            (u32::MAX, "2106-02-07T06:28:15+0000"),
        ] {
            assert_eq!(time_with_offset(seconds), text);
        }
    }

    #[test]
    fn revocation_keys_are_four_bytes() {
        // SHA-256 of the empty text begins with e3b0c442.
        assert_eq!(RevocationKey::from_password("").0, [0xe3, 0xb0, 0xc4, 0x42]);
        assert!(serde_json::from_str::<RevocationKey>("\"47DEQg==\"").is_ok());
        assert!(serde_json::from_str::<RevocationKey>("\"47DE\"").is_err());
    }
}
