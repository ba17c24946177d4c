//! Wakes the apps of people for whom messages wait.

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::service::push::{Call, Caller, Outcome};

/// Works until `shutdown`.
pub async fn run(app: Arc<App>, shutdown: CancellationToken) {
    if app.pushes.caller().is_none() {
        return;
    }
    if let Err(error) = app.pushes.recall(&app.store).await {
        tracing::warn!(%error, "people who waited before the restart are not woken for that");
    }
    let mut calls = JoinSet::new();
    loop {
        let (due, next) = app.pushes.take_due(CALLS_MAX - calls.len(), Instant::now());
        for call in due {
            calls.spawn(perform(Arc::clone(&app), call));
        }
        metrics::gauge!("push_endpoints").set(f64::from(
            u32::try_from(app.pushes.count()).unwrap_or(u32::MAX),
        ));
        let has_room = calls.len() < CALLS_MAX;
        let later = async {
            match next {
                Some(at) if has_room => tokio::time::sleep_until(at.max(Instant::now())).await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            Some(_) = calls.join_next() => {}
            () = app.pushes.rung() => {}
            () = later => {}
        }
    }
}

async fn perform(app: Arc<App>, call: Call) {
    let outcome = match app.pushes.caller() {
        Some(caller) => wake(&app, caller, call).await,
        None => None,
    };
    app.pushes.settle(call, outcome, Instant::now());
}

/// `None` if there is no need, or nobody to wake.
async fn wake(app: &App, caller: &Caller, call: Call) -> Option<Outcome> {
    let identity = call.identity;
    if app.sessions.is_connected(identity) {
        return None;
    }
    let endpoint = match app.store.push_endpoint(identity).await {
        Ok(Some(endpoint)) => endpoint,
        // It went with a device, an app or the identity.
        Ok(None) => return Some(Outcome::Gone),
        Err(_) => return Some(Outcome::Failed(std::time::Duration::ZERO)),
    };
    if !call.certain && !app.store.has_urgent_message(identity).await.unwrap_or(true) {
        return None;
    }
    let outcome = caller.call(&endpoint, app.clock.now()).await;
    let (result, outcome) = match outcome {
        Outcome::Taken => ("taken", outcome),
        Outcome::Failed(_) => ("failed", outcome),
        Outcome::Gone => ("gone", drop_endpoint(app, call, endpoint).await),
    };
    metrics::counter!("push_calls_total", "result" => result).increment(1);
    Some(outcome)
}

/// There may be a new address already: then that one is called.
async fn drop_endpoint(app: &App, call: Call, endpoint: String) -> Outcome {
    let identity = call.identity;
    let dropped = app
        .store
        .write(move |tx| Box::pin(async move { tx.drop_push_endpoint(identity, &endpoint).await }))
        .await;
    match dropped {
        Ok(true) => Outcome::Gone,
        Ok(false) | Err(_) => Outcome::Failed(std::time::Duration::ZERO),
    }
}

/// Calls at the same time.
const CALLS_MAX: usize = 32;
