//! A closed instance: what nobody sees without a licence, tokens, and the provisioning file.

use dreiklang_crypto::sign::SigningKey;
use dreiklang_crypto::{SecretKey, SeededRng, SystemRng};
use dreiklang_server::app::keys;
use dreiklang_server::config::{Config, InstanceKind};
use dreiklang_server::edge::api::routes::{Access, routes};
use dreiklang_server::service::members;
use dreiklang_store::IdentityKind;
use dreiklang_wire::oppf::Document;
use serde_json::json;

use crate::server::{Person, TestServer, base64};
use crate::work::office::{ACTOR, Office, Pass, create, prove_or_refused};

fn key() -> SigningKey {
    SigningKey::generate(&mut SeededRng::new(7))
}

/// A closed instance that signs its provisioning file itself.
pub(crate) async fn closed(change: impl FnOnce(&mut Config)) -> TestServer {
    TestServer::start_with(|config| {
        config.server.kind = InstanceKind::Closed;
        config.chat.public_ports = vec![5222];
        "file:keys/oppf.key".clone_into(&mut config.provisioning.signing_key);
        let file = std::path::Path::new(&config.server.data_dir).join("keys/oppf.key");
        keys::write_secret(&file, key().expose()).unwrap();
        change(config);
    })
    .await
}

pub(crate) fn basic(pass: &Pass) -> String {
    let pair = format!("{}:{}", pass.username, pass.password);
    format!("Basic {}", base64(pair.as_bytes()).as_str().unwrap())
}

/// A member, whose licence all requests show from now on.
pub(crate) async fn member(server: &TestServer, office: &Office<'_>, name: &str) -> (Person, Pass) {
    let pass = office.pass(name).await;
    server.show(Some(basic(&pass)));
    let secret = SecretKey::generate(&mut SystemRng);
    let answer = create(server, &secret, &pass).await;
    let identity = answer["identity"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    let identity = identity.parse().unwrap();
    (Person { secret, identity }, pass)
}

#[tokio::test]
async fn without_a_licence_there_is_nothing_to_see() {
    let server = closed(|_| {}).await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..pass
    };
    let mut seen = 0;
    for shown in [
        None,
        Some(basic(&wrong)),
        Some("Token x".to_owned()),
        Some("x".to_owned()),
    ] {
        server.show(shown);
        for route in routes() {
            let path = route
                .path
                .replace("{identity}", "ECHOECHO")
                .replace("{id}", &"0".repeat(32));
            if matches!(
                route.access,
                Access::Public | Access::Identity | Access::Token
            ) {
                let answer = server
                    .call(route.method.as_str(), &path, &[], &json!({}))
                    .await;
                assert_eq!(answer.status, 401, "{} {}", route.method, route.path);
                assert!(
                    answer
                        .header("www-authenticate")
                        .unwrap()
                        .starts_with("Basic")
                );
                assert_eq!(answer.json()["success"], false);
                seen += 1;
            }
        }
        assert_eq!(server.get("/health/live").await.status, 200);
    }
    assert!(seen > 40, "only {seen} routes were tried");
}

#[tokio::test]
async fn a_licence_lets_in_and_makes_work_identities_only() {
    let server = closed(|_| {}).await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = member(&server, &office, "anna").await;
    let found = server.get(&format!("/identity/{}", anna.identity)).await;
    assert_eq!((found.status, &found.json()["type"]), (200, &json!(1)));

    // Named in the head alone.
    let ben = office.pass("ben").await;
    server.show(Some(basic(&ben)));
    let secret = SecretKey::generate(&mut SystemRng);
    let fields = json!({ "publicKey": base64(secret.public().as_bytes()) });
    let answer = prove_or_refused(&server, "/identity/create", &fields, &secret).await;
    let identity = answer["identity"].as_str().unwrap().parse().unwrap();
    let store = &server.app().store;
    let row = store.identity(identity).await.unwrap().unwrap();
    assert_eq!(row.kind, IdentityKind::Work);
    assert_eq!(
        store.member(identity).await.unwrap().unwrap().credential,
        ben.id
    );

    server.show(Some(format!("{}}}", basic(&pass))));
    let found = server.get(&format!("/identity/{}", anna.identity)).await;
    assert_eq!(found.status, 200, "a stray brace does no harm");
}

#[tokio::test]
async fn a_token_lives_an_hour_and_no_longer_than_its_licence() {
    let server = closed(|_| {}).await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = member(&server, &office, "anna").await;
    let path = format!("/identity/{}", anna.identity);
    let fetch = async || {
        server.show(Some(basic(&pass)));
        let answer = server.get("/auth_token").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let token = format!("Token {}", answer.json()["authToken"].as_str().unwrap());
        server.show(Some(token));
    };
    fetch().await;
    assert_eq!(server.get(&path).await.status, 200);
    assert_eq!(
        server.get("/auth_token").await.status,
        401,
        "no token for a token"
    );
    assert_eq!(server.get("/prov/config.oppf").await.status, 401);
    server.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(server.get(&path).await.status, 401);
    fetch().await;
    assert_eq!(server.get(&path).await.status, 200);
    members::withdraw_credential(server.app(), ACTOR, office.org, pass.id)
        .await
        .unwrap();
    assert_eq!(server.get(&path).await.status, 401, "withdrawn at once");
}

#[tokio::test]
async fn the_provisioning_file_is_for_licences_and_its_fallback_for_everybody() {
    let server = closed(|it| it.provisioning.license_count = 12).await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    let trusted = [key().verifying_key()];
    assert_eq!(server.get("/prov/config.oppf").await.status, 401);
    let fallback = server.get("/prov/config.fallback.oppf").await;
    assert_eq!(fallback.status, 200);

    server.show(Some(format!("{}}}", basic(&pass))));
    let answer = server.get("/prov/config.oppf").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.body, fallback.body, "the same signed bytes");
    let document = Document::open(&answer.body, &trusted).unwrap();
    assert_eq!(document.license.count, 12);
    assert_eq!(document.chat.public_key, server.app().keys.current.public());
    assert!(document.domains.is_none(), "nothing to pin without TLS");

    office.change(|org| org.valid_until = Some(1)).await;
    assert_eq!(server.get("/prov/config.oppf").await.status, 403);
    office.change(|org| org.valid_until = None).await;
    members::withdraw_credential(server.app(), ACTOR, office.org, pass.id)
        .await
        .unwrap();
    let answer = server.get("/prov/config.oppf").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    assert_eq!(server.get("/prov/config.fallback.oppf").await.status, 200);
}

#[tokio::test]
async fn the_licence_count_is_for_all_organisations_together() {
    let server = closed(|it| it.provisioning.license_count = 2).await;
    let one = Office::open(&server, "One", 0).await;
    let other = Office::open(&server, "Other", 0).await;
    member(&server, &one, "anna").await;
    member(&server, &other, "ben").await;
    let pass = other.pass("carla").await;
    server.show(Some(basic(&pass)));
    let answer = create(&server, &SecretKey::generate(&mut SystemRng), &pass).await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"].as_str().unwrap().contains("seat"),
        "{answer}"
    );
}

#[tokio::test]
async fn an_open_instance_has_no_provisioning_file_and_ignores_a_wrong_licence() {
    let server = TestServer::start().await;
    for path in ["/prov/config.oppf", "/prov/config.fallback.oppf"] {
        assert!(
            [401, 404].contains(&server.get(path).await.status),
            "{path}"
        );
    }
    let anna = server.person().await;
    server.show(Some("Basic eDp5".to_owned()));
    let found = server.get(&format!("/identity/{}", anna.identity)).await;
    assert_eq!(found.status, 200);
}
