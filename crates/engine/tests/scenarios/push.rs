//! The server knows where the app in a browser can be woken, whatever comes between.

use dreiklang_engine::{Command, HttpFault, HttpResponse, Input, Refusal, Reply};
use dreiklang_wire::csp::payload::FromServer;

use super::world::{ALICE, World};

const ONE: &str = "https://push.example/one";
const TWO: &str = "https://push.example/two";
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn set(world: &mut World, endpoint: Option<&str>) {
    let command = Command::SetPushEndpoint(endpoint.map(str::to_owned));
    assert_eq!(world.ask(ALICE, command), Ok(Reply::Done));
}

fn told(world: &World) -> Vec<&str> {
    let told = world.server.push_endpoints.iter();
    told.map(|(_, endpoint)| endpoint.as_str()).collect()
}

#[test]
fn it_is_told_once_after_the_login_and_again_when_it_changes() {
    let mut world = World::friends();
    world.disconnect(ALICE);
    set(&mut world, Some(ONE));
    world.settle();
    assert!(told(&world).is_empty(), "not before the login");
    world.restart(ALICE);
    world.connect(ALICE);
    world.settle();
    assert_eq!(told(&world), [ONE]);

    set(&mut world, Some(ONE));
    world.restart(ALICE);
    world.connect(ALICE);
    world.settle();
    assert_eq!(told(&world), [ONE], "what is known is not told again");

    set(&mut world, Some(TWO));
    world.settle();
    set(&mut world, None);
    world.settle();
    assert_eq!(told(&world), [ONE, TWO, ""]);
    assert!(
        world
            .server
            .push_endpoints
            .iter()
            .all(|it| it.0 == world.identities[ALICE])
    );
}

#[test]
fn what_was_not_accepted_is_told_later() {
    let mut world = World::friends();
    set(&mut world, Some(ONE));
    let (id, _) = world.device(ALICE).requests.pop_front().unwrap();
    world.give(ALICE, Input::HttpDone(id, Err(HttpFault::Unreachable)));
    assert!(world.device(ALICE).requests.is_empty());
    world.pass_ms(DAY_MS / 24);
    world.settle();
    assert_eq!(told(&world), [ONE]);

    set(&mut world, Some(TWO));
    let (id, _) = world.device(ALICE).requests.pop_front().unwrap();
    let no = HttpResponse {
        status: 200,
        body: br#"{"success":false,"error":"not this service"}"#.to_vec(),
    };
    world.give(ALICE, Input::HttpDone(id, Ok(no)));
    world.pass_ms(DAY_MS / 24);
    world.settle();
    assert_eq!(
        told(&world),
        [ONE],
        "a refusal is not argued with for a day"
    );
    world.pass_ms(DAY_MS);
    world.settle();
    assert_eq!(told(&world), [ONE, TWO]);
}

#[test]
fn it_is_told_again_after_another_device_and_after_a_week() {
    let mut world = World::friends();
    set(&mut world, Some(ONE));
    world.settle();
    world.inject(ALICE, FromServer::DeviceCookieChanged);
    world.settle();
    assert_eq!(told(&world), [ONE, ONE]);
    world.pass_ms(8 * DAY_MS);
    world.give(ALICE, Input::Timeout);
    world.settle();
    assert_eq!(told(&world), [ONE, ONE, ONE]);
}

#[test]
fn nonsense_is_refused_and_a_revoked_identity_is_not_woken() {
    let mut world = World::friends();
    let long = format!("https://a/{}", "x".repeat(2_000));
    for bad in ["", "push.example", "https://a b/", &long] {
        let command = Command::SetPushEndpoint(Some(bad.to_owned()));
        assert_eq!(world.ask(ALICE, command), Err(Refusal::BadPushEndpoint));
    }
    set(&mut world, Some(ONE));
    world.settle();
    let confirm = world.identities[ALICE];
    world
        .ask(ALICE, Command::RevokeIdentity { confirm })
        .unwrap();
    world.pass_ms(8 * DAY_MS);
    world.settle();
    assert_eq!(told(&world), [ONE]);
    let row = "SELECT wanted || told FROM push_endpoint";
    let kept: String = world
        .device(ALICE)
        .conn
        .query_row(row, [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, "");
}
