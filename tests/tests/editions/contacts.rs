//! S13: the organisation's list of contacts in the apps of its members.

use serde_json::{Value, json};

use crate::common::Person;
use crate::world::{self, Credential, World};

#[test]
fn s13_central_contacts() {
    let world = world::open();
    let (org, rival) = (world.org("Acme", 0), world.org("Rival", 0));
    let credential = org.credential(&world, "max");
    let max = world.work("max", &credential);
    let supplier = world.private("supplier");
    let foreign = rival.credential(&world, "eve");

    // Added and named centrally, and in the app under that name.
    let set = ["contact", "set", &supplier.identity, "--org", &org.id];
    let names = ["--first-name", "Sue", "--last-name", "Supplier"];
    world.admin(&[&set[..], &names].concat());
    let key = supplier.json(&["me"])["public_key"].clone();
    let listed = listed(&world, &credential, &supplier).expect("a contact");
    assert_eq!(
        (&listed["first"], &listed["last"]),
        (&json!("Sue"), &json!("Supplier"))
    );
    let bytes: dreiklang_wire::api::Base64 = serde_json::from_value(listed["pk"].clone()).unwrap();
    assert_eq!(json!(hex::encode(bytes.0)), key);
    max.json(&["work", "sync"]);
    let shown = known(&max, &supplier).expect("a contact");
    assert_eq!(shown["display_name"], "Sue Supplier");
    assert_eq!(shown["public_key"], key);
    assert_eq!(shown["is_work"], true);

    // The name is the organisation's, and stays.
    let (code, _) = max.refusal(&["contact", "rename", &supplier.identity, "Mine"]);
    assert_eq!(code, "named-by-organisation");
    world.admin(&[&set[..], &["--last-name", "Zulieferer"]].concat());
    max.json(&["work", "sync"]);
    assert_eq!(
        known(&max, &supplier).unwrap()["display_name"],
        "Sue Zulieferer"
    );

    // Hidden, it stays on the phone without the mark, the name is free, and new users do not get
    // it.
    world.admin(&[&set[..], &["--enabled", "off"]].concat());
    assert_eq!(self::listed(&world, &credential, &supplier), None);
    max.json(&["work", "sync"]);
    let shown = known(&max, &supplier).expect("it stays");
    assert_eq!(shown["is_work"], false);
    max.json(&["contact", "rename", &supplier.identity, "Mine"]);
    assert_eq!(known(&max, &supplier).unwrap()["display_name"], "Mine");
    let second = org.credential(&world, "ben");
    let ben = world.work("ben", &second);
    ben.json(&["work", "sync"]);
    assert_eq!(known(&ben, &supplier), None);

    // Shown again, it is marked again.
    world.admin(&[&set[..], &["--enabled", "on"]].concat());
    max.json(&["work", "sync"]);
    let shown = known(&max, &supplier).unwrap();
    assert_eq!(shown["display_name"], "Sue Zulieferer");
    assert_eq!(shown["is_work"], true);

    // Users of the organisation are contacts of each other if it wants so, and marked.
    world.admin(&["org", "set", "--contacts-auto", "on", "--org", &org.id]);
    max.json(&["work", "sync"]);
    assert_eq!(known(&max, &ben).unwrap()["is_work"], true);
    assert!(self::listed(&world, &second, &max).is_some());
    world.admin(&["org", "set", "--contacts-auto", "off", "--org", &org.id]);
    let mark = |switch: &str| {
        world.admin(&["org", "set", "--contacts-marked", switch, "--org", &org.id]);
        max.json(&["work", "sync"]);
        known(&max, &ben).unwrap()["is_work"].clone()
    };
    assert_eq!([mark("off"), mark("on")], [json!(false), json!(true)]);

    // Nobody else's administrator or app has anything to do with it.
    assert_eq!(self::listed(&world, &foreign, &supplier), None);
    let path = format!("/api/v1/contacts/{}", supplier.identity);
    for method in ["GET", "PUT", "DELETE"] {
        let body = json!({ "firstName": "Eve" });
        let (status, _) = world.api(method, &path, &rival.key, Some(&body));
        assert_eq!(status, 404, "{method}");
    }
    world.admin(&["contact", "delete", &supplier.identity, "--org", &org.id]);
    assert_eq!(self::listed(&world, &credential, &supplier), None);
}

/// What the work directory says about a contact to an app that has it already.
pub(crate) fn listed(world: &World, to: &Credential, who: &Person) -> Option<Value> {
    let body = to.with(&json!({ "contacts": [who.identity] }));
    let answer = world.anybody().post("/fetch2", &body).unwrap().json();
    let contacts = answer["contacts"].as_array().unwrap();
    contacts
        .iter()
        .find(|it| it["id"] == json!(who.identity))
        .cloned()
}

/// A contact in an app.
pub(crate) fn known(app: &Person, who: &Person) -> Option<Value> {
    let list = app.json(&["contact", "list"]);
    let contacts = list["contacts"].as_array().unwrap();
    contacts
        .iter()
        .find(|it| it["identity"] == json!(who.identity))
        .cloned()
}
