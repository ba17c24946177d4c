//! Folders, locks and keys of profiles.

use std::fs;

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_wire::api::instance::{Blob, Chat, Kind};

use super::*;
use crate::{Client, Options};

fn instance() -> Instance {
    Instance {
        name: "Test".to_owned(),
        chat: Chat {
            host: "127.0.0.1".to_owned(),
            ports: vec![5222],
            public_key: SecretKey::generate(&mut SeededRng::new(1)).public(),
            alternative_public_key: None,
        },
        directory_url: "https://localhost/".to_owned(),
        blob: Blob {
            upload_url: "https://localhost/upload".to_owned(),
            download_url: "https://localhost/{blobId}".to_owned(),
            done_url: "https://localhost/{blobId}/done".to_owned(),
        },
        kind: Kind::default(),
        work_url: None,
        safe_url: None,
        ca_certificate: None,
    }
}

fn phrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

#[test]
fn kinds_and_names_have_folders_of_their_own() {
    let root = tempfile::tempdir().unwrap();
    let make = |app, name| {
        let profile = Profile::locate(Some(root.path()), app, name).unwrap();
        profile.create(&instance(), &Protection::Open).unwrap();
        profile
    };
    let private = make(App::Private, "default");
    make(App::Private, "second");
    let work = make(App::Work, "default");
    assert_ne!(private.folder(), work.folder());
    assert_eq!(
        Profile::list(Some(root.path()), App::Private).unwrap(),
        ["default", "second"]
    );
    assert_eq!(
        Profile::list(Some(root.path()), App::Work).unwrap(),
        ["default"]
    );
    assert_eq!(
        Profile::list(Some(root.path()), App::OnPrem).unwrap(),
        [""; 0]
    );
    assert_eq!(private.instance().unwrap(), instance());
    let again = private.create(&instance(), &Protection::Open);
    assert!(matches!(again, Err(Error::ProfileExists(_))));
    private.delete().unwrap();
    assert!(!private.folder().exists());
    assert!(matches!(private.instance(), Err(Error::ProfileMissing(_))));
}

#[test]
fn names_cannot_leave_the_folder() {
    for bad in [
        "",
        "..",
        "a/b",
        "a\\b",
        "a b",
        "ä",
        ".hidden",
        &"x".repeat(65),
    ] {
        let result = Profile::locate(Some(Path::new("/tmp")), App::Private, bad);
        assert!(matches!(result, Err(Error::ProfileName(_))), "{bad}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look_into_the_folder() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let profile = Profile::locate(Some(root.path()), App::Private, "p").unwrap();
    profile.create(&instance(), &Protection::Open).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(profile.folder()), 0o700);
    for entry in fs::read_dir(profile.folder()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
}

#[tokio::test]
async fn one_process_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let profile = Profile::locate(Some(root.path()), App::Private, "p").unwrap();
    profile.create(&instance(), &Protection::Open).unwrap();
    let client = Client::open(&profile, None, Options::default())
        .await
        .unwrap();
    let second = Client::open(&profile, None, Options::default()).await;
    assert!(matches!(second, Err(Error::ProfileInUse(_))));
    assert!(matches!(profile.delete(), Err(Error::ProfileInUse(_))));
    client.close().await.unwrap();
    let again = Client::open(&profile, None, Options::default())
        .await
        .unwrap();
    again.close().await.unwrap();
}

#[tokio::test]
async fn the_passphrase_is_asked_changed_and_removed() {
    let root = tempfile::tempdir().unwrap();
    let profile = Profile::locate(Some(root.path()), App::Private, "p").unwrap();
    profile
        .create(&instance(), &Protection::Passphrase(phrase("one")))
        .unwrap();
    assert!(profile.needs_passphrase().unwrap());
    let open = async |passphrase: Option<&Passphrase>| {
        Client::open(&profile, passphrase, Options::default()).await
    };
    assert!(matches!(open(None).await, Err(Error::PassphraseNeeded)));
    assert!(matches!(
        open(Some(&phrase("two"))).await,
        Err(Error::WrongPassphrase)
    ));
    open(Some(&phrase("one")))
        .await
        .unwrap()
        .close()
        .await
        .unwrap();

    let wrong = profile.change_passphrase(Some(&phrase("two")), None);
    assert!(matches!(wrong, Err(Error::WrongPassphrase)));
    profile
        .change_passphrase(Some(&phrase("one")), Some(&phrase("two")))
        .unwrap();
    assert!(matches!(
        open(Some(&phrase("one"))).await,
        Err(Error::WrongPassphrase)
    ));
    open(Some(&phrase("two")))
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
    profile
        .change_passphrase(Some(&phrase("two")), None)
        .unwrap();
    open(None).await.unwrap().close().await.unwrap();
}

#[tokio::test]
async fn a_key_may_lie_elsewhere() {
    let root = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let key = stick.path().join("my.key");
    let profile = Profile::locate(Some(root.path()), App::Private, "p").unwrap();
    profile
        .create(&instance(), &Protection::External(key.clone()))
        .unwrap();
    assert!(!profile.folder().join("keyfile").exists());
    let client = Client::open(&profile, None, Options::default())
        .await
        .unwrap();
    client.close().await.unwrap();
    let away = stick.path().join("away");
    fs::rename(&key, &away).unwrap();
    let missing = Client::open(&profile, None, Options::default()).await;
    assert!(matches!(missing, Err(Error::KeyFileMissing(path)) if path == key));
    // Another profile's key is noticed, and the lock is free again after every failure.
    let other = Profile::locate(Some(root.path()), App::Private, "q").unwrap();
    other
        .create(&instance(), &Protection::External(key.clone()))
        .unwrap();
    let wrong = Client::open(&profile, None, Options::default()).await;
    assert!(matches!(wrong, Err(Error::WrongKey)));
    fs::rename(&away, &key).unwrap();
    let client = Client::open(&profile, None, Options::default())
        .await
        .unwrap();
    client.close().await.unwrap();
}
