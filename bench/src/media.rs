//! Large files: how fast a client seals, uploads, downloads and saves one through a real server
//! with TLS, and how much memory either program takes for it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::numbers::{median, ratio};
use crate::{machine, say};

/// Flags of `media`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How large the file is, in MiB; 100 is the most that goes through
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=100))]
    size: u64,
    /// How often everything is measured; the medians count
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// The server's program; else the one beside this program
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// The client's example `move_blob`; else the one beside this program
    #[arg(long, value_name = "FILE")]
    client: Option<PathBuf>,
}

/// What the client tells of each round, and what it is called here.
const STEPS: [(&str, &str); 4] = [
    ("seal_ms", "seal and stage"),
    ("upload_ms", "upload"),
    ("download_ms", "download and verify"),
    ("open_ms", "verify, open and save"),
];
/// What a blob adds to a file.
const TAG_BYTES: u64 = 16;

/// Measures and prints.
pub fn run(arguments: &Arguments) -> Result<()> {
    let beside = std::env::current_exe()?;
    let beside = beside.parent().context("this program lies in no folder")?;
    let or_beside =
        |given: &Option<PathBuf>, name: &str| given.clone().unwrap_or_else(|| beside.join(name));
    let server = or_beside(&arguments.server, "dreiklang-server");
    let client = or_beside(&arguments.client, "examples/move_blob");
    let folder = tempfile::tempdir()?;
    let running = Server::start(&server, &folder.path().join("server"))?;
    let bytes = arguments.size * 1024 * 1024 - TAG_BYTES;
    let mut rounds = Vec::new();
    for _ in 0..arguments.rounds.max(1) {
        rounds.push(carry(&client, &running.instance, folder.path(), bytes)?);
    }
    let values = |name: &str| -> Vec<f64> {
        rounds
            .iter()
            .filter_map(|round| round[name].as_f64())
            .collect()
    };
    say(&format!(
        "one file of {} MiB, {} rounds, medians",
        arguments.size,
        rounds.len()
    ));
    for (name, title) in STEPS {
        let ms = median(&values(name));
        let mb_per_s = ratio(bytes, 1_000_000) / (ms / 1_000.0);
        say(&format!("{title:<24}{ms:>9.0} ms{mb_per_s:>9.0} MB/s"));
    }
    let client_mib = values("peak_kib").into_iter().fold(0.0, f64::max) / 1024.0;
    let server_mib = machine::peak_kib(running.child.id())? / 1024.0;
    say(&format!("most memory of the client{client_mib:>8.1} MiB"));
    say(&format!("most memory of the server{server_mib:>8.1} MiB"));
    Ok(())
}

/// The whole way of one file.
fn carry(client: &Path, instance: &Path, folder: &Path, bytes: u64) -> Result<Value> {
    let folder = folder.join("client");
    fs::create_dir_all(&folder)?;
    let output = Command::new(client)
        .arg(instance)
        .arg(&folder)
        .arg(bytes.to_string())
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", client.display()))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::remove_dir_all(&folder)?;
    let round: Value = serde_json::from_slice(&output.stdout)?;
    if round["is_same"] != true || round["faults"] != Value::Array(Vec::new()) {
        bail!("the file did not come through well: {round}");
    }
    Ok(round)
}

/// A server of its own, killed when this is dropped.
struct Server {
    child: Child,
    instance: PathBuf,
}

impl Server {
    fn start(program: &Path, folder: &Path) -> Result<Self> {
        let any = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        // Both are held until both are known, so that they differ.
        let (chat, api) = (any()?, any()?);
        let [chat_port, api_port] = [chat.local_addr()?.port(), api.local_addr()?.port()];
        drop((chat, api));
        let init = Command::new(program)
            .args(["init", "--loopback", "--host", "localhost"])
            .args(["--chat-port", &chat_port.to_string()])
            .args(["--api-port", &api_port.to_string()])
            .arg("--data-dir")
            .arg(folder)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start {}", program.display()))?;
        if !init.status.success() {
            bail!("init: {}", String::from_utf8_lossy(&init.stderr));
        }
        let mut child = Command::new(program)
            .arg("--config")
            .arg(folder.join("config.toml"))
            .env("DREIKLANG_LOG__FORMAT", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = child.stderr.take().context("invariant: a pipe")?;
        let server = Self {
            child,
            instance: folder.join("instance.json"),
        };
        let mut lines = BufReader::new(log).lines();
        let is_ready = lines.any(|line| line.is_ok_and(|line| line.contains("\"ready\"")));
        if !is_ready {
            bail!("the server did not start");
        }
        // A log that nobody reads would stop the server when it is full.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
