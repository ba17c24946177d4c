//! The section `[provisioning]`: the signed file that tells the apps of a closed instance where
//! everything is and which keys to trust.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dreiklang_crypto::sign::VerifyingKey;

use super::Problem;
use super::section::section;

section! {
    /// The signed file for the apps of a closed instance (OPPF). An open instance has none.
    pub struct Provisioning {
        /// The file that is served, as `dreiklang-server oppf publish` writes it.
        pub file: String = "file:provisioning/config.oppf".to_owned(),
        /// The key that signs it, if it may live on this machine: then the server signs by itself,
        /// at the start and before the end of the licence. Empty means: it is signed elsewhere.
        pub signing_key: String = String::new(),
        /// The public keys that the apps of this instance trust, in Base64. Empty means: the one
        /// of `signing_key`.
        pub trusted_keys: Vec<String> = Vec::new(),
        /// Seconds after which apps fetch the file again, at least 1800.
        pub refresh_s: u32 = 86_400,
        /// The id of the licence that apps show. Empty means: the name of the instance.
        pub license_id: String = String::new(),
        /// Days from the signature on until the licence in the file ends. Apps do nothing after
        /// that, so a file that is signed elsewhere must be replaced in time.
        pub license_valid_days: u32 = 365,
        /// Identities that may be in use at the same time, over all organisations. 0 means: as
        /// many as the organisations have.
        pub license_count: u32 = 0,
        /// Whether apps accept only certificates with a key that the file names: that of the
        /// certificate in use (unless `tls.mode = "off"`) and those of `pins`.
        pub pin: bool = true,
        /// Further keys that certificates may have, as SHA-256 of the SubjectPublicKeyInfo in
        /// Base64: the key of the next certificate, weeks before it is used; and with
        /// `tls.mode = "off"` that of the proxy.
        pub pins: Vec<String> = Vec::new(),
    }
}

impl Provisioning {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        if self.file.is_empty() {
            problems.push(Problem::new("provisioning.file", "must name a file"));
        }
        if self.refresh_s < 1800 {
            problems.push(Problem::new(
                "provisioning.refresh_s",
                "must be at least 1800: apps do not ask more often",
            ));
        }
        if !(7..=36_500).contains(&self.license_valid_days) {
            problems.push(Problem::new(
                "provisioning.license_valid_days",
                "must be between 7 and 36500",
            ));
        }
        if self.license_id.chars().count() > 64 {
            problems.push(Problem::new(
                "provisioning.license_id",
                "must have at most 64 characters",
            ));
        }
        if self.trusted_keys.iter().any(|it| key(it).is_none()) {
            problems.push(Problem::new(
                "provisioning.trusted_keys",
                "each must be an Ed25519 public key of 32 bytes in Base64",
            ));
        }
        if self.pins.iter().any(|it| hash(it).is_none()) {
            problems.push(Problem::new(
                "provisioning.pins",
                "each must be a SHA-256 hash of 32 bytes in Base64",
            ));
        }
        if self.pins.len() > PINS_MAX || self.trusted_keys.len() > PINS_MAX {
            problems.push(Problem::new(
                "provisioning.pins",
                "at most 8 pins and at most 8 trusted keys can be named",
            ));
        }
    }

    /// The trusted keys that are written down.
    pub fn trusted(&self) -> Vec<VerifyingKey> {
        self.trusted_keys.iter().filter_map(|it| key(it)).collect()
    }

    /// The further pins.
    pub fn further_pins(&self) -> Vec<[u8; 32]> {
        self.pins.iter().filter_map(|it| hash(it)).collect()
    }
}

fn key(text: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&hash(text)?).ok()
}

fn hash(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

const PINS_MAX: usize = 8;
