//! The files of the apps: read once into memory, then looked up by their whole name.
//!
//! No request reaches the file system, so no name in one can lead out of the folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use dreiklang_crypto::kdf;
use dreiklang_wire::csp::edition::Edition;

use super::Door;
use crate::config::web;

/// Why the files cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder or something in it cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It cannot be the folder of the apps.
    #[error("{path}: {text}", path = path.display())]
    Strange {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        text: &'static str,
    },
}

/// Everything in the folder.
#[derive(Debug, Default)]
pub struct Shelf {
    folder: PathBuf,
    files: HashMap<String, Arc<File>>,
    bytes: usize,
}

/// The files of one edition, by path without the slash in front.
#[derive(Debug, Default)]
pub struct Files(HashMap<String, Arc<File>>);

#[derive(Debug, Clone, Default)]
struct File {
    kind: &'static str,
    /// The hash of the plain bytes, in hex.
    hash: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Shelf {
    /// Reads the folder. Links are not followed.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let mut raw = HashMap::new();
        let mut shelf = Self {
            folder: folder.to_owned(),
            ..Self::default()
        };
        shelf.gather(folder, "", 0, &mut raw)?;
        let compressed = |name: &str, ending: &str| raw.get(&format!("{name}{ending}")).cloned();
        for (name, plain) in &raw {
            let is_compressed = ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending));
            if !is_compressed {
                let file = File {
                    kind: kind_of(name),
                    hash: hex::encode(&kdf::sha256(plain)[..HASH_BYTES]),
                    plain: plain.clone(),
                    brotli: compressed(name, ".br"),
                    gzip: compressed(name, ".gz"),
                };
                shelf.files.insert(name.clone(), Arc::new(file));
            }
        }
        Ok(shelf)
    }

    fn gather(
        &mut self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        raw: &mut HashMap<String, Bytes>,
    ) -> Result<(), Error> {
        let strange = |text| Error::Strange {
            path: folder.to_owned(),
            text,
        };
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { path, source }
        };
        for entry in std::fs::read_dir(folder).map_err(io(folder))? {
            let entry = entry.map_err(io(folder))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(io(&path))?;
            let Some(name) = entry.file_name().to_str().map(|it| format!("{prefix}{it}")) else {
                continue;
            };
            if kind.is_dir() {
                if depth >= DEPTH_MAX {
                    return Err(strange("has too many folders in folders"));
                }
                self.gather(&path, &format!("{name}/"), depth + 1, raw)?;
            } else if kind.is_file() {
                let bytes = std::fs::read(&path).map_err(io(&path))?;
                self.bytes += bytes.len();
                if raw.len() >= FILES_MAX || self.bytes > BYTES_MAX {
                    return Err(strange("holds more than the apps can be"));
                }
                raw.insert(name, bytes.into());
            }
        }
        Ok(())
    }

    /// The files of an edition: its own, and what all have in common.
    pub fn files_of(&self, edition: Edition) -> Result<Files, Error> {
        let own = format!("{EDITIONS}{}/", web::name(edition));
        let mut files = Files::default();
        let common = |name: &&String| !name.starts_with(EDITIONS);
        for name in self.files.keys().filter(common) {
            files.0.insert(name.clone(), Arc::clone(&self.files[name]));
        }
        for (name, file) in &self.files {
            if let Some(name) = name.strip_prefix(&own) {
                files.0.insert(name.to_owned(), Arc::clone(file));
            }
        }
        if files.0.contains_key(INDEX) {
            Ok(files)
        } else {
            Err(Error::Strange {
                path: self.folder.clone(),
                text: "holds no built app; run `cargo xtask web` or name another folder",
            })
        }
    }
}

/// Any path that no route has.
pub(super) async fn file(
    State(door): State<Arc<Door>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, HEAD")],
        )
            .into_response();
    }
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    let files = &door.site.files.0;
    let name = if is_screen(path, &headers) {
        INDEX
    } else {
        path
    };
    match files.get(name) {
        Some(file) => answer(file, name, &headers, method == Method::HEAD),
        None => (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response(),
    }
}

/// Addresses that people open and that the one page shows.
fn is_screen(path: &str, headers: &HeaderMap) -> bool {
    path.is_empty()
        || (path == "activate" || path.starts_with("add/"))
            && named(headers, header::ACCEPT, "text/html")
}

fn answer(file: &File, name: &str, headers: &HeaderMap, is_head: bool) -> Response {
    let accepts = |coding| named(headers, header::ACCEPT_ENCODING, coding);
    let (coding, bytes) = match file {
        File {
            brotli: Some(bytes),
            ..
        } if accepts("br") => (Some("br"), bytes),
        File {
            gzip: Some(bytes), ..
        } if accepts("gzip") => (Some("gzip"), bytes),
        File { plain, .. } => (None, plain),
    };
    let tag = format!("\"{}-{}\"", file.hash, coding.unwrap_or("plain"));
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| {
            it.split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        });
    // The names below `assets` change with their content.
    let caching = if name.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if is_head {
        let mut response = Body::empty().into_response();
        let length = HeaderValue::from(bytes.len());
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length);
        response
    } else {
        Body::from(bytes.clone()).into_response()
    };
    let into = response.headers_mut();
    if !is_known {
        into.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
        if let Some(coding) = coding {
            into.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    into.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    into.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        into.insert(header::ETAG, tag);
    }
    response
}

/// Is it in a list like `Accept` or `Accept-Encoding`, and not with the weight 0?
fn named(headers: &HeaderMap, list: header::HeaderName, name: &str) -> bool {
    let lists = headers.get_all(list);
    let items = lists.iter().filter_map(|it| it.to_str().ok());
    items.flat_map(|it| it.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|it| it.eq_ignore_ascii_case(name));
        is_it && !parts.any(|it| matches!(it, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn kind_of(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    KINDS
        .iter()
        .find(|(it, _)| *it == ending)
        .map_or("application/octet-stream", |(_, kind)| kind)
}

const KINDS: [(&str, &str); 14] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("wasm", "application/wasm"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("ftl", "text/plain; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("map", "application/json"),
];

const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];
/// What lies in here is laid over the rest, per edition, and has no address of its own.
const EDITIONS: &str = "editions/";
const HASHED: &str = "assets/";
const INDEX: &str = "index.html";
/// Half of a SHA-256 is enough to tell versions of our own files apart.
const HASH_BYTES: usize = 16;
const FILES_MAX: usize = 5_000;
const BYTES_MAX: usize = 128 * 1024 * 1024;
const DEPTH_MAX: usize = 8;
