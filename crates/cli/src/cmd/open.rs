//! `open`: the file of a message with the program that the system has for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use dreiklang_client::Client;
use dreiklang_client::desk::files::{file_of, save, target};
use dreiklang_client::media::name;
use dreiklang_client::view::Message;
use tokio::time::Instant;

use crate::args::Open;
use crate::cmd::save::fetch;
use crate::failure::Failure;
use crate::format;
use crate::session::Session;
use crate::which;

/// The program that opens a file with whatever is made for it.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Endings of files that only show or play something. Everything else may do things of its own
/// when it is opened, and is opened only if the person insists.
const HARMLESS: [&str; 40] = [
    "jpg", "jpeg", "png", "gif", "webp", "heic", "avif", "bmp", "tif", "tiff", "mp3", "m4a", "aac",
    "ogg", "oga", "opus", "flac", "wav", "amr", "mp4", "m4v", "mov", "webm", "mkv", "avi", "3gp",
    "ogv", "txt", "md", "csv", "log", "pdf", "epub", "odt", "ods", "odp", "docx", "xlsx", "pptx",
    "rtf",
];

pub(crate) async fn perform(session: &Session<'_>, flags: Open) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let opened = async {
        let message = which::message(&client, &flags.message).await?;
        check(&message, flags.yes)?;
        let until = Instant::now() + Duration::from_secs(flags.timeout);
        fetch(session, &client, &message, until).await?;
        open(session.opened_folder(), &client, &message).await
    };
    let result: Result<_, Failure> = opened.await;
    client.close().await?;
    let (path, size_bytes) = result?;
    session.print(
        |texts| texts.say("opened"),
        &format::Saved::new(&path, size_bytes),
    )
}

/// Whether the file may be opened without asking.
pub(crate) fn check(message: &Message, is_sure: bool) -> Result<(), Failure> {
    let file = file_of(message)?;
    let path = target(Path::new("/"), file);
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let is_harmless = HARMLESS.contains(&ending.to_lowercase().as_str());
    if is_harmless || is_sure {
        Ok(())
    } else {
        let shown = name::clean(&file.name);
        Err(Failure::new("file-may-harm").with("name", shown))
    }
}

/// Saves the file where only this person can read it, and starts the program for it. What was
/// opened earlier is removed then; until it is, the plain file is there.
pub(crate) async fn open(
    folder: PathBuf,
    client: &Client,
    message: &Message,
) -> Result<(PathBuf, u64), Failure> {
    let failed = |cause| {
        Failure::new("file")
            .with("path", folder.display())
            .with("reason", cause)
    };
    match fs::remove_dir_all(&folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(failed(cause)),
        _ => {}
    }
    create_private(&folder).map_err(failed)?;
    let path = target(&folder, file_of(message)?);
    let size_bytes = save(client, message.position, &path, false).await?;
    let started = Command::new(OPENER)
        .arg(&path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        // The program lives on; whoever waits for it is the system.
        Ok(_) => Ok((path, size_bytes)),
        Err(cause) => {
            // Nobody will look at the plain file.
            let _ = fs::remove_dir_all(&folder);
            Err(Failure::new("no-opener")
                .with("program", OPENER)
                .with("reason", cause))
        }
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}
