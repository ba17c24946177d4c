//! What scripts read about files.

use std::path::Path;

use crate::engine::AutoDownload;
use crate::view::{FileContent, FileRendering, MediaState, StorageUse};
use serde::Serialize;
use ts_rs::TS;

/// The file of a message.
#[derive(Serialize, TS)]
#[ts(rename = "MediaFile")]
pub struct File {
    /// What `progress` calls it, once it was under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    media: Option<String>,
    name: String,
    media_type: String,
    size_bytes: u64,
    caption: String,
    #[ts(type = "\"file\" | \"media\" | \"sticker\"")]
    shown_as: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    duration_ms: Option<u64>,
    is_animated: bool,
    #[ts(type = "\"remote\" | \"coming\" | \"here\" | \"lost\" | \"sending\" | \"unsendable\"")]
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    fault: Option<String>,
    is_played: bool,
    has_thumbnail: bool,
}

/// Where a file was saved.
#[derive(Serialize, TS)]
pub struct Saved {
    path: String,
    size_bytes: u64,
}

impl Saved {
    pub fn new(path: &Path, size_bytes: u64) -> Self {
        Self {
            path: path.display().to_string(),
            size_bytes,
        }
    }
}

impl From<&FileContent> for File {
    fn from(file: &FileContent) -> Self {
        Self {
            media: file.media.name.map(|name| name.to_string()),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
            caption: file.caption.clone(),
            shown_as: match file.rendering {
                FileRendering::File => "file",
                FileRendering::Media => "media",
                FileRendering::Sticker => "sticker",
            },
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
            is_animated: file.is_animated,
            state: match file.media.state {
                MediaState::Remote => "remote",
                MediaState::Coming => "coming",
                MediaState::Here => "here",
                MediaState::Lost => "lost",
                MediaState::Sending => "sending",
                MediaState::Unsendable => "unsendable",
            },
            fault: file.media.fault.map(|fault| fault.to_string()),
            is_played: file.is_played,
            has_thumbnail: file.thumbnail.is_some(),
        }
    }
}

/// How much room conversations take.
#[derive(Serialize, TS)]
#[ts(rename = "StorageList")]
pub struct Storage {
    storage: Vec<Use>,
}

#[derive(Serialize, TS)]
#[ts(rename = "StorageUse")]
struct Use {
    conversation: String,
    messages: u64,
    files: u64,
    size_bytes: u64,
}

impl Storage {
    pub fn new(used: &[StorageUse]) -> Self {
        let line = |line: &StorageUse| Use {
            conversation: line.conversation.to_string(),
            messages: line.messages,
            files: line.files,
            size_bytes: line.size_bytes,
        };
        Self {
            storage: used.iter().map(line).collect(),
        }
    }
}

/// Which files are fetched without being asked for.
#[derive(Serialize, TS)]
pub struct Fetch {
    images: bool,
    audio: bool,
    videos: bool,
    others: bool,
    largest_bytes: u64,
}

impl From<AutoDownload> for Fetch {
    fn from(auto: AutoDownload) -> Self {
        Self {
            images: auto.images,
            audio: auto.audio,
            videos: auto.videos,
            others: auto.others,
            largest_bytes: auto.size_bytes_max,
        }
    }
}
