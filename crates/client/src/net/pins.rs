//! Certificates must have the keys that the provisioning file names, besides being valid
//! (oppf.schema.yml, `domains`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dreiklang_crypto::kdf::sha256;
use dreiklang_wire::oppf::Domains;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::error::Error;

/// The rules of an instance, and whether a server broke one.
#[derive(Debug)]
pub(crate) struct Pins {
    domains: Domains,
    is_broken: AtomicBool,
}

impl Pins {
    pub(crate) fn new(domains: Domains) -> Self {
        Self {
            domains,
            is_broken: AtomicBool::new(false),
        }
    }

    /// Whether a certificate did not have its key since the last question.
    pub(crate) fn take_broken(&self) -> bool {
        self.is_broken.swap(false, Ordering::Relaxed)
    }

    fn allows(&self, host: &str, chain: &[&CertificateDer<'_>]) -> Result<bool, rustls::Error> {
        let Some(rule) = self.domains.rule_for(host) else {
            return Ok(true);
        };
        for certificate in chain {
            let key = ParsedCertificate::try_from(*certificate)?.subject_public_key_info();
            if rule.allows(&sha256(&key)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Checks certificates as usual, then their keys.
pub(crate) fn verifier(
    roots: RootCertStore,
    provider: Arc<CryptoProvider>,
    pins: &Arc<Pins>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| Error::Instance(error.to_string()))?;
    let pins = Arc::clone(pins);
    Ok(Arc::new(Pinned { usual, pins }))
}

#[derive(Debug)]
struct Pinned {
    usual: Arc<WebPkiServerVerifier>,
    pins: Arc<Pins>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.usual.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        // Only the key of the server itself is proven by the handshake and by this chain; what else
        // a server sends along proves nothing, so a pin on an authority's key does not count here.
        if self.pins.allows(&server_name.to_str(), &[end_entity])? {
            return Ok(verified);
        }
        self.pins.is_broken.store(true, Ordering::Relaxed);
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
