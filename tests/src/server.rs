//! A `dreiklang-server` process on a folder of its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dreiklang_crypto::PublicKey;
use dreiklang_wire::api::instance::Instance;
use dreiklang_wire::id::Identity;

use crate::process::{Output, Process};

/// A server that can be killed and started again.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    bug: Option<String>,
    folder: PathBuf,
    ports: [u16; 2],
    environment: Vec<(String, String)>,
    process: Option<Process>,
}

impl Server {
    /// Makes the folder of an instance; starts nothing yet. A bug needs the planted program.
    pub fn init(program: &Path, bug: Option<&str>, folder: &Path) -> Result<Self> {
        let server = Self {
            program: program.to_path_buf(),
            bug: bug.map(str::to_owned),
            folder: folder.to_path_buf(),
            ports: free_ports()?,
            environment: Vec::new(),
            process: None,
        };
        server.make(&[])?;
        Ok(server)
    }

    /// Makes an instance of a kind, `open` or `closed`, whose configuration has these values
    /// whatever its file says.
    pub fn init_as(
        program: &Path,
        kind: &str,
        folder: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let owned = |it: &(&str, &str)| (it.0.to_owned(), it.1.to_owned());
        let server = Self {
            program: program.to_path_buf(),
            bug: None,
            folder: folder.to_path_buf(),
            ports: free_ports()?,
            environment: environment.iter().map(owned).collect(),
            process: None,
        };
        server.make(&["--kind", kind])?;
        Ok(server)
    }

    fn make(&self, flags: &[&str]) -> Result<()> {
        let [chat, api] = self.ports.map(|port| port.to_string());
        let mut init = self.command();
        init.arg("init").arg("--data-dir").arg(&self.folder);
        init.args(["--loopback", "--host", "localhost"]);
        run(init
            .args(["--chat-port", &chat, "--api-port", &api])
            .args(flags))
    }

    /// A command of the server's program about this instance that must succeed; gives what it
    /// printed.
    pub fn command_output(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.configured();
        let output = command.args(arguments).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            bail!(
                "{arguments:?} ended with {}:\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// A server on a folder that `restore` has made from a backup of this one.
    #[must_use]
    pub fn on_restored(&self, folder: &Path) -> Self {
        Self {
            program: self.program.clone(),
            bug: self.bug.clone(),
            folder: folder.to_path_buf(),
            ports: self.ports,
            environment: self.environment.clone(),
            process: None,
        }
    }

    /// Registers identities that the harness made.
    pub fn import(&self, identities: &[(Identity, PublicKey)]) -> Result<()> {
        let mut file = tempfile::NamedTempFile::new()?;
        for (identity, key) in identities {
            use std::io::Write;
            writeln!(file, "{identity},{}", hex::encode(key.as_bytes()))?;
        }
        let mut import = self.configured();
        import.args(["admin", "identity", "import", "--csv"]);
        run(import.arg(file.path()))
    }

    /// `backup`, beside the running server.
    pub fn back_up(&self, target: &Path) -> Result<()> {
        run(self.configured().arg("backup").arg(target))
    }

    /// `restore` into a folder that does not exist yet.
    pub fn restore(&self, backup: &Path, folder: &Path) -> Result<()> {
        let mut restore = self.command();
        run(restore
            .arg("restore")
            .arg(backup)
            .arg("--data-dir")
            .arg(folder))
    }

    /// Starts the server and returns when it listens.
    pub fn start(&mut self) -> Result<()> {
        let (tell, said) = mpsc::channel();
        let process = Process::start(self.configured(), Output::Log, move |line| {
            // Nobody listens any more once the server is ready.
            let _ = tell.send(line);
        })?;
        self.process = Some(process);
        let mut lines = Vec::new();
        while let Ok(Some(line)) = said.recv_timeout(START_TIMEOUT) {
            if line.contains(READY) {
                return Ok(());
            }
            lines.push(line);
        }
        bail!("the server did not start:\n{}", lines.join("\n"))
    }

    /// SIGKILL, unless the server has gone already.
    pub fn kill(&mut self) -> Result<()> {
        match self.process.take() {
            Some(mut process) => process.kill(),
            None => Ok(()),
        }
    }

    /// Asks the server to stop, as an operator would, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        let process = self.process.take().context("no server runs")?;
        let pid = process.id().to_string();
        run(Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid]))?;
        let status = process.finish()?;
        if !status.success() {
            bail!("the server did not stop well: {status}");
        }
        Ok(())
    }

    /// The most memory that the running server ever had, in KiB, as Linux counts it.
    pub fn peak_kib(&self) -> Result<u64> {
        let process = self.process.as_ref().context("no server runs")?;
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.context("no VmHWM")?.parse()?)
    }

    /// Where the chat server listens.
    pub fn chat_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports[0]).into()
    }

    /// Where the HTTP interface listens.
    pub fn api_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports[1]).into()
    }

    /// The folder of the instance.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file for clients.
    pub fn instance_file(&self) -> PathBuf {
        self.folder.join("instance.json")
    }

    /// What that file says.
    pub fn instance(&self) -> Result<Instance> {
        Ok(Instance::from_json(&std::fs::read(self.instance_file())?)?)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.bug);
        // A test is one address that does everything at once, and none of the limits is its topic.
        command
            .env("DREIKLANG_LOG__FORMAT", "json")
            .env("DREIKLANG_LOG__LEVEL", "info")
            .env("DREIKLANG_CHAT__LOOPBACK_EXEMPT", "true")
            .env("DREIKLANG_CHAT__MESSAGES_BURST_MAX", "1000000")
            .env("DREIKLANG_CHAT__MESSAGES_PER_MINUTE_MAX", "1000000");
        command.envs(self.environment.iter().map(|it| (&it.0, &it.1)));
        command
    }

    fn configured(&self) -> Command {
        let mut command = self.command();
        command.arg("--config").arg(self.folder.join("config.toml"));
        command
    }
}

/// Runs a command that must succeed, and shows what it said if it does not.
pub fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!(
            "{command:?} ended with {}:\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// Two ports that nobody listens on. They lie below those that the system gives to outgoing
/// connections: while the server is dead nobody else shall get its port, least of all a client
/// that would then be connected to itself.
fn free_ports() -> Result<[u16; 2]> {
    let seed: [u8; 4] = dreiklang_crypto::random(&mut dreiklang_crypto::SystemRng);
    let start = u32::from_le_bytes(seed);
    let mut found = Vec::new();
    for step in 0..PORTS {
        let port = FIRST_PORT + u16::try_from(start.wrapping_add(step) % PORTS)?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            found.push(port);
        }
        if let [one, other] = found[..] {
            return Ok([one, other]);
        }
    }
    bail!("no port is free")
}

const READY: &str = "\"message\":\"ready\"";
const START_TIMEOUT: Duration = Duration::from_secs(30);
const FIRST_PORT: u16 = 20_000;
const PORTS: u32 = 10_000;
