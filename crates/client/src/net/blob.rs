//! Blobs over HTTP: streamed from and to files, in constant memory, given up when they stall.
//!
//! Sizes are known before: an upload says how long it is, and a download that is not as long as it
//! said has failed (protocol.md A3.2, A3.3).

#[cfg(not(target_family = "wasm"))]
mod native;
mod token;
#[cfg(target_family = "wasm")]
mod wasm;

use std::sync::Arc;
use std::time::Duration;

use dreiklang_crypto::{SystemRng, random};
use dreiklang_engine::{Authorization, Method, Place, Transfer, TransferFault, Transferred};
use dreiklang_wire::api::blob::{
    BlobQuery, PART_FILE_NAME, PART_NAME, blob_url, uploaded_id, with_query,
};
use dreiklang_wire::api::instance::{Blob, Instance};
use dreiklang_wire::id::BlobId;
use dreiklang_wire::spec;

use super::http::Http;
use crate::error::Error;
use crate::media::Media;
#[cfg(not(target_family = "wasm"))]
use native as platform;
use platform::{Body, Sink, Source, send};
use token::Tokens;
#[cfg(target_family = "wasm")]
use wasm as platform;

/// How long a connection may take (protocol.md A3.2).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long bytes may rest in the middle (csp.struct.yml, blob).
const STALL_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the server may think when it has everything: it makes the blob durable.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(100);
/// An id has 32 bytes; what comes instead is not read for long.
const ANSWER_BYTES_MAX: usize = 4 * 1024;

/// The blob service of one instance. A [`Client`](crate::Client) performs the transfers of its
/// engine by it.
#[derive(Clone)]
pub struct Blobs {
    http: Http,
    urls: Blob,
    tokens: Arc<Tokens>,
}

/// Hears how far a transfer is: bytes of the blob, and all there will be.
pub trait Watcher: Send {
    /// Called after every piece.
    fn moved(&mut self, done_bytes: u64, total_bytes: u64);
}

impl Blobs {
    /// The blob service of an instance that asks for no pins.
    pub fn new(instance: &Instance) -> Result<Self, Error> {
        Ok(Self::of_instance(
            instance,
            Http::of_instance(instance, None)?,
        ))
    }

    pub(crate) fn of_instance(instance: &Instance, http: Http) -> Self {
        Self {
            http,
            urls: instance.blob.clone(),
            tokens: Arc::default(),
        }
    }

    /// Performs a transfer. What there was of it is removed when it fails or is dropped.
    pub async fn perform(
        &self,
        transfer: &Transfer,
        media: &Media,
        watcher: &mut dyn Watcher,
    ) -> Result<Transferred, TransferFault> {
        let first = self.attempt(transfer, media, watcher).await;
        let has_token = matches!(transfer.authorization(), Authorization::Token(_));
        if has_token && first == Err(TransferFault::Refused(401)) {
            // Tokens end; the licence may be as good as before.
            self.tokens.forget().await;
            return self.attempt(transfer, media, watcher).await;
        }
        first
    }

    async fn attempt(
        &self,
        transfer: &Transfer,
        media: &Media,
        watcher: &mut dyn Watcher,
    ) -> Result<Transferred, TransferFault> {
        let authorization = match transfer.authorization() {
            Authorization::Nobody => None,
            Authorization::Basic(license) => Some(license.basic()),
            Authorization::Token(license) => Some(self.tokens.header(&self.http, license).await?),
        };
        match transfer {
            Transfer::Upload {
                source, persist, ..
            } => {
                self.upload(authorization, source, *persist, media, watcher)
                    .await
            }
            Transfer::Download {
                blob,
                key,
                nonce,
                bytes_max,
                target,
                ..
            } => {
                let bytes_max = (*bytes_max).min(spec::BLOB_BYTES_MAX);
                let checker = crate::media::checker(key, nonce);
                let sink = Sink::begin(media, *target, checker);
                self.download(authorization, *blob, bytes_max, sink, watcher)
                    .await
            }
            Transfer::Done { blob, .. } => self.done(authorization, *blob).await,
        }
    }

    async fn upload(
        &self,
        authorization: Option<String>,
        place: &Place,
        persist: bool,
        media: &Media,
        watcher: &mut dyn Watcher,
    ) -> Result<Transferred, TransferFault> {
        let source = Source::open(media, place).await?;
        let blob_bytes = source.bytes;
        if blob_bytes > spec::BLOB_BYTES_MAX {
            return Err(TransferFault::TooLarge);
        }
        let query = BlobQuery {
            persist: Some(persist),
            mirror: None,
        };
        let url = with_query(&self.urls.upload_url, query).into_owned();
        // Nobody can have put that into a file before: it is made now.
        let boundary = format!("{:032x}", u128::from_be_bytes(random(&mut SystemRng)));
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{PART_NAME}\"; \
             filename=\"{PART_FILE_NAME}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let body = Body::new(head.into(), source, tail.into());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let call = Call {
            method: Method::Post,
            url,
            authorization,
            content_type: Some(content_type),
        };
        let answer = send(&self.http, call, body, |moved| {
            watcher.moved(moved.min(blob_bytes), blob_bytes);
        })
        .await?;
        success(answer.status())?;
        let id = answer.small_body().await?;
        watcher.moved(blob_bytes, blob_bytes);
        // An answer that is none of a blob server's comes from somebody in between.
        let id = uploaded_id(&id).map_err(|_| TransferFault::Unreachable)?;
        Ok(Transferred::Uploaded(id))
    }

    async fn download(
        &self,
        authorization: Option<String>,
        blob: BlobId,
        bytes_max: u64,
        mut sink: Sink,
        watcher: &mut dyn Watcher,
    ) -> Result<Transferred, TransferFault> {
        match self
            .fill(authorization, blob, bytes_max, &mut sink, watcher)
            .await
        {
            Ok(()) => sink.finish().await,
            Err(fault) => {
                sink.give_up().await;
                Err(fault)
            }
        }
    }

    async fn fill(
        &self,
        authorization: Option<String>,
        blob: BlobId,
        bytes_max: u64,
        sink: &mut Sink,
        watcher: &mut dyn Watcher,
    ) -> Result<(), TransferFault> {
        let url = blob_url(&self.urls.download_url, blob);
        let call = Call {
            method: Method::Get,
            url,
            authorization,
            content_type: None,
        };
        let mut answer = send(&self.http, call, Body::empty(), |_| {}).await?;
        success(answer.status()).map_err(|fault| match fault {
            TransferFault::Refused(404 | 410) => TransferFault::Gone,
            other => other,
        })?;
        let length = answer.length();
        if length.is_some_and(|length| length > bytes_max) {
            return Err(TransferFault::TooLarge);
        }
        let mut received = 0;
        while let Some(bytes) = answer.next().await? {
            received += bytes.len() as u64;
            if received > bytes_max {
                return Err(TransferFault::TooLarge);
            }
            sink.take(bytes).await?;
            watcher.moved(received, length.unwrap_or(bytes_max));
        }
        Ok(())
    }

    async fn done(
        &self,
        authorization: Option<String>,
        blob: BlobId,
    ) -> Result<Transferred, TransferFault> {
        let url = blob_url(&self.urls.done_url, blob);
        let call = Call {
            method: Method::Post,
            url,
            authorization,
            content_type: None,
        };
        let answer = send(&self.http, call, Body::empty(), |_| {}).await?;
        success(answer.status())?;
        Ok(Transferred::Told)
    }
}

/// A request, but for its body.
struct Call {
    method: Method,
    url: String,
    authorization: Option<String>,
    content_type: Option<String>,
}

fn success(status: u16) -> Result<(), TransferFault> {
    match status {
        200..300 => Ok(()),
        413 => Err(TransferFault::TooLarge),
        other => Err(TransferFault::Refused(other)),
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
pub(crate) mod tests;
