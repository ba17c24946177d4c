//! What administrators did: append-only, written in the transaction of the act itself.

use crate::{Read, Result, Store, Tx, sql::Value};

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in the list.
    pub position: i64,
    /// When, in milliseconds of the epoch.
    pub at: i64,
    /// Who acted.
    pub actor: String,
    /// What was done, such as `identity.revoke`.
    pub action: String,
    /// To whom or what.
    pub subject: String,
}

impl Tx<'_> {
    /// Notes an act.
    pub async fn note_audit(
        &self,
        at: i64,
        actor: &str,
        action: &str,
        subject: &str,
    ) -> Result<()> {
        // There is one writer, so the next number cannot be taken by anybody else.
        self.execute(
            "INSERT INTO audit (position, at, actor, action, subject)
             SELECT coalesce(max(position), 0) + 1, $1, $2, $3, $4 FROM audit",
            &[
                Value::Number(at),
                Value::Text(actor),
                Value::Text(action),
                Value::Text(subject),
            ],
        )
        .await?;
        Ok(())
    }
}

impl Read<'_> {
    /// Acts before a position, newest first.
    pub async fn audit_before(&self, before: i64, rows_max: usize) -> Result<Vec<AuditEntry>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        self.rows(
            "SELECT position, at, actor, action, subject FROM audit
             WHERE position < $1 ORDER BY position DESC LIMIT $2",
            &[Value::Number(before), Value::Number(rows_max)],
            |row| {
                Ok(AuditEntry {
                    position: row.number(0)?,
                    at: row.number(1)?,
                    actor: row.text(2)?,
                    action: row.text(3)?,
                    subject: row.text(4)?,
                })
            },
        )
        .await
    }
}

impl Store {
    /// See [`Read::audit_before`].
    pub async fn audit_before(&self, before: i64, rows_max: usize) -> Result<Vec<AuditEntry>> {
        self.read(move |read| Box::pin(read.audit_before(before, rows_max)))
            .await
    }
}
