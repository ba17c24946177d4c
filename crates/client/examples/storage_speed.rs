//! Measures the encrypted database against a plain one, and how long a key file takes to open:
//! `cargo run --release --example storage_speed`. The figures of ADR 0005 come from here.

use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use dreiklang_client::Passphrase;
use dreiklang_client::storage::Database;
use dreiklang_client::storage::keyfile::{self, DatabaseKey};
use dreiklang_crypto::SystemRng;
use rusqlite::Connection;

const ROWS: i64 = 100_000;
const COMMITS: i64 = 1_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = tempfile::tempdir_in(folder)?;
    let key = DatabaseKey::generate(&mut SystemRng);
    let mut out = io::stdout().lock();
    let plain = folder.path().join("plain.db");
    let sealed = folder.path().join("sealed.db");
    let passphrase = Passphrase::new("correct horse battery staple".to_owned());
    for protection in [None, passphrase.as_ref()] {
        let path = folder.path().join("keyfile");
        keyfile::write(&path, &key, protection, &mut SystemRng)?;
        let opened = elapsed_ms(|| {
            keyfile::open(&path, protection)?;
            Ok(())
        })?;
        let protected = protection.is_some();
        writeln!(out, "key file, passphrase {protected}: {opened:.2} ms")?;
    }
    for round in 1..=3 {
        let connection = open_plain(&plain)?;
        let figures = measure(&connection)?;
        writeln!(out, "round {round} plain:     {figures}")?;
        connection.close().map_err(|(_, error)| error)?;

        let database = Database::open(&sealed, &key)?;
        let figures = measure(database.connection())?;
        database.close()?;
        let opened = elapsed_ms(|| {
            let database = Database::open(&sealed, &key)?;
            last_page(database.connection())?;
            Ok(())
        })?;
        writeln!(
            out,
            "round {round} encrypted: {figures}, open {opened:.2} ms"
        )?;
        let opened = elapsed_ms(|| last_page(&open_plain(&plain)?))?;
        writeln!(out, "round {round} plain:     open {opened:.2} ms")?;
        for path in [&plain, &sealed] {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn open_plain(path: &Path) -> Result<Connection, Box<dyn std::error::Error>> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
         PRAGMA secure_delete=ON;",
    )?;
    Ok(connection)
}

/// Fills the table in one transaction, then commits small ones, then reads everything.
fn measure(connection: &Connection) -> Result<String, Box<dyn std::error::Error>> {
    connection.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, contact TEXT, at INTEGER, body TEXT);
         CREATE INDEX t_contact ON t (contact, at);",
    )?;
    let insert = |id: i64| {
        connection
            .prepare_cached("INSERT INTO t VALUES (?1, ?2, ?3, ?4)")?
            .execute((
                id,
                format!("CONTACT{}", id % 10),
                id,
                "0123456789".repeat(20),
            ))
    };
    let fill = elapsed_ms(|| {
        connection.execute_batch("BEGIN")?;
        for id in 0..ROWS {
            insert(id)?;
        }
        Ok(connection.execute_batch("COMMIT")?)
    })?;
    let commits = elapsed_ms(|| {
        for id in ROWS..ROWS + COMMITS {
            insert(id)?;
        }
        Ok(())
    })?;
    let scan = elapsed_ms(|| {
        let _: i64 = connection.query_row("SELECT sum(length(body)) FROM t", [], |r| r.get(0))?;
        Ok(())
    })?;
    Ok(format!(
        "fill {fill:.0} ms, {COMMITS} commits {commits:.0} ms, scan {scan:.0} ms"
    ))
}

/// What a screen asks first.
fn last_page(connection: &Connection) -> Result<(), Box<dyn std::error::Error>> {
    let mut statement = connection
        .prepare("SELECT id, body FROM t WHERE contact = 'CONTACT3' ORDER BY at DESC LIMIT 50")?;
    let count = statement.query_map([], |row| row.get::<_, i64>(0))?.count();
    if count == 50 {
        Ok(())
    } else {
        Err("the rows are missing".into())
    }
}

fn elapsed_ms(
    work: impl FnOnce() -> Result<(), Box<dyn std::error::Error>>,
) -> Result<f64, Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}
