//! The whole client against a model of an instance: login, messages, faults.

mod common;

use std::time::Duration;

use common::World;
use dreiklang_client::engine::view::{self, Content, MessageState};
use dreiklang_client::engine::{NewFile, NewThumbnail};
use dreiklang_client::media::SendAs;
use dreiklang_client::{
    Client, Command, CommandError, ConnectionState, EngineEvent, Error, Event, Fault, MediaFault,
    Refusal, Reply, Sealed, StopReason,
};
use dreiklang_wire::csp::payload::FromServer;
use dreiklang_wire::e2e::FileRendering;
use dreiklang_wire::id::Identity;
use tokio::sync::broadcast;

async fn create_identity(client: &Client) -> Identity {
    let command = Command::CreateIdentity {
        nickname: String::new(),
        license: None,
    };
    match client.command(command).await.unwrap() {
        Reply::IdentityCreated(identity) => identity,
        other => panic!("{other:?}"),
    }
}

async fn reach(client: &Client, wanted: impl Fn(&ConnectionState) -> bool) -> ConnectionState {
    let mut state = client.connection();
    let reached = tokio::time::timeout(Duration::from_mins(1), state.wait_for(|s| wanted(s)));
    reached
        .await
        .expect("the state is reached")
        .unwrap()
        .clone()
}

async fn online(client: &Client) -> ConnectionState {
    reach(client, |state| {
        matches!(state, ConnectionState::Online { .. })
    })
    .await
}

/// Two people who know each other, both online.
async fn pair(world: &World, folder: &std::path::Path) -> [(Client, Identity); 2] {
    let alice = world.client(folder, "alice").await;
    let bob = world.client(folder, "bob").await;
    let identities = [create_identity(&alice).await, create_identity(&bob).await];
    for (client, other) in [(&alice, identities[1]), (&bob, identities[0])] {
        let add = Command::AddContact {
            identity: other,
            public_key: None,
            name: None,
        };
        assert!(matches!(client.command(add).await, Ok(Reply::Contact(_))));
        client.connect().await.unwrap();
        online(client).await;
    }
    [(alice, identities[0]), (bob, identities[1])]
}

fn text(to: Identity, text: &str) -> Command {
    Command::SendText {
        to: to.into(),
        text: text.to_owned(),
        quote: None,
        reference: None,
    }
}

/// Waits for an event of the engine; the timeout is for a test that is broken.
async fn event<T>(
    events: &mut broadcast::Receiver<Event>,
    wanted: impl Fn(&EngineEvent) -> Option<T>,
) -> T {
    let search = async {
        loop {
            if let Event::Engine(event) = events.recv().await.unwrap()
                && let Some(found) = wanted(&event)
            {
                return found;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), search)
        .await
        .expect("the event comes")
}

fn incoming_text(event: &EngineEvent) -> Option<String> {
    match event {
        EngineEvent::Message(message) if !message.state.is_outgoing() => match &message.content {
            Content::Text(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn reached(wanted: MessageState) -> impl Fn(&EngineEvent) -> Option<()> {
    move |event| match event {
        EngineEvent::MessageState { state, .. } if *state == wanted => Some(()),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_travels_and_its_receipt_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let [(alice, alice_id), (bob, bob_id)] = pair(&world, folder.path()).await;
    let mut at_alice = alice.events();
    let mut at_bob = bob.events();
    let reply = alice.command(text(bob_id, "Grüezi")).await.unwrap();
    assert!(matches!(reply, Reply::Message(_)));
    assert_eq!(event(&mut at_bob, incoming_text).await, "Grüezi");
    event(&mut at_alice, reached(MessageState::Delivered)).await;
    // The server was told: nothing waits any more, on either side.
    bob.close().await.unwrap();
    alice.close().await.unwrap();
    assert_eq!((world.queued(alice_id), world.queued(bob_id)), (0, 0));
    let infos = world.logins();
    assert!(
        infos.iter().all(|text| text.split(';').nth(1) == Some("Q")),
        "{infos:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_acknowledged_is_sent_again_after_a_drop() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let [(alice, alice_id), (bob, bob_id)] = pair(&world, folder.path()).await;
    let mut at_alice = alice.events();
    let mut at_bob = bob.events();
    world.swallow_messages();
    alice.command(text(bob_id, "one")).await.unwrap();
    alice.command(text(bob_id, "two")).await.unwrap();
    world.drop_connection(alice_id);
    let waiting = reach(&alice, |state| {
        !matches!(state, ConnectionState::Online { .. })
    })
    .await;
    assert!(
        matches!(
            waiting,
            ConnectionState::Waiting {
                fault: Fault::Closed,
                ..
            }
        ) || matches!(waiting, ConnectionState::Connecting)
    );
    assert_eq!(event(&mut at_bob, incoming_text).await, "one");
    assert_eq!(event(&mut at_bob, incoming_text).await, "two");
    event(&mut at_alice, reached(MessageState::Delivered)).await;
    // A message that comes while the receiver is away waits for it.
    bob.disconnect().await.unwrap();
    reach(&bob, |state| *state == ConnectionState::Offline).await;
    alice.command(text(bob_id, "three")).await.unwrap();
    bob.connect().await.unwrap();
    assert_eq!(event(&mut at_bob, incoming_text).await, "three");
    let texts = bob
        .view(move |connection| view::timeline(connection, &alice_id.into(), None, 10))
        .await
        .unwrap()
        .len();
    assert_eq!(texts, 3, "each message is there once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_sends_us_away_is_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let [(alice, alice_id), (bob, bob_id)] = pair(&world, folder.path()).await;
    let text = "Another connection for the same identity has been established.".to_owned();
    world.say(
        alice_id,
        FromServer::CloseError {
            can_reconnect: false,
            text: text.clone(),
        },
    );
    let stopped = reach(&alice, |state| matches!(state, ConnectionState::Stopped(_))).await;
    assert_eq!(stopped, ConnectionState::Stopped(StopReason::Refused(text)));
    // The person may insist.
    alice.connect().await.unwrap();
    online(&alice).await;
    // Somebody who may come back does.
    let before = world.logins().len();
    world.say(
        bob_id,
        FromServer::CloseError {
            can_reconnect: true,
            text: String::new(),
        },
    );
    let mut logins = bob.connection();
    logins
        .wait_for(|state| matches!(state, ConnectionState::Waiting { .. }))
        .await
        .unwrap();
    online(&bob).await;
    assert_eq!(world.logins().len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let [(alice, alice_id), (bob, bob_id)] = pair(&world, folder.path()).await;
    alice.disconnect().await.unwrap();
    reach(&alice, |state| *state == ConnectionState::Offline).await;
    alice
        .command(text(bob_id, "written offline"))
        .await
        .unwrap();
    alice.close().await.unwrap();
    assert_eq!(world.queued(bob_id), 0);

    let mut at_bob = bob.events();
    let alice = world.client(folder.path(), "alice").await;
    let me = alice
        .view(view::me)
        .await
        .unwrap()
        .expect("the identity is kept");
    assert_eq!(me.identity, alice_id);
    alice.connect().await.unwrap();
    assert_eq!(event(&mut at_bob, incoming_text).await, "written offline");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_without_a_server_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let alice = world.client(folder.path(), "alice").await;
    let stranger: Identity = "NOBODY00".parse().unwrap();
    let refused = alice.command(text(stranger, "x")).await;
    assert!(matches!(
        refused,
        Err(CommandError::Refused(Refusal::NoIdentity))
    ));
    // Without an identity there is nobody to log in as; afterwards it happens by itself.
    alice.connect().await.unwrap();
    create_identity(&alice).await;
    online(&alice).await;
    let add = Command::AddContact {
        identity: stranger,
        public_key: None,
        name: None,
    };
    let refused = alice.command(add).await;
    assert!(matches!(
        refused,
        Err(CommandError::Refused(Refusal::UnknownIdentity(_)))
    ));
    let other = alice.clone();
    alice.close().await.unwrap();
    assert!(matches!(
        other.command(text(stranger, "x")).await,
        Err(CommandError::Stopped)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_engine_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let [(alice, _), (bob, bob_id)] = pair(&world, folder.path()).await;
    let mut at_bob = bob.events();
    // Every new message fails in the middle of its transaction.
    let sabotage = "CREATE TRIGGER sabotage BEFORE INSERT ON messages
                    BEGIN SELECT RAISE(ABORT, 'sabotage'); END";
    alice
        .view(move |connection| connection.execute_batch(sabotage))
        .await
        .unwrap();
    let command = Command::SendText {
        to: bob_id.into(),
        text: "once".to_owned(),
        quote: None,
        reference: Some("r".to_owned()),
    };
    let failed = alice.command(command.clone()).await;
    assert!(
        matches!(failed, Err(CommandError::Interrupted)),
        "{failed:?}"
    );
    alice
        .view(|connection| connection.execute_batch("DROP TRIGGER sabotage"))
        .await
        .unwrap();
    // The command may be given again, as often as one likes; the client comes back by itself.
    for _ in 0..2 {
        assert!(matches!(
            alice.command(command.clone()).await,
            Ok(Reply::Message(_))
        ));
    }
    assert_eq!(event(&mut at_bob, incoming_text).await, "once");
    let rows = alice
        .view(move |connection| view::timeline(connection, &bob_id.into(), None, 9))
        .await;
    assert_eq!(rows.unwrap().len(), 1);
    // A reader that panics harms nobody else.
    let read = alice.view(|_| -> Result<(), Error> { panic!("by a test") });
    assert!(read.await.is_err());
    assert!(alice.view(view::me).await.unwrap().is_some());
}

#[tokio::test]
async fn a_server_that_hangs_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let alice = world.client(folder.path(), "alice").await;
    let identity = create_identity(&alice).await;
    alice.connect().await.unwrap();
    online(&alice).await;
    world.freeze(identity);
    // From here on only this test moves the clock: a blocking task keeps it from running ahead of
    // the sockets and of the database's thread.
    tokio::time::pause();
    let (release, hold) = std::sync::mpsc::channel::<()>();
    let holder = tokio::task::spawn_blocking(move || hold.recv());
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(*world.echoes.borrow(), 0);
    // The client may have begun to count only now, so silence is repeated until it asks.
    for _ in 0..TRIES {
        tokio::time::advance(Duration::from_secs(61)).await;
        if within_a_moment(|| *world.echoes.borrow() > 0).await {
            break;
        }
    }
    assert_eq!(*world.echoes.borrow(), 1);
    let left = || !matches!(*alice.connection().borrow(), ConnectionState::Online { .. });
    for _ in 0..TRIES {
        tokio::time::advance(Duration::from_secs(11)).await;
        if within_a_moment(left).await {
            break;
        }
    }
    let state = alice.connection().borrow().clone();
    assert!(
        matches!(
            state,
            ConnectionState::Waiting {
                fault: Fault::TimedOut,
                ..
            }
        ),
        "{state:?}"
    );
    drop(release);
    assert!(holder.await.unwrap().is_err());
}

const TRIES: u32 = 100;

/// Gives sockets and threads up to a tenth of a second of real time while the clock of the test
/// stands still.
async fn within_a_moment(is_so: impl Fn() -> bool) -> bool {
    for _ in 0..10 {
        if is_so() {
            return true;
        }
        let (_keep, quiet) = std::sync::mpsc::channel::<()>();
        let pause = move || quiet.recv_timeout(Duration::from_millis(10));
        let _ = tokio::task::spawn_blocking(pause).await;
    }
    is_so()
}

/// A garbled sector can make a row unreadable for ever: every turn fails, also the first of a fresh
/// engine.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_every_turn_stops_the_client() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let client = world.client(folder.path(), "alice").await;
    create_identity(&client).await;
    client
        .view(|connection| connection.execute("UPDATE settings SET check_interval_s = -1", []))
        .await
        .unwrap();
    // Whatever the answer: a request that is under way may put the reading off until it is done.
    let _ = client
        .command(Command::SetNickname("Alice".to_owned()))
        .await;
    let stopped = reach(&client, |state| {
        matches!(state, ConnectionState::Stopped(StopReason::Storage(_)))
    });
    stopped.await;
    assert!(matches!(
        client.command(Command::ClearDeviceCookie).await,
        Err(CommandError::Stopped)
    ));
}

/// The program ended between staging a file and sending it.
#[tokio::test]
async fn a_file_that_was_staged_and_never_sent_is_gone_at_the_next_start() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let client = world.client(folder.path(), "alice").await;
    let staged = client.stage_bytes(b"never sent".to_vec()).await.unwrap();
    let bytes = client.read_media(staged.sealed(), 100).await.unwrap();
    assert_eq!(bytes, b"never sent");
    client.close().await.unwrap();
    let client = world.client(folder.path(), "alice").await;
    let missing = client.read_media(staged.sealed(), 100).await;
    assert!(
        matches!(missing, Err(Error::Media(MediaFault::Missing))),
        "{missing:?}"
    );
}

/// Waits until the file of a message is here.
async fn here(client: &Client, position: view::Position) -> view::MediaFile {
    let mut events = client.events();
    loop {
        let file = client.view(move |conn| view::media_file(conn, position));
        if let Some(file) = file.await.unwrap() {
            return file;
        }
        let changed = events.recv();
        tokio::time::timeout(Duration::from_mins(1), changed)
            .await
            .expect("something changes")
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_goes_from_disk_to_disk_and_the_server_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start().await;
    let [(alice, _), (bob, bob_identity)] = pair(&world, folder.path()).await;
    let path = folder.path().join("lake.png");
    image::RgbImage::from_fn(900, 600, |x, y| {
        image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 99])
    })
    .save(&path)
    .unwrap();
    let prepared = alice.prepare(path, SendAs::File).await.unwrap();
    let plain = alice.read_media(prepared.content.sealed(), 10_000_000);
    let plain = plain.await.unwrap();
    let (mut told, mut heard) = (alice.events(), bob.events());
    let thumbnail = prepared.thumbnail.expect("a picture has one");
    let file = NewFile {
        name: prepared.content.name,
        key: prepared.content.key,
        size_bytes: prepared.content.plain_bytes,
        file_name: prepared.file_name,
        media_type: prepared.media_type,
        caption: "the lake".to_owned(),
        rendering: FileRendering::Media,
        width: Some(900),
        height: Some(600),
        duration_ms: None,
        is_animated: false,
        thumbnail: Some(NewThumbnail {
            name: thumbnail.name,
            size_bytes: thumbnail.plain_bytes,
            media_type: "image/jpeg".to_owned(),
        }),
        correlation: String::new(),
    };
    let command = Command::SendFile {
        to: bob_identity.into(),
        file: Box::new(file),
        reference: None,
    };
    assert!(matches!(
        alice.command(command).await,
        Ok(Reply::Message(_))
    ));
    let (position, content) = event(&mut heard, |event| match event {
        EngineEvent::Message(message) => match &message.content {
            Content::File(file) => Some((message.position, file.clone())),
            _ => None,
        },
        _ => None,
    })
    .await;
    assert_eq!(
        (content.name.as_str(), content.caption.as_str()),
        ("lake.png", "the lake")
    );
    event(&mut told, reached(MessageState::Delivered)).await;
    bob.command(Command::Download { position }).await.unwrap();
    let file = here(&bob, position).await;
    let target = folder.path().join("saved.png");
    let sealed = Sealed {
        name: file.name,
        key: file.key,
        nonce: file.nonce,
    };
    let saved = bob.save_media(sealed, target.clone(), false).await.unwrap();
    assert_eq!(saved, plain.len() as u64);
    assert_eq!(std::fs::read(&target).unwrap(), plain);
    // Bob has told the server that he is done with the picture and with what it looks like.
    tokio::time::timeout(Duration::from_mins(1), async {
        while world.blobs() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the server is told");
    let mut is_told = false;
    while let Ok(event) = heard.try_recv() {
        is_told |= matches!(event, Event::Progress { done_bytes, total_bytes, .. }
            if done_bytes == total_bytes && total_bytes == saved + 16);
    }
    assert!(is_told, "progress is told up to the end");
}
