//! What the directory takes and what it refuses, on any endpoint.

use serde_json::json;

use crate::server::TestServer;

#[tokio::test]
async fn unknown_fields_of_any_type_are_ignored() {
    let server = TestServer::start().await;
    let person = server.person().await;
    // One client sends a boolean, another a string in the same field (protocol.md D21).
    for scheme in [
        json!(true),
        json!("threema"),
        json!(null),
        json!({ "deep": [1, 2] }),
    ] {
        let fields = json!({ "identity": person.identity, "urlScheme": scheme, "version": 1.5 });
        let answer = server
            .prove("/identity/fetch_priv", &fields, &person.secret)
            .await;
        assert_eq!(answer["success"], true, "{fields}");
    }
}

#[tokio::test]
async fn the_order_of_fields_does_not_matter_to_the_proof() {
    use dreiklang_wire::api::directory::challenge::Realm;
    let server = TestServer::start().await;
    let person = server.person().await;
    let path = "/identity/set_featuremask";
    let identity = person.identity;
    let headers = [("content-type", "application/json")];
    let first = format!("{{\"identity\":\"{identity}\",\"featureMask\":3}}");
    let answer = server.post_bytes(path, &headers, first).await;
    let challenge: dreiklang_wire::api::directory::Challenge =
        serde_json::from_slice(&answer.body).unwrap();
    let proof = challenge.answer(Realm::Directory, &person.secret).unwrap();
    let second = format!(
        "{{\"response\":{},\"featureMask\":3,  \"token\":{},\"identity\":\"{identity}\"}}",
        json!(proof.response),
        json!(proof.token)
    );
    assert_eq!(
        server.post_bytes(path, &headers, second).await.json()["success"],
        true
    );
}

#[tokio::test]
async fn what_is_no_json_object_is_400() {
    let server = TestServer::start().await;
    let deep = "[".repeat(100_000);
    for body in [
        "",
        "{",
        "[]",
        "7",
        "null",
        "{\"a\":}",
        "\u{feff}{}",
        deep.as_str(),
    ] {
        for path in ["/identity/create", "/identity/check", "/identity/ws/revoke"] {
            let answer = server.post_bytes(path, &[], body.to_owned()).await;
            assert_eq!(answer.status, 400, "{path} {body:.20}");
            assert_eq!(answer.json()["success"], false);
        }
    }
}

#[tokio::test]
async fn missing_or_odd_fields_are_refused_politely() {
    let server = TestServer::start().await;
    for path in [
        "/identity/create",
        "/identity/fetch_bulk",
        "/identity/fetch_priv",
        "/identity/check",
        "/identity/set_featuremask",
        "/identity/check_featuremask",
        "/identity/set_revocation_key",
        "/identity/check_revocation_key",
        "/identity/revoke",
        "/identity/ws/revoke",
    ] {
        for body in [
            json!({}),
            json!({ "identity": 7, "identities": "x", "publicKey": [] }),
        ] {
            let answer = server.post(path, &body).await;
            assert_eq!(
                (answer.status, &answer.json()["success"]),
                (200, &json!(false)),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn a_large_body_is_413_and_the_server_lives_on() {
    let server = TestServer::start_with(|config| config.api.body_bytes_max = 10_000).await;
    let answer = server
        .post_bytes("/identity/check", &[], vec![b' '; 20_000])
        .await;
    assert_eq!(answer.status, 413);
    assert_eq!(server.get("/health/live").await.status, 200);
}

#[tokio::test]
async fn errors_are_in_the_language_of_the_caller() {
    let server = TestServer::start().await;
    let body = json!({ "identity": "ZZZZZZZZ" }).to_string();
    let error = async |language: &str| {
        let headers = [("accept-language", language)];
        let answer = server
            .post_bytes("/identity/revoke", &headers, body.clone())
            .await;
        answer.json()["error"].as_str().unwrap().to_owned()
    };
    assert_eq!(error("en-US").await, "This ID does not exist.");
    assert_eq!(
        error("de-CH,de;q=0.9,en;q=0.1").await,
        "Diese ID gibt es nicht."
    );
    assert_eq!(error("fr").await, "This ID does not exist.");
}

#[tokio::test]
async fn unknown_addresses_are_404_and_wrong_methods_405() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/").await.status, 404);
    assert_eq!(server.get("/identity").await.status, 404);
    assert_eq!(
        server.post("/identity/turn_cred", &json!({})).await.status,
        405
    );
    assert_eq!(server.get("/identity/revoke/x").await.status, 404);
    assert_eq!(server.get("/blob/upload").await.status, 405);
}
