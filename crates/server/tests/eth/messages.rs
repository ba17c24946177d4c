//! Attacks 3 and 4: on messages.

use crate::attacks::{message_in_the_name_of_another, reflected_message, reordered_messages};
use crate::world::{World, ack_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth3_the_server_keeps_the_order() {
    assert!(!reordered_messages().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth4_nobody_speaks_in_the_name_of_another() {
    assert!(!message_in_the_name_of_another().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth4_nothing_is_reflected_to_its_sender() {
    assert!(!reflected_message().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eth4_what_waits_is_delivered_once_however_often_it_is_sent() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    let message = a.message(&bob, 1);
    for _ in 0..3 {
        a.offer(&message).await;
        assert_eq!(a.receive().await, ack_of(&message));
    }
    let mut b = world.connect(&bob).await;
    b.send(&dreiklang_wire::csp::payload::ToServer::Unblock)
        .await;
    assert_eq!(b.receive_queue().await, [message]);
}
