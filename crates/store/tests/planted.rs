//! Each planted bug really breaks its promise, and only that one.
//!
//! One test, because a planted bug is a switch of the whole process.

#[path = "conformance/common.rs"]
#[expect(dead_code, reason = "shared with the conformance tests")]
mod common;

use std::{path::PathBuf, sync::mpsc};

use common::{Kind, World, accept, message, waiting_ids};
use dreiklang_store::{Batch, Bug, Placement, plant};

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";

fn stored(database: &PathBuf) -> Vec<i64> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let mut statement = connection.prepare("SELECT position FROM messages").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// What a completion sees in the database when it is called.
async fn seen_by_completion(world: &World) -> usize {
    let store = world.open().await;
    let (tell, told) = mpsc::channel();
    let database = world.path("server.db");
    let batch = Batch {
        accept: vec![message(ALICE, BOB, 1, 1)],
        release: Vec::new(),
    };
    let done = move |_| tell.send(stored(&database).len()).unwrap();
    store.queue().submit(batch, done).await.unwrap();
    let seen = told.recv().unwrap();
    store.close().await;
    seen
}

/// Commits two batches that waited together; gives what each completion sees, in order of calls.
async fn seen_in_turn(world: &World) -> Vec<(u64, Vec<i64>)> {
    let store = world.open().await;
    let (go_on, blocked) = mpsc::channel::<()>();
    let (enter, entered) = tokio::sync::oneshot::channel::<()>();
    let blocker = {
        let store = store.clone();
        tokio::spawn(async move {
            let wait = move || {
                enter.send(()).unwrap();
                blocked.recv().unwrap();
            };
            store
                .write(|_| {
                    Box::pin(async move {
                        wait();
                        Ok(())
                    })
                })
                .await
                .unwrap();
        })
    };
    // From here on the committer takes nothing until it is told to go on.
    entered.await.unwrap();
    let (tell, told) = mpsc::channel();
    for id in [1, 2] {
        let (tell, database) = (tell.clone(), world.path("server.db"));
        let batch = Batch {
            accept: vec![message(ALICE, BOB, id, id)],
            release: Vec::new(),
        };
        let done = move |_| tell.send((id, stored(&database))).unwrap();
        store.queue().submit(batch, done).await.unwrap();
    }
    go_on.send(()).unwrap();
    blocker.await.unwrap();
    let seen = vec![told.recv().unwrap(), told.recv().unwrap()];
    store.close().await;
    seen
}

async fn world() -> World {
    World::new(Kind::Sqlite).await.unwrap()
}

#[tokio::test]
async fn bugs_break_their_promises() {
    assert_eq!(seen_by_completion(&world().await).await, 1);
    assert!(
        seen_in_turn(&world().await)
            .await
            .iter()
            .all(|(_, found)| *found == [1, 2])
    );

    plant(Bug::AckBeforeSync);
    assert_eq!(seen_by_completion(&world().await).await, 0);

    plant(Bug::CursorSkips);
    assert_eq!(
        seen_in_turn(&world().await).await,
        [(2, vec![2]), (1, vec![1, 2])]
    );

    plant(Bug::NoDedup);
    let planted = world().await;
    let store = planted.open().await;
    let offers = vec![message(ALICE, BOB, 1, 1), message(ALICE, BOB, 1, 1)];
    for accepted in accept(&store, offers).await.unwrap().accepted {
        assert!(matches!(accepted.placement, Placement::Stored(_)));
    }
    assert_eq!(waiting_ids(&store, BOB).await, [1, 1]);
    store.close().await;

    plant(Bug::SwappedDelivery);
    let planted = world().await;
    let store = planted.open().await;
    let batch = (1..=3).map(|id| message(ALICE, BOB, id, id)).collect();
    accept(&store, batch).await.unwrap();
    assert_eq!(waiting_ids(&store, BOB).await, [2, 1, 3]);
    store.close().await;

    // A power cut is needed to see that this one loses; here it only must not be refused.
    plant(Bug::NormalSync);
    let planted = world().await;
    planted.open().await.close().await;
}
