//! The program itself, as an operator uses it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_wire::api::instance::Instance;
use serde_json::Value;

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dreiklang-server"))
        .args(arguments)
        // No ballast and no ports of others: the configuration comes from the file alone.
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A fresh data folder and the path of its configuration.
fn init(folder: &Path) -> (String, String) {
    let data = folder.join("data").to_str().unwrap().to_owned();
    let output = program(&[
        "init",
        "--data-dir",
        &data,
        "--host",
        "chat.example.org",
        "--loopback",
        "--chat-port",
        "15222",
        "--api-port",
        "15223",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let config = format!("{data}/config.toml");
    (data, config)
}

#[test]
fn init_makes_everything_and_overwrites_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (data, config) = init(folder.path());
    let mode = |name: &str| {
        std::fs::metadata(format!("{data}/{name}"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(
        (mode(""), mode("keys/chat.key"), mode("keys/tls.key")),
        (0o700, 0o600, 0o600)
    );
    let json = std::fs::read(format!("{data}/instance.json")).unwrap();
    let instance = Instance::from_json(&json).unwrap();
    assert_eq!(instance.chat.host, "chat.example.org");
    assert_eq!(instance.chat.ports, [15222]);
    assert_eq!(instance.directory_url, "https://chat.example.org:15223/");
    assert!(
        instance
            .ca_certificate
            .unwrap()
            .contains("BEGIN CERTIFICATE")
    );
    let shown = program(&["--config", &config, "gen", "instance"]);
    assert_eq!(
        Instance::from_json(&shown.stdout).unwrap().chat,
        instance.chat
    );
    let key = std::fs::read(format!("{data}/keys/chat.key")).unwrap();
    let again = program(&["init", "--data-dir", &data]);
    assert!(!again.status.success());
    assert!(text(&again.stderr).contains("exists already; nothing was changed"));
    assert_eq!(std::fs::read(format!("{data}/keys/chat.key")).unwrap(), key);
}

#[test]
fn check_and_doctor_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (data, config) = init(folder.path());
    let check = program(&["--config", &config, "check"]);
    assert!(check.status.success(), "{}", text(&check.stderr));
    let doctor = program(&["--config", &config, "doctor", "--json"]);
    let findings: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let verdict = |findings: &Value, subject: &str| {
        let found = findings
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["subject"] == subject);
        found.unwrap_or_else(|| panic!("{findings}"))["verdict"].clone()
    };
    for subject in [
        "data folder",
        "chat key",
        "certificate",
        "clock",
        "database",
    ] {
        assert_eq!(verdict(&findings, subject), "good", "{subject}: {findings}");
    }
    std::fs::write(format!("{data}/keys/chat.key"), "nonsense").unwrap();
    let doctor = program(&["--config", &config, "doctor", "--json"]);
    assert_eq!(doctor.status.code(), Some(1));
    let findings: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    assert_eq!(verdict(&findings, "chat key"), "bad");
    let missing = program(&["--config", "/nowhere/config.toml", "check"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        text(&missing.stderr).contains("init --data-dir"),
        "{}",
        text(&missing.stderr)
    );
    assert_eq!(program(&["no-such-verb"]).status.code(), Some(2));
}

#[test]
fn admin_works_without_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let (_, config) = init(folder.path());
    let key = || hex::encode(SecretKey::generate(&mut SystemRng).public().as_bytes());
    let list = folder.path().join("list.csv");
    let taken = key();
    let lines = format!(
        "identity,key\nIMPORTED,{taken}\nIMPORTE2,{}\nbad line\nIMPORTE3,{taken}\n",
        key()
    );
    std::fs::write(&list, lines).unwrap();
    let list = list.to_str().unwrap();
    let output = program(&[
        "--config", &config, "admin", "identity", "import", "--csv", list, "--json",
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result, serde_json::json!({ "imported": 2, "refused": 2 }));
    let complaints = text(&output.stderr);
    assert!(
        complaints.contains("line 4:") && complaints.contains("line 5:"),
        "{complaints}"
    );
    let shown = program(&[
        "--config", &config, "admin", "identity", "show", "IMPORTED", "--json",
    ]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(shown["public_key"], taken);
    let revoked = program(&[
        "--config", &config, "admin", "identity", "revoke", "IMPORTED",
    ]);
    assert!(revoked.status.success());
    let status = program(&["--config", &config, "admin", "status", "--json"]);
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(
        (&status["identities_active"], &status["identities_revoked"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn a_server_starts_backs_up_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (_, config) = init(folder.path());
    let mut server = Command::new(env!("CARGO_BIN_EXE_dreiklang-server"))
        .args([
            "--config",
            &config,
            "--listen",
            "chat=127.0.0.1:0",
            "--listen",
            "api=127.0.0.1:0",
        ])
        .env_clear()
        .env("DREIKLANG_LOG__FORMAT", "json")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let ready = log.find(|line| line.as_ref().is_ok_and(|it| it.contains("\"ready\"")));
    let ready: Value = serde_json::from_str(&ready.unwrap().unwrap()).unwrap();
    assert!(
        ready["api"].as_str().unwrap().starts_with("127.0.0.1:"),
        "{ready}"
    );
    // A second one on the same folder refuses.
    let second = program(&["--config", &config, "migrate"]);
    assert!(!second.status.success());
    let status = program(&["--config", &config, "admin", "status"]);
    assert!(
        text(&status.stdout).contains("up for"),
        "{}",
        text(&status.stdout)
    );
    let backup = folder.path().join("backup");
    let backup = backup.to_str().unwrap();
    let made = program(&["--config", &config, "backup", backup, "--json"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let stopped = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status()
        .unwrap();
    assert!(stopped.success());
    assert!(log.any(|line| line.is_ok_and(|it| it.contains("\"stopped\""))));
    assert!(server.wait().unwrap().success());
    let restored = folder.path().join("restored");
    let restored = restored.to_str().unwrap();
    let output = program(&["restore", backup, "--data-dir", restored, "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let config = format!("{restored}/config.toml");
    assert!(program(&["--config", &config, "migrate"]).status.success());
}

/// A server on ports of its own, whose log is read.
fn serve(config: &str, database: Option<&str>) -> Child {
    let mut server = Command::new(env!("CARGO_BIN_EXE_dreiklang-server"));
    server.args(["--config", config]);
    server.args([
        "--listen",
        "chat=127.0.0.1:0",
        "--listen",
        "api=127.0.0.1:0",
    ]);
    server.env_clear().stderr(Stdio::piped());
    if let Some(database) = database {
        server.env("DREIKLANG_DATABASE", database);
    }
    server.spawn().unwrap()
}

fn terminate(server: &Child) {
    let asked = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status();
    assert!(asked.unwrap().success());
}

#[test]
fn a_server_whose_log_nobody_reads_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (_, config) = init(folder.path());
    let mut server = serve(&config, None);
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    assert!(log.any(|line| line.is_ok_and(|it| it.contains("ready"))));
    // From here on every line meets a closed pipe.
    drop(log);
    terminate(&server);
    assert!(server.wait().unwrap().success());
}

#[test]
fn a_server_that_waits_for_its_database_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (_, config) = init(folder.path());
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = silent.local_addr().unwrap();
    let mut server = serve(
        &config,
        Some(&format!("postgres://u@{address}/d?sslmode=disable")),
    );
    // It has come to its start, and nobody answers.
    let (_connection, _) = silent.accept().unwrap();
    terminate(&server);
    assert!(server.wait().unwrap().success());
}
