//! QR codes: as squares to draw, and read from the brightness of a picture.

use qrcode::{Color, EcLevel, QrCode};

use super::bytes::exactly;
use super::failure::Failure;
use super::format::{QrSquares, QrText};
use super::parcel::Source;

/// The largest picture that is searched for a code, in pixels.
const PIXELS_MAX: usize = 16 * 1024 * 1024;

/// The squares of a code, row by row.
pub(super) fn squares(text: &str) -> Result<QrSquares, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| Failure::new("qr").with("reason", error))?;
    let modules = code.to_colors().into_iter().map(|color| match color {
        Color::Dark => '1',
        Color::Light => '0',
    });
    Ok(QrSquares {
        size: code.width(),
        modules: modules.collect(),
        text: text.to_owned(),
    })
}

/// The text of the first code in a picture, of which one byte of brightness for each pixel is
/// given. It takes no profile: people scan before they have one.
pub fn read(file: Option<Box<dyn Source>>, width: usize, height: usize) -> Result<QrText, Failure> {
    let file = file.ok_or_else(|| Failure::usage("no-file"))?;
    let refused = || Failure::usage("bad-command").with("reason", "not the bytes of a picture");
    let pixels = width.checked_mul(height).ok_or_else(refused)?;
    if pixels == 0 || pixels > PIXELS_MAX {
        return Err(refused());
    }
    let luma = exactly(file, pixels).ok_or_else(refused)?;
    let at = |x: usize, y: usize| luma.get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
    let grids = picture.detect_grids();
    let text = grids.iter().find_map(|grid| grid.decode().ok());
    Ok(QrText {
        text: text.map(|(_, text)| text),
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Seek, SeekFrom};

    use super::*;

    struct Memory(Cursor<Vec<u8>>);

    impl Read for Memory {
        fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(bytes)
        }
    }

    impl Seek for Memory {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }

    impl Source for Memory {
        fn name(&self) -> &'static str {
            "code"
        }

        fn size_bytes(&self) -> u64 {
            self.0.get_ref().len() as u64
        }
    }

    fn scanned(luma: Vec<u8>, width: usize, height: usize) -> Result<Option<String>, Failure> {
        let file: Box<dyn Source> = Box::new(Memory(Cursor::new(luma)));
        Ok(read(Some(file), width, height)?.text)
    }

    #[test]
    fn what_is_drawn_can_be_read() {
        const SCALE: usize = 4;
        const QUIET: usize = 4;
        let text = format!("3mid:ECHOECHO,{}", "ab".repeat(32));
        let code = squares(&text).unwrap();
        assert_eq!(code.modules.len(), code.size * code.size);
        let side = (code.size + 2 * QUIET) * SCALE;
        let modules: Vec<char> = code.modules.chars().collect();
        let pixel = |index: usize| {
            let (x, y) = (index % side / SCALE, index / side / SCALE);
            let inside = |at: usize| (QUIET..QUIET + code.size).contains(&at);
            let is_dark =
                inside(x) && inside(y) && modules[(y - QUIET) * code.size + (x - QUIET)] == '1';
            if is_dark { 0 } else { 255 }
        };
        let luma: Vec<u8> = (0..side * side).map(pixel).collect();
        assert_eq!(scanned(luma, side, side), Ok(Some(text)));
    }

    #[test]
    fn a_picture_without_a_code_and_one_of_another_size_are_told_apart() {
        assert_eq!(scanned(vec![200; 10_000], 100, 100), Ok(None));
        assert!(scanned(vec![200; 9], 100, 100).is_err());
        assert!(scanned(vec![], usize::MAX, 2).is_err());
        assert!(read(None, 100, 100).is_err());
    }
}
