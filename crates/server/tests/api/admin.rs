//! The administration socket of a running server.

use std::os::unix::fs::PermissionsExt;

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::edge::admin::client::Client;
use dreiklang_server::edge::admin::format::{Act, Import, Reply, Request};

use crate::server::TestServer;

async fn ask(server: &TestServer, act: Act) -> Result<Reply, String> {
    let socket = server.app().config.admin_socket();
    let mut client = Client::connect(&socket)
        .await
        .unwrap()
        .expect("a server runs");
    let request = Request {
        actor: "ada".to_owned(),
        act,
    };
    client
        .ask(&request)
        .await
        .map_err(|error| error.to_string())
}

fn import(identity: &str, key: &[u8]) -> Import {
    let (identity, public_key) = (identity.to_owned(), hex::encode(key));
    Import {
        identity,
        public_key,
        is_work: true,
    }
}

#[tokio::test]
async fn imports_are_checked_one_by_one_and_noted() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let key = |_| *SecretKey::generate(&mut SystemRng).public().as_bytes();
    let (one, two) = (key(1), key(2));
    let identities = vec![
        import("IMPORTED", &one),
        import("*GATEWAY", &two),
        import("IMPORTED", &key(3)),
        import("ANOTHER1", &one),
        import("nonsense", &key(4)),
        import("ANOTHER2", &[0; 32]),
        import("ANOTHER3", server.app().keys.current.public().as_bytes()),
        import("ANOTHER4", person.public().as_bytes()),
        import("ANOTHER5", &[1; 31]),
    ];
    let Ok(Reply::Imported { results }) = ask(&server, Act::Import { identities }).await else {
        panic!("no results");
    };
    let good: Vec<_> = results.iter().map(|it| it.error.is_none()).collect();
    assert_eq!(
        good,
        [true, true, false, false, false, false, false, false, false]
    );
    let found = server.get("/identity/IMPORTED").await.json();
    assert_eq!(found["type"], 1);
    let audit = server.app().store.audit_before(i64::MAX, 10).await.unwrap();
    let noted: Vec<_> = audit
        .iter()
        .map(|it| (it.actor.as_str(), it.action.as_str(), it.subject.as_str()))
        .collect();
    assert_eq!(noted.len(), 2);
    assert!(noted.contains(&("ada", "identity.import", "IMPORTED")));
}

#[tokio::test]
async fn an_identity_is_shown_and_revoked() {
    let server = TestServer::start().await;
    let person = server.person().await;
    let identity = person.identity.to_string();
    let Ok(Reply::Identity(facts)) = ask(
        &server,
        Act::Show {
            identity: identity.clone(),
        },
    )
    .await
    else {
        panic!("not shown");
    };
    assert_eq!(
        (facts.identity.as_str(), facts.state.as_str()),
        (identity.as_str(), "active")
    );
    let revoke = Act::Revoke {
        identity: identity.clone(),
    };
    assert!(matches!(
        ask(&server, revoke.clone()).await,
        Ok(Reply::Done)
    ));
    assert!(
        ask(&server, revoke)
            .await
            .unwrap_err()
            .contains("revoked already")
    );
    assert_eq!(
        server.get(&format!("/identity/{identity}")).await.status,
        404
    );
    assert!(
        ask(
            &server,
            Act::Show {
                identity: "ZZZZZZZZ".to_owned()
            }
        )
        .await
        .is_err()
    );
    let Ok(Reply::Status(counts)) = ask(&server, Act::Status).await else {
        panic!("no status")
    };
    assert_eq!(
        (counts.identities_active, counts.identities_revoked),
        (0, 1)
    );
}

#[tokio::test]
async fn the_socket_is_for_its_owner_only_and_goes_with_the_server() {
    let server = TestServer::start().await;
    let socket = server.app().config.admin_socket();
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let _folder = server.stop().await;
    assert!(!socket.exists());
    assert!(Client::connect(&socket).await.unwrap().is_none());
}
