//! `send-file`: files, with a bar that shows how far they are.

use dreiklang_client::desk::files::{discard, prepare};
use dreiklang_client::engine::NewFile;
use dreiklang_client::view::ConversationId;
use dreiklang_client::{Client, Command};

use crate::args::SendFile;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::who;

pub(crate) async fn perform(session: &Session<'_>, flags: SendFile) -> Result<(), Failure> {
    let SendFile {
        to,
        paths,
        caption,
        send_as,
        size,
        delivery,
    } = flags;
    let reference = delivery.reference.clone();
    let make = async |client: &Client| {
        let to = who::conversation(client, &to).await?;
        let mut files: Vec<NewFile> = Vec::with_capacity(paths.len());
        for path in &paths {
            match prepare(client, path, send_as.into(), size.into()).await {
                Ok(file) => files.push(file),
                Err(failure) => {
                    discard(client, &files).await;
                    return Err(failure);
                }
            }
        }
        Ok(commands(to, files, &caption, reference.as_deref()))
    };
    delivery::messages(session, &delivery, make).await
}

/// One message for each file. Several at once belong together.
fn commands(
    to: ConversationId,
    files: Vec<NewFile>,
    caption: &str,
    reference: Option<&str>,
) -> Vec<Command> {
    let correlation = match files.as_slice() {
        [first, _, ..] => first.name.to_string(),
        _ => String::new(),
    };
    files
        .into_iter()
        .enumerate()
        .map(|(index, file)| Command::SendFile {
            to,
            file: Box::new(NewFile {
                // The text stands under the first of them.
                caption: if index == 0 { caption } else { "" }.to_owned(),
                correlation: correlation.clone(),
                ..file
            }),
            reference: reference.map(|reference| match index {
                0 => reference.to_owned(),
                _ => format!("{reference}#{}", index + 1),
            }),
        })
        .collect()
}
