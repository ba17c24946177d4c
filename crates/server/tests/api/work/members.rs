//! The acts of administrators on members: each done once, noted, and only on one's own.

use dreiklang_server::error::Error;
use dreiklang_server::service::members::{self, Confirmed};
use dreiklang_store::IdentityState;
use dreiklang_wire::id::Identity;

use super::office::{ACTOR, Office};
use crate::server::TestServer;

fn sure(identity: Identity) -> Confirmed {
    Confirmed::by(identity, identity.as_str()).unwrap()
}

#[test]
fn an_act_needs_the_identity_repeated() {
    let anna: Identity = "ANNA1234".parse().unwrap();
    for other in ["", "anna1234", "ANNA1235", "ANNA1234 "] {
        assert!(Confirmed::by(anna, other).is_err(), "{other:?}");
    }
    assert_eq!(sure(anna).identity(), anna);
}

#[tokio::test]
async fn the_audit_has_every_act_once() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, _) = office.colleague("anna").await;
    let (app, id, org) = (server.app(), anna.identity, office.org);
    members::withdraw(app, ACTOR, org, sure(id)).await.unwrap();
    members::restore_access(app, ACTOR, org, id).await.unwrap();
    members::detach(app, ACTOR, org, sure(id)).await.unwrap();
    members::readmit(app, ACTOR, org, id).await.unwrap();
    // What is done already is not done again.
    let again = members::detach(app, ACTOR, org, sure(id)).await;
    assert_eq!(again, Err(Error::NotFound));
    assert_eq!(
        members::readmit(app, ACTOR, org, id).await,
        Err(Error::NotFound)
    );
    let entries = app
        .store
        .audit_page(Some(org), i64::MAX, 100)
        .await
        .unwrap();
    let acts: Vec<_> = entries
        .iter()
        .rev()
        .filter(|it| it.subject == id.as_str())
        .map(|it| it.action.as_str())
        .collect();
    assert_eq!(
        acts,
        [
            "member.attach",
            "member.withdraw",
            "member.restore",
            "member.detach",
            "member.readmit"
        ]
    );
}

#[tokio::test]
async fn nobody_touches_the_members_of_others() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let rival = Office::open(&server, "Rival", 0).await;
    let (anna, _) = office.colleague("anna").await;
    let private = server.person().await;
    let (app, org) = (server.app(), rival.org);
    for identity in [anna.identity, private.identity] {
        let results = [
            members::withdraw(app, ACTOR, org, sure(identity)).await,
            members::restore_access(app, ACTOR, org, identity).await,
            members::detach(app, ACTOR, org, sure(identity)).await,
            members::readmit(app, ACTOR, org, identity).await,
            members::revoke(app, ACTOR, org, sure(identity)).await,
        ];
        assert_eq!(results, [Err(Error::NotFound); 5]);
    }
    let member = app.store.member(anna.identity).await.unwrap().unwrap();
    assert_eq!((member.org, member.withdrawn_at), (office.org, None));
    let row = app.store.identity(private.identity).await.unwrap().unwrap();
    assert_eq!(row.state, IdentityState::Active);
}

#[tokio::test]
async fn a_released_member_is_out_of_reach_of_its_organisation() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = office.colleague("anna").await;
    let (app, id, org) = (server.app(), anna.identity, office.org);
    members::detach(app, ACTOR, org, sure(id)).await.unwrap();
    let revoked = members::revoke(app, ACTOR, org, sure(id)).await;
    assert_eq!(revoked, Err(Error::NotFound));
    let row = app.store.identity(id).await.unwrap().unwrap();
    assert_eq!(row.state, IdentityState::Active);
    let credential = app.store.credential(org, pass.id).await.unwrap().unwrap();
    assert_eq!(credential.identity, None, "the licence is free again");
}

#[tokio::test]
async fn a_revoked_member_is_gone_for_good() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 1).await;
    let (anna, pass) = office.colleague("anna").await;
    let (app, id, org) = (server.app(), anna.identity, office.org);
    members::revoke(app, ACTOR, org, sure(id)).await.unwrap();
    let found = server.get(&format!("/identity/{id}")).await;
    assert_eq!(found.status, 404);
    assert_eq!(office.seats_used().await, 0);
    assert!(app.store.member(id).await.unwrap().is_none());
    let credential = app.store.credential(org, pass.id).await.unwrap().unwrap();
    assert_eq!(credential.identity, None);
    // Seat and licence serve somebody else now.
    let secret = dreiklang_crypto::SecretKey::generate(&mut dreiklang_crypto::SystemRng);
    let answer = super::office::create(&server, &secret, &pass).await;
    assert_eq!(answer["success"], true, "{answer}");
}
