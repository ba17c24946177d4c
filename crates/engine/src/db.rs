//! The engine's memory: migrations here, queries one file per noun.
//!
//! Every column is plain: the file is encrypted below SQLite by whoever opens the connection.

use rusqlite::{
    Connection, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::{
    Timestamp,
    error::{Error, Result},
};

pub(crate) mod availability;
pub(crate) mod blocked;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod edits;
pub(crate) mod excluded;
pub(crate) mod files;
pub(crate) mod group_syncs;
pub(crate) mod groups;
pub(crate) mod identity;
pub(crate) mod links;
pub(crate) mod logos;
pub(crate) mod mdm;
pub(crate) mod media;
pub(crate) mod messages;
pub(crate) mod nonces;
pub(crate) mod outbox;
pub(crate) mod pictures;
pub(crate) mod polls;
pub(crate) mod profile_pictures;
pub(crate) mod push_endpoint;
pub(crate) mod reactions;
pub(crate) mod remote_secret;
pub(crate) mod safe;
pub(crate) mod settings;
pub(crate) mod work;

/// Forward only; the n-th script takes the schema from version n to n + 1.
const MIGRATIONS: [&str; 10] = [
    include_str!("db/migrations/0001_start.sql"),
    include_str!("db/migrations/0002_work.sql"),
    include_str!("db/migrations/0003_safe.sql"),
    include_str!("db/migrations/0004_contacts.sql"),
    include_str!("db/migrations/0005_conversations.sql"),
    include_str!("db/migrations/0006_messages.sql"),
    include_str!("db/migrations/0007_media.sql"),
    include_str!("db/migrations/0008_groups.sql"),
    include_str!("db/migrations/0009_push.sql"),
    include_str!("db/migrations/0010_availability.sql"),
];

/// Brings the database to the schema of this version, in one transaction.
pub(crate) fn migrate(conn: &Connection) -> Result<()> {
    let tx = conn.unchecked_transaction()?;
    let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(version).map_err(|_| Error::Newer(version))?;
    let pending = MIGRATIONS.get(done..).ok_or(Error::Newer(version))?;
    if pending.is_empty() {
        return Ok(());
    }
    for script in pending {
        tx.execute_batch(script)?;
    }
    let version = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    tx.pragma_update(None, "user_version", version)?;
    tx.commit()?;
    Ok(())
}

/// Years beyond 9999 break every calendar a screen may use, and a peer may claim any number.
const TIMESTAMP_MS_MAX: u64 = 253_402_300_799_999;

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_ms().min(TIMESTAMP_MS_MAX).cast_signed().into())
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let ms = value.as_i64()?;
        u64::try_from(ms)
            .map(Self::from_ms)
            .map_err(|_| FromSqlError::OutOfRange(ms))
    }
}

/// Parses a column that this program wrote, so a failure means a damaged database.
pub(crate) fn parsed<T, E>(parsed: Result<T, E>, column: usize) -> rusqlite::Result<T> {
    parsed.map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Null,
            "unreadable column".into(),
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Name and text of everything in a schema, without comments and layout.
    fn schema(conn: &Connection) -> BTreeMap<String, String> {
        let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let plain = |sql: String| {
            let lines = sql
                .lines()
                .map(|line| line.split("--").next().unwrap_or_default());
            lines
                .flat_map(str::split_whitespace)
                .collect::<Vec<_>>()
                .join(" ")
                // SQLite writes an added column between the last line end and the parenthesis.
                .replace(" ,", ",")
                .replace(" )", ")")
        };
        rows.map(|row| {
            row.map(|(name, sql): (String, String)| (name, plain(sql)))
                .unwrap()
        })
        .collect()
    }

    #[test]
    fn the_commented_schema_is_the_schema() {
        let migrated = Connection::open_in_memory().unwrap();
        migrate(&migrated).unwrap();
        let documented = Connection::open_in_memory().unwrap();
        documented
            .execute_batch(include_str!("../../../docs/schema/client.sql"))
            .unwrap();
        assert_eq!(schema(&migrated), schema(&documented));
        assert!(schema(&migrated).contains_key("messages"));
    }

    #[test]
    fn every_column_is_filled_and_every_table_strict() {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn).unwrap();
        for (name, sql) in schema(&conn)
            .into_iter()
            .filter(|(_, sql)| sql.contains("TABLE"))
        {
            if name.starts_with("sqlite_") {
                continue;
            }
            assert!(sql.contains(") STRICT"), "{name}");
            let sql =
                format!("SELECT count(*) FROM pragma_table_info('{name}') WHERE \"notnull\" = 0");
            assert_eq!(conn.query_row(&sql, [], |row| row.get(0)), Ok(0), "{name}");
        }
    }

    /// A person's database of the version before conversations: a contact whose newest message was
    /// deleted, another one without messages, and a poll that was kept without being shown.
    const BEFORE_CONVERSATIONS: &str = "
        INSERT INTO identity VALUES (1, x'00', 'ALICE000', '', '', x'00', 0, 0);
        INSERT INTO contacts (
            contact_id, identity, public_key, verification_level, acquaintance_level,
            activity_state, identity_type, feature_mask, name, nickname, created_at,
            last_position, unread_count, newest_created_at)
        VALUES (7, 'BOB00000', unhex('09' || hex(zeroblob(31))), 2, 0, 0, 0, 0, 'Bob', '', 5,
                41, 1, 9),
               (8, 'CAROL000', unhex('10' || hex(zeroblob(31))), 0, 0, 0, 0, 0, '', '', 5, 0, 0,
                0);
        INSERT INTO messages (
            position, contact_id, message_id, is_outgoing, is_shown, type, state, state_at, notes,
            created_at, stored_at, text, container, reference)
        VALUES (40, 7, x'0101010101010101', 1, 1, 1, 3, 6, 0, 5, 5, 'Hello', x'', 'once'),
               (41, 7, x'0202020202020202', 0, 1, 21, 10, 8, 8, 7, 7, '',
                x'1503030303030303037b7d', ''),
               (99, 7, x'0404040404040404', 1, 1, 1, 2, 9, 0, 9, 9, 'Gone', x'', '');
        DELETE FROM messages WHERE position = 99;";

    #[test]
    fn a_database_with_messages_keeps_all_of_them() {
        let conn = Connection::open_in_memory().unwrap();
        conn.pragma_update(None, "foreign_keys", true).unwrap();
        let before = 3;
        for script in MIGRATIONS.iter().take(before) {
            conn.execute_batch(script).unwrap();
        }
        conn.pragma_update(None, "user_version", i64::try_from(before).unwrap())
            .unwrap();
        conn.execute_batch(BEFORE_CONVERSATIONS).unwrap();
        migrate(&conn).unwrap();

        let bob = "BOB00000"
            .parse()
            .map(crate::view::ConversationId::Contact)
            .unwrap();
        let [hello, poll] = &crate::view::timeline(&conn, &bob, None, 9).unwrap()[..] else {
            panic!("not two messages")
        };
        assert_eq!(hello.reference.as_deref(), Some("once"));
        assert_eq!(hello.sender.as_str(), "ALICE000");
        assert_eq!((poll.sender.as_str(), poll.position.0), ("BOB00000", 41));
        let unread = "SELECT unread_count FROM conversations WHERE last_position = 41";
        assert_eq!(conn.query_row(unread, [], |row| row.get(0)), Ok(1));
        let polls = "SELECT hex(poll_id) FROM polls WHERE position = 41 AND creator_id = 7";
        let id = conn.query_row(polls, [], |row| row.get(0));
        assert_eq!(id, Ok("0303030303030303".to_owned()));
        // Positions are never reused, also not those of messages that were deleted.
        let next = "SELECT seq FROM sqlite_sequence WHERE name = 'messages'";
        assert_eq!(conn.query_row(next, [], |row| row.get(0)), Ok(99));
        let broken = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(conn.query_row(broken, [], |row| row.get(0)), Ok(0));
    }

    #[test]
    fn migrating_twice_changes_nothing_and_newer_databases_are_left_alone() {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn).unwrap();
        let before = schema(&conn);
        migrate(&conn).unwrap();
        assert_eq!(schema(&conn), before);
        for version in [99, -1] {
            conn.pragma_update(None, "user_version", version).unwrap();
            assert!(matches!(migrate(&conn), Err(Error::Newer(found)) if found == version));
        }
    }
}
