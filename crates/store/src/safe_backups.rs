//! Backups of Threema Safe: bytes that only their owner can read, under an id that only they know.

use dreiklang_wire::id::Identity;

use crate::{
    Read, Result, Tx,
    sql::{Value, twins},
};

/// A backup as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SafeBackup {
    /// Derived from identity and password by the app.
    pub id: [u8; 32],
    /// Encrypted by the app.
    pub bytes: Vec<u8>,
    /// Whose it is, where the caller had to say it.
    pub owner: Option<Identity>,
    /// When it was put here, in milliseconds.
    pub updated_at: i64,
    /// When it is deleted unless it is renewed, in milliseconds.
    pub expires_at: i64,
}

impl core::fmt::Debug for SafeBackup {
    /// Names the size only: the id is all that is needed to fetch it.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SafeBackup")
            .field("size_bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Read<'_> {
    /// Finds a backup.
    pub async fn safe_backup(&self, id: &[u8; 32]) -> Result<Option<SafeBackup>> {
        self.row(
            "SELECT id, bytes, owner, updated_at, expires_at FROM safe_backups WHERE id = $1",
            &[Value::Bytes(id)],
            |row| {
                Ok(SafeBackup {
                    id: row.array(0)?,
                    bytes: row.bytes(1)?.to_vec(),
                    owner: row.parsed_unless_empty(2, "an identity")?,
                    updated_at: row.number(3)?,
                    expires_at: row.number(4)?,
                })
            },
        )
        .await
    }
}

twins! {
    fn safe_backup(id: [u8; 32]) -> Option<SafeBackup> = |read| read.safe_backup(&id);
}

impl Tx<'_> {
    /// Puts a backup in the place of the one before, whole or not at all. An owner that was known
    /// stays known. Says whether there was none before.
    pub async fn put_safe_backup(&self, backup: &SafeBackup) -> Result<bool> {
        let sql = "SELECT count(*) FROM safe_backups WHERE id = $1";
        let is_new = self.number(sql, &[Value::Bytes(&backup.id)]).await? == 0;
        self.execute(
            "INSERT INTO safe_backups (id, bytes, owner, updated_at, expires_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE
             SET bytes = excluded.bytes, updated_at = excluded.updated_at,
                 expires_at = excluded.expires_at,
                 owner = CASE WHEN excluded.owner = '' THEN safe_backups.owner
                              ELSE excluded.owner END",
            &[
                Value::Bytes(&backup.id),
                Value::Bytes(&backup.bytes),
                Value::Text(backup.owner.as_ref().map_or("", Identity::as_str)),
                Value::Number(backup.updated_at),
                Value::Number(backup.expires_at),
            ],
        )
        .await?;
        Ok(is_new)
    }

    /// Deletes a backup. Says whether there was one.
    pub async fn delete_safe_backup(&self, id: &[u8; 32]) -> Result<bool> {
        let sql = "DELETE FROM safe_backups WHERE id = $1";
        Ok(self.execute(sql, &[Value::Bytes(id)]).await? == 1)
    }

    /// Deletes at most `rows_max` backups that are over. Says how many.
    pub async fn expire_safe_backups(&self, now: i64, rows_max: usize) -> Result<u64> {
        let sql = "DELETE FROM safe_backups WHERE id IN
                   (SELECT id FROM safe_backups WHERE expires_at <= $1
                    ORDER BY expires_at LIMIT $2)";
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        self.execute(sql, &[Value::Number(now), Value::Number(rows_max)])
            .await
    }
}
