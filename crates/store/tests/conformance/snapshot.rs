//! Snapshots under load and restoring them, between the two databases too.

use dreiklang_store::{AuditNote, AuditVerdict, Batch, Error, Store};

use crate::{
    blobs::{content, new_blob, upload},
    common::{Kind, World, accept, identity, message, new_identity, waiting, waiting_ids},
    on_both,
};

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";

async fn fill(store: &Store) {
    for (text, seed) in [(ALICE, 1), (BOB, 2)] {
        let new = new_identity(text, seed);
        store
            .write(move |tx| Box::pin(async move { tx.create_identity(&new).await }))
            .await
            .unwrap();
    }
    store
        .write(|tx| Box::pin(tx.revoke_identity(identity(ALICE), 3)))
        .await
        .unwrap();
    store
        .write(|tx| {
            Box::pin(tx.note_audit(AuditNote::of_instance(3, "ada", "identity.revoke", ALICE)))
        })
        .await
        .unwrap();
    // More rows than one chunk of the copy has.
    accept(
        store,
        (1..=700).map(|id| message(ALICE, BOB, id, id)).collect(),
    )
    .await
    .unwrap();
    upload(store, new_blob(1), b"blob one").await;
    upload(store, new_blob(2), b"blob two").await;
    drop(store.begin_blob(new_blob(3)).await.unwrap());
}

async fn check(store: &Store, original: &Store) {
    assert_eq!(waiting(store, BOB).await, waiting(original, BOB).await);
    assert_eq!(store.instance_id(), original.instance_id());
    let rows = [
        store.identity_counts().await.unwrap(),
        original.identity_counts().await.unwrap(),
    ];
    assert_eq!(rows[0], rows[1]);
    assert_eq!(
        store.audit_before(9, 9).await.unwrap(),
        original.audit_before(9, 9).await.unwrap()
    );
    assert_eq!(content(store, 1).await.unwrap(), b"blob one");
    // Duplicates are still recognised, and new positions follow the restored ones.
    let again = accept(
        store,
        vec![message(ALICE, BOB, 7, 7), message(ALICE, BOB, 701, 701)],
    );
    let again = again.await.unwrap();
    assert!(matches!(
        again.accepted[0].placement,
        dreiklang_store::Placement::Duplicate(_)
    ));
    assert_eq!(
        waiting_ids(store, BOB).await,
        (1..=701).collect::<Vec<u64>>()
    );
}

async fn restored_elsewhere(world: World, kind: Kind) {
    let store = world.open().await;
    fill(&store).await;
    let copied = store.snapshot_to(&world.path("snapshot")).await.unwrap();
    assert_eq!((copied.blobs, copied.blobs_missing), (2, 0));
    let Some(other) = World::new(kind).await else {
        return;
    };
    let folder = world.path("snapshot");
    std::fs::remove_file(folder.join("blobs").join("02").join("02".repeat(16))).unwrap();
    let copied = Store::restore_from(&folder, &other.config).await.unwrap();
    assert_eq!((copied.blobs, copied.blobs_missing), (1, 1));
    let restored = other.open().await;
    check(&restored, &store).await;
    assert_eq!(content(&restored, 2).await, None);
    assert_eq!(restored.sweep_blobs(i64::MAX, 10).await.unwrap(), 0);
    restored.close().await;
    let twice = Store::restore_from(&folder, &other.config).await;
    assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
}

on_both! {
    async fn restored_into_sqlite(world) {
        restored_elsewhere(world, Kind::Sqlite).await;
    }

    async fn restored_into_postgres(world) {
        restored_elsewhere(world, Kind::Postgres).await;
    }

    // A snapshot taken while messages come in holds a prefix of them: nothing torn, no holes.
    async fn snapshot_under_load_is_a_prefix(world) {
        let store = world.open().await;
        accept(&store, vec![message(ALICE, BOB, 0, 0)]).await.unwrap();
        let writer = {
            let store = store.clone();
            tokio::spawn(async move {
                for id in 1..400 {
                    let accept = vec![message(ALICE, BOB, id, id)];
                    let batch = Batch { accept, release: Vec::new() };
                    store.queue().submit(batch, |outcome| drop(outcome.unwrap())).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        };
        store.snapshot_to(&world.path("snapshot")).await.unwrap();
        writer.await.unwrap();
        let other = World::new(Kind::Sqlite).await.unwrap();
        Store::restore_from(&world.path("snapshot"), &other.config).await.unwrap();
        let restored = waiting_ids(&other.open().await, BOB).await;
        assert_eq!(restored, (0..restored.len() as u64).collect::<Vec<u64>>());
        assert!(!restored.is_empty());
    }

    async fn damaged_snapshot_is_refused(world) {
        let store = world.open().await;
        fill(&store).await;
        let folder = world.path("snapshot");
        store.snapshot_to(&folder).await.unwrap();
        let again = store.snapshot_to(&folder).await;
        assert!(matches!(again, Err(Error::Refused(_))));
        let mut bytes = std::fs::read(folder.join("server.db")).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 20_000].fill(0x5a);
        std::fs::write(folder.join("server.db"), bytes).unwrap();
        let other = World::new(Kind::Sqlite).await.unwrap();
        assert!(Store::restore_from(&folder, &other.config).await.is_err());
    }
}

/// The schema as the first version of the program made it.
const FIRST_SCHEMA: &str = include_str!("../../src/migrations/sqlite/0001_start.sql");

/// A snapshot that the first version of the program might have made.
fn first_snapshot(folder: &std::path::Path, schema: i64) {
    std::fs::create_dir(folder).unwrap();
    let file = rusqlite::Connection::open(folder.join("server.db")).unwrap();
    file.execute_batch(FIRST_SCHEMA).unwrap();
    let key = new_identity(ALICE, 1).public_key;
    file.execute(
        "INSERT INTO identities VALUES ('ALICE001', ?1, 0, 0, 3, 1000, 0, 0, 0, x'', 0, x'', 0)",
        [key.as_bytes()],
    )
    .unwrap();
    file.execute_batch(&format!(
        "CREATE TABLE migrations (number INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL) STRICT;
         INSERT INTO migrations VALUES ({schema}, 'start');
         INSERT INTO instance VALUES ('instance-id', x'{}'), ('dedup-key', x'{}');
         INSERT INTO audit VALUES (1, 5, 'ada', 'identity.import', 'ALICE001'),
                                  (2, 6, 'ada', 'identity.revoke', 'BOB00001');",
        "07".repeat(16),
        "08".repeat(32)
    ))
    .unwrap();
}

on_both! {
    // A backup outlives the program that made it: what it lacks is added on the way in.
    async fn older_snapshot_is_brought_up_to_date(world) {
        let folder = world.path("old");
        first_snapshot(&folder, 1);
        let before = std::fs::read(folder.join("server.db")).unwrap();
        Store::restore_from(&folder, &world.config).await.unwrap();
        assert_eq!(std::fs::read(folder.join("server.db")).unwrap(), before);
        let left: Vec<_> = std::fs::read_dir(world.path("blobs")).unwrap().flatten().collect();
        let left: Vec<_> = left.iter().filter(|entry| entry.path().is_file()).collect();
        assert!(left.is_empty(), "{left:?}");
        let store = world.open().await;
        assert_eq!(store.instance_id(), [7; 16]);
        let alice = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!((alice.feature_mask, alice.erased_at), (3, None));
        // The acts were chained on the way, and the chain goes on.
        store
            .write(|tx| Box::pin(tx.note_audit(AuditNote::of_instance(7, "ada", "look", ""))))
            .await
            .unwrap();
        let verdict = store.verify_audit().await.unwrap();
        let AuditVerdict::Whole(head) = verdict else { panic!("{verdict:?}") };
        assert_eq!((head.entries, head.position), (3, 3));
        let acts = store.audit_before(3, 9).await.unwrap();
        assert_eq!((acts.len(), acts[0].subject.as_str()), (2, BOB));
    }

    async fn newer_snapshot_is_refused(world) {
        let folder = world.path("new");
        first_snapshot(&folder, 999);
        let refused = Store::restore_from(&folder, &world.config).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
}
