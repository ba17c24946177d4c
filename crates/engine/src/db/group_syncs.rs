//! Who told or asked whom about a group lately (csp.struct.yml, recently resynced).

use dreiklang_wire::id::{GroupIdentity, Identity};
use rusqlite::{Connection, OptionalExtension};

use crate::{Timestamp, error::Result, time::Pause};

/// csp.struct.yml, group-sync-request: an hour breaks every loop.
const REST_MS: u64 = 60 * 60 * 1_000;

/// More groups than this in one hour are an attack: nobody is asked any more until it is over.
const ASKED_MAX: i64 = 1_000;

/// Whether it is too early to tell or ask again.
pub(crate) fn is_recent(
    conn: &Connection,
    group: &GroupIdentity,
    member: Identity,
    now: Timestamp,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT synced_at FROM group_syncs WHERE creator = ?1 AND group_id = ?2 AND member = ?3",
    )?;
    let key = (group.creator.as_str(), group.id.as_bytes(), member.as_str());
    let at: Option<Timestamp> = statement.query_row(key, |row| row.get(0)).optional()?;
    Ok(at.is_some_and(|at| !Pause::new(at, REST_MS).is_over(now)))
}

/// Whether we asked about so many groups lately that nobody is asked any more.
pub(crate) fn is_full(conn: &Connection, own: Identity, now: Timestamp) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*) >= ?3 FROM group_syncs WHERE synced_at > ?2 AND member = ?1",
    )?;
    let row = (own.as_str(), rest_began(now), ASKED_MAX);
    Ok(statement.query_row(row, |row| row.get(0))?)
}

pub(crate) fn mark(
    conn: &Connection,
    group: &GroupIdentity,
    member: Identity,
    now: Timestamp,
) -> Result<()> {
    // What is older than the rest means nothing any more, and neither does what is to come.
    let mut delete =
        conn.prepare_cached("DELETE FROM group_syncs WHERE synced_at <= ?1 OR synced_at > ?2")?;
    delete.execute((rest_began(now), now))?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO group_syncs (creator, group_id, member, synced_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (creator, group_id, member) DO UPDATE SET synced_at = excluded.synced_at",
    )?;
    insert.execute((
        group.creator.as_str(),
        group.id.as_bytes(),
        member.as_str(),
        now,
    ))?;
    Ok(())
}

fn rest_began(now: Timestamp) -> Timestamp {
    Timestamp::from_ms(now.as_ms().saturating_sub(REST_MS))
}
