//! Activations: links that show a credential to one person, once, for a short time.

use crate::{Credential, CredentialId, OrgId, Result, Tx, sql::Value};

impl Tx<'_> {
    /// Makes an activation, known by the hash of its token only; those before it are worth nothing
    /// any more. Says whether the organisation has
    /// such a credential.
    pub async fn create_activation(
        &self,
        org: OrgId,
        credential: &CredentialId,
        token_hash: &[u8; 32],
        expires_at: i64,
    ) -> Result<bool> {
        if self.credential(org, credential).await?.is_none() {
            return Ok(false);
        }
        self.drop_activations(credential).await?;
        self.execute(
            "INSERT INTO activations (token_hash, credential, expires_at, used_at)
             VALUES ($1, $2, $3, 0)",
            &[
                Value::Bytes(token_hash),
                Value::Text(credential.as_str()),
                Value::Number(expires_at),
            ],
        )
        .await?;
        Ok(true)
    }

    /// Uses an activation up. `None` if there is none, if it is over or was used, or if its
    /// credential is gone, withdrawn or over.
    pub async fn redeem_activation(
        &self,
        token_hash: &[u8; 32],
        now: i64,
    ) -> Result<Option<Credential>> {
        let sql = "UPDATE activations SET used_at = $2
                   WHERE token_hash = $1 AND used_at = 0 AND expires_at > $2";
        let values = [Value::Bytes(token_hash), Value::Number(now)];
        if self.execute(sql, &values).await? == 0 {
            return Ok(None);
        }
        let sql = "SELECT c.org, c.id FROM activations a JOIN credentials c ON c.id = a.credential
                   WHERE a.token_hash = $1";
        let found = self
            .row(sql, &[Value::Bytes(token_hash)], |row| {
                let org: OrgId = row.parsed(0, "an organisation")?;
                let id: CredentialId = row.parsed(1, "a credential")?;
                Ok((org, id))
            })
            .await?;
        let Some((org, id)) = found else {
            return Ok(None);
        };
        self.drop_activations(&id).await?;
        let credential = self.credential(org, &id).await?;
        Ok(credential.filter(|credential| credential.is_valid_at(now)))
    }

    /// Takes back the activations of a credential that nobody has used: only the newest way in
    /// counts.
    pub async fn drop_activations(&self, credential: &CredentialId) -> Result<u64> {
        let sql = "DELETE FROM activations WHERE credential = $1 AND used_at = 0";
        self.execute(sql, &[Value::Text(credential.as_str())]).await
    }

    /// Deletes what was used or over before a time. Says how many.
    pub async fn expire_activations(&self, before: i64) -> Result<u64> {
        let sql = "DELETE FROM activations
                   WHERE expires_at < $1 OR (used_at > 0 AND used_at < $1)";
        self.execute(sql, &[Value::Number(before)]).await
    }
}
