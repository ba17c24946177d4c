//! What is kept about a person: told to its owner, erased down to the bytes of the files.

use std::path::Path;
use std::time::Duration;

use dreiklang_server::service::privacy;
use dreiklang_server::worker::expire_activations;
use dreiklang_store::IdentityState;
use serde_json::{Value, json};

use crate::orgs;
use crate::server::{Person, TestServer};

const PATH: &str = "/identity/export";

async fn export(server: &TestServer, person: &Person) -> Value {
    server.prove(PATH, &person.fields(), &person.secret).await
}

#[tokio::test]
async fn the_owner_gets_everything_in_one_document() {
    let server = TestServer::start().await;
    let (person, other) = (server.person().await, server.person().await);
    let app = server.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "acme").await;
    orgs::attach(app, org, credential, person.identity).await;
    let document = export(&server, &person).await;
    assert_eq!(document["format"], "dreiklang-personal-data");
    assert_eq!(document["version"], 1);
    assert_eq!(document["identity"], json!(person.identity));
    let tables = document["tables"].as_object().unwrap();
    let row = &tables["identities"][0];
    assert_eq!(row["identity"], json!(person.identity));
    assert_eq!(row["revocation_key"], json!({ "withheld": true }));
    let nickname = format!("nick-{}", person.identity);
    assert_eq!(tables["members"][0]["nickname"], nickname);
    assert!(!document.to_string().contains(other.identity.as_str()));
    // Nobody else gets it.
    let answer = server.prove(PATH, &person.fields(), &other.secret).await;
    assert_eq!(answer["errorType"], "invalid-token");
    // Every field and the page about it belong together.
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/privacy.md");
    let page = std::fs::read_to_string(page).unwrap();
    for field in document.as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{field}` |")), "{field}");
    }
    let inventory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data-inventory.md");
    let inventory = std::fs::read_to_string(inventory).unwrap();
    for (table, rows) in tables {
        assert!(inventory.contains(&format!("## {table}\n")), "{table}");
        for column in rows[0].as_object().unwrap().keys() {
            assert!(inventory.contains(&format!("| `{column}` |")), "{column}");
        }
    }
}

#[tokio::test]
async fn exports_are_limited() {
    let server = TestServer::start().await;
    let person = server.person().await;
    for _ in 0..5 {
        assert_eq!(export(&server, &person).await["version"], 1);
    }
    assert_eq!(export(&server, &person).await["success"], false);
    server.clock.advance(Duration::from_hours(24));
    assert_eq!(export(&server, &person).await["version"], 1);
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path.display().to_string(), bytes));
        }
    }
}

#[tokio::test]
async fn nothing_of_an_erased_person_is_left_in_any_file() {
    let server = TestServer::start().await;
    let (person, other) = (server.person().await, server.person().await);
    let app = server.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "acme").await;
    orgs::attach(app, org, credential, person.identity).await;
    orgs::attach(app, org, credential, other.identity).await;
    let canaries: Vec<Vec<u8>> = ["nick", "first", "last", "csi"]
        .iter()
        .map(|it| format!("{it}-{}", person.identity).into_bytes())
        .chain([person.public().as_bytes().to_vec()])
        .collect();
    let count = |canary: &[u8]| {
        let mut found = Vec::new();
        files(server.folder.path(), &mut found);
        let holds = |bytes: &[u8]| memchr::memmem::find(bytes, canary).is_some();
        found.iter().filter(|(_, bytes)| holds(bytes)).count()
    };
    for canary in &canaries {
        assert!(count(canary) > 0, "it is there before: {canary:?}");
    }
    privacy::erase(app, "test", person.identity).await.unwrap();
    for canary in &canaries {
        assert_eq!(count(canary), 0, "{:?}", String::from_utf8_lossy(canary));
    }
    let neighbour = format!("nick-{}", other.identity);
    assert!(count(neighbour.as_bytes()) > 0, "others are untouched");
    // It is gone for everybody, for ever, and so is its key.
    let row = app.store.identity(person.identity).await.unwrap().unwrap();
    assert_eq!(row.state, IdentityState::Revoked);
    let path = format!("/identity/{}", person.identity);
    assert_eq!(server.get(&path).await.status, 404);
    let fields = json!({ "publicKey": crate::server::base64(person.public().as_bytes()) });
    let answer = server.post("/identity/create", &fields).await.json();
    assert_eq!(answer["success"], false);
    assert!(privacy::erase(app, "test", person.identity).await.is_err());
}

#[tokio::test]
async fn activations_are_kept_for_a_day() {
    let server = TestServer::start().await;
    let app = server.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "acme").await;
    let expires_at = app.clock.now().0 + 1000;
    let made = app.store.write(move |tx| {
        Box::pin(async move {
            tx.create_activation(org, &credential, &[7; 32], expires_at)
                .await
        })
    });
    made.await.unwrap();
    assert_eq!(expire_activations::sweep(app).await.unwrap(), 0);
    server.clock.advance(Duration::from_hours(24));
    assert_eq!(expire_activations::sweep(app).await.unwrap(), 0);
    server.clock.advance(Duration::from_secs(2));
    assert_eq!(expire_activations::sweep(app).await.unwrap(), 1);
}
