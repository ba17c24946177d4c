//! What is stored about one person is told completely, and forgotten to the last byte.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use dreiklang_store::{
    AuditNote, AuditVerdict, Contact, ContactKind, Created, CredentialId, IdentityState, Link,
    LinkKind, MdmScope, NewBlob, NewMessage, OrgId, PendingLink, Profile, RemoteSecret, SafeBackup,
    Store, StoredValue,
};
use dreiklang_wire::id::{BlobId, DeviceCookie};

use crate::{
    common::{Kind, World, accept, identity, new_identity, payload},
    members::{NOW, attach, credential, org, people, written},
    on_both,
};

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";

/// Bytes that are about one person only.
fn mark(name: &str, what: &str) -> String {
    format!("<{what} of {name}>")
}

/// Thirty-two bytes that are about one person only.
fn mark_32(name: &str, what: &str) -> [u8; 32] {
    let mut bytes = [b'.'; 32];
    let text = mark(name, what);
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// Puts a row about somebody into every table that can hold one.
async fn live(store: &Store, org: OrgId, name: &str, other: &str) {
    let licence = credential(store, org, &format!("user {name}"), None).await;
    attach(store, org, licence, name).await;
    live_in_org(store, org, licence, name).await;
    live_alone(store, name).await;
    let messages = (0..20).flat_map(|id| {
        let text = mark(name, "message").repeat(10);
        [(name, other), (other, name)].map(|(from, to)| {
            NewMessage::new(payload(from, to, id, id, text.as_bytes()), NOW, NOW + 1).unwrap()
        })
    });
    accept(store, messages.collect()).await.unwrap();
    let mut upload = store.begin_blob(new_blob(name)).await.unwrap();
    upload.append(mark(name, "blob").as_bytes()).await.unwrap();
    upload.seal().await.unwrap();
}

/// What an organisation has of somebody.
async fn live_in_org(store: &Store, org: OrgId, licence: CredentialId, name: &str) {
    let who = identity(name);
    let profile = Profile {
        nickname: mark(name, "nickname"),
        first_name: mark(name, "first"),
        last_name: mark(name, "last"),
        csi: mark(name, "csi"),
        job_title: mark(name, "job"),
        department: mark(name, "department"),
        category: mark(name, "category"),
    };
    let contact = Contact {
        org,
        identity: who,
        first_name: mark(name, "contact"),
        last_name: String::new(),
        kind: ContactKind::Custom,
        is_enabled: true,
        created_at: 1,
    };
    let (nick, note) = (format!("\"{}\"", mark(name, "mdm")), mark(name, "detail"));
    let activation = mark_32(name, "activation");
    let name = name.to_owned();
    let lived = store.write(move |tx| {
        Box::pin(async move {
            tx.update_member_profile(who, &profile, "7", NOW).await?;
            tx.set_availability(who, mark(&name, "availability").as_bytes())
                .await?;
            tx.create_contact(&contact).await?;
            let scope = MdmScope::Credential(org, licence);
            tx.set_mdm(&scope, "th_nickname", &nick).await?;
            tx.create_activation(org, &licence, &activation, NOW)
                .await?;
            tx.note_audit(AuditNote {
                at: NOW,
                actor: "ada",
                action: "member.withdraw",
                org: Some(org),
                subject: who.as_str(),
                detail: &note,
            })
            .await
        })
    });
    lived.await.unwrap();
}

/// What the instance has of somebody.
async fn live_alone(store: &Store, name: &str) {
    let who = identity(name);
    let link = Link {
        identity: who,
        kind: LinkKind::Email,
        hash: mark_32(name, "link"),
        verified_at: NOW,
    };
    let pending = PendingLink {
        id: mark_32(name, "p")[..16].try_into().unwrap(),
        identity: who,
        kind: LinkKind::Phone,
        hash: mark_32(name, "pending"),
        code: vec![1; 32],
        tries: 0,
        sends: 0,
        created_at: NOW,
        expires_at: NOW + 1,
    };
    let backup = SafeBackup {
        id: mark_32(name, "safe id"),
        bytes: mark(name, "safe").repeat(500).into_bytes(),
        owner: Some(who),
        updated_at: NOW,
        expires_at: NOW + 1,
    };
    let secret = RemoteSecret {
        token_hash: mark_32(name, "token"),
        identity: who,
        sealed: mark(name, "sealed").into_bytes(),
        created_at: NOW,
    };
    let name = name.to_owned();
    let lived = store.write(move |tx| {
        Box::pin(async move {
            tx.link(&link).await?;
            tx.create_pending_link(&pending).await?;
            tx.put_safe_backup(&backup).await?;
            tx.put_remote_secret(&secret).await?;
            let endpoint = format!("https://push.example/{}", mark(&name, "push"));
            tx.put_push_endpoint(who, &endpoint, NOW).await?;
            let cookie: [u8; 16] = mark_32(&name, "ck")[..16].try_into().unwrap();
            tx.note_login(who, 20_000, Some(DeviceCookie::from(cookie)))
                .await?;
            Ok(())
        })
    });
    lived.await.unwrap();
}

fn new_blob(name: &str) -> NewBlob {
    NewBlob {
        id: BlobId::from(<[u8; 16]>::try_from(&mark_32(name, "b")[..16]).unwrap()),
        uploader: Some(identity(name)),
        persist: false,
        created_at: NOW,
        expires_at: NOW + 1,
        size_bytes_max: 1_000,
    }
}

/// The tables in which a person is named.
const TABLES: [&str; 16] = [
    "activations",
    "audit",
    "blobs",
    "contact_categories",
    "contacts",
    "credentials",
    "detached",
    "identities",
    "links",
    "mdm",
    "members",
    "messages",
    "pending_links",
    "push_endpoints",
    "remote_secrets",
    "safe_backups",
];

async fn tables_about(store: &Store, name: &str) -> BTreeSet<&'static str> {
    let rows = store.everything_about(identity(name)).await.unwrap();
    rows.iter().map(|row| row.table).collect()
}

async fn world_of_two(store: &Store) -> OrgId {
    people(store, &[ALICE, BOB]).await;
    let org = org(store, 1, 0).await;
    live(store, org, ALICE, "CAROL001").await;
    live(store, org, BOB, "CAROL001").await;
    org
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// How often the files name each of some people, and what else they say of them.
#[derive(Clone, Copy, Default)]
struct Named {
    /// In any way.
    total: usize,
    /// As the user of a licence, which the organisation has named.
    as_user: usize,
    /// In a mark.
    marks: usize,
}

/// Counts people called `PERSONnn` in one walk over all bytes.
fn named(bytes: &[u8]) -> BTreeMap<String, Named> {
    let mut found: BTreeMap<String, Named> = BTreeMap::new();
    for (at, part) in bytes.windows(8).enumerate() {
        if part[0] != b'P' || !part.starts_with(b"PERSON") {
            continue;
        }
        let named = found
            .entry(String::from_utf8_lossy(part).into_owned())
            .or_default();
        named.total += 1;
        named.as_user += usize::from(bytes[..at].ends_with(b"user "));
        named.marks += usize::from(bytes[..at].ends_with(b" of "));
    }
    found
}

on_both! {
    async fn everything_is_told_and_nothing_of_others(world) {
        let store = world.open().await;
        let org = world_of_two(&store).await;
        let rows = store.everything_about(identity(ALICE)).await.unwrap();
        let told: BTreeSet<&str> = rows.iter().map(|row| row.table).collect();
        // She is neither detached nor in a category.
        let mut expected = BTreeSet::from(TABLES);
        expected.remove("detached");
        expected.remove("contact_categories");
        assert_eq!(told, expected);
        let messages = rows.iter().filter(|row| row.table == "messages").count();
        assert_eq!(messages, 40);
        let texts = |row: &dreiklang_store::StoredRow| -> Vec<String> {
            row.columns
                .iter()
                .map(|(_, value)| match value {
                    StoredValue::Text(text) => text.clone(),
                    StoredValue::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    StoredValue::Number(_) | StoredValue::Withheld => String::new(),
                })
                .collect()
        };
        let all: Vec<String> = rows.iter().flat_map(texts).collect();
        for what in ["nickname", "csi", "link", "safe", "mdm", "message", "detail"] {
            let mark = mark(ALICE, what);
            assert!(all.iter().any(|text| text.contains(&mark)), "{what}");
        }
        assert!(!all.iter().any(|text| text.contains(&format!("of {BOB}>"))));
        // What would let a reader act as her is not told.
        for what in ["sealed", "token", "activation", "ck"] {
            let mark = mark(ALICE, what);
            assert!(!all.iter().any(|text| text.contains(&mark)), "{what}");
        }
        let withheld = rows.iter().flat_map(|row| &row.columns);
        let withheld = withheld.filter(|(_, value)| *value == StoredValue::Withheld).count();
        assert_eq!(withheld, 9);
        assert!(written!(store, |tx| tx.detach_member(org, identity(ALICE), NOW)));
        assert!(tables_about(&store, ALICE).await.contains("detached"));
    }

    async fn erased_person_is_gone_and_others_are_not(world) {
        let store = world.open().await;
        let org = world_of_two(&store).await;
        let before = store.everything_about(identity(BOB)).await.unwrap();
        let AuditVerdict::Whole(head) = store.verify_audit().await.unwrap() else {
            panic!("the audit is whole")
        };
        assert_eq!(store.delete_blobs_of(identity(ALICE)).await.unwrap(), 1);
        assert!(written!(store, |tx| tx.erase_identity(identity(ALICE), NOW)));
        assert!(!written!(store, |tx| tx.erase_identity(identity(ALICE), NOW)));
        assert!(!written!(store, |tx| tx.erase_identity(identity("NOBODY00"), NOW)));
        assert_eq!(tables_about(&store, ALICE).await, BTreeSet::from(["identities"]));
        assert_eq!(store.everything_about(identity(BOB)).await.unwrap(), before);
        assert_eq!(store.verify_audit().await.unwrap(), AuditVerdict::Whole(head));
        let row = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!((row.state, row.erased_at), (IdentityState::Revoked, Some(NOW)));
        assert_eq!((row.created_at, row.last_login_day, row.feature_mask), (0, None, 0));
        // Neither the identity nor its key is issued again.
        let key = new_identity(ALICE, 1).public_key;
        assert_ne!(row.public_key, key);
        let by_key = store.identity_by_key(key).await.unwrap().unwrap();
        assert_eq!(by_key.identity, identity(ALICE));
        let create = async |name: &str, seed| {
            let new = new_identity(name, seed);
            written!(store, |tx| tx.create_identity(&new))
        };
        assert_eq!(create("CAROL002", 1).await, Created::KeyTaken);
        assert_eq!(create(ALICE, 77).await, Created::IdentityTaken);
        assert_eq!(create(ALICE, 1).await, Created::IdentityTaken);
        // Her licence is free for somebody else, without her parameters.
        let name = format!("user {ALICE}");
        let licence = store.credential_by_username(name).await.unwrap().unwrap();
        assert_eq!(licence.identity, None);
        let scope = MdmScope::Credential(org, licence.id);
        assert!(store.mdm_at(scope).await.unwrap().is_empty());
        store.scrub().await.unwrap();
    }
}

/// G-P1: no byte of an erased person is left in any file, whatever the pages went through.
#[tokio::test]
async fn files_hold_no_byte_of_an_erased_person() {
    let world = World::new(Kind::Sqlite).await.unwrap();
    let store = world.open().await;
    let names: Vec<String> = (0..40).map(|number| format!("PERSON{number:02}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    people(&store, &all).await;
    let org = org(&store, 1, 0).await;
    for pair in all.windows(2) {
        live(&store, org, pair[0], pair[1]).await;
    }
    // Every second person, in an order that splits and joins pages.
    let erased: Vec<&str> = all[1..].iter().step_by(2).copied().rev().collect();
    for (number, name) in erased.iter().enumerate() {
        let who = identity(name);
        if number % 3 == 0 {
            written!(store, |tx| tx.withdraw_member(org, who, NOW));
        }
        store.delete_blobs_of(who).await.unwrap();
        assert!(written!(store, |tx| tx.erase_identity(who, NOW)));
    }
    store.scrub().await.unwrap();
    let log = world.path("server.db-wal");
    assert_eq!(fs::metadata(log).map_or(0, |file| file.len()), 0);
    let mut found = Vec::new();
    files(&world.path(""), &mut found);
    assert!(found.iter().any(|(path, _)| path.ends_with("server.db")));
    let bytes: Vec<u8> = found.into_iter().flat_map(|(_, bytes)| bytes).collect();
    let counts = named(&bytes);
    let keys: Vec<[u8; 32]> = all
        .iter()
        .zip(1..)
        .filter(|(name, _)| erased.contains(name))
        .map(|(name, seed)| *new_identity(name, seed).public_key.as_bytes())
        .collect();
    let key = bytes
        .windows(32)
        .find(|part| keys.iter().any(|key| key[0] == part[0] && key == part));
    assert_eq!(key, None);
    for name in &all[..39] {
        let named = counts[*name];
        if erased.contains(name) {
            // The row that keeps the identity from being issued again, and its index; the username
            // is the organisation's.
            assert_eq!((named.total - named.as_user, named.marks), (2, 0), "{name}");
        } else {
            assert!(named.marks > 10, "{name} is still there: {}", named.marks);
        }
    }
}
