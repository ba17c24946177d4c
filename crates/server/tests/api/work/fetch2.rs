//! `POST fetch2`: everything for the app of a user.

use dreiklang_server::service::members;
use dreiklang_store::{Contact, ContactKind, MdmScope};
use dreiklang_wire::id::Identity;
use serde_json::{Value, json};

use super::office::{ACTOR, Office, Pass, tell};
use crate::server::{START, TestServer, base64};

const PATH: &str = "/fetch2";

async fn fetch(server: &TestServer, pass: &Pass, contacts: &[Identity]) -> Value {
    let answer = server
        .post(PATH, &pass.with(&json!({ "contacts": contacts })))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn ids(answer: &Value) -> Vec<&str> {
    let contacts = answer["contacts"].as_array().unwrap();
    contacts
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect()
}

async fn set(server: &TestServer, scope: MdmScope, name: &'static str, json: &'static str) {
    let store = &server.app().store;
    store
        .write(move |tx| Box::pin(async move { tx.set_mdm(&scope, name, json).await }))
        .await
        .unwrap();
}

async fn manage(server: &TestServer, contact: Contact) {
    let store = &server.app().store;
    store
        .write(move |tx| {
            Box::pin(async move {
                if !tx.update_contact(&contact).await? {
                    assert!(tx.create_contact(&contact).await?);
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

fn contact(office: &Office<'_>, identity: Identity, kind: ContactKind) -> Contact {
    Contact {
        org: office.org,
        identity,
        first_name: String::new(),
        last_name: String::new(),
        kind,
        is_enabled: true,
        created_at: 1,
    }
}

#[tokio::test]
async fn an_organisation_introduces_itself() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Müller & Söhne", 0).await;
    let pass = office.pass("anna").await;
    office
        .change(|org| {
            org.support_url = "https://help.example".to_owned();
            org.check_interval_s = 3600;
            org.mdm_override = true;
        })
        .await;
    let answer = fetch(&server, &pass, &[]).await;
    assert_eq!(answer["org"]["name"], "Müller & Söhne");
    assert_eq!(answer["support"], "https://help.example");
    assert_eq!(answer["checkInterval"], 3600);
    assert_eq!(answer["directory"]["enabled"], true);
    assert_eq!(answer["mdm"], json!({ "override": true, "params": {} }));
    assert_eq!(answer["logo"], json!({ "light": null, "dark": null }));
    assert_eq!(answer["time"], START.0);
    office
        .change(|org| {
            org.support_url = String::new();
            org.check_interval_s = 0;
            org.directory_enabled = false;
        })
        .await;
    let answer = fetch(&server, &pass, &[]).await;
    assert_eq!(answer["support"], Value::Null);
    assert_eq!(answer["checkInterval"], 86_400, "the instance's");
    assert_eq!(answer["directory"]["enabled"], false);
}

#[tokio::test]
async fn without_a_good_license_there_is_nothing() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    let wrong = Pass {
        password: "wrong".to_owned(),
        ..pass.clone()
    };
    for body in [
        wrong.with(&json!({ "contacts": [] })),
        json!({ "contacts": [] }),
        json!({ "username": 1, "password": null }),
    ] {
        let answer = server.post(PATH, &body).await;
        assert_eq!(answer.status, 401);
        assert!(answer.json()["error"].is_string());
    }
    let odd = pass.with(&json!({ "contacts": "ABCDEFGH" }));
    assert_eq!(server.post(PATH, &odd).await.status, 400);
    fetch(&server, &pass, &[]).await;
    members::withdraw_credential(server.app(), ACTOR, office.org, pass.id)
        .await
        .unwrap();
    let answer = server.post(PATH, &pass.body()).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn parameters_are_merged_and_filtered() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, ben) = (office.pass("anna").await, office.pass("ben").await);
    let of_org = MdmScope::Org(office.org);
    let of_anna = MdmScope::Credential(office.org, anna.id);
    set(&server, MdmScope::Instance, "th_disable_export", "true").await;
    set(&server, MdmScope::Instance, "th_department", "\"instance\"").await;
    set(&server, of_org, "th_department", "\"office\"").await;
    set(&server, of_org, "th_keep_messages_days", "30").await;
    set(&server, of_org, "th_block_unknown", "true").await;
    set(&server, of_anna, "th_department", "\"anna's\"").await;
    set(&server, of_anna, "th_block_unknown", "false").await;
    // None of these may reach an app, however they got here.
    set(&server, of_anna, "th_safe_password", "\"secret\"").await;
    set(&server, of_org, "th_id_backup_password", "\"secret\"").await;
    set(&server, of_org, "th_enable_remote_secret", "true").await;
    set(&server, of_org, "th_unheard_of", "true").await;
    set(&server, of_org, "th_readonly_profile", "\"perhaps\"").await;
    set(&server, of_org, "th_disable_calls", "not JSON").await;
    let answer = fetch(&server, &anna, &[]).await;
    assert_eq!(
        answer["mdm"]["params"],
        json!({
            "th_disable_export": true, "th_department": "anna's",
            "th_keep_messages_days": 30, "th_block_unknown": false,
        })
    );
    let answer = fetch(&server, &ben, &[]).await;
    assert_eq!(
        answer["mdm"]["params"],
        json!({
            "th_disable_export": true, "th_department": "office",
            "th_keep_messages_days": 30, "th_block_unknown": true,
        })
    );
    // Another organisation's app hears the instance's only.
    let rival = Office::open(&server, "Rival", 0).await;
    let answer = fetch(&server, &rival.pass("carl").await, &[]).await;
    assert_eq!(
        answer["mdm"]["params"],
        json!({ "th_disable_export": true, "th_department": "instance" })
    );
}

#[tokio::test]
async fn remote_secrets_are_switched_on_only_where_they_exist() {
    let server = TestServer::start_with(|config| config.work.remote_secret = true).await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    set(
        &server,
        MdmScope::Org(office.org),
        "th_enable_remote_secret",
        "true",
    )
    .await;
    let answer = fetch(&server, &pass, &[]).await;
    assert_eq!(
        answer["mdm"]["params"],
        json!({ "th_enable_remote_secret": true })
    );
}

#[tokio::test]
async fn colleagues_come_with_names_and_the_user_without() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (ben, of_ben) = office.colleague("ben").await;
    let stranger = server.person().await;
    let names = json!({ "firstName": "Ben", "jobTitle": "Cook" });
    tell(&server, &ben, &of_ben, &names).await;
    let answer = fetch(&server, &pass, &[stranger.identity]).await;
    assert_eq!(
        answer["contacts"],
        json!([{
            "id": ben.identity, "pk": base64(ben.public().as_bytes()),
            // Names are always texts, the rest is left out (protocol.md A5.1).
            "first": "Ben", "last": "", "jobTitle": "Cook",
        }])
    );
    let answer = fetch(&server, &of_ben, &[]).await;
    assert_eq!(ids(&answer), [anna.identity.as_str()]);
    // Whose licence many share asks for its own identity as for any other.
    let shared = office.shared("everybody", 0).await;
    let answer = fetch(&server, &shared, &[]).await;
    assert_eq!(ids(&answer).len(), 2);
}

#[tokio::test]
async fn administrators_shape_the_list() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (_, pass) = office.colleague("anna").await;
    let (ben, _) = office.colleague("ben").await;
    let (carl, _) = office.colleague("carl").await;
    let outside = server.person().await;
    // Nobody is given out unasked, but whoever is asked for is marked.
    office.change(|org| org.contacts_auto = false).await;
    assert!(ids(&fetch(&server, &pass, &[]).await).is_empty());
    let answer = fetch(
        &server,
        &pass,
        &[ben.identity, ben.identity, outside.identity],
    )
    .await;
    assert_eq!(ids(&answer), [ben.identity.as_str()]);
    // Custom contacts are for everybody, with the names that they were given.
    let mut supplier = contact(&office, outside.identity, ContactKind::Custom);
    supplier.last_name = "Supplier".to_owned();
    manage(&server, supplier.clone()).await;
    let answer = fetch(&server, &pass, &[]).await;
    assert_eq!(ids(&answer), [outside.identity.as_str()]);
    assert_eq!(answer["contacts"][0]["last"], "Supplier");
    supplier.is_enabled = false;
    manage(&server, supplier).await;
    let answer = fetch(&server, &pass, &[outside.identity]).await;
    assert!(ids(&answer).is_empty(), "not even when asked for");
    // A disabled colleague loses the mark.
    let mut hidden = contact(&office, carl.identity, ContactKind::Auto);
    hidden.is_enabled = false;
    manage(&server, hidden).await;
    office.change(|org| org.contacts_auto = true).await;
    let answer = fetch(&server, &pass, &[carl.identity]).await;
    assert_eq!(ids(&answer), [ben.identity.as_str()]);
    // Without marks no colleague is told.
    office.change(|org| org.contacts_marked = false).await;
    let answer = fetch(&server, &pass, &[ben.identity]).await;
    assert!(ids(&answer).is_empty());
}

#[tokio::test]
async fn one_organisation_hears_nothing_of_another() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let rival = Office::open(&server, "Rival", 0).await;
    let (_, pass) = office.colleague("anna").await;
    let (spy, _) = rival.colleague("spy").await;
    manage(&server, contact(&rival, spy.identity, ContactKind::Auto)).await;
    let answer = fetch(&server, &pass, &[spy.identity]).await;
    assert!(ids(&answer).is_empty());
}
