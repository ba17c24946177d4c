//! Large files between a real client and a real server: how much memory they take, and what is left
//! when the line is cut or the disk is full.

mod cutter;
mod disk;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use cutter::{Cut, Cutter};
use disk::SmallDisk;
use dreiklang_tests::programs::{self, Programs};
use dreiklang_tests::server::Server;
use serde_json::{Value, json};

/// The most that one blob holds.
const LARGEST: u64 = 100 * 1024 * 1024 - 16;
/// What either program may have in memory at once, all it is included; it is far below the size of
/// the file, and about twice what was measured.
const PEAK_KIB_MAX: u64 = 56 * 1024;
const MIB: u64 = 1024 * 1024;

fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| programs::build().unwrap())
}

fn start(folder: &Path, environment: &[(&str, &str)]) -> Server {
    let folder = folder.join("server");
    let mut server = Server::init_as(&programs().server(), "open", &folder, environment).unwrap();
    server.start().unwrap();
    server
}

/// An instance file whose blobs are fetched through somebody else's port.
fn through(server: &Server, port: u16, folder: &Path) -> PathBuf {
    let own = format!(":{}/", server.api_address().port());
    let mut instance = server.instance().unwrap();
    for url in [
        &mut instance.blob.upload_url,
        &mut instance.blob.download_url,
        &mut instance.blob.done_url,
    ] {
        *url = url.replace(&own, &format!(":{port}/"));
    }
    let path = folder.join("through.json");
    std::fs::write(&path, instance.to_json().unwrap()).unwrap();
    path
}

/// Goes the whole way with a file of this size; what is printed, or the last line of the complaint.
fn carry(instance: &Path, folder: &Path, bytes: u64) -> Result<Value, String> {
    carry_as(&[], instance, folder, bytes)
}

/// The same with a user name and a password.
fn carry_as(
    credentials: &[&str],
    instance: &Path,
    folder: &Path,
    bytes: u64,
) -> Result<Value, String> {
    let folder = folder.join("client");
    std::fs::create_dir_all(&folder).unwrap();
    let outcome = Command::new(programs().move_blob())
        .args([instance, &folder])
        .arg(bytes.to_string())
        .args(credentials)
        .output()
        .unwrap();
    if outcome.status.success() {
        Ok(serde_json::from_slice(&outcome.stdout).unwrap())
    } else {
        Err(String::from_utf8(outcome.stderr).unwrap())
    }
}

/// How many files lie anywhere below a folder.
fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { count(&path) } else { 1 }
        })
        .sum()
}

#[test]
fn the_largest_file_goes_up_and_down_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(folder.path(), &[]);
    let way = carry(&server.instance_file(), folder.path(), LARGEST).unwrap();
    assert_eq!(
        (&way["is_same"], &way["faults"]),
        (&json!(true), &json!([]))
    );
    let client_kib = way["peak_kib"].as_u64().unwrap();
    let server_kib = server.peak_kib().unwrap();
    assert!(client_kib < PEAK_KIB_MAX, "client: {client_kib} KiB");
    assert!(server_kib < PEAK_KIB_MAX, "server: {server_kib} KiB");
    // Its receiver was done with it.
    server.stop().unwrap();
    assert_eq!(count(&server.folder().join("blobs")), 0);
}

#[test]
fn a_line_that_is_cut_leaves_nothing_half_and_the_next_try_succeeds() {
    for (cut, name) in [(Cut::Up, "up"), (Cut::Down, "down")] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = start(folder.path(), &[]);
        let cutter = Cutter::start(server.api_address(), cut, 3 * MIB).unwrap();
        let instance = through(&server, cutter.port(), folder.path());
        let way = carry(&instance, folder.path(), 10 * MIB).unwrap();
        assert_eq!(way["is_same"], true, "{name}");
        let faults = &way["faults"];
        assert_eq!(
            faults,
            &json!(["the blob server cannot be reached"]),
            "{name}"
        );
        // What was staged, and what was downloaded; no half of anything.
        assert_eq!(count(&folder.path().join("client/media")), 2, "{name}");
        server.stop().unwrap();
        assert_eq!(count(&server.folder().join("blobs")), 0, "{name}");
    }
}

/// A server whose disk is full says so, keeps nothing of the upload, and goes on.
#[test]
fn a_full_disk_is_said_and_nothing_half_stays() {
    let Some(disk) = SmallDisk::new("24m") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let blobs = format!("file://{}", disk.path().display());
    let mut server = start(folder.path(), &[("DREIKLANG_BLOBS", &blobs)]);
    let refused = carry(&server.instance_file(), folder.path(), 40 * MIB).unwrap_err();
    assert!(refused.contains("Refused(507)"), "{refused}");
    let way = carry(&server.instance_file(), folder.path(), MIB).unwrap();
    assert_eq!(
        (&way["is_same"], &way["faults"]),
        (&json!(true), &json!([]))
    );
    server.stop().unwrap();
    assert_eq!(count(disk.path()), 0);
}

/// What is more than the server takes is refused once and for all.
#[test]
fn more_than_the_server_takes_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path(), &[("DREIKLANG_BLOB__BYTES_MAX", "1000000")]);
    let refused = carry(&server.instance_file(), folder.path(), 40 * MIB).unwrap_err();
    assert!(refused.contains("TooLarge"), "{refused}");
}

/// A closed instance takes and gives blobs for a token only.
#[test]
fn a_closed_instance_wants_a_token_for_every_step() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("server");
    let mut server = Server::init_as(&programs().server(), "closed", &at, &[]).unwrap();
    server
        .command_output(&["admin", "org", "create", "Office"])
        .unwrap();
    let made = ["admin", "credential", "create", "anna", "--json"];
    let made = server.command_output(&made).unwrap();
    let made: Value = serde_json::from_str(&made).unwrap();
    let password = made["password"].as_str().unwrap();
    server.start().unwrap();
    let instance = server.instance_file();
    let way = carry_as(&["anna", password], &instance, folder.path(), MIB).unwrap();
    assert_eq!(
        (&way["is_same"], &way["faults"]),
        (&json!(true), &json!([]))
    );
    for stranger in [&[][..], &["anna", "wrong"]] {
        let refused = carry_as(stranger, &instance, folder.path(), MIB).unwrap_err();
        assert!(refused.contains("Refused(401)"), "{refused}");
    }
}
