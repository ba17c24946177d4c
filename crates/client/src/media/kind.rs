//! What a file is, told by what is in it: names lie, and some files have none.

/// How many bytes from the start are enough to tell.
pub const HEAD_BYTES: usize = 512;

/// What nothing better is known of.
pub const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file that begins so.
pub fn media_type(head: &[u8]) -> &'static str {
    let plain = PLAIN
        .iter()
        .find(|(start, _)| head.starts_with(start))
        .map(|(_, media_type)| *media_type);
    plain
        .or_else(|| container(head))
        .or_else(|| mpeg_audio(head))
        .or_else(|| calling_card(head))
        .unwrap_or(UNKNOWN)
}

/// Whether [`picture`](super::picture) can read it.
pub fn is_picture(media_type: &str) -> bool {
    ["image/jpeg", "image/png", "image/webp", "image/gif"].contains(&media_type)
}

/// Whether a picture that begins so moves: there is more than one in the file.
pub fn is_moving(head: &[u8]) -> bool {
    match media_type(head) {
        "image/gif" => true,
        "image/png" => contains(head, b"acTL"),
        // The flags of the extended header (RFC 9649, 2.7).
        "image/webp" => {
            head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|flags| flags & 2 != 0)
        }
        _ => false,
    }
}

/// Kinds that are told by how they begin.
const PLAIN: [(&[u8], &str); 17] = [
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "application/x-ole-storage",
    ),
    (b"{\\rtf", "application/rtf"),
];

/// Kinds that share their beginning with others.
fn container(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"RIFF") {
        return match head.get(8..12)? {
            b"WEBP" => Some("image/webp"),
            b"WAVE" => Some("audio/wav"),
            b"AVI " => Some("video/x-msvideo"),
            _ => None,
        };
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Some(match head.get(8..12)? {
            b"heic" | b"heix" | b"heim" | b"heis" => "image/heic",
            b"mif1" | b"msf1" => "image/heif",
            b"avif" | b"avis" => "image/avif",
            b"M4A " | b"M4B " => "audio/mp4",
            b"qt  " => "video/quicktime",
            [b'3', b'g', ..] => "video/3gpp",
            _ => "video/mp4",
        });
    }
    if head.starts_with(b"\x1a\x45\xdf\xa3") {
        return Some(if contains(head, b"webm") {
            "video/webm"
        } else {
            "video/x-matroska"
        });
    }
    if head.starts_with(b"OggS") {
        let is_video = contains(head, b"\x80theora");
        return Some(if is_video { "video/ogg" } else { "audio/ogg" });
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(archive(head));
    }
    None
}

/// The first entry of an archive tells documents apart: OpenDocument and EPUB begin with their
/// media type, the others with a folder of their own.
fn archive(head: &[u8]) -> &'static str {
    const DOCUMENTS: [(&[u8], &str); 8] = [
        (
            b"mimetypeapplication/vnd.oasis.opendocument.text",
            "application/vnd.oasis.opendocument.text",
        ),
        (
            b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        (
            b"mimetypeapplication/vnd.oasis.opendocument.presentation",
            "application/vnd.oasis.opendocument.presentation",
        ),
        (b"mimetypeapplication/epub+zip", "application/epub+zip"),
        (
            b"word/",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"xl/",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            b"ppt/",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            b"AndroidManifest.xml",
            "application/vnd.android.package-archive",
        ),
    ];
    let name = head.get(30..).unwrap_or_default();
    DOCUMENTS
        .iter()
        .find(|(start, _)| name.starts_with(start))
        .map_or("application/zip", |(_, media_type)| media_type)
}

/// A frame header without a tag before it: eleven bits set, and no reserved value after them.
fn mpeg_audio(head: &[u8]) -> Option<&'static str> {
    let [first, second, third, ..] = head else {
        return None;
    };
    let is_sync = *first == 0xff && second & 0xe0 == 0xe0;
    let is_version = second & 0x18 != 0x08;
    let is_rate = third & 0xf0 != 0xf0 && third & 0x0c != 0x0c;
    if !(is_sync && is_version) {
        None
    } else if second & 0xf6 == 0xf0 {
        Some("audio/aac")
    } else {
        (second & 0x06 != 0 && is_rate).then_some("audio/mpeg")
    }
}

fn calling_card(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = head.get(..11)?;
    if start.eq_ignore_ascii_case(b"BEGIN:VCARD") {
        Some("text/vcard")
    } else {
        None
    }
}

fn contains(head: &[u8], wanted: &[u8]) -> bool {
    head.windows(wanted.len()).any(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_contents() {
        let zip = |name: &[u8]| [&b"PK\x03\x04"[..], &[0; 26], name].concat();
        let cases: [(Vec<u8>, &str); 18] = [
            (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n....".to_vec(), "image/png"),
            (b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(), "image/webp"),
            (b"RIFF\x10\0\0\0WAVEfmt ".to_vec(), "audio/wav"),
            (b"\0\0\0\x18ftypheic".to_vec(), "image/heic"),
            (b"\0\0\0\x18ftypisom".to_vec(), "video/mp4"),
            (b"\0\0\0\x18ftyp3gp5".to_vec(), "video/3gpp"),
            (b"\x1a\x45\xdf\xa3....webm".to_vec(), "video/webm"),
            (b"OggS....OpusHead".to_vec(), "audio/ogg"),
            (b"\xff\xfb\x90\x00".to_vec(), "audio/mpeg"),
            (b"\xff\xf1\x50\x80".to_vec(), "audio/aac"),
            (b"%PDF-1.7".to_vec(), "application/pdf"),
            (zip(b"readme.txt"), "application/zip"),
            (
                zip(b"mimetypeapplication/vnd.oasis.opendocument.text"),
                "application/vnd.oasis.opendocument.text",
            ),
            (
                zip(b"word/document.xml"),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"begin:vcard\r\nVERSION:4.0".to_vec(), "text/vcard"),
            (b"hello".to_vec(), UNKNOWN),
            (Vec::new(), UNKNOWN),
        ];
        for (head, expected) in cases {
            assert_eq!(media_type(&head), expected);
        }
    }

    #[test]
    fn a_cut_head_is_told_or_unknown_but_never_a_panic() {
        for whole in [
            &b"RIFF\x10\0\0\0WEBP"[..],
            b"\0\0\0\x18ftypheic",
            b"PK\x03\x04",
        ] {
            for length in 0..=whole.len() {
                assert!(!media_type(&whole[..length]).is_empty());
            }
        }
    }
}
