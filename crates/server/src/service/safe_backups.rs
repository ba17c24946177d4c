//! Safe backups: encrypted bytes that an app leaves under an id, for the day its device is lost.
//!
//! The id comes from the owner's identity and password, so who can guess ids can guess passwords:
//! downloads are limited per network and nothing lists ids. Sizes go to the log as classes only,
//! because a backup's size tells about its content (reliability.md 2.1, compression side channel).

use std::net::IpAddr;
use std::time::Duration;

use dreiklang_store::SafeBackup;
use dreiklang_wire::id::Identity;

use crate::app::limits::{Buckets, Network, Rate};
use crate::app::{App, UnixMillis};
use crate::config::Settings;
use crate::error::Error;
use crate::service::access::Caller;
use crate::service::licenses::License;

/// How often what may be done.
#[derive(Debug)]
pub struct SafeRates {
    uploads: Buckets<[u8; 32]>,
    uploads_from: Buckets<Network>,
    downloads_from: Buckets<Network>,
}

impl SafeRates {
    /// Full buckets.
    pub fn new(settings: &Settings) -> Self {
        let (safe, max) = (&settings.safe, settings.limits.buckets_max);
        let by = |count: u32, per| {
            let count = count.into();
            Buckets::new(Rate { count, per }, max)
        };
        Self {
            uploads: Buckets::new(
                Rate {
                    count: safe.uploads_per_backup_max.into(),
                    per: UPLOAD_EVERY * safe.uploads_per_backup_max,
                },
                max,
            ),
            uploads_from: by(safe.uploads_per_ip_day_max, DAY),
            downloads_from: by(safe.downloads_per_ip_hour_max, HOUR),
        }
    }
}

/// Asks for room for an upload, before its bytes are read.
pub fn admit(app: &App, peer: IpAddr, id: [u8; 32]) -> Result<(), Error> {
    let (rates, now) = (&app.safe_rates, app.clock.uptime());
    let network = app.rates.network(peer);
    if network.is_none_or(|it| rates.uploads_from.take(it, 1, now))
        && rates.uploads.take(id, 1, now)
    {
        Ok(())
    } else {
        Err(Error::RateLimited)
    }
}

/// Whose a backup is, if the caller's licence is one person's: then it goes when that person's data
/// are erased.
pub async fn owner(app: &App, caller: Option<Caller>) -> Result<Option<Identity>, Error> {
    let Some(License { credential, org }) = caller.and_then(Caller::license) else {
        return Ok(None);
    };
    let credential = app.store.credential(org, credential).await;
    Ok(credential
        .map_err(Error::of_store)?
        .and_then(|it| it.identity))
}

/// Stores a backup in the place of an older one. Says whether there was none.
pub async fn put(
    app: &App,
    id: [u8; 32],
    bytes: Vec<u8>,
    owner: Option<Identity>,
) -> Result<bool, Error> {
    if bytes.is_empty() || bytes.len() as u64 > u64::from(app.config.safe.bytes_max) {
        return Err(Error::Invalid("size"));
    }
    let class_bytes = bytes.len().next_power_of_two().max(1024);
    // On the steady clock, like blobs: no jump of the wall clock may delete a backup.
    let at = app.messages.lifetime.steady_ms(&app.clock);
    let new = SafeBackup {
        id,
        bytes,
        owner,
        updated_at: at,
        expires_at: UnixMillis(at).after(DAY * app.config.safe.retention_days).0,
    };
    let is_new = app
        .store
        .write(move |tx| Box::pin(async move { tx.put_safe_backup(&new).await }))
        .await
        .map_err(Error::of_store)?;
    metrics::counter!("safe_backups_stored_total").increment(1);
    tracing::debug!(safe.class_bytes = class_bytes, "a backup was stored");
    Ok(is_new)
}

/// Gives a backup to whoever knows its id. Expired ones are gone, whether swept yet or not.
pub async fn find(app: &App, peer: IpAddr, id: [u8; 32]) -> Result<Vec<u8>, Error> {
    let network = app.rates.network(peer);
    let now = app.clock.uptime();
    if !network.is_none_or(|it| app.safe_rates.downloads_from.take(it, 1, now)) {
        return Err(Error::RateLimited);
    }
    let found = app.store.safe_backup(id).await.map_err(Error::of_store)?;
    let expiry = app.messages.lifetime.expiry_ms(&app.clock);
    found
        .filter(|it| it.expires_at > expiry)
        .map(|it| it.bytes)
        .ok_or(Error::NotFound)
}

/// Deletes a backup.
pub async fn delete(app: &App, peer: IpAddr, id: [u8; 32]) -> Result<(), Error> {
    let network = app.rates.network(peer);
    let now = app.clock.uptime();
    // It says whether there is a backup just as a download does.
    if !network.is_none_or(|it| app.safe_rates.downloads_from.take(it, 1, now)) {
        return Err(Error::RateLimited);
    }
    let deleted = app
        .store
        .write(move |tx| Box::pin(async move { tx.delete_safe_backup(&id).await }))
        .await
        .map_err(Error::of_store)?;
    if deleted {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// One upload per backup becomes possible in this time (reliability.md 2.1).
const UPLOAD_EVERY: Duration = Duration::from_mins(5);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
