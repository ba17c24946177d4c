//! `POST identity/set_push_endpoint`

use serde_json::json;

use crate::server::TestServer;

const PATH: &str = "/identity/set_push_endpoint";

async fn server(folder: &tempfile::TempDir) -> TestServer {
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    TestServer::start_with(|config| {
        config.web.private_listen = vec!["127.0.0.1:0".parse().unwrap()];
        folder
            .path()
            .to_str()
            .unwrap()
            .clone_into(&mut config.web.folder);
        config.web.push_hosts = vec!["push.example".to_owned()];
    })
    .await
}

#[tokio::test]
async fn an_address_is_kept_with_a_proof_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(&folder).await;
    let (alice, bob) = (server.person().await, server.person().await);
    let kept = async || {
        server
            .app()
            .store
            .push_endpoint(alice.identity)
            .await
            .unwrap()
    };
    let fields = |endpoint: &str| json!({ "identity": alice.identity, "endpoint": endpoint });
    let one = fields("https://push.example/one");
    assert_eq!(
        server.prove(PATH, &one, &bob.secret).await["success"],
        false
    );
    assert_eq!(kept().await, None, "somebody else's key");
    assert_eq!(
        server.prove(PATH, &one, &alice.secret).await,
        json!({ "success": true })
    );
    assert_eq!(kept().await.as_deref(), Some("https://push.example/one"));

    let elsewhere = fields("https://elsewhere.example/one");
    let answer = server.prove(PATH, &elsewhere, &alice.secret).await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"].as_str().unwrap().contains("cannot wake"),
        "{answer}"
    );
    for bad in [
        json!({ "identity": alice.identity }),
        fields(&"x".repeat(2_000)),
    ] {
        assert_eq!(server.post(PATH, &bad).await.json()["success"], false);
    }
    assert_eq!(kept().await.as_deref(), Some("https://push.example/one"));
    server.prove(PATH, &fields(""), &alice.secret).await;
    assert_eq!(kept().await, None);
}

#[tokio::test]
async fn apps_are_told_the_key_that_they_subscribe_with() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(&folder).await;
    let key = server.app().pushes.caller().unwrap().public_key();
    assert_eq!(key.len(), 87, "65 bytes in base64 of URLs");
    let stream = tokio::net::TcpStream::connect(server.web()[0].bound)
        .await
        .unwrap();
    let request = crate::server::request("GET", "/web.json");
    let answer = crate::server::exchange(
        stream,
        request.body(http_body_util::Full::default()).unwrap(),
    );
    assert_eq!(answer.await.json()["vapid_public_key"], json!(key));
}
