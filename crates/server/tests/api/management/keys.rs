//! API keys: rights, networks, ends, the daily limit, and what the audit list says.

use std::net::IpAddr;
use std::time::Duration;

use dreiklang_server::service::api_keys::{self, Refused};
use serde_json::{Value, json};

use super::{World, key};

const NOTHING: Value = Value::Null;
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn a_key_is_shown_once_and_works_until_it_is_revoked() {
    let world = World::new().await;
    let body = json!({ "name": "Script", "rights": "users:read", "expiresInDays": 30 });
    let made = world.call(&world.a.write, "POST", "/api-keys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert_eq!(
        world.call(secret, "GET", "/users", &NOTHING).await.status,
        200
    );
    assert_eq!(
        world
            .call(secret, "GET", "/contacts", &NOTHING)
            .await
            .status,
        403
    );
    let listed = world
        .call(&world.a.read, "GET", "/api-keys", &NOTHING)
        .await;
    assert!(listed.text().contains(id) && listed.text().contains("Script"));
    assert!(!listed.text().contains(secret));
    let other = world
        .call(&world.b.read, "GET", "/api-keys", &NOTHING)
        .await;
    assert!(!other.text().contains(id));

    // Neither the key nor its hash's input lies in the store.
    let row = world
        .server
        .app()
        .store
        .api_key(id.to_owned())
        .await
        .unwrap()
        .unwrap();
    assert!(!secret.contains(&hex::encode(row.hash)));

    let path = format!("/api-keys/{id}");
    assert_eq!(
        world
            .call(&world.a.write, "DELETE", &path, &NOTHING)
            .await
            .status,
        204
    );
    assert_eq!(
        world.call(secret, "GET", "/users", &NOTHING).await.status,
        401
    );
    assert_eq!(
        world
            .call(&world.a.write, "DELETE", &path, &NOTHING)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn nobody_hands_out_more_rights_than_they_have() {
    let world = World::new().await;
    let (_, limited) = key(
        world.server.app(),
        Some(world.a.org),
        "api:write,users:read",
        None,
    )
    .await;
    let make = async |rights: &str| {
        let body = json!({ "name": "More", "rights": rights });
        world
            .call(&limited, "POST", "/api-keys", &body)
            .await
            .status
    };
    assert_eq!(make("users:read,api:write").await, 201);
    assert_eq!(make("users:write").await, 403);
    assert_eq!(make("all").await, 403);
    assert_eq!(make("").await, 400);
    assert_eq!(make("everything").await, 400);
}

#[tokio::test]
async fn an_operator_names_the_organisation() {
    let world = World::new().await;
    assert_eq!(
        world.operate(None, "GET", "/users", &NOTHING).await.status,
        400
    );
    let users = world
        .operate(Some(world.b.org), "GET", "/users", &NOTHING)
        .await;
    assert_eq!(users.json()["users"][0]["id"], json!(world.b.member));
    let orgs = world.operate(None, "GET", "/orgs", &NOTHING).await.json();
    assert_eq!(orgs["orgs"].as_array().unwrap().len(), 2);
    assert_eq!(
        world
            .call(&world.a.write, "GET", "/orgs", &NOTHING)
            .await
            .status,
        403
    );
    let headers = [
        ("x-api-key", world.operator.as_str()),
        ("x-org", "AAAAAAAAAA"),
    ];
    let answer = world
        .send("GET", "/users", &headers, hyper::body::Bytes::new())
        .await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_key_works_from_its_networks_only() {
    let world = World::new().await;
    for (networks, status) in [("127.0.0.0/8", 200), ("192.0.2.0/24", 401), ("::1", 401)] {
        let body = json!({ "name": "Bound", "rights": "users:read", "networks": networks });
        let made = world
            .call(&world.a.write, "POST", "/api-keys", &body)
            .await
            .json();
        let secret = made["key"].as_str().unwrap();
        let answer = world.call(secret, "GET", "/users", &NOTHING).await;
        assert_eq!(answer.status, status, "{networks}");
    }
    let body = json!({ "name": "Bound", "rights": "users:read", "networks": "example.org" });
    let answer = world.call(&world.a.write, "POST", "/api-keys", &body).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn a_key_makes_ten_thousand_calls_a_day() {
    let world = World::new().await;
    let app = world.server.app();
    let (_, secret) = key(app, Some(world.a.org), "users:read", None).await;
    for _ in 0..10_000 {
        let good = api_keys::authenticate(app, &secret, HERE).await;
        assert!(good.is_ok());
    }
    let refused = api_keys::authenticate(app, &secret, HERE).await;
    assert_eq!(refused.unwrap_err(), Refused::TooOften);
    let answer = world.call(&secret, "GET", "/users", &NOTHING).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").is_some());
    // Others are not held up, and the next day is a new one.
    assert_eq!(
        world
            .call(&world.a.read, "GET", "/users", &NOTHING)
            .await
            .status,
        200
    );
    app.clock.advance(Duration::from_hours(24));
    assert_eq!(
        world.call(&secret, "GET", "/users", &NOTHING).await.status,
        200
    );
}

#[tokio::test]
async fn a_slightly_wrong_key_is_wrong() {
    let world = World::new().await;
    let secret = &world.a.write;
    let (id, rest) = secret.rsplit_once('_').unwrap();
    let flipped = if rest.starts_with('0') { "1" } else { "0" };
    for wrong in [
        String::new(),
        secret[..secret.len() - 1].to_owned(),
        format!("{secret}0"),
        format!("{id}_{flipped}{}", &rest[1..]),
        secret.replace("dreiklang_", ""),
        format!("dreiklang_AAAAAAAAAA_{rest}"),
    ] {
        let answer = world.call(&wrong, "GET", "/users", &NOTHING).await;
        assert_eq!(answer.status, 401, "{wrong}");
    }
}

#[tokio::test]
async fn acts_are_noted_with_who_did_them() {
    let world = World::new().await;
    let body = json!({ "username": "noted", "password": "long enough" });
    let made = world
        .call(&world.a.write, "POST", "/credentials", &body)
        .await
        .json();
    let list = world
        .call(&world.a.read, "GET", "/audit", &NOTHING)
        .await
        .json();
    let newest = &list["entries"][0];
    assert_eq!(newest["action"], "credential.create");
    assert_eq!(newest["actor"], format!("key:{}", world.a.key_id));
    assert_eq!(newest["subject"], made["id"]);
    assert!(!list.to_string().contains("long enough"));
    let foreign = world.call(&world.b.read, "GET", "/audit", &NOTHING).await;
    assert!(!foreign.text().contains(made["id"].as_str().unwrap()));
    assert!(!foreign.text().contains(world.a.org.as_str()));

    // A page ends where the next one begins.
    let first = world
        .call(&world.a.read, "GET", "/audit?pageSize=2", &NOTHING)
        .await
        .json();
    let last = first["entries"][1]["position"].as_i64().unwrap();
    let path = format!("/audit?pageSize=2&before={last}");
    let second = world
        .call(&world.a.read, "GET", &path, &NOTHING)
        .await
        .json();
    assert!(second["entries"][0]["position"].as_i64().unwrap() < last);

    let checked = world
        .operate(None, "GET", "/audit/verify", &NOTHING)
        .await
        .json();
    assert_eq!(checked["valid"], true, "{checked}");
    assert!(checked["count"].as_i64().unwrap() > 10);
    let answer = world
        .call(&world.a.write, "GET", "/audit/verify", &NOTHING)
        .await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn refusals_are_in_the_language_of_the_caller() {
    let world = World::new().await;
    let headers = [("accept-language", "de")];
    let answer = world
        .send("GET", "/users", &headers, hyper::body::Bytes::new())
        .await;
    assert!(
        answer.json()["error"]
            .as_str()
            .unwrap()
            .contains("Schlüssel")
    );
    let headers = [
        ("accept-language", "de"),
        ("x-api-key", world.a.read.as_str()),
    ];
    let answer = world
        .send(
            "GET",
            "/users/ZZZZZZZZ",
            &headers,
            hyper::body::Bytes::new(),
        )
        .await;
    assert_eq!(answer.status, 404);
    assert!(answer.json()["error"].as_str().unwrap().contains("nicht"));
}
