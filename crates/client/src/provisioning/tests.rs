//! The provisioning file against a server on this machine.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Mutex;

use dreiklang_crypto::SeededRng;
use dreiklang_crypto::sign::SigningKey;
use dreiklang_wire::oppf::{
    Base, Blob as OppfBlob, Chat as OppfChat, License as OppfLicense, MatchMode, PinAlgorithm,
    Rule, SignatureKey, Spki,
};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::AUTHORIZATION;
use hyper::{Request, Response, StatusCode};

use super::*;
use crate::net::local;

fn key(seed: u64) -> SigningKey {
    SigningKey::generate(&mut SeededRng::new(seed))
}

fn hex_of(key: &SigningKey) -> String {
    let bytes = key.verifying_key();
    bytes
        .as_bytes()
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// A file for a licence that lasts until this day, with a pin for `localhost`.
fn file(key: &SigningKey, expires: &str, pin: Option<[u8; 32]>) -> Vec<u8> {
    let domains = pin.map(|pin| Domains {
        rules: vec![Rule {
            fqdn: "localhost".to_owned(),
            match_mode: MatchMode::Exact,
            spkis: Some(vec![Spki {
                value: Base64(pin.to_vec()),
                algorithm: PinAlgorithm::Sha256,
            }]),
        }],
    });
    let document = Document {
        version: oppf::VERSION.to_owned(),
        signature_key: SignatureKey(key.verifying_key()),
        refresh: 3_600,
        license: OppfLicense {
            id: "L-1".to_owned(),
            expires: expires.parse().unwrap(),
            count: 3,
        },
        features: None,
        domains,
        public_key_pinning: None,
        chat: OppfChat {
            hostname: "chat.example.com".to_owned(),
            public_key: dreiklang_crypto::PublicKey::from_bytes([9; 32]).unwrap(),
            ports: vec![5222],
        },
        directory: Base::new("https://api.example.com/"),
        blob: OppfBlob {
            upload_url: "https://api.example.com/blob/upload".to_owned(),
            download_url: "https://api.example.com/blob/{blobId}".to_owned(),
            done_url: "https://api.example.com/blob/{blobId}/done".to_owned(),
        },
        work: Base::new("https://work.example.com/"),
        avatar: Base::new("https://api.example.com/avatar/"),
        safe: Base::new("https://api.example.com/safe/"),
        rendezvous: None,
        mediator: None,
        web: None,
        maps: None,
        updates: None,
    };
    document.sign(key).unwrap().into_bytes()
}

/// What a server gives: by path, for those who show these credentials or for everybody.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<BTreeMap<&'static str, Given>>>);

/// What lies at a path.
type Given = (StatusCode, Vec<u8>);

impl Shelf {
    fn put(&self, path: &'static str, status: StatusCode, body: Vec<u8>) {
        self.0.lock().unwrap().insert(path, (status, body));
    }

    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let is_fallback = request.uri().path() == FALLBACK;
        let shown = request.headers().get(AUTHORIZATION);
        let is_shown = shown.is_some_and(|it| it.to_str().unwrap() == license().basic());
        let (status, body) = match self.0.lock().unwrap().get(request.uri().path()) {
            // The fallback must not see credentials: nobody has checked who listens there.
            _ if is_fallback == shown.is_some() || is_fallback == is_shown => {
                (StatusCode::UNAUTHORIZED, Vec::new())
            }
            Some(found) => found.clone(),
            None => (StatusCode::NOT_FOUND, Vec::new()),
        };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = status;
        response
    }

    async fn serve(&self, tls: Option<tokio_rustls::TlsAcceptor>) -> u16 {
        let shelf = self.clone();
        let answer = move |request: Request<Incoming>| {
            let response = shelf.answer(&request);
            async move { Ok::<_, Infallible>(response) }
        };
        local::serve(tls, answer).await.port()
    }
}

fn license() -> License {
    License {
        username: "carol".to_owned(),
        password: "secret".to_owned(),
    }
}

fn source(address: String, trusted: &SigningKey) -> Source {
    Source {
        address,
        trusted_keys: vec![hex_of(&key(77)), hex_of(trusted)],
        ca_certificate: None,
    }
}

/// The middle of 2026.
fn clock() -> Clock {
    Clock::new(|| Timestamp::from_ms(1_782_000_000_000))
}

fn fault(result: Result<Provisioning, Error>) -> ProvisioningFault {
    match result {
        Err(Error::Provisioning(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_signed_file_is_fetched_with_the_credentials_and_kept() {
    let shelf = Shelf::default();
    shelf.put(CANONICAL, StatusCode::OK, file(&key(1), "2026-12-31", None));
    let address = format!("http://localhost:{}", shelf.serve(None).await);
    let fetched = Provisioning::fetch(source(address.clone(), &key(1)), &license(), &clock())
        .await
        .unwrap();
    let instance = fetched.instance();
    assert_eq!(instance.chat.host, "chat.example.com");
    assert_eq!(instance.kind, Kind::Closed);
    assert_eq!(
        instance.safe_url.as_deref(),
        Some("https://api.example.com/safe/")
    );

    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Provisioning::load(folder.path()).unwrap(), None);
    fetched.save(folder.path()).unwrap();
    assert_eq!(Provisioning::load(folder.path()).unwrap(), Some(fetched));

    // Somebody who can write to the folder cannot send the app elsewhere.
    let path = folder.path().join(FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("chat.example.com", "evil.example.com")).unwrap();
    let refused = Provisioning::load(folder.path());
    assert!(matches!(
        refused,
        Err(Error::Provisioning(ProvisioningFault::NotAuthentic))
    ));

    let mut stranger = license();
    stranger.password.push('x');
    let refused = Provisioning::fetch(source(address, &key(1)), &stranger, &clock()).await;
    assert_eq!(fault(refused), ProvisioningFault::Refused);
}

#[tokio::test]
async fn what_must_not_be_used_is_refused_with_its_reason() {
    let shelf = Shelf::default();
    let address = format!("http://localhost:{}/", shelf.serve(None).await);
    let attempt = async || {
        fault(Provisioning::fetch(source(address.clone(), &key(1)), &license(), &clock()).await)
    };
    assert_eq!(attempt().await, ProvisioningFault::Status(404));
    shelf.put(CANONICAL, StatusCode::OK, file(&key(2), "2026-12-31", None));
    assert_eq!(attempt().await, ProvisioningFault::NotAuthentic);
    shelf.put(CANONICAL, StatusCode::OK, b"{}".to_vec());
    assert!(matches!(attempt().await, ProvisioningFault::Malformed(_)));
    shelf.put(CANONICAL, StatusCode::OK, file(&key(1), "2026-01-31", None));
    assert_eq!(attempt().await, ProvisioningFault::Expired);
    shelf.put(CANONICAL, StatusCode::FORBIDDEN, Vec::new());
    assert_eq!(attempt().await, ProvisioningFault::Withdrawn);

    for trusted in ["", "00", "zz"] {
        let source = Source {
            address: address.clone(),
            trusted_keys: vec![trusted.to_owned()],
            ca_certificate: None,
        };
        shelf.put(CANONICAL, StatusCode::OK, file(&key(1), "2026-12-31", None));
        let refused = Provisioning::fetch(source, &license(), &clock()).await;
        assert!(
            matches!(fault(refused), ProvisioningFault::Key(_)),
            "{trusted}"
        );
    }
    let refused = Provisioning::fetch(
        source("http://example.com".to_owned(), &key(1)),
        &license(),
        &clock(),
    )
    .await;
    assert!(matches!(fault(refused), ProvisioningFault::Address(_)));
}

#[test]
fn a_key_to_trust_is_written_in_either_way() {
    let hex = hex_of(&key(1));
    let base64 = Base64(key(1).verifying_key().as_bytes().to_vec()).to_text();
    let read = |text: &str| trusted_key(text).unwrap();
    assert!(read(&hex) == read(&base64) && read(&hex) != read(&hex_of(&key(2))));
    assert!(trusted_key(&base64[1..]).is_err());
}

#[tokio::test]
async fn a_certificate_with_another_key_leads_to_the_fallback() {
    let authority = local::authority();
    let shelf = Shelf::default();
    let port = shelf
        .serve(Some(local::acceptor(&authority, "localhost")))
        .await;
    let mut source = source(format!("https://localhost:{port}/"), &key(1));
    source.ca_certificate = Some(authority.pem);
    // The file of before pins a key that the server does not have any more.
    let before = file(&key(1), "2026-12-31", Some([7; 32]));
    let before = Provisioning::open(source, before, clock().now()).unwrap();
    let new = file(&key(1), "2027-06-30", None);
    shelf.put(
        CANONICAL,
        StatusCode::OK,
        file(&key(1), "2026-12-31", Some([8; 32])),
    );
    let no_fallback = before.fetch_again(Some(&license()), &clock()).await;
    assert_eq!(fault(no_fallback), ProvisioningFault::Status(404));
    shelf.put(FALLBACK, StatusCode::OK, file(&key(2), "2027-06-30", None));
    let foreign = before.fetch_again(Some(&license()), &clock()).await;
    assert_eq!(fault(foreign), ProvisioningFault::NotAuthentic);

    shelf.put(FALLBACK, StatusCode::OK, new.clone());
    let after = before
        .fetch_again(Some(&license()), &clock())
        .await
        .unwrap();
    assert_eq!(after.file, new);
    // Without a pin the usual way is open again.
    let again = after.fetch_again(Some(&license()), &clock()).await.unwrap();
    assert_eq!(
        again.domains().unwrap().rules.len(),
        1,
        "the canonical file came"
    );
}

const CANONICAL: &str = "/prov/config.oppf";
const FALLBACK: &str = "/prov/config.fallback.oppf";
