//! S23 to S25: one person, a private and a business ID, and nothing between the two.

use serde_json::{Value, json};

use crate::linking::{code_of, newest};
use crate::world::{self, Org, Person, World, acquaint};

/// Everything that an organisation's administrator can look at.
fn console(world: &World, org: &Org) -> Vec<(String, Value)> {
    let paths = [
        "/api/v1",
        "/api/v1/status",
        "/api/v1/credentials?pageSize=100",
        "/api/v1/users?pageSize=100",
        "/api/v1/contacts",
        "/api/v1/categories",
        "/api/v1/mdm",
        "/api/v1/api-keys",
        "/api/v1/audit",
    ];
    let look = |path: &str| {
        let (status, body) = world.api("GET", path, &org.key, None);
        assert_eq!(status, 200, "{path}: {body}");
        (path.to_owned(), body)
    };
    paths.iter().map(|it| look(it)).collect()
}

/// The state and the kind of an identity as everybody sees them.
fn seen(world: &World, person: &Person) -> (Value, Value) {
    let path = format!("/identity/{}", person.identity);
    let found = world.anybody().get(&path).unwrap();
    assert_eq!(found.status, 200, "{}", found.text());
    let found = found.json();
    (found["state"].clone(), found["type"].clone())
}

#[test]
fn s23_no_administrator_sees_the_private_id_of_a_member() {
    let world = world::open();
    let org = world.org("Acme", 0);
    // One person with one device, one name and one telephone.
    let credential = org.credential(&world, "max");
    let private = world.private("max");
    let work = world.work("max", &credential);
    private.json(&["link", "phone", "+41 79 123 45 67"]);
    let code = code_of(&newest(&world, "texts"));
    private.json(&["link", "phone", "--code", &code]);
    let links = private.json(&["link", "status"]);
    assert_eq!(links["phone"]["state"], "linked");
    assert_ne!(private.identity, work.identity);
    for (path, body) in console(&world, &org) {
        let body = body.to_string();
        for trace in [private.identity.as_str(), "791234567", "79 123 45 67"] {
            assert!(!body.contains(trace), "{path}: {body}");
        }
    }
    let users = format!("/api/v1/users?filterQuery={}", private.identity);
    let (_, found) = world.api("GET", &users, &org.key, None);
    assert_eq!(found["paging"]["total"], 0, "{found}");
    // Nor can one do anything to it.
    let body = json!({ "confirm": private.identity });
    let one = format!("/api/v1/users/{}", private.identity);
    for (method, path) in [
        ("GET", one.clone()),
        ("DELETE", one.clone()),
        ("POST", format!("{one}/detach")),
        ("POST", format!("{one}/withdraw")),
        ("POST", format!("{one}/revoke")),
        ("POST", format!("{one}/readmit")),
    ] {
        let (status, answer) = world.api(method, &path, &org.key, Some(&body));
        assert_eq!(status, 404, "{method} {path}: {answer}");
    }
    for act in ["export", "erase"] {
        let path = format!("/api/v1/identities/{}/{act}", private.identity);
        let method = if act == "export" { "GET" } else { "POST" };
        let (status, answer) = world.api(method, &path, &org.key, Some(&body));
        assert!([401, 403].contains(&status), "{method} {path}: {answer}");
    }
    for verb in ["detach", "withdraw", "revoke"] {
        let verb = [
            "member",
            verb,
            &private.identity,
            "--confirm",
            &private.identity,
        ];
        world.admin_refused(&[&verb[..], &["--org", &org.id]].concat());
    }
    assert_eq!(seen(&world, &private), (json!(0), json!(0)));

    // Contacts, settings and policies are apart too.
    let friend = world.private("friend");
    acquaint(&friend, &private);
    assert_eq!(work.json(&["contact", "list"])["contacts"], json!([]));
    world.admin(&["mdm", "set", "th_block_unknown", "true", "--org", &org.id]);
    work.json(&["work", "sync"]);
    let policy = work.json(&["policy"]);
    assert_eq!(policy["parameters"]["th_block_unknown"]["value"], true);
    assert_eq!(private.json(&["settings"])["block_unknown"], false);
    assert_eq!(work.json(&["settings"])["block_unknown"], true);
    // The business ID is cut off; the private one does not notice.
    let verb = [
        "member",
        "withdraw",
        &work.identity,
        "--confirm",
        &work.identity,
    ];
    world.admin(&[&verb[..], &["--org", &org.id]].concat());
    friend.json(&["send", &private.identity, "still there?", "--wait", "sent"]);
    assert_eq!(private.json_lines(&["receive", "--until-idle"]).len(), 1);
}

#[test]
fn s24_a_new_id_is_the_way_into_work() {
    let world = world::open();
    let org = world.org("Acme", 1);
    let credential = org.credential(&world, "max");
    let private = world.private("max");
    // What the administrator hands out is enough; without another wish it makes a new ID.
    let verb = ["activation", "create", &credential.username];
    let made = world.admin(&[&verb[..], &["--org", &org.id]].concat());
    let mut work = world.stranger("max", "work");
    work.set_up(&[
        "--instance",
        &world.instance_file(),
        "--activation",
        &world::text(&made["link"]),
    ]);
    assert_ne!(work.identity, private.identity);
    assert_eq!(seen(&world, &work), (json!(0), json!(1)));
    assert_eq!(seen(&world, &private), (json!(0), json!(0)));
    work.json(&["work", "sync"]);
    let status = work.json(&["work", "status"]);
    assert_eq!(status["organisation"], "Acme");
    assert_eq!(status["is_licensed"], true);
    // The help says so, in this order: a new one, and how to take one along instead.
    let help = work.outcome(&["setup", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    let instead = help.find("instead of making one").unwrap();
    assert!(help.find("--activation").unwrap() < instead, "{help}");
}

#[test]
fn s25_the_private_id_stays_active_beside_the_new_one() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let (private, friend) = (world.private("max"), world.private("friend"));
    acquaint(&private, &friend);
    let before = private.json(&["me"]);
    // It is online while the other one is made, and stays so.
    let mut at_private = private.online();
    let work = world.work("max", &org.credential(&world, "max"));
    let mut at_work = work.online();
    let mut at_friend = friend.online();
    let contact = &work.identity;
    at_friend.ask(&json!({ "command": "contact_add", "contact": contact }));
    for (to, at) in [(&private, &mut at_private), (&work, &mut at_work)] {
        let text = format!("to the {} one", to.app);
        at_friend.ask(&json!({ "command": "send", "to": to.identity, "text": text }));
        let got = at.until(|line| line["event"] == "message");
        assert_eq!(got["text"], json!(text));
        assert_eq!(got["contact"], json!(friend.identity));
        let answer = format!("from the {} one", to.app);
        at.ask(&json!({ "command": "send", "to": friend.identity, "text": answer }));
        let got = at_friend.until(|line| line["event"] == "message");
        assert_eq!(got["text"], json!(answer));
        assert_eq!(got["contact"], json!(to.identity));
    }
    for at in [&mut at_private, &mut at_work] {
        at.ask(&json!({ "command": "stop" }));
        let seen = at.until_end();
        let is_disturbed = |it: &Value| {
            ["closed_by_server", "other_device", "displaced"]
                .iter()
                .any(|name| it["event"] == *name)
        };
        assert!(!seen.iter().any(is_disturbed), "{seen:#?}");
    }
    assert_eq!(private.json(&["me"]), before);
    assert_eq!(seen(&world, &private), (json!(0), json!(0)));
}
