//! Sealed files: staged, opened, saved, swept, and what happens when something is wrong.

use std::fs;
use std::io::Read;

use dreiklang_crypto::SharedKey;

use super::*;

fn media() -> (tempfile::TempDir, Media) {
    let folder = tempfile::tempdir().unwrap();
    let media = Media::open(folder.path()).unwrap();
    (folder, media)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at % 251).to_le_bytes()[0]).collect()
}

#[test]
fn what_is_staged_is_the_sealed_blob_and_opens_again() {
    let (_folder, media) = media();
    for bytes in [
        0,
        1,
        15,
        16,
        PIECE_BYTES - 1,
        PIECE_BYTES,
        PIECE_BYTES + 1,
        200_000,
    ] {
        let plain = content(bytes);
        let staged = media.stage(plain.as_slice()).unwrap();
        assert_eq!(staged.plain_bytes, bytes as u64);
        let sealed = fs::read(media.path(staged.name)).unwrap();
        let key = SharedKey::from_bytes(staged.key.0);
        assert_eq!(sealed, key.seal(&spec::BLOB_NONCE, &plain));

        let mut again = Vec::new();
        let mut reader = media.plain(&staged.sealed()).unwrap();
        assert_eq!(reader.left(), bytes as u64);
        reader.read_to_end(&mut again).unwrap();
        assert_eq!(again, plain);
    }
}

#[test]
fn a_thumbnail_has_the_key_of_its_picture_and_a_nonce_of_its_own() {
    let (_folder, media) = media();
    let picture = media.stage(&b"picture"[..]).unwrap();
    let thumbnail = media
        .stage_thumbnail(&b"small"[..], picture.key.clone())
        .unwrap();
    assert_eq!(thumbnail.key, picture.key);
    let sealed = fs::read(media.path(thumbnail.name)).unwrap();
    let key = SharedKey::from_bytes(picture.key.0);
    assert_eq!(sealed, key.seal(&spec::THUMBNAIL_NONCE, b"small"));
}

#[cfg(unix)]
#[test]
fn sealed_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, media) = media();
    let staged = media.stage(&b"secret"[..]).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("media")), 0o700);
    assert_eq!(mode(&media.path(staged.name)), 0o600);
}

#[test]
fn what_was_changed_or_cut_is_damaged_and_nothing_of_it_is_saved() {
    let (folder, media) = media();
    let staged = media.stage(content(100_000).as_slice()).unwrap();
    let path = media.path(staged.name);
    let whole = fs::read(&path).unwrap();
    let target = folder.path().join("saved");
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes[0] ^= 1,
        |bytes| bytes[99_999] ^= 1,
        |bytes| bytes.truncate(50_000),
        |bytes| bytes.truncate(3),
    ];
    for damage in damages {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let refused = media.save(&staged.sealed(), &target, false);
        assert!(matches!(refused, Err(MediaFault::Damaged)), "{refused:?}");
        assert_eq!(names(folder.path()), ["media"]);
    }
    fs::remove_file(&path).unwrap();
    let refused = media.save(&staged.sealed(), &target, false);
    assert!(matches!(refused, Err(MediaFault::Missing)), "{refused:?}");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_noticed() {
    let (_folder, media) = media();
    let staged = media.stage(content(100_000).as_slice()).unwrap();
    let path = media.path(staged.name);
    let mut bytes = fs::read(&path).unwrap();
    let mut reader = media.plain(&staged.sealed()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);

    let mut reader = media.plain(&staged.sealed()).err();
    assert!(matches!(reader.take(), Some(MediaFault::Damaged)));
}

#[test]
fn saving_replaces_nothing_unless_that_is_wanted() {
    let (folder, media) = media();
    let staged = media.stage(&b"new"[..]).unwrap();
    let target = folder.path().join("file.txt");
    assert_eq!(media.save(&staged.sealed(), &target, false).unwrap(), 3);
    fs::write(&target, "mine").unwrap();
    let refused = media.save(&staged.sealed(), &target, false);
    assert!(matches!(refused, Err(MediaFault::Exists(path)) if path == target));
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    media.save(&staged.sealed(), &target, true).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"new");
    assert_eq!(names(folder.path()), ["file.txt", "media"]);
    let nowhere = folder.path().join("none/file.txt");
    let refused = media.save(&staged.sealed(), &nowhere, false);
    assert!(
        matches!(refused, Err(MediaFault::File { .. })),
        "{refused:?}"
    );
}

/// Somebody may make the file between our look and our rename.
#[test]
fn a_file_that_appears_meanwhile_is_not_replaced() {
    let (folder, _media) = media();
    let target = folder.path().join("file.txt");
    let part = Part::beside(&target).unwrap();
    fs::write(&target, "mine").unwrap();
    assert!(matches!(part.finish_new(), Err(MediaFault::Exists(_))));
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert_eq!(names(folder.path()), ["file.txt", "media"]);
}

/// A disk that is full, as Linux has it ready.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    use std::io::Write;
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let cause = full.unwrap().write_all(b"x").unwrap_err();
    let fault = MediaFault::of(Path::new("film.mp4"), cause);
    assert!(matches!(&fault, MediaFault::NoSpace(_)), "{fault:?}");
    assert_eq!(fault.to_string(), "there is no space left for film.mp4");
}

#[test]
fn a_source_that_breaks_off_leaves_nothing() {
    struct Broken(usize);
    impl Read for Broken {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            bytes.fill(7);
            Ok(bytes.len())
        }
    }
    let (folder, media) = media();
    assert!(matches!(
        media.stage(Broken(0)),
        Err(MediaFault::File { .. })
    ));
    assert_eq!(names(&folder.path().join("media")), [""; 0]);
}

#[test]
fn more_than_a_blob_holds_is_refused_while_it_is_read() {
    let (folder, media) = media();
    let endless = io::repeat(7);
    let refused = media.stage(endless);
    assert!(matches!(refused, Err(MediaFault::TooLarge { .. })));
    assert_eq!(names(&folder.path().join("media")), [""; 0]);
    let path = folder.path().join("large");
    let file = fs::File::create(&path).unwrap();
    file.set_len(PLAIN_BYTES_MAX + 1).unwrap();
    let refused = client::open_regular(&path);
    assert!(matches!(refused, Err(MediaFault::TooLarge { .. })));
    file.set_len(PLAIN_BYTES_MAX).unwrap();
    assert!(client::open_regular(&path).is_ok());
    let refused = client::open_regular(folder.path());
    assert!(matches!(refused, Err(MediaFault::NotAFile(_))));
}

#[test]
fn halves_and_orphans_are_swept_and_nothing_else() {
    let (folder, media) = media();
    let [kept, orphan] = [(); 2].map(|()| media.stage(&b"x"[..]).unwrap().name);
    let below = folder.path().join("media");
    fs::write(below.join(format!("{kept}-01234567.part")), "half").unwrap();
    fs::write(below.join("README"), "not ours").unwrap();
    let media = Media::open(folder.path()).unwrap();
    assert_eq!(names(&below).len(), 3);
    assert_eq!(media.keep_only(&BTreeSet::from([kept])).unwrap(), 1);
    let mut expected = vec!["README".to_owned(), kept.to_string()];
    expected.sort();
    assert_eq!(names(&below), expected);
    assert!(!media.path(orphan).exists());
    media.remove(kept).unwrap();
    media.remove(kept).unwrap();
    assert_eq!(names(&below), ["README"]);
}

#[test]
fn a_picture_is_prepared_with_its_thumbnail_and_a_file_as_it_is() {
    let (folder, media) = media();
    let path = folder.path().join("holiday.png");
    image::RgbImage::from_pixel(1_200, 600, image::Rgb([200, 10, 10]))
        .save_with_format(&path, image::ImageFormat::Png)
        .unwrap();
    let size = SendAs::Picture(picture::ImageSize::Medium);
    let shown = media.prepare(&path, size).unwrap();
    assert_eq!(
        (shown.media_type.as_str(), shown.file_name.as_str()),
        ("image/jpeg", "holiday.jpg")
    );
    assert_eq!(
        (shown.dimensions, shown.is_shown),
        (Some((1_024, 512)), true)
    );
    let thumbnail = shown.thumbnail.unwrap();
    assert_eq!(thumbnail.key, shown.content.key);

    let file = media.prepare(&path, SendAs::File).unwrap();
    assert_eq!(file.content.plain_bytes, path.metadata().unwrap().len());
    assert_eq!(
        (file.media_type.as_str(), file.is_shown),
        ("image/png", false)
    );
    assert_eq!(file.dimensions, Some((1_200, 600)));
    assert!(file.thumbnail.is_some());

    let path = folder.path().join("letter.pdf");
    fs::write(&path, "%PDF-1.7 …").unwrap();
    let letter = media.prepare(&path, size).unwrap();
    assert_eq!(letter.media_type, "application/pdf");
    assert_eq!((letter.thumbnail, letter.dimensions), (None, None));

    // It says that it is a picture and is none: to be shown it is refused, as a file it is sent.
    let path = folder.path().join("broken.jpg");
    fs::write(&path, b"\xff\xd8\xff\xe0 nonsense").unwrap();
    let refused = media.prepare(&path, size);
    assert!(
        matches!(refused, Err(MediaFault::Picture(_))),
        "{refused:?}"
    );
    assert!(
        media
            .prepare(&path, SendAs::File)
            .unwrap()
            .thumbnail
            .is_none()
    );
}
