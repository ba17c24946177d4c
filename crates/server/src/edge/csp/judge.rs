//! Whether a message may go from one identity to another, answered from memory or not at all.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use dreiklang_store::OrgId;
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::service::closed_groups::{Party, Verdict};
use crate::service::sessions::known::Recall;

/// Whether a message may go from one identity to another.
pub(super) enum Judgement {
    May,
    /// It is acknowledged and dropped: the receiver does not exist, or a closed group keeps it out.
    MayNot,
    /// Something is not in memory.
    Ask(Question),
}

pub(super) enum Question {
    Identity(Identity),
    Org(OrgId),
}

pub(super) fn judge(app: &App, sender: Identity, receiver: Identity) -> Judgement {
    let facts = match app.sessions.known.recall(receiver) {
        Recall::Facts(facts) if !facts.is_revoked() => facts,
        Recall::Facts(_) | Recall::Unknown => return Judgement::MayNot,
        Recall::Nothing => return Judgement::Ask(Question::Identity(receiver)),
    };
    if !app.closed_groups.is_any() {
        return Judgement::May;
    }
    let own = match app.sessions.known.recall(sender) {
        Recall::Facts(own) => own,
        Recall::Unknown => return Judgement::MayNot,
        Recall::Nothing => return Judgement::Ask(Question::Identity(sender)),
    };
    let (from, to) = (Party::of(sender, &own), Party::of(receiver, &facts));
    match app.closed_groups.judge(from, to) {
        Verdict::Pass => Judgement::May,
        Verdict::Drop(org) => {
            app.closed_groups.note_dropped(org);
            metrics::counter!("chat_messages_kept_out_total").increment(1);
            Judgement::MayNot
        }
        Verdict::Ask(org) => Judgement::Ask(Question::Org(org)),
    }
}

pub(super) fn look_up(
    app: &Arc<App>,
    question: Question,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let app = Arc::clone(app);
    Box::pin(async move {
        let result = match question {
            Question::Identity(receiver) => look_up_identity(&app, receiver).await,
            Question::Org(org) => app.closed_groups.look_up(&app.store, org).await,
        };
        if let Err(error) = result {
            // The message waits unacknowledged until the store is back.
            tracing::warn!(%error, "a message could not be judged");
            tokio::time::sleep(LOOKUP_RETRY).await;
        }
    })
}

async fn look_up_identity(app: &App, identity: Identity) -> dreiklang_store::Result<()> {
    match app.sessions.known.find(&app.store, identity).await? {
        Some(facts) if !facts.is_revoked() => app.messages.backlog(identity).await.map(drop),
        _ => Ok(()),
    }
}

const LOOKUP_RETRY: Duration = Duration::from_millis(500);
