//! The provisioning file: what it says, who may sign it, when it is renewed.

use dreiklang_crypto::SeededRng;

use super::*;
use crate::config::Config;

/// 2026-01-02
const NOW: UnixMillis = UnixMillis(1_767_323_045_000);
const PIN: [u8; 32] = [7; 32];
const DAY: std::time::Duration = std::time::Duration::from_hours(24);

struct Place {
    _folder: tempfile::TempDir,
    settings: Settings,
    keys: ServerKeys,
}

fn place(change: impl FnOnce(&mut Config)) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    folder
        .path()
        .to_str()
        .unwrap()
        .clone_into(&mut config.server.data_dir);
    config.server.kind = crate::config::InstanceKind::Closed;
    config.chat.public_host = "chat.example.org".to_owned();
    config.provisioning.signing_key = "file:oppf.key".to_owned();
    change(&mut config);
    let key = SigningKey::generate(&mut SeededRng::new(1));
    keys::write_secret(&folder.path().join("oppf.key"), key.expose()).unwrap();
    let current = dreiklang_crypto::SecretKey::generate(&mut SeededRng::new(2));
    Place {
        _folder: folder,
        settings: config.check().unwrap(),
        keys: ServerKeys {
            current,
            alternative: None,
        },
    }
}

impl Place {
    fn renew(&self, pin: Option<[u8; 32]>, now: UnixMillis) -> bool {
        renew(&self.settings, &self.keys, pin, now).unwrap()
    }

    fn served(&self) -> Document {
        let file = published(&self.settings).unwrap().unwrap();
        open(&self.settings, &file).unwrap()
    }

    fn findings(&self, pin: Option<[u8; 32]>, now: UnixMillis) -> Vec<(bool, String)> {
        findings(&self.served(), &self.settings, &self.keys, pin, now)
            .into_iter()
            .map(|it| (it.is_fatal, it.text))
            .collect()
    }
}

#[test]
fn a_file_is_signed_once_and_again_when_half_its_time_is_over() {
    let place = place(|it| it.provisioning.license_valid_days = 100);
    assert!(place.renew(Some(PIN), NOW));
    assert!(!place.renew(Some(PIN), NOW), "nothing is new");
    assert!(!place.renew(Some(PIN), NOW.after(DAY * 50)));
    assert!(place.renew(Some(PIN), NOW.after(DAY * 51)));
    assert!(
        place.renew(Some([8; 32]), NOW.after(DAY * 51)),
        "another certificate"
    );
    let served = place.served();
    assert_eq!(served.chat.hostname, "chat.example.org");
    assert_eq!(served.directory.url, "https://chat.example.org:5223/");
    assert_eq!(
        served.blob.done_url,
        "https://chat.example.org:5223/blob/{blobId}/done"
    );
    assert_eq!(served.license.id, "Dreiklang");
    assert_eq!(served.license.count, COUNT_UNLIMITED);
    assert!(served.features.is_none());
    let text = serde_json::to_string(&served).unwrap();
    assert!(!text.contains("Prefix"), "no prefix placeholder: {text}");
}

#[test]
fn the_pin_of_the_next_certificate_has_room_beside_the_own_one() {
    let next = base64(&[9; 32]);
    let place = place(|it| it.provisioning.pins = vec![next]);
    assert!(place.renew(Some(PIN), NOW));
    let rule = place.served().domains.unwrap().rules.remove(0);
    assert_eq!(rule.fqdn, "chat.example.org");
    assert!(rule.allows(&PIN) && rule.allows(&[9; 32]) && !rule.allows(&[1; 32]));
    assert_eq!(place.findings(Some(PIN), NOW), []);
    assert_eq!(place.findings(Some([9; 32]), NOW), []);
    let found = place.findings(Some([1; 32]), NOW);
    assert!(
        found[0].0 && found[0].1.contains("no pin in it fits"),
        "{found:?}"
    );
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let place = place(|_| {});
    assert!(place.renew(Some(PIN), NOW));
    let found = place.findings(Some(PIN), NOW);
    assert!(matches!(&found[..], [(false, text)] if text.contains("only one key is pinned")));
    let found = place.findings(Some(PIN), NOW.after(DAY * 340));
    assert!(
        found
            .iter()
            .any(|it| !it.0 && it.1.contains("ends in 26 days")),
        "{found:?}"
    );
    let found = place.findings(Some(PIN), NOW.after(DAY * 366));
    assert!(found[0].0 && found[0].1.contains("has ended"), "{found:?}");

    let mut moved = place.settings.clone();
    moved.api.public_url = "https://elsewhere.example.org".to_owned();
    let other_keys = ServerKeys {
        current: dreiklang_crypto::SecretKey::generate(&mut SeededRng::new(3)),
        alternative: None,
    };
    let found = findings(&place.served(), &moved, &other_keys, Some(PIN), NOW);
    let fatal = found.iter().filter(|it| it.is_fatal).count();
    assert_eq!(fatal, 2, "{found:?}");
}

#[test]
fn a_key_elsewhere_signs_and_only_a_trusted_one() {
    let elsewhere = SigningKey::generate(&mut SeededRng::new(4));
    let public = base64(elsewhere.verifying_key().as_bytes());
    let place = place(|it| {
        it.provisioning.signing_key.clear();
        it.provisioning.trusted_keys = vec![public];
    });
    assert!(!place.renew(Some(PIN), NOW), "there is no key here");
    assert!(published(&place.settings).unwrap().is_none());
    let document = describe(&place.settings, &place.keys, Some(PIN), NOW).unwrap();
    let carried = unsigned(&document).unwrap();
    let document = read_unsigned(carried.as_bytes()).unwrap();
    let file = sign(&document, &elsewhere).unwrap();
    assert!(open(&place.settings, file.as_bytes()).is_ok());
    publish(&place.settings, file.as_bytes()).unwrap();
    let bytes = published(&place.settings).unwrap().unwrap();
    assert_eq!(bytes, file.as_bytes(), "byte for byte");

    let stranger = SigningKey::generate(&mut SeededRng::new(5));
    let file = sign(&document, &stranger).unwrap();
    let error = open(&place.settings, file.as_bytes()).unwrap_err();
    assert!(
        error.to_string().contains("no key that apps trust"),
        "{error}"
    );
    let tampered = String::from_utf8(bytes).unwrap().replace("5222", "5220");
    assert!(open(&place.settings, tampered.as_bytes()).is_err());
    assert!(
        read_unsigned(file.as_bytes()).is_err(),
        "it is signed already"
    );
}

#[test]
fn without_any_key_it_is_said_what_to_do() {
    let place = place(|it| it.provisioning.signing_key.clear());
    let error = describe(&place.settings, &place.keys, None, NOW).unwrap_err();
    assert!(
        error.to_string().contains("provisioning.trusted_keys"),
        "{error}"
    );
}
