//! A blob server and the disks of devices, as far as the engine's contract knows them.

use std::collections::{BTreeMap, VecDeque};

use dreiklang_crypto::SharedKey;
use dreiklang_engine::{
    Authorization, MediaName, Place, Transfer, TransferFault, TransferId, Transferred,
};
use dreiklang_wire::id::BlobId;

/// A blob server that keeps everything until somebody is done with it.
#[derive(Default)]
pub(crate) struct BlobServer {
    pub(crate) blobs: BTreeMap<BlobId, Blob>,
    /// What is said to the next transfers instead of doing them.
    pub(crate) faults: VecDeque<TransferFault>,
    /// Who was done with what.
    pub(crate) done: Vec<BlobId>,
    count: u8,
}

pub(crate) struct Blob {
    pub(crate) bytes: Vec<u8>,
    pub(crate) persist: bool,
    pub(crate) authorization: Authorization,
}

/// The driver's side of one device.
#[derive(Default)]
pub(crate) struct Disk {
    /// Sealed files; they outlive the process.
    pub(crate) files: BTreeMap<MediaName, Vec<u8>>,
    /// What the engine wants moved; it does not.
    pub(crate) transfers: VecDeque<(TransferId, Transfer)>,
}

impl BlobServer {
    pub(crate) fn put(&mut self, bytes: Vec<u8>, persist: bool) -> BlobId {
        self.count += 1;
        let id = BlobId([self.count; 16]);
        let authorization = Authorization::Nobody;
        let blob = Blob {
            bytes,
            persist,
            authorization,
        };
        self.blobs.insert(id, blob);
        id
    }

    pub(crate) fn perform(
        &mut self,
        disk: &mut BTreeMap<MediaName, Vec<u8>>,
        transfer: Transfer,
    ) -> Result<Transferred, TransferFault> {
        if let Some(fault) = self.faults.pop_front() {
            return Err(fault);
        }
        match transfer {
            Transfer::Upload {
                source,
                persist,
                authorization,
            } => {
                let bytes = match source {
                    Place::File(name) => disk.get(&name).ok_or(TransferFault::FileMissing)?.clone(),
                    Place::Memory(bytes) => bytes,
                };
                let id = self.put(bytes, persist);
                self.blobs.get_mut(&id).unwrap().authorization = authorization;
                Ok(Transferred::Uploaded(id))
            }
            Transfer::Download {
                blob,
                key,
                nonce,
                bytes_max,
                target,
                ..
            } => {
                let sealed = &self.blobs.get(&blob).ok_or(TransferFault::Gone)?.bytes;
                if sealed.len() as u64 > bytes_max {
                    return Err(TransferFault::TooLarge);
                }
                let plain = SharedKey::from_bytes(key.0)
                    .open(nonce.as_bytes(), sealed)
                    .map_err(|_| TransferFault::Damaged)?;
                Ok(match target {
                    Some(name) => {
                        disk.insert(name, sealed.clone());
                        Transferred::Stored {
                            sealed_bytes: sealed.len() as u64,
                        }
                    }
                    None => Transferred::Read(plain),
                })
            }
            Transfer::Done { blob, .. } => {
                self.done.push(blob);
                self.blobs.retain(|id, kept| *id != blob || kept.persist);
                Ok(Transferred::Told)
            }
        }
    }
}
