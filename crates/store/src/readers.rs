//! A few threads that read, each with a connection of its own.

use core::{future::Future, pin::Pin};
use std::{path::PathBuf, sync::Arc};

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    Error, Read, Result,
    sql::{Connection, postgres::PostgresConnection, sqlite},
};

/// A lookup on its way to a reader.
pub(crate) type Job =
    Box<dyn for<'r> FnOnce(&'r Read<'r>) -> Pin<Box<dyn Future<Output = ()> + 'r>> + Send>;

/// Where a reader finds the database.
#[derive(Clone)]
pub(crate) enum Source {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

impl Source {
    async fn open(&self) -> Result<Connection> {
        Ok(match self {
            Self::Sqlite(path) => Connection::Sqlite(sqlite::open_reader(path)?),
            Self::Postgres(config) => {
                Connection::Postgres(PostgresConnection::open_reader(config).await?)
            }
        })
    }
}

/// Starts `count` readers and returns the way to them once all have a connection.
pub(crate) async fn start(source: &Source, count: usize) -> Result<mpsc::Sender<Job>> {
    let (sender, jobs) = mpsc::channel(JOBS_MAX);
    let jobs = Arc::new(Mutex::new(jobs));
    for number in 0..count.max(1) {
        let (source, jobs) = (source.clone(), Arc::clone(&jobs));
        let (ready, opened) = oneshot::channel();
        on_thread(format!("store-reader-{number}"), move || async move {
            match source.open().await {
                Ok(connection) => {
                    let _ = ready.send(Ok(()));
                    read(connection, &source, &jobs).await;
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
        opened.await.map_err(|_| Error::closed())??;
    }
    Ok(sender)
}

/// Serves jobs until the store is gone.
async fn read(mut connection: Connection, source: &Source, jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = jobs.lock().await.recv().await;
        let Some(job) = job else { break };
        if let Connection::Postgres(postgres) = &connection
            && postgres.client.is_closed()
            && let Ok(fresh) = source.open().await
        {
            connection = fresh;
        }
        let read = Read {
            connection: &connection,
        };
        if crate::committer::caught(job(&read)).await.is_none() {
            tracing::error!("a lookup panicked");
        }
    }
}

/// Runs a future on a named thread with a runtime of its own: its parts need not be `Send`.
pub(crate) fn on_thread<F: Future<Output = ()>>(
    name: String,
    work: impl FnOnce() -> F + Send + 'static,
) -> Result<()> {
    let failed = |error: std::io::Error| Error::Unavailable(format!("no thread: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    std::thread::Builder::new()
        .name(name)
        .spawn(move || runtime.block_on(work()))
        .map_err(failed)?;
    Ok(())
}

/// Runs something long on a thread of its own: connections stay on the thread that opened them.
pub(crate) async fn apart<T, F>(name: &str, work: impl FnOnce() -> F + Send + 'static) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>>,
{
    let (done, answered) = oneshot::channel();
    on_thread(name.to_owned(), move || async move {
        let _ = done.send(work().await);
    })?;
    answered
        .await
        .map_err(|_| Error::Unavailable("the work was not finished".to_owned()))?
}

const JOBS_MAX: usize = 1_024;
