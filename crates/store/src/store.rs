//! The handle: opening, reading, writing, closing.

use core::{future::Future, pin::Pin};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::{
    Error, Queue, Read, Result, StoreConfig, Tx,
    committer::{Committer, Ground, Op, Verdict},
    config::Database,
    instance::birthmarks,
    messages::Deduplicator,
    objects::Objects,
    readers::{self, Job, Source},
};

/// The future of a closure given to [`Store::write`] or [`Store::read`].
pub type Act<'t, T, E = Error> = Pin<Box<dyn Future<Output = Result<T, E>> + 't>>;

/// A handle to the memory of the server; cloning is cheap.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    inbox: mpsc::Sender<Op>,
    readers: mpsc::Sender<Job>,
    queue: Queue,
    objects: Objects,
    source: Source,
    id: [u8; 16],
}

impl Store {
    /// Opens the database and the blobs, bringing the schema up to date.
    ///
    /// Refuses a configuration that could lose what it has acknowledged, and a database that
    /// another process uses.
    pub async fn open(config: &StoreConfig) -> Result<Self> {
        Self::open_masked(config, -1).await
    }

    /// Opens a store that keeps only some bits of the queue's hashes, so that they collide.
    #[doc(hidden)]
    pub async fn open_masked(config: &StoreConfig, dedup_mask: i64) -> Result<Self> {
        let objects = Objects::open(&config.blob_folder()?, config.disk)?;
        let source = match config.database()? {
            Database::Sqlite(path) => Source::Sqlite(path),
            Database::Postgres(postgres) => Source::Postgres(postgres),
        };
        let (inbox, ops) = mpsc::channel(INBOX_MAX);
        let (ready, opened) = oneshot::channel();
        let (disk, wal_bytes_max) = (config.disk, config.wal_bytes_max);
        let writer_source = source.clone();
        readers::on_thread("store-committer".to_owned(), move || async move {
            let ground = match writer_source {
                Source::Sqlite(path) => Ground::sqlite(path, disk, wal_bytes_max).await,
                Source::Postgres(postgres) => Ground::postgres(postgres).await,
            };
            let begun = async {
                let ground = ground?;
                let marks = birthmarks(ground.connection()).await?;
                Ok((Committer::new(ground).await?, marks))
            };
            match begun.await {
                Ok((committer, marks)) => {
                    let _ = ready.send(Ok(marks));
                    committer.run(ops).await;
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
        let marks = opened.await.map_err(|_| Error::closed())??;
        // The database is ours now, so nobody else can be uploading.
        objects.clear_incoming()?;
        let readers = readers::start(&source, config.readers).await?;
        let deduplicator = Arc::new(Deduplicator::new(marks.dedup_key, dedup_mask));
        let queue = Queue::new(inbox.clone(), deduplicator);
        let inner = Inner {
            inbox,
            readers,
            queue,
            objects,
            source,
            id: marks.id,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The hot path.
    pub fn queue(&self) -> &Queue {
        &self.inner.queue
    }

    /// A random number that tells this database from every other one.
    pub fn instance_id(&self) -> [u8; 16] {
        self.inner.id
    }

    /// Runs a closure in a transaction and returns when its changes are durable.
    ///
    /// If the closure fails or panics, its changes are undone, and nobody else's.
    ///
    /// ```text
    /// store.write(|tx| Box::pin(tx.revoke_identity(identity, now))).await
    /// ```
    pub async fn write<T, F>(&self, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t Tx<'t>) -> Act<'t, T> + Send + 'static,
    {
        self.try_write::<T, Error, F>(act).await
    }

    /// Like [`Store::write`], for closures with an error type of their own.
    pub async fn try_write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t Tx<'t>) -> Act<'t, T, E> + Send + 'static,
    {
        let (done, answered) = oneshot::channel();
        let op = Op::Act(Box::new(move |tx| {
            Box::pin(async move {
                let result = act(tx).await;
                Verdict {
                    keep: result.is_ok(),
                    answer: Box::new(move |failure| {
                        let _ = done.send(match failure {
                            None => result,
                            // The closure's own refusal stands, whatever became of the others.
                            Some(_) if result.is_err() => result,
                            Some(error) => Err(error.into()),
                        });
                    }),
                }
            })
        }));
        self.inner
            .inbox
            .send(op)
            .await
            .map_err(|_| Error::closed())?;
        answered
            .await
            .map_err(|_| Error::Unavailable("the write was not performed".to_owned()))?
    }

    /// Runs a closure that only looks. Each of its queries sees what was committed before it.
    pub async fn read<T, F>(&self, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'r> FnOnce(&'r Read<'r>) -> Act<'r, T> + Send + 'static,
    {
        let (done, answered) = oneshot::channel();
        let job: Job = Box::new(move |read| {
            Box::pin(async move {
                let _ = done.send(act(read).await);
            })
        });
        self.inner
            .readers
            .send(job)
            .await
            .map_err(|_| Error::closed())?;
        answered
            .await
            .map_err(|_| Error::Unavailable("the lookup was not performed".to_owned()))?
    }

    /// Finishes what was submitted, empties the write-ahead log and gives the database free.
    ///
    /// Every clone of the handle is closed with it; later writes get [`Error::Unavailable`].
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.inner.inbox.send(Op::Stop(done)).await.is_ok() {
            let _ = closed.await;
        }
    }

    /// Finishes what was submitted, then empties the write-ahead log.
    pub(crate) async fn empty_log(&self) -> Result<()> {
        let (done, emptied) = oneshot::channel();
        self.inner
            .inbox
            .send(Op::Scrub(done))
            .await
            .map_err(|_| Error::closed())?;
        emptied.await.map_err(|_| Error::closed())?
    }

    pub(crate) fn objects(&self) -> &Objects {
        &self.inner.objects
    }

    pub(crate) fn source(&self) -> &Source {
        &self.inner.source
    }
}

/// Submissions that may wait for the committer before submitters wait themselves.
const INBOX_MAX: usize = 4_096;
