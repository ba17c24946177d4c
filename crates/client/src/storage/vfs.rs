//! The encrypting file layer below `SQLite`: plaintext pages above, AES-XTS sectors on the disk.
//!
//! `SQLite` reads and writes any byte range; the disk holds whole sectors of [`SECTOR_BYTES`].
//! A write that covers part of a sector reads, decrypts, changes, encrypts and writes it back.
//! Lengths are therefore rounded up to whole sectors, which `SQLite` tolerates: the database
//! grows by pages, and both journals end where their checksums stop.
//!
//! `SQLite` is told nothing good about the disk: sectors of 4,096 bytes, no power-safe overwrite,
//! no atomic write, no order. It then pads every commit in the write-ahead log to the end of a
//! sector, so a rewrite never touches bytes that were already promised (ADR 0005).
//!
//! Nothing in this file may panic: `SQLite` calls it through a C boundary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use dreiklang_crypto::disk::{DiskCipher, SECTOR_BYTES};
use sqlite_plugin::flags::{AccessFlags, CreateMode, LockLevel, OpenKind, OpenMode, OpenOpts};
use sqlite_plugin::vars;
use sqlite_plugin::vfs::{RegisterOpts, Vfs, VfsHandle, VfsResult, register_static};

/// The name under which `SQLite` knows this layer.
pub(super) const VFS_NAME: &str = "dreiklang";

/// What `SQLite` is told about the disk: the least that it accepts.
const REPORTED_SECTOR_BYTES: i32 = 4_096;
/// How a rollback journal begins (SQLite file format, section 3).
const JOURNAL_MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const SECTOR: u64 = SECTOR_BYTES as u64;

/// Volumes by the name that `SQLite` uses for them. Names, not paths: a path may be longer than
/// the layer below allows, and it need not be UTF-8.
static VOLUMES: Mutex<BTreeMap<String, Arc<Volume>>> = Mutex::new(BTreeMap::new());
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);
static REGISTERED: OnceLock<Result<(), i32>> = OnceLock::new();

/// A database that is open: dropping it makes its name unknown to the layer.
#[derive(Debug)]
pub(super) struct Mounted {
    name: String,
}

impl Mounted {
    /// Makes a database file known to the layer, under a name made for this opening.
    pub(super) fn new(path: &Path, key: &[u8; 32]) -> Result<Self, MountError> {
        REGISTERED
            .get_or_init(register)
            .map_err(|_code| MountError::Register)?;
        let mut volumes = VOLUMES.lock().map_err(|_| MountError::Register)?;
        if volumes.values().any(|volume| volume.path == path) {
            return Err(MountError::InUse);
        }
        let name = format!("volume{}", NEXT_NUMBER.fetch_add(1, Ordering::Relaxed));
        volumes.insert(name.clone(), Arc::new(Volume::new(path, key)));
        Ok(Self { name })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Ok(mut volumes) = VOLUMES.lock() {
            volumes.remove(&self.name);
        }
    }
}

#[derive(Debug)]
pub(super) enum MountError {
    /// The layer could not be registered.
    Register,
    /// This process already has the file open.
    InUse,
}

/// Whether the key opens the first block of any of the files; `None` if there are none. Asked
/// before `SQLite` opens them, because `SQLite` would take a write-ahead log that it cannot read
/// for an empty one and delete it. The database alone does not decide: a power cut may have garbled
/// its first page, which is then in a journal.
pub(super) fn key_fits(path: &Path, key: &[u8; 32]) -> io::Result<Option<bool>> {
    let volume = Volume::new(path, key);
    let mut verdict = None;
    for (part, magics) in [
        (
            Part::Main,
            [b"SQLite format 3\0".as_slice(), b"SQLite format 3\0"],
        ),
        (
            Part::Log,
            [&[0x37, 0x7f, 0x06, 0x82], &[0x37, 0x7f, 0x06, 0x83]],
        ),
        (Part::Journal, [&JOURNAL_MAGIC, &JOURNAL_MAGIC]),
    ] {
        let mut sector = [0u8; SECTOR_BYTES];
        match File::open(volume.path(part)).and_then(|mut file| file.read_exact(&mut sector)) {
            Ok(()) => {}
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) =>
            {
                continue;
            }
            Err(error) => return Err(error),
        }
        volume
            .cipher(part)
            .decrypt(0, &mut sector)
            .map_err(|_| out_of_range())?;
        let fits = magics.iter().any(|magic| sector.starts_with(magic));
        verdict = Some(verdict.unwrap_or(false) || fits);
    }
    Ok(verdict)
}

fn register() -> Result<(), i32> {
    let name = CString::new(VFS_NAME).map_err(|_| vars::SQLITE_INTERNAL)?;
    register_static(
        name,
        DiskVfs,
        RegisterOpts {
            make_default: false,
        },
    )
    .map(|_logger| ())
}

/// One database with its two journals: the path of the first and a cipher for each.
#[derive(Debug)]
struct Volume {
    path: PathBuf,
    main: DiskCipher,
    journal: DiskCipher,
    log: DiskCipher,
}

impl Volume {
    fn new(path: &Path, key: &[u8; 32]) -> Self {
        Self {
            path: path.to_owned(),
            main: DiskCipher::new(key, "database"),
            journal: DiskCipher::new(key, "rollback journal"),
            log: DiskCipher::new(key, "write-ahead log"),
        }
    }

    fn cipher(&self, part: Part) -> &DiskCipher {
        match part {
            Part::Main => &self.main,
            Part::Journal => &self.journal,
            Part::Log => &self.log,
        }
    }

    fn path(&self, part: Part) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(match part {
            Part::Main => "",
            Part::Journal => "-journal",
            Part::Log => "-wal",
        });
        path.into()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Main,
    Journal,
    Log,
}

/// Finds what `SQLite` means by a name: it appends `-journal` and `-wal` itself.
fn locate(name: &str) -> Option<(Arc<Volume>, Part)> {
    let (base, part) = if let Some(base) = name.strip_suffix("-journal") {
        (base, Part::Journal)
    } else if let Some(base) = name.strip_suffix("-wal") {
        (base, Part::Log)
    } else {
        (name, Part::Main)
    };
    Some((Arc::clone(VOLUMES.lock().ok()?.get(base)?), part))
}

struct DiskVfs;

/// One open file.
struct DiskFile {
    file: File,
    volume: Arc<Volume>,
    part: Part,
    readonly: bool,
    /// The file was created and its name is not yet known to survive a power cut.
    name_unsynced: bool,
    delete_on_close: bool,
    /// Plaintext of the sectors of one call, kept to spare an allocation.
    scratch: Vec<u8>,
}

impl VfsHandle for DiskFile {
    fn readonly(&self) -> bool {
        self.readonly
    }

    fn in_memory(&self) -> bool {
        false
    }
}

impl Vfs for DiskVfs {
    type Handle = DiskFile;

    fn canonical_path<'a>(&self, path: Cow<'a, str>) -> VfsResult<Cow<'a, str>> {
        Ok(path)
    }

    fn open(&self, path: Option<&str>, opts: OpenOpts) -> VfsResult<DiskFile> {
        // A file without a name is a temporary one: temp_store=MEMORY makes them needless.
        let (volume, part) = path.and_then(locate).ok_or(vars::SQLITE_CANTOPEN)?;
        let expected = match part {
            Part::Main => OpenKind::MainDb,
            Part::Journal => OpenKind::MainJournal,
            Part::Log => OpenKind::Wal,
        };
        if opts.kind() != expected {
            return Err(vars::SQLITE_CANTOPEN);
        }
        let path = volume.path(part);
        let mut options = OpenOptions::new();
        options.read(true);
        let mut readonly = false;
        match opts.mode() {
            OpenMode::ReadOnly => readonly = true,
            OpenMode::ReadWrite {
                create: CreateMode::None,
            } => _ = options.write(true),
            OpenMode::ReadWrite {
                create: CreateMode::Create,
            } => {
                options.write(true).create(true);
            }
            OpenMode::ReadWrite {
                create: CreateMode::MustCreate,
            } => {
                options.write(true).create_new(true);
            }
        }
        super::files::owner_only(&mut options);
        let is_new = !path.exists();
        let file = options.open(&path).map_err(|_| vars::SQLITE_CANTOPEN)?;
        Ok(DiskFile {
            file,
            volume,
            part,
            readonly,
            name_unsynced: is_new,
            delete_on_close: opts.delete_on_close(),
            scratch: Vec::new(),
        })
    }

    fn delete(&self, path: &str) -> VfsResult<()> {
        let (volume, part) = locate(path).ok_or(vars::SQLITE_IOERR_DELETE)?;
        let path = volume.path(part);
        match fs::remove_file(&path) {
            Ok(()) => super::files::sync_parent(&path).map_err(|_| vars::SQLITE_IOERR_DIR_FSYNC),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(vars::SQLITE_IOERR_DELETE_NOENT)
            }
            Err(_) => Err(vars::SQLITE_IOERR_DELETE),
        }
    }

    fn access(&self, path: &str, flags: AccessFlags) -> VfsResult<bool> {
        let Some((volume, part)) = locate(path) else {
            return Ok(false);
        };
        // As on Unix below `SQLite`: an empty journal does not exist.
        Ok(fs::metadata(volume.path(part))
            .is_ok_and(|found| flags != AccessFlags::Exists || found.len() > 0))
    }

    fn file_size(&self, handle: &mut DiskFile) -> VfsResult<usize> {
        let size = handle.size().map_err(|_| vars::SQLITE_IOERR_FSTAT)?;
        usize::try_from(size).map_err(|_| vars::SQLITE_IOERR_FSTAT)
    }

    fn truncate(&self, handle: &mut DiskFile, size: usize) -> VfsResult<()> {
        handle
            .truncate(size as u64)
            .map_err(|_| vars::SQLITE_IOERR_TRUNCATE)
    }

    fn write(&self, handle: &mut DiskFile, offset: usize, data: &[u8]) -> VfsResult<usize> {
        match handle.write(offset as u64, data) {
            Ok(()) => Ok(data.len()),
            Err(error) if error.kind() == ErrorKind::StorageFull => Err(vars::SQLITE_FULL),
            Err(_) => Err(vars::SQLITE_IOERR_WRITE),
        }
    }

    fn read(&self, handle: &mut DiskFile, offset: usize, data: &mut [u8]) -> VfsResult<usize> {
        handle
            .read(offset as u64, data)
            .map_err(|_| vars::SQLITE_IOERR_READ)
    }

    // The lock of the profile keeps other processes out, and `Mounted` keeps out a second
    // connection of this one: there is nobody to lock against.
    fn lock(&self, _: &mut DiskFile, _: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn unlock(&self, _: &mut DiskFile, _: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn check_reserved_lock(&self, _: &mut DiskFile) -> VfsResult<bool> {
        Ok(false)
    }

    fn sync(&self, handle: &mut DiskFile) -> VfsResult<()> {
        handle
            .file
            .sync_all()
            .map_err(|_| vars::SQLITE_IOERR_FSYNC)?;
        if handle.name_unsynced {
            let path = handle.volume.path(handle.part);
            super::files::sync_parent(&path).map_err(|_| vars::SQLITE_IOERR_DIR_FSYNC)?;
            handle.name_unsynced = false;
        }
        Ok(())
    }

    fn close(&self, handle: DiskFile) -> VfsResult<()> {
        if handle.delete_on_close {
            let path = handle.volume.path(handle.part);
            drop(handle);
            fs::remove_file(path).map_err(|_| vars::SQLITE_IOERR_DELETE)?;
        }
        Ok(())
    }

    fn sector_size(&self, _: &mut DiskFile) -> VfsResult<i32> {
        Ok(REPORTED_SECTOR_BYTES)
    }

    fn device_characteristics(&self, _: &mut DiskFile) -> VfsResult<i32> {
        Ok(0)
    }
}

impl DiskFile {
    /// The length in whole sectors. A crash while the file grew can leave part of a sector at its
    /// end; nothing was promised about it.
    fn size(&self) -> io::Result<u64> {
        let length = self.file.metadata()?.len();
        Ok(length - length % SECTOR)
    }

    fn read(&mut self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        let end = offset.saturating_add(out.len() as u64).min(self.size()?);
        if offset >= end {
            return Ok(0);
        }
        let first = offset / SECTOR;
        let length = usize_of(end - offset)?;
        let out = out.get_mut(..length).ok_or_else(out_of_range)?;
        if offset.is_multiple_of(SECTOR) && end.is_multiple_of(SECTOR) {
            self.load(first, out)?;
            return Ok(length);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.resize(usize_of((end.div_ceil(SECTOR) - first) * SECTOR)?, 0);
        self.load(first, &mut scratch)?;
        let start = usize_of(offset - first * SECTOR)?;
        out.copy_from_slice(
            scratch
                .get(start..start + length)
                .ok_or_else(out_of_range)?,
        );
        self.scratch = scratch;
        Ok(length)
    }

    fn write(&mut self, offset: u64, input: &[u8]) -> io::Result<()> {
        if input.is_empty() {
            return Ok(());
        }
        let size = self.size()?;
        let first = offset / SECTOR;
        let end = offset
            .checked_add(input.len() as u64)
            .ok_or_else(out_of_range)?;
        self.fill_gap(size, first * SECTOR)?;
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.resize(usize_of((end.div_ceil(SECTOR) - first) * SECTOR)?, 0);
        // The sectors at both ends may keep bytes that this write does not cover.
        if !offset.is_multiple_of(SECTOR) && first * SECTOR < size {
            self.load(
                first,
                scratch.get_mut(..SECTOR_BYTES).ok_or_else(out_of_range)?,
            )?;
        }
        let last = (end - 1) / SECTOR;
        let last_is_loaded = last == first && !offset.is_multiple_of(SECTOR);
        if !end.is_multiple_of(SECTOR) && last * SECTOR < size && !last_is_loaded {
            let start = scratch.len() - SECTOR_BYTES;
            self.load(last, scratch.get_mut(start..).ok_or_else(out_of_range)?)?;
        }
        let start = usize_of(offset - first * SECTOR)?;
        scratch
            .get_mut(start..start + input.len())
            .ok_or_else(out_of_range)?
            .copy_from_slice(input);
        let written = self.save(first, &mut scratch);
        self.scratch = scratch;
        written
    }

    /// Bytes between the old end and a write beyond it read as zeros, as in any file.
    fn fill_gap(&mut self, from: u64, to: u64) -> io::Result<()> {
        let mut at = from;
        while at < to {
            let mut zeros = vec![0u8; usize_of((to - at).min(64 * SECTOR))?];
            self.save(at / SECTOR, &mut zeros)?;
            at += zeros.len() as u64;
        }
        Ok(())
    }

    fn truncate(&mut self, size: u64) -> io::Result<()> {
        let now = self.size()?;
        if size < now && !size.is_multiple_of(SECTOR) {
            // The rest of the last sector is cleared: it was cut off.
            let mut sector = [0u8; SECTOR_BYTES];
            self.load(size / SECTOR, &mut sector)?;
            let kept = usize_of(size % SECTOR)?;
            sector.get_mut(kept..).ok_or_else(out_of_range)?.fill(0);
            self.save(size / SECTOR, &mut sector)?;
        }
        let rounded = size.div_ceil(SECTOR) * SECTOR;
        if rounded > now {
            return self.fill_gap(now, rounded);
        }
        self.file.set_len(rounded)
    }

    fn load(&mut self, first: u64, sectors: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(first * SECTOR))?;
        self.file.read_exact(sectors)?;
        self.volume
            .cipher(self.part)
            .decrypt(first, sectors)
            .map_err(|_| out_of_range())
    }

    /// Encrypts in place and writes with one call.
    fn save(&mut self, first: u64, sectors: &mut [u8]) -> io::Result<()> {
        self.volume
            .cipher(self.part)
            .encrypt(first, sectors)
            .map_err(|_| out_of_range())?;
        self.file.seek(SeekFrom::Start(first * SECTOR))?;
        self.file.write_all(sectors)
    }
}

fn usize_of(length: u64) -> io::Result<usize> {
    usize::try_from(length).map_err(|_| out_of_range())
}

fn out_of_range() -> io::Error {
    io::Error::from(ErrorKind::InvalidInput)
}

#[cfg(test)]
mod tests {
    use dreiklang_crypto::{SeededRng, random};

    use super::*;

    fn file(path: &Path) -> DiskFile {
        DiskFile {
            file: OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(path)
                .unwrap(),
            volume: Arc::new(Volume::new(path, &[9; 32])),
            part: Part::Log,
            readonly: false,
            name_unsynced: false,
            delete_on_close: false,
            scratch: Vec::new(),
        }
    }

    /// Random reads, writes and truncations against a plain byte string, which is padded with
    /// zeros to whole sectors as the file is.
    #[test]
    fn bytes_at_any_offset_are_those_of_a_plain_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = file(&folder.path().join("file"));
        let mut model: Vec<u8> = Vec::new();
        let mut rng = SeededRng::new(1);
        for round in 0..3_000u32 {
            let number = u32::from_le_bytes(random(&mut rng)) as usize;
            let offset = number % 9_001;
            let length = (number >> 16) % 5_000;
            match number % 5 {
                0 | 1 => {
                    let input = vec![u8::try_from(round % 251).unwrap(); length];
                    file.write(offset as u64, &input).unwrap();
                    if length > 0 {
                        let end = (offset + length).next_multiple_of(SECTOR_BYTES);
                        model.resize(model.len().max(end), 0);
                        model[offset..offset + length].copy_from_slice(&input);
                    }
                }
                2 if number.is_multiple_of(3) => {
                    file.truncate(offset as u64).unwrap();
                    model.resize(offset, 0);
                    model.resize(offset.next_multiple_of(SECTOR_BYTES), 0);
                }
                _ => {
                    let mut out = vec![0xee; length];
                    let found = file.read(offset as u64, &mut out).unwrap();
                    let end = model.len().min(offset + length);
                    assert_eq!(out[..found], model[offset.min(end)..end], "round {round}");
                }
            }
            assert_eq!(file.size().unwrap(), model.len() as u64, "round {round}");
        }
    }

    #[test]
    fn part_of_a_sector_at_the_end_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut file = file(&path);
        file.write(0, &[1; 600]).unwrap();
        file.file.set_len(1_000).unwrap();
        assert_eq!(file.size().unwrap(), 512);
        let mut out = [0; 600];
        assert_eq!(file.read(0, &mut out).unwrap(), 512);
        file.write(600, &[2; 10]).unwrap();
        assert_eq!(file.read(500, &mut out).unwrap(), 524);
        assert_eq!(out[..12], [1; 12]);
        assert_eq!(out[12..100], [0; 88], "the gap reads as zeros");
        assert_eq!(out[100..110], [2; 10]);
    }
}
