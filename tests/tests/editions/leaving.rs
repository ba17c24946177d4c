//! S10 to S12: an ID leaves the licence package, ends for good, or loses its access.

use std::time::{Duration, Instant};

use dreiklang_tests::wire::Wire;
use dreiklang_wire::api::Base64;
use serde_json::{Value, json};

use crate::apps::{export, say};
use crate::common::Running;
use crate::contacts::{known, listed};
use crate::office::{self, check, seats_used};
use crate::raw::{PRIVATE, Raw, WORK, farewell};
use crate::world::{self, World};

#[test]
fn s10_a_detached_id_lives_on_elsewhere() {
    let world = world::open();
    let org = world.org("Acme", 2);
    world.admin(&["org", "set", "--contacts-auto", "on", "--org", &org.id]);
    let second = org.credential(&world, "ben");
    let (anna, ben) = (
        world.work("anna", &org.credential(&world, "anna")),
        world.work("ben", &second),
    );
    let backup = export(&world, &anna);
    ben.json(&["work", "sync"]);
    assert_eq!(known(&ben, &anna).unwrap()["is_work"], true);
    assert!(listed(&world, &second, &anna).is_some());

    let mut running = anna.online();
    let detach = |confirm: &str| -> Vec<String> {
        let verb = [
            "member",
            "detach",
            &anna.identity,
            "--confirm",
            confirm,
            "--org",
            &org.id,
        ];
        verb.map(str::to_owned).to_vec()
    };
    let wrong = detach(&ben.identity);
    world.admin_refused(&wrong.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(seats_used(&world, &org), 2, "nothing has happened");
    let right = detach(&anna.identity);
    world.admin(&right.iter().map(String::as_str).collect::<Vec<_>>());
    let told = stopped_soon(&mut running);
    assert!(told.contains("released"), "{told}");
    assert_eq!(seats_used(&world, &org), 1);

    // The organisation has no hold on it any more, and does not show it.
    for verb in ["revoke", "withdraw", "detach"] {
        let verb = ["member", verb, &anna.identity, "--confirm", &anna.identity];
        world.admin_refused(&[&verb[..], &["--org", &org.id]].concat());
    }
    let path = format!("/api/v1/users/{}", anna.identity);
    assert_eq!(world.api("GET", &path, &org.key, None).0, 404);
    assert_eq!(world.api("DELETE", &path, &org.key, None).0, 404);
    assert_eq!(listed(&world, &second, &anna), None);
    ben.json(&["work", "sync"]);
    assert_eq!(known(&ben, &anna).unwrap()["is_work"], false);
    let status = anna.json(&["work", "status"]);
    assert!(
        status["displaced"].as_str().unwrap().contains("released"),
        "{status}"
    );
    let (code, sentence) = anna.refusal(&["send", &ben.identity, "from the old app"]);
    assert_eq!(code, "displaced", "{sentence}");

    // Its owner goes on in the private app, and is reached there.
    let mut private = world.stranger("anna", "private");
    let instance = world.instance_file();
    let place = ["--instance".to_owned(), instance];
    let flags = [&backup[..], &place].concat();
    private.set_up(&flags.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(private.identity, anna.identity);
    private.json(&["contact", "add", &ben.identity]);
    let (mut here, mut there) = (private.online(), ben.online());
    say(&mut there, &mut here, &anna.identity, "all the best");
    say(&mut here, &mut there, &ben.identity, "thank you");
    let kind = world.anybody().get(&format!("/identity/{}", anna.identity));
    assert_eq!(kind.unwrap().json()["type"], 0);
}

#[tokio::test]
async fn s11_a_revoked_id_is_gone_for_good() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let anna = world.work("anna", &org.credential(&world, "anna"));
    let ben = world.private("ben");
    world::acquaint(&anna, &ben);
    let password = world.secret_file("safe", "correct horse battery");
    anna.json(&["safe", "enable", "--password-file", &password]);
    anna.json(&["safe", "backup"]);
    let backup = export(&world, &anna);
    // Somebody else has a password for the revocation, which does not help against it.
    let careful = world.raw(Some(&org.credential(&world, "careful")));
    let fields = json!({ "revocationKey": Base64(vec![1, 2, 3, 4]) });
    let kept = careful.prove("/identity/set_revocation_key", &fields);
    assert_eq!(kept["success"], true, "{kept}");

    let mut running = anna.online();
    let mut line = careful.log_in(WORK).await.unwrap();
    for identity in [anna.identity.as_str(), careful.identity.as_str()] {
        let verb = [
            "member",
            "revoke",
            identity,
            "--confirm",
            identity,
            "--org",
            &org.id,
        ];
        world.admin(&verb);
    }
    let told = stopped_soon(&mut running);
    assert!(told.contains("revoked"), "{told}");
    let (can_reconnect, text, _) = farewell(&mut line).await;
    assert!(!can_reconnect, "{text}");

    // Nothing brings it back: not the administrator, not the owner, not a new registration.
    for identity in [anna.identity.as_str(), careful.identity.as_str()] {
        for verb in ["restore", "readmit"] {
            world.admin_refused(&["member", verb, identity, "--org", &org.id]);
        }
        let key = hex::encode([9; 32]);
        world.admin_refused(&["identity", "import", identity, &key]);
        let found = world
            .anybody()
            .get(&format!("/identity/{identity}"))
            .unwrap();
        assert_eq!(found.status, 404);
        let asked = json!({ "identities": [identity] });
        let state = world.anybody().post("/identity/check", &asked).unwrap();
        assert_eq!(state.json()["states"], json!([2]), "{}", state.text());
    }
    assert!(is_kept_out(&careful).await);
    for app in ["private", "work"] {
        let place = match app {
            "work" => world.place(app, &org.credential(&world, "new")),
            _ => vec!["--instance".to_owned(), world.instance_file()],
        };
        let safe = [
            "--restore-safe",
            &anna.identity,
            "--backup-password-file",
            &password,
        ];
        let safe = safe.map(str::to_owned);
        for backup in [&backup, &safe] {
            let attempt = world.stranger(&format!("{}-{}", app, &backup[0][2..4]), app);
            let setup = ["setup".to_owned(), "--no-passphrase".to_owned()];
            let flags = [&setup[..], &backup[..], &place[..]].concat();
            let flags: Vec<_> = flags.iter().map(String::as_str).collect();
            let (code, sentence) = attempt.refusal(&flags);
            assert_ne!(code, "directory-unreachable", "{sentence}");
        }
    }
    anna.refusal(&["send", &ben.identity, "hello"]);
    let newcomer = world.private("newcomer");
    let (code, _) = newcomer.refusal(&["contact", "add", &anna.identity]);
    assert_eq!(code, "unknown-identity");
}

#[tokio::test]
async fn s12_withdrawn_access_locks_the_app() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "anna");
    let anna = world.work("anna", &credential);
    let ben = world.private("ben");
    world::acquaint(&anna, &ben);
    assert_eq!(check(&world, &credential, &json!({}))["success"], true);
    let mut running = anna.online();
    withdraw(&world, &anna.identity, &org.id);
    let told = stopped_soon(&mut running);
    assert!(told.contains("withdrawn"), "{told}");
    drop(running);

    // Every way in says so.
    let answer = check(&world, &credential, &json!({}));
    assert_eq!(answer["success"], false, "{answer}");
    let fetched = world
        .anybody()
        .post("/fetch2", &credential.with(&json!({ "contacts": [] })));
    assert_eq!(fetched.unwrap().status, 401);
    anna.refusal(&["work", "sync"]);
    let (code, sentence) = anna.refusal(&["send", &ben.identity, "hello"]);
    assert_eq!(code, "locked", "{sentence}");
    ben.json(&["send", &anna.identity, "are you there?"]);
    let (code, _) = anna.refusal(&["receive"]);
    assert_eq!(code, "locked");
    let status = anna.json(&["work", "status"]);
    assert!(status["locked"].is_string(), "{status}");

    // It is not undone by accident, but on purpose, and nothing was lost.
    world.admin(&["member", "restore", &anna.identity, "--org", &org.id]);
    anna.json(&["work", "sync"]);
    let received = anna.json_lines(&["receive"]);
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0]["text"], "are you there?");

    // The same by withdrawing the licence itself, for whoever uses it.
    let raw = world.raw(Some(&org.credential(&world, "raw")));
    let mut line = raw.log_in(WORK).await.unwrap();
    world.admin(&["credential", "withdraw", "raw", "--org", &org.id]);
    let (can_reconnect, text, _) = farewell(&mut line).await;
    assert!(!can_reconnect && text.contains("withdrawn"), "{text}");
    assert!(is_kept_out(&raw).await);
}

#[test]
fn s12_a_locked_onprem_app_gets_no_provisioning() {
    let world = world::closed();
    let org = world.org("Company", 0);
    let credential = org.credential(&world, "anna");
    let anna = world.onprem("anna", &credential);
    let member = world
        .anybody()
        .with_password(&credential.username, &credential.password);
    assert_eq!(member.get("/prov/config.oppf").unwrap().status, 200);
    let mut running = anna.online();
    withdraw(&world, &anna.identity, &org.id);
    stopped_soon(&mut running);
    drop(running);
    let status = member.get("/prov/config.oppf").unwrap().status;
    assert!([401, 403].contains(&status), "{status}");
    for attempt in [&["work", "sync"][..], &["receive"]] {
        let (code, sentence) = anna.refusal(attempt);
        assert!(
            ["locked", "provisioning-refused"].contains(&code.as_str()),
            "{attempt:?}: {code} {sentence}"
        );
    }
    world.admin(&["member", "restore", &anna.identity, "--org", &org.id]);
    anna.json(&["work", "sync"]);
    anna.online();
}

/// With the remote secret not even the folder of the app opens any more.
#[test]
fn s12_a_remote_secret_locks_the_database() {
    let world = world::closed_with(&[
        ("DREIKLANG_WORK__REMOTE_SECRET", "true"),
        ("DREIKLANG_WORK__REMOTE_SECRET_INTERVAL_S", "10"),
    ]);
    let org = world.org("Company", 0);
    world.admin(&[
        "mdm",
        "set",
        "th_enable_remote_secret",
        "true",
        "--org",
        &org.id,
    ]);
    let credential = org.credential(&world, "anna");
    let anna = world.onprem("anna", &credential);
    anna.json(&["work", "sync"]);
    let mut running = anna.online();
    let lock = anna.folder.join("onprem/anna/remote-lock");
    office::until(|| json!(lock.exists()), |it| *it == json!(true));
    running.process.say("{\"command\":\"stop\"}").unwrap();
    running.until_end();
    anna.json(&["contact", "list"]);

    // What needs no server is shut too, and a copy of the folder opens no better.
    withdraw(&world, &anna.identity, &org.id);
    let copy = anna.copied(world.folder.path().join("copy"));
    for (app, attempt) in [
        (&anna, &["contact", "list"][..]),
        (&anna, &["chats"]),
        (&anna, &["me"]),
        (&copy, &["chats"]),
    ] {
        let (code, sentence) = app.refusal(attempt);
        assert_eq!(code, "remote-secret-blocked", "{attempt:?}: {sentence}");
    }
    world.admin(&["member", "restore", &anna.identity, "--org", &org.id]);
    anna.json(&["contact", "list"]);
}

fn withdraw(world: &World, identity: &str, org: &str) {
    let verb = [
        "member",
        "withdraw",
        identity,
        "--confirm",
        identity,
        "--org",
        org,
    ];
    world.admin(&verb);
}

/// What the app says when it stops; it must not take longer than ten seconds.
#[expect(clippy::disallowed_methods, reason = "the promise is about time")]
fn stopped_soon(running: &mut Running) -> String {
    let begin = Instant::now();
    let stopped =
        running.until(|line: &Value| line["event"] == "connection" && line["state"] == "stopped");
    assert!(begin.elapsed() < Duration::from_secs(10), "{stopped}");
    stopped["reason"].to_string()
}

/// Whether the chat server refuses both apps.
async fn is_kept_out(person: &Raw) -> bool {
    for client_info in [PRIVATE, WORK] {
        let refused = match person.log_in(client_info).await {
            Err(_) => true,
            Ok(mut wire) => is_sent_away(&mut wire).await,
        };
        if !refused {
            return false;
        }
    }
    true
}

async fn is_sent_away(wire: &mut Wire) -> bool {
    let (can_reconnect, ..) = farewell(wire).await;
    !can_reconnect
}
