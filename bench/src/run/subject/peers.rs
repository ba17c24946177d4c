//! Other servers, from the system's packages, with configurations and data of our own.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::{Kind, Subject};
use crate::talk::Dial;

/// Where a program is, if it is installed.
pub fn found(kind: Kind) -> Option<PathBuf> {
    let names: &[&str] = match kind {
        Kind::Ours | Kind::Relay => return None,
        Kind::Ejabberd => &["ejabberdctl", "erl"],
        Kind::Prosody => &["prosody"],
        Kind::Mosquitto => &["mosquitto"],
    };
    let mut program = None;
    for name in names {
        program = Some(in_path(name)?);
    }
    program
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    let mut folders = env::split_paths(&path).chain(system);
    folders.find_map(|folder| Some(folder.join(name)).filter(|file| file.is_file()))
}

/// Fills the template of the server.
pub(super) fn configure(subject: &Subject) -> Result<()> {
    let template = match subject.kind {
        Kind::Ours | Kind::Relay => return Ok(()),
        Kind::Ejabberd => include_str!("../../../peers/ejabberd.yml"),
        Kind::Prosody => include_str!("../../../peers/prosody.cfg.lua"),
        Kind::Mosquitto => include_str!("../../../peers/mosquitto.conf"),
    };
    let folder = subject.folder.to_str().context("a folder without a name")?;
    fs::create_dir_all(subject.folder.join("data"))?;
    let user = if rustix::process::geteuid().is_root() {
        "root"
    } else {
        "nobody"
    };
    let text = template
        .replace("@PORT@", &subject.address.port().to_string())
        .replace("@FOLDER@", folder)
        .replace("@USER@", user);
    fs::write(config(subject), text)?;
    Ok(())
}

/// The command that stays in the foreground, so that its number is the server's.
pub(super) fn command(subject: &Subject) -> Command {
    let config = config(subject);
    let mut command = Command::new(&subject.program);
    match subject.kind {
        Kind::Ours | Kind::Relay => {}
        Kind::Ejabberd => {
            // Schedulers that spin while they wait would be counted as work at low rates.
            let flags = "-noinput +K true +P 250000 +Q 131072 +sbwt none +sbwtdcpu none \
                         +sbwtdio none -mnesia dir";
            command
                .args(flags.split_whitespace())
                .arg(format!("\"{}\"", subject.folder.join("data").display()))
                .args(["-s", "ejabberd"])
                .current_dir(subject.folder.join("data"))
                .env("ERL_LIBS", ERLANG_LIBRARIES)
                .env("EJABBERD_CONFIG_PATH", config)
                .env("EJABBERD_LOG_PATH", subject.folder.join("error.log"))
                .env("ERL_CRASH_DUMP_BYTES", "0");
        }
        Kind::Prosody => {
            command.arg("-F").arg("--config").arg(config);
        }
        Kind::Mosquitto => {
            command.arg("-c").arg(config);
        }
    }
    command
}

/// ejabberd and Prosody tell the language of a configuration from the end of its name.
fn config(subject: &Subject) -> PathBuf {
    subject.folder.join(match subject.kind {
        Kind::Ejabberd => "ejabberd.yml",
        Kind::Prosody => "prosody.cfg.lua",
        Kind::Ours | Kind::Relay | Kind::Mosquitto => "peer.conf",
    })
}

/// Registers people in band, some at a time.
pub(super) async fn register(dial: &Dial, people: u32) -> Result<()> {
    let mut registering = JoinSet::new();
    for person in 0..people {
        if registering.len() >= AT_A_TIME
            && let Some(registered) = registering.join_next().await
        {
            registered??;
        }
        let dial = dial.clone();
        registering.spawn(async move { dial.register(person).await });
    }
    while let Some(registered) = registering.join_next().await {
        registered??;
    }
    Ok(())
}

const AT_A_TIME: usize = 8;
/// Where Debian keeps ejabberd's code.
const ERLANG_LIBRARIES: &str = "/usr/lib/x86_64-linux-gnu";
