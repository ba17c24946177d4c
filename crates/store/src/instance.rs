//! Facts about this instance of the service itself, by name.

use dreiklang_crypto::SystemRng;

use crate::{
    Error, Read, Result, Store, Tx,
    sql::{Connection, Value},
};

impl Read<'_> {
    /// A named fact.
    pub async fn instance_value(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.row(
            "SELECT value FROM instance WHERE key = $1",
            &[Value::Text(key)],
            |row| Ok(row.bytes(0)?.to_vec()),
        )
        .await
    }
}

impl Tx<'_> {
    /// Stores a named fact, replacing what was there.
    pub async fn set_instance_value(&self, key: &str, value: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO instance (key, value) VALUES ($1, $2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            &[Value::Text(key), Value::Bytes(value)],
        )
        .await?;
        Ok(())
    }
}

impl Store {
    /// See [`Read::instance_value`].
    pub async fn instance_value(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let key = key.to_owned();
        self.read(move |read| Box::pin(async move { read.instance_value(&key).await }))
            .await
    }
}

/// What was drawn at random when the database was made.
pub(crate) struct Birthmarks {
    /// Tells this database from every other one.
    pub(crate) id: [u8; 16],
    /// Keys the hashes of the queue.
    pub(crate) dedup_key: [u8; 32],
}

/// Reads the birthmarks, drawing them on the first start.
pub(crate) async fn birthmarks(connection: &Connection) -> Result<Birthmarks> {
    let tx = Tx::new(connection);
    connection.begin().await?;
    let marks = Birthmarks {
        id: drawn(&tx, "instance-id").await?,
        dedup_key: drawn(&tx, "dedup-key").await?,
    };
    connection.commit().await?;
    Ok(marks)
}

async fn drawn<const N: usize>(tx: &Tx<'_>, key: &str) -> Result<[u8; N]> {
    if let Some(value) = tx.instance_value(key).await? {
        return value
            .try_into()
            .map_err(|_| Error::Corrupt(format!("the value {key} has the wrong length")));
    }
    let value = dreiklang_crypto::random::<N>(&mut SystemRng);
    tx.set_instance_value(key, &value).await?;
    Ok(value)
}
