//! A small HTTP client: one connection per exchange, TLS, no redirects, no cookies, no cache.
//!
//! Bodies and headers carry tokens and credentials: nothing here logs them.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_engine::{
    Authorization, HttpFault, HttpRequest, HttpResponse, HttpResult, Method, Service,
};
use dreiklang_wire::api::instance::Instance;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::error::Error;
use crate::net::address::Address;
use crate::net::pins::{self, Pins};

/// From the first byte of the connection to the last of the answer (`protocol.md` A1.1).
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);
/// The largest answer of a directory that makes sense: keys of some thousand identities.
pub(crate) const RESPONSE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What this program calls itself.
pub(crate) const AGENT: &str = concat!("dreiklang/", env!("CARGO_PKG_VERSION"));

/// Speaks to the services of one instance.
#[derive(Clone)]
pub(crate) struct Http {
    tls: TlsConnector,
    directory: Address,
    work: Address,
    safe: Address,
}

impl Http {
    /// Speaks to the services of an instance, whose certificates must have the pinned keys.
    pub(crate) fn of_instance(
        instance: &Instance,
        pins: Option<&Arc<Pins>>,
    ) -> Result<Self, Error> {
        let roots = roots(instance.ca_certificate.as_deref())?;
        let directory = Address::base(&instance.directory_url)?;
        let or_directory = |url: &Option<String>| match url {
            Some(url) => Address::base(url),
            None => Ok(directory.clone()),
        };
        Ok(Self {
            tls: connector(roots, pins)?,
            work: or_directory(&instance.work_url)?,
            safe: or_directory(&instance.safe_url)?,
            directory,
        })
    }

    /// Speaks to one base address. Trusts the public certificate authorities and, if there is one,
    /// the instance's own.
    pub(crate) fn new(
        base: &str,
        own_authority_pem: Option<&str>,
        pins: Option<&Arc<Pins>>,
    ) -> Result<Self, Error> {
        let base = Address::base(base)?;
        Ok(Self {
            tls: connector(roots(own_authority_pem)?, pins)?,
            work: base.clone(),
            safe: base.clone(),
            directory: base,
        })
    }

    /// One request and its answer, whatever its status; a redirect is an answer like any other.
    pub(crate) async fn exchange(&self, request: HttpRequest) -> HttpResult {
        match tokio::time::timeout(TIMEOUT, self.exchange_unlimited(request)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(HttpFault::TimedOut),
        }
    }

    async fn exchange_unlimited(&self, request: HttpRequest) -> HttpResult {
        let own;
        let base = match &request.service {
            Service::Directory => &self.directory,
            Service::Work => &self.work,
            Service::Safe => &self.safe,
            Service::At(url) => {
                own = Address::base(url).map_err(|_| HttpFault::Unreachable)?;
                &own
            }
        };
        let stream = self.connect(base).await?;
        exchange_over(stream, http_request(base, request)?).await
    }

    /// A connection to where an address leads, encrypted if the address says so.
    pub(crate) async fn connect(&self, address: &Address) -> Result<Line, HttpFault> {
        let unreachable = |_| HttpFault::Unreachable;
        let host = address.bare_host();
        let stream = TcpStream::connect((host, address.port))
            .await
            .map_err(unreachable)?;
        if !address.is_tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| HttpFault::Unreachable)?;
        let stream = self.tls.connect(name, stream).await.map_err(unreachable)?;
        Ok(Box::new(stream))
    }
}

/// Bytes in both directions, encrypted or not.
pub(crate) trait Bidirectional: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Bidirectional for S {}

/// A connection.
pub(crate) type Line = Box<dyn Bidirectional>;

async fn exchange_over(stream: Line, request: Request<Full<Bytes>>) -> HttpResult {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| HttpFault::Unreachable)?;
    let exchange = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(|_| HttpFault::Unreachable)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), RESPONSE_BYTES_MAX)
            .collect()
            .await
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    HttpFault::TooLarge
                } else {
                    HttpFault::Unreachable
                }
            })?;
        Ok(HttpResponse {
            status,
            body: body.to_bytes().into(),
        })
    };
    // The connection moves only while it is polled; it ends with the exchange.
    tokio::pin!(connection);
    tokio::pin!(exchange);
    let mut is_open = true;
    loop {
        tokio::select! {
            result = &mut exchange => return result,
            _closed = &mut connection, if is_open => is_open = false,
        }
    }
}

fn http_request(base: &Address, request: HttpRequest) -> Result<Request<Full<Bytes>>, HttpFault> {
    let method = match request.method {
        Method::Get => hyper::Method::GET,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Delete => hyper::Method::DELETE,
    };
    let mut builder = Request::builder();
    match &request.authorization {
        Authorization::Nobody => {}
        // The server takes the credentials themselves wherever it takes a token for them.
        Authorization::Basic(license) | Authorization::Token(license) => {
            builder = builder.header(AUTHORIZATION, license.basic());
        }
    }
    builder
        .method(method)
        .uri(format!("{}{}", base.path, request.path))
        .header(HOST, base.host_header())
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, request.content_type)
        .header(CONTENT_TYPE, request.content_type)
        .header(CONNECTION, "close")
        .body(Full::new(Bytes::from(request.body)))
        // Only a path that is no path gets here: nothing was sent.
        .map_err(|_| HttpFault::Unreachable)
}

fn roots(own_authority_pem: Option<&str>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let Some(pem) = own_authority_pem else {
        return Ok(roots);
    };
    let bad = |_| Error::Instance("the CA certificate cannot be read".to_owned());
    let count = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots
            .add(certificate.map_err(bad)?)
            .map_err(|_| Error::Instance("the CA certificate is not one".to_owned()))?;
    }
    if roots.len() == count {
        return Err(Error::Instance("the CA certificate is empty".to_owned()));
    }
    Ok(roots)
}

fn connector(roots: RootCertStore, pins: Option<&Arc<Pins>>) -> Result<TlsConnector, Error> {
    let bad = |error: rustls::Error| Error::Instance(error.to_string());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(bad)?;
    let config = match pins {
        None => builder.with_root_certificates(roots).with_no_client_auth(),
        Some(pins) => builder
            .dangerous()
            .with_custom_certificate_verifier(pins::verifier(roots, provider, pins)?)
            .with_no_client_auth(),
    };
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests;
