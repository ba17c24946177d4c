//! Our server: configured for a measurement, its people imported before it starts.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::{Subject, free_address};
use crate::people;

/// Everything stays as it is by default, but for the limits that a load from one machine would
/// run into. Durability cannot be switched off.
pub(super) fn configure(subject: &Subject) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(subject.folder.join("keys"))?;
    let text = format!(
        "data_dir = \"{}\"\n\
         [chat]\n\
         listen = [\"{}\"]\n\
         public_host = \"127.0.0.1\"\n\
         commit_linger_ms = {}\n\
         queue_messages_max = 10000000\n\
         queue_bytes_max = 10000000000\n\
         messages_burst_max = 1000000000\n\
         messages_per_minute_max = 1000000000\n\
         connections_max = 100000\n\
         loopback_exempt = true\n\
         idle_timeout_s = 600\n\
         [api]\n\
         listen = [\"{}\"]\n\
         [tls]\n\
         mode = \"off\"\n\
         [log]\n\
         level = \"warn\"\n",
        subject.folder.display(),
        subject.address,
        subject.settings.linger_ms,
        free_address()?,
    );
    fs::write(config(subject), text)?;
    let key = hex::encode(people::server_secret().expose());
    let mut file = fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(subject.folder.join("keys/chat.key"))?;
    std::io::Write::write_all(&mut file, key.as_bytes())?;
    Ok(())
}

pub(super) fn command(subject: &Subject) -> Command {
    let mut command = Command::new(&subject.program);
    command.arg("--config").arg(config(subject)).arg("serve");
    command
}

/// Imports people while the server does not run.
pub(super) fn import(subject: &Subject, lines: &str) -> Result<()> {
    let file = subject.folder.join("people.csv");
    fs::write(&file, lines)?;
    let output = Command::new(&subject.program)
        .arg("--config")
        .arg(config(subject))
        .args(["admin", "identity", "import", "--json", "--csv"])
        .arg(&file)
        .stdin(Stdio::null())
        .output()
        .context("cannot start the import")?;
    if !output.status.success() {
        bail!(
            "the import failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

fn config(subject: &Subject) -> PathBuf {
    subject.folder.join("config.toml")
}
