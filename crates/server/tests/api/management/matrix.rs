//! The authorisation matrix: every route of the table, every kind of caller, the expected answer.
//!
//! A route without a row fails the test, so nobody adds one without saying who may call it.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dreiklang_server::config::InstanceKind;
use dreiklang_server::edge::api::routes::{Access, Area, Verb, routes};
use dreiklang_server::service::{credentials, members, orgs};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{PASSWORD, Tenant, World, key};
use crate::server::{TestServer, exchange, request};

/// What a caller may expect: let in (whatever the handler says then), or one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    LetIn,
    Status(u16),
}
use Expected::{LetIn, Status};

/// A caller, as headers.
struct Caller {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
    may: fn(Access) -> Expected,
}

fn basic(username: &str) -> (&'static str, String) {
    let pair = STANDARD.encode(format!("{username}:{PASSWORD}"));
    ("authorization", format!("Basic {pair}"))
}

/// What callers without a key may do on an open instance.
fn without_key(access: Access) -> Expected {
    match access {
        Access::ApiKey(..) | Access::Operator(..) => Status(401),
        _ => LetIn,
    }
}

fn reader(access: Access) -> Expected {
    match access {
        Access::ApiKey(_, Verb::Write) | Access::Operator(..) => Status(403),
        _ => LetIn,
    }
}

fn writer(access: Access) -> Expected {
    match access {
        Access::Operator(..) => Status(403),
        _ => LetIn,
    }
}

async fn callers(world: &World) -> Vec<Caller> {
    let app = world.server.app();
    let soon = app.clock.now().0 + 1000;
    let (_, expiring) = key(app, Some(world.a.org), "all", Some(soon)).await;
    app.clock.advance(Duration::from_secs(2));
    let (revoked_id, revoked) = key(app, Some(world.a.org), "all", None).await;
    let path = format!("/api-keys/{revoked_id}");
    let answer = world
        .call(&world.a.write, "DELETE", &path, &Value::Null)
        .await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let of_key = |key: &str| vec![("x-api-key", key.to_owned())];
    let caller = |name, headers, may| Caller { name, headers, may };
    vec![
        caller("anonymous", vec![], without_key),
        caller("licence of A", vec![basic(&world.a.username)], without_key),
        caller("licence of B", vec![basic(&world.b.username)], without_key),
        caller("reader of A", of_key(&world.a.read), reader),
        caller("writer of A", of_key(&world.a.write), writer),
        caller("expired key", of_key(&expiring), without_key),
        caller("revoked key", of_key(&revoked), without_key),
        caller("no key at all", of_key("dreiklang_x"), without_key),
        caller(
            "operator",
            {
                let mut headers = of_key(&world.operator);
                headers.push(("x-org", world.a.org.to_string()));
                headers
            },
            |_| LetIn,
        ),
    ]
}

/// An address that names something of this organisation's.
fn filled(path: &str, of: &Tenant) -> String {
    path.replace("/api-keys/{id}", &format!("/api-keys/{}", of.key_id))
        .replace("/categories/{id}", &format!("/categories/{}", of.category))
        .replace(
            "/contact-categories/{id}",
            &format!("/contact-categories/{}", of.category),
        )
        .replace(
            "/contacts/{threema_id}",
            &format!("/contacts/{}", of.contact),
        )
        .replace("{threema_id}", of.member.as_str())
        .replace(
            "/credentials/{id}",
            &format!("/credentials/{}", of.credential),
        )
        .replace("{property_id}", "th_nickname")
        .replace("{logo_variant}", "light")
        .replace("{org}", of.org.as_str())
        .replace("{identity}", of.member.as_str())
        .replace("{id}", "00112233445566778899aabbccddeeff")
}

async fn status(world: &World, method: &str, path: &str, headers: &[(&str, String)]) -> u16 {
    status_on(&world.server, method, path, headers).await
}

async fn status_on(
    server: &TestServer,
    method: &str,
    path: &str,
    headers: &[(&str, String)],
) -> u16 {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    // No body is complete enough to change anything, whoever sends it.
    let request = request.body(Full::new(Bytes::from_static(b"[]"))).unwrap();
    exchange(server.connect().await, request).await.status
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let world = World::new().await;
    let callers = callers(&world).await;
    let rows = rows();
    let mut wrong = Vec::new();
    for route in routes() {
        let method = route.method.as_str();
        match rows.get(&(method, route.path)) {
            None => {
                wrong.push(format!("{method} {} has no row in this matrix", route.path));
                continue;
            }
            Some(access) if *access != route.access => {
                let found = route.access;
                wrong.push(format!(
                    "{method} {}: {found:?}, not {access:?}",
                    route.path
                ));
            }
            Some(_) => {}
        }
        let is_dangerous = DANGEROUS.contains(&(method, route.path));
        let path = filled(route.path, &world.a);
        for caller in &callers {
            let expected = (caller.may)(route.access);
            if is_dangerous && expected == LetIn {
                continue;
            }
            let found = status(&world, method, &path, &caller.headers).await;
            let is_right = match expected {
                Status(status) => found == status,
                LetIn => is_let_in(route.access, found),
            };
            if !is_right {
                let name = caller.name;
                wrong.push(format!(
                    "{name}: {method} {path}: {found}, not {expected:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who is let in is told by the handler what is wrong with the call, but not to show a key.
fn is_let_in(access: Access, status: u16) -> bool {
    match access {
        // Whose licence it is says the body, and this body says nothing.
        Access::License | Access::Token => status != 403 && status < 500,
        _ => status != 401 && status != 403 && status < 500,
    }
}

#[tokio::test]
async fn a_route_that_is_gone_has_no_row() {
    let there: Vec<_> = routes()
        .iter()
        .map(|it| (it.method.as_str().to_owned(), it.path))
        .collect();
    for (method, path) in rows().keys() {
        assert!(
            there.contains(&((*method).to_owned(), path)),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn nobody_reaches_into_another_organisation() {
    let world = World::new().await;
    let before = everything(&world, &world.b).await;
    let mut tried = 0;
    for route in routes() {
        let is_org_scoped = matches!(route.access, Access::ApiKey(..));
        if !is_org_scoped || !route.path.contains('{') || ANYBODYS.contains(&route.path) {
            continue;
        }
        let (method, path) = (route.method.as_str(), filled(route.path, &world.b));
        let path = path.strip_prefix("/api/v1").unwrap();
        // A body with which the organisation itself would succeed.
        let body = json!({
            "confirm": world.b.member, "username": "stolen", "password": "stolen password",
            "firstName": "Sto", "lastName": "Len", "enabled": false, "value": "stolen",
            "property": "th_nickname", "name": "stolen", "categories": [],
        });
        let body = if method == "GET" { Value::Null } else { body };
        let answer = world.call(&world.a.write, method, path, &body).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
        tried += 1;
    }
    assert!(tried > 25, "only {tried} routes were tried");
    // The bulk route names its objects in the body.
    let id = world.b.credential.to_string();
    let parameters = json!([{ "name": "th_nickname", "value": "stolen" }]);
    let body = json!({ "credentials": [{ "id": id, "parameters": parameters }] });
    let answer = world.call(&world.a.write, "POST", "/mdm-bulk", &body).await;
    assert_eq!(answer.status, 404, "{}", answer.text());
    // A key of one organisation cannot name another.
    let org = world.b.org.to_string();
    let headers = [
        ("x-api-key", world.a.write.as_str()),
        ("x-org", org.as_str()),
    ];
    let answer = world.send("GET", "/", &headers, Bytes::new()).await;
    assert_eq!(answer.status, 404);
    assert_eq!(everything(&world, &world.b).await, before);
    // The same calls with the own key are not refused, so the table above tries something.
    let own = format!("/credentials/{}", world.b.credential);
    let answer = world.call(&world.b.write, "GET", &own, &Value::Null).await;
    assert_eq!(answer.status, 200);
}

/// What an organisation sees of itself.
async fn everything(world: &World, of: &Tenant) -> Vec<Value> {
    let mut seen = Vec::new();
    let of_contact = format!("/contacts/{}/categories", of.contact);
    let of_credential = format!("/credentials/{}/mdm", of.credential);
    for path in [
        "/",
        "/status",
        "/credentials",
        "/users",
        "/contacts",
        "/categories",
        "/mdm",
        "/mdm-bulk",
        &of_contact,
        &of_credential,
    ] {
        let answer = world.call(&of.read, "GET", path, &Value::Null).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        seen.push(answer.json());
    }
    let keys = world.call(&of.read, "GET", "/api-keys", &Value::Null).await;
    // When a key was last used changes by looking.
    let keys = keys.json();
    let ids = keys["keys"].as_array().unwrap().iter();
    seen.push(ids.map(|it| json!([it["id"], it["revokedAt"]])).collect());
    seen
}

#[tokio::test]
async fn a_closed_instance_lets_in_licences_only() {
    let server = TestServer::start_with(|config| {
        config.server.kind = InstanceKind::Closed;
    })
    .await;
    let app = server.app();
    let wanted = orgs::Wanted {
        name: "Only".to_owned(),
        plan: "enterprise".to_owned(),
        ..orgs::Wanted::default()
    };
    let org = orgs::create(app, "test", wanted).await.unwrap();
    let mut ids = Vec::new();
    for name in ["good", "withdrawn"] {
        let wanted = credentials::Wanted {
            username: name.to_owned(),
            password: PASSWORD.to_owned(),
            is_shared: true,
            uses_max: 0,
            expires_at: None,
        };
        ids.push(credentials::create(app, "test", org, wanted).await.unwrap());
    }
    members::withdraw_credential(app, "test", org, ids[1])
        .await
        .unwrap();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for route in routes() {
        let (method, path) = (route.method.as_str(), route.path);
        let needs_license = match route.access {
            Access::Public | Access::Identity | Access::Token => true,
            Access::Anybody => false,
            // Their own tests ask with a body; keys are the same on every instance.
            Access::License | Access::ApiKey(..) | Access::Operator(..) => continue,
        };
        let path = path
            .replace("{identity}", "ZZZZZZZZ")
            .replace("{org}", org.as_str())
            .replace("{variant}", "light")
            .replace("{id}", "00112233445566778899aabbccddeeff")
            .replace("{token}", "none");
        for (name, headers, is_good) in [
            ("anonymous", vec![], false),
            ("good", vec![basic("good")], true),
            ("withdrawn", vec![basic("withdrawn")], false),
            ("unknown", vec![basic("nobody")], false),
        ] {
            let found = status_on(&server, method, &path, &headers).await;
            let is_refused = found == 401;
            if is_refused != (needs_license && !is_good) {
                wrong.push(format!("{name}: {method} {path}: {found}"));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 60, "{tried}");
}

#[tokio::test]
async fn a_licence_opens_nothing_of_the_administration() {
    let world = World::new().await;
    let mut tried = 0;
    for is_withdrawn in [false, true] {
        if is_withdrawn {
            let (app, a) = (world.server.app(), &world.a);
            members::withdraw_credential(app, "test", a.org, a.credential)
                .await
                .unwrap();
        }
        let caller = vec![basic(&world.a.username)];
        for route in routes() {
            if let Access::ApiKey(..) | Access::Operator(..) = route.access {
                let path = filled(route.path, &world.a);
                let found = status(&world, route.method.as_str(), &path, &caller).await;
                assert_eq!(found, 401, "{path}");
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

/// Routes whose address names something that belongs to no organisation.
const ANYBODYS: [&str; 2] = [
    // A name of a parameter or a picture, not an object.
    "/api/v1/mdm/{property_id}",
    "/api/v1/logos/{logo_variant}",
];

/// Routes that act without any body: they would take away what the next caller needs. The other
/// tests of this file and of `actions` call them.
const DANGEROUS: [(&str, &str); 7] = [
    ("DELETE", "/api/v1/credentials/{id}"),
    ("DELETE", "/api/v1/users/{threema_id}"),
    ("DELETE", "/api/v1/contacts/{threema_id}"),
    ("DELETE", "/api/v1/categories/{id}"),
    ("DELETE", "/api/v1/api-keys/{id}"),
    ("DELETE", "/api/v1/mdm/{property_id}"),
    ("DELETE", "/api/v1/credentials/{id}/mdm/{property_id}"),
];

/// Who may call what: as the table of routes says, and once more by hand, so that a change there
/// is a change here.
const ROWS: &[(Access, &[(&str, &str)])] = &[
    (
        Access::Anybody,
        &[
            ("GET", "/health/live"),
            ("GET", "/health/ready"),
            ("POST", "/activate"),
            ("GET", "/prov/config.fallback.oppf"),
            ("POST", "/api-client/v1/remote-secret"),
            ("GET", "/link/email/{token}"),
            ("POST", "/link/email/{token}"),
        ],
    ),
    (
        Access::License,
        &[
            ("GET", "/auth_token"),
            ("GET", "/prov/config.oppf"),
            ("POST", "/fetch2"),
            ("POST", "/identities"),
            ("POST", "/directory"),
            ("POST", "/api-client/v1/user-properties"),
            ("PUT", "/api-client/v1/remote-secret"),
            ("DELETE", "/api-client/v1/remote-secret"),
            ("POST", "/check_license"),
        ],
    ),
    (
        Access::Token,
        &[
            ("GET", "/avatar/{identity}"),
            ("GET", "/safe/config"),
            ("GET", "/safe/backups/{id}"),
            ("PUT", "/safe/backups/{id}"),
            ("DELETE", "/safe/backups/{id}"),
            ("POST", "/blob/upload"),
            ("GET", "/blob/{id}"),
            ("POST", "/blob/{id}/done"),
        ],
    ),
    (
        Access::Public,
        &[
            ("GET", "/logo/{org}/{variant}"),
            ("POST", "/identity/fetch_bulk"),
            ("POST", "/identity/check"),
            ("POST", "/identity/check_featuremask"),
            ("POST", "/identity/ws/revoke"),
            ("GET", "/identity/{identity}"),
            ("POST", "/identity/link_mobileno_call"),
            ("POST", "/identity/match"),
        ],
    ),
    (
        Access::Identity,
        &[
            ("POST", "/identity/create"),
            ("POST", "/identity/fetch_priv"),
            ("POST", "/identity/set_featuremask"),
            ("POST", "/identity/set_push_endpoint"),
            ("POST", "/identity/set_revocation_key"),
            ("POST", "/identity/check_revocation_key"),
            ("POST", "/identity/update_work_info"),
            ("POST", "/identity/export"),
            ("POST", "/identity/revoke"),
            ("POST", "/identity/link_email"),
            ("POST", "/identity/link_mobileno"),
            ("POST", "/identity/match_token"),
        ],
    ),
    (
        Access::ApiKey(Area::Subscription, Verb::Read),
        &[
            ("GET", "/api/v1"),
            ("GET", "/api/v1/"),
            ("GET", "/api/v1/status"),
            ("GET", "/api/v1/logos/{logo_variant}"),
        ],
    ),
    (
        Access::ApiKey(Area::Subscription, Verb::Write),
        &[
            ("PUT", "/api/v1"),
            ("PUT", "/api/v1/"),
            ("PUT", "/api/v1/logos/{logo_variant}"),
            ("DELETE", "/api/v1/logos/{logo_variant}"),
        ],
    ),
    (
        Access::ApiKey(Area::Users, Verb::Read),
        &[
            ("GET", "/api/v1/credentials"),
            ("GET", "/api/v1/credentials/{id}"),
            ("GET", "/api/v1/users"),
            ("GET", "/api/v1/users/{threema_id}"),
        ],
    ),
    (
        Access::ApiKey(Area::Users, Verb::Write),
        &[
            ("POST", "/api/v1/credentials"),
            ("POST", "/api/v1/credentials/import"),
            ("PUT", "/api/v1/credentials/{id}"),
            ("DELETE", "/api/v1/credentials/{id}"),
            ("POST", "/api/v1/credentials/{id}/withdraw"),
            ("POST", "/api/v1/credentials/{id}/restore"),
            ("POST", "/api/v1/credentials/{id}/activation"),
            ("DELETE", "/api/v1/users/{threema_id}"),
            ("POST", "/api/v1/users/{threema_id}/detach"),
            ("POST", "/api/v1/users/{threema_id}/withdraw"),
            ("POST", "/api/v1/users/{threema_id}/restore"),
            ("POST", "/api/v1/users/{threema_id}/readmit"),
            ("POST", "/api/v1/users/{threema_id}/revoke"),
        ],
    ),
    (
        Access::ApiKey(Area::Contacts, Verb::Read),
        &[
            ("GET", "/api/v1/contacts"),
            ("GET", "/api/v1/contacts/{threema_id}"),
            ("GET", "/api/v1/contacts/{threema_id}/categories"),
            ("GET", "/api/v1/contact-categories/{id}"),
            ("GET", "/api/v1/categories"),
            ("GET", "/api/v1/categories/{id}"),
        ],
    ),
    (
        Access::ApiKey(Area::Contacts, Verb::Write),
        &[
            ("POST", "/api/v1/contacts"),
            ("PUT", "/api/v1/contacts/{threema_id}"),
            ("DELETE", "/api/v1/contacts/{threema_id}"),
            ("PUT", "/api/v1/contacts/{threema_id}/categories"),
            ("POST", "/api/v1/categories"),
            ("PUT", "/api/v1/categories/{id}"),
            ("DELETE", "/api/v1/categories/{id}"),
        ],
    ),
    (
        Access::ApiKey(Area::Configuration, Verb::Read),
        &[
            ("GET", "/api/v1/mdm"),
            ("GET", "/api/v1/mdm/{property_id}"),
            ("GET", "/api/v1/mdm-bulk"),
            ("GET", "/api/v1/credentials/{id}/mdm"),
            ("GET", "/api/v1/credentials/{id}/mdm/{property_id}"),
        ],
    ),
    (
        Access::ApiKey(Area::Configuration, Verb::Write),
        &[
            ("POST", "/api/v1/mdm"),
            ("PUT", "/api/v1/mdm/{property_id}"),
            ("DELETE", "/api/v1/mdm/{property_id}"),
            ("POST", "/api/v1/mdm-bulk"),
            ("POST", "/api/v1/credentials/{id}/mdm"),
            ("PUT", "/api/v1/credentials/{id}/mdm/{property_id}"),
            ("DELETE", "/api/v1/credentials/{id}/mdm/{property_id}"),
        ],
    ),
    (
        Access::ApiKey(Area::Api, Verb::Read),
        &[("GET", "/api/v1/api-keys")],
    ),
    (
        Access::ApiKey(Area::Api, Verb::Write),
        &[
            ("POST", "/api/v1/api-keys"),
            ("DELETE", "/api/v1/api-keys/{id}"),
        ],
    ),
    (
        Access::ApiKey(Area::Privacy, Verb::Read),
        &[("GET", "/api/v1/audit")],
    ),
    (
        Access::Operator(Area::Privacy, Verb::Write),
        &[("POST", "/api/v1/identities/{threema_id}/erase")],
    ),
    (
        Access::Operator(Area::Privacy, Verb::Read),
        &[
            ("GET", "/api/v1/audit/verify"),
            ("GET", "/api/v1/identities/{threema_id}/export"),
        ],
    ),
    (
        Access::Operator(Area::Subscription, Verb::Read),
        &[("GET", "/api/v1/orgs")],
    ),
    (
        Access::Operator(Area::Subscription, Verb::Write),
        &[
            ("POST", "/api/v1/orgs"),
            ("PUT", "/api/v1/orgs/{org}"),
            ("DELETE", "/api/v1/orgs/{org}"),
        ],
    ),
];

fn rows() -> BTreeMap<(&'static str, &'static str), Access> {
    ROWS.iter()
        .flat_map(|(access, routes)| routes.iter().map(|route| (*route, *access)))
        .collect()
}
