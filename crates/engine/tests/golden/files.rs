//! Sentences about files.

use dreiklang_crypto::SharedKey;
use dreiklang_engine::{Command, MediaName, NewFile, view::MediaState};
use dreiklang_wire::{
    e2e::{BlobKey, FileRendering},
    spec,
};

use super::play::Play;

const KEY: [u8; 32] = [7; 32];

impl Play {
    /// A file with its own name in it, sealed on the disk of `who` as the driver does it.
    pub(crate) fn file(&mut self, who: usize, whom: &str, name: &str, caption: &str) -> Command {
        let to = self.conversation(who, whom);
        let files = &mut self.world.device(who).disk.files;
        let number = u8::try_from(files.len()).unwrap();
        let media = MediaName([number + 1; 16]);
        let sealed = SharedKey::from_bytes(KEY).seal(&spec::BLOB_NONCE, name.as_bytes());
        files.insert(media, sealed);
        let file = NewFile {
            name: media,
            key: BlobKey(KEY),
            size_bytes: name.len() as u64,
            file_name: name.to_owned(),
            media_type: "text/plain".into(),
            caption: caption.to_owned(),
            rendering: FileRendering::File,
            width: None,
            height: None,
            duration_ms: None,
            is_animated: false,
            thumbnail: None,
            correlation: String::new(),
        };
        Command::SendFile {
            to,
            file: Box::new(file),
            reference: None,
        }
    }
}

/// Whether the file of a message is here.
pub(crate) fn place(state: MediaState) -> &'static str {
    match state {
        MediaState::Here => "",
        MediaState::Remote => ", not fetched",
        MediaState::Coming => ", coming",
        MediaState::Sending => ", going",
        MediaState::Lost => ", lost",
        MediaState::Unsendable => ", cannot be sent",
    }
}
