//! Requests to servers of others: one at a time, no redirects, nothing kept.
//!
//! Whoever calls decides which hosts may be called; nobody here follows an answer to another one
//! (reliability.md 2.3, SSRF).

use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderValue};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// What it takes to call.
pub struct Outbound {
    tls: TlsConnector,
}

/// What came back, without what was in it.
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The head.
    pub headers: HeaderMap,
}

impl Outbound {
    /// Trusts the public authorities.
    pub fn new() -> anyhow::Result<Self> {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    /// One request. Its target is put into it here. Errors of the network name hosts and ports,
    /// never what is sent or where.
    pub async fn call(
        &self,
        uri: &Uri,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Answered, String> {
        let host = uri.host().ok_or("the address has no host")?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let is_tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |it| it.as_str());
        *request.uri_mut() = path.parse().map_err(|_| "the address is malformed")?;
        let authority = uri.authority().map_or("", |it| it.as_str());
        let authority = HeaderValue::from_str(authority).map_err(|_| "the host is malformed")?;
        let headers = request.headers_mut();
        headers.insert(HOST, authority);
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let told = |error: std::io::Error| error.to_string();
        let stream = TcpStream::connect((host.as_str(), port))
            .await
            .map_err(told)?;
        if is_tls {
            let name = ServerName::try_from(host).map_err(|_| "the host has no valid name")?;
            let stream = self.tls.connect(name, stream).await.map_err(told)?;
            over(stream, request).await
        } else {
            over(stream, request).await
        }
    }
}

async fn over(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answered, String> {
    let told = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(told)?;
    let exchange = async {
        let (head, body) = sender
            .send_request(request)
            .await
            .map_err(told)?
            .into_parts();
        // Read to the end, so that the other side is not cut off; what it says does not matter.
        let _ = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        Ok(Answered {
            status: head.status,
            headers: head.headers,
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

const ANSWER_BYTES_MAX: usize = 64 * 1024;
