//! A PostgreSQL server of its own for the tests: found or installed, started on a free loopback
//! port with all its durability on, and gone again when the value is dropped.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::machine::{install, is_root};
use crate::shell::{await_line, command, found, output, say};

/// A running server; dropping it stops the server and removes its files.
pub struct Postgres {
    child: Child,
    folder: TempDir,
    binaries: PathBuf,
    owner: Option<Owner>,
    port: u16,
}

/// The unprivileged user who runs the server when we are root: PostgreSQL refuses to be root.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Owner {
    user: u32,
    group: u32,
}

/// Debian's name of the package with the server.
const PACKAGE: &str = "postgresql";

const READY: &str = "database system is ready to accept connections";
const READY_TIMEOUT: Duration = Duration::from_mins(1);

impl Postgres {
    /// Starts an empty server; installs PostgreSQL first if it is missing and we may.
    pub fn start() -> Result<Self> {
        let binaries = find_binaries().map_or_else(installed_binaries, Ok)?;
        let owner = if is_root()? {
            Some(unprivileged_owner()?)
        } else {
            None
        };
        let folder = tempfile::Builder::new()
            .prefix("dreiklang-postgres-")
            .tempdir()?;
        if let Some(owner) = owner {
            chown(folder.path(), Some(owner.user), Some(owner.group))?;
        }
        let mut init = program(&binaries, "initdb", folder.path(), owner);
        init.args([
            "--username=dreiklang",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "-D",
        ]);
        output(init.arg(folder.path().join("cluster")))?;

        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let child = program(&binaries, "postgres", folder.path(), owner)
            .arg("-D")
            .arg(folder.path().join("cluster"))
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args([
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
            ])
            .stderr(Stdio::piped())
            .spawn()?;
        let mut server = Self {
            child,
            folder,
            binaries,
            owner,
            port,
        };
        let log = server
            .child
            .stderr
            .take()
            .context("invariant: the log was asked for as a pipe")?;
        await_line(log, READY, READY_TIMEOUT).context("PostgreSQL did not start")?;
        Ok(server)
    }

    /// The address in the form that the tests read from `TEST_POSTGRES_URL`.
    pub fn url(&self) -> String {
        format!("postgres://dreiklang@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = program(&self.binaries, "pg_ctl", self.folder.path(), self.owner);
        stop.args(["stop", "--mode=immediate", "--silent", "-D"]);
        if let Err(error) = output(stop.arg(self.folder.path().join("cluster"))) {
            say(&format!("PostgreSQL did not stop when asked: {error:#}"));
            // It may have ended by itself already; then there is nothing to kill.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// One of PostgreSQL's programs, as the right user and in a folder that this user may enter.
fn program(binaries: &Path, name: &str, folder: &Path, owner: Option<Owner>) -> Command {
    let mut command = command(binaries.join(name));
    command.current_dir(folder).env("LC_ALL", "C");
    if let Some(owner) = owner {
        command.uid(owner.user).gid(owner.group);
    }
    command
}

/// The folder that holds `initdb`: on the path, or where distributions put the newest version.
fn find_binaries() -> Option<PathBuf> {
    let on_path = found("initdb").and_then(|file| file.canonicalize().ok());
    if let Some(folder) = on_path.as_deref().and_then(Path::parent) {
        return Some(folder.to_path_buf());
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder)
}

fn installed_binaries() -> Result<PathBuf> {
    install(PACKAGE)?;
    find_binaries().context("PostgreSQL was installed, but its initdb is nowhere to be found")
}

fn unprivileged_owner() -> Result<Owner> {
    let accounts = fs::read_to_string("/etc/passwd")?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| owner_in(&accounts, name))
        .context("there is neither a user postgres nor a user nobody to run PostgreSQL as")
}

fn owner_in(accounts: &str, name: &str) -> Option<Owner> {
    let line = accounts
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(Owner {
        user: fields.next()?.parse().ok()?,
        group: fields.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_account_file() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgres:x:104:111:,,,:/var:/bin/sh\n";
        assert_eq!(
            owner_in(accounts, "postgres"),
            Some(Owner {
                user: 104,
                group: 111
            })
        );
        assert_eq!(owner_in(accounts, "nobody"), None);
    }
}
