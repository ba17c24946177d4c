//! What is fetched without being asked for.

use crate::{Engine, db, engine::Answer, error::Result, turn::Turn};

/// Which files are fetched by themselves. Thumbnails always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutoDownload {
    /// Images.
    pub images: bool,
    /// Recordings and music.
    pub audio: bool,
    /// Videos.
    pub videos: bool,
    /// Everything else.
    pub others: bool,
    /// The largest file that is fetched by itself.
    pub size_bytes_max: u64,
}

impl AutoDownload {
    const IMAGES: i64 = 1;
    const AUDIO: i64 = 2;
    const VIDEOS: i64 = 4;
    const OTHERS: i64 = 8;

    pub(crate) fn kinds(self) -> i64 {
        [
            (self.images, Self::IMAGES),
            (self.audio, Self::AUDIO),
            (self.videos, Self::VIDEOS),
            (self.others, Self::OTHERS),
        ]
        .into_iter()
        .filter(|(is_on, _)| *is_on)
        .fold(0, |kinds, (_, kind)| kinds | kind)
    }

    pub(crate) fn new(kinds: i64, size_bytes_max: u64) -> Self {
        Self {
            images: kinds & Self::IMAGES != 0,
            audio: kinds & Self::AUDIO != 0,
            videos: kinds & Self::VIDEOS != 0,
            others: kinds & Self::OTHERS != 0,
            size_bytes_max,
        }
    }

    /// Whether a file of this type and size is fetched by itself.
    pub(super) fn takes(self, media_type: &str, size_bytes: u64) -> bool {
        let kind = media_type.split('/').next().unwrap_or_default();
        let is_on = match kind.to_ascii_lowercase().as_str() {
            "image" => self.images,
            "audio" => self.audio,
            "video" => self.videos,
            _ => self.others,
        };
        is_on && size_bytes <= self.size_bytes_max
    }
}

impl Engine {
    /// Counts for what comes from now on.
    pub(crate) fn set_auto_download(
        turn: &mut Turn<'_>,
        automatic: AutoDownload,
    ) -> Result<Answer> {
        db::media::set_auto_download(turn.tx, automatic)?;
        Ok(Answer::done())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_sizes_decide() {
        for kinds in 0..16 {
            assert_eq!(AutoDownload::new(kinds, 7).kinds(), kinds);
        }
        let automatic = AutoDownload::new(AutoDownload::IMAGES, 100);
        assert!(automatic.takes("Image/png", 100));
        assert!(!automatic.takes("image/png", 101));
        assert!(!automatic.takes("text/plain", 1));
        assert!(!automatic.takes("", 1));
    }
}
