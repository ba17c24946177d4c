//! Blobs on their way to and from the blob server. The driver moves sealed bytes between network
//! and files; which blob belongs to what, and when to try again, is decided here.
//!
//! Media lies on disk as it crosses the wire, sealed under the random key of its blob; that key is
//! in the encrypted database only. So there is one format, and a file that is copied from the
//! profile says nothing.

use std::{fmt, str::FromStr};

use dreiklang_wire::{
    e2e::BlobKey,
    id::{BlobId, MessageNonce},
};

use crate::http::Authorization;

/// A file of sealed media in the profile. In text, and on disk, it is lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaName(pub [u8; 16]);

/// Ties an outcome to its transfer. Ids of an earlier engine never mean anything to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(pub u64);

/// Where sealed bytes are.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file of the profile.
    File(MediaName),
    /// Here; for small things, a profile picture.
    Memory(Vec<u8>),
}

/// What is to be moved.
#[derive(Clone, PartialEq, Eq)]
pub enum Transfer {
    /// Put sealed bytes on the blob server.
    Upload {
        /// The bytes.
        source: Place,
        /// Whether the blob stays after somebody has fetched it: for groups and pictures.
        persist: bool,
        /// What to show.
        authorization: Authorization,
    },
    /// Fetch a blob and check that its key opens it.
    Download {
        /// The blob.
        blob: BlobId,
        /// The key it is sealed under.
        key: BlobKey,
        /// The nonce it is sealed with.
        nonce: MessageNonce,
        /// The most sealed bytes that are accepted.
        bytes_max: u64,
        /// The file to keep the sealed bytes in; without one they are opened into memory.
        target: Option<MediaName>,
        /// What to show: an instance of an organisation lets nobody else in.
        authorization: Authorization,
    },
    /// Tell the blob server that the blob is not needed any more.
    Done {
        /// The blob.
        blob: BlobId,
        /// What to show.
        authorization: Authorization,
    },
}

/// What a transfer brought.
#[derive(Clone, PartialEq, Eq)]
pub enum Transferred {
    /// The upload is complete; the server calls the blob so.
    Uploaded(BlobId),
    /// The blob is in its file, durable and verified.
    Stored {
        /// Its length with the tag.
        sealed_bytes: u64,
    },
    /// The blob, verified and opened.
    Read(Vec<u8>),
    /// The server was told.
    Told,
}

/// Why a transfer did not happen. What there was of it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferFault {
    /// No connection, no trust, or it broke off.
    #[error("the blob server cannot be reached")]
    Unreachable,
    /// The server stopped taking or giving bytes.
    #[error("the blob server did not answer in time")]
    TimedOut,
    /// The server said no, with this status.
    #[error("the blob server refused (status {0})")]
    Refused(u16),
    /// There are more bytes than may be.
    #[error("the file is larger than is possible")]
    TooLarge,
    /// The server does not have the blob, or not any more.
    #[error("the file is not on the server any more")]
    Gone,
    /// The key does not open what came.
    #[error("the file is damaged")]
    Damaged,
    /// The file to send is not in the profile.
    #[error("the file to send is missing")]
    FileMissing,
    /// The disk is full, or the file cannot be written.
    #[error("there is no space for the file")]
    NoSpace,
}

impl Transfer {
    /// What the request shows to be let in.
    pub fn authorization(&self) -> &Authorization {
        match self {
            Self::Upload { authorization, .. }
            | Self::Download { authorization, .. }
            | Self::Done { authorization, .. } => authorization,
        }
    }
}

impl TransferFault {
    /// Whether the same transfer would fail again, however often it is tried.
    pub fn is_permanent(self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut | Self::NoSpace => false,
            Self::Refused(status) => {
                (400..500).contains(&status) && ![401, 408, 429].contains(&status)
            }
            Self::TooLarge | Self::Gone | Self::Damaged | Self::FileMissing => true,
        }
    }
}

impl fmt::Display for MediaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The same 16 bytes in the same writing as a blob's id.
        BlobId(self.0).fmt(f)
    }
}

impl fmt::Debug for MediaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MediaName {
    type Err = dreiklang_wire::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|BlobId(bytes)| Self(bytes))
    }
}

// Blob ids let everybody fetch, keys let everybody read: neither ends in a log.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => write!(f, "File({name})"),
            Self::Memory(bytes) => write!(f, "Memory({} bytes)", bytes.len()),
        }
    }
}

impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upload { source, .. } => write!(f, "Upload({source:?})"),
            Self::Download { target, .. } => write!(f, "Download({target:?})"),
            Self::Done { .. } => f.write_str("Done"),
        }
    }
}

impl fmt::Debug for Transferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uploaded(_) => f.write_str("Uploaded"),
            Self::Stored { sealed_bytes } => write!(f, "Stored({sealed_bytes} bytes)"),
            Self::Read(plain) => write!(f, "Read({} bytes)", plain.len()),
            Self::Told => f.write_str("Told"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_hexadecimal() {
        let name = MediaName([0xab; 16]);
        assert_eq!(name.to_string(), "ab".repeat(16));
        assert_eq!("ab".repeat(16).parse::<MediaName>().unwrap(), name);
        assert!("../etc/passwd".parse::<MediaName>().is_err());
    }

    #[test]
    fn nothing_that_opens_or_fetches_a_blob_is_printed() {
        let download = Transfer::Download {
            blob: BlobId([0xb1; 16]),
            key: BlobKey([0xb2; 32]),
            nonce: MessageNonce([0xb3; 24]),
            bytes_max: 1,
            target: None,
            authorization: Authorization::Nobody,
        };
        let upload = Transfer::Upload {
            source: Place::Memory(vec![0xb4; 8]),
            persist: false,
            authorization: Authorization::Nobody,
        };
        let read = Transferred::Read(b"b5b5".to_vec());
        let printed = format!("{download:?} {upload:?} {read:?}");
        assert_eq!(
            printed,
            "Download(None) Upload(Memory(8 bytes)) Read(4 bytes)"
        );
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for fault in [
            TransferFault::Unreachable,
            TransferFault::NoSpace,
            TransferFault::Refused(401),
            TransferFault::Refused(429),
            TransferFault::Refused(507),
        ] {
            assert!(!fault.is_permanent(), "{fault:?}");
        }
        for fault in [
            TransferFault::Refused(403),
            TransferFault::Refused(413),
            TransferFault::FileMissing,
            TransferFault::Damaged,
        ] {
            assert!(fault.is_permanent(), "{fault:?}");
        }
    }
}
