//! Keys of the administration interface: of the operator or of one organisation.

use crate::{
    OrgId, Read, Result, Tx,
    sql::{Row, Value, time, twins},
};

/// A key as stored; the key itself is known to its holder only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public name.
    pub id: String,
    /// Whose it is; `None`: the operator's.
    pub org: Option<OrgId>,
    /// What it is for.
    pub name: String,
    /// Hash of the key.
    pub hash: [u8; 32],
    /// Areas with read or write, separated by commas.
    pub rights: String,
    /// Where it may be used from, separated by commas; empty: anywhere.
    pub networks: String,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// When it ends, in milliseconds.
    pub expires_at: Option<i64>,
    /// When it was revoked, in milliseconds.
    pub revoked_at: Option<i64>,
    /// Days of the epoch at its last use.
    pub last_used_day: Option<i64>,
}

impl core::fmt::Debug for ApiKey {
    /// Leaves the hash out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ApiKey")
            .field("id", &self.id)
            .field("org", &self.org)
            .finish_non_exhaustive()
    }
}

impl Read<'_> {
    /// Looks a key up by its public name.
    pub async fn api_key(&self, id: &str) -> Result<Option<ApiKey>> {
        self.row(FIND, &[Value::Text(id)], from_row).await
    }

    /// Finds a key, and with it whose it is, by its hash.
    pub async fn api_key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>> {
        self.row(FIND_BY_HASH, &[Value::Bytes(hash)], from_row)
            .await
    }

    /// All keys of an organisation, or of the operator.
    pub async fn api_keys(&self, org: Option<OrgId>) -> Result<Vec<ApiKey>> {
        let org = org.as_ref().map_or("", OrgId::as_str);
        self.rows(ALL, &[Value::Text(org)], from_row).await
    }
}

twins! {
    fn api_key(id: String) -> Option<ApiKey> = |read| read.api_key(&id);
    fn api_key_by_hash(hash: [u8; 32]) -> Option<ApiKey> = |read| read.api_key_by_hash(&hash);
    fn api_keys(org: Option<OrgId>) -> Vec<ApiKey> = |read| read.api_keys(org);
}

impl Tx<'_> {
    /// Stores a key.
    pub async fn create_api_key(&self, new: &ApiKey) -> Result<()> {
        self.execute(
            "INSERT INTO api_keys
             (id, org, name, hash, rights, networks, created_at, expires_at, revoked_at,
              last_used_day)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                Value::Text(&new.id),
                Value::Text(new.org.as_ref().map_or("", OrgId::as_str)),
                Value::Text(&new.name),
                Value::Bytes(&new.hash),
                Value::Text(&new.rights),
                Value::Text(&new.networks),
                Value::Number(new.created_at),
                Value::Number(new.expires_at.unwrap_or(0)),
                Value::Number(new.revoked_at.unwrap_or(0)),
                Value::Number(new.last_used_day.unwrap_or(0)),
            ],
        )
        .await?;
        Ok(())
    }

    /// Revokes a key of an organisation, or of the operator. Says whether it was not revoked.
    pub async fn revoke_api_key(&self, org: Option<OrgId>, id: &str, at: i64) -> Result<bool> {
        let sql = "UPDATE api_keys SET revoked_at = $3
                   WHERE id = $1 AND org = $2 AND revoked_at = 0";
        let values = [
            Value::Text(id),
            Value::Text(org.as_ref().map_or("", OrgId::as_str)),
            Value::Number(at),
        ];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Notes the day of a use. Says whether that changed anything.
    pub async fn note_api_key_use(&self, id: &str, day: i64) -> Result<bool> {
        let sql = "UPDATE api_keys SET last_used_day = $2 WHERE id = $1 AND last_used_day <> $2";
        let values = [Value::Text(id), Value::Number(day)];
        Ok(self.execute(sql, &values).await? == 1)
    }
}

fn from_row(row: &Row<'_>) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.text(0)?,
        org: row.parsed_unless_empty(1, "an organisation")?,
        name: row.text(2)?,
        hash: row.array(3)?,
        rights: row.text(4)?,
        networks: row.text(5)?,
        created_at: row.number(6)?,
        expires_at: time(row.number(7)?),
        revoked_at: time(row.number(8)?),
        last_used_day: time(row.number(9)?),
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, org, name, hash, rights, networks, created_at, expires_at, revoked_at, ",
            "last_used_day FROM api_keys ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const FIND_BY_HASH: &str = select!("WHERE hash = $1");
const ALL: &str = select!("WHERE org = $1 ORDER BY created_at, id");
