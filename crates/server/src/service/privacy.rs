//! What the server keeps about one person, told and erased (docs/privacy.md).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dreiklang_store::{AuditNote, StoredRow, StoredValue};
use dreiklang_wire::api::directory::STORED_HERE_FORMAT;
use dreiklang_wire::id::Identity;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::Error;
use crate::service::directory::{after_revocation, to_the_end};

/// Everything about an identity as one document. Secrets are named and left out: whoever reads the
/// document must not be able to act as somebody.
pub async fn export(app: &App, identity: Identity) -> Result<Value, Error> {
    let rows = app
        .store
        .everything_about(identity)
        .await
        .map_err(Error::of_store)?;
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    metrics::counter!("privacy_exports_total").increment(1);
    Ok(document(identity, app.clock.now().0, &rows))
}

/// Revokes an identity and forgets everything about it, in the database, its log and the blobs.
/// What stays is that the eight characters and the key were given out once.
pub async fn erase(app: &Arc<App>, actor: &str, identity: Identity) -> Result<(), Error> {
    let (own, at, actor) = (Arc::clone(app), app.clock.now().0, actor.to_owned());
    to_the_end(async move {
        own.store
            .delete_blobs_of(identity)
            .await
            .map_err(Error::of_store)?;
        let is_erased = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let is_erased = tx.erase_identity(identity, at).await?;
                    if is_erased {
                        // Not of whom: the list must not remember who was forgotten.
                        let note = AuditNote::of_instance(at, &actor, "identity.erase", "");
                        tx.note_audit(note).await?;
                    }
                    Ok(is_erased)
                })
            })
            .await
            .map_err(Error::of_store)?;
        after_revocation(&own, identity, is_erased)?;
        metrics::counter!("privacy_erasures_total").increment(1);
        own.store.scrub().await.map_err(Error::of_store)
    })
    .await
}

fn document(identity: Identity, now_ms: i64, rows: &[StoredRow]) -> Value {
    let mut tables: Map<String, Value> = Map::new();
    for row in rows {
        let columns: Map<String, Value> = row
            .columns
            .iter()
            .map(|(name, value)| ((*name).to_owned(), told(value)))
            .collect();
        let table = tables
            .entry(row.table)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(listed) = table {
            listed.push(Value::Object(columns));
        }
    }
    json!({
        "format": STORED_HERE_FORMAT,
        "version": VERSION,
        "identity": identity,
        "exportedAt": now_ms,
        "tables": tables,
    })
}

fn told(value: &StoredValue) -> Value {
    match value {
        StoredValue::Number(number) => json!(number),
        StoredValue::Text(text) => json!(text),
        StoredValue::Bytes(bytes) => json!({ "base64": STANDARD.encode(bytes) }),
        StoredValue::Withheld => json!({ "withheld": true }),
    }
}

const VERSION: u32 = 1;
