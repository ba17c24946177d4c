//! S17 to S19: an organisation with an instance of its own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use dreiklang_tests::watch;
use serde_json::json;

use crate::common::programs;
use crate::world::{self, Credential, Person, World, acquaint};

/// What somebody is told who sets up an app with these flags in vain.
fn refused_set_up(person: &Person, flags: &[String]) -> (String, String) {
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    person.refusal(&[&["setup", "--no-passphrase"], &flags[..]].concat())
}

#[test]
fn s17_onprem_has_what_work_has() {
    let world = world::closed();
    let org = world.org("Office", 3);
    let with_org = |verb: &[&str]| world.admin(&[verb, &["--org", &org.id]].concat());
    // S6: licences by list, and never more people than seats.
    let list = world.secret_file(
        "list.csv",
        "anna,Secret-Anna-1\nben,Secret-Ben-22\ncarl,\ndora,",
    );
    let imported = with_org(&["credential", "import", &list]);
    assert_eq!(
        (&imported["imported"], &imported["refused"]),
        (&json!(4), &json!(0))
    );
    let license = |name: &str| {
        let shown = with_org(&["credential", "show", name]);
        let made = imported["credentials"].as_array().unwrap();
        let made = made.iter().find(|it| it["username"] == name).unwrap();
        let password = match name {
            "anna" => "Secret-Anna-1".to_owned(),
            "ben" => "Secret-Ben-22".to_owned(),
            _ => world::text(&made["password"]),
        };
        Credential {
            id: world::text(&shown["id"]),
            username: name.to_owned(),
            password,
        }
    };
    // S8: before anybody has begun.
    with_org(&["mdm", "set", "th_firstname", "Anna", "--credential", "anna"]);
    with_org(&["mdm", "set", "th_block_unknown", "true"]);
    with_org(&["org", "set", "--contacts-auto", "on", "--directory", "on"]);
    let [anna, ben, carl] = ["anna", "ben", "carl"].map(|it| world.onprem(it, &license(it)));
    let dora = world.stranger("dora", "onprem");
    let (_, why) = refused_set_up(&dora, &world.place("onprem", &license("dora")));
    assert!(!why.is_empty());
    let (_, status) = world.api("GET", "/api/v1/status", &org.key, None);
    assert_eq!(status["seatsUsed"], 3, "{status}");

    // S9: a policy holds, and goes away again.
    for person in [&anna, &ben] {
        person.json(&["work", "sync"]);
    }
    let (code, _) = anna.refusal(&["settings", "--block-unknown", "off"]);
    assert_eq!(code, "set-by-organisation");
    with_org(&["mdm", "unset", "th_block_unknown"]);
    anna.json(&["work", "sync"]);
    assert_eq!(
        anna.json(&["settings", "--block-unknown", "off"])["block_unknown"],
        false
    );
    // S13: contacts by the organisation, with names; and its directory.
    let contacts = ben.json(&["contact", "list"]).to_string();
    assert!(contacts.contains(&anna.identity), "{contacts}");
    let found = ben.json(&["work", "directory", "Anna"]);
    assert_eq!(
        found["people"][0]["identity"],
        json!(anna.identity),
        "{found}"
    );
    // S7: users are listed and searched.
    let (_, users) = world.api("GET", "/api/v1/users?filterQuery=Anna", &org.key, None);
    assert_eq!(users["users"][0]["id"], json!(anna.identity), "{users}");

    // S12, S10, S11: three acts, each with its own consequence.
    let act = |verb: &str, who: &Person| {
        with_org(&["member", verb, &who.identity, "--confirm", &who.identity]);
    };
    act("withdraw", &anna);
    anna.outcome(&["work", "sync"]);
    assert_ne!(anna.json(&["work", "status"])["locked"], json!(null));
    with_org(&["member", "restore", &anna.identity]);
    anna.json(&["work", "sync"]);
    assert_eq!(anna.json(&["work", "status"])["locked"], json!(null));
    act("detach", &ben);
    let (status, _) = world.api(
        "GET",
        &format!("/api/v1/users/{}", ben.identity),
        &org.key,
        None,
    );
    assert_eq!(status, 404);
    act("revoke", &carl);
    let checked = world.anybody().with_password("anna", "Secret-Anna-1");
    let checked = checked
        .get(&format!("/identity/{}", carl.identity))
        .unwrap();
    assert_eq!(checked.status, 404, "{}", checked.text());
}

#[test]
fn s18_apps_and_server_turn_to_nobody_else() {
    if watch::is_inside() {
        return;
    }
    let strangers = watch::strangers_of("closed::s18_a_day_of_an_office", programs()).unwrap();
    assert!(
        strangers.is_empty(),
        "somebody turned to:\n{}",
        strangers.join("\n")
    );
}

/// Two people set up their apps, find each other, write, keep a backup and ask for news, while the
/// administrator looks after them.
#[test]
fn s18_a_day_of_an_office() {
    let mut world = world::closed();
    watch::allow(&[world.server.chat_address(), world.server.api_address()]).unwrap();
    let org = world.org("Office", 0);
    let [anna, ben] = ["anna", "ben"].map(|it| world.onprem(it, &org.credential(&world, it)));
    acquaint(&anna, &ben);
    anna.json(&["send", &ben.identity, "good morning", "--wait", "sent"]);
    let got = ben.json_lines(&["receive", "--until-idle"]);
    assert_eq!(got[0]["text"], "good morning");
    let password = world.secret_file("safe", "correct horse battery");
    anna.json(&["safe", "enable", "--password-file", &password]);
    world.admin(&[
        "mdm",
        "set",
        "th_readonly_profile",
        "true",
        "--org",
        &org.id,
    ]);
    anna.json(&["work", "sync"]);
    world.server.stop().unwrap();
    world.server.start().unwrap();
    ben.json(&["send", &anna.identity, "good evening", "--wait", "sent"]);
    assert_eq!(anna.json_lines(&["receive", "--until-idle"]).len(), 1);
    world.server.stop().unwrap();
}

#[test]
fn s19_the_highest_security_is_the_default() {
    let world = world::closed();
    let org = world.org("Office", 0);
    let license = org.credential(&world, "anna");
    // Signed provisioning: what nobody trusted has signed leads no app anywhere.
    let anna = world.stranger("anna", "onprem");
    let mut flags = world.place("onprem", &license);
    let at = |flags: &[String], name: &str| flags.iter().position(|it| it == name).unwrap() + 1;
    let trust = at(&flags, "--trust");
    let own = std::mem::replace(&mut flags[trust], world::closed().trust());
    let (code, why) = refused_set_up(&anna, &flags);
    assert_eq!(code, "provisioning-not-authentic", "{why}");
    flags[trust] = own;
    // Nor what was changed on the way, whatever byte it is.
    let good = world.anybody().with_password("anna", &license.password);
    let good = good.get("/prov/config.oppf").unwrap().body;
    let server = at(&flags, "--server");
    let own = flags[server].clone();
    for byte in [10, good.len() / 2] {
        let mut bad = good.clone();
        bad[byte] ^= 1;
        let liar = serve(bad);
        flags[server] = format!("http://localhost:{}", liar.port());
        let (code, why) = refused_set_up(&anna, &flags);
        assert_eq!(code, "provisioning-not-authentic", "{why}");
    }
    flags[server] = own;
    // A closed user base: without a licence nothing is said, with a withdrawn one nothing more.
    for path in [
        "/identity/ECHOECHO",
        "/prov/config.oppf",
        "/auth_token",
        "/safe/config",
    ] {
        assert_eq!(world.anybody().get(path).unwrap().status, 401, "{path}");
    }
    let anna = world.onprem("anna", &license);
    world.admin(&["credential", "withdraw", "anna", "--org", &org.id]);
    let shown = world.anybody().with_password("anna", &license.password);
    let status = shown.get("/prov/config.oppf").unwrap().status;
    assert!([401, 403].contains(&status), "{status}");
    let blocked = anna.outcome(&["--json", "work", "sync"]);
    assert!(!blocked.status.success(), "{blocked:?}");
}

/// Whether the addresses in what a server signed carry pins.
fn has_pins(world: &World) -> bool {
    let shown = world.server.command_output(&["oppf", "show", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.unwrap()).unwrap();
    let rules = shown["domains"]["rules"].as_array().cloned();
    rules.is_some_and(|it| !it.is_empty())
}

#[test]
fn s19_certificates_are_pinned_unless_a_proxy_has_them() {
    let world = world::closed_with(&[("DREIKLANG_TLS__MODE", "self-signed")]);
    assert!(has_pins(&world));
    assert!(
        !has_pins(&world::closed()),
        "nobody knows the keys of a proxy"
    );
}

/// Answers every request with these bytes.
fn serve(body: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut piece = [0; 1024];
            while !head.windows(4).any(|it| it == b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(count) if count > 0 => head.extend_from_slice(&piece[..count]),
                    _ => break,
                }
            }
            let first = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            // The app may have left already.
            let _ = stream.write_all(&[first.as_bytes(), &body].concat());
        }
    });
    address
}
