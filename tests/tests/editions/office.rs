//! S5 to S7: what one organisation's administrator can do, and nobody else.

use serde_json::{Value, json};

use crate::world::{self, Credential, Org, World};

/// The routes of the management interface, as the server has them.
const MANAGEMENT: &str = include_str!("../../../crates/server/src/edge/api/management.rs");
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

#[test]
fn s05_one_console_for_all_four() {
    let world = world::open();
    let (org, rival) = (world.org("Acme", 5), world.org("Rival", 5));
    let credential = org.credential(&world, "max");
    let max = world.work("max", &credential);
    let category = world.admin(&["contact", "category", "Staff", "--org", &org.id]);
    let ids = [
        ("{threema_id}", max.identity.clone()),
        ("{org}", org.id.clone()),
        ("{logo_variant}", "light".to_owned()),
        ("{property_id}", "th_nickname".to_owned()),
    ];
    let fill = |path: &str| {
        let id = if path.contains("categor") && !path.contains("credential") {
            world::text(&category["id"])
        } else {
            credential.id.clone()
        };
        ids.iter()
            .fold(path.replace("{id}", &id), |path, (name, value)| {
                path.replace(name, value)
            })
    };
    let own = [&max.identity, &org.id, &credential.id, &org.key];
    let paths = paths();
    assert!(paths.len() > 25, "{paths:?}");
    for path in paths.iter().map(|it| fill(it)) {
        let mut is_route = false;
        for method in METHODS {
            let nobody = world.anybody();
            let user = nobody.with_password(&credential.username, &credential.password);
            let wrong = nobody.with_head("x-api-key", "drk_0000000000");
            for caller in [nobody, user, wrong] {
                let answer = caller.send(method, &path, "application/json", b"{}");
                let status = answer.unwrap().status;
                assert!(
                    [401, 403, 405].contains(&status),
                    "{method} {path}: {status}"
                );
                is_route |= status != 405;
            }
            // The administrator of another organisation sees and changes nothing of this one.
            let (status, body) = world.api(method, &path, &rival.key, Some(&json!({})));
            let names_ours = own.iter().any(|it| path.contains(*it));
            assert!(!(names_ours && status < 300), "{method} {path}: {status}");
            let body = body.to_string();
            assert!(
                own.iter()
                    .all(|it| !body.contains(*it) || path.contains(*it)),
                "{body}"
            );
        }
        assert!(is_route, "{path} is no route");
    }

    // Administration, users, distribution and configuration, with one key.
    let (status, body) = world.api("GET", "/api/v1/status", &org.key, None);
    assert_eq!((status, &body["seatsUsed"]), (200, &json!(1)), "{body}");
    let (status, body) = world.api("GET", "/api/v1/users", &org.key, None);
    assert_eq!(
        (status, &body["paging"]["total"]),
        (200, &json!(1)),
        "{body}"
    );
    assert_eq!(body["users"][0]["id"], json!(max.identity));
    let path = format!("/api/v1/credentials/{}/activation", credential.id);
    let (status, body) = world.api("POST", &path, &org.key, Some(&json!({})));
    assert!(status < 300 && body["link"].is_string(), "{status} {body}");
    let setting = json!({ "property": "th_block_unknown", "value": true });
    let (status, body) = world.api("POST", "/api/v1/mdm", &org.key, Some(&setting));
    assert!(status < 300, "{status} {body}");
    let (status, body) = world.api("GET", "/api/v1/mdm", &org.key, None);
    assert_eq!(status, 200);
    assert!(body.to_string().contains("th_block_unknown"), "{body}");
    let (_, body) = world.api("GET", "/api/v1/mdm", &rival.key, None);
    assert!(!body.to_string().contains("th_block_unknown"), "{body}");
}

#[test]
fn s06_licences_on_every_platform() {
    let world = world::open();
    let org = world.org("Acme", 2);
    let team = org.shared_credential(&world, "team", 0);
    for (version, arch) in [
        ("6.3.0k A", "arm64-v8a"),
        ("6.3.0k I", "arm64"),
        ("2.0k Q", "x86_64"),
        ("1.0k Q", "aarch64"),
    ] {
        let more = json!({ "deviceId": "d", "version": version, "arch": arch });
        let answer = check(&world, &team, &more);
        assert_eq!(answer["success"], true, "{version}: {answer}");
    }
    // The same licence lets in two people, and a third one is one too many.
    let [one, two] = ["one", "two"].map(|name| world.work(name, &team));
    assert_ne!(one.identity, two.identity);
    let third = world.stranger("three", "work");
    let place = world.place("work", &team);
    let place: Vec<_> = place.iter().map(String::as_str).collect();
    let setup = [&["setup", "--no-passphrase"], &place[..]].concat();
    let (code, sentence) = third.refusal(&setup);
    assert_eq!(code, "directory", "{sentence}");
    assert!(sentence.contains("administrator"), "{sentence}");
    assert_eq!(seats_used(&world, &org), 2);
    // With one more seat the same command goes through.
    world.admin(&["org", "set", "--seats", "3", "--org", &org.id]);
    third.json(&setup);
    assert_eq!(seats_used(&world, &org), 3);

    // A licence for one person belongs to whoever came first.
    world.admin(&["org", "set", "--seats", "9", "--org", &org.id]);
    let single = org.credential(&world, "max");
    world.work("max", &single);
    let late = world.stranger("late", "work");
    let place = world.place("work", &single);
    let place: Vec<_> = place.iter().map(String::as_str).collect();
    late.refusal(&[&["setup", "--no-passphrase"], &place[..]].concat());

    // Expired, withdrawn and deleted ones let nobody in.
    let [expired, withdrawn, deleted] =
        ["expired", "withdrawn", "deleted"].map(|it| org.credential(&world, it));
    let path = format!("/api/v1/credentials/{}", expired.id);
    let (status, body) = world.api("PUT", &path, &org.key, Some(&json!({ "expiresAt": 1 })));
    assert!(status < 300, "{status} {body}");
    world.admin(&["credential", "withdraw", "withdrawn", "--org", &org.id]);
    world.admin(&["credential", "delete", "deleted", "--org", &org.id]);
    for credential in [expired, withdrawn, deleted] {
        let answer = check(&world, &credential, &json!({}));
        assert_eq!(answer["success"], false, "{answer}");
        assert!(answer["error"].is_string(), "{answer}");
        let newcomer = world.stranger(&credential.username, "work");
        let place = world.place("work", &credential);
        let place: Vec<_> = place.iter().map(String::as_str).collect();
        newcomer.refusal(&[&["setup", "--no-passphrase"], &place[..]].concat());
    }
    assert_eq!(seats_used(&world, &org), 4);
}

#[test]
fn s07_users_from_list_to_delete() {
    let world = world::open();
    let (org, rival) = (world.org("Acme", 0), world.org("Rival", 0));
    let anna = imported(&world, &org);
    let carl = org.credential(&world, "carl");
    let (anna, carl) = (world.work("anna", &anna), world.work("carl", &carl));

    // Edit: names come from the configuration of the licence.
    for (name, value) in [("th_firstname", "Anna"), ("th_lastname", "Müller")] {
        let verb = ["mdm", "set", name, value, "--credential", "anna"];
        world.admin(&[&verb[..], &["--org", &org.id]].concat());
    }
    let mut running = anna.online();
    let reply = running.ask(&json!({ "command": "work_sync" }));
    assert_eq!(reply["done"], true, "{reply}");
    let user = |key: &str, query: &str| {
        let path = format!("/api/v1/users?filterQuery={query}");
        world.api("GET", &path, key, None).1
    };
    let found = until(
        || user(&org.key, "Anna"),
        |it| it["users"][0]["lastName"].is_string(),
    );
    drop(running);
    assert_eq!(found["users"][0]["id"], json!(anna.identity));
    assert_eq!(found["users"][0]["lastName"], "Müller");
    assert_eq!(user(&org.key, "")["paging"]["total"], 2);
    assert_eq!(user(&org.key, &carl.identity)["paging"]["total"], 1);
    assert_eq!(user(&org.key, "nobody")["paging"]["total"], 0);
    world.admin(&[
        "credential",
        "set",
        "ben",
        "--username",
        "bernd",
        "--org",
        &org.id,
    ]);
    let filter = ["credential", "list", "--filter", "bernd", "--org", &org.id];
    assert_eq!(world.admin(&filter)["paging"]["total"], 1);

    // Tag.
    let category = world.admin(&["contact", "category", "Temporary", "--org", &org.id]);
    let category = world::text(&category["id"]);
    let name = ["contact", "set", &anna.identity, "--org", &org.id];
    world.admin(&name);
    let assign = [
        "contact",
        "assign",
        &anna.identity,
        &category,
        "--org",
        &org.id,
    ];
    world.admin(&assign);
    carl.json(&["work", "sync"]);
    let tagged = carl.json(&["work", "directory", "*", "--category", &category]);
    assert_eq!(
        tagged["people"][0]["identity"],
        json!(anna.identity),
        "{tagged}"
    );

    // Nobody else can do any of it.
    let of_anna = format!("/api/v1/users/{}", anna.identity);
    assert_eq!(user(&rival.key, "")["paging"]["total"], 0);
    for (method, path) in [
        ("GET", of_anna.clone()),
        ("DELETE", of_anna.clone()),
        ("POST", format!("{of_anna}/detach")),
        ("POST", format!("{of_anna}/withdraw")),
        ("PUT", format!("/api/v1/contacts/{}", anna.identity)),
        ("DELETE", format!("/api/v1/categories/{category}")),
    ] {
        let body = json!({ "confirm": anna.identity, "firstName": "Eve" });
        let (status, _) = world.api(method, &path, &rival.key, Some(&body));
        assert_eq!(status, 404, "{method} {path}");
    }
    assert_eq!(user(&org.key, "Anna")["paging"]["total"], 1);

    // Delete.
    let (status, _) = world.api("DELETE", &of_anna, &org.key, None);
    assert_eq!(status, 204);
    assert_eq!(world.api("GET", &of_anna, &org.key, None).0, 404);
    assert_eq!(user(&org.key, "")["paging"]["total"], 1);
}

/// The good lines of a list; a bad one is reported and hurts no other.
fn imported(world: &World, org: &Org) -> Credential {
    let list = world.secret_file("list.csv", "anna,Sehr-Geheim-1\nben,\nanna,Sehr-Geheim-2");
    let told = world.admin_refused(&["credential", "import", &list, "--org", &org.id]);
    assert!(told.contains("ended with"), "{told}");
    let listed = world.admin(&["credential", "list", "--org", &org.id]);
    assert_eq!(listed["paging"]["total"], 2, "{listed}");
    Credential {
        id: "anna".to_owned(),
        username: "anna".to_owned(),
        password: "Sehr-Geheim-1".to_owned(),
    }
}

/// The addresses in the table of routes, each once.
fn paths() -> Vec<&'static str> {
    let texts = MANAGEMENT.split('"').skip(1).step_by(2);
    let mut paths: Vec<_> = texts.filter(|it| it.starts_with("/api/v1")).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// `check_license`, as apps ask it.
pub(crate) fn check(world: &World, credential: &Credential, more: &Value) -> Value {
    let mut body = more.clone();
    body["licenseUsername"] = json!(credential.username);
    body["licensePassword"] = json!(credential.password);
    let answer = world.anybody().post("/check_license", &body).unwrap();
    answer.json()
}

pub(crate) fn seats_used(world: &World, org: &Org) -> u64 {
    let shown = world.admin(&["org", "show", "--org", &org.id]);
    shown["seatsUsed"].as_u64().unwrap()
}

/// Asks again until the answer is as wanted: for what an app does by itself after a command.
#[expect(
    clippy::disallowed_methods,
    reason = "what hangs shall fail and say so"
)]
pub(crate) fn until(mut ask: impl FnMut() -> Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let end = std::time::Instant::now() + crate::common::PATIENCE;
    loop {
        let answer = ask();
        if wanted(&answer) {
            return answer;
        }
        assert!(std::time::Instant::now() < end, "still {answer}");
        std::thread::yield_now();
    }
}
