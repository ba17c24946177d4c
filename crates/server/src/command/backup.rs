//! `backup` and `restore`.

use std::path::Path;

use anyhow::{Context, bail};

use crate::command::admin::{Office, spinner};
use crate::command::{say, say_json};
use crate::config::Settings;
use crate::edge::admin::format::{Act, Reply};
use crate::service::backups;

/// `backup`
pub async fn perform(settings: Settings, folder: &Path, json: bool) -> anyhow::Result<()> {
    let folder = std::path::absolute(folder).context("cannot tell where that folder is")?;
    let mut office = Office::open(settings).await?;
    let bar = spinner("copying");
    let reply = office
        .perform(Act::Backup {
            folder: folder.clone(),
        })
        .await;
    bar.finish_and_clear();
    office.close().await;
    let Reply::BackedUp { files, bytes } = reply? else {
        bail!("a strange reply")
    };
    if json {
        say_json(&serde_json::json!({ "folder": folder, "files": files, "bytes": bytes }))?;
    } else {
        say(&format!(
            "Wrote {files} files, {bytes} bytes, to {}. It holds secret keys: keep it safe.",
            folder.display()
        ))?;
    }
    Ok(())
}

/// `restore`
pub async fn restore(
    folder: &Path,
    data_dir: &Path,
    database: Option<String>,
    json: bool,
) -> anyhow::Result<()> {
    let bar = spinner("restoring");
    let restored = backups::restore(folder, data_dir, database).await;
    bar.finish_and_clear();
    let (settings, copied) = restored.context("cannot restore")?;
    let shown = settings.data_dir.display();
    if json {
        say_json(&serde_json::json!({
            "data_dir": settings.data_dir, "files": copied.files, "bytes": copied.bytes,
        }))?;
    } else {
        say(&format!(
            "Restored {} files, {} bytes. Next: dreiklang-server --config {shown}/config.toml",
            copied.files, copied.bytes
        ))?;
    }
    Ok(())
}
