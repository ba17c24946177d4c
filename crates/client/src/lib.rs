//! The hands of a client: sockets, HTTP, timers and files around the engine.
//!
//! [`Profile`] finds and makes the files of one account. [`Client::open`] locks it, opens its
//! encrypted database and starts two things: a thread that owns database and engine (`memory`),
//! and a task that waits for sockets, timers and people (`run`). The handle gives commands in and
//! events out:
//!
//! ```text
//!  Client ──command──▶ run ──input──▶ memory: begin → engine.handle → commit
//!    ▲                  │ ◀─outputs──────────────────────┘
//!    └────events────────┴──▶ TCP frames, HTTP exchanges, timers
//! ```

pub mod activation;
pub mod desk;
pub mod instance;
pub mod media;
pub mod profile;
pub mod provisioning;
pub mod storage;

mod error;
mod event;
mod fingerprint;
mod memory;
mod net;
mod pattern;
mod run;
mod task;
mod time;

use dreiklang_wire::csp::ClientInfo;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

pub use dreiklang_crypto::PublicKey;
pub use dreiklang_engine as engine;
use dreiklang_engine::{Build, License, RemoteSecretFault, RemoteSecretLock};
pub use dreiklang_engine::{Command, Refusal, Reply, view};
pub use dreiklang_wire::api::instance::Instance;
pub use dreiklang_wire::id::{GroupIdentity, Identity, MessageId};
pub use dreiklang_wire::mdm;
pub use error::{CommandError, Error};
pub use event::{ConnectionState, EngineEvent, Event, Fault, StopReason};
pub use fingerprint::fingerprint;
pub use media::{Media, MediaFault, Sealed, Staged};
pub use net::blob::{Blobs, Watcher};
pub use profile::{App, Profile, Protection};
pub use provisioning::{Provisioning, ProvisioningFault};
pub use rusqlite::Connection;
pub use storage::keyfile::Passphrase;
pub use storage::place::{PlaceFault, leave_place, take_place};
pub use time::Clock;

use memory::{Files, Memory};
use net::http::Http;
use run::keeper::Keeper;
use run::link::LinkSettings;
use run::transfers::Transfers;
use run::{Ask, Runner, Work};
use storage::Database;
use storage::remote_lock::RemoteLock;

/// Events that a listener may lag behind before it misses some. Missing is harmless: a listener
/// that is told so looks at the database again.
const EVENTS_MAX: usize = 1_024;
/// Commands that wait for the loop; more callers than this wait in [`Client::command`].
const ASKS_MAX: usize = 256;
/// The letter by which the server knows a program for a computer (csp.struct.yml, client-info).
const PLATFORM: char = 'Q';

/// What the server learns about this program, and which clock it goes by.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version of the app.
    pub version: String,
    /// The language of the person, and the country: `de/CH`.
    pub locale: String,
    /// The clock.
    pub clock: Clock,
    /// Something that a person did, stirred into every random number of the engine; may be empty.
    pub stirred: Vec<u8>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            locale: "en/CH".to_owned(),
            clock: Clock::system(),
            stirred: Vec::new(),
        }
    }
}

/// An open profile. Clones are handles to the same client; when the last one goes, it stops.
#[derive(Clone)]
pub struct Client {
    asks: mpsc::Sender<Ask>,
    events: broadcast::Sender<Event>,
    state: watch::Receiver<ConnectionState>,
    memory: Memory,
    media: Media,
}

impl Client {
    /// Opens a profile: takes its lock, unwraps the key, opens the database. It stays offline
    /// until [`connect`](Self::connect). Must be called on a tokio runtime.
    pub async fn open(
        profile: &Profile,
        passphrase: Option<&Passphrase>,
        options: Options,
    ) -> Result<Self, Error> {
        let lock = profile.lock()?;
        // The derivation from a passphrase takes a good part of a second of one core.
        let key = {
            let (profile, passphrase) = (profile.clone(), passphrase.cloned());
            task::blocking(move || profile.unlock(passphrase.as_ref())).await??
        };
        let mut files = Files {
            path: profile.database_path(),
            place: profile.key_place(passphrase)?,
            locked_for: None,
            key,
            lock,
        };
        let way = Way::open(profile, &mut files, &options.clock).await?;
        let build = Build {
            edition: profile.app().edition(),
            version: options.version,
            platform: PLATFORM,
            locale: options.locale,
            system: net::SYSTEM.to_owned(),
            has_remote_secret: way
                .keeper
                .as_ref()
                .is_some_and(|keeper| keeper.current().has_remote_secret()),
            fits_pattern: pattern::fits,
            emoji: pattern::emoji,
        };
        let media = Media::open(profile.folder())?;
        let blobs = Blobs::of_instance(&way.instance, way.http.clone());
        let settings = LinkSettings::new(&way.instance, ClientInfo(build.client_info()));
        let memory = Memory::open(files, build, options.stirred).await?;
        forget_orphans(&media, &memory).await?;
        let (asks, asks_receiver) = mpsc::channel(ASKS_MAX);
        let (events, _) = broadcast::channel(EVENTS_MAX);
        let (state_sender, state) = watch::channel(ConnectionState::Offline);
        let runner = Runner {
            memory: memory.clone(),
            clock: options.clock,
            http: way.http,
            settings,
            keeper: way.keeper,
            transfers: Transfers::new(media.clone(), blobs, events.clone()),
            asks: asks_receiver,
            events: events.clone(),
            state: state_sender,
            work: Work::default(),
        };
        task::spawn(runner.run());
        Ok(Self {
            asks,
            events,
            state,
            memory,
            media,
        })
    }

    /// Gives a command and waits for its reply. What the reply says is in the database by then.
    pub async fn command(&self, command: Command) -> Result<Reply, CommandError> {
        let (done, reply) = oneshot::channel();
        self.asks
            .send(Ask::Command(command, done))
            .await
            .map_err(|_| CommandError::Stopped)?;
        reply.await.map_err(|_| CommandError::Stopped)?
    }

    /// Everything that happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Where the connection stands, now and whenever it changes.
    pub fn connection(&self) -> watch::Receiver<ConnectionState> {
        self.state.clone()
    }

    /// Connects and stays connected, through faults, until [`disconnect`](Self::disconnect) or
    /// until the server sends us away. Without an identity it connects as soon as there is one.
    pub async fn connect(&self) -> Result<(), Error> {
        self.asks
            .send(Ask::Connect)
            .await
            .map_err(|_| Error::Stopped)
    }

    /// The licence that the organisation gave, if there is one.
    pub async fn license(&self) -> Result<Option<License>, Error> {
        self.memory.license().await
    }

    /// Closes the connection and stays offline.
    pub async fn disconnect(&self) -> Result<(), Error> {
        self.asks
            .send(Ask::Disconnect)
            .await
            .map_err(|_| Error::Stopped)
    }

    /// Reads from the database, between two transactions, with the functions of [`view`].
    pub async fn view<T, E>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        E: Send + 'static,
        Error: From<E>,
    {
        Ok(self.memory.view(read).await??)
    }

    /// Sends what is queued, closes the connection and the database, and waits for both.
    pub async fn close(self) -> Result<(), Error> {
        let (done, closed) = oneshot::channel();
        if self.asks.send(Ask::Close(done)).await.is_err() {
            return Ok(());
        }
        closed.await.unwrap_or(Ok(()))
    }
}

/// Removes files that were staged and never sent: the program ended in between. Nothing is staged
/// yet, so whatever the database does not know is one.
async fn forget_orphans(media: &Media, memory: &Memory) -> Result<(), Error> {
    let known = memory.view(view::media_names).await??;
    match media.keep_only(&known) {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "files that were never sent are removed"),
        // They stay until the next time; that is no reason to keep a person out.
        Err(error) => tracing::warn!(%error, "files that were never sent are still there"),
    }
    Ok(())
}

/// The way to the servers of a profile.
struct Way {
    keeper: Option<Keeper>,
    instance: Instance,
    http: Http,
}

impl Way {
    /// Finds the way, and takes the key of the database from under the remote secret, if it is
    /// there. Where the servers have moved meanwhile, the provisioning file of the fallback address
    /// knows: what runs only after the database is open would come too late.
    async fn open(profile: &Profile, files: &mut Files, clock: &Clock) -> Result<Self, Error> {
        let way = Self::of(profile, profile.provisioning()?, clock)?;
        let newer = match (unlock(files, &way.http).await, &way.keeper) {
            (Ok(()), _) => return Ok(way),
            (Err(error @ Error::RemoteSecret(RemoteSecretFault::Unreachable)), Some(keeper)) => {
                let Ok(newer) = keeper.current().fetch_fallback(clock).await else {
                    return Err(error);
                };
                newer
            }
            (Err(error), _) => return Err(error),
        };
        newer.save(profile.folder())?;
        let way = Self::of(profile, Some(newer), clock)?;
        unlock(files, &way.http).await?;
        Ok(way)
    }

    fn of(
        profile: &Profile,
        provisioning: Option<Provisioning>,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let keeper = provisioning.map(|current| {
            let pins = current.pins();
            Keeper::new(profile.folder().to_owned(), current, pins, clock)
        });
        let instance = match &keeper {
            Some(keeper) => keeper.current().instance(),
            None => profile.instance()?,
        };
        let http = Http::of_instance(&instance, keeper.as_ref().and_then(Keeper::pins))?;
        Ok(Self {
            keeper,
            instance,
            http,
        })
    }
}

/// Takes the key of the database from under the remote secret, if it is there.
async fn unlock(files: &mut Files, http: &Http) -> Result<(), Error> {
    let Some(lock) = RemoteLock::read(&files.place.folder)? else {
        return Ok(());
    };
    if Database::key_fits(&files.path, &files.key)? && files.path.exists() {
        // Somebody was cut off while locking or unlocking; the engine knows which it was to be.
        files.locked_for = Some(Vec::new());
        return Ok(());
    }
    let answer = http.exchange(RemoteSecretLock::request(&lock.token)).await;
    let lock_key = RemoteSecretLock::key_from(answer, &lock.hash)?;
    files.key = lock.open(&files.key, &lock_key)?;
    files.locked_for = Some(lock.token);
    Ok(())
}
