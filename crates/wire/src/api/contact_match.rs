//! Finding contacts by the hashes of their addresses and numbers (directory.openapi.yml, match).
//!
//! The hashes of a reply are byte for byte those of the request: clients look them up as text.

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Base64, text};
use crate::{Error, Result, id::Identity, spec};

/// The paths below the base URL, which ends with a slash.
pub mod path {
    /// POST, two rounds: [`IdentityRequest`](crate::api::directory::IdentityRequest).
    pub const MATCH_TOKEN: &str = "identity/match_token";
    /// POST: [`MatchRequest`](super::MatchRequest).
    pub const MATCH: &str = "identity/match";
}

/// What a match is asked with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchToken {
    /// The token.
    pub match_token: String,
}

impl core::fmt::Debug for MatchToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MatchToken(..)")
    }
}

/// Asks who has these addresses and numbers.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchRequest {
    /// See [`MatchToken`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_token: Option<String>,
    /// Hashes of addresses, base64.
    #[serde(default, deserialize_with = "list_or_nothing")]
    pub email_hashes: Vec<String>,
    /// Hashes of numbers, base64.
    #[serde(default, deserialize_with = "list_or_nothing")]
    pub mobile_no_hashes: Vec<String>,
    /// People that have not been seen for months, too?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_inactive: Option<bool>,
}

fn list_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl MatchRequest {
    /// More than one address book has is refused, not cut: a client would take whoever is cut off
    /// for somebody without an identity.
    pub fn check(&self) -> Result<()> {
        let lists = [&self.email_hashes, &self.mobile_no_hashes];
        if lists
            .into_iter()
            .any(|hashes| hashes.len() > spec::MATCH_HASHES_MAX)
        {
            return Err(Error::TooLong);
        }
        Ok(())
    }
}

/// The bytes of a hash as it stands in a request; nothing if it is none, which then matches nobody.
pub fn hash(text: &str) -> Option<[u8; 32]> {
    let value = serde_json::Value::from(text);
    serde_json::from_value::<Base64>(value)
        .ok()?
        .0
        .try_into()
        .ok()
}

/// A hash as it stands in a request.
pub fn hash_text(hash: &[u8; 32]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(hash)
}

/// Who has which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchReply {
    /// Seconds until the client asks again.
    pub check_interval: u32,
    /// Who was found.
    pub identities: Vec<Match>,
}

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Match {
    /// The identity.
    pub identity: Identity,
    /// The public key.
    #[serde(with = "text::public_key")]
    pub public_key: PublicKey,
    /// The address that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_hash: Option<String>,
    /// The number that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_no_hash: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_read_tolerantly_and_limited() {
        let mut request: MatchRequest = serde_json::from_value(json!({
            "matchToken": "t", "emailHashes": ["AQ=="], "mobileNoHashes": null, "includeInactive": true
        }))
        .unwrap();
        assert_eq!(request.check(), Ok(()));
        assert!(request.mobile_no_hashes.is_empty());
        request.email_hashes = vec![String::new(); spec::MATCH_HASHES_MAX + 1];
        assert_eq!(request.check(), Err(Error::TooLong));
    }

    #[test]
    fn hashes_are_texts_of_32_bytes() {
        assert_eq!(hash(&hash_text(&[7; 32])), Some([7; 32]));
        assert_eq!(hash("AQ=="), None);
        assert_eq!(hash("?"), None);
    }
}
