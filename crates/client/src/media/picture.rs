//! Pictures: made smaller, turned the right way up, and stripped of what cameras write into them.
//!
//! A picture may come from anybody, so what it says about its size is checked before a byte of it
//! is unpacked, and unpacking has a limit on memory.

use std::io::{BufRead, Cursor, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
};

/// A picture that was encoded anew: nothing but its pixels is left.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/jpeg`, or `image/png` for what has transparent parts.
    pub media_type: &'static str,
    /// How wide it is.
    pub width: u32,
    /// How high it is.
    pub height: u32,
}

/// The longest side of a picture that is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageSize {
    /// 640 pixels.
    Small,
    /// 1024 pixels.
    Medium,
    /// 1600 pixels.
    #[default]
    Large,
    /// 2592 pixels.
    ExtraLarge,
    /// As many as it has.
    Original,
}

/// Why a picture cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureFault {
    /// Not a JPEG, PNG, WebP or GIF.
    #[error("this is no picture of a known kind")]
    UnknownKind,
    /// It claims more pixels than are unpacked here.
    #[error("the picture has more than {PIXELS_MAX} pixels")]
    TooManyPixels,
    /// It is cut, changed or nonsense.
    #[error("the picture is damaged")]
    Damaged,
}

/// Fifty million pixels: more than cameras usually give, and 200 MB when unpacked.
pub const PIXELS_MAX: u64 = 50_000_000;
/// The longest side of a thumbnail.
pub const THUMBNAIL_SIDE: u32 = 512;
/// The side of a profile picture (protocol.md B2.4).
pub const PROFILE_PICTURE_SIDE: u32 = 512;

/// What unpacking may take.
const MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;
const SIDE_MAX: u32 = 32_768;
const QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 75;

impl ImageSize {
    fn side(self) -> Option<u32> {
        match self {
            Self::Small => Some(640),
            Self::Medium => Some(1_024),
            Self::Large => Some(1_600),
            Self::ExtraLarge => Some(2_592),
            Self::Original => None,
        }
    }
}

/// Makes a picture not larger than its size, as a JPEG, or as a PNG if parts of it are transparent.
pub fn resize(picture: impl BufRead + Seek, size: ImageSize) -> Result<Picture, PictureFault> {
    let mut image = decode(picture)?;
    if let Some(side) = size.side() {
        image = shrink(image, side);
    }
    if is_opaque(&image) {
        jpeg(&image, QUALITY)
    } else {
        png(&image)
    }
}

/// Makes the small JPEG that is seen before the picture is fetched.
pub fn thumbnail(picture: impl BufRead + Seek) -> Result<Picture, PictureFault> {
    thumbnail_of(decode(picture)?)
}

/// Makes a square JPEG of the middle of a picture.
pub fn profile_picture(picture: impl BufRead + Seek) -> Result<Picture, PictureFault> {
    let image = decode(picture)?;
    let (width, height) = image.dimensions();
    let side = width.min(height);
    let square = image.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    jpeg(&on_white(shrink(square, PROFILE_PICTURE_SIDE)), QUALITY)
}

/// How wide and high a picture is when it is the right way up, without unpacking it.
pub fn dimensions(picture: impl BufRead + Seek) -> Result<(u32, u32), PictureFault> {
    let mut decoder = decoder(picture)?;
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation().map_err(|error| fault_of(&error))?;
    Ok(match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        _ => (width, height),
    })
}

pub(super) fn thumbnail_of(image: DynamicImage) -> Result<Picture, PictureFault> {
    jpeg(&on_white(shrink(image, THUMBNAIL_SIDE)), THUMBNAIL_QUALITY)
}

pub(super) fn decode(picture: impl BufRead + Seek) -> Result<DynamicImage, PictureFault> {
    let mut decoder = decoder(picture)?;
    // Damaged metadata is no reason not to show the pixels.
    let orientation = decoder.orientation();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| fault_of(&error))?;
    if let Ok(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

fn decoder<'a>(picture: impl BufRead + Seek + 'a) -> Result<impl ImageDecoder + 'a, PictureFault> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_BYTES_MAX);
    let mut reader = ImageReader::new(picture)
        .with_guessed_format()
        .map_err(|_| PictureFault::Damaged)?;
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| fault_of(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureFault::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(PictureFault::Damaged);
    }
    Ok(decoder)
}

fn fault_of(error: &ImageError) -> PictureFault {
    match error {
        ImageError::Unsupported(_) => PictureFault::UnknownKind,
        ImageError::Limits(_) => PictureFault::TooManyPixels,
        _ => PictureFault::Damaged,
    }
}

/// The fine filter takes sixteen bytes a pixel, so most of a large picture goes by the coarse one.
pub(super) fn shrink(image: DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = image.dimensions();
    let longest = width.max(height);
    if longest <= side {
        return image;
    }
    let scaled = |length: u32| {
        let rounded = (u64::from(length) * u64::from(side) * 2 / u64::from(longest)).div_ceil(2);
        u32::try_from(rounded).unwrap_or(side).max(1)
    };
    let (width, height) = (scaled(width), scaled(height));
    let image = if longest > 2 * side {
        image.thumbnail_exact(2 * width, 2 * height)
    } else {
        image
    };
    image.resize_exact(width, height, FilterType::CatmullRom)
}

fn is_opaque(image: &DynamicImage) -> bool {
    !image.color().has_alpha()
        || image
            .pixels()
            .all(|(_, _, image::Rgba([_, _, _, alpha]))| alpha == u8::MAX)
}

/// A JPEG has no transparency; what shone through shines white.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let mut pixels = image.into_rgba8();
    for image::Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
        for colour in [red, green, blue] {
            let above = u32::from(*colour) * u32::from(*alpha);
            let below = 255 * (255 - u32::from(*alpha));
            *colour = u8::try_from((above + below) / 255).unwrap_or(u8::MAX);
        }
    }
    DynamicImage::ImageRgba8(pixels)
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Picture, PictureFault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&image.to_rgb8())
        .map_err(|_| PictureFault::Damaged)?;
    Ok(Picture {
        bytes,
        media_type: "image/jpeg",
        width: image.width(),
        height: image.height(),
    })
}

fn png(image: &DynamicImage) -> Result<Picture, PictureFault> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(image.to_rgba8())
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|_| PictureFault::Damaged)?;
    Ok(Picture {
        bytes: bytes.into_inner(),
        media_type: "image/png",
        width: image.width(),
        height: image.height(),
    })
}

// What people photograph must not end in a log.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests;
