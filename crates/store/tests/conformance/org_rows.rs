//! What belongs to organisations and to identities beside their seats: parameters, contacts,
//! categories, activations, links, backups, secrets and keys.

use dreiklang_crypto::SystemRng;
use dreiklang_store::{
    ApiKey, Attached, Category, CategoryId, CategorySource, CodeTried, Contact, ContactKind,
    DirectoryQuery, IdentityKind, Link, LinkKind, MdmScope, OrgId, PendingLink, RemoteSecret,
    SafeBackup, Store,
};
use dreiklang_wire::id::DeviceCookie;

use crate::{
    common::{Kind, World, identity},
    members::{NOW, attach, credential, org, people, written},
    on_both,
};

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";
const CAROL: &str = "CAROL001";

fn contact(org: OrgId, name: &str) -> Contact {
    Contact {
        org,
        identity: identity(name),
        first_name: format!("first {name}"),
        last_name: String::new(),
        kind: ContactKind::Custom,
        is_enabled: true,
        created_at: 4,
    }
}

fn pending(id: u8, name: &str, hash: u8) -> PendingLink {
    PendingLink {
        id: [id; 16],
        identity: identity(name),
        kind: LinkKind::Email,
        hash: [hash; 32],
        code: vec![9; 32],
        tries: 0,
        sends: 1,
        created_at: NOW,
        expires_at: NOW + 100,
    }
}

fn backup(id: u8, bytes: &[u8], expires_at: i64) -> SafeBackup {
    SafeBackup {
        id: [id; 32],
        bytes: bytes.to_vec(),
        owner: None,
        updated_at: NOW,
        expires_at,
    }
}

async fn linked_to(store: &Store, hash: u8) -> Option<String> {
    let found = store.linked_to(LinkKind::Email, [hash; 32]).await.unwrap();
    found.map(|identity| identity.to_string())
}

on_both! {
    async fn narrower_parameters_win(world) {
        let store = world.open().await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let licence = credential(&store, one, "one", None).await;
        let scope = MdmScope::Credential(one, licence);
        let set = async |scope: MdmScope, name: &'static str, json: &'static str| {
            written!(store, |tx| tx.set_mdm(&scope, name, json))
        };
        assert!(set(MdmScope::Instance, "th_a", "1").await);
        assert!(set(MdmScope::Instance, "th_b", "1").await);
        assert!(set(MdmScope::Org(one), "th_b", "2").await);
        assert!(set(MdmScope::Org(one), "th_c", "2").await);
        assert!(set(scope, "th_c", "\"three\"").await);
        assert!(!set(scope, "th_c", "3").await);
        let levels = store.mdm(one, Some(licence)).await.unwrap();
        assert_eq!((levels.instance.len(), levels.org.len(), levels.credential.len()), (2, 2, 1));
        let merged = levels.merged();
        let merged: Vec<(&str, &str)> =
            merged.iter().map(|(name, json)| (name.as_str(), json.as_str())).collect();
        assert_eq!(merged, [("th_a", "1"), ("th_b", "2"), ("th_c", "3")]);
        assert_eq!(store.mdm(one, None).await.unwrap().merged()["th_c"], "2");
        assert_eq!(store.mdm(two, None).await.unwrap().merged().len(), 2);
        let foreign = MdmScope::Credential(two, licence);
        assert!(store.mdm_at(foreign).await.unwrap().is_empty());
        assert!(!written!(store, |tx| tx.unset_mdm(&foreign, "th_c")));
        assert!(written!(store, |tx| tx.unset_mdm(&scope, "th_c")));
        assert!(!written!(store, |tx| tx.unset_mdm(&scope, "th_c")));
        assert!(set(scope, "th_c", "true").await);
        assert!(written!(store, |tx| tx.delete_credential(one, &licence)));
        assert!(store.mdm_at(scope).await.unwrap().is_empty());
    }

    async fn contacts_are_an_organisations_own(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        for name in [ALICE, BOB, CAROL] {
            let new = contact(one, name);
            assert!(written!(store, |tx| tx.create_contact(&new)));
        }
        let again = contact(one, ALICE);
        assert!(!written!(store, |tx| tx.create_contact(&again)));
        let mut changed = contact(one, BOB);
        changed.last_name = "Berg".into();
        changed.is_enabled = false;
        let update = changed.clone();
        assert!(written!(store, |tx| tx.update_contact(&update)));
        assert_eq!(store.contact(one, identity(BOB)).await.unwrap(), Some(changed));
        assert!(store.contact(two, identity(BOB)).await.unwrap().is_none());
        let foreign = contact(two, BOB);
        assert!(!written!(store, |tx| tx.update_contact(&foreign)));
        assert!(!written!(store, |tx| tx.delete_contact(two, identity(BOB))));
        let (page, total) = store.contacts_page(one, None, 1, 2).await.unwrap();
        assert_eq!((page.len(), page[0].identity, total), (1, identity(CAROL), 3));
        let enabled = store.enabled_contacts(one).await.unwrap();
        assert_eq!(enabled.len(), 2);
        assert!(store.is_enabled_contact(one, identity(ALICE)).await.unwrap());
        assert!(!store.is_enabled_contact(one, identity(BOB)).await.unwrap());
        assert!(written!(store, |tx| tx.delete_contact(one, identity(BOB))));
        assert_eq!(store.contacts_page(one, None, 0, 9).await.unwrap().1, 2);
    }

    async fn categories_hold_members_and_contacts(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let licence = credential(&store, one, "one", None).await;
        assert_eq!(attach(&store, one, licence, ALICE).await, Attached::Yes);
        let new = contact(one, BOB);
        written!(store, |tx| tx.create_contact(&new));
        let id = CategoryId::random(&mut SystemRng);
        let new = Category {
            id,
            org: one,
            name: "Sales".to_owned(),
            source: CategorySource::Custom,
            is_enabled: true,
        };
        let created = new.clone();
        written!(store, |tx| tx.create_category(&created));
        assert_eq!(store.category(one, id).await.unwrap(), Some(new.clone()));
        assert!(store.category(two, id).await.unwrap().is_none());
        for (name, expected) in [(ALICE, true), (BOB, true), (CAROL, false)] {
            let is_in = written!(store, |tx| tx.assign_category(one, identity(name), &id));
            assert_eq!(is_in, expected, "{name}");
        }
        assert!(!written!(store, |tx| tx.assign_category(two, identity(ALICE), &id)));
        let of_bob = store.categories_of(one, identity(BOB)).await.unwrap();
        assert_eq!(of_bob, std::slice::from_ref(&new));
        let inside = store.category_identities(one, id).await.unwrap();
        assert_eq!(inside, [identity(ALICE), identity(BOB)]);
        let (page, total) = store.contacts_page(one, Some(id), 0, 9).await.unwrap();
        assert_eq!((page.len(), total), (1, 1));
        let categories = vec![id.to_string()];
        let query = DirectoryQuery { categories, ..DirectoryQuery::default() };
        assert_eq!(store.members_search(one, query, 0, 9).await.unwrap().1, 1);
        let mut renamed = new;
        renamed.name = "Vertrieb".into();
        renamed.is_enabled = false;
        let changed = renamed.clone();
        assert!(written!(store, |tx| tx.update_category(&changed)));
        assert_eq!(store.categories(one).await.unwrap(), [renamed]);
        assert!(written!(store, |tx| tx.unassign_category(one, identity(BOB), &id)));
        assert!(!written!(store, |tx| tx.unassign_category(one, identity(BOB), &id)));
        // A member that is detached is in no category any more.
        assert!(written!(store, |tx| tx.detach_member(one, identity(ALICE), NOW)));
        assert!(store.category_identities(one, id).await.unwrap().is_empty());
        assert!(!written!(store, |tx| tx.delete_category(two, &id)));
        assert!(written!(store, |tx| tx.delete_category(one, &id)));
        assert!(store.categories(one).await.unwrap().is_empty());
    }

    async fn activation_is_used_once(world) {
        let store = world.open().await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let licence = credential(&store, one, "one", None).await;
        let create = async |org: OrgId, hash: u8| {
            written!(store, |tx| tx.create_activation(org, &licence, &[hash; 32], NOW + 10))
        };
        let redeem = async |hash: u8, now: i64| {
            written!(store, |tx| tx.redeem_activation(&[hash; 32], now)).map(|found| found.id)
        };
        assert!(!create(two, 1).await);
        // Only the newest link works: the one before may be in the wrong hands.
        assert!(create(one, 4).await && create(one, 1).await);
        assert_eq!(redeem(4, NOW).await, None);
        let (first, second) = tokio::join!(redeem(1, NOW), redeem(1, NOW));
        assert_eq!([first, second].iter().flatten().count(), 1);
        assert_eq!(redeem(1, NOW).await, None);
        assert_eq!(redeem(9, NOW).await, None);
        assert!(create(one, 2).await);
        assert_eq!(redeem(2, NOW + 10).await, None);
        written!(store, |tx| tx.withdraw_credential(one, &licence, NOW));
        assert!(create(one, 3).await);
        assert_eq!(redeem(3, NOW).await, None);
        assert_eq!(written!(store, |tx| tx.expire_activations(NOW)), 0);
        assert_eq!(written!(store, |tx| tx.expire_activations(NOW + 11)), 2);
    }

    async fn address_is_linked_to_one_identity(world) {
        let store = world.open().await;
        people(&store, &[ALICE, BOB]).await;
        for (id, name, hash) in [(1, ALICE, 7), (2, BOB, 7)] {
            let new = pending(id, name, hash);
            written!(store, |tx| tx.create_pending_link(&new));
        }
        assert_eq!(linked_to(&store, 7).await, None);
        let confirmed = written!(store, |tx| tx.confirm_link(&[1; 16], NOW)).unwrap();
        assert_eq!(confirmed.moved_from, None);
        assert_eq!(linked_to(&store, 7).await.as_deref(), Some(ALICE));
        let confirmed = written!(store, |tx| tx.confirm_link(&[2; 16], NOW + 1)).unwrap();
        assert_eq!(confirmed.moved_from, Some(identity(ALICE)));
        assert_eq!(linked_to(&store, 7).await.as_deref(), Some(BOB));
        assert!(store.linked(identity(ALICE)).await.unwrap().is_empty());
        assert_eq!(store.linked(identity(BOB)).await.unwrap()[0].verified_at, NOW + 1);
        assert!(written!(store, |tx| tx.confirm_link(&[2; 16], NOW)).is_none());
        // Another address of the kind takes the place of the first; a number is apart.
        let other = Link {
            identity: identity(BOB),
            kind: LinkKind::Email,
            hash: [8; 32],
            verified_at: NOW,
        };
        let number = Link { kind: LinkKind::Phone, ..other.clone() };
        written!(store, |tx| tx.link(&other));
        written!(store, |tx| tx.link(&number));
        assert_eq!(linked_to(&store, 7).await, None);
        let each = store.linked_to_each(LinkKind::Email, vec![[7; 32], [8; 32]]).await.unwrap();
        assert_eq!(each, [None, Some(identity(BOB))]);
        assert_eq!(store.linked(identity(BOB)).await.unwrap().len(), 2);
        assert!(written!(store, |tx| tx.unlink(identity(BOB), LinkKind::Email)));
        assert!(!written!(store, |tx| tx.unlink(identity(BOB), LinkKind::Email)));
        assert_eq!(store.linked(identity(BOB)).await.unwrap().len(), 1);
        written!(store, |tx| tx.revoke_identity(identity(BOB), NOW));
        assert!(store.linked(identity(BOB)).await.unwrap().is_empty());
    }

    // Two people confirm the same address at once: one of them has it, whoever was later.
    async fn confirmations_at_once_leave_one_holder(world) {
        let store = world.open().await;
        let names: Vec<String> = (0..20).map(|number| format!("PERSON{number:02}")).collect();
        people(&store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut waits = Vec::new();
        for (name, id) in names.iter().zip(1_u8..) {
            let new = pending(id, name, 7);
            written!(store, |tx| tx.create_pending_link(&new));
            let store = store.clone();
            waits.push(tokio::spawn(async move {
                written!(store, |tx| tx.confirm_link(&[id; 16], NOW)).unwrap().moved_from
            }));
        }
        let mut moved = 0;
        for wait in waits {
            moved += u32::from(wait.await.unwrap().is_some());
        }
        assert_eq!(moved, 19);
        let mut holders = 0;
        for name in &names {
            holders += store.linked(identity(name)).await.unwrap().len();
        }
        assert_eq!(holders, 1);
        assert!(linked_to(&store, 7).await.is_some());
    }

    async fn codes_are_counted(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let new = pending(1, ALICE, 7);
        written!(store, |tx| tx.create_pending_link(&new));
        let offer = async |code: u8, now: i64| {
            written!(store, |tx| tx.try_code(&[1; 16], &[code; 32], now, 3))
        };
        assert_eq!(offer(1, NOW).await, CodeTried::Wrong);
        assert_eq!(offer(9, NOW + 100).await, CodeTried::Unknown);
        assert!(matches!(offer(9, NOW).await, CodeTried::Right(_)));
        assert_eq!(offer(2, NOW).await, CodeTried::Wrong);
        assert_eq!(offer(9, NOW).await, CodeTried::TriesUsedUp);
        assert!(written!(store, |tx| tx.renew_pending_link(&[1; 16], &[5; 32], NOW + 300)));
        let found = store.pending_link([1; 16]).await.unwrap().unwrap();
        assert_eq!((found.tries, found.sends, found.code), (3, 2, vec![5; 32]));
        // Beginning again for the same kind of address ends what was begun.
        let fresh = pending(2, ALICE, 8);
        written!(store, |tx| tx.create_pending_link(&fresh));
        assert!(store.pending_link([1; 16]).await.unwrap().is_none());
        let newest = store.pending_link_of(identity(ALICE), LinkKind::Email).await.unwrap();
        assert_eq!(newest.unwrap().id, [2; 16]);
        assert!(store.pending_link_of(identity(ALICE), LinkKind::Phone).await.unwrap().is_none());
        assert_eq!(written!(store, |tx| tx.expire_pending_links(NOW + 99)), 0);
        assert_eq!(written!(store, |tx| tx.expire_pending_links(NOW + 100)), 1);
    }

    async fn revoked_identity_confirms_nothing(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        written!(store, |tx| tx.revoke_identity(identity(ALICE), NOW));
        let new = pending(1, ALICE, 7);
        written!(store, |tx| tx.create_pending_link(&new));
        assert!(written!(store, |tx| tx.confirm_link(&[1; 16], NOW)).is_none());
        assert_eq!(linked_to(&store, 7).await, None);
    }

    async fn safe_backup_is_replaced_whole(world) {
        let store = world.open().await;
        let mut first = backup(1, &vec![7; 100_000], NOW + 10);
        first.owner = Some(identity(ALICE));
        assert!(written!(store, |tx| tx.put_safe_backup(&first)));
        let second = backup(1, b"shorter", NOW + 20);
        assert!(!written!(store, |tx| tx.put_safe_backup(&second)));
        let found = store.safe_backup([1; 32]).await.unwrap().unwrap();
        assert_eq!((found.bytes.as_slice(), found.expires_at), (&b"shorter"[..], NOW + 20));
        assert_eq!(found.owner, Some(identity(ALICE)));
        assert!(store.safe_backup([2; 32]).await.unwrap().is_none());
        for id in 2..5 {
            let new = backup(id, b"old", NOW + i64::from(id));
            written!(store, |tx| tx.put_safe_backup(&new));
        }
        assert_eq!(written!(store, |tx| tx.expire_safe_backups(NOW + 4, 2)), 2);
        assert!(store.safe_backup([4; 32]).await.unwrap().is_some());
        assert_eq!(written!(store, |tx| tx.expire_safe_backups(NOW + 4, 2)), 1);
        assert!(written!(store, |tx| tx.delete_safe_backup(&[1; 32])));
        assert!(!written!(store, |tx| tx.delete_safe_backup(&[1; 32])));
    }

    async fn remote_secret_goes_with_the_seat(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let org = org(&store, 1, 0).await;
        let licence = credential(&store, org, "one", None).await;
        attach(&store, org, licence, ALICE).await;
        let secret = |token: u8| RemoteSecret {
            token_hash: [token; 32],
            identity: identity(ALICE),
            sealed: vec![token; 60],
            created_at: NOW,
        };
        for token in [1, 2] {
            let new = secret(token);
            written!(store, |tx| tx.put_remote_secret(&new));
        }
        assert!(store.remote_secret([1; 32]).await.unwrap().is_none());
        assert_eq!(store.remote_secret([2; 32]).await.unwrap(), Some(secret(2)));
        assert_eq!(store.remote_secret_of(identity(ALICE)).await.unwrap(), Some(secret(2)));
        assert!(!written!(store, |tx| tx.delete_remote_secret(identity(BOB), &[2; 32])));
        assert!(written!(store, |tx| tx.delete_remote_secret(identity(ALICE), &[2; 32])));
        let new = secret(3);
        written!(store, |tx| tx.put_remote_secret(&new));
        assert!(written!(store, |tx| tx.detach_member(org, identity(ALICE), NOW)));
        assert!(store.remote_secret([3; 32]).await.unwrap().is_none());
    }

    async fn push_endpoints_go_with_the_device_the_app_and_the_identity(world) {
        let store = world.open().await;
        people(&store, &[ALICE]).await;
        let who = identity(ALICE);
        let one = "https://push.example/one";
        let known = async || store.push_endpoint(who).await.unwrap();
        let device = |mark: u8| Some(DeviceCookie::from([mark; 16]));
        written!(store, |tx| tx.note_login(who, 1, device(1)));
        written!(store, |tx| tx.put_push_endpoint(who, "https://push.example/old", NOW));
        written!(store, |tx| tx.put_push_endpoint(who, one, NOW));
        assert_eq!(known().await.as_deref(), Some(one));
        assert_eq!(store.push_identities().await.unwrap(), [who]);

        written!(store, |tx| tx.note_login(who, 2, device(1)));
        assert!(!written!(store, |tx| tx.drop_push_endpoint(who, "https://push.example/old")));
        assert!(known().await.is_some(), "the same device, and another address");
        written!(store, |tx| tx.note_login(who, 2, device(2)));
        assert_eq!(known().await, None, "another device");

        written!(store, |tx| tx.put_push_endpoint(who, one, NOW));
        assert!(written!(store, |tx| tx.drop_push_endpoint(who, one)));
        assert!(!written!(store, |tx| tx.delete_push_endpoint(who)));
        written!(store, |tx| tx.put_push_endpoint(who, one, NOW));
        written!(store, |tx| tx.set_identity_kind(who, IdentityKind::Work));
        assert_eq!(known().await, None, "another app");
        written!(store, |tx| tx.put_push_endpoint(who, one, NOW));
        written!(store, |tx| tx.revoke_identity(who, NOW));
        assert_eq!(known().await, None);
        assert!(!store.has_urgent_message(who).await.unwrap());
    }

    async fn api_keys_are_by_owner(world) {
        let store = world.open().await;
        let (one, two) = (org(&store, 1, 0).await, org(&store, 2, 0).await);
        let key = |id: &str, hash: u8, org: Option<OrgId>| ApiKey {
            id: id.to_owned(),
            org,
            name: format!("key {id}"),
            hash: [hash; 32],
            rights: "users:read".to_owned(),
            networks: String::new(),
            created_at: 5,
            expires_at: Some(NOW),
            revoked_at: None,
            last_used_day: None,
        };
        for new in [key("a", 1, None), key("b", 2, Some(one)), key("c", 3, Some(two))] {
            written!(store, |tx| tx.create_api_key(&new));
        }
        assert_eq!(store.api_key("b".to_owned()).await.unwrap(), Some(key("b", 2, Some(one))));
        let found = store.api_key_by_hash([3; 32]).await.unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.org), ("c", Some(two)));
        assert_eq!(store.api_keys(None).await.unwrap(), [key("a", 1, None)]);
        assert_eq!(store.api_keys(Some(one)).await.unwrap(), [key("b", 2, Some(one))]);
        assert!(!written!(store, |tx| tx.revoke_api_key(Some(two), "b", NOW)));
        assert!(written!(store, |tx| tx.revoke_api_key(Some(one), "b", NOW)));
        assert!(!written!(store, |tx| tx.revoke_api_key(Some(one), "b", NOW + 1)));
        assert!(written!(store, |tx| tx.note_api_key_use("b", 20_000)));
        assert!(!written!(store, |tx| tx.note_api_key_use("b", 20_000)));
        let found = store.api_key("b".to_owned()).await.unwrap().unwrap();
        assert_eq!((found.revoked_at, found.last_used_day), (Some(NOW), Some(20_000)));
    }
}
