//! Moving an identity between the private app and that of an organisation: `fetch_priv`.

use dreiklang_server::config::InstanceKind;
use dreiklang_server::service::{directory, members};
use dreiklang_store::{Attached, CredentialId, IdentityKind, OrgId};
use serde_json::{Value, json};

use crate::orgs;
use crate::server::{Person, TestServer};

/// An organisation with one credential, and somebody.
struct Scene {
    server: TestServer,
    org: OrgId,
    credential: CredentialId,
    person: Person,
}

impl Scene {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let org = orgs::org(server.app(), "Acme").await;
        let credential = orgs::credential(server.app(), org, "acme").await;
        let person = server.person().await;
        Self {
            server,
            org,
            credential,
            person,
        }
    }

    async fn restore(&self, variant: &str) -> Value {
        let fields = json!({ "identity": self.person.identity, "appVariant": variant });
        self.server
            .prove("/identity/fetch_priv", &fields, &self.person.secret)
            .await
    }

    async fn attach(&self) -> Attached {
        let (org, credential) = (self.org, self.credential);
        orgs::attach(self.server.app(), org, credential, self.person.identity).await
    }

    async fn detach(&self) {
        orgs::detach(self.server.app(), self.org, self.person.identity).await;
    }

    async fn readmit(&self) {
        let (app, identity) = (self.server.app(), self.person.identity);
        members::readmit(app, "tests", self.org, identity)
            .await
            .unwrap();
    }

    async fn kind(&self) -> IdentityKind {
        let store = &self.server.app().store;
        store
            .standing(self.person.identity)
            .await
            .unwrap()
            .unwrap()
            .kind
    }

    async fn kind_in_the_directory(&self) -> Value {
        let path = format!("/identity/{}", self.person.identity);
        self.server.get(&path).await.json()["type"].clone()
    }
}

#[tokio::test]
async fn an_attached_identity_stays_where_it_is_until_the_administrator_releases_it() {
    let scene = Scene::new().await;
    assert_eq!(scene.attach().await, Attached::Yes);
    for _ in 0..2 {
        let answer = scene.restore("consumer").await;
        assert_eq!(answer["success"], false);
        assert_eq!(answer["errorType"], "identity-transfer-prohibited");
        let text = answer["error"].as_str().unwrap();
        assert!(text.contains("administrator to detach"), "{text}");
        assert_eq!(scene.kind().await, IdentityKind::Work);
    }
    assert_eq!(scene.restore("work").await["success"], true);
    // Withdrawn is not released.
    let app = scene.server.app();
    orgs::withdraw(app, scene.org, scene.person.identity, 1).await;
    assert_eq!(scene.restore("consumer").await["success"], false);
    orgs::withdraw(app, scene.org, scene.person.identity, 0).await;

    scene.detach().await;
    assert_eq!(scene.kind().await, IdentityKind::Work, "until it is moved");
    assert_eq!(scene.kind_in_the_directory().await, 1);
    for _ in 0..2 {
        assert_eq!(scene.restore("consumer").await["success"], true);
        assert_eq!(scene.kind().await, IdentityKind::Private);
    }
    assert_eq!(scene.kind_in_the_directory().await, 0);
    // An app that was left behind at work does not take it back by itself. Its owner may go back
    // when the administrator agrees.
    assert_eq!(scene.attach().await, Attached::Detached);
    assert_eq!(scene.kind().await, IdentityKind::Private);
    scene.readmit().await;
    assert_eq!(scene.attach().await, Attached::Yes);
    assert_eq!(scene.kind().await, IdentityKind::Work);
}

#[tokio::test]
async fn the_administrator_cannot_take_a_released_identity_back_by_the_daily_update() {
    let scene = Scene::new().await;
    scene.attach().await;
    scene.detach().await;
    assert_eq!(scene.attach().await, Attached::Detached);
    let org = scene.org;
    let identity = scene.person.identity;
    let is_revoked = directory::find(scene.server.app(), identity).await.unwrap();
    assert!(is_revoked.is_some(), "it goes on existing");
    assert_eq!(scene.restore("consumer").await["success"], true);
    let standing = scene.server.app().store.standing(identity).await.unwrap();
    let standing = standing.unwrap();
    assert_eq!((standing.member, standing.detached_from), (None, Some(org)));
    assert_eq!(scene.attach().await, Attached::Detached);
    assert_eq!(scene.kind().await, IdentityKind::Private);
}

#[tokio::test]
async fn an_app_that_does_not_say_what_it_is_moves_nothing() {
    let scene = Scene::new().await;
    scene.attach().await;
    scene.detach().await;
    for fields in [
        json!({ "identity": scene.person.identity }),
        json!({ "identity": scene.person.identity, "appVariant": 1 }),
        json!({ "identity": scene.person.identity, "appVariant": "onprem" }),
        json!({ "identity": scene.person.identity, "appVariant": "work" }),
    ] {
        let answer = scene
            .server
            .prove("/identity/fetch_priv", &fields, &scene.person.secret)
            .await;
        assert_eq!(answer["success"], true);
        assert_eq!(scene.kind().await, IdentityKind::Work);
    }
}

#[tokio::test]
async fn a_revoked_identity_is_restored_nowhere() {
    let scene = Scene::new().await;
    scene.attach().await;
    directory::revoke(scene.server.app(), scene.person.identity)
        .await
        .unwrap();
    for variant in ["consumer", "work"] {
        let fields = json!({ "identity": scene.person.identity, "appVariant": variant });
        let answer = scene.server.post("/identity/fetch_priv", &fields).await;
        assert_eq!(answer.json()["errorType"], "invalid-identity");
    }
}

/// The challenge is out when the identity is revoked, detached or attached: what counts is how it
/// stands when the answer comes.
#[tokio::test]
async fn a_change_between_the_two_steps_counts() {
    use dreiklang_wire::api::directory::challenge::Realm;
    let scene = Scene::new().await;
    let path = "/identity/fetch_priv";
    let fields = json!({ "identity": scene.person.identity, "appVariant": "consumer" });
    let second_step = async |challenge: dreiklang_wire::api::directory::Challenge| {
        let proof = challenge
            .answer(Realm::Directory, &scene.person.secret)
            .unwrap();
        let fields = crate::server::with_proof(&fields, &proof);
        scene.server.post(path, &fields).await.json()
    };
    let challenge = scene.server.challenge(path, &fields).await;
    scene.attach().await;
    let answer = second_step(challenge).await;
    assert_eq!(answer["errorType"], "identity-transfer-prohibited");
    let challenge = scene.server.challenge(path, &fields).await;
    scene.detach().await;
    assert_eq!(second_step(challenge).await["success"], true);
    let challenge = scene.server.challenge(path, &fields).await;
    directory::revoke(scene.server.app(), scene.person.identity)
        .await
        .unwrap();
    assert_eq!(
        second_step(challenge).await["errorType"],
        "invalid-identity"
    );
}

/// Both moves are asked for at the same moment, many times: each time one of two histories
/// happened, and kind, seat and answers agree on which.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_moves_at_once_one_comes_first() {
    let scene = Scene::new().await;
    for _ in 0..20 {
        let (restored, attached) = tokio::join!(scene.restore("consumer"), scene.attach());
        let standing = scene.server.app().store.standing(scene.person.identity);
        let standing = standing.await.unwrap().unwrap();
        assert_eq!(attached, Attached::Yes, "nothing stands against the way in");
        assert!(standing.member.is_some());
        assert_eq!(standing.kind, IdentityKind::Work);
        if restored["success"] == false {
            assert_eq!(restored["errorType"], "identity-transfer-prohibited");
        }
        let ((), restored) = tokio::join!(scene.detach(), scene.restore("consumer"));
        // Either it came first and was refused, or second and moved.
        let expected = if restored["success"] == true {
            IdentityKind::Private
        } else {
            IdentityKind::Work
        };
        assert_eq!(scene.kind().await, expected);
        assert_eq!(scene.restore("consumer").await["success"], true);
        scene.readmit().await;
    }
}

#[tokio::test]
async fn the_identities_of_a_closed_instance_stay_there() {
    let server = TestServer::start_with(|config| config.server.kind = InstanceKind::Closed).await;
    let identity = "BOB00001".parse().unwrap();
    let taken = dreiklang_server::service::moves::take_private(server.app(), identity).await;
    assert_eq!(
        taken,
        Ok(dreiklang_server::service::moves::Taken::ClosedInstance)
    );
}
