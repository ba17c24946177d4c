//! What scripts read about files.

use dreiklang_client::view::{FileContent, FileRendering};
use serde::Serialize;

/// The file of a message.
#[derive(Serialize)]
pub(crate) struct File {
    name: String,
    media_type: String,
    size_bytes: u64,
    caption: String,
    shown_as: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
    is_animated: bool,
}

impl From<&FileContent> for File {
    fn from(file: &FileContent) -> Self {
        Self {
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
        }
    }
}
