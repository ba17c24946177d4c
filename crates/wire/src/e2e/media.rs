//! Everything that points to a blob: files, profile pictures and the old media types.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Error, Result,
    bytes::Reader,
    id::{BlobId, Hex, MessageNonce, hex_array},
    spec,
};

const MALFORMED: Error = Error::Malformed("file");

/// The key of one blob.
#[derive(Clone, PartialEq, Eq)]
pub struct BlobKey(pub [u8; 32]);

impl fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlobKey(..)")
    }
}

impl Serialize for BlobKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for BlobKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex_array(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A blob with its size and key: profile pictures, and images in groups of old clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobReference {
    /// The blob.
    pub id: BlobId,
    /// Its size, encrypted.
    pub size: u32,
    /// Its key.
    pub key: BlobKey,
}

impl BlobReference {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            id: BlobId(reader.array()?),
            size: reader.u32()?,
            key: BlobKey(reader.array()?),
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend_from_slice(&self.key.0);
    }
}

/// csp.struct.yml, deprecated-image: encrypted with the key between the two contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldImage {
    /// The blob.
    pub id: BlobId,
    /// Its size, encrypted.
    pub size: u32,
    /// Its nonce.
    pub nonce: MessageNonce,
}

impl OldImage {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            id: BlobId(reader.array()?),
            size: reader.u32()?,
            nonce: MessageNonce(reader.array()?),
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend_from_slice(self.nonce.as_bytes());
    }
}

/// csp.struct.yml, deprecated-audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldAudio {
    /// Seconds.
    pub duration: u16,
    /// The recording.
    pub blob: BlobReference,
}

impl OldAudio {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            duration: reader.u16()?,
            blob: BlobReference::read(reader)?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.duration.to_le_bytes());
        self.blob.write(out);
    }
}

/// csp.struct.yml, deprecated-video. One key for both blobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldVideo {
    /// Seconds.
    pub duration: u16,
    /// The video.
    pub id: BlobId,
    /// Its size, encrypted.
    pub size: u32,
    /// The thumbnail and the key of both.
    pub thumbnail: BlobReference,
}

impl OldVideo {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            duration: reader.u16()?,
            id: BlobId(reader.array()?),
            size: reader.u32()?,
            thumbnail: BlobReference::read(reader)?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.duration.to_le_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.size.to_le_bytes());
        self.thumbnail.write(out);
    }
}

/// How a file shall be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRendering {
    /// As a file to open.
    File,
    /// As image, video or audio.
    Media,
    /// As an image without a bubble.
    Sticker,
}

/// A file (csp.struct.yml, file).
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// How to show it.
    pub rendering: FileRendering,
    /// The key of content and thumbnail.
    pub key: BlobKey,
    /// The content.
    pub blob: BlobId,
    /// A small picture.
    pub thumbnail: Option<BlobId>,
    /// The media type of the content.
    pub media_type: String,
    /// The media type of the thumbnail; JPEG if absent.
    pub thumbnail_media_type: Option<String>,
    /// The name of the file.
    pub name: Option<String>,
    /// Its size, decrypted.
    pub size_bytes: u64,
    /// A text to go with it.
    pub caption: Option<String>,
    /// Files of one gallery share it.
    pub correlation: Option<String>,
    /// What is known without fetching it.
    pub facts: MediaFacts,
}

/// What is known about a file without fetching it.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct MediaFacts {
    /// Pixels.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Is the picture animated?
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub is_animated: Option<bool>,
    /// Seconds.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
}

/// The JSON of a file.
#[derive(Serialize, Deserialize)]
struct FileJson {
    #[serde(default)]
    j: Option<u8>,
    #[serde(default)]
    i: Option<u8>,
    k: BlobKey,
    b: BlobId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    t: Option<BlobId>,
    m: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    s: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c: Option<String>,
    #[serde(default)]
    x: Option<MediaFacts>,
}

impl File {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let json: FileJson = serde_json::from_slice(bytes).map_err(|_| MALFORMED)?;
        // `i` is the older form of `j`, and knows media only.
        let rendering = match json.j.or(json.i).unwrap_or(0) {
            1 => FileRendering::Media,
            2 => FileRendering::Sticker,
            _ => FileRendering::File,
        };
        Ok(Self {
            rendering,
            key: json.k,
            blob: json.b,
            thumbnail: json.t,
            media_type: json.m,
            thumbnail_media_type: json.p,
            name: json.n,
            size_bytes: json.s,
            caption: json.d,
            correlation: json.c,
            facts: json.x.unwrap_or_default(),
        })
    }

    pub(super) fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        let longer =
            |text: &Option<String>, limit| text.as_ref().is_some_and(|text| text.len() > limit);
        if longer(&self.name, spec::FILE_NAME_BYTES_MAX)
            || longer(&self.caption, spec::CAPTION_BYTES_MAX)
        {
            return Err(Error::TooLong);
        }
        let rendering = match self.rendering {
            FileRendering::File => 0,
            FileRendering::Media => 1,
            FileRendering::Sticker => 2,
        };
        let json = FileJson {
            j: Some(rendering),
            i: Some(rendering.min(1)),
            k: self.key.clone(),
            b: self.blob,
            t: self.thumbnail,
            m: self.media_type.clone(),
            p: self.thumbnail_media_type.clone(),
            n: self.name.clone(),
            s: self.size_bytes,
            d: self.caption.clone(),
            c: self.correlation.clone(),
            x: Some(self.facts),
        };
        serde_json::to_writer(out, &json).map_err(|_| MALFORMED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = r#"{"b":"000102030405060708090a0b0c0d0e0f","k":
        "2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a",
        "m":"image/png","i":1,"s":7,"n":null,"new":{"field":[1]}}"#;

    #[test]
    fn old_and_newer_clients_are_understood() {
        let file = File::decode(OLD.as_bytes()).unwrap();
        assert_eq!(file.rendering, FileRendering::Media);
        assert_eq!(file.name, None);
        assert!(!format!("{file:?}").contains("2a2a"));
        assert!(File::decode(OLD.replace("0f\"", "\"").as_bytes()).is_err());
    }
}
