//! The encrypted database against plain SQLite, wrong keys and curious eyes.

use std::fs;
use std::path::Path;

use dreiklang_crypto::{SeededRng, random};
use rusqlite::{Connection, params};

use super::keyfile::DatabaseKey;
use super::*;

const CANARY: &str = "canary-4711-the-quick-brown-fox";

fn key(seed: u64) -> DatabaseKey {
    DatabaseKey::generate(&mut SeededRng::new(seed))
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// The files of the folder that hold `needle`.
fn files_with(folder: &Path, needle: &[u8]) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| contains(&fs::read(entry.path()).unwrap(), needle))
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

fn write_canaries(connection: &Connection) {
    connection
        .execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        .unwrap();
    for _ in 0..100 {
        connection
            .execute("INSERT INTO t (text) VALUES (?1)", [CANARY])
            .unwrap();
    }
}

#[test]
fn no_file_shows_what_the_database_holds() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("client.db"), &key(1)).unwrap();
    write_canaries(database.connection());
    // While it is open the rows are in the write-ahead log.
    assert!(
        fs::metadata(folder.path().join("client.db-wal"))
            .unwrap()
            .len()
            > 4_096
    );
    for needle in [CANARY.as_bytes(), b"SQLite format 3", b"CREATE TABLE"] {
        assert_eq!(files_with(folder.path(), needle), [""; 0]);
    }
    database
        .connection()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    assert!(fs::metadata(folder.path().join("client.db")).unwrap().len() > 4_096);
    assert_eq!(files_with(folder.path(), CANARY.as_bytes()), [""; 0]);
    // The rollback journal, which only the change to the write-ahead log needs.
    database
        .connection()
        .execute_batch("PRAGMA journal_mode=PERSIST; DELETE FROM t;")
        .unwrap();
    assert!(
        fs::metadata(folder.path().join("client.db-journal"))
            .unwrap()
            .len()
            > 4_096
    );
    assert_eq!(files_with(folder.path(), CANARY.as_bytes()), [""; 0]);

    // The search finds what is there: a plain database shows everything.
    let plain = tempfile::tempdir().unwrap();
    let connection = Connection::open(plain.path().join("plain.db")).unwrap();
    write_canaries(&connection);
    assert_eq!(files_with(plain.path(), CANARY.as_bytes()), ["plain.db"]);
}

#[test]
fn a_wrong_key_is_named_and_destroys_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("client.db"), &key(1)).unwrap();
    write_canaries(database.connection());
    // A copy as a crash would leave it: rows only in the log.
    let copy = tempfile::tempdir().unwrap();
    for name in ["client.db", "client.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let path = copy.path().join("client.db");
    assert!(matches!(
        Database::open(&path, &key(2)),
        Err(Error::WrongKey)
    ));
    let reopened = Database::open(&path, &key(1)).unwrap();
    let count: i64 = reopened
        .connection()
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 100);
}

#[test]
fn one_file_is_opened_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.db");
    let database = Database::open(&path, &key(1)).unwrap();
    write_canaries(database.connection());
    assert!(matches!(
        Database::open(&path, &key(1)),
        Err(Error::ProfileInUse(_))
    ));
    database.close().unwrap();
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "the log is folded in"
    );
    let database = Database::open(&path, &key(1)).unwrap();
    let text: String = database
        .connection()
        .query_row("SELECT text FROM t WHERE id = 100", [], |row| row.get(0))
        .unwrap();
    assert_eq!(text, CANARY);
}

/// The same random work on an encrypted and on a plain database gives the same rows.
#[test]
fn it_behaves_like_plain_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.db");
    let plain = Connection::open_in_memory().unwrap();
    let mut rng = SeededRng::new(5);
    let mut database = Database::open(&path, &key(1)).unwrap();
    let schema = "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
    plain.execute_batch(schema).unwrap();
    database.connection().execute_batch(schema).unwrap();
    for round in 0..300u64 {
        let [kind, a, b, ..] = random::<4>(&mut rng);
        let id = i64::from(a % 64);
        let body = vec![b; usize::from(b) * usize::from(a % 97)];
        for connection in [&plain, database.connection()] {
            match kind % 8 {
                0..=4 => drop(connection.execute(
                    "INSERT OR REPLACE INTO t VALUES (?1, ?2)",
                    params![id, body],
                )),
                5 => drop(connection.execute("DELETE FROM t WHERE id >= ?1", [id])),
                6 => connection
                    .execute_batch("BEGIN; UPDATE t SET body = zeroblob(70000); ROLLBACK;")
                    .unwrap(),
                _ => connection.execute_batch("VACUUM").unwrap(),
            }
        }
        if round % 50 == 49 {
            database.close().unwrap();
            database = Database::open(&path, &key(1)).unwrap();
        }
        assert_eq!(rows(database.connection()), rows(&plain), "round {round}");
    }
    let verdict: String = database
        .connection()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
}

fn rows(connection: &Connection) -> Vec<(i64, Vec<u8>)> {
    let mut statement = connection
        .prepare("SELECT id, body FROM t ORDER BY id")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(|row| row.unwrap()).collect()
}

/// What the disk may hold after a power cut: of everything written since the last
/// acknowledgement, each block of 4,096 bytes is the old one, the new one, or garbage.
///
/// Steps are taken one by one, commits and checkpoints apart, so that all writes of a step lie
/// between two points at which everything was on the disk.
#[test]
fn a_power_cut_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.db");
    let mut rng = SeededRng::new(11);
    let database = Database::open(&path, &key(1)).unwrap();
    let connection = database.connection();
    connection
        .execute_batch(
            "PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL);",
        )
        .unwrap();
    let mut before = files(folder.path());
    for step in 0..30i64 {
        let acknowledged: i64 = connection
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap();
        if step % 6 == 5 {
            connection
                .execute_batch("PRAGMA wal_checkpoint(PASSIVE)")
                .unwrap();
        } else {
            let [size] = random::<1>(&mut rng);
            let body = vec![7u8; usize::from(size) * 37];
            connection
                .execute(
                    "INSERT INTO t VALUES (?1, ?2)",
                    params![acknowledged + 1, body],
                )
                .unwrap();
        }
        let after = files(folder.path());
        for cut in 0..4 {
            let found = rows_after_cut(&before, &after, &mut rng);
            let may_be = acknowledged..=acknowledged + 1;
            assert!(
                may_be.contains(&found),
                "step {step}, cut {cut}: {acknowledged}, {found}"
            );
        }
        before = after;
    }
}

const FILES: [&str; 2] = ["client.db", "client.db-wal"];

fn files(folder: &Path) -> [Vec<u8>; 2] {
    FILES.map(|name| fs::read(folder.join(name)).unwrap_or_default())
}

/// Cuts the power and counts the rows, which must be whole.
fn rows_after_cut(before: &[Vec<u8>; 2], after: &[Vec<u8>; 2], rng: &mut SeededRng) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    for ((name, old), new) in FILES.iter().zip(before).zip(after) {
        fs::write(folder.path().join(name), mix(name, old, new, rng)).unwrap();
    }
    let database = Database::open(&folder.path().join("client.db"), &key(1)).unwrap();
    let connection = database.connection();
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
    let (count, last): (i64, i64) = connection
        .query_row("SELECT count(*), coalesce(max(id), 0) FROM t", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(count, last);
    count
}

fn mix(name: &str, old: &[u8], new: &[u8], rng: &mut SeededRng) -> Vec<u8> {
    let length = old.len().max(new.len());
    let blocks = |file: &[u8]| -> Vec<Vec<u8>> {
        let mut file = file.to_vec();
        file.resize(length, 0);
        file.chunks(4_096).map(<[u8]>::to_vec).collect()
    };
    let (old, new) = (blocks(old), blocks(new));
    // A log that starts over gets its header first, which is synced before any frame is written
    // (wal.c, ticket ff5be73dee): the old header never meets new frames.
    let [phase] = random::<1>(rng);
    let is_before_header_sync = phase.is_multiple_of(4);
    let starts_over = name.ends_with("-wal") && old.first() != new.first();
    let mut mixed = Vec::with_capacity(length);
    for (index, (old, new)) in old.iter().zip(&new).enumerate() {
        let [choice] = random::<1>(rng);
        let choice = match choice % 3 {
            _ if starts_over && is_before_header_sync && index > 0 => 0,
            0 if starts_over && !is_before_header_sync && index == 0 => 1,
            choice => choice,
        };
        if choice == 0 || old == new {
            mixed.extend_from_slice(old);
        } else if choice == 1 {
            mixed.extend_from_slice(new);
        } else {
            mixed.extend_from_slice(&random::<4_096>(rng)[..old.len()]);
        }
    }
    mixed
}
