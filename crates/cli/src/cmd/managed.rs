//! `managed`: what the device's own management sets.

use std::path::Path;

use dreiklang_client::mdm::WireParameters;
use dreiklang_client::{Client, Command};

use crate::failure::Failure;
use crate::format;
use crate::session::Session;

pub(crate) async fn perform(session: &Session<'_>, file: &Path) -> Result<(), Failure> {
    let parameters = read(file)?;
    let client = session.open().await?;
    let set = set(&client, parameters).await;
    client.close().await?;
    set?;
    session.print(|texts| texts.say("managed-done"), &format::Done::new())
}

pub(super) async fn set(client: &Client, parameters: WireParameters) -> Result<(), Failure> {
    client.command(Command::SetExternalMdm(parameters)).await?;
    Ok(())
}

/// A JSON object with parameters. It is small: more is a mistake.
pub(super) fn read(file: &Path) -> Result<WireParameters, Failure> {
    let failed = |reason: &dyn std::fmt::Display| {
        Failure::new("file")
            .with("path", file.display())
            .with("reason", reason)
    };
    let json = std::fs::read(file).map_err(|cause| failed(&cause))?;
    if json.len() > BYTES_MAX {
        return Err(failed(&"the file is too large"));
    }
    serde_json::from_slice(&json).map_err(|error| failed(&error))
}

const BYTES_MAX: usize = 256 * 1024;
