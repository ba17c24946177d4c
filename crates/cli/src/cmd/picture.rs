//! `picture`: of oneself, of groups, of people.

use std::fs::OpenOptions;
use std::io::{BufReader, Write};
use std::path::Path;

use dreiklang_client::media::picture::profile_picture;
use dreiklang_client::view;
use dreiklang_client::{Client, Command, MediaFault};

use crate::args::Picture;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::who;

pub(crate) async fn perform(session: &Session<'_>, verb: Picture) -> Result<(), Failure> {
    let (picture, group, hand_over) = match verb {
        Picture::Save { path, of } => return save(session, &path, of.as_deref()).await,
        Picture::Remove { group, hand_over } => (None, group, hand_over),
        Picture::Set {
            path,
            group,
            hand_over,
        } => (Some(read(&path)?), group, hand_over),
    };
    let Some(group) = group else {
        // Others get it with the next message to them.
        let make = async |_: &Client| Ok(Command::SetProfilePicture(picture));
        return delivery::local(session, make).await;
    };
    let make = async |client: &Client| {
        let group = who::group(client, &group).await?;
        Ok(Command::SetGroupPicture { group, picture })
    };
    delivery::change(session, hand_over, make).await
}

/// A picture as others get it: small, and nothing but its pixels.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let file = std::fs::File::open(path).map_err(|cause| failed(path, cause))?;
    let picture = profile_picture(BufReader::new(file)).map_err(MediaFault::from)?;
    Ok(picture.bytes)
}

async fn save(session: &Session<'_>, path: &Path, of: Option<&str>) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let found = async {
        let picture = match of {
            None => client.view(view::own_picture).await?,
            Some(who) => {
                let who = who::conversation(&client, who).await?;
                client.view(move |conn| view::picture(conn, &who)).await?
            }
        };
        picture.ok_or_else(|| Failure::new("no-picture"))
    };
    let result: Result<_, Failure> = found.await;
    client.close().await?;
    let picture = result?;
    let mut options = OpenOptions::new();
    // Nothing is replaced.
    let mut file = options
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|cause| failed(path, cause))?;
    file.write_all(&picture)
        .map_err(|cause| failed(path, cause))?;
    let size_bytes = u64::try_from(picture.len()).unwrap_or(u64::MAX);
    session.print(
        |texts| {
            let path = safe::line(&path.display().to_string());
            texts.with("saved", &[("path", &path)])
        },
        &format::Saved::new(path, size_bytes),
    )
}

fn failed(path: &Path, cause: std::io::Error) -> Failure {
    if cause.kind() == std::io::ErrorKind::AlreadyExists {
        return Failure::new("file-exists").with("path", path.display());
    }
    Failure::new("file")
        .with("path", path.display())
        .with("reason", cause)
}
