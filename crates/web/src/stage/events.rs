//! What happens in an open profile, as the page hears it.

use dreiklang_client::Event;
use dreiklang_client::desk::{Desk, EventLine};
use n0_future::task::{JoinHandle, spawn};
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};

/// Events for one page.
pub struct Events(broadcast::Receiver<Value>);

impl Events {
    pub(super) fn new(receiver: broadcast::Receiver<Value>) -> Self {
        Self(receiver)
    }

    /// The next one; `None` when the core is gone. A page that was too slow is told to look again.
    pub async fn next(&mut self) -> Option<Value> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(count)) => Some(json!({ "event": "missed", "count": count })),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Tells what a client says, until it is gone.
pub(super) fn pump(desk: Desk, tell: broadcast::Sender<Value>) -> JoinHandle<()> {
    let mut events = desk.client().events();
    spawn(async move {
        loop {
            let event = match events.recv().await {
                Ok(event) => line(&desk, &event).await,
                Err(RecvError::Lagged(count)) => {
                    serde_json::to_value(EventLine::Missed { count }).ok()
                }
                Err(RecvError::Closed) => return,
            };
            if let Some(event) = event {
                // Without a page there is nobody to tell.
                let _ = tell.send(event);
            }
        }
    })
}

async fn line(desk: &Desk, event: &Event) -> Option<Value> {
    let line = desk.tell(event).await.ok().flatten()?;
    serde_json::to_value(line).ok()
}
