//! S8 and S9: what an organisation decides before the first start, and later.

use std::collections::BTreeSet;

use dreiklang_wire::mdm::{Parameter, ValueKind};
use serde_json::{Value, json};

use crate::common::Person;
use crate::world::{self, Org, World};

/// Secrets never come from the server (MDM rules, step 2.3).
const SECRETS: [&str; 5] = [
    "th_id_backup",
    "th_id_backup_password",
    "th_license_username",
    "th_license_password",
    "th_safe_password",
];

#[test]
fn s08_configured_before_the_first_start() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "max");
    world.admin(&["mdm", "set", "th_block_unknown", "true", "--instance"]);
    set(&world, &org, "th_keep_messages_days", "30");
    set(&world, &org, "th_department", "Office");
    let own = ["--credential", "max", "--org", &org.id];
    for (name, value) in [("th_department", "Workshop"), ("th_nickname", "Maximilian")] {
        world.admin(&[&["mdm", "set", name, value], &own[..]].concat());
    }
    for secret in SECRETS {
        let refused =
            world.admin_refused(&["mdm", "set", secret, "secret words", "--org", &org.id]);
        assert!(refused.contains(secret), "{refused}");
    }

    // The very first answer has it all, and no secret.
    let answer = world
        .anybody()
        .post("/fetch2", &credential.with(&json!({ "contacts": [] })));
    let answer = answer.unwrap().json();
    let expected = json!({
        "th_block_unknown": true, "th_keep_messages_days": 30, "th_department": "Workshop",
        "th_nickname": "Maximilian",
    });
    assert_eq!(answer["mdm"]["params"], expected);

    // All that the person does is to open the link.
    let made = world.admin(&["activation", "create", "max", "--org", &org.id]);
    let link = world::text(&made["link"]);
    let mut max = world.stranger("max", "work");
    let instance = world.instance_file();
    let setup = ["setup", "--no-passphrase", "--instance", &instance];
    let me = max.json(&[&setup[..], &["--activation", &link]].concat());
    max.identity = world::text(&me["identity"]);
    let mut running = max.online();
    let policy = running.ask(&json!({ "command": "policy" }));
    for (name, value) in expected.as_object().unwrap() {
        let set = &policy["parameters"][name];
        assert_eq!(
            set,
            &json!({ "value": value, "origin": "organisation" }),
            "{name}"
        );
    }
    let me = running.ask(&json!({ "command": "me" }));
    assert_eq!(me["nickname"], "Maximilian", "{me}");
    let settings = running.ask(&json!({ "command": "settings" }));
    assert_eq!(settings["block_unknown"], true, "{settings}");
    drop(running);
    let again = world.stranger("again", "work");
    again.refusal(&[&setup[..], &["--activation", &link]].concat());
}

#[test]
fn s09_a_policy_holds_until_it_is_unset() {
    // The test makes more backups than anybody would.
    let world = world::open_with(&[("DREIKLANG_SAFE__UPLOADS_PER_BACKUP_MAX", "100")]);
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "max");
    let max = world.work("max", &credential);
    let friend = world.private("friend");
    max.json(&["work", "sync"]);
    assert_eq!(policy(&max), BTreeSet::new());

    // Every parameter that a server may set arrives, and goes again.
    let mut expected = BTreeSet::new();
    for parameter in Parameter::ALL {
        let name = parameter.name();
        let body = json!({ "property": name, "value": sample(parameter) });
        let (status, answer) = world.api("POST", "/api/v1/mdm", &org.key, Some(&body));
        let traits = parameter.traits();
        if traits.is_device_only || parameter == Parameter::EnableRemoteSecret {
            assert_eq!(status, 422, "{name}: {answer}");
        } else {
            assert!(status < 300, "{name}: {answer}");
            expected.insert(name.to_owned());
        }
    }
    assert_eq!(expected.len(), 44);
    max.json(&["work", "sync"]);
    assert_eq!(policy(&max), expected);
    for name in &expected {
        world.admin(&["mdm", "unset", name, "--org", &org.id]);
    }
    max.json(&["work", "sync"]);
    assert_eq!(policy(&max), BTreeSet::new());

    // What the person tries meanwhile is refused and works before and after.
    let password = world.secret_file("password", "correct horse battery");
    let attempts: [(&str, &str, &[&str]); 6] = [
        (
            "th_block_unknown",
            "true",
            &["settings", "--block-unknown", "off"],
        ),
        ("th_readonly_profile", "true", &["nickname", "Somebody"]),
        (
            "th_disable_add_contact",
            "true",
            &["contact", "add", &friend.identity],
        ),
        (
            "th_disable_id_export",
            "true",
            &["export-id", "--password-file", &password],
        ),
        (
            "th_safe_enable",
            "false",
            &["safe", "enable", "--password-file", &password],
        ),
        (
            "th_disable_backups",
            "true",
            &["safe", "enable", "--password-file", &password],
        ),
    ];
    for (name, value, attempt) in attempts {
        max.json(attempt);
        set(&world, &org, name, value);
        max.json(&["work", "sync"]);
        if name == "th_disable_add_contact" {
            max.json(&["contact", "remove", &friend.identity]);
        }
        let (code, sentence) = max.refusal(attempt);
        assert_eq!(code, "set-by-organisation", "{name}: {sentence}");
        assert!(sentence.contains(name), "{sentence}");
        world.admin(&["mdm", "unset", name, "--org", &org.id]);
        max.json(&["work", "sync"]);
        max.json(attempt);
    }

    // The value counts, not only the lock: the person's own choice is back afterwards.
    max.json(&["settings", "--block-unknown", "off"]);
    set(&world, &org, "th_block_unknown", "true");
    max.json(&["work", "sync"]);
    assert_eq!(max.json(&["settings"])["block_unknown"], true);
    world.admin(&["mdm", "unset", "th_block_unknown", "--org", &org.id]);
    max.json(&["work", "sync"]);
    assert_eq!(max.json(&["settings"])["block_unknown"], false);
}

pub(crate) fn set(world: &World, org: &Org, name: &str, value: &str) {
    world.admin(&["mdm", "set", name, value, "--org", &org.id]);
}

/// The names of what the organisation has set in an app.
fn policy(person: &Person) -> BTreeSet<String> {
    let policy = person.json(&["policy"]);
    let parameters = policy["parameters"].as_object().unwrap();
    parameters.keys().cloned().collect()
}

/// A value that the parameter takes.
fn sample(parameter: Parameter) -> Value {
    match parameter.kind() {
        // Backups to a server that is not there would only be in the way.
        ValueKind::Bool => json!(parameter != Parameter::SafeEnable),
        ValueKind::Days => json!(30),
        ValueKind::Url => json!("https://safe.example.org/"),
        ValueKind::Hosts => json!("web.example.org"),
        ValueKind::Identity => json!("ECHOECHO"),
        ValueKind::Email => json!("max@example.org"),
        ValueKind::Phone => json!("+41791234567"),
        ValueKind::Text { .. } | ValueKind::Password { .. } => json!("sample text"),
    }
}
