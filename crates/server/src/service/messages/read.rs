//! Fetches rows for a receiver that is catching up.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_store::{Position, QueuedMessage};
use dreiklang_wire::csp::payload::{Flags, MessageRef};

use super::Messages;
use super::mailbox::Key;
use super::post::{Read, Row};

/// Fetches one window; tries again while the store is out of reach and the turn lasts.
pub(super) async fn run(messages: Arc<Messages>, read: Read) {
    let mut wait = RETRY_FIRST;
    let rows = loop {
        if !messages.post().is_current(&read) {
            return;
        }
        let after = Position(read.after);
        let rows =
            messages
                .store
                .messages_after(read.receiver, after, read.messages_max, BYTES_MAX);
        match rows.await {
            Ok(rows) => break rows,
            Err(error) => tracing::warn!(%error, "a queue could not be read"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(RETRY_LAST);
    };
    let bytes: usize = rows.iter().map(|row| row.bytes.len()).sum();
    // The store also stops before the row that would exceed the bytes.
    let end = rows.len() < read.messages_max && bytes < BYTES_MAX - ROW_BYTES_MAX;
    let expiry = messages.lifetime.expiry_ms(&messages.clock);
    let rows = rows
        .into_iter()
        .map(|row| parse(row, expiry))
        .collect::<Vec<_>>();
    metrics::counter!("chat_messages_drained_total").increment(rows.len() as u64);
    let mut post = messages.post();
    post.rows_read(&read, rows, end);
    let outputs = post.take_outputs();
    drop(post);
    messages.carry_out(outputs, None);
}

fn parse(row: QueuedMessage, expiry: i64) -> Row {
    let key = MessageRef::parse(&row.bytes).ok().map(|message| Key {
        sender: message.sender(),
        id: message.id(),
        nonce: message.nonce(),
    });
    let short = row.flags & Flags::SHORT_LIVED.0 != 0;
    Row {
        position: row.position.0,
        flags: row.flags,
        // An unreadable row is stepped over; it stays for whoever repairs the store.
        is_expired: key.is_none() || (short && row.expires_at <= expiry),
        key: key.unwrap_or_else(Key::nobody),
        bytes: row.bytes,
    }
}

const BYTES_MAX: usize = 256 * 1024;
const ROW_BYTES_MAX: usize = 8192;
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(5);
