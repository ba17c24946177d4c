//! Starts the parts of the server and ends them in the right order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use dreiklang_store::{Store, StoreConfig};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Clock, keys};
use crate::config::{InstanceKind, Settings};
use crate::edge::http::{Door, Limits, tls};
use crate::edge::{admin, api, csp, metrics};
use crate::worker;

pub mod web;

/// A server whose listeners are open.
pub struct Running {
    /// What its parts share.
    pub app: Arc<App>,
    /// Where the chat server listens.
    pub chat: Vec<SocketAddr>,
    /// Where the HTTP interface listens.
    pub api: Vec<SocketAddr>,
    /// Where the apps in the browser are.
    pub web: Vec<web::Opened>,
    /// Where the metrics are.
    pub metrics: Option<SocketAddr>,
    /// Serve people; they stop first.
    doors: JoinSet<()>,
    /// Work behind the doors.
    workers: JoinSet<()>,
    shutdown: CancellationToken,
}

/// Runs until `shutdown`, then ends gracefully.
pub async fn run(settings: Settings, shutdown: CancellationToken) -> anyhow::Result<()> {
    start(settings, Clock::system(), shutdown)
        .await?
        .finished()
        .await;
    Ok(())
}

/// Opens the database with the store's default care.
pub async fn open_store(settings: &Settings) -> anyhow::Result<Store> {
    open_store_with(&StoreConfig::new(
        &settings.database_url,
        &settings.blobs_url,
    ))
    .await
}

/// Opens the database as told.
pub async fn open_store_with(config: &StoreConfig) -> anyhow::Result<Store> {
    Store::open(config)
        .await
        .context("cannot open the database or the blobs")
}

/// Starts everything; when this returns, clients can connect.
pub async fn start(
    settings: Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> anyhow::Result<Running> {
    let store = open_store(&settings).await?;
    start_with(settings, store, clock, shutdown).await
}

/// Like [`start`], on a store that is open already.
pub async fn start_with(
    settings: Settings,
    store: Store,
    clock: Clock,
    shutdown: CancellationToken,
) -> anyhow::Result<Running> {
    // In a box: the settings are large, and callers keep this future inside theirs.
    Box::pin(begin(settings, store, clock, shutdown)).await
}

async fn begin(
    settings: Settings,
    store: Store,
    clock: Clock,
    shutdown: CancellationToken,
) -> anyhow::Result<Running> {
    let keys = keys::load(&settings).context("cannot load the keys of the chat server")?;
    let acceptor = tls::acceptor(&settings).context("cannot start TLS")?;
    let chat_doors = bind(&settings.chat.listen, "chat.listen").await?;
    let api_doors = bind(&settings.api.listen, "api.listen").await?;
    let web_doors = web::listen(&settings).await?;
    let metrics_door = match settings.metrics_listen {
        None => None,
        Some(address) => Some(bind(&[address], "metrics.listen").await?.remove(0)),
    };
    let app = App::new(settings, keys, store, clock).await?;
    let mut running = Running {
        chat: addresses(&chat_doors)?,
        api: addresses(&api_doors)?,
        web: Vec::new(),
        metrics: metrics_door
            .as_ref()
            .map(TcpListener::local_addr)
            .transpose()?,
        app: Arc::clone(&app),
        doors: JoinSet::new(),
        workers: JoinSet::new(),
        shutdown: shutdown.clone(),
    };
    if app.config.kind == InstanceKind::Closed {
        let private = app.store.private_identities().await?;
        if private > 0 {
            bail!(
                "kind = \"closed\", but {private} identities of this instance are private and \
                 belong to nobody here. Make a new folder with `init --kind closed`"
            );
        }
        let own_pin = tls::own_pin(&app.config).context("cannot read the certificate")?;
        worker::renew_provisioning::look(&app, own_pin);
        let renewing = worker::renew_provisioning::run(Arc::clone(&app), own_pin, shutdown.clone());
        running.workers.spawn(renewing);
    }
    for listener in api_doors {
        let door = Door {
            listener,
            tls: acceptor.clone(),
            router: api::router(&app),
            limits: limits(&app.config),
            openings: app.openings.clone(),
            name: "api",
        };
        running.doors.spawn(door.serve(shutdown.clone()));
    }
    if let Some(listener) = metrics_door {
        running
            .doors
            .spawn(metrics::door(listener, &app)?.serve(shutdown.clone()));
    }
    running.doors.spawn(admin::serve(&app, shutdown.clone())?);
    let gate = csp::Gate::new(&app.config.chat);
    let chat = running.chat.clone();
    let doors = web::doors(&app, &gate, acceptor.as_ref(), &chat, web_doors)?;
    for (opened, door) in doors {
        running.web.push(opened);
        running.doors.spawn(door.serve(shutdown.clone()));
    }
    start_chat(&mut running, &gate, chat_doors);
    start_workers(&mut running);
    Ok(running)
}

fn start_workers(running: &mut Running) {
    let (app, shutdown) = (Arc::clone(&running.app), running.shutdown.clone());
    running.workers.spawn(worker::expire_blobs::run(
        Arc::clone(&app),
        shutdown.clone(),
    ));
    running.workers.spawn(worker::expire_activations::run(
        Arc::clone(&app),
        shutdown.clone(),
    ));
    running.workers.spawn(worker::expire_pending_links::run(
        Arc::clone(&app),
        shutdown.clone(),
    ));
    running.workers.spawn(worker::deliver_push::run(
        Arc::clone(&app),
        shutdown.clone(),
    ));
    running
        .workers
        .spawn(worker::expire_safe_backups::run(app, shutdown));
}

fn start_chat(running: &mut Running, gate: &csp::Gate, listeners: Vec<TcpListener>) {
    for listener in listeners {
        let (app, shutdown) = (Arc::clone(&running.app), running.shutdown.clone());
        running
            .doors
            .spawn(csp::serve(app, gate.clone(), listener, shutdown));
    }
    let (app, shutdown) = (Arc::clone(&running.app), running.shutdown.clone());
    running.workers.spawn(worker::expire_messages::run(
        Arc::clone(&app),
        shutdown.clone(),
    ));
    running
        .workers
        .spawn(worker::flush_closed_groups::run(app, shutdown));
}

impl Running {
    /// Says in the log where the server listens.
    pub fn announce(&self) {
        let list = |addresses: &[SocketAddr]| {
            addresses
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        for opened in &self.web {
            let edition = crate::config::web::name(opened.edition);
            tracing::info!(web.edition = edition, web.url = opened.origin, "app");
        }
        tracing::info!(
            chat = list(&self.chat),
            api = list(&self.api),
            api.url = self.app.config.public_url(self.api.first().copied()),
            "ready"
        );
    }

    /// Waits for the shutdown; then for the doors, the workers and the store, in this order.
    pub async fn finished(mut self) {
        self.shutdown.cancelled().await;
        drain(&mut self.doors, DOORS_GRACE).await;
        drain(&mut self.workers, WORKERS_GRACE).await;
        self.app.store.close().await;
        tracing::info!("stopped");
    }
}

/// Waits for tasks and stops those that take too long. A task that panicked is named in the log by
/// the panic itself.
async fn drain(tasks: &mut JoinSet<()>, grace: Duration) {
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(grace, all).await.is_err() {
        tracing::warn!("some tasks did not end in time");
        tasks.shutdown().await;
    }
}

async fn bind(addresses: &[SocketAddr], key: &str) -> anyhow::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            Err(error) => bail!("{key}: cannot listen on {address}: {error}"),
        }
    }
    Ok(listeners)
}

fn addresses(listeners: &[TcpListener]) -> std::io::Result<Vec<SocketAddr>> {
    listeners.iter().map(TcpListener::local_addr).collect()
}

fn limits(settings: &Settings) -> Limits {
    let api = &settings.api;
    Limits {
        tls_handshake: Duration::from_secs(api.tls_handshake_timeout_s),
        header: Duration::from_secs(api.header_timeout_s),
        keep_alive: Duration::from_secs(api.keep_alive_s),
        write_stall: Duration::from_secs(api.write_stall_timeout_s),
        header_bytes_max: api.header_bytes_max,
    }
}

/// A little more than the doors give their own connections.
const DOORS_GRACE: Duration = Duration::from_secs(12);
const WORKERS_GRACE: Duration = Duration::from_secs(10);
