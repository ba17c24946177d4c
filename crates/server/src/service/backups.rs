//! Backups: configuration, keys, database and blobs in one folder, with a list of checksums.
//!
//! ```text
//! config.toml     the configuration
//! keys/           the secret files that the configuration names
//! store/          what `store` writes: one SQLite file and the blobs
//! manifest.json   every file with its size and SHA-256; written last
//! ```
//!
//! A backup holds the secret keys of the server: the folder is for its owner only.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use dreiklang_crypto::kdf::Sha256Pieces;
use dreiklang_store::{AuditNote, Store, StoreConfig};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::config::tls::Mode;
use crate::config::{self, Config, Settings, reference};

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Why there is no backup, or no restored server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be used.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The target holds something already.
    #[error("{} is not empty; nothing was changed", .0.display())]
    NotEmpty(PathBuf),
    /// The path is not absolute, so that it would mean something else to a running server.
    #[error("{} is not an absolute path", .0.display())]
    Relative(PathBuf),
    /// The manifest or a file is not what was written.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// The configuration in the backup cannot be used.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] dreiklang_store::Error),
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    version: String,
    made_at_ms: i64,
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    sha256: String,
}

/// Makes a backup while the server runs. What is accepted meanwhile may or may not be in it.
pub async fn write(app: &App, actor: &str, folder: &Path) -> Result<Copied, Error> {
    if !folder.is_absolute() {
        return Err(Error::Relative(folder.to_owned()));
    }
    create_empty(folder)?;
    let (at, subject) = (app.clock.now().0, folder.display().to_string());
    let actor = actor.to_owned();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                tx.note_audit(AuditNote::of_instance(at, &actor, "backup.write", &subject))
                    .await
            })
        })
        .await?;
    app.store.snapshot_to(&folder.join(STORE)).await?;
    let (settings, target) = (app.config.clone(), folder.to_owned());
    apart(move || {
        copy_configuration(&settings, &target)?;
        write_manifest(&target, at)
    })
    .await
}

/// Makes a data folder from a backup: verifies every file first, changes nothing on failure before
/// that. `database` replaces the database that the backup's configuration names; the data folder
/// always holds the rest.
pub async fn restore(
    folder: &Path,
    data_dir: &Path,
    database: Option<String>,
) -> Result<(Settings, Copied), Error> {
    let (from, to) = (folder.to_owned(), data_dir.to_owned());
    let (settings, copied) = apart(move || {
        let copied = verify(&from)?;
        create_empty(&to)?;
        let settings = place_configuration(&from, &to, database)?;
        Ok((settings, copied))
    })
    .await?;
    let target = StoreConfig::new(&settings.database_url, &settings.blobs_url);
    Store::restore_from(&folder.join(STORE), &target).await?;
    Ok((settings, copied))
}

fn copy_configuration(settings: &Settings, folder: &Path) -> Result<(), Error> {
    let text = reference::with_values(&settings.written);
    write_private(&folder.join(CONFIG), text.as_bytes())?;
    let keys = folder.join(KEYS);
    fs::DirBuilder::new()
        .mode(0o700)
        .create(&keys)
        .map_err(at(&keys))?;
    for (name, value) in secrets(&settings.written) {
        let path = settings.file(value);
        copy_secret(&path, &keys.join(name))?;
    }
    // Made at the first use: there may be none yet.
    let written = &settings.written;
    for (name, value) in [
        (REMOTE_SECRET_KEY, &written.work.remote_secret_key),
        (PUSH_KEY, &written.web.push_key),
    ] {
        let path = settings.file(value);
        if path.exists() {
            copy_secret(&path, &keys.join(name))?;
        }
    }
    Ok(())
}

fn copy_secret(from: &Path, to: &Path) -> Result<(), Error> {
    let bytes = dreiklang_crypto::Zeroizing::new(fs::read(from).map_err(at(from))?);
    write_private(to, &bytes)
}

/// The files that a configuration names, under the names they have in a backup.
fn secrets(config: &Config) -> Vec<(&'static str, &str)> {
    let mut files = vec![("chat.key", config.chat.private_key.as_str())];
    if !config.chat.alternative_key.is_empty() {
        files.push(("chat-alternative.key", &config.chat.alternative_key));
    }
    if config.tls.mode != Mode::Off {
        files.push(("tls.crt", &config.tls.certificate));
        files.push(("tls.key", &config.tls.private_key));
    }
    files
}

fn place_configuration(
    from: &Path,
    to: &Path,
    database: Option<String>,
) -> Result<Settings, Error> {
    let text = fs::read_to_string(from.join(CONFIG)).map_err(at(&from.join(CONFIG)))?;
    let mut config = config::sources::parse(&text, CONFIG, [])?;
    let absolute = fs::canonicalize(to).map_err(at(to))?;
    let damaged = || Error::Damaged("the data folder must have a name in UTF-8".to_owned());
    absolute
        .to_str()
        .ok_or_else(damaged)?
        .clone_into(&mut config.server.data_dir);
    config.server.database = database.unwrap_or_default();
    config.server.blobs = String::new();
    let names: Vec<_> = secrets(&config).into_iter().map(|(name, _)| name).collect();
    fs::DirBuilder::new()
        .mode(0o700)
        .create(to.join(KEYS))
        .map_err(at(to))?;
    for name in names {
        copy_secret(&from.join(KEYS).join(name), &to.join(KEYS).join(name))?;
        let value = format!("file:{KEYS}/{name}");
        match name {
            "chat.key" => config.chat.private_key = value,
            "chat-alternative.key" => config.chat.alternative_key = value,
            "tls.crt" => config.tls.certificate = value,
            _ => config.tls.private_key = value,
        }
    }
    for name in [REMOTE_SECRET_KEY, PUSH_KEY] {
        let kept = from.join(KEYS).join(name);
        if kept.exists() {
            copy_secret(&kept, &to.join(KEYS).join(name))?;
        }
    }
    config.web.push_key = format!("file:{KEYS}/{PUSH_KEY}");
    config.work.remote_secret_key = format!("file:{KEYS}/{REMOTE_SECRET_KEY}");
    let text = reference::with_values(&config);
    let settings = config.check()?;
    write_private(&to.join(CONFIG), text.as_bytes())?;
    Ok(settings)
}

fn write_manifest(folder: &Path, made_at_ms: i64) -> Result<Copied, Error> {
    let mut files = BTreeMap::new();
    list(folder, folder, &mut files)?;
    let copied = count(&files);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest {
        format: FORMAT,
        version,
        made_at_ms,
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest).expect("invariant: JSON can be written");
    write_private(&folder.join(MANIFEST), &text)?;
    // The manifest is the sign that the backup is complete: its name must be durable too.
    File::open(folder)
        .and_then(|it| it.sync_all())
        .map_err(at(folder))?;
    Ok(copied)
}

/// Reads every file of a backup and compares it with the manifest.
fn verify(folder: &Path) -> Result<Copied, Error> {
    let path = folder.join(MANIFEST);
    let text = fs::read(&path).map_err(at(&path))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| Error::Damaged(error.to_string()))?;
    if manifest.format != FORMAT {
        return Err(Error::Damaged(format!(
            "format {} is unknown",
            manifest.format
        )));
    }
    for (name, expected) in &manifest.files {
        let relative = Path::new(name);
        if !relative
            .components()
            .all(|it| matches!(it, Component::Normal(_)))
        {
            return Err(Error::Damaged(format!("the manifest names {name:?}")));
        }
        let path = folder.join(relative);
        let found = read(&path)?;
        if found.bytes != expected.bytes || found.sha256 != expected.sha256 {
            return Err(Error::Damaged(format!("{name} is not what was written")));
        }
    }
    Ok(count(&manifest.files))
}

fn list(root: &Path, folder: &Path, files: &mut BTreeMap<String, Entry>) -> Result<(), Error> {
    for item in fs::read_dir(folder).map_err(at(folder))? {
        let path = item.map_err(at(folder))?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root).ok().and_then(Path::to_str);
            let name = name
                .expect("invariant: the backup has names of ours only")
                .to_owned();
            files.insert(name, read(&path)?);
        }
    }
    Ok(())
}

fn count(files: &BTreeMap<String, Entry>) -> Copied {
    Copied {
        files: files.len() as u64,
        bytes: files.values().map(|it| it.bytes).sum(),
    }
}

fn read(path: &Path) -> Result<Entry, Error> {
    let mut file = File::open(path).map_err(at(path))?;
    let (mut hash, mut bytes) = (Sha256Pieces::default(), 0);
    let mut piece = vec![0; 256 * 1024];
    loop {
        let length = file.read(&mut piece).map_err(at(path))?;
        let Some(read) = piece.get(..length).filter(|it| !it.is_empty()) else {
            break;
        };
        hash.update(read);
        bytes += length as u64;
    }
    Ok(Entry {
        bytes,
        sha256: hex::encode(hash.finish()),
    })
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(at(path))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(at(path))
}

/// Makes a folder for its owner only; an existing one must be empty.
fn create_empty(folder: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(at(folder))?;
    if fs::read_dir(folder).map_err(at(folder))?.next().is_some() {
        return Err(Error::NotEmpty(folder.to_owned()));
    }
    Ok(())
}

/// Runs work on files where it blocks nobody.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let result = tokio::task::spawn_blocking(work).await;
    result.map_err(|error| Error::Damaged(format!("the work was interrupted: {error}")))?
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}

const FORMAT: u32 = 1;
const CONFIG: &str = "config.toml";
const KEYS: &str = "keys";
const PUSH_KEY: &str = "push.key";
const REMOTE_SECRET_KEY: &str = "remote-secret.key";
const MANIFEST: &str = "manifest.json";
const STORE: &str = "store";
