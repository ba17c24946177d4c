//! What the server says to those it does not let in: nothing.

use std::time::Duration;

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::app::Clock;
use dreiklang_wire::csp::client::{Login, Step};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::{User, World, within};

/// Reads until the server closes; gives what it said.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ = within(stream.read_to_end(&mut bytes)).await;
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_keys_and_unknown_identities_are_shut_out_alike() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let other_key = *SecretKey::generate(&mut SystemRng).expose();
    let impostor = User {
        identity: bob.identity,
        secret: other_key,
    };
    let unknown = User {
        identity: "NOBODY01".parse().unwrap(),
        secret: other_key,
    };
    for _ in 0..2 {
        assert!(world.login(&impostor).try_connect().await.is_none());
        assert!(world.login(&unknown).try_connect().await.is_none());
        assert!(
            world.login(&bob).try_connect().await.is_some(),
            "with a cached key agreement too"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_low_order_get_no_answer() {
    let world = World::new().await;
    let mut one = [0; 32];
    one[0] = 1;
    let mut order_eight = [0; 32];
    hex::decode_to_slice(
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        &mut order_eight,
    )
    .unwrap();
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    for point in [[0; 32], one, order_eight, minus_one] {
        let mut stream = TcpStream::connect(world.address()).await.unwrap();
        stream
            .write_all(&[point.as_slice(), &[3; 16]].concat())
            .await
            .unwrap();
        assert!(rest(&mut stream).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_is_shut_out_in_time() {
    let world = World::with(Clock::system(), |config| {
        config.chat.hello_timeout_s = 1;
        config.chat.login_timeout_s = 4;
    })
    .await;
    let start = world.clock().uptime();
    let mut silent = TcpStream::connect(world.address()).await.unwrap();
    let mut half = TcpStream::connect(world.address()).await.unwrap();
    half.write_all(&[9; 47]).await.unwrap();
    assert!(rest(&mut silent).await.is_empty());
    assert!(rest(&mut half).await.is_empty());
    let took = world.since(start);
    assert!(
        took < Duration::from_millis(3900),
        "the first deadline is one second: {took:?}"
    );

    let bob = world.user("BOB00001").await;
    let (_, hello) = Login::start(world.login(&bob).credentials, &mut SystemRng);
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    stream.write_all(&hello).await.unwrap();
    assert_eq!(
        rest(&mut stream).await.len(),
        80,
        "a hello, and then the end"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_login_may_come_byte_by_byte_and_with_frames() {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let (mut login, hello) = Login::start(world.login(&bob).credentials, &mut SystemRng);
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in hello {
        stream.write_all(&[byte]).await.unwrap();
    }
    let mut answer = [0; 80];
    within(stream.read_exact(&mut answer)).await.unwrap();
    let (_, Step::Send(bytes)) = login.handle(&answer).unwrap() else {
        panic!("no login")
    };
    for byte in bytes {
        stream.write_all(&[byte]).await.unwrap();
    }
    let mut ack = [0; 32];
    within(stream.read_exact(&mut ack)).await.unwrap();
    let (_, Step::LoggedIn(done)) = login.handle(&ack).unwrap() else {
        panic!("not let in")
    };
    let now = u64::try_from(world.clock().now().0).unwrap();
    assert!(done.ack.server_time_ms.abs_diff(now) < 60_000);
    assert_eq!(done.ack.queued_messages, 0);
}
