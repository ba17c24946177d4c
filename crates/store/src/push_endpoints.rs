//! Where apps in browsers can be woken (docs/spec/web-push.md).

use dreiklang_wire::id::Identity;

use crate::{
    Read, Result, Tx,
    queue::number,
    sql::{Value, twins},
};

impl Read<'_> {
    /// The address of an identity's browser.
    pub async fn push_endpoint(&self, identity: Identity) -> Result<Option<String>> {
        let sql = "SELECT endpoint FROM push_endpoints WHERE identity = $1";
        let values = [Value::Text(identity.as_str())];
        self.row(sql, &values, |row| row.text(0)).await
    }

    /// Everybody who has one.
    pub async fn push_identities(&self) -> Result<Vec<Identity>> {
        self.rows_once("SELECT identity FROM push_endpoints", &[], |row| {
            row.parsed(0, "an identity")
        })
        .await
    }

    /// Does a message wait that is worth waking somebody (flag 0x01)?
    pub async fn has_urgent_message(&self, receiver: Identity) -> Result<bool> {
        let sql = "SELECT count(*) FROM messages WHERE receiver = $1 AND flags % 2 = 1";
        let count = self.number(sql, &[Value::Number(number(receiver))]).await?;
        Ok(count > 0)
    }
}

twins! {
    fn push_endpoint(identity: Identity) -> Option<String> = |read| read.push_endpoint(identity);
    fn push_identities() -> Vec<Identity> = |read| read.push_identities();
    fn has_urgent_message(receiver: Identity) -> bool = |read| read.has_urgent_message(receiver);
}

impl Tx<'_> {
    /// Puts an address in the place of the identity's earlier one.
    pub async fn put_push_endpoint(
        &self,
        identity: Identity,
        endpoint: &str,
        at: i64,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO push_endpoints (identity, endpoint, set_at) VALUES ($1, $2, $3)
             ON CONFLICT (identity)
             DO UPDATE SET endpoint = excluded.endpoint, set_at = excluded.set_at",
            &[
                Value::Text(identity.as_str()),
                Value::Text(endpoint),
                Value::Number(at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Forgets the address of an identity. Says whether there was one.
    pub async fn delete_push_endpoint(&self, identity: Identity) -> Result<bool> {
        let sql = "DELETE FROM push_endpoints WHERE identity = $1";
        let values = [Value::Text(identity.as_str())];
        Ok(self.execute(sql, &values).await? > 0)
    }

    /// Forgets an address that its service knows no more, unless there is a new one already.
    pub async fn drop_push_endpoint(&self, identity: Identity, endpoint: &str) -> Result<bool> {
        let sql = "DELETE FROM push_endpoints WHERE identity = $1 AND endpoint = $2";
        let values = [Value::Text(identity.as_str()), Value::Text(endpoint)];
        Ok(self.execute(sql, &values).await? > 0)
    }
}
