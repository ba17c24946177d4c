//! Files that come with a request or go with an answer, wherever they lie.

use std::io::{Read, Seek};

use crate::media::Plain;

/// A file that comes with a request: on a disk, in memory, or in a page of a browser.
pub trait Source: Read + Seek + Send {
    /// Its name, as whoever sends it chose it; it may be empty.
    fn name(&self) -> &str;
    /// How long it is.
    fn size_bytes(&self) -> u64;
}

/// A file that goes with an answer.
pub enum Outgoing {
    /// A sealed file of the profile, opened: it was found whole.
    Plain(Box<Plain>),
    /// A few bytes: a thumbnail, a picture of a person.
    Bytes(Vec<u8>),
}

impl Outgoing {
    /// How many bytes are to come.
    pub fn size_bytes(&self) -> u64 {
        match self {
            Self::Plain(plain) => plain.left(),
            Self::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }

    /// Everything, read.
    pub fn reader(self) -> Box<dyn Read + Send> {
        match self {
            Self::Plain(plain) => plain,
            Self::Bytes(bytes) => Box::new(std::io::Cursor::new(bytes)),
        }
    }
}
