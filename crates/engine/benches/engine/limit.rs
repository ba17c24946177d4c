//! The least that a message costs: its two boxes and its rows, without any rule.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use dreiklang_crypto::SharedKey;
use rusqlite::Connection;

use super::pair::{TEXT, open};

pub(crate) struct Limit {
    /// Two boxes sealed and four rows, in a transaction of its own.
    pub(crate) single: Duration,
    /// Two boxes opened and two rows, 64 to a transaction.
    pub(crate) batched: Duration,
    boxes_and_rows: Duration,
}

const ROUNDS: u32 = 5_000;
const BATCH: u32 = 64;
/// What padding makes of a short text, and what the metadata have.
const BODY_BYTES: usize = TEXT.len() + 128;
const METADATA_BYTES: usize = 36;

impl Limit {
    pub(crate) fn measure(folder: &Path) -> Self {
        let conn = open(&folder.join("limit.db"));
        conn.execute_batch(
            "CREATE TABLE message (id INTEGER PRIMARY KEY, wire BLOB, text TEXT) STRICT;
             CREATE UNIQUE INDEX message_by_wire ON message (wire);
             CREATE TABLE payload (id INTEGER PRIMARY KEY, bytes BLOB) STRICT;
             CREATE TABLE nonce (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
             CREATE TABLE state (id INTEGER PRIMARY KEY, last INTEGER) STRICT;
             INSERT INTO state VALUES (1, 0);",
        )
        .expect("a schema");
        let mut work = Work { conn, number: 0 };
        Self {
            single: work.single(),
            batched: work.batched(),
            boxes_and_rows: work.fan_out(),
        }
    }

    /// What a message to so many costs at least.
    pub(crate) fn fan_out(&self, receivers: usize) -> Duration {
        self.boxes_and_rows * u32::try_from(receivers).expect("a few")
    }
}

struct Work {
    conn: Connection,
    number: u64,
}

impl Work {
    fn each(&mut self, rounds: u32, mut work: impl FnMut(&mut Self)) -> Duration {
        let start = Instant::now();
        for _ in 0..rounds {
            work(self);
        }
        start.elapsed() / rounds
    }

    /// A nonce that no round has had.
    fn nonce(&mut self) -> [u8; 24] {
        self.number += 1;
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(
            &self
                .number
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .to_le_bytes(),
        );
        nonce
    }

    fn seal(&mut self) -> Vec<u8> {
        let nonce = self.nonce();
        let key = SharedKey::from_bytes([3; 32]);
        let mut sealed = key.seal(&nonce, &[7; BODY_BYTES]);
        sealed.extend(key.seal(&nonce, &[7; METADATA_BYTES]));
        sealed
    }

    fn rows(&mut self, payload: Option<&[u8]>) {
        let nonce = self.nonce();
        let sql = "INSERT INTO message (wire, text) VALUES (?1, ?2)";
        let mut insert = self.conn.prepare_cached(sql).expect("SQL");
        insert.execute((&nonce[..8], TEXT)).expect("a row");
        drop(insert);
        self.remember_nonce();
        if let Some(payload) = payload {
            let sql = "INSERT INTO payload (bytes) VALUES (?1)";
            let mut insert = self.conn.prepare_cached(sql).expect("SQL");
            insert.execute([payload]).expect("a row");
            let sql = "UPDATE state SET last = last + 1";
            let mut update = self.conn.prepare_cached(sql).expect("SQL");
            update.execute([]).expect("a row");
        }
    }

    fn remember_nonce(&mut self) {
        let mut hash = [0; 32];
        hash[..24].copy_from_slice(&self.nonce());
        let sql = "INSERT INTO nonce (hash) VALUES (?1)";
        let mut insert = self.conn.prepare_cached(sql).expect("SQL");
        insert.execute([hash]).expect("a row");
    }

    fn single(&mut self) -> Duration {
        self.each(ROUNDS, |work| {
            work.conn.execute_batch("BEGIN").expect("a transaction");
            let payload = work.seal();
            work.rows(Some(&payload));
            work.conn.execute_batch("COMMIT").expect("a transaction");
        })
    }

    /// Opening a box costs what sealing it costs.
    fn batched(&mut self) -> Duration {
        let batch = self.each(ROUNDS / BATCH, |work| {
            work.conn.execute_batch("BEGIN").expect("a transaction");
            for _ in 0..BATCH {
                work.seal();
                work.rows(None);
            }
            work.conn.execute_batch("COMMIT").expect("a transaction");
        });
        batch / BATCH
    }

    fn fan_out(&mut self) -> Duration {
        self.conn.execute_batch("BEGIN").expect("a transaction");
        let each = self.each(ROUNDS, |work| {
            let payload = work.seal();
            let sql = "INSERT INTO payload (bytes) VALUES (?1)";
            let mut insert = work.conn.prepare_cached(sql).expect("SQL");
            insert.execute([payload]).expect("a row");
            drop(insert);
            work.remember_nonce();
        });
        self.conn.execute_batch("COMMIT").expect("a transaction");
        each
    }
}
