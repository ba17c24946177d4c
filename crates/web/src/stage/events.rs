//! What happens in an open profile, as the page hears it.

use dreiklang_client::desk::{EventLine, names};
use dreiklang_client::{Client, EngineEvent, Event};
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
pub(super) fn pump(client: Client, tell: broadcast::Sender<Value>) -> JoinHandle<()> {
    let mut events = client.events();
    spawn(async move {
        loop {
            let event = match events.recv().await {
                Ok(event) => line(&client, &event).await,
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

async fn line(client: &Client, event: &Event) -> Option<Value> {
    let mut line = EventLine::from_event(event)?;
    if let (EventLine::Message { names: known, .. }, Event::Engine(EngineEvent::Message(message))) =
        (&mut line, event)
    {
        let (conversation, sender) = (message.conversation, message.sender);
        *known = client
            .view(move |conn| names(conn, conversation, sender))
            .await
            .ok();
    }
    serde_json::to_value(line).ok()
}
