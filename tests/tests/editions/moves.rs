//! An ID that moves between the private app and that of an organisation: only with the consent of
//! whoever has it, and without its past (features.md S26 to S30, S32).

use serde_json::{Value, json};

use crate::raw::{self, PRIVATE, WORK};
use crate::world::{self, Credential, Org, Person, World, acquaint};

const PASSWORD: &str = "a long enough password";

/// How an ID gets from one app to the other.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Safe,
    Export,
}

impl Way {
    /// What the old app makes, as flags for the set-up of the new one.
    fn pack(self, world: &World, person: &Person) -> Vec<String> {
        let password = world.secret_file("backup", PASSWORD);
        let mut flags = match self {
            Self::Safe => {
                person.json(&["safe", "enable", "--password-file", &password]);
                let safe = person.json(&["safe", "backup"]);
                assert_eq!(safe["is_on"], true, "{safe}");
                assert_eq!(safe["fault"], Value::Null, "{safe}");
                vec!["--restore-safe".to_owned(), person.identity.clone()]
            }
            Self::Export => {
                let made = person.json(&["export-id", "--password-file", &password]);
                let export = world::text(&made["export"]);
                let bare: String = export.chars().filter(|it| *it != '-').collect();
                assert_eq!(bare.len(), 80, "{export}");
                let file = world.secret_file("export", &export);
                vec!["--import-id".to_owned(), file]
            }
        };
        flags.extend(["--backup-password-file".to_owned(), password]);
        flags
    }
}

fn slices(flags: &[String]) -> Vec<&str> {
    flags.iter().map(String::as_str).collect()
}

/// `setup` of an app with what another one has packed.
fn unpack(world: &World, name: &str, app: &'static str, flags: &[String]) -> Person {
    let mut person = world.stranger(name, app);
    person.set_up(&slices(flags));
    person
}

/// The flags for a private app, or for one with a licence.
fn flags_at(world: &World, credential: Option<&Credential>, pack: &[String]) -> Vec<String> {
    let place = match credential {
        Some(credential) => world.place("work", credential),
        None => vec!["--instance".to_owned(), world.instance_file()],
    };
    [&place[..], pack].concat()
}

/// `type` in the directory: 0 private, 1 Work.
fn kind(world: &World, identity: &str) -> Value {
    let answer = world.anybody().get(&format!("/identity/{identity}"));
    let answer = answer.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["type"].clone()
}

fn send(from: &Person, to: &str, text: &str) {
    let sent = from.json(&["send", to, text, "--wait", "sent"]);
    assert_eq!(sent["state"], "sent", "{sent}");
}

fn received(person: &Person) -> Vec<String> {
    let lines = person.json_lines(&["receive", "--until-idle"]);
    lines.iter().map(|it| world::text(&it["text"])).collect()
}

/// Alice's private ID becomes one of her organisation, if she has a licence and there is a seat.
fn to_work(way: Way) {
    let world = world::open();
    let org = world.org("Acme", 1);
    let other = org.credential(&world, "other");
    let _colleague = world.work("colleague", &other);
    let credential = org.credential(&world, "alice");
    let (alice, bob) = (world.private("alice"), world.private("bob"));
    acquaint(&alice, &bob);
    let pack = way.pack(&world, &alice);

    let mut wrong = credential.clone();
    "wrong".clone_into(&mut wrong.id);
    "not the password".clone_into(&mut wrong.password);
    let flags = flags_at(&world, Some(&wrong), &pack);
    let basics = ["setup", "--no-passphrase", "--nickname", "alice"];
    let moving = world.stranger("moving", "work");
    let (code, words) = moving.refusal(&[&basics[..], &slices(&flags)].concat());
    assert_eq!(code, "wrong-credentials", "{words}");
    let held_back = moving.refusal(&["receive", "--until-idle"]);
    assert_eq!(held_back.0, "no-identity", "{held_back:?}");
    assert_eq!(kind(&world, &alice.identity), 0, "nothing moved");

    // The licence is right now, but its organisation is full.
    let flags = flags_at(&world, Some(&credential), &pack);
    let (_, words) = moving.refusal(&[&basics[..], &slices(&flags)].concat());
    assert!(words.contains("All seats"), "{words}");
    assert_eq!(kind(&world, &alice.identity), 0, "nothing moved");
    send(&alice, &bob.identity, "still private");

    world.admin(&["org", "set", "--seats", "2", "--org", &org.id]);
    let password = world.secret_file(&credential.id, &credential.password);
    let license = ["--username", "alice", "--password-file", &password];
    let status = moving.json(&[&["work", "activate"], &license[..]].concat());
    assert_eq!(status["is_licensed"], true, "{status}");
    assert_eq!(kind(&world, &alice.identity), 1);
    let member = world.admin(&["member", "show", &alice.identity, "--org", &org.id]);
    assert!(member.to_string().contains(&alice.identity), "{member}");
    let contacts = moving.json(&["contact", "list"]).to_string();
    let are_kept = contacts.contains(&bob.identity);
    assert_eq!(
        are_kept,
        way == Way::Safe,
        "an export is the ID alone: {contacts}"
    );

    moving.json(&["contact", "add", &bob.identity]);
    send(&moving, &bob.identity, "from work");
    assert_eq!(received(&bob), ["still private", "from work"]);
}

#[test]
fn s26_private_to_work_by_safe() {
    to_work(Way::Safe);
}

#[test]
fn s27_private_to_work_by_id_export() {
    to_work(Way::Export);
}

/// Somebody whose private ID has just moved to work.
struct Moved {
    world: World,
    org: Org,
    /// The private app that was left behind.
    old: Person,
    /// The app of the organisation.
    new: Person,
    friend: Person,
}

impl Moved {
    fn to_work(before: impl FnOnce(&Person, &Person)) -> Self {
        let world = world::open();
        let org = world.org("Acme", 0);
        let credential = org.credential(&world, "alice");
        let (old, friend) = (world.private("alice"), world.private("bob"));
        acquaint(&old, &friend);
        before(&old, &friend);
        let pack = Way::Safe.pack(&world, &old);
        let flags = flags_at(&world, Some(&credential), &pack);
        let new = unpack(&world, "alice", "work", &flags);
        assert_eq!(new.identity, old.identity);
        Self {
            world,
            org,
            old,
            new,
            friend,
        }
    }

    fn detach(&self) {
        let identity = &self.old.identity;
        let detach = ["member", "detach", identity, "--confirm", identity];
        self.world
            .admin(&[&detach[..], &["--org", &self.org.id]].concat());
    }
}

#[test]
fn s28_the_old_app_is_told_and_can_begin_anew() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "alice");
    let (old, friend) = (world.private("alice"), world.private("bob"));
    acquaint(&old, &friend);
    let pack = Way::Export.pack(&world, &old);
    let mut at_old = old.online();
    let flags = flags_at(&world, Some(&credential), &pack);
    let new = unpack(&world, "alice", "work", &flags);

    // The old app was online while the ID moved.
    let told = at_old.until(|line| line["event"] == "displaced");
    let text = world::text(&told["text"]);
    assert!(
        text.starts_with("Another connection for the same identity"),
        "{text}"
    );
    assert!(text.contains("Work app"), "{text}");
    drop(at_old);

    // What is written meanwhile waits for the new app and for nobody else.
    send(&friend, &new.identity, "are you there?");
    let (_, words) = old.refusal(&["receive", "--until-idle"]);
    assert!(words.contains(&text), "{words}");
    let (code, _) = old.refusal(&["send", &friend.identity, "it is me"]);
    assert_eq!(code, "displaced");
    assert_eq!(received(&new), ["are you there?"], "nothing is lost");

    // The person goes on privately with another ID.
    let second = world.private("alice2");
    assert_ne!(second.identity, new.identity);
    acquaint(&second, &friend);
    send(&second, &friend.identity, "my new number");
    send(&new, &friend.identity, "and at work");
    assert_eq!(received(&friend), ["my new number", "and at work"]);
}

#[test]
fn s29_a_work_id_stays_at_work_until_it_is_detached() {
    for way in [Way::Safe, Way::Export] {
        let world = world::open();
        let org = world.org("Acme", 0);
        let credential = org.credential(&world, "anna");
        let (anna, friend) = (world.work("anna", &credential), world.private("bob"));
        acquaint(&anna, &friend);
        let pack = way.pack(&world, &anna);
        let mut flags = flags_at(&world, None, &pack);
        flags.extend(["--nickname", "anna", "--no-passphrase"].map(str::to_owned));
        let setup = [&["setup"], &slices(&flags)[..]].concat();
        let private = world.stranger("anna", "private");
        let (code, words) = private.refusal(&setup);
        assert_eq!(code, "transfer-prohibited");
        assert!(words.contains("administrator"), "{words}");
        assert_eq!(kind(&world, &anna.identity), 1);
        // A withdrawn access is no release either.
        let identity = &anna.identity;
        let withdraw = ["member", "withdraw", identity, "--confirm", identity];
        world.admin(&[&withdraw[..], &["--org", &org.id]].concat());
        assert_eq!(private.refusal(&setup).0, "transfer-prohibited");
        world.admin(&["member", "restore", identity, "--org", &org.id]);
        // Nothing has happened to the app at work.
        send(&anna, &friend.identity, "still here");
        assert_eq!(received(&friend), ["still here"]);

        let detach = ["member", "detach", identity, "--confirm", identity];
        world.admin(&[&detach[..], &["--org", &org.id]].concat());
        let private = unpack(&world, "anna", "private", &flags_at(&world, None, &pack));
        assert_eq!(private.identity, anna.identity);
    }
}

#[tokio::test]
async fn s29_a_lying_private_app_gets_nowhere() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "anna");
    let anna = world.raw(Some(&credential));
    let sender = world.raw(None);
    let mut line = sender.log_in(PRIVATE).await.unwrap();
    raw::deposit(&mut line, &sender.message(anna.identity, 1)).await;
    let refused = anna.fetch_priv("consumer");
    assert_eq!(refused["errorType"], "identity-transfer-prohibited");
    // With the key and without asking the directory, it is still the private app.
    for client_info in [PRIVATE, "6.0;I;en/US;tests;private"] {
        let words = refused_text(anna.log_in(client_info).await).await;
        assert!(
            words.contains("Another connection"),
            "{client_info}: {words}"
        );
    }
    let mut line = anna.log_in(WORK).await.unwrap();
    assert_eq!(raw::queue(&mut line).await.len(), 1, "it has waited");
}

/// What the server says when it closes a connection, during the login or after it.
async fn refused_text(attempt: std::io::Result<dreiklang_tests::wire::Wire>) -> String {
    use dreiklang_tests::wire::Wire;
    use dreiklang_wire::csp::payload::FromServer;
    let mut line: Wire = match attempt {
        Ok(line) => line,
        Err(error) => return error.to_string(),
    };
    loop {
        match line.receive().await {
            Ok(FromServer::CloseError { text, .. }) => return text.clone(),
            Ok(FromServer::DeviceCookieChanged) => {}
            Ok(other) => panic!("the server serves {other:?}"),
            Err(error) => return error.to_string(),
        }
    }
}

#[test]
fn s30_a_detached_id_goes_private_by_either_way() {
    for way in [Way::Safe, Way::Export] {
        let world = world::open();
        let org = world.org("Acme", 0);
        let credential = org.credential(&world, "anna");
        let (anna, friend) = (world.work("anna", &credential), world.private("bob"));
        acquaint(&anna, &friend);
        let pack = way.pack(&world, &anna);
        let identity = &anna.identity;
        let verb = |verb: &'static str| {
            [
                "member",
                verb,
                identity,
                "--confirm",
                identity,
                "--org",
                &org.id,
            ]
            .map(str::to_owned)
        };
        world.admin(&slices(&verb("detach")));
        // The administrator has no more say in it.
        for act in ["revoke", "withdraw", "detach"] {
            world.admin_refused(&slices(&verb(act)));
        }
        let private = unpack(&world, "anna", "private", &flags_at(&world, None, &pack));
        assert_eq!(private.identity, anna.identity);
        assert_eq!(kind(&world, identity), 0);
        let contacts = private.json(&["contact", "list"]).to_string();
        assert_eq!(
            contacts.contains(&friend.identity),
            way == Way::Safe,
            "{contacts}"
        );
        private.json(&["contact", "add", &friend.identity]);
        send(&private, &friend.identity, "on my own");
        assert_eq!(received(&friend), ["on my own"]);
        // The app that was left behind at work has a licence still, and gets nothing with it.
        let (_, words) = anna.refusal(&["receive", "--until-idle"]);
        assert!(words.contains("released"), "{words}");
        assert_eq!(kind(&world, identity), 0, "it was not taken back");
        world.admin_refused(&["member", "show", identity, "--org", &org.id]);
        send(&friend, identity, "and the answer");
        assert_eq!(received(&private), ["and the answer"]);
    }
}

const SECRETS: [&str; 2] = ["a word of the past", "and the answer to it"];

#[test]
fn s32_no_content_moves_with_an_id() {
    let moved = Moved::to_work(|alice, bob| {
        send(alice, &bob.identity, SECRETS[0]);
        assert_eq!(received(bob), [SECRETS[0]]);
        send(bob, &alice.identity, SECRETS[1]);
        assert_eq!(received(alice), [SECRETS[1]]);
        send(bob, &alice.identity, "still on its way");
    });
    assert_eq!(
        received(&moved.new),
        ["still on its way"],
        "only what nobody had"
    );
    assert_eq!(
        moved.old.json(&["history", &moved.friend.identity])["messages"]
            .as_array()
            .unwrap()
            .len(),
        2,
        "the old app keeps its own"
    );
    let history = moved.new.json(&["history", &moved.friend.identity]);
    let history = history["messages"].as_array().unwrap();
    assert_eq!(history.len(), 1, "{history:?}");

    // And back again.
    let pack = Way::Export.pack(&moved.world, &moved.new);
    moved.detach();
    let flags = flags_at(&moved.world, None, &pack);
    send(&moved.friend, &moved.new.identity, "between the apps");
    let back = unpack(&moved.world, "back", "private", &flags);
    assert_eq!(received(&back), ["between the apps"]);
    let history = back.json(&["history", &moved.friend.identity]);
    assert_eq!(
        history["messages"].as_array().unwrap().len(),
        1,
        "{history}"
    );
}

#[tokio::test]
async fn s28_a_message_on_its_way_survives_the_move() {
    let world = world::open();
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "alice");
    let (alice, sender) = (world.raw(None), world.raw(None));
    let mut line = sender.log_in(PRIVATE).await.unwrap();
    raw::deposit(&mut line, &sender.message(alice.identity, 1)).await;
    // The old app has the message in its hands and acknowledges nothing.
    let mut old = alice.log_in(PRIVATE).await.unwrap();
    assert_eq!(raw::queue(&mut old).await.len(), 1);
    assert_eq!(alice.update_work_info(&credential)["success"], true);
    let words = refused_text(Ok(old)).await;
    assert!(words.starts_with("Another connection"), "{words}");
    raw::deposit(&mut line, &sender.message(alice.identity, 2)).await;
    let mut new = alice.log_in(WORK).await.unwrap();
    let ids: Vec<_> = raw::queue(&mut new)
        .await
        .iter()
        .map(|it| it.id.0[0])
        .collect();
    assert_eq!(ids, [1, 2]);
    assert_eq!(json!(alice.fetch_priv("work")["success"]), true);
}
