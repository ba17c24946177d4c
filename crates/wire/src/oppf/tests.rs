//! The provisioning file: one form, one key, and the traps of its readers.

use dreiklang_crypto::{PublicKey, SeededRng};
use proptest::prelude::*;

use super::*;
use crate::api::Base64;

fn key(seed: u64) -> SigningKey {
    SigningKey::generate(&mut SeededRng::new(seed))
}

fn document() -> Document {
    let blob = Blob {
        upload_url: "https://blob.example.com/upload".to_owned(),
        download_url: "https://blob.example.com/blob/{blobId}".to_owned(),
        done_url: "https://blob.example.com/blob/{blobId}/done".to_owned(),
    };
    let spki = Spki {
        value: Base64(vec![7; 32]),
        algorithm: PinAlgorithm::Sha256,
    };
    Document {
        version: VERSION.to_owned(),
        signature_key: SignatureKey(key(9).verifying_key()),
        refresh: 86_400,
        license: License {
            id: "L-1".to_owned(),
            expires: "2026-12-31".parse().unwrap(),
            count: 100,
        },
        features: Some(Features {
            remote_secret: Some(RemoteSecretFeature {}),
        }),
        domains: Some(Domains {
            rules: vec![Rule {
                fqdn: "example.com".to_owned(),
                match_mode: MatchMode::IncludeSubdomains,
                spkis: Some(vec![spki]),
            }],
        }),
        public_key_pinning: None,
        chat: Chat {
            hostname: "chat.example.com".to_owned(),
            public_key: PublicKey::from_bytes([9; 32]).unwrap(),
            ports: vec![5222, 443],
        },
        directory: Base::new("https://api.example.com/directory"),
        blob: blob.clone(),
        work: Base::new("https://api.example.com/"),
        avatar: Base::new("https://api.example.com/avatar/"),
        safe: Base::new("https://api.example.com/safe/"),
        rendezvous: Some(Base::new("wss://r.example.com/")),
        mediator: Some(Mediator {
            url: "wss://m.example.com/".to_owned(),
            blob,
        }),
        web: None,
        maps: None,
        updates: None,
    }
}

#[test]
fn what_is_signed_is_read_by_those_who_trust_the_key() {
    let file = document().sign(&key(1)).unwrap();
    let (json, signature) = file.rsplit_once('\n').unwrap();
    assert_eq!(signature.len(), 88);
    assert!(json.ends_with('}') && !file.ends_with('\n'));
    assert!(json.contains("\"include-subdomains\"") && json.contains("\"publicKeyPinning\""));
    assert!(json.contains("\"remoteSecret\": {}"));
    assert!(json.find("\"version\"").unwrap() < json.find("\"signatureKey\"").unwrap());

    let read = Document::open(
        file.as_bytes(),
        &[key(2), key(1)].map(|k| k.verifying_key()),
    )
    .unwrap();
    // One reader takes the day of expiry for the first without a licence.
    assert_eq!(read.license.expires.to_string(), "2027-01-01");
    assert_eq!(read.signature_key.0, key(1).verifying_key());
    let pins = read.public_key_pinning.as_ref().unwrap();
    assert_eq!(pins.first().unwrap().domain, "example.com");
    let mut expected = document().as_written(&key(1).verifying_key());
    assert_eq!(read, expected);

    expected.license.expires = document().license.expires;
    assert_eq!(
        document().sign(&key(1)).unwrap(),
        file,
        "the order is stable"
    );
    assert_eq!(
        Document::open(file.as_bytes(), &[key(2).verifying_key()]),
        Err(Error::NotAuthentic)
    );
}

#[test]
fn only_the_exact_form_is_read() {
    let trusted = [key(1).verifying_key()];
    let file = document().sign(&key(1)).unwrap();
    let (json, signature) = file.rsplit_once('\n').unwrap();
    for other in [
        format!("{file}\n"),
        format!("{json}\r\n{signature}"),
        format!("{json}\n\n{signature}"),
        format!("{json}{signature}"),
        format!(" {file}"),
        signature.to_owned(),
        json.to_owned(),
        String::new(),
        file.replace("86400", "86401"),
        file.replace("443", "444"),
    ] {
        assert!(
            Document::open(other.as_bytes(), &trusted).is_err(),
            "{other:.40}"
        );
    }
    assert_eq!(
        Document::open(&vec![b'a'; spec::OPPF_BYTES_MAX + 1], &trusted),
        Err(Error::TooLong)
    );
}

#[test]
fn a_trusted_key_cannot_sign_a_file_that_names_another() {
    let json = serde_json::to_string(&document()).unwrap();
    let signature = STANDARD.encode(key(1).sign(json.as_bytes()).0);
    let file = format!("{json}\n{signature}");
    let trusted = [key(1).verifying_key(), key(9).verifying_key()];
    assert_eq!(
        Document::open(file.as_bytes(), &trusted),
        Err(Error::NotAuthentic)
    );
}

#[test]
fn what_an_app_could_not_use_is_not_signed() {
    let broken: [fn(&mut Document); 8] = [
        |d| d.version = "1.1".to_owned(),
        |d| d.chat.ports = vec![],
        |d| d.chat.ports = vec![0],
        |d| d.chat.hostname = "chat example".to_owned(),
        |d| d.directory.url = "https://api.example.com".to_owned(),
        |d| d.work.url = "http://api.example.com/".to_owned(),
        |d| d.blob.done_url = "https://blob.example.com/done".to_owned(),
        |d| {
            let rule = d.domains.as_mut().unwrap().rules.first_mut().unwrap();
            rule.spkis.as_mut().unwrap().first_mut().unwrap().value = Base64(vec![1; 31]);
        },
    ];
    for change in broken {
        let mut document = document();
        change(&mut document);
        assert!(document.sign(&key(1)).is_err());
    }
}

#[test]
fn the_refresh_and_the_expiry_have_their_rules() {
    let mut document = document();
    document.refresh = 5;
    assert_eq!(document.refresh(), REFRESH_MIN);
    document.refresh = 3600;
    assert_eq!(document.refresh().as_secs(), 3600);
    let last = document.license.expires.days_since_1970();
    assert!(!document.is_expired(last) && document.is_expired(last.saturating_add(1)));
    for bad in [
        "2026-02-29",
        "2026-1-01",
        "20260101",
        "2026-01-01 ",
        "+026-01-01",
        "-001-01-01",
    ] {
        assert!(bad.parse::<Date>().is_err(), "{bad}");
    }
}

#[test]
fn the_first_rule_that_matches_counts() {
    let rule = |fqdn: &str, match_mode, byte: Option<u8>| Rule {
        fqdn: fqdn.to_owned(),
        match_mode,
        spkis: byte.map(|byte| {
            vec![Spki {
                value: Base64(vec![byte; 32]),
                algorithm: PinAlgorithm::Sha256,
            }]
        }),
    };
    let domains = Domains {
        rules: vec![
            rule("a.example.com", MatchMode::Exact, None),
            rule("example.com", MatchMode::IncludeSubdomains, Some(1)),
            rule("b.example.com", MatchMode::Exact, Some(2)),
        ],
    };
    let allows = |host: &str, byte: u8| domains.rule_for(host).map(|rule| rule.allows(&[byte; 32]));
    assert_eq!(allows("a.example.com", 9), Some(true));
    assert_eq!(allows("A.Example.COM.", 9), Some(true));
    assert_eq!(allows("x.a.example.com", 1), Some(true));
    assert_eq!(allows("b.example.com", 2), Some(false));
    assert_eq!(allows("example.com", 1), Some(true));
    assert_eq!(allows("notexample.com", 1), None);
    assert_eq!(allows(".example.com", 1), None);
}

#[test]
fn addresses_lead_to_the_file_and_to_its_fallback() {
    for (address, canonical, fallback) in [
        (
            "https://onprem.example.com",
            "https://onprem.example.com/prov/config.oppf",
            "https://onprem.example.com/prov/config.fallback.oppf",
        ),
        (
            " onprem.example.com:8443/ ",
            "https://onprem.example.com:8443/prov/config.oppf",
            "https://onprem.example.com:8443/prov/config.fallback.oppf",
        ),
        (
            "https://h/x/y.oppf",
            "https://h/x/y.oppf",
            "https://h/x/y.fallback.oppf",
        ),
        (
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/prov/config.oppf",
            "http://127.0.0.1:8080/prov/config.fallback.oppf",
        ),
    ] {
        assert_eq!(canonical_url(address).unwrap(), canonical);
        assert_eq!(fallback_url(address).unwrap(), fallback);
    }
    for bad in [
        "",
        "http://h",
        "https://",
        "https://u@h",
        "https://h/?a",
        "https://h/#a",
        "a b",
    ] {
        assert!(canonical_url(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Document::open(&bytes, &[key(1).verifying_key()]).is_err());
    }

    #[test]
    fn any_address_is_read_without_panic(text in ".{0,80}") {
        let _ = (canonical_url(&text), fallback_url(&text), text.parse::<Date>());
    }
}
