//! Blobs: who may put one here, how long it stays, who may have it.

use std::net::IpAddr;

use dreiklang_crypto::{SystemRng, random};
use dreiklang_store::{Blob, BlobBytes, BlobUpload, NewBlob};
use dreiklang_wire::id::BlobId;

use crate::app::{App, UnixMillis};
use crate::error::Error;

/// An upload that was let in.
pub struct Upload {
    /// Its future id.
    pub id: BlobId,
    inner: BlobUpload,
    network: Option<crate::app::limits::Network>,
}

/// Lets an upload in, or refuses it.
pub async fn begin(app: &App, peer: IpAddr, persist: bool) -> Result<Upload, Error> {
    if !app.config.blob.anonymous_upload {
        return Err(Error::Forbidden);
    }
    let network = app.rates.network(peer);
    if !network.is_none_or(|it| app.rates.uploads.take(it, 1, app.clock.uptime())) {
        return Err(Error::RateLimited);
    }
    let blob = &app.config.blob;
    let days = if persist {
        blob.persist_ttl_days
    } else {
        blob.ttl_days
    };
    let id = BlobId::from(random::<16>(&mut SystemRng));
    // On the steady clock, like messages: no jump of the wall clock may delete a picture.
    let steady_ms = app.messages.lifetime.steady_ms(&app.clock);
    let new = NewBlob {
        id,
        uploader: None,
        persist,
        created_at: steady_ms,
        expires_at: UnixMillis(steady_ms).after(DAY * days).0,
        size_bytes_max: blob.bytes_max,
    };
    let inner = app.store.begin_blob(new).await.map_err(Error::of_store)?;
    Ok(Upload { id, inner, network })
}

impl Upload {
    /// Adds bytes, counting them against the allowance of the address.
    pub async fn append(&mut self, app: &App, bytes: &[u8]) -> Result<(), Error> {
        let count = bytes.len() as u64;
        if self.inner.size_bytes().saturating_add(count) > app.config.blob.bytes_max {
            return Err(Error::Invalid("size"));
        }
        let now = app.clock.uptime();
        if !self
            .network
            .is_none_or(|it| app.rates.uploaded_bytes.take(it, count, now))
        {
            return Err(Error::RateLimited);
        }
        self.inner.append(bytes).await.map_err(Error::of_store)
    }

    /// Makes the blob durable and gives its id.
    pub async fn seal(self) -> Result<BlobId, Error> {
        self.inner.seal().await.map_err(Error::of_store)?;
        metrics::counter!("blobs_uploaded_total").increment(1);
        Ok(self.id)
    }

    /// Removes what has come so far.
    pub async fn abandon(self) {
        if let Err(error) = self.inner.abandon().await {
            // The sweeper removes it later.
            tracing::debug!(%error, "an unfinished upload stays for now");
        }
    }
}

/// Opens a blob. Whoever knows the id may have it (protocol.md D20).
pub async fn open(app: &App, id: BlobId) -> Result<Option<(Blob, BlobBytes)>, Error> {
    let Some(blob) = app.store.blob(id).await.map_err(Error::of_store)? else {
        return Ok(None);
    };
    // Expired blobs are gone, whether they were swept yet or not.
    if blob.expires_at <= app.messages.lifetime.expiry_ms(&app.clock) {
        return Ok(None);
    }
    let bytes = app.store.blob_bytes(&blob).await.map_err(Error::of_store)?;
    Ok(bytes.map(|bytes| (blob, bytes)))
}

/// Takes note that a receiver has a blob: it goes unless it is to persist.
pub async fn finish(app: &App, id: BlobId) -> Result<(), Error> {
    app.store
        .finish_blob(id)
        .await
        .map(drop)
        .map_err(Error::of_store)
}

const DAY: std::time::Duration = std::time::Duration::from_hours(24);
