//! The door with TLS.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_server::config::tls::Mode;
use http_body_util::Full;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::AsyncReadExt;
use tokio_rustls::TlsConnector;

use crate::server::{TestServer, exchange, request};

async fn start() -> TestServer {
    TestServer::start_with(|config| {
        config.tls.mode = Mode::SelfSigned;
        "chat.example.org".clone_into(&mut config.chat.public_host);
        config.api.tls_handshake_timeout_s = 1;
    })
    .await
}

fn connector(server: &TestServer) -> TlsConnector {
    let path = server.folder.path().join("keys/tls.crt");
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(path).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[tokio::test]
async fn the_certificate_of_our_own_is_good_for_host_and_loopback() {
    let server = start().await;
    for name in ["chat.example.org", "localhost", "127.0.0.1"] {
        let name = ServerName::try_from(name).unwrap();
        let stream = connector(&server)
            .connect(name, server.connect().await)
            .await
            .unwrap();
        let get = request("GET", "/health/live")
            .body(Full::default())
            .unwrap();
        assert_eq!(exchange(stream, get).await.status, 200);
    }
    let name = ServerName::try_from("other.example.org").unwrap();
    assert!(
        connector(&server)
            .connect(name, server.connect().await)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn plain_http_and_silence_are_closed() {
    let server = start().await;
    let mut silent = server.connect().await;
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), silent.read_to_end(&mut rest));
    let _ = read.await.expect("the server must close");
    assert!(rest.is_empty());
    let mut plain = server.connect().await;
    tokio::io::AsyncWriteExt::write_all(&mut plain, b"GET / HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let read = tokio::time::timeout(Duration::from_secs(10), plain.read_to_end(&mut rest));
    let _ = read.await.expect("the server must close");
    assert!(!rest.starts_with(b"HTTP"));
}

#[tokio::test]
async fn the_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let server = start().await;
    let key = std::fs::metadata(server.folder.path().join("keys/tls.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
}
