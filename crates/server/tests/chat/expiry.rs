//! Messages end in time, and only in time.

use std::time::Duration;

use dreiklang_server::app::{Clock, UnixMillis};
use dreiklang_server::worker::expire_messages::{Sweeper, Swept};
use dreiklang_wire::csp::payload::{Flags, ToServer};

use crate::world::World;

const DAY: u64 = 24 * 3600;
const START: UnixMillis = UnixMillis(1_700_000_000_000);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_jump_of_the_wall_clock_expires_anything() {
    let world = World::with(Clock::manual(START), |_| {}).await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let normal = a.message(&bob, 1);
    let mut call = a.message(&bob, 2);
    call.flags = Flags::SHORT_LIVED;
    call.created_at = u32::try_from(START.seconds()).unwrap();
    a.deposit(&normal).await;
    a.deposit(&call).await;
    let mut sweeper = Sweeper::default();
    for days in [30, -30, 365, 0] {
        let jumped = UnixMillis(START.0 + days * i64::try_from(DAY).unwrap() * 1000);
        world.clock().jump(jumped);
        assert_eq!(
            sweeper.sweep(world.app()).await.unwrap(),
            Swept::Deleted(0),
            "{days} days"
        );
    }
    world.clock().advance(Duration::from_secs(59));
    assert_eq!(sweeper.sweep(world.app()).await.unwrap(), Swept::Deleted(0));
    world.clock().advance(Duration::from_secs(2));
    // Over its time it is not sent any more, even before it is swept.
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, [normal]);
    assert_eq!(sweeper.sweep(world.app()).await.unwrap(), Swept::Deleted(1));
    world.clock().advance(Duration::from_secs(14 * DAY - 120));
    assert_eq!(sweeper.sweep(world.app()).await.unwrap(), Swept::Deleted(0));
    world.clock().advance(Duration::from_mins(2));
    assert_eq!(sweeper.sweep(world.app()).await.unwrap(), Swept::Deleted(1));
    assert_eq!(world.queued(&bob).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_counts_only_while_the_server_runs() {
    let mut world = World::with(Clock::manual(START), |_| {}).await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let message = a.message(&bob, 1);
    a.deposit(&message).await;
    // Four weeks later, by the wall, the machine is switched on again.
    world.clock().jump(UnixMillis(
        START.0 + 28 * i64::try_from(DAY).unwrap() * 1000,
    ));
    world.restart().await;
    let mut sweeper = Sweeper::default();
    assert_eq!(sweeper.sweep(world.app()).await.unwrap(), Swept::Deleted(0));
    world.clock().advance(Duration::from_secs(14 * DAY + 1));
    assert_eq!(sweeper.sweep(world.app()).await.unwrap(), Swept::Deleted(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mass_expiry_is_an_alarm_first() {
    let world = World::with(Clock::manual(START), |_| {}).await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let messages: Vec<_> = (0..1200).map(|number| a.message(&bob, number)).collect();
    for chunk in messages.chunks(200) {
        for message in chunk {
            a.offer(message).await;
        }
        for _ in chunk {
            a.receive().await;
        }
    }
    world.clock().advance(Duration::from_secs(15 * DAY));
    let mut sweeper = Sweeper::default();
    for _ in 0..5 {
        assert_eq!(
            sweeper.sweep(world.app()).await.unwrap(),
            Swept::Suspicious(1200)
        );
        assert_eq!(world.queued(&bob).await, 1200);
    }
    // It stays true for long enough, so it is.
    let mut last = Swept::Suspicious(0);
    for _ in 0..100 {
        last = sweeper.sweep(world.app()).await.unwrap();
        if last == Swept::Deleted(1200) {
            break;
        }
    }
    assert_eq!(last, Swept::Deleted(1200));
}
