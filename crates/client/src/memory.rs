//! The memory of the client: one thread (in a browser: one task) that owns the database and the
//! engine.
//!
//! ```text
//! begin → engine.handle → commit → the outputs go back to the loop
//! ```
//!
//! `SQLite` blocks, so it does not live on the executor. Everything that reads or writes takes its
//! turn here; a turn is one transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use dreiklang_crypto::StirredRng;
use dreiklang_engine::{
    Build, Credentials, Engine, Input, License, Output, RemoteSecretState, Timestamp,
};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::error::Error;
use crate::storage::Database;
use crate::storage::files::Lock;
use crate::storage::keyfile::DatabaseKey;
use crate::storage::remote_lock::Place;

/// Turns that wait; more callers than this wait outside.
const JOBS_MAX: usize = 64;

/// Why a turn did not happen.
#[derive(Debug)]
pub(crate) enum StepFault {
    /// Rolled back; the engine was opened anew and knows nothing of the connection.
    Reopened(dreiklang_engine::Error),
    /// Rolled back, and the database does not open any more.
    Lost(Error),
}

/// Gives turns to the thread.
#[derive(Clone)]
pub(crate) struct Memory {
    jobs: mpsc::Sender<Job>,
}

enum Job {
    Step(
        Timestamp,
        Input,
        oneshot::Sender<Result<Vec<Output>, StepFault>>,
    ),
    Credentials(oneshot::Sender<Option<Credentials>>),
    License(oneshot::Sender<Result<Option<License>, Error>>),
    RemoteSecret(oneshot::Sender<RemoteSecretState>),
    View(Box<dyn FnOnce(&Connection) + Send>),
    Close(oneshot::Sender<Result<(), Error>>),
}

impl Memory {
    /// Opens the database and the engine on a thread of their own.
    ///
    /// The thread keeps the lock of the profile until the database is closed, even if every
    /// handle is gone before.
    pub(crate) async fn open(files: Files, build: Build, stirred: Vec<u8>) -> Result<Self, Error> {
        let (jobs, waiting) = mpsc::channel(JOBS_MAX);
        let (opened, is_open) = oneshot::channel();
        begin(move || Mind::open(files, build, stirred), waiting, opened)?;
        is_open.await.map_err(|_| Error::Stopped)??;
        Ok(Self { jobs })
    }

    /// One input, one transaction.
    pub(crate) async fn step(
        &self,
        now: Timestamp,
        input: Input,
    ) -> Result<Vec<Output>, StepFault> {
        let (done, result) = oneshot::channel();
        let lost = || StepFault::Lost(Error::Stopped);
        self.jobs
            .send(Job::Step(now, input, done))
            .await
            .map_err(|_| lost())?;
        result.await.map_err(|_| lost())?
    }

    pub(crate) async fn credentials(&self) -> Result<Option<Credentials>, Error> {
        let (done, result) = oneshot::channel();
        self.jobs
            .send(Job::Credentials(done))
            .await
            .map_err(|_| Error::Stopped)?;
        result.await.map_err(|_| Error::Stopped)
    }

    /// The credentials that the organisation gave.
    pub(crate) async fn license(&self) -> Result<Option<License>, Error> {
        let (done, result) = oneshot::channel();
        self.jobs
            .send(Job::License(done))
            .await
            .map_err(|_| Error::Stopped)?;
        result.await.map_err(|_| Error::Stopped)?
    }

    /// How the app stands with its remote secret.
    pub(crate) async fn remote_secret(&self) -> Result<RemoteSecretState, Error> {
        let (done, result) = oneshot::channel();
        self.jobs
            .send(Job::RemoteSecret(done))
            .await
            .map_err(|_| Error::Stopped)?;
        result.await.map_err(|_| Error::Stopped)
    }

    /// Reads between two transactions.
    pub(crate) async fn view<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (done, result) = oneshot::channel();
        let job = Job::View(Box::new(move |connection| {
            // Whoever asked may have gone away.
            let _ = done.send(read(connection));
        }));
        self.jobs.send(job).await.map_err(|_| Error::Stopped)?;
        result.await.map_err(|_| Error::Stopped)
    }

    /// Folds the write-ahead log in and ends the thread.
    pub(crate) async fn close(&self) -> Result<(), Error> {
        let (done, result) = oneshot::channel();
        if self.jobs.send(Job::Close(done)).await.is_err() {
            return Ok(());
        }
        result.await.unwrap_or(Ok(()))
    }
}

type Opened = oneshot::Sender<Result<(), Error>>;

/// A caller that has gone away takes its sender with it: the turns end at once.
fn open(open: impl FnOnce() -> Result<Mind, Error>, opened: Opened) -> Option<Mind> {
    match open() {
        Ok(mind) => {
            let _ = opened.send(Ok(()));
            Some(mind)
        }
        Err(error) => {
            let _ = opened.send(Err(error));
            None
        }
    }
}

#[cfg(not(target_family = "wasm"))]
fn begin(
    mind: impl FnOnce() -> Result<Mind, Error> + Send + 'static,
    mut jobs: mpsc::Receiver<Job>,
    opened: Opened,
) -> Result<(), Error> {
    std::thread::Builder::new()
        .name("dreiklang-memory".to_owned())
        .spawn(move || {
            let mut mind = open(mind, opened);
            while let Some(awake) = mind.take() {
                let Some(job) = jobs.blocking_recv() else {
                    break;
                };
                mind = awake.turn(job);
            }
        })
        .map(drop)
        .map_err(|cause| Error::file(std::path::Path::new("thread"), cause))
}

/// The worker of a browser is the thread.
#[cfg(target_family = "wasm")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "a computer may have no more threads"
)]
fn begin(
    mind: impl FnOnce() -> Result<Mind, Error> + Send + 'static,
    mut jobs: mpsc::Receiver<Job>,
    opened: Opened,
) -> Result<(), Error> {
    crate::task::spawn(async move {
        let mut mind = open(mind, opened);
        while let Some(awake) = mind.take() {
            let Some(job) = jobs.recv().await else {
                break;
            };
            mind = awake.turn(job);
        }
    });
    Ok(())
}

/// What of a profile the thread works on.
pub(crate) struct Files {
    /// The database.
    pub(crate) path: PathBuf,
    /// Its key.
    pub(crate) key: DatabaseKey,
    /// Where the key is kept.
    pub(crate) place: Place,
    /// What the key is locked for at the server, if it is.
    pub(crate) locked_for: Option<Vec<u8>>,
    /// Keeps other processes out.
    pub(crate) lock: Lock,
}

/// What the thread owns.
struct Mind {
    files: Files,
    build: Build,
    stirred: Vec<u8>,
    /// Writing the lock failed in this run.
    is_lock_broken: bool,
    database: Database,
    engine: Engine,
}

impl Mind {
    /// If this fails the lock is released before the caller hears of it.
    fn open(files: Files, build: Build, stirred: Vec<u8>) -> Result<Self, Error> {
        let database = Database::open(&files.path, &files.key)?;
        let rng = Box::new(StirredRng::new(&stirred));
        let engine = Engine::open(database.connection(), build.clone(), rng)?;
        Ok(Self {
            files,
            build,
            stirred,
            is_lock_broken: false,
            database,
            engine,
        })
    }

    /// One turn; `None` when there are no more.
    fn turn(mut self, job: Job) -> Option<Self> {
        // Answers to somebody who has gone away are dropped on purpose.
        match job {
            Job::Step(now, input, done) => match self.step(now, input) {
                Ok(outputs) => {
                    self.keep_locked();
                    let _ = done.send(Ok(outputs));
                }
                Err(error) => {
                    tracing::error!(%error, "engine failed, opening it again");
                    match self.reopen() {
                        Ok(mind) => {
                            self = mind;
                            let _ = done.send(Err(StepFault::Reopened(error)));
                        }
                        Err(error) => {
                            let _ = done.send(Err(StepFault::Lost(error)));
                            return None;
                        }
                    }
                }
            },
            Job::Credentials(done) => _ = done.send(self.engine.credentials()),
            Job::License(done) => {
                let license = self.engine.own_license(self.database.connection());
                let _ = done.send(license.map_err(Error::Engine));
            }
            Job::RemoteSecret(done) => _ = done.send(self.engine.remote_secret()),
            Job::View(read) => {
                let connection = self.database.connection();
                // A panic drops the answer, which tells the reader.
                let _ = catch_unwind(AssertUnwindSafe(|| read(connection)));
            }
            Job::Close(done) => {
                drop(self.engine);
                let outcome = self.database.close();
                drop(self.files.lock);
                let _ = done.send(outcome);
                return None;
            }
        }
        Some(self)
    }

    /// A panic inside counts as an error: the transaction is rolled back by its drop.
    fn step(
        &mut self,
        now: Timestamp,
        input: Input,
    ) -> Result<Vec<Output>, dreiklang_engine::Error> {
        let Self {
            database, engine, ..
        } = self;
        catch_unwind(AssertUnwindSafe(|| {
            let transaction = database
                .connection_mut()
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outputs = engine.handle(now, input, &transaction)?;
            transaction.commit()?;
            Ok(outputs)
        }))
        .unwrap_or(Err(dreiklang_engine::Error::Bug("the engine panicked")))
    }

    /// A connection that failed is not trusted with another transaction: it goes too.
    fn reopen(self) -> Result<Self, Error> {
        let Self {
            files,
            build,
            stirred,
            database,
            engine,
            ..
        } = self;
        drop(engine);
        drop(database);
        Self::open(files, build, stirred)
    }

    /// Locks or unlocks the key of the database, as the remote secret comes or goes. What could not
    /// be written is tried again when the profile is opened the next time; until then the server
    /// keeps the secret.
    fn keep_locked(&mut self) {
        if self.is_lock_broken {
            return;
        }
        let is_leaving = self.engine.is_remote_secret_leaving();
        let Files {
            key,
            place,
            locked_for,
            ..
        } = &mut self.files;
        let is_off = self.engine.remote_secret() == RemoteSecretState::Off;
        let done = match self.engine.remote_secret_lock() {
            Some(lock) if locked_for.as_ref() != Some(&lock.token) => place
                .lock(key, &lock)
                .map(|()| *locked_for = Some(lock.token.clone())),
            None if (is_off || is_leaving) && locked_for.is_some() => {
                place.unlock(key).map(|()| *locked_for = None)
            }
            _ => Ok(()),
        };
        match done {
            Ok(()) if is_leaving => self.engine.remote_secret_released(),
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "the lock of the profile could not be changed");
                self.is_lock_broken = true;
            }
        }
    }
}
