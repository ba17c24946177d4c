//! A full disk: nothing is lost, releases go on, and service comes back by itself.

use std::{path::Path, process::Command};

use dreiklang_store::{
    AuditNote, Batch, DiskLimits, Error, NewMessage, Position, Store, StoreConfig,
};

use crate::common::{Kind, World, accept, message, payload, release, submit, waiting};

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";

/// A small file system of its own; unmounted when dropped.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None`, loudly, where mounting is not allowed.
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            use std::io::Write as _;
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: a small tmpfs cannot be mounted here"
            );
        }
        mounted.then_some(Self { folder })
    }

    fn config(&self, ballast_bytes: u64) -> StoreConfig {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let database = format!("sqlite://{}", path("server.db"));
        let mut config = StoreConfig::new(database, format!("file://{}", path("blobs")));
        config.disk = DiskLimits {
            low_water_bytes: 0,
            low_water_percent: 0,
            ballast_bytes,
        };
        config
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.folder.path())
            .output();
    }
}

fn big_batch(start: u64) -> Vec<NewMessage> {
    let filler = vec![0x42; 4_000];
    (start..start + 50)
        .map(|id| NewMessage::new(payload(ALICE, BOB, id, id, &filler), 1, 2).unwrap())
        .collect()
}

/// Accepts until the disk is full and returns the positions that were acknowledged.
async fn fill(store: &Store) -> Vec<Position> {
    let mut acknowledged = Vec::new();
    for round in 0.. {
        match accept(store, big_batch(round * 50)).await {
            Ok(outcome) => {
                acknowledged.extend(outcome.accepted.iter().map(|it| it.placement.position()));
            }
            Err(error) => {
                assert_eq!(error, Error::Full);
                return acknowledged;
            }
        }
        assert!(round < 10_000, "the disk never became full");
    }
    acknowledged
}

#[tokio::test]
async fn full_disk_loses_nothing_and_releases_go_on() {
    let Some(disk) = SmallDisk::new("16m") else {
        return;
    };
    let config = disk.config(4 << 20);
    let ballast = disk.folder.path().join("server.db-ballast");
    let store = Store::open(&config).await.unwrap();
    assert!(ballast.exists());
    let acknowledged = fill(&store).await;
    assert!(
        acknowledged.len() >= 500,
        "only {} messages fitted",
        acknowledged.len()
    );
    assert!(!ballast.exists(), "the ballast makes room for releases");
    // A batch with both: the accept is refused, the releases are durable.
    let both = Batch {
        accept: vec![NewMessage::new(payload(ALICE, BOB, 1, 1, &[0; 8_000]), 1, 2).unwrap()],
        release: acknowledged[..10].to_vec(),
    };
    let outcome = submit(&store, both).await;
    let expected = match outcome {
        Ok(ref outcome) => {
            assert_eq!(outcome.released, 10);
            acknowledged.len() - 10 + 1
        }
        Err(ref error) => {
            assert_eq!(*error, Error::Full);
            acknowledged.len() - 10
        }
    };
    assert_eq!(waiting(&store, BOB).await.len(), expected);
    for part in acknowledged[10..].chunks(100) {
        release(&store, part.to_vec()).await.unwrap();
    }
    // Room again, without anybody's help.
    accept(&store, vec![message(ALICE, BOB, 90_000, 1)])
        .await
        .unwrap();
    store.close().await;
    let store = Store::open(&config).await.unwrap();
    assert!(
        waiting(&store, BOB)
            .await
            .iter()
            .any(|message| message.enqueued_at == 2_000)
    );
    store.close().await;
}

#[tokio::test]
async fn acknowledged_messages_survive_a_full_disk_and_reopening() {
    let Some(disk) = SmallDisk::new("8m") else {
        return;
    };
    let config = disk.config(1 << 20);
    let store = Store::open(&config).await.unwrap();
    let acknowledged = fill(&store).await;
    store.close().await;
    let store = Store::open(&config).await.unwrap();
    let found: Vec<_> = waiting(&store, BOB)
        .await
        .iter()
        .map(|it| it.position)
        .collect();
    assert_eq!(found, acknowledged);
    store.close().await;
}

/// Below the low-water mark nothing new is written at all, blobs included.
#[tokio::test]
async fn low_water_refuses_accepts_and_blobs_only() {
    let world = World::new(Kind::Sqlite).await.unwrap();
    let store = world.open().await;
    let outcome = accept(&store, vec![message(ALICE, BOB, 1, 1)])
        .await
        .unwrap();
    let stored = outcome.accepted[0].placement.position();
    store.close().await;
    let mut config = world.config.clone();
    config.disk = DiskLimits {
        low_water_bytes: u64::MAX,
        low_water_percent: 101,
        ballast_bytes: 1 << 20,
    };
    let store = Store::open(&config).await.unwrap();
    let refused = accept(&store, vec![message(ALICE, BOB, 2, 2)])
        .await
        .map(|_| ());
    assert_eq!(refused, Err(Error::Full));
    let refused = store
        .begin_blob(crate::blobs::new_blob(1))
        .await
        .map(|_| ());
    assert_eq!(refused, Err(Error::Full));
    let both = Batch {
        accept: vec![message(ALICE, BOB, 3, 3)],
        release: vec![stored],
    };
    assert_eq!(submit(&store, both).await.map(|_| ()), Err(Error::Full));
    assert!(waiting(&store, BOB).await.is_empty());
    store
        .write(|tx| Box::pin(tx.note_audit(AuditNote::of_instance(1, "ada", "look", ""))))
        .await
        .unwrap();
    store.close().await;
}

/// After a failed fsync nobody knows what the disk holds: the process must end at once.
#[test]
fn failed_fsync_aborts_the_process() {
    use std::os::unix::process::ExitStatusExt as _;

    let can_trace = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output();
    if !can_trace.is_ok_and(|output| output.status.success()) {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: strace is not allowed or not there"
        );
        return;
    }
    // The store is open after about ten calls; this one belongs to a commit or a checkpoint.
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync"])
        .args(["-e", "inject=fsync:error=EIO:when=14"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "order_is_kept::sqlite"])
        .output()
        .unwrap();
    assert_eq!(traced.status.signal(), Some(SIGABRT), "{traced:?}");
}

const SIGABRT: i32 = 6;

/// What was released is gone from the files too: `secure_delete`, and the log is emptied.
#[tokio::test]
async fn released_bytes_leave_the_files() {
    const CANARY: &[u8] = b"a canary that must not stay behind";
    let world = World::new(Kind::Sqlite).await.unwrap();
    let store = world.open().await;
    let bytes = payload(ALICE, BOB, 1, 1, CANARY);
    let outcome = accept(&store, vec![NewMessage::new(bytes, 1, 2).unwrap()])
        .await
        .unwrap();
    assert!(holds(&world.path(""), CANARY));
    release(&store, vec![outcome.accepted[0].placement.position()])
        .await
        .unwrap();
    store.close().await;
    assert!(!holds(&world.path(""), CANARY));
}

fn holds(folder: &Path, canary: &[u8]) -> bool {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .any(|path| {
            path.is_file()
                && std::fs::read(path)
                    .unwrap()
                    .windows(canary.len())
                    .any(|bytes| bytes == canary)
        })
}
