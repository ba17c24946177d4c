//! The program as scripts start it: exit codes, error lines, what needs no server.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Nobody listens on port 9 of this machine in a test environment.
const INSTANCE: &str = r#"{
  "name": "Nowhere",
  "chat": {
    "host": "127.0.0.1",
    "ports": [9],
    "public_key": "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
  },
  "directory_url": "http://127.0.0.1:9/",
  "blob": {
    "upload_url": "http://127.0.0.1:9/upload",
    "download_url": "http://127.0.0.1:9/{blobId}",
    "done_url": "http://127.0.0.1:9/{blobId}/done"
  }
}"#;

fn dreiklang(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dreiklang"))
        .env_clear()
        .arg("--data-dir")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn failure(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = dreiklang(folder, &[arguments, &["--json"]].concat(), "");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let code = line["error"]["code"].as_str().unwrap().to_owned();
    assert!(
        !line["error"]["message"]
            .as_str()
            .unwrap()
            .starts_with("error-")
    );
    (output.status.code().unwrap(), code)
}

#[test]
fn errors_have_codes_for_scripts_and_sentences_for_people() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        failure(folder.path(), &["me"]),
        (1, "profile-missing".into())
    );
    let bad_name = failure(folder.path(), &["--profile", "../x", "me"]);
    assert_eq!(bad_name, (2, "profile-name".into()));
    let output = dreiklang(folder.path(), &["--lang", "de", "me"], "");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(
        words.starts_with("Fehler: ") && words.contains("dreiklang setup"),
        "{words}"
    );
    assert_eq!(
        dreiklang(folder.path(), &["dance"], "").status.code(),
        Some(2)
    );
}

#[test]
fn a_setup_without_a_server_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let instance = folder.path().join("instance.json");
    std::fs::write(&instance, INSTANCE).unwrap();
    let instance = instance.to_str().unwrap();
    let setup = ["setup", "--instance", instance];
    let needs = failure(folder.path(), &setup);
    assert_eq!(
        needs,
        (1, "passphrase-needed".into()),
        "nobody can be asked"
    );
    let open = [setup.as_slice(), &["--no-passphrase"]].concat();
    for _ in 0..2 {
        assert_eq!(
            failure(folder.path(), &open),
            (1, "directory-unreachable".into())
        );
    }
    assert_eq!(failure(folder.path(), &["me"]), (1, "no-identity".into()));
    assert_eq!(
        failure(folder.path(), &["send", "ECHOECHO", "x"]),
        (1, "no-identity".into())
    );
}

#[test]
fn a_passphrase_protects_and_can_be_removed() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let instance = file("instance.json", INSTANCE);
    let (right, wrong) = (file("right", "correct horse\n"), file("wrong", "battery\n"));
    let with = |passphrase: &str, arguments: &[&str]| {
        failure(
            folder.path(),
            &[&["--passphrase-file", passphrase], arguments].concat(),
        )
    };
    let setup = with(&right, &["setup", "--instance", &instance]);
    assert_eq!(setup, (1, "directory-unreachable".into()));
    assert_eq!(with(&wrong, &["me"]), (1, "wrong-passphrase".into()));
    assert_eq!(
        failure(folder.path(), &["me"]),
        (1, "passphrase-needed".into())
    );
    let change = [
        "--passphrase-file",
        &right,
        "passphrase",
        "change",
        "--new-passphrase-file",
    ];
    let change = dreiklang(
        folder.path(),
        &[&change, [wrong.as_str()].as_slice()].concat(),
        "",
    );
    assert!(change.status.success(), "{change:?}");
    assert_eq!(with(&right, &["me"]), (1, "wrong-passphrase".into()));
    let remove = ["--passphrase-file", &wrong, "passphrase", "remove"];
    assert!(dreiklang(folder.path(), &remove, "").status.success());
    assert_eq!(failure(folder.path(), &["me"]), (1, "no-identity".into()));
}

#[test]
fn an_instance_file_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("instance.json");
    std::fs::write(&path, INSTANCE.replace("127.0.0.1:9/", "")).unwrap();
    let setup = [
        "setup",
        "--no-passphrase",
        "--instance",
        path.to_str().unwrap(),
    ];
    assert_eq!(failure(folder.path(), &setup), (1, "instance".into()));
    let unsafe_place = [
        "setup",
        "--no-passphrase",
        "--instance",
        "http://example.com/i.json",
    ];
    assert_eq!(
        failure(folder.path(), &unsafe_place),
        (1, "instance".into())
    );
}

#[test]
fn the_chat_and_the_script_interface_say_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    let output = dreiklang(folder.path(), &["chat"], "");
    assert_eq!(output.status.code(), Some(2), "no terminal");
    let output = dreiklang(folder.path(), &["run"], "");
    assert_eq!(output.status.code(), Some(2), "no --json");
}

#[test]
fn installations_get_completions_and_man_pages() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let output = dreiklang(folder.path(), &["completions", shell], "");
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && script.contains("receive"),
            "{shell}"
        );
    }
    let pages = folder.path().join("man");
    assert!(
        dreiklang(folder.path(), &["man", pages.to_str().unwrap()], "")
            .status
            .success()
    );
    let page = std::fs::read_to_string(pages.join("dreiklang-send.1")).unwrap();
    assert!(page.contains("standard input"), "{page}");
}
