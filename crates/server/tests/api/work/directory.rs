//! `POST directory`: a search among colleagues.

use dreiklang_crypto::SystemRng;
use dreiklang_server::service::members::{self, Confirmed};
use dreiklang_store::{Category, CategoryId, CategorySource, MdmScope};
use serde_json::{Value, json};

use super::office::{ACTOR, Office, Pass, tell};
use crate::server::{Answer, Person, TestServer};

const PATH: &str = "/directory";

async fn search(server: &TestServer, person: &Person, pass: &Pass, more: &Value) -> Answer {
    let mut body = pass.with(more);
    body["identity"] = json!(person.identity);
    server.post(PATH, &body).await
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let contacts = answer.json()["contacts"].as_array().unwrap().clone();
    let first = |it: &Value| it["first"].as_str().unwrap().to_owned();
    contacts.iter().map(first).collect()
}

/// Anna Adler, Ben Berg and Carla Berg.
async fn staff(office: &Office<'_>) -> [(Person, Pass); 3] {
    let people = [
        office.colleague("anna").await,
        office.colleague("ben").await,
        office.colleague("carla").await,
    ];
    for ((person, pass), (first, last)) in
        people
            .iter()
            .zip([("Anna", "Adler"), ("Ben", "Berg"), ("Carla", "Berg")])
    {
        let more = json!({ "firstName": first, "lastName": last, "csi": first });
        tell(office.server, person, pass, &more).await;
    }
    people
}

#[tokio::test]
async fn colleagues_are_found_by_name_and_identity_in_order() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let [(anna, pass), (ben, _), _] = staff(&office).await;
    let find = async |more: Value| names(&search(&server, &anna, &pass, &more).await);
    let by = |by: &str, asc: bool| json!({ "query": "berg", "sort": { "by": by, "asc": asc } });
    assert_eq!(find(by("firstName", true)).await, ["Ben", "Carla"]);
    assert_eq!(find(by("firstName", false)).await, ["Carla", "Ben"]);
    assert_eq!(find(by("lastName", true)).await, ["Ben", "Carla"]);
    let id = ben.identity.as_str().to_lowercase();
    assert_eq!(find(json!({ "query": id, "page": 0 })).await, ["Ben"]);
    assert!(find(json!({ "query": "nobody" })).await.is_empty());
    let answer = search(&server, &anna, &pass, &json!({ "query": "carla" })).await;
    let answer = answer.json();
    assert_eq!(answer["paging"], json!({ "size": 30, "total": 1 }));
    assert_eq!(answer["contacts"][0]["csi"], "Carla");
    assert_eq!(answer["contacts"][0]["org"]["name"], "Office");
    assert_eq!(answer["contacts"][0]["cat"], json!([]));
}

#[tokio::test]
async fn categories_narrow_a_search_and_allow_the_asterisk() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let [(anna, pass), (ben, _), _] = staff(&office).await;
    let category = Category {
        id: CategoryId::random(&mut SystemRng),
        org: office.org,
        name: "Kitchen".to_owned(),
        source: CategorySource::Custom,
        is_enabled: true,
    };
    let id = category.id;
    let store = &server.app().store;
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.create_category(&category).await?;
                tx.assign_category(category.org, ben.identity, &id).await
            })
        })
        .await
        .unwrap();
    let more = json!({ "query": "*", "categories": [id.as_str()] });
    let answer = search(&server, &anna, &pass, &more).await;
    assert_eq!(names(&answer), ["Ben"]);
    assert_eq!(answer.json()["contacts"][0]["cat"], json!([id.as_str()]));
    let news = server.post("/fetch2", &pass.body()).await.json();
    assert_eq!(news["directory"]["cat"], json!({ id.as_str(): "Kitchen" }));
}

#[tokio::test]
async fn pages_are_consecutive() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.shared("everybody", 0).await;
    let store = &server.app().store;
    let (org, credential) = (office.org, pass.id);
    let anna = server.person().await;
    // Many members quickly: the search does not care how they came.
    store
        .write(move |tx| {
            Box::pin(async move {
                for number in 0..65_u32 {
                    let secret = dreiklang_crypto::SecretKey::generate(&mut SystemRng);
                    let identity = format!("M{number:07}").parse().unwrap();
                    let created = tx
                        .create_identity(&dreiklang_store::NewIdentity {
                            identity,
                            public_key: secret.public(),
                            kind: dreiklang_store::IdentityKind::Private,
                            created_at: 1,
                        })
                        .await?;
                    assert_eq!(created, dreiklang_store::Created::Yes);
                    let profile = dreiklang_store::Profile {
                        first_name: format!("Many {number:02}"),
                        ..dreiklang_store::Profile::default()
                    };
                    let attached = tx
                        .attach_member(&dreiklang_store::NewMember {
                            identity,
                            org,
                            credential,
                            profile,
                            version: String::new(),
                            instance_seats_max: 0,
                            at: 1,
                        })
                        .await?;
                    assert_eq!(attached, dreiklang_store::Attached::Yes);
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    let mut seen = Vec::new();
    for (page, paging) in [
        json!({ "size": 30, "total": 65, "next": 1 }),
        json!({ "size": 30, "total": 65, "next": 2, "prev": 0 }),
        json!({ "size": 30, "total": 65, "prev": 1 }),
    ]
    .into_iter()
    .enumerate()
    {
        let more = json!({ "query": "many", "page": page });
        let answer = search(&server, &anna, &pass, &more).await;
        assert_eq!(answer.json()["paging"], paging);
        seen.extend(names(&answer));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 65);
    let more = json!({ "query": "many", "page": 4_000_000_000_u32 });
    assert!(names(&search(&server, &anna, &pass, &more).await).is_empty());
}

#[tokio::test]
async fn bad_searches_and_closed_directories_are_refused() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let [(anna, pass), (ben, of_ben), _] = staff(&office).await;
    let status = async |more: Value| search(&server, &anna, &pass, &more).await.status;
    for bad in [
        json!({}),
        json!({ "query": "be" }),
        json!({ "query": "*" }),
        json!({ "query": "*", "categories": [] }),
        json!({ "query": "x".repeat(100_000) }),
        json!({ "query": "berg", "page": -1 }),
        json!({ "query": "berg", "sort": { "by": "password" } }),
    ] {
        assert_eq!(status(bad.clone()).await, 400, "{bad}");
    }
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..pass.clone()
    };
    let berg = json!({ "query": "berg" });
    let answer = search(&server, &anna, &wrong, &berg).await;
    assert_eq!(answer.status, 401);
    // A withdrawn member neither searches nor is found.
    let confirmed = Confirmed::by(ben.identity, ben.identity.as_str()).unwrap();
    members::withdraw(server.app(), ACTOR, office.org, confirmed)
        .await
        .unwrap();
    assert_eq!(search(&server, &ben, &of_ben, &berg).await.status, 401);
    let shared = office.shared("everybody", 0).await;
    assert_eq!(search(&server, &ben, &shared, &berg).await.status, 403);
    let answer = search(&server, &anna, &pass, &berg).await;
    assert_eq!(names(&answer), ["Carla"]);
    // Off by a parameter of the licence, or for all.
    let scope = MdmScope::Credential(office.org, pass.id);
    let store = &server.app().store;
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.set_mdm(&scope, "th_disable_work_directory", "true")
                    .await
            })
        })
        .await
        .unwrap();
    assert_eq!(status(berg.clone()).await, 403);
    store
        .write(move |tx| {
            Box::pin(async move { tx.unset_mdm(&scope, "th_disable_work_directory").await })
        })
        .await
        .unwrap();
    assert_eq!(status(berg.clone()).await, 200);
    office.change(|org| org.directory_enabled = false).await;
    assert_eq!(status(berg).await, 403);
}
