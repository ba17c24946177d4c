//! S16: what the server knows of a person is shown to them, and goes when they ask for it.

use std::path::Path;

use serde_json::{Value, json};

use crate::talking::all_from;
use crate::world::{self, World, acquaint};

const INVENTORY: &str = include_str!("../../../docs/data-inventory.md");

/// How many files below a folder hold these bytes.
fn files_with(folder: &Path, wanted: &[u8]) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count += files_with(&path, wanted);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(wanted.len()).any(|it| it == wanted);
            count += usize::from(found);
        }
    }
    count
}

#[test]
fn s16_everything_is_told_and_erased() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let anna = world.work("Annabelle-Canary", &org.credential(&world, "anna"));
    let ben = world.private("ben");
    acquaint(&anna, &ben);
    let key = world.operator_key();
    let password = world.secret_file("safe", "correct horse battery");
    anna.json(&["safe", "enable", "--password-file", &password]);
    // One message is delivered, one waits.
    anna.json(&["send", &ben.identity, "delivered", "--wait", "sent"]);
    assert_eq!(ben.json_lines(&["receive", "--until-idle"]).len(), 1);
    ben.json(&["send", &anna.identity, "waiting", "--wait", "sent"]);

    let path = format!("/api/v1/identities/{}", anna.identity);
    let export = |path: &str| world.api("GET", &format!("{path}/export"), &key, None);
    let (status, document) = export(&path);
    assert_eq!(status, 200, "{document}");
    assert_eq!(document["format"], "dreiklang-personal-data");
    let tables = document["tables"].as_object().unwrap();
    assert_eq!(tables["identities"][0]["identity"], json!(anna.identity));
    tells_the_same(&world, &anna.identity, &document);
    assert_eq!(tables["members"][0]["nickname"], "Annabelle-Canary");
    // Apps keep a backup on an open instance without saying whose it is: nobody can tell.
    assert_eq!(tables.get("safe_backups"), None);
    let waiting = tables["messages"].as_array().unwrap();
    assert!(!waiting.is_empty(), "{document}");
    // Of what is delivered nothing is kept, not even that it was.
    let (mut at_anna, mut at_ben) = (anna.online(), ben.online());
    all_from(&anna, &mut at_anna, &ben, &mut at_ben);
    all_from(&ben, &mut at_ben, &anna, &mut at_anna);
    for at in [at_anna, at_ben] {
        assert!(at.process.finish().unwrap().success());
    }
    let document = (0..20)
        .map(|_| export(&path).1)
        .find(|it| it["tables"].get("messages").is_none())
        .expect("nothing waits any more");
    // Everything told is in the inventory, under the same names.
    for (table, rows) in document["tables"].as_object().unwrap() {
        let section = INVENTORY
            .split("\n## ")
            .find(|it| it.starts_with(&format!("{table}\n")));
        let section = section.unwrap_or_else(|| panic!("{table} is in no inventory"));
        for column in rows[0].as_object().unwrap().keys() {
            assert!(
                section.contains(&format!("| `{column}` |")),
                "{table}.{column}"
            );
        }
    }

    let folder = world.server.folder().to_owned();
    assert!(
        files_with(&folder, b"Annabelle-Canary") > 0,
        "it is there before"
    );
    let erase = |confirm: &str| {
        let body = json!({ "confirm": confirm });
        world.api("POST", &format!("{path}/erase"), &key, Some(&body))
    };
    assert!(erase(&ben.identity).0 >= 400, "not by accident");
    assert_eq!(export(&path).0, 200);
    assert_eq!(erase(&anna.identity).0, 204);
    let public = anna.json(&["me"])["public_key"].clone();
    let public = hex::decode(world::text(&public)).unwrap();
    for canary in [&b"Annabelle-Canary"[..], &public] {
        assert_eq!(files_with(&folder, canary), 0, "{canary:?}");
    }
    // The eight characters stay, so that nobody gets them again; nobody finds them any more.
    let (_, document) = export(&path);
    let tables = document["tables"].as_object().unwrap();
    assert_eq!(
        tables.keys().collect::<Vec<_>>(),
        ["identities"],
        "{tables:?}"
    );
    assert_ne!(tables["identities"][0]["erased_at"], json!(0));
    let found = world.anybody().get(&format!("/identity/{}", anna.identity));
    assert_eq!(found.unwrap().status, 404);
    let me: Value = ben.json(&["me"]);
    assert_eq!(
        me["identity"],
        json!(ben.identity),
        "nobody else is touched"
    );
}

/// The operator's command line exports what the management interface does.
fn tells_the_same(world: &World, identity: &str, document: &Value) {
    let verb = ["admin", "identity", "export", identity];
    let told = world.server.command_output(&verb).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    let identities = |of: &Value| of["tables"]["identities"].clone();
    assert_eq!(identities(&told), identities(document));
}
