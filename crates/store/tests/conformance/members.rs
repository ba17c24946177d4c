//! Organisations, their credentials, and who gets a seat.

use dreiklang_crypto::{SeededRng, SystemRng};
use dreiklang_store::{
    Attached, CategoryId, Credential, CredentialCreated, CredentialFilter, CredentialId,
    CredentialUpdated, DirectoryQuery, DirectorySort, Error, IdentityKind, LogoVariant,
    MemberFilter, NewCredential, NewMember, NewOrg, OrgDeleted, OrgId, Profile, Store,
};

use crate::{
    common::{Kind, World, identity, new_identity},
    on_both,
};

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";
const CAROL: &str = "CAROL001";

/// Now, for every test here.
pub(crate) const NOW: i64 = 50_000;

/// Runs a closure of one statement in a transaction of its own.
macro_rules! written {
    ($store:expr, |$tx:ident| $act:expr) => {
        $store
            .write(move |$tx| Box::pin(async move { $act.await }))
            .await
            .unwrap()
    };
}
pub(crate) use written;

pub(crate) async fn people(store: &Store, names: &[&str]) {
    for (name, seed) in names.iter().zip(1..) {
        let new = new_identity(name, seed);
        written!(store, |tx| tx.create_identity(&new));
    }
}

/// An organisation with so many seats.
pub(crate) async fn org(store: &Store, seed: u64, seats_max: u64) -> OrgId {
    let new = NewOrg {
        id: OrgId::random(&mut SeededRng::new(seed)),
        name: format!("Org {seed}"),
        plan: "enterprise".to_owned(),
        seats_max,
        valid_until: None,
        created_at: 1,
    };
    let id = new.id;
    written!(store, |tx| tx.create_org(&new));
    id
}

fn new_credential(org: OrgId, username: &str, uses_max: Option<u64>) -> NewCredential {
    NewCredential {
        id: CredentialId::random(&mut SystemRng),
        org,
        username: username.to_owned(),
        password: vec![1; 49],
        is_shared: uses_max.is_some(),
        uses_max: uses_max.unwrap_or(0),
        expires_at: None,
        created_at: 2,
    }
}

/// A credential for one identity, or shared by so many.
pub(crate) async fn credential(
    store: &Store,
    org: OrgId,
    username: &str,
    uses_max: Option<u64>,
) -> CredentialId {
    let new = new_credential(org, username, uses_max);
    let id = new.id;
    let created = written!(store, |tx| tx.create_credential(&new));
    assert_eq!(created, CredentialCreated::Yes);
    id
}

pub(crate) fn new_member(org: OrgId, credential: CredentialId, name: &str) -> NewMember {
    NewMember {
        identity: identity(name),
        org,
        credential,
        profile: Profile {
            nickname: format!("nick of {name}"),
            ..Profile::default()
        },
        version: "6.0k;A".to_owned(),
        instance_seats_max: 0,
        at: NOW,
    }
}

pub(crate) async fn attach(
    store: &Store,
    org: OrgId,
    credential: CredentialId,
    name: &str,
) -> Attached {
    let new = new_member(org, credential, name);
    written!(store, |tx| tx.attach_member(&new))
}

async fn found(store: &Store, org: OrgId, id: CredentialId) -> Credential {
    store.credential(org, id).await.unwrap().unwrap()
}

async fn seats(store: &Store, org: OrgId) -> u64 {
    store.org_seats_used(org).await.unwrap()
}

on_both! {
    async fn org_is_kept_with_every_switch(world) {
        let store = world.open().await;
        let id = org(&store, 1, 7).await;
        let mut org = store.org(id).await.unwrap().unwrap();
        assert_eq!((org.seats_max, org.check_interval_s, org.valid_until), (7, 86_400, None));
        assert!(org.directory_enabled && org.contacts_auto && org.contacts_marked);
        assert!(!org.is_closed_group && !org.mdm_override);
        org.name = "Klein & Söhne".into();
        org.seats_max = 9;
        org.valid_until = Some(77);
        org.support_url = "https://help.example".into();
        org.directory_enabled = false;
        org.contacts_auto = false;
        org.contacts_marked = false;
        org.is_closed_group = true;
        org.mdm_override = true;
        org.check_interval_s = 600;
        let wanted = org.clone();
        assert!(written!(store, |tx| tx.update_org(&wanted)));
        written!(store, |tx| tx.add_dropped(id, 3));
        written!(store, |tx| tx.add_dropped(id, 4));
        org.messages_dropped = 7;
        store.close().await;
        let store = world.open().await;
        assert_eq!(store.org(id).await.unwrap(), Some(org));
        let other = self::org(&store, 2, 0).await;
        let mut ids = vec![id, other];
        ids.sort();
        let all = store.orgs_after(None, 9).await.unwrap();
        assert_eq!(all.iter().map(|org| org.id).collect::<Vec<_>>(), ids);
        let rest = store.orgs_after(Some(ids[0]), 9).await.unwrap();
        assert_eq!((rest.len(), rest[0].id), (1, ids[1]));
        let again = NewOrg {
            id,
            name: String::new(),
            plan: String::new(),
            seats_max: 0,
            valid_until: None,
            created_at: 0,
        };
        let refused = store.write(move |tx| Box::pin(async move { tx.create_org(&again).await }));
        assert_eq!(refused.await, Err(Error::Conflict));
    }

    async fn logos_are_by_background(world) {
        let store = world.open().await;
        let id = org(&store, 1, 0).await;
        written!(store, |tx| tx.set_logo(id, LogoVariant::Dark, b"one", 5));
        written!(store, |tx| tx.set_logo(id, LogoVariant::Dark, b"two", 6));
        let logo = store.logo(id, LogoVariant::Dark).await.unwrap().unwrap();
        assert_eq!((logo.bytes.as_slice(), logo.updated_at), (&b"two"[..], 6));
        assert!(store.logo(id, LogoVariant::Light).await.unwrap().is_none());
        assert!(!written!(store, |tx| tx.delete_logo(id, LogoVariant::Light)));
        assert!(written!(store, |tx| tx.delete_logo(id, LogoVariant::Dark)));
        assert!(store.logo(id, LogoVariant::Dark).await.unwrap().is_none());
    }

    async fn org_with_members_cannot_be_deleted(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let id = org(&store, 1, 0).await;
        let licence = credential(&store, id, "one", None).await;
        attach(&store, id, licence, ALICE).await;
        assert_eq!(written!(store, |tx| tx.delete_org(id)), OrgDeleted::HasMembers);
        assert!(written!(store, |tx| tx.detach_member(id, identity(ALICE), NOW)));
        assert_eq!(written!(store, |tx| tx.delete_org(id)), OrgDeleted::Yes);
        assert_eq!(written!(store, |tx| tx.delete_org(id)), OrgDeleted::Unknown);
        assert!(store.credential_by_username("one".to_owned()).await.unwrap().is_none());
        assert_eq!(store.is_detached(identity(ALICE)).await.unwrap(), None);
    }

    async fn usernames_are_unique_on_the_instance(world) {
        let store = world.open().await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let id = credential(&store, one, " Jürg@Example.com ", None).await;
        let twin = new_credential(two, "JÜRG@example.COM", None);
        let created = written!(store, |tx| tx.create_credential(&twin));
        assert_eq!(created, CredentialCreated::UsernameTaken);
        let by_name = store.credential_by_username("jürg@EXAMPLE.com".to_owned()).await.unwrap();
        assert_eq!(by_name.unwrap().id, id);
        assert_eq!(found(&store, one, id).await.username, "Jürg@Example.com");
        // The other organisation neither sees nor changes it.
        assert!(store.credential(two, id).await.unwrap().is_none());
        assert!(!written!(store, |tx| tx.withdraw_credential(two, &id, NOW)));
        assert!(!written!(store, |tx| tx.delete_credential(two, &id)));
        let other = credential(&store, two, "other", None).await;
        let mut changed = found(&store, two, other).await;
        changed.username = "JÜRG@example.com".into();
        let updated = written!(store, |tx| tx.update_credential(&changed));
        assert_eq!(updated, CredentialUpdated::UsernameTaken);
        let mut stolen = found(&store, one, id).await;
        stolen.org = two;
        let updated = written!(store, |tx| tx.update_credential(&stolen));
        assert_eq!(updated, CredentialUpdated::Unknown);
        let mut own = found(&store, one, id).await;
        own.username = "jürg@example.com".into();
        own.expires_at = Some(60);
        let updated = own.clone();
        let updated = written!(store, |tx| tx.update_credential(&updated));
        assert_eq!(updated, CredentialUpdated::Yes);
        assert!(written!(store, |tx| tx.note_credential_check(&id, 33)));
        own.last_check_at = Some(33);
        assert_eq!(found(&store, one, id).await, own);
        assert!(own.is_valid_at(59) && !own.is_valid_at(60));
        let empty = new_credential(one, "  ", None);
        let refused =
            store.write(move |tx| Box::pin(async move { tx.create_credential(&empty).await }));
        assert!(matches!(refused.await, Err(Error::Invalid(_))));
    }

    async fn credentials_are_listed_in_pages(world) {
        let store = world.open().await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        for name in ["d_x", "Ärger", "b%", "a", "c"] {
            credential(&store, one, name, None).await;
        }
        credential(&store, two, "foreign", None).await;
        let names = async |filter: CredentialFilter, page, size| {
            let (rows, total) = store.credentials_page(one, filter, page, size).await.unwrap();
            let names = rows.into_iter().map(|row| row.username).collect::<Vec<_>>();
            (names.join(" "), total)
        };
        let all = CredentialFilter::default;
        assert_eq!(names(all(), 0, 2).await, ("a b%".to_owned(), 5));
        assert_eq!(names(all(), 2, 2).await, ("Ärger".to_owned(), 5));
        assert_eq!(names(all(), 3, 2).await, (String::new(), 5));
        let named = |username: &str| CredentialFilter {
            username: username.to_owned(),
            ..CredentialFilter::default()
        };
        assert_eq!(names(named("ÄRG"), 0, 9).await, ("Ärger".to_owned(), 1));
        assert_eq!(names(named("%"), 0, 9).await, ("b%".to_owned(), 1));
        assert_eq!(names(named("_"), 0, 9).await, ("d_x".to_owned(), 1));
        let id = store.credential_by_username("c".to_owned()).await.unwrap().unwrap().id;
        assert!(written!(store, |tx| tx.withdraw_credential(one, &id, NOW)));
        let state = |is_withdrawn| CredentialFilter {
            is_withdrawn: Some(is_withdrawn),
            ..CredentialFilter::default()
        };
        assert_eq!(names(state(true), 0, 9).await, ("c".to_owned(), 1));
        assert_eq!(names(state(false), 0, 9).await.1, 4);
    }

    async fn first_seat_is_taken(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let org = org(&store, 1, 1).await;
        let licence = credential(&store, org, "one", None).await;
        assert_eq!(attach(&store, org, licence, ALICE).await, Attached::Yes);
        assert_eq!(attach(&store, org, licence, ALICE).await, Attached::AlreadyYours);
        assert_eq!(seats(&store, org).await, 1);
        let member = store.member(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!((member.org, member.credential), (org, licence));
        assert_eq!(member.profile.nickname, "nick of ALICE001");
        assert_eq!((member.attached_at, member.last_check_at), (NOW, Some(NOW)));
        let row = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!(row.kind, IdentityKind::Work);
        assert_eq!(found(&store, org, licence).await.identity, Some(identity(ALICE)));
    }

    async fn full_organisation_takes_nobody(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let org = org(&store, 1, 1).await;
        let one = credential(&store, org, "one", None).await;
        let two = credential(&store, org, "two", None).await;
        assert_eq!(attach(&store, org, one, ALICE).await, Attached::Yes);
        assert_eq!(attach(&store, org, two, BOB).await, Attached::SeatsFull);
        assert_eq!(found(&store, org, two).await.identity, None);
        let row = store.identity(identity(BOB)).await.unwrap().unwrap();
        assert_eq!(row.kind, IdentityKind::Private);
        // A seat that is withdrawn is still taken; one that is left is free.
        assert!(written!(store, |tx| tx.withdraw_member(org, identity(ALICE), NOW)));
        assert_eq!(attach(&store, org, two, BOB).await, Attached::SeatsFull);
        assert!(written!(store, |tx| tx.detach_member(org, identity(ALICE), NOW)));
        assert_eq!(attach(&store, org, two, BOB).await, Attached::Yes);
    }

    async fn seats_of_the_instance_count_over_organisations(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let first = credential(&store, one, "one", None).await;
        let second = credential(&store, two, "two", None).await;
        assert_eq!(attach(&store, one, first, ALICE).await, Attached::Yes);
        let mut new = new_member(two, second, BOB);
        new.instance_seats_max = 1;
        let refused = new.clone();
        let attached = written!(store, |tx| tx.attach_member(&refused));
        assert_eq!(attached, Attached::SeatsFull);
        new.instance_seats_max = 2;
        assert_eq!(written!(store, |tx| tx.attach_member(&new)), Attached::Yes);
        assert_eq!(store.seats_used().await.unwrap(), 2);
    }

    async fn locked_credential_is_one_persons(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let org = org(&store, 1, 0).await;
        let licence = credential(&store, org, "one", None).await;
        attach(&store, org, licence, ALICE).await;
        assert_eq!(attach(&store, org, licence, BOB).await, Attached::CredentialInUse);
        assert!(written!(store, |tx| tx.detach_member(org, identity(ALICE), NOW)));
        assert_eq!(attach(&store, org, licence, BOB).await, Attached::Yes);
    }

    async fn shared_credential_counts_its_users(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB, CAROL]).await;
        let org = org(&store, 1, 0).await;
        let shared = credential(&store, org, "shared", Some(2)).await;
        assert_eq!(attach(&store, org, shared, ALICE).await, Attached::Yes);
        assert_eq!(attach(&store, org, shared, BOB).await, Attached::Yes);
        assert_eq!(attach(&store, org, shared, CAROL).await, Attached::UsesFull);
        assert_eq!(attach(&store, org, shared, BOB).await, Attached::AlreadyYours);
        assert_eq!(found(&store, org, shared).await.identity, None);
        let users = store.members_of_credential(org, shared).await.unwrap();
        assert_eq!(users, [identity(ALICE), identity(BOB)]);
        let endless = credential(&store, org, "endless", Some(0)).await;
        assert_eq!(attach(&store, org, endless, CAROL).await, Attached::Yes);
    }

    async fn another_credential_of_the_same_organisation_takes_over(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let org = org(&store, 1, 2).await;
        let old = credential(&store, org, "old", None).await;
        let new = credential(&store, org, "new", None).await;
        attach(&store, org, old, ALICE).await;
        assert_eq!(attach(&store, org, new, ALICE).await, Attached::AlreadyYours);
        assert_eq!(seats(&store, org).await, 1);
        assert_eq!(found(&store, org, old).await.identity, None);
        assert_eq!(found(&store, org, new).await.identity, Some(identity(ALICE)));
        assert_eq!(store.member(identity(ALICE)).await.unwrap().unwrap().credential, new);
        attach(&store, org, old, BOB).await;
        assert_eq!(attach(&store, org, old, ALICE).await, Attached::CredentialInUse);
        assert_eq!(store.member(identity(ALICE)).await.unwrap().unwrap().credential, new);
    }

    async fn member_of_another_organisation_is_not_taken(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let first = credential(&store, one, "one", None).await;
        let second = credential(&store, two, "two", None).await;
        attach(&store, one, first, ALICE).await;
        assert_eq!(attach(&store, two, second, ALICE).await, Attached::OtherOrg);
        assert_eq!(found(&store, two, second).await.identity, None);
        // Nor may the other organisation act on it.
        assert!(!written!(store, |tx| tx.detach_member(two, identity(ALICE), NOW)));
        assert!(!written!(store, |tx| tx.withdraw_member(two, identity(ALICE), NOW)));
        assert!(store.member(identity(ALICE)).await.unwrap().unwrap().withdrawn_at.is_none());
    }

    async fn detached_identity_needs_an_administrator(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let first = credential(&store, one, "one", None).await;
        let second = credential(&store, two, "two", None).await;
        attach(&store, one, first, ALICE).await;
        assert!(written!(store, |tx| tx.detach_member(one, identity(ALICE), NOW)));
        assert!(!written!(store, |tx| tx.detach_member(one, identity(ALICE), NOW)));
        assert_eq!(attach(&store, one, first, ALICE).await, Attached::Detached);
        assert_eq!(store.is_detached(identity(ALICE)).await.unwrap(), Some(one));
        assert!(!written!(store, |tx| tx.readmit(two, identity(ALICE))));
        assert!(written!(store, |tx| tx.readmit(one, identity(ALICE))));
        assert_eq!(attach(&store, one, first, ALICE).await, Attached::Yes);
        // Another organisation may take it at once, and then the first has forgotten.
        assert!(written!(store, |tx| tx.detach_member(one, identity(ALICE), NOW)));
        assert_eq!(attach(&store, two, second, ALICE).await, Attached::Yes);
        assert_eq!(store.is_detached(identity(ALICE)).await.unwrap(), None);
        // The person's move to the private app does not open the way back.
        assert!(written!(store, |tx| tx.detach_member(two, identity(ALICE), NOW)));
        let private = IdentityKind::Private;
        assert!(written!(store, |tx| tx.set_identity_kind(identity(ALICE), private)));
        assert_eq!(store.is_detached(identity(ALICE)).await.unwrap(), Some(two));
        assert_eq!(attach(&store, two, second, ALICE).await, Attached::Detached);
        let row = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!(row.kind, IdentityKind::Private);
    }

    async fn only_valid_credentials_carry_members(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let licence = credential(&store, one, "one", None).await;
        assert_eq!(attach(&store, two, licence, ALICE).await, Attached::NoCredential);
        assert!(written!(store, |tx| tx.withdraw_credential(one, &licence, 5)));
        assert_eq!(attach(&store, one, licence, ALICE).await, Attached::NoCredential);
        assert!(written!(store, |tx| tx.withdraw_credential(one, &licence, 0)));
        let mut over = found(&store, one, licence).await;
        over.expires_at = Some(NOW);
        written!(store, |tx| tx.update_credential(&over));
        assert_eq!(attach(&store, one, licence, ALICE).await, Attached::NoCredential);
        let fresh = credential(&store, one, "fresh", None).await;
        assert_eq!(attach(&store, one, fresh, CAROL).await, Attached::NoIdentity);
        written!(store, |tx| tx.revoke_identity(identity(BOB), 5));
        assert_eq!(attach(&store, one, fresh, BOB).await, Attached::NoIdentity);
        let mut ended = store.org(one).await.unwrap().unwrap();
        ended.valid_until = Some(NOW);
        written!(store, |tx| tx.update_org(&ended));
        assert_eq!(attach(&store, one, fresh, ALICE).await, Attached::NoCredential);
        assert!(written!(store, |tx| tx.delete_credential(one, &fresh)));
        assert_eq!(store.seats_used().await.unwrap(), 0);
    }

    // Many want few seats at once: exactly as many get one as there are, whoever they are.
    async fn seats_are_never_oversold(world) {
        let store = world.open().await;
        let names: Vec<String> = (0..40).map(|number| format!("MEMBER{number:02}")).collect();
        people(&store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let org = org(&store, 1, 7).await;
        let shared = credential(&store, org, "shared", Some(30)).await;
        let single = credential(&store, org, "single", None).await;
        let mut waits = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let licence = if number % 4 == 0 { single } else { shared };
            let (store, new) = (store.clone(), new_member(org, licence, name));
            waits.push(tokio::spawn(async move { written!(store, |tx| tx.attach_member(&new)) }));
        }
        let mut counts = [0; 3];
        for wait in waits {
            match wait.await.unwrap() {
                Attached::Yes => counts[0] += 1,
                Attached::SeatsFull => counts[1] += 1,
                Attached::CredentialInUse => counts[2] += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(counts[0], 7, "{counts:?}");
        assert_eq!(counts.iter().sum::<u32>(), 40);
        assert_eq!(seats(&store, org).await, 7);
        assert!(store.members_of_credential(org, single).await.unwrap().len() <= 1);
    }

    async fn standing_tells_all_in_one(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let org = org(&store, 1, 0).await;
        let licence = credential(&store, org, "one", None).await;
        let standing =
            async |name: &str| store.standing(identity(name)).await.unwrap().unwrap();
        assert!(store.standing(identity(CAROL)).await.unwrap().is_none());
        let bob = standing(BOB).await;
        assert_eq!((bob.kind, bob.member, bob.detached_from), (IdentityKind::Private, None, None));
        attach(&store, org, licence, ALICE).await;
        let alice = standing(ALICE).await;
        assert_eq!(alice.kind, IdentityKind::Work);
        let member = alice.member.unwrap();
        assert_eq!((member.org, member.is_closed_group), (org, false));
        assert!(member.has_access && alice.has_access_at(i64::MAX));
        let has_access = async || standing(ALICE).await.has_access_at(NOW);
        written!(store, |tx| tx.withdraw_member(org, identity(ALICE), NOW));
        assert!(!has_access().await);
        written!(store, |tx| tx.withdraw_member(org, identity(ALICE), 0));
        assert!(has_access().await);
        written!(store, |tx| tx.withdraw_credential(org, &licence, NOW));
        assert!(!has_access().await);
        written!(store, |tx| tx.withdraw_credential(org, &licence, 0));
        let mut until = found(&store, org, licence).await;
        until.expires_at = Some(NOW + 9);
        written!(store, |tx| tx.update_credential(&until));
        let mut changed = store.org(org).await.unwrap().unwrap();
        changed.valid_until = Some(NOW + 5);
        changed.is_closed_group = true;
        written!(store, |tx| tx.update_org(&changed));
        let member = standing(ALICE).await.member.unwrap();
        assert!(member.is_closed_group);
        assert_eq!(member.access_until, Some(NOW + 5));
        assert!(member.has_access_at(NOW + 4) && !member.has_access_at(NOW + 5));
        written!(store, |tx| tx.delete_credential(org, &licence));
        assert!(!standing(ALICE).await.member.unwrap().has_access);
        written!(store, |tx| tx.detach_member(org, identity(ALICE), NOW));
        let alice = standing(ALICE).await;
        assert_eq!((alice.member, alice.detached_from), (None, Some(org)));
    }

    async fn members_are_filtered_and_searched(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB, CAROL]).await;
        let org = org(&store, 1, 0).await;
        let shared = credential(&store, org, "Büro", Some(0)).await;
        let own = credential(&store, org, "carol", None).await;
        for (name, licence) in [(ALICE, shared), (BOB, shared), (CAROL, own)] {
            attach(&store, org, licence, name).await;
        }
        let tell = async |name: &str, first: &str, last: &str, csi: &str| {
            let profile = Profile {
                first_name: first.to_owned(),
                last_name: last.to_owned(),
                csi: csi.to_owned(),
                ..Profile::default()
            };
            let who = identity(name);
            let told = store.write(move |tx| {
                Box::pin(async move { tx.update_member_profile(who, &profile, "7", NOW + 1).await })
            });
            assert!(told.await.unwrap());
        };
        tell(ALICE, "Änne", "Zander", "11").await;
        tell(BOB, "Björn", "Ärlich", "22").await;
        tell(CAROL, "carol", "Adler", "33").await;
        assert!(written!(store, |tx| tx.set_availability(identity(BOB), &[1, 2])));
        let bob = store.member(identity(BOB)).await.unwrap().unwrap();
        assert_eq!((bob.availability.as_slice(), bob.version.as_str()), (&[1, 2][..], "7"));
        assert_eq!(bob.last_check_at, Some(NOW + 1));
        let listed = async |filter: MemberFilter| {
            let (rows, total) = store.members_page(org, filter, 0, 10).await.unwrap();
            assert_eq!(rows.len() as u64, total);
            rows.iter().map(|row| row.identity.to_string()).collect::<Vec<_>>()
        };
        let query = |text: &str| MemberFilter { query: text.to_owned(), ..MemberFilter::default() };
        assert_eq!(listed(MemberFilter::default()).await, [ALICE, BOB, CAROL]);
        assert_eq!(listed(query("BJÖRN 22")).await, [BOB]);
        assert_eq!(listed(query("björn 33")).await, Vec::<String>::new());
        let username = "BÜRO".to_owned();
        assert_eq!(listed(MemberFilter { username, ..query("") }).await, [ALICE, BOB]);
        assert_eq!(listed(MemberFilter { credential: Some(own), ..query("") }).await, [CAROL]);
        let searched = async |query: DirectoryQuery, page, size| {
            let (rows, total) = store.members_search(org, query, page, size).await.unwrap();
            let names = rows.iter().map(|row| row.profile.first_name.clone());
            (names.collect::<Vec<_>>().join(" "), total)
        };
        let everybody = DirectoryQuery::default;
        assert_eq!(searched(everybody(), 0, 9).await, ("Björn carol Änne".to_owned(), 3));
        assert_eq!(searched(everybody(), 1, 2).await, ("Änne".to_owned(), 3));
        let by_last = DirectoryQuery { sort: DirectorySort::LastName, ..everybody() };
        assert_eq!(searched(by_last.clone(), 0, 9).await.0, "carol Änne Björn");
        let reversed = DirectoryQuery { is_descending: true, ..by_last };
        assert_eq!(searched(reversed, 0, 9).await.0, "Björn Änne carol");
        let text = "ÄRL".to_owned();
        assert_eq!(searched(DirectoryQuery { text, ..everybody() }, 0, 9).await.0, "Björn");
        // The internal number is for administrators.
        let text = "22".to_owned();
        assert_eq!(searched(DirectoryQuery { text, ..everybody() }, 0, 9).await.1, 0);
        let categories = vec![CategoryId::random(&mut SeededRng::new(1)).to_string()];
        assert_eq!(searched(DirectoryQuery { categories, ..everybody() }, 0, 9).await.1, 0);
        written!(store, |tx| tx.withdraw_member(org, identity(BOB), NOW));
        assert_eq!(searched(everybody(), 0, 9).await.1, 2);
    }

    // A revoked identity leaves its seat and its credential, and is remembered by no organisation.
    async fn revocation_frees_seat_and_credential(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let org = org(&store, 1, 1).await;
        let licence = credential(&store, org, "one", None).await;
        attach(&store, org, licence, ALICE).await;
        written!(store, |tx| tx.revoke_identity(identity(ALICE), NOW));
        assert_eq!(seats(&store, org).await, 0);
        assert!(store.member(identity(ALICE)).await.unwrap().is_none());
        assert_eq!(store.is_detached(identity(ALICE)).await.unwrap(), None);
        assert_eq!(attach(&store, org, licence, BOB).await, Attached::Yes);
    }

    // Who revokes their own identity does not come back with the licence taken from them.
    async fn revocation_lifts_no_withdrawal(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let org = org(&store, 1, 1).await;
        let licence = credential(&store, org, "one", None).await;
        attach(&store, org, licence, ALICE).await;
        assert!(written!(store, |tx| tx.withdraw_member(org, identity(ALICE), NOW)));
        written!(store, |tx| tx.revoke_identity(identity(ALICE), NOW));
        assert_eq!(attach(&store, org, licence, BOB).await, Attached::NoCredential);
        assert!(written!(store, |tx| tx.withdraw_credential(org, &licence, 0)));
        assert_eq!(attach(&store, org, licence, BOB).await, Attached::Yes);
    }
}
