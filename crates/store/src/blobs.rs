//! Blobs: opaque bytes under a random id, until they are fetched or expire.
//!
//! The row comes first, as *pending*; then the object; then the row is sealed. Deleting goes the
//! other way round: the row, then the object. So a sealed row always has its object, and whatever
//! a crash leaves behind can be swept.

use std::sync::Arc;

use dreiklang_wire::id::{BlobId, Identity};
use tokio::{fs::File, io::AsyncWriteExt};

use crate::{
    BlobBytes, Error, Read, Result, Store, Tx,
    error::OrStoreError,
    sql::{Row, Value},
};

/// A blob to be uploaded.
#[derive(Clone, Copy, Debug)]
pub struct NewBlob {
    /// A random id that was never used before.
    pub id: BlobId,
    /// Who uploads, if that is known.
    pub uploader: Option<Identity>,
    /// Whether it stays after somebody has fetched it.
    pub persist: bool,
    /// Now, in milliseconds of the epoch.
    pub created_at: i64,
    /// When it may be deleted, in milliseconds.
    pub expires_at: i64,
    /// The most bytes it may have.
    pub size_bytes_max: u64,
}

/// A blob whose bytes are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its id.
    pub id: BlobId,
    /// How long it is.
    pub size_bytes: u64,
    /// Who uploaded it, if that was known.
    pub uploader: Option<Identity>,
    /// Whether it stays after somebody has fetched it.
    pub persist: bool,
    /// When its upload began, in milliseconds.
    pub created_at: i64,
    /// When it may be deleted, in milliseconds.
    pub expires_at: i64,
}

/// How many sealed blobs there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlobTotals {
    /// Blobs.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// An upload under way. Dropping it leaves a pending row for the sweeper.
pub struct BlobUpload {
    store: Store,
    id: BlobId,
    file: File,
    size_bytes: u64,
    size_bytes_max: u64,
}

impl BlobUpload {
    /// Adds bytes.
    pub async fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let size_bytes = self.size_bytes.saturating_add(bytes.len() as u64);
        if size_bytes > self.size_bytes_max {
            return Err(Error::Invalid("a blob is too long"));
        }
        self.size_bytes = size_bytes;
        self.file.write_all(bytes).await.or_store_error()
    }

    /// How many bytes have come so far.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Makes the blob durable; only now can it be found. What could not be made durable is removed.
    pub async fn seal(self) -> Result<()> {
        let (store, id) = (self.store.clone(), self.id);
        let sealed = self.publish().await;
        // On a full disk these bytes are what is missing; the sweeper would keep them for long.
        if sealed.is_err()
            && let Err(error) = store.delete_blobs(vec![id]).await
        {
            tracing::warn!(%error, "an upload that failed is left to the sweeper");
        }
        sealed
    }

    async fn publish(mut self) -> Result<()> {
        self.file.flush().await.or_store_error()?;
        self.store.objects().publish(self.id, self.file).await?;
        let (id, size_bytes) = (self.id, self.size_bytes);
        let sealed = self
            .store
            .write(move |tx| Box::pin(async move { tx.seal_blob(id, size_bytes).await }))
            .await?;
        if sealed {
            return Ok(());
        }
        Err(Error::Unavailable(
            "the upload took so long that it was swept".to_owned(),
        ))
    }

    /// Gives the upload up and removes what there is of it.
    pub async fn abandon(self) -> Result<()> {
        let id = self.id;
        drop(self.file);
        self.store.delete_blobs(vec![id]).await?;
        Ok(())
    }
}

impl Read<'_> {
    /// Looks a sealed blob up.
    pub async fn blob(&self, id: BlobId) -> Result<Option<Blob>> {
        self.row(FIND, &[Value::Bytes(id.as_bytes())], from_row)
            .await
    }

    /// How much an uploader has put here since a time, for quotas.
    pub async fn blob_bytes_since(&self, uploader: Identity, since: i64) -> Result<u64> {
        let bytes = self
            .number(
                "SELECT CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM blobs
                 WHERE uploader = $1 AND created_at >= $2",
                &[Value::Text(uploader.as_str()), Value::Number(since)],
            )
            .await?;
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    /// Counts the sealed blobs of the whole server.
    pub async fn blob_totals(&self) -> Result<BlobTotals> {
        let totals = self.row(
            "SELECT count(*), CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM blobs
             WHERE state = 1",
            &[],
            |row| {
                Ok(BlobTotals {
                    blobs: u64::try_from(row.number(0)?).unwrap_or(0),
                    bytes: u64::try_from(row.number(1)?).unwrap_or(0),
                })
            },
        );
        Ok(totals.await?.unwrap_or_default())
    }

    /// Sealed blobs after an id, for walks over all of them.
    pub(crate) async fn blobs_after(&self, after: &[u8], rows_max: i64) -> Result<Vec<Blob>> {
        self.rows(
            PAGE,
            &[Value::Bytes(after), Value::Number(rows_max)],
            from_row,
        )
        .await
    }

    /// All blobs that somebody uploaded, sealed or not.
    pub(crate) async fn blobs_of(&self, uploader: Identity) -> Result<Vec<BlobId>> {
        let sql = "SELECT id FROM blobs WHERE uploader = $1 ORDER BY created_at";
        self.rows(sql, &[Value::Text(uploader.as_str())], |row| {
            Ok(BlobId::from(row.array::<16>(0)?))
        })
        .await
    }

    async fn ids(&self, sql: &'static str, at: i64, rows_max: usize) -> Result<Vec<BlobId>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        self.rows(sql, &[Value::Number(at), Value::Number(rows_max)], |row| {
            Ok(BlobId::from(row.array::<16>(0)?))
        })
        .await
    }
}

impl Tx<'_> {
    async fn insert_blob(&self, new: &NewBlob) -> Result<()> {
        let uploader = new.uploader.as_ref().map_or("", Identity::as_str);
        let inserted = self
            .execute(
                "INSERT INTO blobs
                 (id, size_bytes, uploader, persist, created_at, expires_at, state)
                 VALUES ($1, 0, $2, $3, $4, $5, 0) ON CONFLICT DO NOTHING",
                &[
                    Value::Bytes(new.id.as_bytes()),
                    Value::Text(uploader),
                    Value::Number(i64::from(new.persist)),
                    Value::Number(new.created_at),
                    Value::Number(new.expires_at),
                ],
            )
            .await?;
        if inserted == 1 {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }

    async fn seal_blob(&self, id: BlobId, size_bytes: u64) -> Result<bool> {
        let size_bytes = i64::try_from(size_bytes).map_err(|_| Error::Invalid("a blob's size"))?;
        let changed = self
            .execute(
                "UPDATE blobs SET state = 1, size_bytes = $2 WHERE id = $1 AND state = 0",
                &[Value::Bytes(id.as_bytes()), Value::Number(size_bytes)],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Lets a blob live longer, never shorter. Says whether it exists.
    pub async fn extend_blob(&self, id: BlobId, expires_at: i64) -> Result<bool> {
        let changed = self
            .execute(
                "UPDATE blobs
                 SET expires_at = CASE WHEN expires_at < $2 THEN $2 ELSE expires_at END
                 WHERE id = $1 AND state = 1",
                &[Value::Bytes(id.as_bytes()), Value::Number(expires_at)],
            )
            .await?;
        Ok(changed == 1)
    }

    pub(crate) async fn delete_blob_row(&self, id: BlobId) -> Result<bool> {
        let sql = "DELETE FROM blobs WHERE id = $1";
        Ok(self.execute(sql, &[Value::Bytes(id.as_bytes())]).await? == 1)
    }
}

impl Store {
    /// See [`Read::blob`].
    pub async fn blob(&self, id: BlobId) -> Result<Option<Blob>> {
        self.read(move |read| Box::pin(read.blob(id))).await
    }

    /// See [`Read::blob_bytes_since`].
    pub async fn blob_bytes_since(&self, uploader: Identity, since: i64) -> Result<u64> {
        self.read(move |read| Box::pin(read.blob_bytes_since(uploader, since)))
            .await
    }

    /// See [`Read::blob_totals`].
    pub async fn blob_totals(&self) -> Result<BlobTotals> {
        self.read(move |read| Box::pin(read.blob_totals())).await
    }

    /// Begins an upload. [`Error::Full`] if the disk is nearly full, [`Error::Conflict`] if the id
    /// is taken.
    pub async fn begin_blob(&self, new: NewBlob) -> Result<BlobUpload> {
        self.objects().check_room()?;
        self.write(move |tx| Box::pin(async move { tx.insert_blob(&new).await }))
            .await?;
        let file = self.objects().begin(new.id).await?;
        Ok(BlobUpload {
            store: self.clone(),
            id: new.id,
            file,
            size_bytes: 0,
            size_bytes_max: new.size_bytes_max,
        })
    }

    /// Opens the bytes of a blob; `None` if it has been deleted meanwhile.
    pub async fn blob_bytes(&self, blob: &Blob) -> Result<Option<BlobBytes>> {
        self.objects().read(blob.id).await
    }

    /// Takes note that a receiver has fetched a blob: it is deleted unless it is to persist.
    pub async fn finish_blob(&self, id: BlobId) -> Result<bool> {
        match self.blob(id).await? {
            Some(blob) if !blob.persist => Ok(self.delete_blobs(vec![id]).await? == 1),
            _ => Ok(false),
        }
    }

    /// Deletes at most `rows_max` blobs that have expired at `now` and says how many.
    pub async fn expire_blobs(&self, now: i64, rows_max: usize) -> Result<u64> {
        let ids = self
            .read(move |read| Box::pin(read.ids(EXPIRED, now, rows_max)))
            .await?;
        self.delete_blobs(ids).await
    }

    /// Deletes at most `rows_max` uploads that began before a time and were never sealed.
    pub async fn sweep_blobs(&self, began_before: i64, rows_max: usize) -> Result<u64> {
        let ids = self
            .read(move |read| Box::pin(read.ids(UNSEALED, began_before, rows_max)))
            .await?;
        self.delete_blobs(ids).await
    }

    /// Deletes the objects without a row whose id starts with a byte: a crash between deleting a
    /// row and deleting its object leaves one. Says how many.
    pub async fn sweep_objects(&self, first: u8) -> Result<u64> {
        let mut swept = 0;
        for id in self.objects().list(first).await? {
            let sql = "SELECT count(*) FROM blobs WHERE id = $1";
            let rows = self.read(move |read| {
                Box::pin(async move { read.number(sql, &[Value::Bytes(id.as_bytes())]).await })
            });
            if rows.await? == 0 {
                self.objects().delete(id).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Deletes rows, then their objects. Says how many rows there were.
    pub(crate) async fn delete_blobs(&self, ids: Vec<BlobId>) -> Result<u64> {
        if ids.is_empty() {
            return Ok(0);
        }
        let ids = Arc::new(ids);
        let doomed = Arc::clone(&ids);
        let deleted = self
            .write(move |tx| {
                Box::pin(async move {
                    let mut deleted = 0;
                    for id in doomed.iter() {
                        deleted += u64::from(tx.delete_blob_row(*id).await?);
                    }
                    Ok(deleted)
                })
            })
            .await?;
        for id in ids.iter() {
            self.objects().delete(*id).await?;
        }
        Ok(deleted)
    }
}

fn from_row(row: &Row<'_>) -> Result<Blob> {
    let uploader = row.text(2)?;
    let uploader = match uploader.as_str() {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| Error::Corrupt("an uploader".to_owned()))?,
        ),
    };
    Ok(Blob {
        id: BlobId::from(row.array::<16>(0)?),
        size_bytes: u64::try_from(row.number(1)?).unwrap_or(0),
        uploader,
        persist: row.flag(3)?,
        created_at: row.number(4)?,
        expires_at: row.number(5)?,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, size_bytes, uploader, persist, created_at, expires_at FROM blobs ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1 AND state = 1");
const PAGE: &str = select!("WHERE id > $1 AND state = 1 ORDER BY id LIMIT $2");
const EXPIRED: &str = "SELECT id FROM blobs WHERE expires_at <= $1 AND state = 1
     ORDER BY expires_at LIMIT $2";
const UNSEALED: &str = "SELECT id FROM blobs WHERE created_at < $1 AND state = 0
     ORDER BY created_at LIMIT $2";
