//! Attacks 1 and 6: on the login.

use std::collections::HashSet;

use dreiklang_wire::csp::payload::{FromServer, ToServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::attacks::{record_login, replay, replayed_login, unnoticed_clone};
use crate::world::{World, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth1_a_leaked_ephemeral_secret_is_worthless_on_another_connection() {
    assert!(!replayed_login().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth1_a_recorded_login_is_worthless_after_a_restart_and_as_frames() {
    let mut world = World::new().await;
    let bob = world.user("BOB00001").await;
    let mut recording = record_login(&world, &bob).await;
    for _ in 0..3 {
        assert!(!replay(&world, &recording).await);
    }
    // On the first connection again it is a frame, whatever length its first bytes seem to say,
    // and nonsense.
    let much = recording
        .login
        .repeat(8192_usize.div_ceil(recording.login.len()) + 1);
    let _ = recording.stream.write_all(&much).await;
    let mut rest = Vec::new();
    let _ = within(recording.stream.read_to_end(&mut rest)).await;
    assert!(rest.is_empty());
    world.restart().await;
    assert!(!replay(&world, &recording).await);
    assert!(world.login(&bob).try_connect().await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth1_the_servers_part_never_repeats() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let recording = record_login(&world, &bob).await;
    let mut seen = HashSet::from([recording.answer.to_vec()]);
    for _ in 0..200 {
        let mut stream = TcpStream::connect(world.address()).await.unwrap();
        stream.write_all(&recording.hello).await.unwrap();
        let mut answer = vec![0; 80];
        within(stream.read_exact(&mut answer)).await.unwrap();
        assert_ne!(answer[..16], [5; 16], "the client's cookie comes back");
        assert!(seen.insert(answer));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth6_the_owner_of_a_cloned_identity_is_told() {
    assert!(!unnoticed_clone().await);
}

/// The first of the two devices has the identity, the second its clone: both are told until each
/// has said that its user knows, and a restart forgets nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth6_both_devices_are_told_over_a_restart() {
    let mut world = World::new().await;
    let bob = world.user("BOB00001").await;
    let (own, clone) = ([1; 16], [2; 16]);
    let mut first = world.login(&bob).cookie(own).connect().await;
    first.expect_silence().await;
    for cookie in [clone, own, clone] {
        let mut device = world.login(&bob).cookie(cookie).connect().await;
        assert_eq!(device.receive().await, FromServer::DeviceCookieChanged);
        world.restart().await;
    }
    // What the clone clears is raised again by the owner's next login.
    let mut device = world.login(&bob).cookie(clone).connect().await;
    assert_eq!(device.receive().await, FromServer::DeviceCookieChanged);
    device.send(&ToServer::ClearDeviceCookie).await;
    device.expect_silence().await;
    let mut device = world.login(&bob).cookie(own).connect().await;
    assert_eq!(device.receive().await, FromServer::DeviceCookieChanged);
}
