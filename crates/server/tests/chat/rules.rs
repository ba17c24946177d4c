//! The rules on one message: who may send, who may receive, flags, versions, quotas.

use dreiklang_wire::csp::Features;
use dreiklang_wire::csp::payload::{Flags, FromServer, ToServer};

use crate::world::{User, World, ack_of, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_what_is_for_nobody_and_the_sender_is_not_held_up() {
    let world = World::new().await;
    let (alice, gone) = (world.user("ALICE001").await, world.user("GONE0001").await);
    let revoked = gone.identity;
    let revoke = world
        .store()
        .write(move |tx| Box::pin(async move { tx.revoke_identity(revoked, 1).await }));
    assert!(revoke.await.unwrap());
    world.app().sessions.known.forget(revoked);
    let unknown = User {
        identity: "NOBODY01".parse().unwrap(),
        secret: [1; 32],
    };
    let mut a = world.connect(&alice).await;
    for receiver in [&unknown, &gone, &alice] {
        let message = a.message(receiver, 1);
        a.deposit(&message).await;
        assert_eq!(world.queued(receiver).await, 0);
        let mut unanswered = a.message(receiver, 2);
        unanswered.flags = Flags::NO_ACK;
        a.offer(&unanswered).await;
        a.expect_silence().await;
    }
    // A receiver that cannot even exist.
    let mut payload = ToServer::Message(a.message(&unknown, 3)).encode().unwrap();
    payload[12..20].copy_from_slice(b"no-such!");
    a.send_container(&payload).await;
    // The acknowledgement repeats the eight bytes, which the client's types cannot hold.
    let mut raw = vec![0x81, 0, 0, 0];
    raw.extend_from_slice(b"no-such!");
    raw.extend_from_slice(&3_u64.to_le_bytes());
    assert_eq!(a.receive_raw().await, raw);
    // An identity that is created later is not forgotten as unknown.
    let born = world.user("NOBODY01").await;
    let message = a.message(&born, 4);
    a.deposit(&message).await;
    assert_eq!(world.queued(&born).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flags_decide_about_queue_and_acknowledgement() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let with = |a: &crate::world::Client, number, flags| {
        let mut message = a.message(&bob, number);
        message.flags = flags;
        message
    };
    // Nobody listens: what must not be queued is gone, and only the second is acknowledged.
    a.offer(&with(&a, 1, Flags::NO_QUEUE | Flags::NO_ACK)).await;
    a.deposit(&with(&a, 2, Flags::NO_QUEUE)).await;
    let silent = with(&a, 3, Flags::NO_ACK);
    a.offer(&silent).await;
    a.expect_silence().await;
    until(async || world.queued(&bob).await == 1).await;
    // Flag 0x04: sent once, gone when written, although nobody acknowledges.
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, [silent]);
    until(async || world.queued(&bob).await == 0).await;
    // Somebody listens: all arrive, with all their flags.
    let unknown_bits = Flags(0x08 | 0x40 | 0x10 | 0x80);
    for (number, flags) in [
        (10, Flags::NO_QUEUE | Flags::NO_ACK),
        (11, Flags::NO_QUEUE),
        (12, Flags::NO_ACK),
        (13, Flags::NO_ACK | unknown_bits),
        (14, Flags::PUSH | unknown_bits),
    ] {
        let message = with(&a, number, flags);
        a.offer(&message).await;
        assert_eq!(b.receive_message().await, message);
        b.confirm(&message).await;
        if flags.contains(Flags::NO_ACK) {
            a.expect_silence().await;
        } else {
            assert_eq!(a.receive().await, ack_of(&message));
        }
    }
    b.expect_silence().await;
    until(async || world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_corrects_times_that_cannot_be() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let mut b = world.listen(&bob).await;
    let now = u32::try_from(world.clock().now().seconds()).unwrap();
    for (number, created_at, flags, kept) in [
        (1, 1_600_000_000, Flags::PUSH, true),
        (2, 0, Flags::PUSH, false),
        (3, now + 4000, Flags::PUSH, false),
        (4, 1_600_000_000, Flags::SHORT_LIVED, false),
    ] {
        let mut message = a.message(&bob, number);
        message.created_at = created_at;
        message.flags = flags;
        a.offer(&message).await;
        let received = b.receive_message().await;
        b.confirm(&message).await;
        assert_eq!(a.receive().await, ack_of(&message));
        if kept {
            assert_eq!(received, message);
        } else {
            assert!(
                received.created_at.abs_diff(now) < 100,
                "{}",
                received.created_at
            );
            message.created_at = received.created_at;
            assert_eq!(received, message, "nothing else changes");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_receiver_gets_the_version_it_can_read() {
    let world = World::new().await;
    let (alice, old) = (world.user("ALICE001").await, world.user("OLD00001").await);
    let mut a = world.listen(&alice).await;
    let modern = a.message(&old, 1);
    let mut stripped = modern.clone();
    stripped.metadata.clear();
    // Queued and live.
    a.deposit(&modern).await;
    let mut o = world.login(&old).features(Features::NONE).connect().await;
    o.send(&ToServer::Unblock).await;
    assert_eq!(o.receive_queue().await, [stripped.clone()]);
    o.confirm(&modern).await;
    o.expect_silence().await;
    let live = a.message(&old, 2);
    a.offer(&live).await;
    stripped.id = live.id;
    stripped.nonce = live.nonce;
    assert_eq!(o.receive_message().await, stripped);
    o.confirm(&live).await;
    assert_eq!(a.receive().await, ack_of(&live));
    // From an old client to a new one: as it is.
    let mut legacy = o.message(&alice, 3);
    legacy.metadata.clear();
    o.offer(&legacy).await;
    assert_eq!(a.receive_message().await, legacy);
    a.confirm(&legacy).await;
    assert_eq!(o.receive().await, ack_of(&legacy));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_refuses_before_it_promises() {
    let world = World::with(dreiklang_server::app::Clock::system(), |config| {
        config.chat.queue_messages_max = 10;
    })
    .await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let carol = world.user("CAROL001").await;
    let mut a = world.connect(&alice).await;
    for number in 0..10 {
        let message = a.message(&bob, number);
        a.deposit(&message).await;
    }
    let other = a.message(&carol, 1);
    a.deposit(&other).await;
    let surplus = a.message(&bob, 10);
    a.offer(&surplus).await;
    a.expect_close_error(true, "The receiver's quota").await;
    assert_eq!(world.queued(&bob).await, 10);
    // The receiver makes room.
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    for message in b.receive_queue().await {
        b.confirm(&message).await;
    }
    b.expect_silence().await;
    until(async || world.queued(&bob).await == 0).await;
    let mut a = world.connect(&alice).await;
    a.offer(&surplus).await;
    assert_eq!(b.receive_message().await, surplus);
    assert_eq!(a.receive().await, ack_of(&surplus));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_too_fast_is_slowed_down_and_loses_nothing() {
    let world = World::with(dreiklang_server::app::Clock::system(), |config| {
        config.chat.messages_burst_max = 20;
        config.chat.messages_per_minute_max = 1200;
    })
    .await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let messages: Vec<_> = (0..30).map(|number| a.message(&bob, number)).collect();
    let start = world.clock().uptime();
    for message in &messages {
        a.offer(message).await;
    }
    for message in &messages {
        assert_eq!(a.receive().await, ack_of(message));
    }
    let took = world.since(start);
    assert!(took >= std::time::Duration::from_millis(400), "{took:?}");
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, messages);
    assert_eq!(b.try_receive_now(), None::<FromServer>);
}
