//! The own identity and the directory: two phases, lies and failures.

use dreiklang_engine::{
    Command, DisconnectReason, HttpFault, HttpResponse, Input, License, Refusal, Reply, view,
};
use dreiklang_wire::{
    api::directory::{CreateRequest, TwoPhase},
    id::Identity,
};

use crate::{
    attacks::secret_key,
    common::{Device, Server},
    world::{ALICE, World},
};

fn create() -> Command {
    Command::CreateIdentity {
        nickname: String::new(),
        license: None,
    }
}

#[test]
fn there_is_one_identity_only() {
    let mut world = World::new(1);
    assert_eq!(world.ask(ALICE, create()), Err(Refusal::IdentityExists));
    let mut fresh = Device::new(8);
    let first = fresh.command(world.now, create());
    let second = fresh.command(world.now, create());
    assert_eq!(fresh.replies.get(&first), None);
    assert_eq!(
        fresh.replies.get(&second),
        Some(&Err(Refusal::IdentityExists))
    );
}

#[test]
fn without_an_identity_nothing_is_sent() {
    let mut device = Device::new(3);
    let now = dreiklang_engine::Timestamp::from_ms(1);
    let to: Identity = "ECHOECHO".parse().unwrap();
    let add = Command::AddContact {
        identity: to,
        public_key: None,
        name: None,
    };
    let ticket = device.command(now, add);
    assert_eq!(device.replies.get(&ticket), Some(&Err(Refusal::NoIdentity)));
    let text = Command::SendText {
        to: to.into(),
        text: "x".into(),
        quote: None,
        reference: None,
    };
    let ticket = device.command(now, text);
    assert_eq!(device.replies.get(&ticket), Some(&Err(Refusal::NoIdentity)));
    assert_eq!(view::me(&device.conn).unwrap(), None);
    assert!(!device.has_credentials());
}

#[test]
fn license_credentials_go_to_the_directory_and_nowhere_else() {
    let world = World::new(0);
    let mut device = Device::new(3);
    let license = License {
        username: "user".into(),
        password: "hunter2".into(),
    };
    let command = Command::CreateIdentity {
        nickname: String::new(),
        license: Some(license),
    };
    assert!(!format!("{command:?}").contains("hunter2"));
    device.command(world.now, command);
    let (_, request) = device.requests.pop_front().unwrap();
    assert!(!format!("{request:?}").contains("hunter2"));
    let body: TwoPhase<CreateRequest> = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(
        body.request.license.license_password.as_deref(),
        Some("hunter2")
    );
    assert_eq!(body.request.public_key, secret_key(&device).public());
    let dump: String = device
        .conn
        .query_row(
            "SELECT group_concat(quote(nickname) || quote(server_group)) FROM identity",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(!dump.contains("hunter2"));
}

#[test]
fn a_refused_key_is_forgotten_and_a_lost_answer_is_not() {
    let mut world = World::new(0);
    let mut device = Device::new(3);
    let now = world.now;
    let first = device.command(now, create());
    let key = secret_key(&device).public();
    let (id, _) = device.requests.pop_front().unwrap();
    device.give(now, Input::HttpDone(id, Err(HttpFault::TimedOut)));
    let timed_out = Err(Refusal::Http(HttpFault::TimedOut));
    assert_eq!(device.replies.get(&first), Some(&timed_out));
    assert_eq!(secret_key(&device).public(), key);

    let second = device.command(now, create());
    let (id, _) = device.requests.pop_front().unwrap();
    let body = br#"{"success":false,"error":"No seats left"}"#.to_vec();
    device.give(
        now,
        Input::HttpDone(id, Ok(HttpResponse { status: 200, body })),
    );
    let refused = Err(Refusal::Directory("No seats left".into()));
    assert_eq!(device.replies.get(&second), Some(&refused));
    assert_eq!(
        device
            .conn
            .query_row("SELECT count(*) FROM identity", [], |r| r.get(0)),
        Ok(0)
    );

    device.command(now, create());
    while let Some((id, request)) = device.requests.pop_front() {
        let result = world.server.http(&request);
        device.give(now, Input::HttpDone(id, result));
    }
    assert_ne!(world.server.keys.values().next(), Some(&key));
}

#[test]
fn a_key_whose_challenge_was_forgotten_is_asked_for_again() {
    let mut world = World::new(0);
    let mut device = Device::new(3);
    let now = world.now;
    let first = device.command(now, create());
    let key = secret_key(&device).public();
    let (id, request) = device.requests.pop_front().unwrap();
    let challenge = world.server.http(&request);
    device.give(now, Input::HttpDone(id, challenge));
    // The server restarted between the phases.
    let (id, _) = device.requests.pop_front().unwrap();
    let body = br#"{"success":false,"error":"Too late","errorType":"invalid-token"}"#.to_vec();
    device.give(
        now,
        Input::HttpDone(id, Ok(HttpResponse { status: 200, body })),
    );
    let refused = Err(Refusal::Directory("Too late".into()));
    assert_eq!(device.replies.get(&first), Some(&refused));
    assert_eq!(secret_key(&device).public(), key);

    device.command(now, create());
    while let Some((id, request)) = device.requests.pop_front() {
        let result = world.server.http(&request);
        device.give(now, Input::HttpDone(id, result));
    }
    assert_eq!(world.server.keys.values().next(), Some(&key));
}

#[test]
fn answers_to_nobody_are_ignored() {
    let mut world = World::new(1);
    let mut stale = Device::new(9);
    stale.command(world.now, create());
    let (id, request) = stale.requests.pop_front().unwrap();
    let result = world.server.http(&request);
    world.give(ALICE, Input::HttpDone(id, result));
    assert!(world.device(ALICE).requests.is_empty());
}

#[test]
fn the_feature_mask_is_set_until_it_is_confirmed() {
    let server = &mut Server::new();
    let mut device = Device::new(3);
    let now = dreiklang_engine::Timestamp::from_ms(1_790_000_000_000);
    device.command(now, create());
    while let Some((id, request)) = device.requests.pop_front() {
        if request.path == "identity/set_featuremask" {
            device.give(now, Input::HttpDone(id, Err(HttpFault::Unreachable)));
            break;
        }
        let result = server.http(&request);
        device.give(now, Input::HttpDone(id, result));
    }
    let again = device.wake_at.unwrap();
    device.give(again, Input::Timeout);
    let paths: Vec<_> = device
        .requests
        .iter()
        .map(|(_, request)| request.path.clone())
        .collect();
    assert_eq!(paths, ["identity/set_featuremask"]);
    while let Some((id, request)) = device.requests.pop_front() {
        let result = server.http(&request);
        device.give(again, Input::HttpDone(id, result));
    }
    device.restart();
    device.give(again.plus_ms(3_600_000), Input::Timeout);
    assert!(device.requests.is_empty(), "confirmed is confirmed");
}

#[test]
fn revocation_wants_a_confirmation_and_ends_everything() {
    let mut world = World::friends();
    let [alice, bob] = world.identities[..] else {
        panic!()
    };
    let revoke = |confirm| Command::RevokeIdentity { confirm };
    assert_eq!(
        world.ask(ALICE, revoke(bob)),
        Err(Refusal::WrongConfirmation)
    );
    assert_eq!(world.ask(ALICE, revoke(alice)), Ok(Reply::Done));
    assert!(world.server.revoked.contains(&alice));
    let wants = world.device(ALICE).wants_disconnect;
    assert_eq!(wants, Some(DisconnectReason::Revoked));
    assert!(!world.device(ALICE).has_credentials());
    let text = Command::SendText {
        to: bob.into(),
        text: "x".into(),
        quote: None,
        reference: None,
    };
    assert_eq!(world.ask(ALICE, text), Err(Refusal::IdentityRevoked));
    world.restart(ALICE);
    assert!(!world.device(ALICE).has_credentials());
    assert!(
        view::me(&world.device(ALICE).conn)
            .unwrap()
            .unwrap()
            .is_revoked
    );
}
