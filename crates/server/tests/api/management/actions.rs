//! What administrators do: credentials, members, activations, contacts, parameters, logos.

use std::time::Duration;

use dreiklang_server::service::licenses;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{World, attach};

const NOTHING: Value = Value::Null;

#[tokio::test]
async fn members_leave_in_three_ways_and_only_when_confirmed() {
    let world = World::new().await;
    let (a, member) = (&world.a, world.a.member);
    let of = |verb: &str| format!("/users/{member}{verb}");
    for verb in ["/withdraw", "/revoke"] {
        for body in [NOTHING, json!({}), json!({ "confirm": world.b.member })] {
            let answer = world.call(&a.write, "POST", &of(verb), &body).await;
            assert_eq!(answer.status, 400, "{verb}: {}", answer.text());
            assert!(answer.text().contains("confirm"), "{}", answer.text());
        }
    }
    let wrong = json!({ "confirm": "ZZZZZZZZ" });
    let answer = world.call(&a.write, "POST", &of("/detach"), &wrong).await;
    assert_eq!(answer.status, 400);

    let confirm = json!({ "confirm": member });
    let done = async |verb: &str, body: &Value| {
        let answer = world.call(&a.write, "POST", &of(verb), body).await;
        assert_eq!(answer.status, 204, "{verb}: {}", answer.text());
    };
    let shown = async || world.call(&a.read, "GET", &of(""), &NOTHING).await;
    done("/withdraw", &confirm).await;
    assert!(shown().await.json()["withdrawnAt"].is_string());
    done("/restore", &NOTHING).await;
    assert!(shown().await.json()["withdrawnAt"].is_null());
    // The vendor's interface sends no body here.
    done("/detach", &NOTHING).await;
    assert_eq!(shown().await.status, 404);
    let store = &world.server.app().store;
    assert_eq!(store.is_detached(member).await.unwrap(), Some(a.org));
    done("/readmit", &NOTHING).await;
    assert_eq!(store.is_detached(member).await.unwrap(), None);
    attach(world.server.app(), a.org, a.credential, member).await;
    done("/revoke", &confirm).await;
    let looked_up = world.server.get(&format!("/identity/{member}")).await;
    assert_eq!(looked_up.status, 404);

    let path = format!("/users/{}", world.b.member);
    let answer = world.call(&world.b.write, "DELETE", &path, &NOTHING).await;
    assert_eq!(answer.status, 204);
    let looked_up = world
        .server
        .get(&format!("/identity/{}", world.b.member))
        .await;
    assert_eq!(looked_up.status, 404);
}

#[tokio::test]
async fn credentials_are_made_changed_and_deleted() {
    let world = World::new().await;
    let (app, key) = (world.server.app(), world.a.write.as_str());
    let body = json!({ "username": "Ada@Example.org", "password": "first password", "lock": true });
    let made = world.call(key, "POST", "/credentials", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!(
        (&made["locked"], &made["password"]),
        (&json!(true), &NOTHING)
    );
    let path = format!("/credentials/{}", made["id"].as_str().unwrap());
    let peer = "198.51.100.1".parse().unwrap();
    let opens = async |username: &str, password: &str| {
        licenses::check(app, username, password, peer).await.is_ok()
    };
    assert!(opens("ada@example.ORG ", "first password").await);

    // Usernames are unique on the whole instance, and whose it is stays unsaid.
    let taken = world
        .call(&world.b.write, "POST", "/credentials", &body)
        .await;
    assert_eq!(taken.status, 400);
    let short = json!({ "username": "bob", "password": "12345" });
    assert_eq!(
        world.call(key, "POST", "/credentials", &short).await.status,
        400
    );

    let change = json!({ "username": "ada", "password": "second password" });
    assert_eq!(world.call(key, "PUT", &path, &change).await.status, 204);
    assert!(opens("ada", "second password").await);
    assert!(!opens("ada", "first password").await && !opens("ada@example.org", "x").await);
    assert_eq!(
        world.call(key, "GET", &path, &NOTHING).await.json()["locked"],
        true
    );

    let act = async |verb: &str| {
        let path = format!("{path}{verb}");
        world.call(key, "POST", &path, &NOTHING).await.status
    };
    assert_eq!(act("/withdraw").await, 204);
    assert!(!opens("ada", "second password").await);
    assert_eq!(act("/restore").await, 204);
    assert!(opens("ada", "second password").await);
    assert_eq!(world.call(key, "DELETE", &path, &NOTHING).await.status, 204);
    assert_eq!(world.call(key, "DELETE", &path, &NOTHING).await.status, 404);
    assert!(!opens("ada", "second password").await);
}

#[tokio::test]
async fn a_list_is_imported_with_a_report_or_not_at_all() {
    let world = World::new().await;
    let key = world.a.write.as_str();
    let import = async |query: &str, list: &str| {
        let path = format!("/credentials/import{query}");
        let headers = [("x-api-key", key)];
        world
            .send("POST", &path, &headers, Bytes::from(list.to_owned()))
            .await
    };
    let bad = "ada,good password\nben,short\nuser-B,good password\n";
    let answer = import("?atomic=1", bad).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["imported"], 0);
    assert!(answer.json()["error"].is_string());
    // Only the store knows that a username is taken: even then nothing stays.
    let answer = import("?atomic=1", "ada,good password\nUSER-B,good password\n").await;
    assert_eq!(
        (answer.status, &answer.json()["errors"][0]["line"]),
        (400, &json!(2))
    );
    let total = async || {
        let answer = world.call(key, "GET", "/credentials", &NOTHING).await;
        answer.json()["paging"]["total"].clone()
    };
    assert_eq!(total().await, 1);

    let answer = import("", bad).await;
    assert_eq!(answer.status, 200);
    let report = answer.json();
    assert_eq!(
        (&report["imported"], &report["refused"]),
        (&json!(1), &json!(2))
    );
    let errors: Vec<_> = report["errors"].as_array().unwrap().iter().collect();
    let told: Vec<_> = errors.iter().map(|it| (&it["line"], &it["code"])).collect();
    assert_eq!(
        told,
        [
            (&json!(2), &json!("password")),
            (&json!(3), &json!("taken"))
        ]
    );
    assert_eq!(total().await, 2);
    // A fresh password is told once.
    let answer = import("?atomic=1", "carl,\n").await.json();
    let password = answer["credentials"][0]["password"].as_str().unwrap();
    let peer = "198.51.100.1".parse().unwrap();
    let app = world.server.app();
    assert!(licenses::check(app, "carl", password, peer).await.is_ok());
}

#[tokio::test]
async fn an_activation_gives_a_fresh_password_once() {
    let world = World::new().await;
    let app = world.server.app();
    let path = format!("/credentials/{}/activation", world.a.credential);
    let make = async || {
        let answer = world.call(&world.a.write, "POST", &path, &NOTHING).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    };
    let made = make().await;
    assert!(made["qrSvg"].as_str().unwrap().contains("<svg"));
    let token = made["token"].as_str().unwrap().to_owned();
    assert!(made["link"].as_str().unwrap().ends_with(&token));
    let redeem = async |token: &str| {
        let body = json!({ "token": token });
        world.server.post("/activate", &body).await.json()
    };
    assert_eq!(redeem("nonsense").await["success"], false);
    let given = redeem(&token).await;
    assert_eq!(given["success"], true, "{given}");
    assert_eq!(given["username"], "user-a");
    let peer = "198.51.100.1".parse().unwrap();
    let password = given["password"].as_str().unwrap();
    assert!(licenses::check(app, "user-a", password, peer).await.is_ok());
    assert!(
        licenses::check(app, "user-a", super::PASSWORD, peer)
            .await
            .is_err()
    );
    assert_eq!(redeem(&token).await["success"], false);

    let late = make().await["token"].as_str().unwrap().to_owned();
    app.clock.advance(Duration::from_hours(24 * 7 + 1));
    assert_eq!(redeem(&late).await["success"], false);

    // A password for many is not changed behind their backs.
    let body = json!({ "lock": false });
    let credential = format!("/credentials/{}", world.a.credential);
    assert_eq!(
        world
            .call(&world.a.write, "PUT", &credential, &body)
            .await
            .status,
        204
    );
    let answer = world.call(&world.a.write, "POST", &path, &NOTHING).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn contacts_and_categories_are_kept() {
    let world = World::new().await;
    let key = world.a.write.as_str();
    let outsider = world.b.member;
    let body = json!({ "threemaId": outsider, "firstName": "Out", "lastName": "Sider" });
    let made = world.call(key, "POST", "/contacts", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["threemaId"], made.json()["id"]);
    assert_eq!(
        world.call(key, "POST", "/contacts", &body).await.status,
        400
    );
    let nobody = json!({ "threemaId": "ZZZZZZZZ" });
    assert_eq!(
        world.call(key, "POST", "/contacts", &nobody).await.status,
        400
    );

    let path = format!("/contacts/{outsider}");
    // One program sends a field that means nothing here (interop.md 4).
    let body = json!({
        "firstName": "In", "lastName": "Sider", "enabled": false, "directory_enabled": true,
    });
    assert_eq!(world.call(key, "PUT", &path, &body).await.status, 204);
    let shown = world.call(key, "GET", &path, &NOTHING).await.json();
    assert_eq!(
        (&shown["firstName"], &shown["enabled"]),
        (&json!("In"), &json!(false))
    );
    assert_eq!(shown["type"], "custom");

    let own = json!({ "categories": [world.a.category] });
    let of_contact = format!("{path}/categories");
    assert_eq!(world.call(key, "PUT", &of_contact, &own).await.status, 204);
    let foreign = json!({ "categories": [world.b.category] });
    assert_eq!(
        world.call(key, "PUT", &of_contact, &foreign).await.status,
        400
    );
    let listed = world.call(key, "GET", &of_contact, &NOTHING).await.json();
    assert_eq!(listed["categories"][0]["id"], json!(world.a.category));
    let filtered = format!("/contacts?filterCategory={}", world.a.category);
    let found = world.call(key, "GET", &filtered, &NOTHING).await.json();
    assert_eq!(found["paging"]["total"], 1);
    let detail = format!("/contact-categories/{}", world.a.category);
    assert_eq!(
        world.call(key, "GET", &detail, &NOTHING).await.json()["name"],
        "Category a"
    );
    assert_eq!(world.call(key, "DELETE", &path, &NOTHING).await.status, 204);
    assert_eq!(world.call(key, "GET", &path, &NOTHING).await.status, 404);
}

#[tokio::test]
async fn parameters_are_checked_before_they_are_stored() {
    let world = World::new().await;
    let key = world.a.write.as_str();
    let set = async |body: Value| world.call(key, "POST", "/mdm", &body).await;
    for body in [
        json!({ "property": "th_unknown", "value": 1 }),
        json!({ "property": "th_skip_wizard", "value": "yes" }),
        json!({ "property": "th_license_password", "value": "secret" }),
        json!({ "property": "th_nickname" }),
        json!({ "value": 1 }),
    ] {
        let answer = set(body).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
    let body = json!({ "property": "th_skip_wizard", "value": true });
    assert_eq!(set(body).await.status, 204);
    let shown = world
        .call(key, "GET", "/mdm/th_skip_wizard", &NOTHING)
        .await;
    assert_eq!(shown.json()["value"], true);
    let changed = world
        .call(
            key,
            "PUT",
            "/mdm/th_skip_wizard",
            &json!({ "value": false }),
        )
        .await;
    assert_eq!(
        (changed.status, &changed.json()["value"]),
        (200, &json!(false))
    );
    assert_eq!(
        world
            .call(key, "DELETE", "/mdm/th_skip_wizard", &NOTHING)
            .await
            .status,
        204
    );
    assert_eq!(
        world
            .call(key, "DELETE", "/mdm/th_skip_wizard", &NOTHING)
            .await
            .status,
        404
    );
    let absent = json!({ "value": true });
    let answer = world.call(key, "PUT", "/mdm/th_skip_wizard", &absent).await;
    assert_eq!(answer.status, 404);

    // In bulk it is everything or nothing.
    let id = world.a.credential.to_string();
    let bulk = |last: Value| {
        let parameters = json!([{ "name": "th_firstname", "value": "Ada" }, last]);
        json!({ "credentials": [{ "id": id, "parameters": parameters }] })
    };
    let bad = bulk(json!({ "name": "th_lastname", "value": 7 }));
    assert_eq!(world.call(key, "POST", "/mdm-bulk", &bad).await.status, 422);
    let of_credential = format!("/credentials/{id}/mdm");
    let names = async || {
        let shown = world
            .call(key, "GET", &of_credential, &NOTHING)
            .await
            .json();
        let list = shown["parameters"].as_array().unwrap().clone();
        list.iter().map(|it| it["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["th_nickname"]);
    let good = bulk(json!({ "name": "th_lastname", "value": "Love" }));
    assert_eq!(
        world.call(key, "POST", "/mdm-bulk", &good).await.status,
        204
    );
    assert_eq!(
        names().await,
        ["th_firstname", "th_lastname", "th_nickname"]
    );

    // The operator sets what holds for all.
    let body = json!({ "property": "th_disable_export", "value": true });
    assert_eq!(world.operate(None, "POST", "/mdm", &body).await.status, 204);
    let shown = world.operate(None, "GET", "/mdm", &NOTHING).await.json();
    assert_eq!(shown["parameters"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn logos_are_pngs() {
    let world = World::new().await;
    let headers = [("x-api-key", world.a.write.as_str())];
    let put = async |bytes: Vec<u8>| {
        world
            .send("PUT", "/logos/light", &headers, bytes.into())
            .await
            .status
    };
    assert_eq!(put(b"<svg/>".to_vec()).await, 400);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x08\0\0\0\x08\x08\x06\0\0\0".to_vec();
    assert_eq!(put(png.clone()).await, 204);
    let shown = world
        .call(&world.a.read, "GET", "/logos/light", &NOTHING)
        .await;
    assert_eq!(shown.header("content-type"), Some("image/png"));
    assert_eq!(shown.body, png);
    png.resize(600 * 1024, 0);
    assert_eq!(put(png).await, 400);
    let path = "/logos/light";
    assert_eq!(
        world
            .call(&world.a.write, "DELETE", path, &NOTHING)
            .await
            .status,
        204
    );
    assert_eq!(
        world
            .call(&world.a.read, "GET", path, &NOTHING)
            .await
            .status,
        404
    );
    let sepia = "/logos/sepia";
    assert_eq!(
        world
            .call(&world.a.read, "GET", sepia, &NOTHING)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn organisations_are_made_changed_and_deleted_by_the_operator() {
    let world = World::new().await;
    let body = json!({ "name": "New", "licenseAmount": 3 });
    let made = world.operate(None, "POST", "/orgs", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/orgs/{id}");
    let odd = json!({ "type": "platinum" });
    assert_eq!(world.operate(None, "PUT", &path, &odd).await.status, 400);
    let odd = json!({ "supportUrl": "javascript:alert(1)" });
    assert_eq!(world.operate(None, "PUT", &path, &odd).await.status, 400);
    let body = json!({ "closedGroup": true, "licenseAmount": 5, "validDays": 10 });
    assert_eq!(world.operate(None, "PUT", &path, &body).await.status, 204);
    let org = Some(id.parse().unwrap());
    let shown = world.operate(org, "GET", "/", &NOTHING).await.json();
    assert_eq!(
        (&shown["closedGroup"], &shown["licenseAmount"]),
        (&json!(true), &json!(5))
    );
    assert_eq!(shown["validUntil"], "2026-01-12T03:04:05+0000");

    // An administrator of the organisation renames it, but books no seats.
    let body = json!({ "name": "Renamed", "licenseAmount": 99 });
    assert_eq!(
        world.call(&world.a.write, "PUT", "/", &body).await.status,
        204
    );
    let shown = world.call(&world.a.read, "GET", "/", &NOTHING).await.json();
    assert_eq!(
        (&shown["name"], &shown["licenseAmount"]),
        (&json!("Renamed"), &json!(0))
    );

    assert_eq!(
        world.operate(None, "DELETE", &path, &NOTHING).await.status,
        400
    );
    let confirm = json!({ "confirm": id });
    assert_eq!(
        world.operate(None, "DELETE", &path, &confirm).await.status,
        204
    );
    let full = format!("/orgs/{}", world.a.org);
    let confirm = json!({ "confirm": world.a.org.to_string() });
    let answer = world.operate(None, "DELETE", &full, &confirm).await;
    assert_eq!(answer.status, 400, "it has a member");
    assert!(answer.text().contains("members"), "{}", answer.text());
}
