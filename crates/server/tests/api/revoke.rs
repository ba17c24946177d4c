//! `POST identity/revoke`

use std::time::Duration;

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::service::directory;
use dreiklang_server::service::sessions::known::Recall;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::csp::client::{Credentials, Login, ServerPublicKeys, Step};
use dreiklang_wire::csp::{ClientInfo, Features};
use futures_util::FutureExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::backup::accept;
use crate::server::{Person, TestServer, base64, with_proof};

/// Logs in to the chat server; `None` if it closes the connection instead.
async fn log_in(server: &TestServer, person: &Person) -> Option<TcpStream> {
    let keys = &server.app().keys;
    let credentials = Credentials {
        identity: person.identity,
        client_key: SecretKey::from_bytes(*person.secret.expose()),
        server_keys: ServerPublicKeys {
            current: keys.current.public(),
            alternative: None,
        },
        client_info: ClientInfo("0.1.0;Q;en/US;test".to_owned()),
        device_id: None,
        features: Features::METADATA,
        device_cookie: None,
    };
    let mut stream = TcpStream::connect(server.chat()).await.unwrap();
    let (mut login, hello) = Login::start(credentials, &mut SystemRng);
    stream.write_all(&hello).await.unwrap();
    let mut input = Vec::new();
    loop {
        let (taken, step) = login.handle(&input).unwrap();
        input.drain(..taken);
        match step {
            Step::NeedMore => {
                if stream.read_buf(&mut input).await.ok()? == 0 {
                    return None;
                }
            }
            Step::Send(bytes) => stream.write_all(&bytes).await.unwrap(),
            Step::LoggedIn(_) => return Some(stream),
        }
    }
}

#[tokio::test]
async fn a_revocation_closes_the_connection_and_deletes_the_queue() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.person().await, server.person().await);
    let store = &server.app().store;
    for (number, by_admin) in [(1, false), (2, true)] {
        let person = server.person().await;
        accept(store, alice.identity, person.identity, number).await;
        accept(store, alice.identity, bob.identity, number).await;
        let mut stream = log_in(&server, &person)
            .await
            .expect("the identity is in use");
        if by_admin {
            directory::revoke_by(server.app(), "ada", person.identity)
                .await
                .unwrap();
        } else {
            let fields = person.fields();
            server
                .prove("/identity/revoke", &fields, &person.secret)
                .await;
        }
        let mut rest = Vec::new();
        let end = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest));
        let _ = end.await.expect("the server must close");
        assert_eq!(
            store.message_count(person.identity).await.unwrap().messages,
            0
        );
        // Whoever is revoked gets no further than one last word.
        if let Some(mut stream) = log_in(&server, &person).await {
            let end = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest));
            let _ = end.await.expect("the server must close");
        }
    }
    assert_eq!(store.message_count(bob.identity).await.unwrap().messages, 2);
}

/// hyper drops the work for a caller that hangs up, which must not leave the connection open.
#[tokio::test]
async fn a_revocation_is_carried_out_whole_even_if_its_caller_hangs_up() {
    let server = TestServer::start().await;
    let app = server.app();
    for by_admin in [false, true] {
        let person = server.person().await;
        let mut stream = log_in(&server, &person)
            .await
            .expect("the identity is in use");
        // One look at the work, then it is dropped while the store commits.
        let dropped = if by_admin {
            directory::revoke_by(app, "ada", person.identity).now_or_never()
        } else {
            directory::revoke(app, person.identity).now_or_never()
        };
        assert!(dropped.is_none(), "the store has to commit first");
        let mut rest = Vec::new();
        let end = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest));
        let _ = end.await.expect("the server must close");
        assert!(!matches!(
            app.sessions.known.recall(person.identity),
            Recall::Facts(facts) if !facts.is_revoked()
        ));
    }
}

#[tokio::test]
async fn a_revoked_identity_is_gone_for_ever_and_its_key_too() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let answer = server
        .prove("/identity/revoke", &person.fields(), &person.secret)
        .await;
    assert_eq!(answer, json!({ "success": true }));
    assert_eq!(
        server
            .get(&format!("/identity/{}", person.identity))
            .await
            .status,
        404
    );
    let fields = json!({ "publicKey": base64(person.public().as_bytes()) });
    assert_eq!(
        server.post("/identity/create", &fields).await.json()["success"],
        false
    );
    let states = server
        .post(
            "/identity/check",
            &json!({ "identities": [person.identity] }),
        )
        .await;
    assert_eq!(states.json()["states"], json!([2]));
    // Not even its owner can do anything about it.
    let answer = server
        .post("/identity/revoke", &person.fields())
        .await
        .json();
    assert_eq!(answer["errorType"], "invalid-identity");
}

#[tokio::test]
async fn a_challenge_from_before_the_revocation_is_worthless() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let fields = json!({ "identity": person.identity, "featureMask": 9 });
    let challenge = server.challenge("/identity/set_featuremask", &fields).await;
    server
        .prove("/identity/revoke", &person.fields(), &person.secret)
        .await;
    let proof = challenge.answer(Realm::Directory, &person.secret).unwrap();
    let answer = server
        .post("/identity/set_featuremask", &with_proof(&fields, &proof))
        .await;
    assert_eq!(answer.json()["success"], false);
    let row = server
        .app()
        .store
        .identity(person.identity)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.feature_mask, 0);
}
