//! Sockets that are opened and say nothing must not keep others out.

use std::time::Duration;

use dreiklang_server::app::Clock;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_open_sockets_do_not_keep_anybody_out() {
    let world = World::with(Clock::system(), |config| config.chat.handshakes_max = 100).await;
    let bob = world.user("BOB00001").await;
    let mut established = world.listen(&bob).await;
    let mut attackers = Vec::new();
    for index in 0..400_usize {
        let mut stream = TcpStream::connect(world.address()).await.unwrap();
        if index % 2 == 0 {
            // Those that were pushed out already are closed.
            let _ = stream.write_all(&[7; 20]).await;
        }
        attackers.push(stream);
    }
    let alice = world.user("ALICE001").await;
    let mut slowest = Duration::ZERO;
    for _ in 0..10 {
        let start = world.clock().uptime();
        let mut a = world.connect(&alice).await;
        a.expect_silence().await;
        slowest = slowest.max(world.since(start));
    }
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    established.expect_silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_only_so_many_connections() {
    let world = World::with(Clock::system(), |config| {
        config.chat.loopback_exempt = false;
        config.chat.connections_per_ip_max = 3;
    })
    .await;
    let mut people = Vec::new();
    for name in ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"] {
        let user = world.user(name).await;
        people.push(world.connect(&user).await);
    }
    let late = world.user("DDDDDDDD").await;
    assert!(world.login(&late).try_connect_lenient().await.is_none());
    for client in &mut people {
        client.expect_silence().await;
    }
}
