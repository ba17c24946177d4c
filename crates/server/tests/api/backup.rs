//! The restore drill: a backup under load becomes a server that knows everything.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dreiklang_server::run;
use dreiklang_server::service::backups::{self, Error};
use dreiklang_store::{Batch, NewMessage, Position, Store};
use dreiklang_wire::csp::payload::{Flags, Message};
use dreiklang_wire::id::{Identity, MessageId, MessageNonce};
use tokio::sync::oneshot;

use crate::server::{TestServer, open_store};

/// Stores one message and waits until it is durable.
pub(crate) async fn accept(store: &Store, sender: Identity, receiver: Identity, number: u64) {
    let message = Message {
        sender,
        receiver,
        id: MessageId::from(number.to_le_bytes()),
        created_at: 1,
        flags: Flags(0),
        nickname: [0; 32],
        metadata: Vec::new(),
        nonce: MessageNonce::from(
            [number.to_le_bytes(); 3]
                .concat()
                .try_into()
                .unwrap_or([0; 24]),
        ),
        body: vec![7; 100],
    };
    let mut bytes = Vec::new();
    message.encode_into(&mut bytes).unwrap();
    let accept = vec![NewMessage::new(bytes, 1, i64::MAX).unwrap()];
    let (done, durable) = oneshot::channel();
    let batch = Batch {
        accept,
        release: Vec::new(),
    };
    store
        .queue()
        .submit(batch, |outcome| drop(done.send(outcome.map(drop))))
        .await
        .unwrap();
    durable.await.unwrap().unwrap();
}

async fn queue(store: &Store, receiver: Identity) -> BTreeMap<MessageId, Vec<u8>> {
    let rows = store
        .messages_after(receiver, Position(0), 1_000_000, usize::MAX)
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (Message::decode(&row.bytes).unwrap().id, row.bytes))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_restores_everything_accepted_before_it() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let blob = upload(&server, b"a picture").await;
    let store = server.app().store.clone();
    let (running, count) = (AtomicBool::new(true), AtomicU64::new(0));
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("backup");
    let load = async {
        while running.load(Ordering::Relaxed) {
            let number = count.load(Ordering::Relaxed) + 1;
            accept(&store, alice.identity, bob.identity, number).await;
            count.store(number, Ordering::Relaxed);
        }
    };
    let (before, after) = tokio::join!(
        async {
            while count.load(Ordering::Relaxed) < 50 {
                tokio::task::yield_now().await;
            }
            let before = count.load(Ordering::Relaxed);
            backups::write(server.app(), "ada", &target).await.unwrap();
            running.store(false, Ordering::Relaxed);
            before
        },
        async {
            load.await;
            count.load(Ordering::Relaxed)
        }
    );
    assert!(after > before, "nothing was accepted during the backup");
    let original = queue(&store, bob.identity).await;
    assert_eq!(original.len() as u64, after);

    let data_dir = folder.path().join("restored");
    let (settings, _) = backups::restore(&target, &data_dir, None).await.unwrap();
    let restored = open_store(&settings.database_url, &settings.blobs_url).await;
    let messages = queue(&restored, bob.identity).await;
    for number in 1..=before {
        let id = MessageId::from(number.to_le_bytes());
        assert_eq!(messages.get(&id), original.get(&id), "message {number}");
    }
    assert!(
        messages
            .iter()
            .all(|(id, bytes)| original.get(id) == Some(bytes)),
        "no phantoms"
    );
    for person in [&alice, &bob] {
        let row = restored.identity(person.identity).await.unwrap().unwrap();
        assert_eq!(row.public_key, person.public());
    }
    let row = restored.blob(blob.parse().unwrap()).await.unwrap().unwrap();
    let bytes = restored
        .blob_bytes(&row)
        .await
        .unwrap()
        .unwrap()
        .next()
        .await
        .unwrap();
    assert_eq!(bytes.as_deref(), Some(&b"a picture"[..]));
    restored.close().await;
    let key = |folder: &Path| std::fs::read(folder.join("keys/chat.key")).unwrap();
    assert_eq!(key(&data_dir), key(server.folder.path()));
    let old = server.app().keys.current.public();
    let settings_again = dreiklang_server::config::load(&data_dir.join("config.toml"));
    let settings_again = settings_again.unwrap().check().unwrap();
    let new = dreiklang_server::app::keys::load(&settings_again)
        .unwrap()
        .current
        .public();
    assert_eq!(old, new);
    server.stop().await;
    run::open_store(&settings_again)
        .await
        .unwrap()
        .close()
        .await;
}

#[tokio::test]
async fn a_damaged_backup_is_refused_before_anything_is_written() {
    let server = TestServer::start().await;
    server.person().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    backups::write(server.app(), "ada", &backup).await.unwrap();
    let target = folder.path().join("new");
    let database = backup.join("store/server.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let refused = backups::restore(&backup, &target, None).await.unwrap_err();
    assert!(matches!(refused, Error::Damaged(_)), "{refused}");
    assert!(!target.exists());
    std::fs::remove_file(backup.join("manifest.json")).unwrap();
    assert!(backups::restore(&backup, &target, None).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let server = TestServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    backups::write(server.app(), "ada", &backup).await.unwrap();
    let again = backups::write(server.app(), "ada", &backup)
        .await
        .unwrap_err();
    assert!(matches!(again, Error::NotEmpty(_)), "{again}");
    let target = folder.path().join("new");
    std::fs::create_dir(&target).unwrap();
    std::fs::write(target.join("mine"), "x").unwrap();
    let refused = backups::restore(&backup, &target, None).await.unwrap_err();
    assert!(matches!(refused, Error::NotEmpty(_)), "{refused}");
    let relative = backups::write(server.app(), "ada", Path::new("here"))
        .await
        .unwrap_err();
    assert!(matches!(relative, Error::Relative(_)), "{relative}");
    server.stop().await;
}

async fn upload(server: &TestServer, content: &[u8]) -> String {
    let body = [
        b"--b\r\nContent-Disposition: form-data; name=\"blob\"\r\n\r\n",
        content,
        b"\r\n--b--\r\n",
    ]
    .concat();
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    server
        .post_bytes("/blob/upload?persist=1", &headers, body)
        .await
        .text()
}
