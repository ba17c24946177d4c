//! Two databases, one world: a fresh store of either kind for each test.

use std::path::{Path, PathBuf};

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_store::{
    Batch, DiskLimits, Error, IdentityKind, NewIdentity, NewMessage, Outcome, Position,
    QueuedMessage, Result, Store, StoreConfig,
};
use dreiklang_wire::id::Identity;
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A place for one store, removed when dropped.
pub(crate) struct World {
    pub(crate) config: StoreConfig,
    folder: TempDir,
}

impl World {
    /// `None`, loudly, where there is no PostgreSQL to test with.
    pub(crate) async fn new(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join("server.db").display()),
            Kind::Postgres => postgres_schema(folder.path()).await?,
        };
        let blobs = format!("file://{}", folder.path().join("blobs").display());
        let mut config = StoreConfig::new(database, blobs);
        config.disk = DiskLimits {
            low_water_bytes: 1,
            low_water_percent: 1,
            ballast_bytes: 0,
        };
        Some(Self { config, folder })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.config).await.expect("the store opens")
    }
}

/// Makes a schema named after the test's temporary folder, which is unique.
async fn postgres_schema(folder: &Path) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the address of a test database comes from CI"
    )]
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED on PostgreSQL: TEST_POSTGRES_URL is not set"
        );
        return None;
    };
    let name = folder
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .to_lowercase();
    let schema = format!("test_{}", name.trim_start_matches('.'));
    let (client, driver) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
        .await
        .expect("PostgreSQL answers");
    let driver = tokio::spawn(driver);
    client
        .batch_execute(&format!("CREATE SCHEMA {schema}"))
        .await
        .expect("a schema");
    drop(client);
    driver
        .await
        .expect("the driver ends")
        .expect("the connection was sound");
    let separator = if url.contains('?') { '&' } else { '?' };
    Some(format!(
        "{url}{separator}options=-csearch_path%3D{schema}&application_name={schema}"
    ))
}

pub(crate) fn identity(text: &str) -> Identity {
    text.parse().expect("an identity")
}

/// An identity whose key depends on `seed` only.
pub(crate) fn new_identity(text: &str, seed: u64) -> NewIdentity {
    NewIdentity {
        identity: identity(text),
        public_key: SecretKey::generate(&mut SeededRng::new(seed)).public(),
        kind: IdentityKind::Private,
        created_at: 1_000,
    }
}

/// A payload laid out as `csp.struct.yml`, message-with-metadata-box, says.
pub(crate) fn payload(sender: &str, receiver: &str, id: u64, nonce: u64, text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(sender.as_bytes());
    bytes.extend_from_slice(receiver.as_bytes());
    bytes.extend_from_slice(&id.to_le_bytes());
    bytes.extend_from_slice(&[0, 0, 0, 0, 1, 0]);
    bytes.extend_from_slice(&20_u16.to_le_bytes());
    bytes.extend_from_slice(&[0; 32]);
    bytes.extend_from_slice(&[7; 20]);
    bytes.extend_from_slice(&[0; 16]);
    bytes.extend_from_slice(&nonce.to_le_bytes());
    bytes.extend_from_slice(&[9; 17]);
    bytes.extend_from_slice(text);
    bytes
}

pub(crate) fn message(sender: &str, receiver: &str, id: u64, nonce: u64) -> NewMessage {
    expiring(sender, receiver, id, nonce, 10_000)
}

pub(crate) fn expiring(
    sender: &str,
    receiver: &str,
    id: u64,
    nonce: u64,
    expires_at: i64,
) -> NewMessage {
    let bytes = payload(sender, receiver, id, nonce, b"hello");
    NewMessage::new(bytes, 2_000, expires_at).expect("a message")
}

/// Submits a batch and waits until it is durable.
pub(crate) async fn submit(store: &Store, batch: Batch) -> Result<Outcome> {
    let (done, answered) = tokio::sync::oneshot::channel();
    let answer = move |outcome| drop(done.send(outcome));
    store.queue().submit(batch, answer).await?;
    answered
        .await
        .map_err(|_| Error::Unavailable("no answer".to_owned()))?
}

pub(crate) async fn accept(store: &Store, accept: Vec<NewMessage>) -> Result<Outcome> {
    submit(
        store,
        Batch {
            accept,
            release: Vec::new(),
        },
    )
    .await
}

pub(crate) async fn release(store: &Store, release: Vec<Position>) -> Result<Outcome> {
    submit(
        store,
        Batch {
            accept: Vec::new(),
            release,
        },
    )
    .await
}

/// Everything that waits for a receiver.
pub(crate) async fn waiting(store: &Store, receiver: &str) -> Vec<QueuedMessage> {
    store
        .messages_after(identity(receiver), Position(0), usize::MAX, usize::MAX)
        .await
        .expect("the queue can be read")
}

/// The message ids of what waits, in order.
pub(crate) async fn waiting_ids(store: &Store, receiver: &str) -> Vec<u64> {
    waiting(store, receiver)
        .await
        .iter()
        .map(|message| u64::from_le_bytes(message.bytes[16..24].try_into().expect("eight bytes")))
        .collect()
}

/// Runs each test on SQLite, and on PostgreSQL where there is one.
#[macro_export]
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn run($world: World) $body

            #[tokio::test]
            async fn sqlite() {
                run(World::new(Kind::Sqlite).await.expect("SQLite is always there")).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(world) = World::new(Kind::Postgres).await {
                    run(world).await;
                }
            }
        }
    )*};
}
