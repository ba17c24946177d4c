//! What the engine costs beside the least that its work needs: messages in and out, a text to a
//! group of 256, a start with a million messages, and the size of the database.
//!
//! Prints a table, and with `--json FILE` the same for programs. Each ratio compares two figures of
//! the same run.

#![expect(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a bench is there to measure time and to print rounded figures"
)]

#[path = "../tests/common/mod.rs"]
#[expect(dead_code, reason = "the bench uses a part of it")]
mod common;

#[path = "engine/limit.rs"]
mod limit;
#[path = "engine/pair.rs"]
mod pair;
#[path = "engine/table.rs"]
mod table;

use std::time::{Duration, Instant};

use dreiklang_engine::{Command, Input, Timestamp, view};
use dreiklang_wire::csp::payload::FromServer;

use limit::Limit;
use pair::{Pair, TEXT};
use table::Table;

/// Messages each way.
const MESSAGES: usize = 20_000;
/// What one read of the socket brings.
const BATCH: usize = 64;
/// What a person may have after years.
const STORED: u64 = 1_000_000;
const GROUP: usize = 256;
const NOW: Timestamp = Timestamp::from_ms(1_790_000_000_000);

fn main() {
    let mut table = Table::default();
    let folder = tempfile::tempdir().expect("a folder for the databases");
    let mut pair = Pair::new(folder.path());
    let limit = Limit::measure(folder.path());

    let out = messages_out(&mut pair);
    table.rate("messages out, a transaction each", MESSAGES, out);
    table.beside(
        "the least: two boxes, four rows",
        MESSAGES,
        out,
        limit.single,
    );
    let inward = messages_in(&mut pair);
    table.rate("messages in, 64 at a time", MESSAGES, inward);
    table.beside(
        "the least: two boxes, two rows",
        MESSAGES,
        inward,
        limit.batched,
    );

    let group = pair.group_send(GROUP);
    table.time("a text to a group of 256", group);
    table.beside_one(
        "the least: 255 times two boxes and two rows",
        group,
        limit.fan_out(GROUP - 1),
    );

    let bytes = pair.bytes_per_message(MESSAGES as u64);
    table.bytes("database for each message of 100 B received", bytes);
    table.ratio("of its text", bytes / TEXT.len() as f64);

    let small = start(&mut pair);
    pair.fill(STORED);
    let large = start(&mut pair);
    table.time("start and first screen, 20,000 stored", small);
    table.time("start and first screen, 1,000,000 stored", large);
    table.beside_one("of the small one", large, small);
    table.print();
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn messages_out(pair: &mut Pair) -> Duration {
    let to = pair.bob_id;
    timed(|| {
        for _ in 0..MESSAGES {
            let send = Command::SendText {
                to: to.into(),
                text: TEXT.to_owned(),
                quote: None,
                reference: None,
            };
            let ticket = pair.alice.command(NOW, send);
            assert!(matches!(pair.alice.replies.remove(&ticket), Some(Ok(_))));
            pair.acknowledge();
        }
    })
}

/// Receives what [`messages_out`] sent, as the server would pass it on.
fn messages_in(pair: &mut Pair) -> Duration {
    let sent = std::mem::take(&mut pair.on_their_way);
    assert_eq!(sent.len(), MESSAGES);
    timed(|| {
        for batch in sent.chunks(BATCH) {
            let payloads = batch.iter().cloned().map(FromServer::Message).collect();
            pair.bob.give(NOW, Input::Payloads(payloads));
            pair.bob.uplink.clear();
            pair.bob.events.clear();
        }
    })
}

/// From a closed database to a list and the newest page of a conversation.
fn start(pair: &mut Pair) -> Duration {
    let mut times = [Duration::ZERO; 5].map(|_| {
        timed(|| {
            pair.bob.restart();
            let list = view::conversations(&pair.bob.conn).expect("the list");
            let newest = &list.first().expect("a conversation").id;
            let page = view::timeline(&pair.bob.conn, newest, None, 50).expect("a page");
            assert_eq!(page.len(), 50);
        })
    });
    times.sort();
    times[times.len() / 2]
}
