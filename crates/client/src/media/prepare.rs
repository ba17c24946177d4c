//! A file becomes what a file message needs: its kind, its name, a thumbnail, all sealed.

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::client::open_regular;
use super::picture::{self, ImageSize, Picture};
use super::{Media, MediaFault, Staged, kind, name, seal};

/// How a file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendAs {
    /// Byte for byte.
    File,
    /// As a picture of at most this size, without what its camera wrote into it. What is no
    /// picture, or moves, is sent as it is.
    Picture(ImageSize),
}

/// A file that is ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The file, or the picture made of it.
    pub content: Staged,
    /// What it is.
    pub media_type: String,
    /// Its name, without folders.
    pub file_name: String,
    /// How a picture looks, as a JPEG, under the key of the content.
    pub thumbnail: Option<Staged>,
    /// Width and height of a picture.
    pub dimensions: Option<(u32, u32)>,
    /// Whether it became a picture to be shown, rather than a file to be opened.
    pub is_shown: bool,
}

impl Media {
    /// Makes a file ready. What was staged is removed if anything fails.
    pub(super) fn prepare(&self, path: &Path, send_as: SendAs) -> Result<Prepared, MediaFault> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.prepare_from(open_regular(path)?, &name, path, send_as)
    }

    /// The same for bytes from anywhere; `path` is for words about what fails only.
    pub(super) fn prepare_from(
        &self,
        mut file: impl Read + Seek,
        file_name: &str,
        path: &Path,
        send_as: SendAs,
    ) -> Result<Prepared, MediaFault> {
        let failed = |cause| MediaFault::of(path, cause);
        let mut head = vec![0; kind::HEAD_BYTES];
        let filled = seal::fill(&mut file, &mut head).map_err(failed)?;
        head.truncate(filled);
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let media_type = kind::media_type(&head);
        let is_picture = kind::is_picture(media_type);
        let is_still = !kind::is_moving(&head);
        match send_as {
            SendAs::Picture(size) if is_picture && is_still => {
                let picture = picture::resize(BufReader::new(&mut file), size)?;
                self.prepare_picture(&picture, file_name)
            }
            _ => {
                let is_shown = is_picture && send_as != SendAs::File;
                let looks = if is_picture { look(&mut file) } else { None };
                file.seek(SeekFrom::Start(0)).map_err(failed)?;
                let content = self.stage(&mut file)?;
                let dimensions = looks.as_ref().map(|(_, dimensions)| *dimensions);
                let thumbnail = looks.map(|(thumbnail, _)| thumbnail);
                Ok(Prepared {
                    thumbnail: self.stage_beside(&content, thumbnail)?,
                    content,
                    media_type: media_type.to_owned(),
                    file_name: name::clean(file_name),
                    dimensions,
                    is_shown,
                })
            }
        }
    }

    fn prepare_picture(&self, picture: &Picture, name: &str) -> Result<Prepared, MediaFault> {
        let thumbnail = picture::thumbnail(Cursor::new(&picture.bytes))?;
        let content = self.stage(picture.bytes.as_slice())?;
        // The content may be of another kind than the file was.
        let ending = match picture.media_type {
            "image/png" => "png",
            _ => "jpg",
        };
        let name = Path::new(name).with_extension(ending);
        Ok(Prepared {
            thumbnail: self.stage_beside(&content, Some(thumbnail))?,
            content,
            media_type: picture.media_type.to_owned(),
            file_name: name::clean(&name.to_string_lossy()),
            dimensions: Some((picture.width, picture.height)),
            is_shown: true,
        })
    }

    fn stage_beside(
        &self,
        content: &Staged,
        thumbnail: Option<Picture>,
    ) -> Result<Option<Staged>, MediaFault> {
        let Some(thumbnail) = thumbnail else {
            return Ok(None);
        };
        let staged = self.stage_thumbnail(thumbnail.bytes.as_slice(), content.key.clone());
        if staged.is_err() {
            self.remove(content.name)?;
        }
        staged.map(Some)
    }
}

/// How a picture looks. A file that cannot be shown can be sent all the same.
fn look(mut file: impl Read + Seek) -> Option<(Picture, (u32, u32))> {
    let dimensions = picture::dimensions(BufReader::new(&mut file)).ok()?;
    file.seek(SeekFrom::Start(0)).ok()?;
    let thumbnail = picture::thumbnail(BufReader::new(&mut file)).ok()?;
    Some((thumbnail, dimensions))
}
