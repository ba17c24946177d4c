//! The stage without a browser, over profiles in a folder.

use dreiklang_client::{Instance, Protection};
use serde_json::json;

use super::*;

/// An instance that nobody answers for.
const INSTANCE: &str = r#"{
    "name": "Test",
    "chat": {"host": "127.0.0.1", "ports": [9],
        "public_key": "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    "directory_url": "http://127.0.0.1:9/",
    "blob": {"upload_url": "http://127.0.0.1:9/upload",
        "download_url": "http://127.0.0.1:9/{blobId}",
        "done_url": "http://127.0.0.1:9/{blobId}/done"}
}"#;

fn stage(folder: &std::path::Path) -> Stage {
    let options = Options::new("private", "http://127.0.0.1:9").unwrap();
    Stage::new(options.with_folder(folder))
}

/// A stage whose profile exists.
fn with_profile(folder: &std::path::Path, protection: &Protection) -> Stage {
    let stage = stage(folder);
    stage
        .profile()
        .unwrap()
        .create(
            &Instance::from_json(INSTANCE.as_bytes()).unwrap(),
            protection,
        )
        .unwrap();
    stage
}

async fn ask(stage: &Stage, request: Value) -> Result<Value, &'static str> {
    let answer = stage.ask(request, None).await;
    answer
        .map(|answer| answer.reply)
        .map_err(|failure| failure.code())
}

async fn now(stage: &Stage) -> Value {
    ask(stage, json!({ "command": "stage" })).await.unwrap()["stage"].take()
}

#[test]
fn the_pages_know_the_same_nouns() {
    let known = include_str!("../../../../app/src/core/types.ts");
    assert!(known == typescript(), "run `cargo xtask gen`");
}

#[tokio::test]
async fn a_code_is_read_before_there_is_a_profile() {
    struct Luma(std::io::Cursor<Vec<u8>>);
    impl std::io::Read for Luma {
        fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(bytes)
        }
    }
    impl std::io::Seek for Luma {
        fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }
    impl Source for Luma {
        fn name(&self) -> &'static str {
            "code"
        }

        fn size_bytes(&self) -> u64 {
            self.0.get_ref().len() as u64
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path());
    let picture = Box::new(Luma(std::io::Cursor::new(vec![200; 10_000])));
    let request = json!({ "command": "qr_read", "width": 100, "height": 100 });
    let answer = stage.ask(request.clone(), Some(picture)).await.unwrap();
    assert_eq!(answer.reply, json!({}), "there is no code in it");
    assert_eq!(ask(&stage, request).await, Err("no-file"));
    let chats = json!({ "command": "chats" });
    assert_eq!(ask(&stage, chats).await, Err("not-open"));
    for strange in [json!({ "command": "dance" }), json!({}), json!([])] {
        assert_eq!(ask(&stage, strange).await, Err("bad-command"));
    }
}

#[tokio::test]
async fn whoever_lost_the_passphrase_can_erase_a_locked_profile() {
    let folder = tempfile::tempdir().unwrap();
    let erase = |confirm: &str| json!({ "command": "erase", "confirm": confirm });
    let empty = stage(folder.path());
    assert_eq!(ask(&empty, erase("everything")).await, Err("not-open"));
    let secret = Passphrase::new("lost".to_owned()).unwrap();
    let stage = with_profile(folder.path(), &Protection::Passphrase(secret));
    assert_eq!(now(&stage).await, "locked");
    assert_eq!(ask(&stage, erase("")).await, Err("wrong-confirmation"));
    assert_eq!(now(&stage).await, "locked");
    ask(&stage, erase("everything")).await.unwrap();
    assert_eq!(now(&stage).await, "empty");
    assert!(!stage.profile().unwrap().exists());
}

#[tokio::test]
async fn a_wrong_old_passphrase_closes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stage = with_profile(folder.path(), &Protection::Open);
    assert_eq!(now(&stage).await, "no_identity");
    let set = |from: Option<&str>, to: &str| json!({ "command": "lock_set", "kind": "passphrase", "from": from, "to": to });
    ask(&stage, set(None, "first")).await.unwrap();
    let wrong = ask(&stage, set(Some("other"), "second")).await;
    assert_eq!(wrong, Err("wrong-passphrase"));
    assert_eq!(now(&stage).await, "no_identity", "it is still open");
    ask(&stage, set(Some("first"), "second")).await.unwrap();
    ask(&stage, json!({ "command": "lock_now" })).await.unwrap();
    assert_eq!(now(&stage).await, "locked");
    let unlock = |secret: &str| json!({ "command": "unlock", "secret": secret });
    assert_eq!(ask(&stage, unlock("first")).await, Err("wrong-passphrase"));
    ask(&stage, unlock("second")).await.unwrap();
    assert_eq!(now(&stage).await, "no_identity");
}
