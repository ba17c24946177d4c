//! One instance of the demonstration: its folder, its server, its administration.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::apps::{self, App};
use crate::shell::{await_line, command, output, run as start};

/// What the server logs, as JSON, when clients can connect.
const READY: &str = "\"message\":\"ready\"";
const READY_TIMEOUT: Duration = Duration::from_mins(1);

/// An instance, made or not.
#[derive(Clone, Debug)]
pub(super) struct Site {
    program: PathBuf,
    /// `open` or `closed`.
    pub(super) kind: &'static str,
    folder: PathBuf,
    /// The built apps for the browser, which may not be there.
    web: PathBuf,
}

/// The part of the instance file that is worth showing.
#[derive(Deserialize)]
pub(super) struct Instance {
    pub(super) chat: Chat,
    pub(super) directory_url: String,
}

#[derive(Deserialize)]
pub(super) struct Chat {
    pub(super) host: String,
    pub(super) ports: Vec<u16>,
}

impl Site {
    pub(super) fn new(binaries: &Path, folder: &Path, web: &Path, kind: &'static str) -> Self {
        Self {
            program: binaries.join("dreiklang-server"),
            kind,
            folder: folder.join(kind),
            web: web.to_owned(),
        }
    }

    pub(super) fn exists(&self) -> bool {
        self.folder.join("config.toml").exists()
    }

    /// Ports are drawn once and then stand in the configuration. Mails and short messages go into
    /// folders, where they can be read.
    pub(super) fn make(&self) -> Result<()> {
        let [chat, api] = free_ports()?.map(|port| port.to_string());
        let mut init = command(&self.program);
        init.arg("init").arg("--data-dir").arg(&self.folder);
        init.args(["--kind", self.kind, "--loopback", "--host", "localhost"]);
        init.args(["--name", &format!("Dreiklang demo ({})", self.kind)]);
        start(init.args(["--chat-port", &chat, "--api-port", &api]))?;
        let file = self.folder.join("config.toml");
        let config = fs::read_to_string(&file)?;
        fs::write(&file, rehearsed(&config)?).context("cannot change the configuration")
    }

    /// Gives each app its address, unless it has one.
    pub(super) fn open_apps(&self) -> Result<()> {
        let file = self.folder.join("config.toml");
        let config = fs::read_to_string(&file)?;
        if !apps::read(&config).is_empty() {
            return Ok(());
        }
        let ports = free_ports()?;
        let named: Vec<_> = apps::names(self.kind).iter().copied().zip(ports).collect();
        fs::write(&file, apps::opened(&config, &named)?).context("cannot change the configuration")
    }

    /// The apps in the browser, if they were built.
    pub(super) fn apps(&self) -> Vec<App> {
        let config = fs::read_to_string(self.folder.join("config.toml"));
        let is_built = self.web.join("index.html").exists() || self.web.join("editions").exists();
        config
            .ok()
            .filter(|_| is_built)
            .map_or_else(Vec::new, |config| apps::read(&config))
    }

    /// What clients are told.
    pub(super) fn instance(&self) -> Result<Instance> {
        let text = fs::read_to_string(self.instance_file()).context(
            "the folder has a configuration but no instance file; remove it to begin anew",
        )?;
        Ok(serde_json::from_str(&text)?)
    }

    pub(super) fn instance_file(&self) -> PathBuf {
        self.folder.join("instance.json")
    }

    /// The certificate that the server made for itself.
    pub(super) fn certificate(&self) -> PathBuf {
        self.folder.join("keys/tls.crt")
    }

    /// The key that signs the provisioning file. The server must have run.
    pub(super) fn trust(&self) -> Result<String> {
        let text = output(self.server().args(["oppf", "show", "--json"]))?;
        let shown: Value = serde_json::from_str(&text).context("`oppf show --json` changed")?;
        let key = shown["signatureKey"].as_str();
        Ok(key.context("`oppf show --json` changed")?.to_owned())
    }

    /// A file beside those of the server.
    pub(super) fn note(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn server(&self) -> Command {
        let mut server = command(&self.program);
        server.arg("--config").arg(self.folder.join("config.toml"));
        if self.apps().is_empty() {
            for name in apps::names(self.kind) {
                let key = format!("DREIKLANG_WEB__{}_LISTEN", name.to_uppercase());
                server.env(key, "[]");
            }
        } else {
            server.env("DREIKLANG_WEB__FOLDER", &self.web);
        }
        server
    }

    /// A command of the administrator's; gives its JSON.
    pub(super) fn admin(&self, arguments: &[&str]) -> Result<Value> {
        let text = output(self.server().arg("admin").args(arguments).arg("--json"))?;
        serde_json::from_str(&text).with_context(|| format!("{arguments:?} printed {text:?}"))
    }
}

/// The configuration with mail and short messages as a rehearsal, written into folders.
fn rehearsed(config: &str) -> Result<String> {
    let mut section = String::new();
    let mut changed = 0;
    let mut lines = Vec::new();
    for line in config.lines() {
        if let Some(name) = line.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
        }
        let wanted = match (section.as_str(), line) {
            ("mail", "url = \"\"") => Some("url = \"dry-run:mails\""),
            ("mail", "from = \"\"") => Some("from = \"Dreiklang <noreply@example.org>\""),
            ("sms", "url = \"\"") => Some("url = \"dry-run:short-messages\""),
            _ => None,
        };
        changed += usize::from(wanted.is_some());
        lines.push(wanted.unwrap_or(line).to_owned());
    }
    if changed != 3 {
        bail!("the configuration has other keys than the demonstration knows ({changed} of 3)");
    }
    Ok(lines.join("\n") + "\n")
}

/// Two different ports that nobody listens on.
fn free_ports() -> Result<[u16; 2]> {
    let listeners = [
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
    ];
    let [first, second] = &listeners;
    Ok([first.local_addr()?.port(), second.local_addr()?.port()])
}

/// A server that is stopped when it is not needed any more, also after an error.
pub(super) struct Running {
    child: Child,
}

impl Running {
    pub(super) fn start(mut server: Command) -> Result<Self> {
        server
            .env("DREIKLANG_LOG__FORMAT", "json")
            .env("DREIKLANG_LOG__LEVEL", "info");
        let mut child = server
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let log = child
            .stderr
            .take()
            .context("invariant: the log was asked for as a pipe")?;
        let running = Self { child };
        await_line(log, READY, READY_TIMEOUT).context("the server did not start")?;
        Ok(running)
    }

    /// Asks the server to stop, as an operator would, and waits until it has.
    pub(super) fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        output(command("sh").args(["-c", "kill -TERM \"$0\"", &pid]))?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server did not stop cleanly: {status}");
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After `stop` there is nothing left to kill; after an error there may be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_differ() {
        let [one, other] = free_ports().unwrap();
        assert_ne!(one, other);
    }

    #[test]
    fn mail_is_rehearsed_and_nothing_else_changes() {
        let config = "[api]\nurl = \"\"\n[mail]\nurl = \"\"\nfrom = \"\"\n[sms]\nurl = \"\"\n";
        let changed = rehearsed(config).unwrap();
        assert!(changed.starts_with("[api]\nurl = \"\"\n[mail]\nurl = \"dry-run:mails\""));
        assert!(changed.ends_with("url = \"dry-run:short-messages\"\n"));
        assert!(rehearsed("[mail]\n").is_err());
    }
}
