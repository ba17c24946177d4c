//! Deletes what waits between a closed group and outsiders: what was taken before the group was
//! closed is not delivered after.

use std::sync::Arc;

use dreiklang_store::{Batch, Error, Outcome, Position};
use tokio::sync::oneshot;

use super::{Party, Verdict};
use crate::app::App;

/// Walks the whole queue twice, because closing a group is rare: a connection that had judged a
/// message by the old rule has handed it over by the second time.
pub(super) async fn outsiders(app: &Arc<App>) -> Result<(), Error> {
    for _ in 0..2 {
        // What was taken by the old rule has to be in the store to be found there.
        app.messages.settled().await;
        walk(app).await?;
    }
    app.messages.forget_backlogs();
    Ok(())
}

async fn walk(app: &Arc<App>) -> Result<(), Error> {
    let mut after = Position(0);
    loop {
        let page = app
            .store
            .read(move |read| Box::pin(read.message_parties_after(after, PAGE)))
            .await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        let mut forbidden = Vec::new();
        for row in &page {
            let (Some(sender), Some(receiver)) = (
                app.sessions.known.find(&app.store, row.sender).await?,
                app.sessions.known.find(&app.store, row.receiver).await?,
            ) else {
                continue;
            };
            let sender = Party::of(row.sender, &sender);
            let receiver = Party::of(row.receiver, &receiver);
            if let Verdict::Drop(org) = judge(app, sender, receiver).await? {
                app.closed_groups.note_dropped(org);
                forbidden.push(row.position);
            }
        }
        for positions in forbidden.chunks(dreiklang_store::BATCH_MAX) {
            delete(app, positions.to_vec()).await?;
        }
        if page.len() < PAGE {
            break;
        }
    }
    Ok(())
}

/// The verdict, with every question asked that it needs.
async fn judge(app: &App, sender: Party, receiver: Party) -> Result<Verdict, Error> {
    loop {
        match app.closed_groups.judge(sender, receiver) {
            Verdict::Ask(org) => app.closed_groups.look_up(&app.store, org).await?,
            verdict @ (Verdict::Pass | Verdict::Drop(_)) => return Ok(verdict),
        }
    }
}

async fn delete(app: &App, release: Vec<Position>) -> Result<(), Error> {
    let (done, deleted) = oneshot::channel();
    let batch = Batch {
        accept: Vec::new(),
        release,
    };
    let report = move |result: Result<Outcome, Error>| {
        let _ = done.send(result.map(drop));
    };
    app.store.queue().submit(batch, report).await?;
    deleted
        .await
        .map_err(|_| Error::Unavailable("the store is closed".to_owned()))?
}

const PAGE: usize = 1000;
