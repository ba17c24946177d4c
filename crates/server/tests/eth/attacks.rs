//! The attacks themselves. Each returns whether it succeeded.

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::service::directory;
use dreiklang_store::IdentityKind;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::csp::client::{Login, Step};
use dreiklang_wire::csp::payload::{FromServer, ToServer};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::{TestServer, with_proof};
use crate::world::{User, World, ack_of, within};

/// Attack 1: one login was recorded, and its ephemeral secret leaked.
pub(crate) struct Recording {
    pub(crate) hello: Vec<u8>,
    pub(crate) login: Vec<u8>,
    pub(crate) answer: [u8; 80],
    pub(crate) stream: TcpStream,
}

pub(crate) async fn record_login(world: &World, user: &User) -> Recording {
    // The attacker knows the ephemeral secret and the client's cookie.
    let tck = SecretKey::generate(&mut SystemRng);
    let (mut login, hello) = Login::start_with(world.login(user).credentials, tck, [5; 16]);
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    stream.write_all(&hello).await.unwrap();
    let mut answer = [0; 80];
    within(stream.read_exact(&mut answer)).await.unwrap();
    let (_, Step::Send(recorded)) = login.handle(&answer).unwrap() else {
        panic!("no login")
    };
    stream.write_all(&recorded).await.unwrap();
    let mut ack = [0; 32];
    within(stream.read_exact(&mut ack)).await.unwrap();
    assert!(matches!(login.handle(&ack).unwrap().1, Step::LoggedIn(_)));
    Recording {
        hello: hello.clone(),
        login: recorded,
        answer,
        stream,
    }
}

/// Plays a recording on a new connection; whether the server takes it for the user.
pub(crate) async fn replay(world: &World, recording: &Recording) -> bool {
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    stream.write_all(&recording.hello).await.unwrap();
    let mut answer = [0; 80];
    within(stream.read_exact(&mut answer)).await.unwrap();
    stream.write_all(&recording.login).await.unwrap();
    let mut ack = [0; 32];
    within(stream.read_exact(&mut ack)).await.is_ok()
}

pub(crate) async fn replayed_login() -> bool {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let recording = record_login(&world, &bob).await;
    replay(&world, &recording).await
}

/// Attack 2: the server's own key becomes somebody's identity, without a proof of possession.
pub(crate) async fn server_key_as_identity() -> bool {
    let server = TestServer::start().await;
    let key = server.app().keys.current.public();
    let identity = "SERVER01".parse().unwrap();
    directory::import(server.app(), "test", identity, key, IdentityKind::Work)
        .await
        .is_ok()
}

/// Attack 3: the server hands messages out in another order.
pub(crate) async fn reordered_messages() -> bool {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.connect(&alice).await;
    for number in 0..8 {
        let message = a.message(&bob, number);
        a.deposit(&message).await;
    }
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    let queue = b.receive_queue().await;
    assert_eq!(queue.len(), 8);
    !queue.is_sorted_by_key(|it| it.id.0)
}

/// Attack 4: somebody's ciphertext is sent on under a header of the attacker's choice.
pub(crate) async fn message_in_the_name_of_another() -> bool {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let eve = world.user("EVE00001").await;
    let mut b = world.listen(&bob).await;
    let mut e = world.connect(&eve).await;
    let mut forged = e.message(&bob, 1);
    forged.sender = alice.identity;
    e.offer(&forged).await;
    if e.receive().await != ack_of(&forged) {
        return false;
    }
    matches!(b.receive().await, FromServer::Message(it) if it.sender == alice.identity)
}

/// Attack 4: a message comes back to who sent it.
pub(crate) async fn reflected_message() -> bool {
    let world = World::new().await;
    let alice = world.user("ALICE001").await;
    let mut a = world.listen(&alice).await;
    let message = a.message(&alice, 1);
    a.offer(&message).await;
    let delivered = a.receive().await == FromServer::Message(message);
    if !delivered {
        a.expect_silence().await;
    }
    delivered
}

/// Attack 5: an answer that was given for one thing is used for another.
pub(crate) async fn answer_used_for_something_else() -> bool {
    let server = TestServer::start().await;
    let alice = server.person().await;
    let harmless = json!({ "identity": alice.identity, "featureMask": 1 });
    let path = "/identity/set_featuremask";
    let challenge = server.challenge(path, &harmless).await;
    let proof = challenge.answer(Realm::Directory, &alice.secret).unwrap();
    let answer = server
        .post("/identity/revoke", &with_proof(&alice.fields(), &proof))
        .await;
    answer.json()["success"] == true
}

/// Attack 6: the exported identity is used on another device, and its owner is not told.
pub(crate) async fn unnoticed_clone() -> bool {
    let world = World::new().await;
    let bob = world.user("BOB00001").await;
    let mut own = world.login(&bob).cookie([1; 16]).connect().await;
    own.expect_silence().await;
    let mut clone = world.login(&bob).cookie([2; 16]).connect().await;
    clone.send(&ToServer::ClearDeviceCookie).await;
    drop(clone);
    let mut own = world.login(&bob).cookie([1; 16]).connect().await;
    own.send(&ToServer::EchoRequest(vec![1])).await;
    own.receive().await != FromServer::DeviceCookieChanged
}
