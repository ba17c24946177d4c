//! Taking an identity elsewhere: ID exports and Safe.

use dreiklang_engine::{
    Authorization, BackupFault, Command, Edition, Event, HttpFault, IdScheme, License, Method,
    PictureSharing, Refusal, Reply, SendPolicy, Service, Settings,
    view::{self, SafeFault, VerificationLevel},
};
use dreiklang_wire::{
    id::Identity,
    mdm::{Parameter, WireParameters},
};
use serde_json::{Value, json};

use crate::world::{ALICE, BOB, CAROL, World, keys_of};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const PASSWORD: &str = "shootdeathstar";

fn enable(password: &str, server: &str) -> Command {
    Command::SafeEnable {
        password: password.into(),
        server: server.into(),
    }
}

fn restore(identity: Identity, password: &str) -> Command {
    Command::SafeRestore {
        identity,
        password: password.into(),
        server: String::new(),
    }
}

fn export(scheme: IdScheme) -> Command {
    Command::ExportId {
        password: PASSWORD.into(),
        scheme,
    }
}

fn import(export: &str, password: &str) -> Command {
    Command::ImportId {
        export: export.into(),
        password: password.into(),
    }
}

fn exported(world: &mut World, scheme: IdScheme) -> String {
    match world.ask(ALICE, export(scheme)) {
        Ok(Reply::IdExported(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// What the server has of an identity, opened with the password alone.
fn plain(world: &World, identity: Identity, password: &str) -> String {
    let (path, key) = keys_of(identity, password);
    let (nonce, sealed) = world.server.safe.backups[&path]
        .split_first_chunk::<24>()
        .unwrap();
    // The blocks are stored as they are, so the document can be read without unpacking.
    String::from_utf8_lossy(&key.open(nonce, sealed).unwrap()).into_owned()
}

/// Makes the backup of an identity one of another app, which has no keys of contacts.
fn strip_keys(world: &mut World, identity: Identity, password: &str) {
    let (_, key) = keys_of(identity, password);
    for body in world.server.safe.backups.values_mut() {
        let (nonce, sealed) = body.split_first_chunk::<24>().unwrap();
        let packed = key.open(nonce, sealed).unwrap();
        let json = &packed[15..packed.len() - 8];
        let mut document: Value = serde_json::from_slice(json).unwrap();
        for contact in document["contacts"].as_array_mut().unwrap() {
            contact.as_object_mut().unwrap().remove("publickey");
        }
        let json = document.to_string().into_bytes();
        let mut packed = packed[..10].to_vec();
        let length = u16::try_from(json.len()).unwrap();
        packed.push(1);
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(&json);
        packed.extend(crc32(&json).to_le_bytes());
        packed.extend(u32::from(length).to_le_bytes());
        *body = [&nonce[..], &key.seal(nonce, &packed)].concat();
    }
}

/// How many backups it was given.
fn uploads(world: &World) -> usize {
    let uploads = world
        .server
        .safe
        .asked
        .iter()
        .filter(|(method, ..)| *method == Method::Put);
    uploads.count()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), step);
    !bytes.iter().fold(u32::MAX, byte)
}

/// Somebody with everything a backup holds, and a conversation.
fn a_life() -> World {
    let mut world = World::new(3);
    let (bob, carol) = (world.identities[BOB], world.identities[CAROL]);
    let link = view::me(&world.device(BOB).conn).unwrap().unwrap().link();
    world.befriend(BOB, ALICE);
    world.befriend(ALICE, CAROL);
    let verify = Command::AddContact {
        identity: bob,
        public_key: Some(link.public_key),
        name: Some("Bob Baumann".into()),
    };
    world.ask(ALICE, verify).unwrap();
    world.send(ALICE, BOB, "the plan is green");
    world.send(BOB, ALICE, "the answer is blue");
    world.settle();
    world.ask(ALICE, Command::Block(carol)).unwrap();
    let settings = Settings {
        read_receipts: false,
        typing_indicators: true,
        block_unknown: true,
        contact_sync: true,
        ..Settings::default()
    };
    world.ask(ALICE, Command::SetSettings(settings)).unwrap();
    world
}

#[test]
fn an_export_moves_the_identity_to_another_device() {
    let mut world = World::friends();
    let me = world.identities[ALICE];
    let text = exported(&mut world, IdScheme::Legacy);
    assert_eq!(text.len(), 99);
    let device = world.another_device(Edition::Private);

    let wrong = world.ask(device, import(&text, "another password"));
    assert_eq!(wrong, Err(Refusal::Backup(BackupFault::NotOpened)));
    let cut = world.ask(device, import(&text[..90], PASSWORD));
    assert_eq!(cut, Err(Refusal::Backup(BackupFault::NoExport)));
    assert_eq!(world.count(device, "identity"), 0);

    let restored = world.ask(device, import(&text, PASSWORD));
    assert_eq!(restored, Ok(Reply::IdentityRestored(me)));
    let (old, new) = [ALICE, device]
        .map(|who| view::me(&world.device(who).conn).unwrap().unwrap())
        .into();
    assert_eq!(
        (new.identity, new.public_key),
        (old.identity, old.public_key)
    );
    let cookie = |world: &mut World, who: usize| -> Vec<u8> {
        let sql = "SELECT device_cookie FROM identity";
        let conn = &world.device(who).conn;
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_ne!(cookie(&mut world, ALICE), cookie(&mut world, device));
    world.answer_all_http(device);
    let restored_at = view::restored_at(&world.device(device).conn).unwrap();
    assert_eq!(restored_at, Some(world.now));
    assert_eq!(view::restored_at(&world.device(ALICE).conn).unwrap(), None);
    let again = world.ask(device, import(&text, PASSWORD));
    assert_eq!(again, Err(Refusal::IdentityExists));
    assert_eq!(view::safe(&world.device(device).conn).unwrap(), None);
}

#[test]
fn the_newer_scheme_is_read_as_well() {
    let mut world = World::new(1);
    let text = exported(&mut world, IdScheme::V1);
    let device = world.another_device(Edition::Private);
    let restored = world.ask(device, import(&text, PASSWORD));
    assert_eq!(
        restored,
        Ok(Reply::IdentityRestored(world.identities[ALICE]))
    );
}

#[test]
fn a_key_that_the_directory_does_not_know_is_not_taken() {
    let mut world = World::friends();
    let text = exported(&mut world, IdScheme::Legacy);
    let (me, other) = (
        world.identities[ALICE],
        world.server.keys[&world.identities[BOB]],
    );
    world.server.keys.insert(me, other);
    let device = world.another_device(Edition::Private);
    let refused = world.ask(device, import(&text, PASSWORD));
    assert!(matches!(refused, Err(Refusal::Directory(_))), "{refused:?}");
    assert_eq!(world.count(device, "identity"), 0);
}

#[test]
fn the_other_edition_says_why_it_may_not_have_the_identity() {
    let mut world = a_life();
    let me = world.identities[ALICE];
    let text = exported(&mut world, IdScheme::Legacy);
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    let words = "This ID belongs to Dreiklang AG.".to_owned();
    world.server.prohibited = Some(words.clone());
    let device = world.another_device(Edition::Private);
    let refused = Err(Refusal::TransferProhibited(words));
    assert_eq!(world.ask(device, import(&text, PASSWORD)), refused);
    assert_eq!(world.ask(device, restore(me, PASSWORD)), refused);
    assert_eq!(view::contacts(&world.device(device).conn).unwrap(), []);
    assert_eq!(world.count(device, "identity"), 0);
    assert_eq!(world.server.asked_variants, ["consumer", "consumer"]);
}

#[test]
fn weak_passwords_are_refused() {
    let mut world = World::new(1);
    let export = Command::ExportId {
        password: "short".into(),
        scheme: IdScheme::Legacy,
    };
    let length = Err(Refusal::PasswordLength { min: 8, max: 4096 });
    assert_eq!(world.ask(ALICE, export), length);
    assert_eq!(world.ask(ALICE, enable("short", "")), length);
    assert_eq!(
        world.ask(ALICE, enable("aaaaaaaaa", "")),
        Err(Refusal::PasswordWeak)
    );
    assert!(world.server.safe.asked.is_empty());
    assert!(!format!("{:?}", enable("hunter2 hunter2", "")).contains("hunter2"));
}

#[test]
fn safe_brings_back_contacts_and_settings_and_never_a_message() {
    let mut world = a_life();
    let (me, bob, carol) = (
        world.identities[ALICE],
        world.identities[BOB],
        world.identities[CAROL],
    );
    assert_eq!(world.ask(ALICE, enable(PASSWORD, "")), Ok(Reply::Done));
    let status = view::safe(&world.device(ALICE).conn).unwrap().unwrap();
    assert_eq!(status.uploaded_at, Some(world.now));
    assert_eq!((status.bytes_max, status.retention_days), (524_288, 180));

    let document = plain(&world, me, PASSWORD);
    assert!(document.contains("privatekey") && document.contains("Bob Baumann"));
    for text in ["plan is green", "answer is blue"] {
        assert!(!document.contains(text));
        assert!(
            !world
                .texts(ALICE, BOB)
                .iter()
                .all(|shown| !shown.contains(text))
        );
    }

    let device = world.another_device(Edition::Private);
    let wrong = world.ask(device, restore(me, "another password"));
    assert_eq!(wrong, Err(Refusal::Backup(BackupFault::NotFound)));
    let restored = world.ask(device, restore(me, PASSWORD));
    assert_eq!(restored, Ok(Reply::IdentityRestored(me)));
    world.answer_all_http(device);

    let conn = &world.device(device).conn;
    let contact = view::contact(conn, bob).unwrap().unwrap();
    assert_eq!(contact.verification_level, VerificationLevel::Verified);
    assert_eq!(contact.display_name(), "Bob Baumann");
    assert!(view::contact(conn, carol).unwrap().unwrap().is_blocked);
    let settings = view::settings(conn).unwrap();
    assert!(!settings.read_receipts && settings.block_unknown && settings.contact_sync);
    let shown = view::me(conn).unwrap().unwrap();
    assert_eq!((shown.identity, shown.nickname.as_str()), (me, "nick0"));
    assert_eq!(world.count(device, "messages"), 0);

    // Safe goes on where it was, and has not sent anything yet.
    assert!(view::safe(&world.device(device).conn).unwrap().is_some());
    let before = uploads(&world);
    world.pass_ms(DAY_MS);
    world.answer_all_http(device);
    assert!(uploads(&world) > before);
    assert_eq!(world.server.safe.backups.len(), 1);
}

#[test]
fn safe_brings_back_names_policies_and_lists() {
    let mut world = a_life();
    let [me, bob, carol] = world.identities[..] else {
        panic!()
    };
    let sharing = PictureSharing::Listed([carol].into());
    for command in [
        Command::SetContactName {
            identity: bob,
            first_name: "Bob".into(),
            last_name: "Baumann".into(),
        },
        Command::SetContactPolicies {
            identity: bob,
            read_receipts: SendPolicy::Send,
            typing_indicators: SendPolicy::DontSend,
        },
        Command::Exclude(carol),
        Command::RemoveContact(carol),
        Command::SetPictureSharing(sharing.clone()),
        enable(PASSWORD, ""),
    ] {
        world.ask(ALICE, command).unwrap();
    }
    let document = plain(&world, me, PASSWORD);
    for field in [
        r#""firstname":"Bob","lastname":"Baumann""#,
        r#""readReceipts":1,"typingIndicators":2"#,
        &format!(r#""syncExcludedIds":["{carol}"]"#),
        &format!(r#""profilePicRelease":["{carol}"]"#),
    ] {
        assert!(document.contains(field), "{field}");
    }

    let device = world.another_device(Edition::Private);
    world.ask(device, restore(me, PASSWORD)).unwrap();
    world.answer_all_http(device);
    let conn = &world.device(device).conn;
    let contact = view::contact(conn, bob).unwrap().unwrap();
    assert_eq!(contact.first_name, "Bob");
    assert_eq!(contact.last_name, "Baumann");
    assert_eq!(contact.read_receipts, SendPolicy::Send);
    assert_eq!(contact.typing_indicators, SendPolicy::DontSend);
    let hidden = view::person(conn, carol).unwrap().unwrap();
    assert!(!hidden.is_direct && hidden.is_excluded);
    assert_eq!(view::contact(conn, carol).unwrap(), None);
    assert_eq!(view::picture_sharing(conn).unwrap(), sharing);
}

#[test]
fn contacts_without_a_key_get_theirs_from_the_directory() {
    let mut world = a_life();
    let (me, bob, carol) = (
        world.identities[ALICE],
        world.identities[BOB],
        world.identities[CAROL],
    );
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    strip_keys(&mut world, me, PASSWORD);
    world.server.revoked.insert(carol);
    let device = world.another_device(Edition::Private);
    let restored = world.ask(device, restore(me, PASSWORD));
    assert_eq!(restored, Ok(Reply::IdentityRestored(me)));
    // The request for the keys is lost with the process; it is made again.
    world.device(device).restart();
    let now = world.now;
    world
        .device(device)
        .give(now, dreiklang_engine::Input::Timeout);
    assert_eq!(world.count(device, "restored_contacts"), 2);
    world.answer_all_http(device);
    assert_eq!(world.count(device, "restored_contacts"), 0);
    let conn = &world.device(device).conn;
    let contact = view::contact(conn, bob).unwrap().unwrap();
    assert_eq!(contact.public_key, world.server.keys[&bob]);
    let conn = &world.device(device).conn;
    let contact = view::contact(conn, bob).unwrap().unwrap();
    assert_eq!(contact.verification_level, VerificationLevel::Server);
    assert_eq!(view::contact(conn, carol).unwrap(), None);
}

#[test]
fn damaged_and_oversized_backups_change_nothing() {
    let mut world = a_life();
    let me = world.identities[ALICE];
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    let device = world.another_device(Edition::Private);
    let good = world.server.safe.backups.clone();
    let body = |change: fn(&mut Vec<u8>)| {
        let mut backups = good.clone();
        backups.values_mut().for_each(change);
        backups
    };
    for (backups, fault) in [
        (body(|body| body[100] ^= 1), BackupFault::Damaged),
        (body(|body| body.truncate(20)), BackupFault::Damaged),
        (
            body(|body| body.resize(17 * 1024 * 1024, 0)),
            BackupFault::TooLarge,
        ),
    ] {
        world.server.safe.backups = backups;
        let refused = world.ask(device, restore(me, PASSWORD));
        assert_eq!(refused, Err(Refusal::Backup(fault)));
        assert_eq!(world.count(device, "identity"), 0);
    }
    world.server.safe.is_down = true;
    let refused = world.ask(device, restore(me, PASSWORD));
    assert_eq!(refused, Err(Refusal::Http(HttpFault::Unreachable)));
}

#[test]
fn a_backup_goes_out_once_a_day_if_something_changed() {
    let mut world = a_life();
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    assert_eq!(uploads(&world), 1);

    // What others send changes a nickname, but makes nothing go out.
    world
        .ask(BOB, Command::SetNickname("AAAAAAAA".into()))
        .unwrap();
    world.send(BOB, ALICE, "hello");
    world.settle();
    world.pass_ms(DAY_MS - 1);
    world.settle();
    assert_eq!(uploads(&world), 1);
    world.pass_ms(1);
    world.settle();
    assert_eq!(uploads(&world), 2);
    for day in 3..=90 {
        world.pass_ms(DAY_MS);
        world.settle();
        assert_eq!(uploads(&world), 2, "{day}");
    }
    world.pass_ms(2 * DAY_MS);
    world.settle();
    assert_eq!(uploads(&world), 3, "half the retention is over");
    world.ask(ALICE, Command::SafeBackup).unwrap();
    assert_eq!(uploads(&world), 4);
}

#[test]
fn a_failure_is_shown_and_tried_again() {
    let mut world = a_life();
    world.server.safe.is_down = true;
    let refused = world.ask(ALICE, enable(PASSWORD, ""));
    assert_eq!(refused, Err(Refusal::Http(HttpFault::Unreachable)));
    assert_eq!(view::safe(&world.device(ALICE).conn).unwrap(), None);
    world.server.safe.is_down = false;
    world.server.safe.config = json!({ "maxBackupBytes": 100, "retentionDays": 180 });
    let refused = world.ask(ALICE, enable(PASSWORD, ""));
    assert_eq!(refused, Err(Refusal::Backup(BackupFault::TooLarge)));
    world.server.safe.config = json!({ "hello": 1 });
    assert_eq!(
        world.ask(ALICE, enable(PASSWORD, "")),
        Err(Refusal::BadAnswer)
    );
    world.server.safe.config = json!({ "maxBackupBytes": 524_288, "retentionDays": 180 });
    assert_eq!(uploads(&world), 0);
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    world.take_events(ALICE);

    world
        .ask(ALICE, Command::SetNickname("other".into()))
        .unwrap();
    for (status, fault) in [
        (401, SafeFault::Refused),
        (429, SafeFault::Refused),
        (500, SafeFault::BadAnswer),
    ] {
        world.server.safe.status = Some(status);
        world.pass_ms(DAY_MS);
        world.settle();
        let shown = view::safe(&world.device(ALICE).conn).unwrap().unwrap();
        assert_eq!(shown.fault, Some(fault));
        assert!(world.take_events(ALICE).contains(&Event::SafeChanged));
    }
    world.server.safe.status = None;
    world.pass_ms(60 * 60 * 1_000);
    world.settle();
    let shown = view::safe(&world.device(ALICE).conn).unwrap().unwrap();
    assert_eq!((shown.fault, shown.uploaded_at), (None, Some(world.now)));
}

#[test]
fn another_password_and_the_end_of_safe_delete_the_old_backup() {
    let mut world = a_life();
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    let old = world.server.safe.backups.clone();
    world.ask(ALICE, enable("another password", "")).unwrap();
    world.settle();
    assert_eq!(world.server.safe.backups.len(), 1);
    assert_ne!(world.server.safe.backups.keys().next(), old.keys().next());

    world.server.safe.is_down = true;
    let disable = |even_if_it_stays| Command::SafeDisable { even_if_it_stays };
    let refused = world.ask(ALICE, disable(false));
    assert_eq!(refused, Err(Refusal::Http(HttpFault::Unreachable)));
    assert!(view::safe(&world.device(ALICE).conn).unwrap().is_some());
    world.server.safe.is_down = false;
    assert_eq!(world.ask(ALICE, disable(false)), Ok(Reply::Done));
    assert!(world.server.safe.backups.is_empty());
    for command in [disable(false), Command::SafeBackup] {
        assert_eq!(world.ask(ALICE, command), Err(Refusal::SafeOff));
    }
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    world.server.safe.is_down = true;
    assert_eq!(world.ask(ALICE, disable(true)), Ok(Reply::Done));
    assert_eq!(view::safe(&world.device(ALICE).conn).unwrap(), None);
}

#[test]
fn a_server_of_ones_own_gets_its_own_credentials() {
    let mut world = a_life();
    let server = "max:secret@safe-{backupIdPrefix8}.example.com";
    world.ask(ALICE, enable(PASSWORD, server)).unwrap();
    let basic = Authorization::Basic(License {
        username: "max".into(),
        password: "secret".into(),
    });
    let asked = &world.server.safe.asked;
    let (_, service, path, shown) = &asked[0];
    assert_eq!(*service, Service::At("https://safe-xx.example.com/".into()));
    assert_eq!((path.as_str(), shown), ("config", &basic));
    let (method, service, path, shown) = &asked[1];
    let prefix: String = path
        .trim_start_matches("backups/")
        .chars()
        .take(2)
        .collect();
    assert_eq!(
        *service,
        Service::At(format!("https://safe-{prefix}.example.com/"))
    );
    assert_eq!((*method, shown), (Method::Put, &basic));
    let shown = view::safe(&world.device(ALICE).conn).unwrap().unwrap();
    assert!(!format!("{shown:?}").contains("secret"));
    for bad in ["http://safe.example.com", "a b"] {
        assert_eq!(
            world.ask(ALICE, enable(PASSWORD, bad)),
            Err(Refusal::BadServerAddress)
        );
    }
}

fn managed(parameters: Value) -> Command {
    let wire: WireParameters = serde_json::from_value(parameters).unwrap();
    Command::SetExternalMdm(wire)
}

#[test]
fn the_organisation_forbids_backups() {
    let mut world = World::work(Edition::Work, true);
    let me = world.identities[ALICE];
    for (parameters, parameter) in [
        (
            json!({"th_disable_backups": true}),
            Parameter::DisableBackups,
        ),
        (json!({"th_safe_enable": false}), Parameter::SafeEnable),
    ] {
        world.ask(ALICE, managed(parameters)).unwrap();
        let refused = Err(Refusal::SetByOrganisation(parameter));
        assert_eq!(world.ask(ALICE, enable(PASSWORD, "")), refused);
    }
    for (parameters, parameter) in [
        (
            json!({"th_disable_backups": true}),
            Parameter::DisableBackups,
        ),
        (
            json!({"th_disable_id_export": true}),
            Parameter::DisableIdExport,
        ),
    ] {
        world.ask(ALICE, managed(parameters)).unwrap();
        let refused = Err(Refusal::SetByOrganisation(parameter));
        assert_eq!(world.ask(ALICE, export(IdScheme::Legacy)), refused);
    }
    world.ask(ALICE, managed(json!({}))).unwrap();
    assert!(matches!(
        world.ask(ALICE, export(IdScheme::Legacy)),
        Ok(Reply::IdExported(_))
    ));
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    world
        .ask(ALICE, managed(json!({"th_safe_enable": true})))
        .unwrap();
    let disable = Command::SafeDisable {
        even_if_it_stays: true,
    };
    let refused = Err(Refusal::SetByOrganisation(Parameter::SafeEnable));
    assert_eq!(world.ask(ALICE, disable), refused);

    let mut world = World::work(Edition::Work, false);
    let forbid = managed(json!({"th_safe_restore_enable": false}));
    world.ask(ALICE, forbid).unwrap();
    let refused = Err(Refusal::SetByOrganisation(Parameter::SafeRestoreEnable));
    assert_eq!(world.ask(ALICE, restore(me, PASSWORD)), refused);
}

#[test]
fn the_organisation_chooses_password_and_server() {
    let mut world = World::work(Edition::Work, true);
    let parameters = json!({
        "th_safe_password": PASSWORD,
        "th_safe_server_url": "https://safe.example.com",
        "th_safe_server_username": "org",
        "th_safe_server_password": "key",
    });
    world.ask(ALICE, managed(parameters)).unwrap();
    world.settle();
    let me = world.identities[ALICE];
    assert!(plain(&world, me, PASSWORD).contains("privatekey"));
    let shown = view::safe(&world.device(ALICE).conn).unwrap().unwrap();
    assert!(shown.is_managed);
    assert_eq!(shown.server.as_deref(), Some("https://safe.example.com/"));
    let expected = Authorization::Basic(License {
        username: "org".into(),
        password: "key".into(),
    });
    assert!(
        world
            .server
            .safe
            .asked
            .iter()
            .all(|(.., shown)| *shown == expected)
    );
    let refused = Err(Refusal::SetByOrganisation(Parameter::SafePassword));
    assert_eq!(world.ask(ALICE, enable("another password", "")), refused);

    // The rule for a password of one's own.
    let rule = json!({
        "th_safe_password_pattern": ".*[0-9].*", "th_safe_password_message": "One digit.",
        "th_safe_server_url": "https://safe.example.com"
    });
    world.ask(ALICE, managed(rule)).unwrap();
    world.settle();
    let refused = Err(Refusal::PasswordPattern("One digit.".into()));
    assert_eq!(world.ask(ALICE, enable("another password", "")), refused);
    let refused = Err(Refusal::SetByOrganisation(Parameter::SafeServerUrl));
    assert_eq!(
        world.ask(ALICE, enable("another password 1", "https://x.ch")),
        refused
    );
    assert_eq!(
        world.ask(ALICE, enable("another password 1", "")),
        Ok(Reply::Done)
    );
}

#[test]
fn an_instance_of_the_organisations_own_gets_a_token() {
    let mut world = World::work(Edition::OnPrem, true);
    world.ask(ALICE, enable(PASSWORD, "")).unwrap();
    let me = world.identities[ALICE];
    let license = License {
        username: "alice".into(),
        password: "correct horse".into(),
    };
    for (_, service, _, shown) in &world.server.safe.asked {
        assert_eq!(*service, Service::Safe);
        assert_eq!(*shown, Authorization::Token(license.clone()));
    }
    let device = world.another_device(Edition::OnPrem);
    assert_eq!(
        world.ask(device, restore(me, PASSWORD)),
        Err(Refusal::NoLicense)
    );
    let activate = Command::ActivateWork {
        username: "alice".into(),
        password: "correct horse".into(),
    };
    world.ask(device, activate).unwrap();
    world.answer_all_http(device);
    let restored = world.ask(device, restore(me, PASSWORD));
    assert_eq!(restored, Ok(Reply::IdentityRestored(me)));
    world.answer_all_http(device);
    assert_eq!(world.server.asked_variants, ["work"]);
}
