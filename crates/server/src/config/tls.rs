//! The section `[tls]`: how the HTTP interface is encrypted.

use serde::{Deserialize, Serialize};

use super::Problem;
use super::section::section;

/// Where the certificate of the HTTP interface comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A certificate and a key in two PEM files.
    Files,
    /// A certificate of our own, made for the public host and for this machine.
    SelfSigned,
    /// No TLS: a proxy in front does it.
    Off,
}

section! {
    /// TLS of the HTTP interface. The chat server has an encryption of its own and needs none.
    pub struct Tls {
        /// "files": certificate and key in PEM files. "self-signed": made by the server, clients
        /// learn it from the instance file. "off": a proxy in front of the server does TLS.
        pub mode: Mode = Mode::SelfSigned,
        /// The certificate chain (PEM). A relative path starts in `data_dir`.
        pub certificate: String = "file:keys/tls.crt".to_owned(),
        /// The private key of the certificate (PEM). A relative path starts in `data_dir`.
        pub private_key: String = "file:keys/tls.key".to_owned(),
    }
}

impl Tls {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        for (key, value) in [
            ("tls.certificate", &self.certificate),
            ("tls.private_key", &self.private_key),
        ] {
            if self.mode != Mode::Off && !value.starts_with("file:") {
                problems.push(Problem::new(key, "must be `file:` and a path"));
            }
        }
    }
}
