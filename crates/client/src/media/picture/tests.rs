//! Pictures: sizes, orientation, what is stripped, and pictures made to do harm.

use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// Left half red, right half blue, so that turning it shows.
fn two_halves(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    }))
}

/// An APP1 segment with an orientation and a place, as cameras write it.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    tiff.extend_from_slice(&[0, 2]);
    tiff.extend_from_slice(&[1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    // The name of the camera's owner stands for everything that must not be sent along.
    tiff.extend_from_slice(&[0x01, 0x3b, 0, 2, 0, 0, 0, 8, 0, 0, 0, 38]);
    tiff.extend_from_slice(&[0; 4]);
    tiff.extend_from_slice(b"GPS 47N\0");
    tiff
}

fn jpeg_with(image: &DynamicImage, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).unwrap();
    }
    encoder.encode_image(&image.to_rgb8()).unwrap();
    bytes
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|part| part == wanted)
}

fn read(picture: &Picture) -> DynamicImage {
    decode(Cursor::new(&picture.bytes)).unwrap()
}

#[test]
fn the_longest_side_is_as_asked_and_nothing_grows() {
    let bytes = jpeg_with(&two_halves(2_700, 90), None);
    for (size, expected) in [
        (ImageSize::Small, (640, 21)),
        (ImageSize::Medium, (1_024, 34)),
        (ImageSize::Large, (1_600, 53)),
        (ImageSize::ExtraLarge, (2_592, 86)),
        (ImageSize::Original, (2_700, 90)),
    ] {
        let picture = resize(Cursor::new(&bytes), size).unwrap();
        assert_eq!((picture.width, picture.height), expected);
        assert_eq!(read(&picture).dimensions(), expected);
        assert_eq!(picture.media_type, "image/jpeg");
    }
    let small = jpeg_with(&two_halves(100, 50), None);
    let picture = resize(Cursor::new(&small), ImageSize::Small).unwrap();
    assert_eq!((picture.width, picture.height), (100, 50));
    let thin = jpeg_with(&two_halves(3_000, 1), None);
    assert_eq!(thumbnail(Cursor::new(&thin)).unwrap().height, 1);
}

#[test]
fn pictures_are_turned_and_stripped() {
    let bytes = jpeg_with(&two_halves(400, 200), Some(exif(6)));
    assert!(contains(&bytes, b"GPS 47N"));
    assert_eq!(dimensions(Cursor::new(&bytes)).unwrap(), (200, 400));
    for picture in [
        resize(Cursor::new(&bytes), ImageSize::Original).unwrap(),
        thumbnail(Cursor::new(&bytes)).unwrap(),
    ] {
        // Turned by a quarter to the right: what was left is on top.
        assert_eq!((picture.width, picture.height), (200, 400));
        let image = read(&picture).to_rgb8();
        let [top, bottom] = [image.get_pixel(100, 50), image.get_pixel(100, 350)];
        assert!(top.0[0] > 200 && top.0[2] < 50, "{top:?}");
        assert!(bottom.0[2] > 200 && bottom.0[0] < 50, "{bottom:?}");
        assert!(!contains(&picture.bytes, b"GPS") && !contains(&picture.bytes, b"Exif"));
    }
}

#[test]
fn transparency_stays_in_pictures_and_is_white_in_thumbnails() {
    let glass = RgbaImage::from_pixel(700, 700, Rgba([255, 0, 0, 0]));
    let mut bytes = Cursor::new(Vec::new());
    glass.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    let picture = resize(Cursor::new(&bytes), ImageSize::Small).unwrap();
    assert_eq!(picture.media_type, "image/png");
    assert_eq!(read(&picture).to_rgba8().get_pixel(5, 5).0[3], 0);
    let small = thumbnail(Cursor::new(&bytes)).unwrap();
    assert_eq!((small.width, small.media_type), (512, "image/jpeg"));
    let Rgb(colour) = *read(&small).to_rgb8().get_pixel(100, 100);
    assert!(colour.iter().all(|part| *part > 250), "{colour:?}");
}

#[test]
fn a_profile_picture_is_the_square_in_the_middle() {
    let bytes = jpeg_with(&two_halves(1_200, 600), None);
    let picture = profile_picture(Cursor::new(&bytes)).unwrap();
    assert_eq!((picture.width, picture.height), (512, 512));
    let image = read(&picture).to_rgb8();
    assert!(image.get_pixel(10, 256).0[0] > 200);
    assert!(image.get_pixel(500, 256).0[2] > 200);
    let small = jpeg_with(&two_halves(90, 200), None);
    let picture = profile_picture(Cursor::new(&small)).unwrap();
    assert_eq!((picture.width, picture.height), (90, 90));
}

#[test]
fn webp_and_gif_are_read_too() {
    for format in [ImageFormat::WebP, ImageFormat::Gif] {
        let mut bytes = Cursor::new(Vec::new());
        two_halves(64, 32)
            .to_rgba8()
            .write_to(&mut bytes, format)
            .unwrap();
        let picture = thumbnail(Cursor::new(bytes.into_inner())).unwrap();
        assert_eq!((picture.width, picture.height), (64, 32));
    }
}

/// A few hundred bytes that claim gigabytes are refused before anything is unpacked.
#[test]
fn bombs_do_not_go_off() {
    let mut png = Vec::new();
    let row = [0; 4];
    image::codecs::png::PngEncoder::new(&mut png)
        .write_image(&row, 4, 1, ExtendedColorType::L8)
        .unwrap();
    for (width, height) in [(30_000_u32, 30_000_u32), (u32::MAX >> 1, 1), (40_000, 2)] {
        let mut bomb = png.clone();
        bomb[16..20].copy_from_slice(&width.to_be_bytes());
        bomb[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        let refused = thumbnail(Cursor::new(&bomb));
        assert_eq!(
            refused,
            Err(PictureFault::TooManyPixels),
            "{width}x{height}"
        );
    }
}

/// PNG checks its chunks by this (RFC 2083, 15).
fn crc32(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(u32::MAX, |mut rest, byte| {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            let is_odd = rest & 1 == 1;
            rest >>= 1;
            if is_odd {
                rest ^= 0xedb8_8320;
            }
        }
        rest
    });
    !rest
}

#[test]
fn cut_and_foreign_files_are_refused_without_a_panic() {
    let whole = jpeg_with(&two_halves(60, 30), Some(exif(3)));
    for length in (0..whole.len()).step_by(7) {
        // A decoder may show what there is of a cut picture; it must not fall over.
        let _ = thumbnail(Cursor::new(&whole[..length]));
    }
    for at in (0..whole.len()).step_by(3) {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        let _ = thumbnail(Cursor::new(&changed));
    }
    assert_eq!(
        thumbnail(Cursor::new(b"hello, this is a text and no picture")),
        Err(PictureFault::UnknownKind)
    );
    assert!(thumbnail(Cursor::new(b"")).is_err());
    assert_eq!(
        thumbnail(Cursor::new(b"\x89PNG\r\n\x1a\nnonsense")),
        Err(PictureFault::Damaged)
    );
}
