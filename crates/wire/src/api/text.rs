//! Binary values in JSON: base64 text.

use core::fmt;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes padding, and reads text with or without.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes that are base64 text in JSON. They do not print, for some are proofs.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Base64(pub Vec<u8>);

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

impl Base64 {
    /// The text, for places that are not JSON: headers.
    pub fn to_text(&self) -> String {
        ENGINE.encode(&self.0)
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ENGINE
            .decode(text.trim())
            .map(Self)
            .map_err(|_| serde::de::Error::custom("not base64"))
    }
}

/// Public keys, for `#[serde(with = "…")]`. Unacceptable keys do not parse.
pub(crate) mod public_key {
    use dreiklang_crypto::PublicKey;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::Base64;

    pub(crate) fn serialize<S: Serializer>(
        key: &PublicKey,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Base64(key.as_bytes().to_vec()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<PublicKey, D::Error> {
        let Base64(bytes) = Base64::deserialize(deserializer)?;
        PublicKey::try_from(bytes.as_slice()).map_err(|_| D::Error::custom("bad public key"))
    }
}

/// Optional public keys, for `#[serde(with = "…", default)]`.
pub(super) mod optional_public_key {
    use dreiklang_crypto::PublicKey;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::Base64;

    #[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
    pub(in crate::api) fn serialize<S: Serializer>(
        key: &Option<PublicKey>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        key.map(|key| Base64(key.as_bytes().to_vec()))
            .serialize(serializer)
    }

    pub(in crate::api) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<PublicKey>, D::Error> {
        Option::<Base64>::deserialize(deserializer)?
            .map(|Base64(bytes)| PublicKey::try_from(bytes.as_slice()))
            .transpose()
            .map_err(|_| D::Error::custom("bad public key"))
    }
}
