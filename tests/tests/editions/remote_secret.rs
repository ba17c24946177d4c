//! S12: the remote secret comes and goes with the organisation's word, and nothing is lost by it.

use std::path::PathBuf;

use serde_json::json;

use crate::common::Person;
use crate::world::{self, Org, World};

const SWITCH: &str = "th_enable_remote_secret";

#[test]
fn s12_the_remote_secret_comes_and_goes() {
    let entitled = [("DREIKLANG_WORK__REMOTE_SECRET", "true")];
    let mut world = world::closed_with(&entitled);
    let org = world.org("Acme", 3);
    set(&world, &org, "true");
    let carol = world.onprem("carol", &org.credential(&world, "carol"));
    until_lock_is(&carol, true);

    // The profile is worth nothing without the server.
    world.server.kill().unwrap();
    assert_eq!(carol.refusal(&["me"]).0, "remote-secret-unreachable");
    world.server.start().unwrap();

    // The organisation gives it up: the key in the profile opens it alone again.
    set(&world, &org, "false");
    until_lock_is(&carol, false);
    world.server.kill().unwrap();
    assert_eq!(carol.json(&["me"])["identity"], json!(carol.identity));
}

fn set(world: &World, org: &Org, value: &str) {
    world.admin(&["mdm", "set", SWITCH, value, "--org", &org.id]);
}

/// Lets the app run until its lock is there, or gone: it asks the organisation once more, and what
/// follows from the answer takes a few exchanges with the server.
fn until_lock_is(person: &Person, wanted: bool) {
    let file: PathBuf = [&*person.folder, "onprem".as_ref(), person.name.as_ref()]
        .iter()
        .collect::<PathBuf>()
        .join("remote-lock");
    let mut running = person.online();
    running.ask(&json!({ "command": "work_sync" }));
    let is_so = (0..20_000).any(|_| {
        running.ask(&json!({ "command": "policy" }));
        file.exists() == wanted
    });
    assert!(is_so, "the lock is there: {}", file.exists());
    running.process.say("{\"command\":\"stop\"}").unwrap();
    running.until_end();
}
