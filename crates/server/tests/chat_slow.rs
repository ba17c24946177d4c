//! Thousands of half-open sockets against one login (reliability.md G-S4).
//!
//! A file of its own, because it needs more descriptors than other tests may take.

#[path = "chat/world.rs"]
#[expect(dead_code, reason = "this test needs only a part of the world")]
mod world;

use std::time::Duration;

use dreiklang_server::app::Clock;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use world::{World, within};

/// Each attacker's socket has two ends in this process.
const DESCRIPTORS_MIN: u64 = 12_000;
const ATTACKERS: usize = 5_000;

/// Raises the soft limit; without room below the hard limit, fewer attackers come.
fn attackers() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let hard = limit.maximum.unwrap_or(u64::MAX);
    let wanted = DESCRIPTORS_MIN.min(hard);
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum: limit.maximum,
        };
        setrlimit(Resource::Nofile, raised).expect("the soft limit may rise to the hard one");
    }
    let room = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    ATTACKERS.min(usize::try_from(room.saturating_sub(1_000) / 2).unwrap_or(ATTACKERS))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_half_open_sockets_hold_up_nobody() {
    let attackers = attackers();
    assert!(
        attackers >= 1_000,
        "the limit of open files is too low for this test"
    );
    let world = World::with(Clock::system(), |config| config.chat.hello_timeout_s = 5).await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut b = world.listen(&bob).await;
    let mut sockets = Vec::with_capacity(attackers);
    for index in 0..attackers {
        let mut stream = within(TcpStream::connect(world.address())).await.unwrap();
        if index % 2 == 0 {
            // One that was pushed out already cannot be written to.
            let _ = stream.write_all(&[7; 30]).await;
        }
        sockets.push(stream);
    }
    let mut times = Vec::new();
    for number in 0..50 {
        let start = world.clock().uptime();
        let mut a = world.connect(&alice).await;
        a.expect_silence().await;
        times.push(world.since(start));
        let message = a.message(&bob, number);
        a.offer(&message).await;
        assert_eq!(b.receive_message().await, message);
        b.confirm(&message).await;
    }
    times.sort_unstable();
    assert!(
        times[48] < Duration::from_millis(500),
        "slowest logins: {:?}",
        &times[45..]
    );
    // And all attackers are gone before long.
    let start = world.clock().uptime();
    for mut stream in sockets {
        let mut rest = Vec::new();
        // A reset is as good as an end.
        let _ = within(stream.read_to_end(&mut rest)).await;
        assert!(rest.is_empty());
    }
    let took = world.since(start);
    assert!(took < Duration::from_secs(15), "{took:?}");
    b.expect_silence().await;
}
