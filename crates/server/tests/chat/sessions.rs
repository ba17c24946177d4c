//! Several connections of one identity, cookies, silence, revocation.

use std::time::Duration;

use dreiklang_server::app::{Clock, UnixMillis};
use dreiklang_server::service::sessions::Reason;
use dreiklang_wire::csp::Features;
use dreiklang_wire::csp::payload::{FromServer, ToServer};

use crate::world::{World, until};

const MARK: &str = "Another connection for the same identity has been established.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_old_connection_hears_of_the_new_one() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let mut old = world.listen(&bob).await;
    let mut new = world.listen(&bob).await;
    old.expect_close_error(false, MARK).await;
    new.expect_silence().await;
    // The end of the old one does not disturb the new one.
    until(async || world.app().sessions.count() == 1).await;
    let alice = world.user("ALICE001").await;
    let mut a = world.connect(&alice).await;
    let message = a.message(&bob, 1);
    a.offer(&message).await;
    assert_eq!(new.receive_message().await, message);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_of_a_group_are_connected_side_by_side() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let mut first = world.login(&bob).device(1).connect().await;
    let mut second = world.login(&bob).device(2).connect().await;
    let mut plain = world.connect(&bob).await;
    for client in [&mut first, &mut second, &mut plain] {
        client.expect_silence().await;
    }
    let mut again = world.login(&bob).device(2).connect().await;
    second.expect_close_error(false, MARK).await;
    for client in [&mut first, &mut again, &mut plain] {
        client.expect_silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_device_cookie_is_reported_until_the_user_has_seen_it() {
    let mut world = World::new().await;
    let bob = world.user("BOB00001").await;
    let (mine, theirs) = ([1; 16], [2; 16]);
    for _ in 0..2 {
        let mut b = world.login(&bob).cookie(mine).connect().await;
        b.expect_silence().await;
    }
    let mut thief = world.login(&bob).cookie(theirs).connect().await;
    assert_eq!(thief.receive().await, FromServer::DeviceCookieChanged);
    // The flag outlives connections and the server.
    let mut b = world.login(&bob).cookie(mine).connect().await;
    assert_eq!(b.receive().await, FromServer::DeviceCookieChanged);
    world.restart().await;
    let mut b = world.login(&bob).cookie(mine).connect().await;
    assert_eq!(
        b.receive().await,
        FromServer::DeviceCookieChanged,
        "before anything else"
    );
    b.send(&ToServer::ClearDeviceCookie).await;
    b.expect_silence().await;
    let flag = async || world.store().identity(bob.identity).await.unwrap().unwrap();
    until(async || !flag().await.device_cookie_changed).await;
    let mut b = world.login(&bob).cookie(mine).connect().await;
    b.expect_silence().await;
    // No cookie at all counts as one of zeros, once there was one.
    let mut b = world.login(&bob).connect().await;
    assert_eq!(b.receive().await, FromServer::DeviceCookieChanged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_ends_a_connection() {
    let clock = Clock::manual(UnixMillis(1_700_000_000_000));
    let world = World::with(clock, |_| {}).await;
    let (bob, eve) = (world.user("BOB00001").await, world.user("EVE00001").await);
    let mut b = world.connect(&bob).await;
    let mut e = world.login(&eve).features(Features::ALL).connect().await;
    // Too short and too long wishes are brought into bounds.
    b.send(&ToServer::IdleTimeout(1)).await;
    b.expect_silence().await;
    e.send(&ToServer::IdleTimeout(u16::MAX)).await;
    e.expect_silence().await;
    let sweep = |seconds| {
        world.clock().advance(Duration::from_secs(seconds));
        let now = u32::try_from(world.clock().uptime().as_secs()).unwrap();
        world.app().sessions.sweep(now);
    };
    sweep(29);
    b.expect_silence().await;
    sweep(30);
    b.expect_closed().await;
    e.expect_silence().await;
    // Whoever announced to answer is asked before.
    sweep(500);
    let FromServer::EchoRequest(token) = e.receive().await else {
        panic!("no question")
    };
    e.send(&ToServer::EchoResponse(token)).await;
    e.expect_silence().await;
    sweep(300);
    e.expect_silence().await;
    sweep(601);
    assert!(matches!(
        e.try_receive().await,
        None | Some(FromServer::EchoRequest(_))
    ));
    e.expect_closed().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_identity_is_told_why_in_its_language() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let mut english = world.login(&bob).device(1).connect().await;
    let mut german = world
        .login(&bob)
        .device(2)
        .info("1.0;A;de/CH;test")
        .connect()
        .await;
    let identity = bob.identity;
    let revoke = world
        .store()
        .write(move |tx| Box::pin(async move { tx.revoke_identity(identity, 1).await }));
    assert!(revoke.await.unwrap());
    world.app().sessions.close(identity, Reason::Revoked);
    english
        .expect_close_error(false, "This identity has been revoked.")
        .await;
    german
        .expect_close_error(false, "Diese ID wurde widerrufen.")
        .await;
    // Later it gets in only to be told.
    let mut again = world.connect(&bob).await;
    again
        .expect_close_error(false, "This identity has been revoked.")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echoes_come_back_byte_for_byte() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let mut b = world.connect(&bob).await;
    for size in [0, 1, 8, 12, 1000, 8172] {
        let bytes = vec![7; size];
        b.send(&ToServer::EchoRequest(bytes.clone())).await;
        assert_eq!(b.receive().await, FromServer::EchoResponse(bytes));
    }
}
