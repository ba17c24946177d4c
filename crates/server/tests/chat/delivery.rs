//! Messages from one person to another: live, queued, taken over, repeated.

use dreiklang_wire::csp::payload::{FromServer, ToServer};
use dreiklang_wire::id::MessageNonce;

use crate::world::{World, ack_of, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_talk() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let (mut a, mut b) = (world.listen(&alice).await, world.listen(&bob).await);
    for number in 0..20 {
        let hello = a.message(&bob, number);
        a.offer(&hello).await;
        assert_eq!(b.receive_message().await, hello, "byte for byte");
        b.confirm(&hello).await;
        assert_eq!(a.receive().await, ack_of(&hello));
        let answer = b.message(&alice, number);
        b.offer(&answer).await;
        assert_eq!(a.receive_message().await, answer);
        a.confirm(&answer).await;
        assert_eq!(b.receive().await, ack_of(&answer));
    }
    until(async || world.queued(&alice).await + world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_need_not_wait_for_a_receiver_that_does_not_acknowledge() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let (mut a, mut b) = (world.listen(&alice).await, world.listen(&bob).await);
    let message = a.message(&bob, 1);
    a.deposit(&message).await;
    assert_eq!(
        world.queued(&bob).await,
        1,
        "acknowledged, so it is in the store"
    );
    assert_eq!(b.receive_message().await, message);
    b.confirm(&message).await;
    until(async || world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_keeps_its_order_and_completes_once() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let messages: Vec<_> = (0..600).map(|number| a.message(&bob, number)).collect();
    for message in &messages {
        a.offer(message).await;
    }
    for message in &messages {
        assert_eq!(a.receive().await, ack_of(message));
    }
    let mut b = world.connect(&bob).await;
    assert_eq!(b.ack.queued_messages, 600);
    b.expect_silence().await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, messages);
    // A second unblock starts over, and completes without saying so again.
    b.confirm(&messages[0]).await;
    b.send(&ToServer::Unblock).await;
    for message in &messages[1..] {
        assert_eq!(b.receive_message().await, *message);
    }
    for message in &messages[1..] {
        b.confirm(message).await;
    }
    b.expect_silence().await;
    until(async || world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_acknowledged_comes_again_in_the_same_order() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let messages: Vec<_> = (0..9).map(|number| a.message(&bob, number)).collect();
    for message in &messages[..5] {
        a.deposit(message).await;
    }
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, messages[..5]);
    b.confirm(&messages[1]).await;
    b.confirm(&messages[3]).await;
    b.expect_silence().await;
    drop(b);
    for message in &messages[5..] {
        a.deposit(message).await;
    }
    let left = [0, 2, 4, 5, 6, 7, 8].map(|index: usize| messages[index].clone());
    for _ in 0..3 {
        let mut b = world.connect(&bob).await;
        b.send(&ToServer::Unblock).await;
        assert_eq!(b.receive_queue().await, left);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_messages_survive_a_restart() {
    let mut world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let messages: Vec<_> = (0..2000).map(|number| a.message(&bob, number)).collect();
    for chunk in messages.chunks(250) {
        for message in chunk {
            a.offer(message).await;
        }
        for message in chunk {
            assert_eq!(a.receive().await, ack_of(message));
        }
    }
    world.restart().await;
    let mut b = world.connect(&bob).await;
    assert_eq!(b.ack.queued_messages, 2000);
    b.send(&ToServer::Unblock).await;
    for message in &messages {
        assert_eq!(b.receive_message().await, *message);
        b.confirm(message).await;
    }
    assert_eq!(b.receive().await, FromServer::QueueSendComplete);
    until(async || world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_never_acknowledges_does_not_fill_the_memory() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let mut b = world.listen(&bob).await;
    let messages: Vec<_> = (0..1500).map(|number| a.message(&bob, number)).collect();
    for chunk in messages.chunks(250) {
        for message in chunk {
            a.offer(message).await;
        }
        for message in chunk {
            assert_eq!(a.receive().await, ack_of(message));
        }
    }
    for message in &messages[..1000] {
        assert_eq!(b.receive_message().await, *message);
    }
    b.expect_silence().await;
    // It acknowledges at last, and gets the rest in order and nothing twice.
    for message in &messages[..1000] {
        b.confirm(message).await;
    }
    for message in &messages[1000..] {
        assert_eq!(b.receive_message().await, *message);
        b.confirm(message).await;
    }
    b.expect_silence().await;
    until(async || world.queued(&bob).await == 0).await;
    // Having caught up, it is live again.
    let message = a.message(&bob, 5000);
    a.offer(&message).await;
    assert_eq!(b.receive_message().await, message);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latest_unblock_takes_the_mailbox() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let mut first = world.login(&bob).device(1).connect().await;
    first.send(&ToServer::Unblock).await;
    assert_eq!(first.receive_queue().await, []);
    let early = a.message(&bob, 1);
    a.deposit(&early).await;
    assert_eq!(first.receive_message().await, early);

    let mut second = world.login(&bob).device(2).connect().await;
    second.send(&ToServer::Unblock).await;
    assert_eq!(
        second.receive_queue().await,
        std::slice::from_ref(&early),
        "unacknowledged, so it is sent again"
    );
    // The first connection lost the mailbox: it gets nothing, and its word counts no more.
    first.confirm(&early).await;
    let late = a.message(&bob, 2);
    a.deposit(&late).await;
    assert_eq!(second.receive_message().await, late);
    first.expect_silence().await;
    assert_eq!(world.queued(&bob).await, 2);
    second.confirm(&early).await;
    second.confirm(&late).await;
    until(async || world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_identical_bytes_are_one_message() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let message = a.message(&bob, 1);
    for _ in 0..3 {
        a.deposit(&message).await;
    }
    // Encrypted again after a lost acknowledgement: the same id, another nonce, another ratchet.
    let mut again = message.clone();
    again.nonce = MessageNonce([9; 24]);
    a.deposit(&again).await;
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, [message.clone(), again.clone()]);
    // While it is in flight, a repetition is still the same message.
    a.deposit(&message).await;
    b.confirm(&message).await;
    b.confirm(&again).await;
    b.expect_silence().await;
    until(async || world.queued(&bob).await == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_leaves_without_a_word_loses_nothing() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let mut sent = Vec::new();
    for round in 0..20 {
        let b = world.connect(&bob).await;
        let mut b = b;
        b.send(&ToServer::Unblock).await;
        let message = a.message(&bob, round);
        a.offer(&message).await;
        drop(b);
        assert_eq!(a.receive().await, ack_of(&message));
        sent.push(message);
    }
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, sent);
}
