//! One identity, one app: who may log in with what it says it is, and what is said to the rest.

use dreiklang_server::config::InstanceKind;
use dreiklang_wire::csp::payload::{FromServer, ToServer};

use crate::orgs;
use crate::world::{User, World};

const PRIVATE: &str = "6.0;A;en/US;test";
const WORK: &str = "6.0k;A;en/US;test";
const ON_PREM: &str = "6.0o;A;en/US;test";
const IOS: &str = "6.0;I;en/US;test";
const STRANGE: &str = "";
const MARK: &str = "Another connection for the same identity";

impl World {
    async fn is_refused(&self, user: &User, info: &str, can_reconnect: bool, text: &str) {
        let mut client = self.login(user).info(info).connect().await;
        client.expect_close_error(can_reconnect, text).await;
    }

    async fn is_let_in(&self, user: &User, info: &str) {
        let mut client = self.login(user).info(info).connect().await;
        client.expect_silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_identity_is_for_the_private_app_whatever_an_app_claims() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    for info in [
        PRIVATE,
        IOS,
        STRANGE,
        "6.0l;A;en/US;test",
        "1.0;Q;en/US;;private",
    ] {
        world.is_let_in(&bob, info).await;
    }
    for info in [WORK, ON_PREM, "6.0b;A;en/US;test", "6.0k;I;en/US;test"] {
        world
            .is_refused(&bob, info, true, "This ID is not activated for Work.")
            .await;
    }
    let german = "6.0k;A;de/CH;test";
    world
        .is_refused(&bob, german, true, "Diese ID ist nicht für Work aktiviert.")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_for_the_work_app_whatever_an_app_claims() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let app = world.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "bob").await;
    orgs::attach(app, org, credential, bob.identity).await;
    // A Work app that does not say what it is gets in as one, on an unknown platform too.
    for info in [WORK, ON_PREM, IOS, STRANGE, "6.0x;?;en/US;test"] {
        world.is_let_in(&bob, info).await;
    }
    for info in [PRIVATE, "1.0;Q;en/US;;private"] {
        world.is_refused(&bob, info, false, MARK).await;
    }
    // A private app that claims to be the Work app is one for the server; the real one is closed,
    // and both are told that there is another device.
    let mut real = world.login(&bob).info(WORK).cookie([1; 16]).connect().await;
    real.expect_silence().await;
    let mut liar = world.login(&bob).info(WORK).cookie([2; 16]).connect().await;
    assert_eq!(liar.receive().await, FromServer::DeviceCookieChanged);
    real.expect_close_error(false, MARK).await;
    let mut real = world.login(&bob).info(WORK).cookie([1; 16]).connect().await;
    assert_eq!(real.receive().await, FromServer::DeviceCookieChanged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_to_work_closes_the_private_app_and_keeps_the_queue() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let app = world.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "bob").await;
    let private = async |device| {
        let login = world.login(&bob).device(device).info(PRIVATE);
        let mut client = login.cookie([1; 16]).connect().await;
        client.expect_silence().await;
        client
    };
    let (mut first, mut second) = (private(1).await, private(2).await);
    let mut quiet = world.login(&bob).device(3).info(IOS).connect().await;
    let mut a = world.connect(&alice).await;
    let message = a.message(&bob, 1);
    a.deposit(&message).await;
    assert_eq!(quiet.receive().await, FromServer::DeviceCookieChanged);
    quiet.send(&ToServer::ClearDeviceCookie).await;
    quiet.expect_silence().await;

    orgs::attach(app, org, credential, bob.identity).await;
    first.expect_close_error(false, MARK).await;
    second.expect_close_error(false, MARK).await;
    // Who says nothing about its edition comes back by itself and is judged then.
    quiet.expect_closed().await;
    // The old app hears it again, and that another device was there.
    let mut work = world.login(&bob).info(WORK).cookie([2; 16]).connect().await;
    assert_eq!(work.receive().await, FromServer::DeviceCookieChanged);
    work.send(&ToServer::ClearDeviceCookie).await;
    work.expect_silence().await;
    let mut old = world.login(&bob).info(PRIVATE).cookie([1; 16]);
    old.credentials.device_id = None;
    let mut old = old.connect().await;
    assert_eq!(old.receive().await, FromServer::DeviceCookieChanged);
    old.expect_close_error(false, MARK).await;
    // It took nothing with it: neither the connection nor the message.
    work.send(&ToServer::Unblock).await;
    assert_eq!(work.receive_queue().await, [message]);
    drop(work);
    let mut work = world.login(&bob).info(WORK).cookie([2; 16]).connect().await;
    assert_eq!(
        work.receive().await,
        FromServer::DeviceCookieChanged,
        "the Work app is warned of the old one"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lost_the_access_is_told_at_once_and_later() {
    let world = World::new().await;
    let (bob, eve) = (world.user("BOB00001").await, world.user("EVE00001").await);
    let app = world.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "acme").await;
    for user in [&bob, &eve] {
        orgs::attach(app, org, credential, user.identity).await;
    }
    let withdrawn = "Your organisation has withdrawn the access.";
    let mut client = world.login(&bob).info(WORK).connect().await;
    let mut other = world.login(&eve).info(WORK).connect().await;
    client.expect_silence().await;
    orgs::withdraw(app, org, bob.identity, 1).await;
    client.expect_close_error(false, withdrawn).await;
    for info in [WORK, ON_PREM, IOS, STRANGE] {
        world.is_refused(&bob, info, false, withdrawn).await;
    }
    let german = "6.0o;I;de/AT;test";
    world
        .is_refused(
            &bob,
            german,
            false,
            "Ihre Organisation hat den Zugang entzogen.",
        )
        .await;
    world.is_refused(&bob, PRIVATE, false, MARK).await;
    other.expect_silence().await;
    orgs::withdraw(app, org, bob.identity, 0).await;
    world.is_let_in(&bob, WORK).await;

    let released = "Your organisation has released this ID.";
    orgs::detach(app, org, eve.identity).await;
    other.expect_close_error(false, released).await;
    for info in [WORK, IOS] {
        world.is_refused(&eve, info, false, released).await;
    }
    // Released, but the private app has not taken it over yet.
    world.is_refused(&eve, PRIVATE, false, MARK).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_instance_lets_only_its_members_in() {
    let world = World::with(dreiklang_server::app::Clock::system(), |config| {
        config.server.kind = InstanceKind::Closed;
    })
    .await;
    let (bob, eve) = (world.user("BOB00001").await, world.user("EVE00001").await);
    let app = world.app();
    let org = orgs::org(app, "Acme").await;
    let credential = orgs::credential(app, org, "acme").await;
    orgs::attach(app, org, credential, bob.identity).await;
    for info in [ON_PREM, WORK, IOS, STRANGE] {
        world.is_let_in(&bob, info).await;
        world
            .is_refused(&eve, info, true, "This ID is not activated for Work.")
            .await;
    }
    for user in [&bob, &eve] {
        world
            .is_refused(user, PRIVATE, false, "This server is only for the app")
            .await;
    }
}
