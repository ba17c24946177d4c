//! Files as rows of a database in the browser's private file system.
//!
//! What a computer has as files beside the encrypted database (the key file, the provisioning file,
//! sealed media) is a row per file and a row per piece here. That makes them synchronous, makes a
//! replacement and a rename atomic, and needs no second way to survive a crash. Media have a
//! database of their own: it grows large, and its pieces may be written with less care, because a
//! file counts only once it has its name.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::super::wasm::{PLAIN, has_database, remove_database};

/// Bytes of one row. Larger ones cost memory, smaller ones transactions.
const PIECE_BYTES: usize = 256 * 1024;
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS file (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        size_bytes INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS piece (
        file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        content BLOB NOT NULL,
        UNIQUE (file, number)
    ) STRICT;
";

thread_local! {
    static SMALL: RefCell<Option<Connection>> = const { RefCell::new(None) };
    static LARGE: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// The pool of files is held by one worker at a time; that is the lock.
pub(crate) struct Lock;

/// Keeps others out: they are out already.
#[expect(clippy::unnecessary_wraps, reason = "a computer's lock can fail")]
pub(crate) fn lock(_path: &Path) -> io::Result<Option<Lock>> {
    Ok(Some(Lock))
}

/// Closes both databases.
pub(crate) fn close() {
    SMALL.set(None);
    LARGE.set(None);
}

/// Runs something on the database that holds a path.
fn with<T>(path: &Path, run: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> io::Result<T> {
    let is_large = path.components().any(|part| part.as_os_str() == "media");
    let place = if is_large { &LARGE } else { &SMALL };
    place.with_borrow_mut(|connection| {
        if connection.is_none() {
            *connection = Some(open(is_large).map_err(io_error)?);
        }
        let connection = connection.as_mut().ok_or(ErrorKind::Other)?;
        run(connection).map_err(io_error)
    })
}

fn open(is_large: bool) -> rusqlite::Result<Connection> {
    let name = if is_large { "media.db" } else { "files.db" };
    let connection = Connection::open_with_flags_and_vfs(name, OpenFlags::default(), PLAIN)?;
    connection.pragma_update(None, "page_size", if is_large { 32_768 } else { 4_096 })?;
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "TRUNCATE")?;
    connection.pragma_update(
        None,
        "synchronous",
        if is_large { "NORMAL" } else { "FULL" },
    )?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // Keys lie here: what is removed is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

fn io_error(error: rusqlite::Error) -> io::Error {
    let kind = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => ErrorKind::StorageFull,
        _ if error == rusqlite::Error::QueryReturnedNoRows => ErrorKind::NotFound,
        _ => ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What a file holds.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    File::open(path)?.read_to_end(&mut contents)?;
    Ok(contents)
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    if remove_database(&text(path)) {
        return Ok(());
    }
    let removed = with(path, |db| {
        let removed = db.execute("DELETE FROM file WHERE path = ?1", [text(path)])?;
        db.execute_batch("PRAGMA incremental_vacuum")?;
        Ok(removed)
    })?;
    if removed == 0 {
        return Err(ErrorKind::NotFound.into());
    }
    Ok(())
}

/// Removes a folder and everything in it.
pub(crate) fn remove_all(folder: &Path) -> io::Result<()> {
    for name in ["client.db", "client.db-journal"] {
        remove_database(&text(&folder.join(name)));
    }
    for place in [folder.to_owned(), folder.join("media")] {
        for file in list(&place)? {
            remove(&file)?;
        }
    }
    Ok(())
}

/// Whether there is something by this name.
pub(crate) fn exists(path: &Path) -> bool {
    has_database(&text(path)) || id_of(path).is_ok()
}

/// What lies in a folder.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = with(&folder.join(""), |db| {
        let mut query = db.prepare("SELECT path FROM file")?;
        query
            .query_map([], |row| Ok(PathBuf::from(row.get::<_, String>(0)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()
    })?;
    let inside = |path: &PathBuf| path.parent() == Some(folder);
    Ok(paths.into_iter().filter(inside).collect())
}

/// Gives a file another name; what had that name is replaced.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let id = id_of(from)?;
    with(to, |db| {
        let transaction = db.transaction()?;
        transaction.execute("DELETE FROM file WHERE path = ?1", [text(to)])?;
        transaction.execute(
            "UPDATE file SET path = ?1 WHERE id = ?2",
            params![text(to), id],
        )?;
        transaction.commit()
    })
}

/// Gives a file another name that nothing has yet.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    if exists(to) {
        return Err(ErrorKind::AlreadyExists.into());
    }
    rename(from, to)
}

/// Begins a file that must not be there yet.
pub(crate) fn create_new(path: &Path, _is_private: bool) -> io::Result<File> {
    if exists(path) {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let id = with(path, |db| {
        let sql = "INSERT INTO file (path, size_bytes) VALUES (?1, 0)";
        db.execute(sql, [text(path)])?;
        Ok(db.last_insert_rowid())
    })?;
    Ok(File::new(path, id, 0))
}

/// There are no folders.
#[expect(clippy::unnecessary_wraps, reason = "a computer's folders can fail")]
pub(crate) fn create_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Replaces a file so that after a crash it is the old one or the new one, never a part.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    with(path, |db| {
        let transaction = db.transaction()?;
        transaction.execute("DELETE FROM file WHERE path = ?1", [text(path)])?;
        let size = i64::try_from(contents.len()).unwrap_or(i64::MAX);
        transaction.execute(
            "INSERT INTO file (path, size_bytes) VALUES (?1, ?2)",
            params![text(path), size],
        )?;
        let id = transaction.last_insert_rowid();
        for (number, piece) in contents.chunks(PIECE_BYTES).enumerate() {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            transaction.execute(
                "INSERT INTO piece (file, number, content) VALUES (?1, ?2, ?3)",
                params![id, number, piece],
            )?;
        }
        transaction.commit()
    })
}

/// Names are rows: they are durable with their transaction.
#[expect(clippy::unnecessary_wraps, reason = "a computer's folders can fail")]
pub(crate) fn sync_parent(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// How long a file is.
#[expect(clippy::unnecessary_wraps, reason = "a computer may not know")]
pub(crate) fn length(file: &File) -> io::Result<u64> {
    Ok(file.size)
}

fn id_of(path: &Path) -> io::Result<i64> {
    let sql = "SELECT id FROM file WHERE path = ?1";
    with(path, |db| {
        db.query_row(sql, [text(path)], |row| row.get(0)).optional()
    })?
    .ok_or_else(|| ErrorKind::NotFound.into())
}

/// An open file: one piece of it in memory.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    id: i64,
    size: u64,
    at: u64,
    /// Which piece is in memory.
    number: Option<u64>,
    piece: Vec<u8>,
    is_changed: bool,
}

impl File {
    fn new(path: &Path, id: i64, size: u64) -> Self {
        Self {
            path: path.to_owned(),
            id,
            size,
            at: 0,
            number: None,
            piece: Vec::new(),
            is_changed: false,
        }
    }

    pub(crate) fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let sql = "SELECT id, size_bytes FROM file WHERE path = ?1";
        let row = with(path, |db| {
            db.query_row(sql, [text(path)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })
            .optional()
        })?;
        let (id, size) = row.ok_or(ErrorKind::NotFound)?;
        Ok(Self::new(path, id, u64::try_from(size).unwrap_or_default()))
    }

    /// Makes what was written durable.
    pub(crate) fn sync_all(&mut self) -> io::Result<()> {
        self.flush()
    }

    /// Puts the piece at the current place into memory and says where in it that place is.
    fn turn(&mut self) -> io::Result<usize> {
        let piece_bytes = PIECE_BYTES as u64;
        let (number, offset) = (self.at / piece_bytes, self.at % piece_bytes);
        if self.number != Some(number) {
            self.flush()?;
            let sql = "SELECT content FROM piece WHERE file = ?1 AND number = ?2";
            let id = self.id;
            let piece: Option<Vec<u8>> = with(&self.path, |db| {
                db.prepare_cached(sql)?
                    .query_row(params![id, number.cast_signed()], |row| row.get(0))
                    .optional()
            })?;
            self.piece = piece.unwrap_or_default();
            self.number = Some(number);
        }
        Ok(usize::try_from(offset).unwrap_or_default())
    }
}

impl Read for File {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || bytes.is_empty() {
            return Ok(0);
        }
        let offset = self.turn()?;
        let rest = self.piece.get(offset..).unwrap_or_default();
        let count = rest.len().min(bytes.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let offset = self.turn()?;
        let count = bytes.len().min(PIECE_BYTES - offset);
        if self.piece.len() < offset + count {
            self.piece.resize(offset + count, 0);
        }
        if let (Some(to), Some(from)) = (
            self.piece.get_mut(offset..offset + count),
            bytes.get(..count),
        ) {
            to.copy_from_slice(from);
        }
        self.is_changed = true;
        self.at += count as u64;
        self.size = self.size.max(self.at);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        let Some(number) = self.number.filter(|_| self.is_changed) else {
            return Ok(());
        };
        let (id, size, piece) = (self.id, self.size.cast_signed(), &self.piece);
        with(&self.path, |db| {
            let transaction = db.transaction()?;
            transaction
                .prepare_cached(
                    "INSERT INTO piece (file, number, content) VALUES (?1, ?2, ?3)
                     ON CONFLICT (file, number) DO UPDATE SET content = excluded.content",
                )?
                .execute(params![id, number.cast_signed(), piece])?;
            transaction
                .prepare_cached("UPDATE file SET size_bytes = ?2 WHERE id = ?1")?
                .execute(params![id, size])?;
            transaction.commit()
        })?;
        self.is_changed = false;
        Ok(())
    }
}

impl Seek for File {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
