//! SIGKILL in the middle of commits: what was acknowledged is there afterwards, fifty times.
//!
//! The program starts itself as the writer, so it has no test harness; it answers `--list` the
//! way test runners ask.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use dreiklang_client::storage::{Database, keyfile::DatabaseKey};
use dreiklang_crypto::{SeededRng, random};

const NAME: &str = "sigkill_loses_nothing_acknowledged";
const ROUNDS: u32 = 50;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    match arguments.first().map(String::as_str) {
        Some("writer") => write_until_killed(Path::new(&arguments[1])),
        _ if has("--list") => {
            if !has("--ignored") {
                let mut out = io::stdout().lock();
                writeln!(out, "{NAME}: test").unwrap();
            }
        }
        _ if arguments
            .iter()
            .any(|word| !word.starts_with('-') && !NAME.contains(word)) => {}
        _ => kill_and_compare(),
    }
}

fn key() -> DatabaseKey {
    DatabaseKey::generate(&mut SeededRng::new(1))
}

/// Commits one row after the other and says so after each commit.
fn write_until_killed(path: &Path) {
    let mut database = Database::open(path, &key()).unwrap();
    let connection = database.connection_mut();
    connection
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
             PRAGMA wal_autocheckpoint = 20;",
        )
        .unwrap();
    let mut out = io::stdout().lock();
    loop {
        let transaction = connection.transaction().unwrap();
        let next: i64 = transaction
            .query_row("SELECT coalesce(max(id), 0) + 1 FROM t", [], |row| {
                row.get(0)
            })
            .unwrap();
        let body = vec![7u8; usize::try_from(next * 977 % 3_000).unwrap()];
        transaction
            .execute("INSERT INTO t VALUES (?1, ?2)", (next, body))
            .unwrap();
        transaction
            .execute("UPDATE t SET body = body WHERE id = ?1 / 2", [next])
            .unwrap();
        transaction.commit().unwrap();
        // A parent that has gone away is the end too.
        if writeln!(out, "{next}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

fn kill_and_compare() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.db");
    let mut rng = SeededRng::new(2);
    let mut acknowledged = 0i64;
    for round in 0..ROUNDS {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .arg("writer")
            .arg(&path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let [commits] = random::<1>(&mut rng);
        for _ in 0..=commits % 16 {
            let line = lines
                .next()
                .expect("the writer goes on until it is killed")
                .unwrap();
            acknowledged = line.parse().unwrap();
        }
        writer.kill().unwrap();
        // What it still said before the signal arrived was acknowledged too.
        for line in lines.map_while(Result::ok) {
            acknowledged = line.parse().unwrap_or(acknowledged);
        }
        writer.wait().unwrap();

        let database = Database::open(&path, &key()).unwrap();
        let (count, last): (i64, i64) = database
            .connection()
            .query_row("SELECT count(*), max(id) FROM t", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(count, last, "round {round}: a row in the middle is lost");
        // The row after the last acknowledged one may have been committed and not yet reported.
        assert!(
            (acknowledged..=acknowledged + 1).contains(&last),
            "round {round}: acknowledged {acknowledged}, found {last}"
        );
        let verdict: String = database
            .connection()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok", "round {round}");
    }
    assert!(
        acknowledged > i64::from(ROUNDS),
        "the writer committed in every round"
    );
}
