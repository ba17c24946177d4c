//! The remote secret: made, asked for, refused, taken back.

use dreiklang_engine::{
    Build, Command, Edition, Event, HttpFault, Input, Refusal, RemoteSecretState, Reply, view,
};
use serde_json::json;

use crate::{
    common::Device,
    world::{ALICE, BOB, World},
};

/// A member whose organisation wants a remote secret.
fn member() -> World {
    let build = Build {
        has_remote_secret: true,
        ..Build::new(Edition::OnPrem)
    };
    let mut world = World::member(Device::with(build, 1), true);
    world.add_stranger();
    world.befriend(ALICE, BOB);
    want(&mut world, true);
    world
}

fn want(world: &mut World, is_wanted: bool) {
    let params = &mut world.server.organisation.params;
    params.insert("th_enable_remote_secret".into(), json!(is_wanted));
    assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
    world.answer_all_http(ALICE);
}

fn state(world: &mut World) -> RemoteSecretState {
    world.device(ALICE).engine.remote_secret()
}

fn text(world: &World) -> Command {
    Command::SendText {
        to: world.identities[BOB].into(),
        text: "hello".into(),
        quote: None,
        reference: None,
    }
}

/// Time passes until the server is asked again.
fn ask_server(world: &mut World) {
    world.pass_ms(60_000);
    world.answer_all_http(ALICE);
}

#[test]
fn the_organisation_switches_it_on_and_off() {
    let mut world = member();
    assert_eq!(state(&mut world), RemoteSecretState::Open);
    assert_eq!(world.server.organisation.secrets.len(), 1);
    let tables = "SELECT count(*) FROM remote_secret WHERE length(token) = 8 AND length(hash) = 32";
    let conn = &world.device(ALICE).conn;
    assert_eq!(conn.query_row(tables, [], |row| row.get(0)), Ok(1));
    want(&mut world, false);
    // The server keeps it until the driver has taken its lock off.
    assert_eq!(state(&mut world), RemoteSecretState::Open);
    assert_eq!(world.server.organisation.secrets.len(), 1);
    let engine = &mut world.device(ALICE).engine;
    assert!(engine.is_remote_secret_leaving() && engine.remote_secret_lock().is_none());
    engine.remote_secret_released();
    world.pass_ms(1_000);
    world.answer_all_http(ALICE);
    assert_eq!(state(&mut world), RemoteSecretState::Off);
    assert!(world.server.organisation.secrets.is_empty());
    assert_eq!(world.count(ALICE, "remote_secret"), 0);
}

#[test]
fn without_the_entitlement_of_the_provisioning_file_the_server_cannot_switch_it_on() {
    let mut world = World::work(Edition::OnPrem, true);
    want(&mut world, true);
    assert_eq!(state(&mut world), RemoteSecretState::Off);
    assert!(world.server.organisation.secrets.is_empty());
}

#[test]
fn a_blocked_secret_locks_the_app_until_it_is_given_out_again() {
    let mut world = member();
    world.take_events(ALICE);
    world.server.organisation.secret_status = Some(403);
    ask_server(&mut world);
    let RemoteSecretState::Locked(words) = state(&mut world) else {
        panic!("not locked")
    };
    assert!(words.contains("administrator"));
    let locked = Event::Locked {
        text: words.clone(),
    };
    assert!(world.take_events(ALICE).contains(&locked));
    assert!(!world.device(ALICE).has_credentials());
    let command = text(&world);
    assert_eq!(
        world.ask(ALICE, command.clone()),
        Err(Refusal::Locked(words))
    );
    world.server.organisation.secret_status = None;
    ask_server(&mut world);
    assert_eq!(state(&mut world), RemoteSecretState::Open);
    assert!(world.take_events(ALICE).contains(&Event::Unlocked));
    assert!(world.device(ALICE).has_credentials());
    assert!(matches!(world.ask(ALICE, command), Ok(Reply::Message(_))));
}

#[test]
fn after_a_start_commands_wait_for_the_server() {
    let mut world = member();
    world.restart(ALICE);
    assert_eq!(state(&mut world), RemoteSecretState::Waiting);
    assert!(!world.device(ALICE).has_credentials());
    let (now, command) = (world.now, text(&world));
    let ticket = world.device(ALICE).command(now, command);
    assert_eq!(world.device(ALICE).replies.get(&ticket), None);
    world.answer_all_http(ALICE);
    assert_eq!(state(&mut world), RemoteSecretState::Open);
    let reply = world.device(ALICE).replies.remove(&ticket);
    assert!(matches!(reply, Some(Ok(Reply::Message(_)))));

    world.server.organisation.secret_status = Some(403);
    world.restart(ALICE);
    let command = text(&world);
    let ticket = world.device(ALICE).command(now, command);
    world.answer_all_http(ALICE);
    let reply = world.device(ALICE).replies.remove(&ticket);
    assert!(matches!(reply, Some(Err(Refusal::Locked(_)))), "{reply:?}");
}

#[test]
fn too_many_missed_answers_lock_the_app() {
    let mut world = member();
    // The first answer brings the limits of the server: two misses, once a minute.
    ask_server(&mut world);
    world.server.organisation.secret_status = Some(500);
    for _ in 0..2 {
        ask_server(&mut world);
        assert_eq!(state(&mut world), RemoteSecretState::Open);
    }
    world.pass_ms(60_000);
    let now = world.now;
    for (id, _) in std::mem::take(&mut world.device(ALICE).requests) {
        let fault = Err(HttpFault::Unreachable);
        world.device(ALICE).give(now, Input::HttpDone(id, fault));
    }
    assert!(matches!(state(&mut world), RemoteSecretState::Locked(_)));
    world.server.organisation.secret_status = None;
    ask_server(&mut world);
    assert_eq!(state(&mut world), RemoteSecretState::Open);
}

#[test]
fn a_missing_or_strange_secret_opens_nothing() {
    let strange = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for given in [None, Some(strange)] {
        let mut world = member();
        let secrets = &mut world.server.organisation.secrets;
        match given {
            None => secrets.clear(),
            Some(given) => secrets
                .values_mut()
                .for_each(|secret| *secret = given.to_owned()),
        }
        ask_server(&mut world);
        assert!(matches!(state(&mut world), RemoteSecretState::Locked(_)));
        world.restart(ALICE);
        world.answer_all_http(ALICE);
        assert!(matches!(state(&mut world), RemoteSecretState::Locked(_)));
        assert_eq!(
            view::contacts(&world.device(ALICE).conn).unwrap().len(),
            1,
            "nothing is lost"
        );
    }
}
