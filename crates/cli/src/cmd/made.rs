//! `my-data`, `export-chat`: files that are made for the person to keep.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use dreiklang_client::desk::{Answer, Desk, PAGE_WORDS, Request};
use dreiklang_client::media::name;

use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;

/// What the file is about is for its owner alone.
const OWNER_ONLY: u32 = 0o600;

/// Asks for a file and writes it to a new place, or into a folder under its own name.
pub(crate) async fn perform(
    session: &Session<'_>,
    request: Request,
    target: &Path,
) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let instance = session.profile.instance()?;
    let desk = Desk::new(client.clone(), session.clock.clone(), instance);
    let answered = desk.answer(request, None).await;
    let saved = answered.and_then(|answered| {
        let (Answer::File(made), Some(file)) = (answered.answer, answered.file) else {
            return Err(Failure::new("stopped"));
        };
        let path = if target.is_dir() {
            name::unused(target, made.file_name())
        } else {
            target.to_owned()
        };
        let failed = |cause: io::Error| failed(&path, &cause);
        let mut options = OpenOptions::new();
        // Nothing is replaced.
        let mut place = options
            .write(true)
            .create_new(true)
            .mode(OWNER_ONLY)
            .open(&path)
            .map_err(failed)?;
        let size_bytes = io::copy(&mut file.reader(), &mut place).map_err(failed)?;
        Ok((path, size_bytes))
    });
    client.close().await?;
    let (path, size_bytes) = saved?;
    session.print(
        |texts| {
            let path = safe::line(&path.display().to_string());
            texts.with("saved", &[("path", &path)])
        },
        &format::Saved::new(&path, size_bytes),
    )
}

/// A conversation as a page in the language and by the clock of the person.
pub(crate) fn chat(session: &Session<'_>, conversation: String) -> Request {
    let word = |name: &str| {
        let word = session
            .texts
            .say(&format!("page-{}", name.replace('_', "-")));
        (name.to_owned(), word)
    };
    let (language, _) = session.texts.language().entry();
    Request::ExportChat {
        conversation,
        words: PAGE_WORDS.into_iter().map(word).collect(),
        language: language.to_owned(),
        utc_offset_minutes: session.calendar.utc_offset_minutes(session.clock.now()),
    }
}

fn failed(path: &Path, cause: &io::Error) -> Failure {
    if cause.kind() == io::ErrorKind::AlreadyExists {
        return Failure::new("file-there").with("path", path.display());
    }
    Failure::new("file")
        .with("path", path.display())
        .with("reason", cause)
}
