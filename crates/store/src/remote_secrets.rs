//! Remote secrets: what a member's app must fetch to open its own storage.

use dreiklang_wire::id::Identity;

use crate::{
    Read, Result, Tx,
    sql::{Row, Value, count, twins},
};

/// A remote secret as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteSecret {
    /// Hash of the token that fetches it.
    pub token_hash: [u8; 32],
    /// Whose it is; one each.
    pub identity: Identity,
    /// The secret, encrypted with the key file of the instance.
    pub sealed: Vec<u8>,
    /// When it was made, in milliseconds.
    pub created_at: i64,
}

impl core::fmt::Debug for RemoteSecret {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("RemoteSecret")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Read<'_> {
    /// Finds a secret by the hash of its token.
    pub async fn remote_secret(&self, token_hash: &[u8; 32]) -> Result<Option<RemoteSecret>> {
        self.row(FIND, &[Value::Bytes(token_hash)], from_row).await
    }

    /// The secret of an identity.
    pub async fn remote_secret_of(&self, identity: Identity) -> Result<Option<RemoteSecret>> {
        self.row(FIND_OF, &[Value::Text(identity.as_str())], from_row)
            .await
    }

    /// How many there are on the whole instance.
    pub async fn remote_secret_count(&self) -> Result<u64> {
        Ok(count(
            self.number("SELECT count(*) FROM remote_secrets", &[])
                .await?,
        ))
    }
}

twins! {
    fn remote_secret_count() -> u64 = |read| read.remote_secret_count();
    fn remote_secret(token_hash: [u8; 32]) -> Option<RemoteSecret> =
        |read| read.remote_secret(&token_hash);
    fn remote_secret_of(identity: Identity) -> Option<RemoteSecret> =
        |read| read.remote_secret_of(identity);
}

impl Tx<'_> {
    /// Stores a secret in the place of the identity's earlier one.
    pub async fn put_remote_secret(&self, new: &RemoteSecret) -> Result<()> {
        let identity = Value::Text(new.identity.as_str());
        let sql = "DELETE FROM remote_secrets WHERE identity = $1";
        self.execute(sql, &[identity]).await?;
        self.execute(
            "INSERT INTO remote_secrets (token_hash, identity, sealed, created_at)
             VALUES ($1, $2, $3, $4)",
            &[
                Value::Bytes(&new.token_hash),
                identity,
                Value::Bytes(&new.sealed),
                Value::Number(new.created_at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Deletes the secret of an identity whose token has this hash. Says whether there was one.
    pub async fn delete_remote_secret(
        &self,
        identity: Identity,
        token_hash: &[u8; 32],
    ) -> Result<bool> {
        let sql = "DELETE FROM remote_secrets WHERE token_hash = $1 AND identity = $2";
        let values = [Value::Bytes(token_hash), Value::Text(identity.as_str())];
        Ok(self.execute(sql, &values).await? == 1)
    }
}

fn from_row(row: &Row<'_>) -> Result<RemoteSecret> {
    Ok(RemoteSecret {
        token_hash: row.array(0)?,
        identity: row.parsed(1, "an identity")?,
        sealed: row.bytes(2)?.to_vec(),
        created_at: row.number(3)?,
    })
}

const FIND: &str = "SELECT token_hash, identity, sealed, created_at FROM remote_secrets
     WHERE token_hash = $1";
const FIND_OF: &str = "SELECT token_hash, identity, sealed, created_at FROM remote_secrets
     WHERE identity = $1";
