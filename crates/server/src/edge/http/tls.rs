//! TLS for the HTTP door: reads or makes the certificate.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::expiry;
use crate::app::keys;
use crate::config::Settings;
use crate::config::tls::Mode;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] keys::Error),
    /// A PEM file does not hold what it should.
    #[error("{path}: {text}", path = path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        text: String,
    },
    /// Key and certificate do not fit, or the certificate cannot be made.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
}

/// What the configured mode asks for; `None` for a plain door.
pub fn acceptor(settings: &Settings) -> Result<Option<TlsAcceptor>, Error> {
    let (certificate, key) = paths(settings);
    match settings.tls.mode {
        Mode::Off => return Ok(None),
        Mode::SelfSigned if !certificate.exists() && !key.exists() => {
            create_self_signed(settings)?;
        }
        Mode::SelfSigned | Mode::Files => {}
    }
    keys::check_private(&key)?;
    let chain = chain(&certificate)?;
    let key = PrivateKeyDer::from_pem_file(&key).map_err(|error| Error::Pem {
        path: key,
        text: error.to_string(),
    })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| Error::Certificate(error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// The certificate chain and key files of the configuration.
pub fn paths(settings: &Settings) -> (PathBuf, PathBuf) {
    (
        settings.file(&settings.tls.certificate),
        settings.file(&settings.tls.private_key),
    )
}

/// The certificates of a PEM file.
pub fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = |text: String| Error::Pem {
        path: path.to_owned(),
        text,
    };
    let chain = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| pem(error.to_string()))?;
    if chain.is_empty() {
        Err(pem("holds no certificate".to_owned()))
    } else {
        Ok(chain)
    }
}

/// The hash of the key of the certificate in use, as pins have it; `None` for a plain door.
pub fn own_pin(settings: &Settings) -> Result<Option<[u8; 32]>, Error> {
    if settings.tls.mode == Mode::Off {
        return Ok(None);
    }
    let path = paths(settings).0;
    let chain = chain(&path)?;
    let pin = chain.first().and_then(|it| expiry::pin(it));
    pin.map(Some).ok_or_else(|| Error::Pem {
        path,
        text: "holds no certificate that can be read".to_owned(),
    })
}

/// Makes a certificate for the public host and this machine.
pub fn create_self_signed(settings: &Settings) -> Result<(), Error> {
    let (certificate, key) = paths(settings);
    let refused = |error: rcgen::Error| Error::Certificate(error.to_string());
    let mut names = vec![settings.chat.public_host.clone()];
    if let Some(host) = host_of(&settings.api.public_url) {
        names.push(host.to_owned());
    }
    names.extend(LOOPBACK.map(str::to_owned));
    names.sort();
    names.dedup();
    let mut params = CertificateParams::new(names).map_err(refused)?;
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, settings.name.clone());
    let pair = KeyPair::generate().map_err(refused)?;
    let signed = params.self_signed(&pair).map_err(refused)?;
    for path in [&certificate, &key] {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| keys::Error::Io {
                path: folder.to_owned(),
                source,
            })?;
        }
    }
    keys::write_private(&key, pair.serialize_pem().as_bytes())?;
    keys::write_private(&certificate, signed.pem().as_bytes())?;
    Ok(())
}

/// The host of a URL, without port and brackets.
fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    match authority.strip_prefix('[') {
        Some(v6) => v6.split_once(']').map(|(host, _)| host),
        None => authority.split(':').next().filter(|host| !host.is_empty()),
    }
}

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn the_host_of_a_url_is_found() {
        assert_eq!(host_of("https://example.org:8443/x"), Some("example.org"));
        assert_eq!(host_of("https://[2001:db8::1]:1/"), Some("2001:db8::1"));
        assert_eq!(host_of("https://10.0.0.1"), Some("10.0.0.1"));
        assert_eq!(host_of("nonsense"), None);
    }
}
