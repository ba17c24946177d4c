//! Which keys the certificates of a host must have.

use serde::{Deserialize, Serialize};

use crate::api::Base64;

/// Rules for the certificates of hosts.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Domains {
    /// In this order; the first that matches counts.
    pub rules: Vec<Rule>,
}

/// A rule for one name, or for it and all below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The name.
    pub fqdn: String,
    /// For which names.
    pub match_mode: MatchMode,
    /// The keys, one of which a certificate of the chain must have. None means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spkis: Option<Vec<Spki>>,
}

/// For which names a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchMode {
    /// That name alone.
    Exact,
    /// That name and all below it.
    IncludeSubdomains,
}

/// The hash of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spki {
    /// The hash of the certificate's subject public key info.
    pub value: Base64,
    /// How it was made.
    pub algorithm: PinAlgorithm,
}

/// How a key is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinAlgorithm {
    /// SHA-256.
    #[serde(rename = "sha256")]
    Sha256,
}

impl Domains {
    /// The first rule for a host.
    pub fn rule_for(&self, host: &str) -> Option<&Rule> {
        let host = host.trim_end_matches('.');
        self.rules.iter().find(|rule| rule.matches(host))
    }
}

impl Rule {
    fn matches(&self, host: &str) -> bool {
        let name = self.fqdn.trim_end_matches('.');
        if host.eq_ignore_ascii_case(name) {
            return true;
        }
        let (host, name) = (host.to_ascii_lowercase(), name.to_ascii_lowercase());
        self.match_mode == MatchMode::IncludeSubdomains
            && host
                .strip_suffix(&name)
                .is_some_and(|above| above.ends_with('.') && above.len() > 1)
    }

    /// May a host with a key of this hash be talked to?
    pub fn allows(&self, sha256: &[u8; 32]) -> bool {
        self.spkis
            .as_ref()
            .is_none_or(|spkis| spkis.iter().any(|spki| spki.value.0 == sha256))
    }
}
