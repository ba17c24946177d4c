//! Organisations for tests: made straight in the store, with what the services do after a commit.

use std::sync::Arc;

use dreiklang_crypto::SystemRng;
use dreiklang_server::app::App;
use dreiklang_server::service::closed_groups;
use dreiklang_server::service::sessions::Reason;
use dreiklang_store::{
    Attached, Contact, ContactKind, CredentialCreated, CredentialId, IdentityKind, NewCredential,
    NewMember, NewOrg, OrgId, Profile,
};
use dreiklang_wire::id::Identity;

/// Makes an organisation with as many seats as wanted.
pub(crate) async fn org(app: &App, name: &str) -> OrgId {
    let id = OrgId::random(&mut SystemRng);
    let new = NewOrg {
        id,
        name: name.to_owned(),
        plan: String::new(),
        seats_max: 0,
        valid_until: None,
        created_at: 1,
    };
    let made = app
        .store
        .write(move |tx| Box::pin(async move { tx.create_org(&new).await }));
    made.await.unwrap();
    id
}

/// Closes the group or opens it again.
pub(crate) async fn set_closed(app: &Arc<App>, org: OrgId, is_closed: bool) {
    let mut row = app.store.org(org).await.unwrap().unwrap();
    row.is_closed_group = is_closed;
    let updated = app
        .store
        .write(move |tx| Box::pin(async move { tx.update_org(&row).await }));
    assert!(updated.await.unwrap());
    closed_groups::changed(app, org).await.unwrap();
}

/// A credential that several may use.
pub(crate) async fn credential(app: &App, org: OrgId, username: &str) -> CredentialId {
    let id = CredentialId::random(&mut SystemRng);
    let new = NewCredential {
        id,
        org,
        username: username.to_owned(),
        password: Vec::new(),
        is_shared: true,
        uses_max: 0,
        expires_at: None,
        created_at: 1,
    };
    let made = app
        .store
        .write(move |tx| Box::pin(async move { tx.create_credential(&new).await }));
    assert_eq!(made.await.unwrap(), CredentialCreated::Yes);
    id
}

/// Gives an identity a seat, as its first sign-in does.
pub(crate) async fn attach(
    app: &App,
    org: OrgId,
    credential: CredentialId,
    identity: Identity,
) -> Attached {
    let new = NewMember {
        identity,
        org,
        credential,
        profile: Profile {
            nickname: format!("nick-{identity}"),
            first_name: format!("first-{identity}"),
            last_name: format!("last-{identity}"),
            csi: format!("csi-{identity}"),
            ..Profile::default()
        },
        version: "1.0k;A;en/US;test".to_owned(),
        instance_seats_max: 0,
        at: app.clock.now().0,
    };
    let attached = app
        .store
        .write(move |tx| Box::pin(async move { tx.attach_member(&new).await }))
        .await
        .unwrap();
    if attached == Attached::Yes {
        app.sessions
            .close(identity, Reason::Moved(IdentityKind::Work));
    }
    attached
}

/// Puts somebody on the organisation's list of contacts, or switches the entry off.
pub(crate) async fn list_contact(app: &Arc<App>, org: OrgId, identity: Identity, is_enabled: bool) {
    let contact = Contact {
        org,
        identity,
        first_name: String::new(),
        last_name: String::new(),
        kind: ContactKind::Custom,
        is_enabled,
        created_at: 1,
    };
    let listed = app.store.write(move |tx| {
        Box::pin(async move {
            Ok(tx.create_contact(&contact).await? || tx.update_contact(&contact).await?)
        })
    });
    assert!(listed.await.unwrap());
    closed_groups::contacts_changed(app, org);
}

/// Takes the seat away; the identity goes on.
pub(crate) async fn detach(app: &App, org: OrgId, identity: Identity) {
    let at = app.clock.now().0;
    let detached = app
        .store
        .write(move |tx| Box::pin(async move { tx.detach_member(org, identity, at).await }));
    assert!(detached.await.unwrap());
    app.sessions.close(identity, Reason::Detached);
}

/// Takes the access away at a time, or gives it back with 0; the seat stays.
pub(crate) async fn withdraw(app: &App, org: OrgId, identity: Identity, at: i64) {
    let withdrawn = app
        .store
        .write(move |tx| Box::pin(async move { tx.withdraw_member(org, identity, at).await }));
    assert!(withdrawn.await.unwrap());
    if at == 0 {
        app.sessions.known.forget(identity);
    } else {
        app.sessions.close(identity, Reason::Withdrawn);
    }
}
