//! Placing batches: the SQL of the hot path, without savepoints and with few round trips.

use std::collections::HashSet;

use rusqlite::params;

use crate::{
    Error, Placement, Position, Result,
    error::OrStoreError,
    messages::is_same_message,
    queue::{Work, number},
    sql::{Connection, postgres::PostgresConnection, sqlite::SqliteConnection},
};

/// Performs neighbouring batches inside the open transaction.
pub(crate) async fn place(connection: &Connection, batches: &mut [&mut Work]) -> Result<()> {
    for work in &mut *batches {
        work.placed.clear();
        work.released = 0;
    }
    match connection {
        Connection::Sqlite(sqlite) => {
            for work in batches {
                on_sqlite(sqlite, work)?;
            }
            Ok(())
        }
        Connection::Postgres(postgres) => on_postgres(postgres, batches).await,
    }
}

fn on_sqlite(sqlite: &SqliteConnection, work: &mut Work) -> Result<()> {
    let mut placed = Vec::with_capacity(work.batch.accept.len());
    let mut released = 0;
    let mut endless = false;
    sqlite.watch(|connection| {
        let mut delete = connection.prepare_cached(DELETE)?;
        for position in &work.batch.release {
            released += delete.execute([position.0])? as u64;
        }
        if work.refused || work.batch.accept.is_empty() {
            return Ok(());
        }
        let mut insert = connection.prepare_cached(INSERT)?;
        for (position, hash, message) in work.entries() {
            let mut dedup = hash;
            let placement = loop {
                let inserted = insert.execute(params![
                    position,
                    number(message.receiver()),
                    number(message.sender()),
                    dedup,
                    message.enqueued_at(),
                    message.expires_at(),
                    i64::from(message.flags()),
                    message.bytes(),
                ])?;
                if inserted == 1 {
                    break Placement::Stored(Position(position));
                }
                let mut occupant = connection.prepare_cached(OCCUPANT)?;
                let (found, same) = occupant.query_row([dedup], |row| {
                    let bytes = row.get_ref(1)?.as_blob()?;
                    Ok((
                        row.get::<_, i64>(0)?,
                        is_same_message(bytes, message.bytes()),
                    ))
                })?;
                if same {
                    break found_at(found, position);
                }
                dedup = dedup.wrapping_add(1);
                if dedup.wrapping_sub(hash) > PROBES_MAX {
                    endless = true;
                    return Ok(());
                }
            };
            placed.push(placement);
        }
        Ok(())
    })?;
    if endless {
        return Err(Error::Corrupt(
            "the hashes of the queue collide endlessly".to_owned(),
        ));
    }
    work.placed = placed;
    work.released = released;
    Ok(())
}

/// A retry after an unknown commit finds its own row: that one is new, not a duplicate.
fn found_at(found: i64, own: i64) -> Placement {
    if found == own {
        Placement::Stored(Position(found))
    } else {
        Placement::Duplicate(Position(found))
    }
}

/// One statement deletes and one inserts for all batches. Deleting first is as good as any order:
/// none of these submissions has been answered yet, and nobody knows the new positions.
async fn on_postgres(postgres: &PostgresConnection, batches: &mut [&mut Work]) -> Result<()> {
    release_on_postgres(postgres, batches).await?;
    let mut columns = Columns::default();
    for work in batches.iter().filter(|work| !work.refused) {
        for (position, dedup, message) in work.entries() {
            columns.position.push(position);
            columns.receiver.push(number(message.receiver()));
            columns.sender.push(number(message.sender()));
            columns.dedup.push(dedup);
            columns.enqueued_at.push(message.enqueued_at());
            columns.expires_at.push(message.expires_at());
            columns.flags.push(i64::from(message.flags()));
            columns.bytes.push(message.bytes());
        }
    }
    if columns.position.is_empty() {
        return Ok(());
    }
    let stored = columns.insert(postgres).await?;
    let mut placements = Vec::with_capacity(columns.position.len());
    for index in 0..columns.position.len() {
        let position = columns.position[index];
        placements.push(if stored.contains(&position) {
            Placement::Stored(Position(position))
        } else {
            columns.resolve(postgres, index).await?
        });
    }
    let mut placements = placements.into_iter();
    for work in batches.iter_mut().filter(|work| !work.refused) {
        let count = work.batch.accept.len();
        work.placed = placements.by_ref().take(count).collect();
    }
    Ok(())
}

async fn release_on_postgres(
    postgres: &PostgresConnection,
    batches: &mut [&mut Work],
) -> Result<()> {
    let released: Vec<i64> = batches
        .iter()
        .flat_map(|work| &work.batch.release)
        .map(|position| position.0)
        .collect();
    if released.is_empty() {
        return Ok(());
    }
    let delete = postgres.prepare(DELETE_MANY).await?;
    let rows = postgres
        .client
        .query(&delete, &[&released])
        .await
        .or_store_error()?;
    let mut gone = HashSet::with_capacity(rows.len());
    for row in rows {
        gone.insert(row.try_get::<_, i64>(0).or_store_error()?);
    }
    for work in batches {
        let counted = work
            .batch
            .release
            .iter()
            .filter(|position| gone.remove(&position.0));
        work.released = counted.count() as u64;
    }
    Ok(())
}

/// The rows to insert, column by column, as `unnest` wants them.
#[derive(Default)]
struct Columns<'m> {
    position: Vec<i64>,
    receiver: Vec<i64>,
    sender: Vec<i64>,
    dedup: Vec<i64>,
    enqueued_at: Vec<i64>,
    expires_at: Vec<i64>,
    flags: Vec<i64>,
    bytes: Vec<&'m [u8]>,
}

impl Columns<'_> {
    /// Inserts all rows and returns the positions that are new.
    async fn insert(&self, postgres: &PostgresConnection) -> Result<HashSet<i64>> {
        let insert = postgres.prepare(INSERT_MANY).await?;
        let rows = postgres
            .client
            .query(
                &insert,
                &[
                    &self.position,
                    &self.receiver,
                    &self.sender,
                    &self.dedup,
                    &self.enqueued_at,
                    &self.expires_at,
                    &self.flags,
                    &self.bytes,
                ],
            )
            .await
            .or_store_error()?;
        rows.iter()
            .map(|row| row.try_get(0).or_store_error())
            .collect()
    }

    /// Finds out why a row was not inserted: it is a duplicate, or its hash collides.
    async fn resolve(&self, postgres: &PostgresConnection, index: usize) -> Result<Placement> {
        let (position, bytes) = (self.position[index], self.bytes[index]);
        let occupant = postgres.prepare(OCCUPANT).await?;
        let insert = postgres.prepare(INSERT).await?;
        let mut dedup = self.dedup[index];
        for _ in 0..PROBES_MAX {
            let row = postgres
                .client
                .query_opt(&occupant, &[&dedup])
                .await
                .or_store_error()?;
            if let Some(row) = row {
                let found: i64 = row.try_get(0).or_store_error()?;
                if is_same_message(row.try_get(1).or_store_error()?, bytes) {
                    return Ok(found_at(found, position));
                }
                dedup = dedup.wrapping_add(1);
                continue;
            }
            postgres
                .client
                .execute(
                    &insert,
                    &[
                        &position,
                        &self.receiver[index],
                        &self.sender[index],
                        &dedup,
                        &self.enqueued_at[index],
                        &self.expires_at[index],
                        &self.flags[index],
                        &bytes,
                    ],
                )
                .await
                .or_store_error()?;
            return Ok(Placement::Stored(Position(position)));
        }
        Err(Error::Corrupt(
            "the hashes of the queue collide endlessly".to_owned(),
        ))
    }
}

const INSERT: &str = "INSERT INTO messages
     (position, receiver, sender, dedup, enqueued_at, expires_at, flags, bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dedup) DO NOTHING";

const INSERT_MANY: &str = "INSERT INTO messages
     (position, receiver, sender, dedup, enqueued_at, expires_at, flags, bytes)
     SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[], $5::BIGINT[],
                          $6::BIGINT[], $7::BIGINT[], $8::BYTEA[])
     ON CONFLICT (dedup) DO NOTHING RETURNING position";

const OCCUPANT: &str = "SELECT position, bytes FROM messages WHERE dedup = $1";

const DELETE: &str = "DELETE FROM messages WHERE position = $1";

const DELETE_MANY: &str = "DELETE FROM messages WHERE position = ANY($1) RETURNING position";

/// Two random hashes of 64 bits never come this close to each other by chance.
const PROBES_MAX: i64 = 1_000;
