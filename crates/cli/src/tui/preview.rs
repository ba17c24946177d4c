//! Small pictures as blocks of colour: two pixels in every character, the upper one as the colour
//! of the block, the lower one as the colour behind it.

use std::io::Cursor;

use image::{DynamicImage, ImageReader, Limits, Rgba};
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

/// The most columns and lines that a picture takes.
const COLUMNS_MAX: u32 = 32;
const LINES_MAX: u32 = 12;
/// Thumbnails are small. Whoever sends a larger one, or one that unpacks to more, is not shown.
const SIDE_MAX: u32 = 4_096;
const MEMORY_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The most bytes of a picture that is worth a look.
pub(super) const BYTES_MAX: u64 = 1024 * 1024;

/// The picture in lines, or nothing if it cannot be read.
pub(super) fn lines(bytes: &[u8], has_true_colour: bool) -> Option<Vec<Line<'static>>> {
    let picture = decoded(bytes)?;
    let small = picture.thumbnail(COLUMNS_MAX, 2 * LINES_MAX).to_rgba8();
    let (width, height) = small.dimensions();
    let colour = |x: u32, y: u32| {
        let pixel = small
            .get_pixel_checked(x, y)
            .filter(|pixel| pixel.0[3] >= 128);
        pixel.map(|pixel| nearest(*pixel, has_true_colour))
    };
    let line = |y: u32| {
        let spans = (0..width).map(|x| match (colour(x, y), colour(x, y + 1)) {
            (Some(upper), Some(lower)) => Span::styled("▀", Style::new().fg(upper).bg(lower)),
            (Some(upper), None) => Span::styled("▀", Style::new().fg(upper)),
            (None, Some(lower)) => Span::styled("▄", Style::new().fg(lower)),
            (None, None) => Span::raw(" "),
        });
        Line::from(spans.collect::<Vec<_>>())
    };
    Some((0..height).step_by(2).map(line).collect())
}

fn decoded(bytes: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_BYTES_MAX);
    reader.limits(limits);
    reader.decode().ok()
}

/// The colour itself, or the nearest one of the cube of 216 that terminals have since long.
fn nearest(pixel: Rgba<u8>, has_true_colour: bool) -> Color {
    let [red, green, blue, _] = pixel.0;
    if has_true_colour {
        return Color::Rgb(red, green, blue);
    }
    let level = |value: u8| (u16::from(value) * 5 + 127) / 255;
    let index = 16 + 36 * level(red) + 6 * level(green) + level(blue);
    Color::Indexed(u8::try_from(index).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbaImage};

    use super::*;

    fn png(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
        let picture = RgbaImage::from_fn(width, height, |x, y| Rgba(pixel(x, y)));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn two_pixels_share_a_character() {
        let red_over_blue = png(2, 2, |x, y| match (x, y) {
            (1, _) => [0, 0, 0, 0],
            (_, 0) => [255, 0, 0, 255],
            _ => [0, 0, 255, 255],
        });
        let lines = lines(&red_over_blue, true).unwrap();
        // It is made as large as the room allows, with the same shape.
        let first = &lines[0].spans[0];
        assert_eq!(first.style.fg, Some(Color::Rgb(255, 0, 0)));
        let last = &lines.last().unwrap().spans[0];
        assert_eq!(last.style.bg.or(last.style.fg), Some(Color::Rgb(0, 0, 255)));
        let empty = lines[0].spans.last().unwrap();
        assert_eq!((empty.content.as_ref(), empty.style.fg), (" ", None));
    }

    #[test]
    fn no_picture_is_larger_than_its_place() {
        for (width, height) in [(400, 10), (10, 400), (300, 200)] {
            let bytes = png(width, height, |_, _| [9, 9, 9, 255]);
            let lines = lines(&bytes, false).unwrap();
            assert!(
                lines.len() <= 12 && lines[0].spans.len() <= 32,
                "{width}x{height}"
            );
            assert_eq!(lines[0].spans[0].style.fg, Some(Color::Indexed(16)));
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_not_shown() {
        assert!(lines(b"nonsense", true).is_none());
        let wide = png(5_000, 1, |_, _| [1; 4]);
        assert!(lines(&wide, true).is_none());
    }
}
