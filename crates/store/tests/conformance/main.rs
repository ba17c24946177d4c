//! What a store promises, checked on both databases: `TEST_POSTGRES_URL` adds PostgreSQL.

mod blobs;
mod common;
mod disk;
mod members;
mod org_rows;
mod privacy;
mod schema;
mod snapshot;

use std::sync::{Arc, Mutex};

use common::{
    Kind, World, accept, expiring, identity, message, new_identity, release, submit, waiting,
    waiting_ids,
};
use dreiklang_store::{
    AuditNote, Batch, Created, Error, IdentityState, NewMessage, Placement, Position, Store,
};
use dreiklang_wire::id::DeviceCookie;

const ALICE: &str = "ALICE001";
const BOB: &str = "BOB00001";
const CAROL: &str = "CAROL001";

on_both! {
    // I1, I2: what was answered is there after the store was opened again.
    async fn accepted_messages_survive_reopening(world) {
        let store = world.open().await;
        let outcome = accept(&store, vec![message(ALICE, BOB, 1, 1), message(ALICE, BOB, 2, 2)])
            .await
            .unwrap();
        let stored = outcome.accepted.iter().all(|it| matches!(it.placement, Placement::Stored(_)));
        assert!(stored);
        let before = waiting(&store, BOB).await;
        store.close().await;
        let store = world.open().await;
        assert_eq!(waiting(&store, BOB).await, before);
        assert_eq!(waiting_ids(&store, BOB).await, [1, 2]);
        store.close().await;
    }

    // I6: the bytes that go out are the bytes that came in.
    async fn payload_is_kept_byte_for_byte(world) {
        let store = world.open().await;
        let bytes = common::payload(ALICE, BOB, 77, 78, &[0, 255, 13, 10, 0]);
        accept(&store, vec![NewMessage::new(bytes.clone(), 5, 6).unwrap()]).await.unwrap();
        let found = waiting(&store, BOB).await;
        assert_eq!(found[0].bytes, bytes);
        assert_eq!((found[0].enqueued_at, found[0].expires_at, found[0].flags), (5, 6, 1));
    }

    // I2: a message stays until it is released, and is gone afterwards.
    async fn release_removes_exactly_what_it_names(world) {
        let store = world.open().await;
        let outcome = accept(&store, (1..=3).map(|id| message(ALICE, BOB, id, id)).collect())
            .await
            .unwrap();
        let middle = outcome.accepted[1].placement.position();
        assert_eq!(release(&store, vec![middle, Position(999_999)]).await.unwrap().released, 1);
        assert_eq!(waiting_ids(&store, BOB).await, [1, 3]);
        assert_eq!(release(&store, vec![middle]).await.unwrap().released, 0);
    }

    // I4: the same offer twice is one entry, in one batch, in two, and after reopening.
    async fn repeated_offer_is_one_entry(world) {
        let store = world.open().await;
        let outcome = accept(&store, vec![message(ALICE, BOB, 1, 1), message(ALICE, BOB, 1, 1)])
            .await
            .unwrap();
        let first = outcome.accepted[0].placement.position();
        assert_eq!(outcome.accepted[0].placement, Placement::Stored(first));
        assert_eq!(outcome.accepted[1].placement, Placement::Duplicate(first));
        store.close().await;
        let store = world.open().await;
        let again = accept(&store, vec![message(ALICE, BOB, 1, 1)]).await.unwrap();
        assert_eq!(again.accepted[0].placement, Placement::Duplicate(first));
        assert_eq!(waiting_ids(&store, BOB).await, [1]);
    }

    // I4: another nonce, receiver or sender is another message, and there is no tombstone.
    async fn different_messages_are_never_swallowed(world) {
        let store = world.open().await;
        let outcome = accept(
            &store,
            vec![
                message(ALICE, BOB, 1, 1),
                message(ALICE, BOB, 1, 2),
                message(CAROL, BOB, 1, 1),
                message(ALICE, CAROL, 1, 1),
            ],
        )
        .await
        .unwrap();
        for accepted in &outcome.accepted {
            assert!(matches!(accepted.placement, Placement::Stored(_)));
        }
        assert_eq!(waiting(&store, BOB).await.len(), 3);
        let first = outcome.accepted[0].placement.position();
        release(&store, vec![first]).await.unwrap();
        let again = accept(&store, vec![message(ALICE, BOB, 1, 1)]).await.unwrap();
        assert!(matches!(again.accepted[0].placement, Placement::Stored(_)));
        assert!(again.accepted[0].placement.position() > outcome.accepted[3].placement.position());
    }

    // I4 with hashes that collide on purpose: one bit, so nearly everything shares a hash.
    async fn colliding_hashes_swallow_nothing(world) {
        let store = Store::open_masked(&world.config, 1).await.unwrap();
        let all = || (1..=40).map(|id| message(ALICE, BOB, id, id));
        let outcome = accept(&store, all().collect()).await.unwrap();
        assert!(outcome.accepted.iter().all(|it| matches!(it.placement, Placement::Stored(_))));
        for message in all() {
            let again = accept(&store, vec![message]).await.unwrap();
            assert!(matches!(again.accepted[0].placement, Placement::Duplicate(_)));
        }
        let once_more = accept(&store, all().collect()).await.unwrap();
        let positions = |outcome: &dreiklang_store::Outcome| -> Vec<Position> {
            outcome.accepted.iter().map(|it| it.placement.position()).collect()
        };
        assert_eq!(positions(&once_more), positions(&outcome));
        assert_eq!(waiting_ids(&store, BOB).await, (1..=40).collect::<Vec<u64>>());
    }

    // I5: order of acceptance is order of delivery, now and after reopening and releases.
    async fn order_is_kept(world) {
        let store = world.open().await;
        for start in [1_u64, 11, 21] {
            let batch = (start..start + 10).map(|id| message(ALICE, BOB, id, id)).collect();
            accept(&store, batch).await.unwrap();
        }
        let all = waiting(&store, BOB).await;
        assert!(all.is_sorted_by(|one, two| one.position < two.position));
        let even = all.iter().skip(1).step_by(2).map(|message| message.position).collect();
        release(&store, even).await.unwrap();
        store.close().await;
        let store = world.open().await;
        accept(&store, vec![message(ALICE, BOB, 31, 31)]).await.unwrap();
        let odd: Vec<u64> = (1..=31).step_by(2).collect();
        assert_eq!(waiting_ids(&store, BOB).await, odd);
    }

    // Cursors: a reader that goes on after the last position it saw misses nothing.
    async fn cursor_misses_nothing_under_concurrency(world) {
        let store = world.open().await;
        let writers: Vec<_> = (0..4_u64)
            .map(|writer| {
                let store = store.clone();
                tokio::spawn(async move {
                    for round in 0..50 {
                        let id = writer * 1_000 + round;
                        accept(&store, vec![message(ALICE, BOB, id, id)]).await.unwrap();
                    }
                })
            })
            .collect();
        let mut cursor = Position(0);
        let mut seen = Vec::new();
        while seen.len() < 200 {
            for found in store.messages_after(identity(BOB), cursor, 7, 100_000).await.unwrap() {
                assert!(found.position > cursor);
                cursor = found.position;
                seen.push(u64::from_le_bytes(found.bytes[16..24].try_into().unwrap()));
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        for writer in 0..4 {
            let mine: Vec<u64> = seen.iter().copied().filter(|id| id / 1_000 == writer).collect();
            assert_eq!(mine, (0..50).map(|round| writer * 1_000 + round).collect::<Vec<u64>>());
        }
    }

    // Group commit: completions come in the order of submission, closures included.
    async fn completions_come_in_order(world) {
        let store = world.open().await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut last = None;
        for number in 0..200_u64 {
            let order = Arc::clone(&order);
            let (told, tell) = tokio::sync::oneshot::channel();
            let batch = match number % 3 {
                0 => {
                    let accept = vec![message(ALICE, BOB, number, number)];
                    Batch { accept, release: Vec::new() }
                }
                1 => Batch { release: vec![Position(1)], ..Batch::default() },
                _ => Batch::default(),
            };
            let done = move |outcome: Result<_, Error>| {
                outcome.unwrap();
                order.lock().unwrap().push(number);
                let _ = told.send(());
            };
            store.queue().submit(batch, done).await.unwrap();
            last = Some(tell);
        }
        last.unwrap().await.unwrap();
        assert_eq!(*order.lock().unwrap(), (0..200).collect::<Vec<u64>>());
    }

    // A completion runs only after the commit: a reader sees the message at once.
    async fn completion_means_visible(world) {
        let store = world.open().await;
        for id in 1..=20 {
            accept(&store, vec![message(ALICE, BOB, id, id)]).await.unwrap();
            assert_eq!(waiting_ids(&store, BOB).await.last(), Some(&id));
        }
    }

    // A failing closure loses its own changes and nobody else's.
    async fn failing_closure_is_alone(world) {
        let store = world.open().await;
        let mut waits = Vec::new();
        for number in 0..30_u64 {
            let own = store.clone();
            waits.push(tokio::spawn(async move {
                let closure = own.write(move |tx| Box::pin(async move {
                    tx.note_audit(AuditNote::of_instance(number.cast_signed(), "ada", "try", &number.to_string())).await?;
                    match number % 3 {
                        0 => Err(Error::Invalid("on purpose")),
                        1 => panic!("on purpose"),
                        _ => Ok(number),
                    }
                }));
                let queued = accept(&own, vec![message(ALICE, BOB, number, number)]);
                let (closure, queued) = tokio::join!(closure, queued);
                queued.unwrap();
                match number % 3 {
                    0 => assert_eq!(closure, Err(Error::Invalid("on purpose"))),
                    1 => assert!(matches!(closure, Err(Error::Unavailable(_)))),
                    _ => assert_eq!(closure, Ok(number)),
                }
            }));
        }
        for wait in waits {
            wait.await.unwrap();
        }
        assert_eq!(waiting(&store, BOB).await.len(), 30);
        let kept = store.audit_before(i64::MAX, 100).await.unwrap();
        assert_eq!(kept.len(), 10);
        assert!(kept.iter().all(|entry| entry.at % 3 == 2));
        assert!(kept.is_sorted_by(|one, two| one.position > two.position));
    }

    // A statement that fails inside a closure poisons neither the batch nor the connection, even
    // if the closure takes no notice. PostgreSQL stores no zero character, SQLite does.
    async fn failing_statement_is_contained(world) {
        let store = world.open().await;
        let is_postgres = world.config.database_url.starts_with("postgres");
        let closure = store.write(|tx| {
            Box::pin(async move { Ok(tx.note_audit(AuditNote::of_instance(1, "\0", "try", "")).await.is_ok()) })
        });
        let (closure, queued) =
            tokio::join!(closure, accept(&store, vec![message(ALICE, BOB, 1, 1)]));
        queued.unwrap();
        assert_eq!(closure.is_err(), is_postgres);
        let kept = store.audit_before(i64::MAX, 10).await.unwrap().len();
        assert_eq!(kept, usize::from(!is_postgres));
        store.write(|tx| Box::pin(tx.note_audit(AuditNote::of_instance(2, "ada", "after", "")))).await.unwrap();
        assert_eq!(store.audit_before(i64::MAX, 10).await.unwrap()[0].action, "after");
    }

    async fn pages_respect_rows_and_bytes(world) {
        let store = world.open().await;
        accept(&store, (1..=10).map(|id| message(ALICE, BOB, id, id)).collect()).await.unwrap();
        let size = waiting(&store, BOB).await[0].bytes.len();
        let page = async |rows, bytes| {
            store.messages_after(identity(BOB), Position(0), rows, bytes).await.unwrap().len()
        };
        assert_eq!(page(4, usize::MAX).await, 4);
        assert_eq!(page(100, 3 * size).await, 3);
        assert_eq!(page(100, 1).await, 1);
        let totals = store.message_count(identity(BOB)).await.unwrap();
        assert_eq!((totals.messages, totals.bytes), (10, 10 * size as u64));
        assert_eq!(store.queue_totals().await.unwrap(), totals);
        assert_eq!(store.message_count(identity(CAROL)).await.unwrap().messages, 0);
    }

    // Isolation, I8: nobody reads what waits for somebody else.
    async fn receivers_are_apart(world) {
        let store = world.open().await;
        accept(&store, vec![message(ALICE, BOB, 1, 1), message(ALICE, CAROL, 2, 2)]).await.unwrap();
        assert_eq!(waiting_ids(&store, BOB).await, [1]);
        assert_eq!(waiting_ids(&store, CAROL).await, [2]);
        assert!(waiting(&store, ALICE).await.is_empty());
    }

    async fn expired_messages_are_found_page_by_page(world) {
        let store = world.open().await;
        let batch = (1..=6).map(|id| expiring(ALICE, BOB, id, id, 100 * id.cast_signed()));
        accept(&store, batch.collect()).await.unwrap();
        assert!(store.expired_messages(99, Position(0), 10).await.unwrap().is_empty());
        let first = store.expired_messages(400, Position(0), 3).await.unwrap();
        let second = store.expired_messages(400, *first.last().unwrap(), 3).await.unwrap();
        assert_eq!((first.len(), second.len()), (3, 1));
        release(&store, [first, second].concat()).await.unwrap();
        assert_eq!(waiting_ids(&store, BOB).await, [5, 6]);
    }

    async fn oversized_batches_are_refused(world) {
        let store = world.open().await;
        let release = vec![Position(1); dreiklang_store::BATCH_MAX + 1];
        let refused = submit(&store, Batch { accept: Vec::new(), release }).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }

    // I17: an identity is issued once, ever; one identity per key.
    async fn identity_is_issued_once(world) {
        let store = world.open().await;
        let create = async |text: &str, seed| {
            let new = new_identity(text, seed);
            store
                .write(move |tx| Box::pin(async move { tx.create_identity(&new).await }))
                .await
                .unwrap()
        };
        assert_eq!(create(ALICE, 1).await, Created::Yes);
        assert_eq!(create(ALICE, 2).await, Created::IdentityTaken);
        assert_eq!(create(BOB, 1).await, Created::KeyTaken);
        store.write(|tx| Box::pin(tx.revoke_identity(identity(ALICE), 5))).await.unwrap();
        assert_eq!(create(ALICE, 3).await, Created::IdentityTaken);
        assert_eq!(create(BOB, 1).await, Created::KeyTaken);
        assert_eq!(create(BOB, 2).await, Created::Yes);
        let found = store.identities(vec![identity(ALICE), identity(CAROL), identity(BOB)]).await;
        assert_eq!(found.unwrap().len(), 2);
        let alice = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!((alice.state, alice.revoked_at), (IdentityState::Revoked, Some(5)));
        let by_key = store.identity_by_key(alice.public_key).await.unwrap().unwrap();
        assert_eq!(by_key.identity, identity(ALICE));
        let counts = store.identity_counts().await.unwrap();
        assert_eq!((counts.active, counts.inactive, counts.revoked), (1, 0, 1));
    }

    async fn imported_identity_is_marked(world) {
        let store = world.open().await;
        let new = new_identity(ALICE, 1);
        store
            .write(move |tx| Box::pin(async move { tx.import_identity(&new).await }))
            .await
            .unwrap();
        assert!(store.identity(identity(ALICE)).await.unwrap().unwrap().imported);
    }

    // Revocation deletes the queue in the same transaction and closes the row to changes.
    async fn revocation_purges(world) {
        let store = world.open().await;
        let new = new_identity(BOB, 1);
        store
            .write(move |tx| Box::pin(async move { tx.create_identity(&new).await }))
            .await
            .unwrap();
        accept(&store, vec![message(ALICE, BOB, 1, 1), message(ALICE, CAROL, 2, 2)]).await.unwrap();
        let revoked = store.write(|tx| Box::pin(async move {
            tx.set_revocation_key(identity(BOB), [1, 2, 3, 4], 7).await?;
            tx.note_audit(AuditNote::of_instance(8, "bob", "identity.revoke", BOB)).await?;
            tx.revoke_identity(identity(BOB), 8).await
        }));
        assert!(revoked.await.unwrap());
        assert!(waiting(&store, BOB).await.is_empty());
        assert_eq!(waiting_ids(&store, CAROL).await, [2]);
        let row = store.identity(identity(BOB)).await.unwrap().unwrap();
        assert_eq!((row.state, row.revocation_key), (IdentityState::Revoked, None));
        let refused = store.write(|tx| Box::pin(async move {
            let cookie = Some(DeviceCookie::from([1; 16]));
            Ok([
                tx.set_feature_mask(identity(BOB), 1).await?,
                tx.set_revocation_key(identity(BOB), [0; 4], 1).await?,
                tx.set_identity_active(identity(BOB), true).await?,
                tx.revoke_identity(identity(BOB), 9).await?,
                tx.note_login(identity(BOB), 1, cookie).await?.is_some(),
            ])
        }));
        assert_eq!(refused.await.unwrap(), [false; 5]);
        assert_eq!(store.audit_before(i64::MAX, 10).await.unwrap()[0].action, "identity.revoke");
    }

    async fn identity_details_are_kept(world) {
        let store = world.open().await;
        let new = new_identity(ALICE, 1);
        store.write(move |tx| Box::pin(async move {
            tx.create_identity(&new).await?;
            tx.set_feature_mask(new.identity, u64::MAX).await?;
            tx.set_revocation_key(new.identity, [1, 2, 3, 4], 55).await?;
            tx.set_identity_active(new.identity, false).await
        })).await.unwrap();
        store.close().await;
        let store = world.open().await;
        let row = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!(row.feature_mask, u64::MAX);
        assert_eq!(row.revocation_key, Some(([1, 2, 3, 4], 55)));
        assert_eq!((row.state, row.last_login_day), (IdentityState::Inactive, None));
        let page = store.identities_after(None, 10).await.unwrap();
        assert_eq!(page.len(), 1);
        assert!(store.identities_after(Some(identity(ALICE)), 10).await.unwrap().is_empty());
    }

    // The device cookie, protocol A2.6.
    async fn device_cookie_raises_the_flag(world) {
        let store = world.open().await;
        let new = new_identity(ALICE, 1);
        store
            .write(move |tx| Box::pin(async move { tx.create_identity(&new).await }))
            .await
            .unwrap();
        let login = async |cookie: Option<u8>| {
            let cookie = cookie.map(|byte| DeviceCookie::from([byte; 16]));
            store
                .write(move |tx| Box::pin(tx.note_login(identity(ALICE), 20_000, cookie)))
                .await
                .unwrap()
                .unwrap()
        };
        let clear = async || {
            store.write(|tx| Box::pin(tx.clear_cookie_flag(identity(ALICE)))).await.unwrap();
        };
        assert!(!login(None).await);
        assert!(!login(Some(1)).await);
        assert!(!login(Some(1)).await);
        assert!(login(Some(2)).await);
        // The flag stays over further logins until it is cleared.
        assert!(login(Some(2)).await);
        clear().await;
        assert!(!login(Some(2)).await);
        // No cookie counts as zeros once one is known.
        assert!(login(None).await);
        clear().await;
        assert!(!login(Some(0)).await);
        let row = store.identity(identity(ALICE)).await.unwrap().unwrap();
        assert_eq!((row.state, row.last_login_day), (IdentityState::Active, Some(20_000)));
        let stranger = store.write(|tx| Box::pin(tx.note_login(identity(BOB), 1, None))).await;
        assert_eq!(stranger, Ok(None));
    }

    // Two servers on one database would both hand out positions.
    async fn second_store_is_refused(world) {
        let store = world.open().await;
        let second = Store::open(&world.config).await.map(|_| ());
        assert!(matches!(second, Err(Error::Refused(_))), "{second:?}");
        store.close().await;
        let id = store.instance_id();
        let again = world.open().await;
        assert_eq!(again.instance_id(), id);
    }

    async fn closed_store_answers_unavailable(world) {
        let store = world.open().await;
        store.close().await;
        let refused = accept(&store, vec![message(ALICE, BOB, 1, 1)]).await.map(|_| ());
        assert!(matches!(refused, Err(Error::Unavailable(_))));
        let refused = store.write(|_| Box::pin(async { Ok(()) })).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))));
    }

    // What was submitted before closing is still committed.
    async fn closing_drains(world) {
        let store = world.open().await;
        let (done, answers) = std::sync::mpsc::channel();
        for id in 1..=100 {
            let batch = Batch { accept: vec![message(ALICE, BOB, id, id)], release: Vec::new() };
            let done = done.clone();
            let answer = move |outcome: Result<_, Error>| done.send(outcome.is_ok()).unwrap();
            store.queue().submit(batch, answer).await.unwrap();
        }
        drop(done);
        store.close().await;
        assert_eq!(answers.iter().filter(|ok| *ok).count(), 100);
        let store = world.open().await;
        assert_eq!(waiting(&store, BOB).await.len(), 100);
    }
}

/// A database server that restarts costs time, not messages: the committer connects again and
/// repeats what had an unknown outcome.
#[tokio::test]
async fn lost_connections_to_postgres_are_replaced() {
    let Some(world) = World::new(Kind::Postgres).await else {
        return;
    };
    let store = world.open().await;
    accept(&store, vec![message(ALICE, BOB, 1, 1)])
        .await
        .unwrap();
    let url = &world.config.database_url;
    let (client, driver) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(driver);
    let sql = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
               WHERE application_name = current_setting('application_name')
                 AND pid <> pg_backend_pid()";
    let ended: i64 = client.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(ended, 3, "one writer and two readers");
    let outcome = accept(&store, vec![message(ALICE, BOB, 2, 2)])
        .await
        .unwrap();
    assert!(matches!(
        outcome.accepted[0].placement,
        Placement::Stored(_)
    ));
    store
        .write(|tx| Box::pin(tx.note_audit(AuditNote::of_instance(1, "ada", "look", ""))))
        .await
        .unwrap();
    assert_eq!(waiting_ids(&store, BOB).await, [1, 2]);
    // The lock came along: a second store is still refused.
    assert!(matches!(
        Store::open(&world.config).await.map(|_| ()),
        Err(Error::Refused(_))
    ));
    store.close().await;
}
