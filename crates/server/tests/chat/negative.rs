//! The table of what clients must not do (protocol.md A2.11), each row beside a well-behaved
//! connection that must not notice.

use dreiklang_wire::csp::payload::{Flags, FromServer, ToServer};
use dreiklang_wire::id::MessageId;
use tokio::io::AsyncWriteExt;

use crate::world::{Client, User, World, ack_of};

/// A world with two who talk, and one who misbehaves.
struct Scene {
    world: World,
    victim: User,
    others: [Client; 2],
    number: u64,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let (carol, dave) = (world.user("CAROL001").await, world.user("DAVE0001").await);
        let others = [world.listen(&carol).await, world.listen(&dave).await];
        let victim = world.user("MALLORY1").await;
        Self {
            world,
            victim,
            others,
            number: 0,
        }
    }

    async fn connect(&self) -> Client {
        self.world.connect(&self.victim).await
    }

    async fn check_others(&mut self) {
        self.number += 1;
        let [carol, dave] = &mut self.others;
        let to = User {
            identity: dave.identity,
            secret: [0; 32],
        };
        let message = carol.message(&to, self.number);
        carol.offer(&message).await;
        assert_eq!(dave.receive_message().await, message);
        dave.confirm(&message).await;
        assert_eq!(carol.receive().await, ack_of(&message));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_of_impossible_length_close() {
    let mut scene = Scene::new().await;
    for length in [0_u16, 1, 19, 8193, u16::MAX] {
        let mut m = scene.connect().await;
        m.stream.write_all(&length.to_le_bytes()).await.unwrap();
        m.stream.write_all(&[0; 32]).await.unwrap();
        m.expect_closed().await;
        scene.check_others().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boxes_that_do_not_open_close() {
    let mut scene = Scene::new().await;
    let mut m = scene.connect().await;
    let mut frame = Vec::new();
    m.session
        .seal_frame(&[0, 0, 0, 0, 1, 2, 3], &mut frame)
        .unwrap();
    let last = frame.len() - 1;
    frame[last] ^= 1;
    m.stream.write_all(&frame).await.unwrap();
    m.expect_closed().await;
    scene.check_others().await;
    // A frame twice: the number of the second box is used up.
    let mut m = scene.connect().await;
    let mut frame = Vec::new();
    m.session
        .seal_frame(&[0, 0, 0, 0, 1, 2, 3], &mut frame)
        .unwrap();
    m.stream
        .write_all(&[frame.clone(), frame].concat())
        .await
        .unwrap();
    while m.try_receive().await.is_some() {}
    scene.check_others().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_messages_are_answered_and_close() {
    let mut scene = Scene::new().await;
    let target = User {
        identity: scene.others[0].identity,
        secret: [0; 32],
    };
    for (what, change) in [
        (
            "nothing",
            (|payload| payload.truncate(4)) as fn(&mut Vec<u8>),
        ),
        ("half a header", |payload| payload.truncate(4 + 40)),
        ("no nonce", |payload| payload.truncate(4 + 64 + 60 + 10)),
        ("no box", |payload| payload.truncate(4 + 64 + 60 + 24 + 16)),
        ("metadata beyond the end", |payload| {
            payload[34..36].copy_from_slice(&[0xff, 0xff]);
        }),
        ("metadata too short for a box", |payload| {
            payload[34..36].copy_from_slice(&[16, 0]);
        }),
    ] {
        let mut m = scene.connect().await;
        let mut payload = ToServer::Message(m.message(&target, 1)).encode().unwrap();
        change(&mut payload);
        m.send_container(&payload).await;
        match m.receive().await {
            FromServer::CloseError {
                can_reconnect: true,
                text,
            } => {
                assert_eq!(text, "Bad message", "{what}");
            }
            other => panic!("{what}: {other:?}"),
        }
        m.expect_closed().await;
        scene.check_others().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_speaks_in_the_name_of_others() {
    let mut scene = Scene::new().await;
    let target = User {
        identity: scene.others[0].identity,
        secret: [0; 32],
    };
    let mut m = scene.connect().await;
    let honest = m.message(&target, 1);
    let mut forged = m.message(&target, 2);
    forged.sender = scene.others[1].identity;
    m.offer(&honest).await;
    assert_eq!(scene.others[0].receive_message().await, honest);
    scene.others[0].confirm(&honest).await;
    assert_eq!(m.receive().await, ack_of(&honest));
    m.offer(&forged).await;
    m.expect_close_error(false, "Invalid sender").await;
    scene.check_others().await;
    scene.others[0].expect_silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_only_strange_is_ignored() {
    let mut scene = Scene::new().await;
    let mut m = scene.connect().await;
    let sender = scene.others[0].identity;
    m.send(&ToServer::MessageAck {
        sender,
        id: MessageId([9; 8]),
    })
    .await;
    m.expect_silence().await;
    let mut payload = ToServer::MessageAck {
        sender,
        id: MessageId([9; 8]),
    }
    .encode()
    .unwrap();
    payload[4..12].copy_from_slice(b"no-such!");
    m.send_container(&payload).await;
    m.expect_silence().await;
    m.send(&ToServer::Unblock).await;
    assert_eq!(m.receive().await, FromServer::QueueSendComplete);
    m.send(&ToServer::Unblock).await;
    m.expect_silence().await;
    for seconds in [0, 29, 601, u16::MAX] {
        m.send(&ToServer::IdleTimeout(seconds)).await;
        m.expect_silence().await;
    }
    let long_token = [vec![0x20, 0, 0, 0, 0x11], vec![b'x'; 300]].concat();
    for container in [
        long_token,
        vec![0x20, 0, 0, 0, 0x11, b't', b'o', b'k', b'e', b'n'],
        vec![0x24, 0, 0, 0, 0x77, 1, 2, 3],
        vec![0x20, 0, 0, 0],
        vec![0x25, 0, 0, 0],
        vec![0x25, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
        vec![0x21, 0, 0, 0, 1],
        vec![0x22, 0, 0, 0],
        vec![0x23, 0, 0, 0, 1, 2],
        vec![0x31, 0, 0, 0],
        vec![0x80, 0, 0, 0, 5],
        vec![0x99, 0, 0, 0],
        vec![0xff, 1, 2, 3, 4],
    ] {
        m.send_container(&container).await;
        m.expect_silence().await;
    }
    scene.check_others().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_before_a_violation_still_counts() {
    let mut scene = Scene::new().await;
    let target = User {
        identity: scene.others[0].identity,
        secret: [0; 32],
    };
    let mut m = scene.connect().await;
    let valid = m.message(&target, 1);
    m.deposit_live(&valid, &mut scene.others[0]).await;
    let mut silent = m.message(&target, 2);
    silent.flags = Flags::NO_ACK;
    let mut bytes = Vec::new();
    for container in [
        ToServer::Message(silent.clone()).encode().unwrap(),
        vec![1, 0, 0, 0],
    ] {
        m.session.seal_frame(&container, &mut bytes).unwrap();
    }
    m.stream.write_all(&bytes).await.unwrap();
    m.expect_close_error(true, "Bad message").await;
    assert_eq!(scene.others[0].receive_message().await, silent);
    scene.check_others().await;
}
