//! The reference relay: the least that a server with our semantics can do, as the limit to measure
//! against. It does the handshake, the boxes, a queue per identity in memory, and a log that is
//! synced before a message is delivered or acknowledged. It has no limits, no directory, no
//! expiry, and it keeps its log for ever: it is not a product.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use dreiklang_crypto::{PublicKey, SystemRng};
use dreiklang_wire::csp::LoginAck;
use dreiklang_wire::csp::server::{Handshake, ServerKeys, Step};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::people;
use crate::relay::link::Link;
use crate::relay::log::Log;
use crate::relay::mailbox::Mailbox;

mod link;
mod log;
mod mailbox;

/// Flags of `relay`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where to listen; loopback only
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The log; is made if missing and replayed if there
    #[arg(long)]
    log: PathBuf,
    /// People who may log in: the first so many numbers
    #[arg(long, default_value_t = 20_000)]
    people: u32,
    /// Threads for the network, beside the one of the log
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Do not sync the log, to see what the disk costs
    #[arg(long)]
    no_sync: bool,
}

/// What the connections share.
struct Relay {
    keys: Arc<ServerKeys>,
    people: Vec<Person>,
    log: Log,
}

#[derive(Default)]
struct Person {
    key: OnceLock<PublicKey>,
    mailbox: Mailbox,
}

impl Relay {
    fn person(&self, number: u32) -> Option<&Person> {
        self.people.get(usize::try_from(number).ok()?)
    }
}

/// Runs until it is killed.
pub fn run(arguments: &Arguments) -> Result<()> {
    anyhow::ensure!(arguments.listen.ip().is_loopback(), "loopback only");
    crate::machine::raise_descriptors()?;
    let mut people = Vec::new();
    people.resize_with(usize::try_from(arguments.people)?, Person::default);
    let (log, file) = Log::open(&arguments.log, |record| {
        let place = usize::try_from(record.receiver).ok();
        if let Some(person) = place.and_then(|place| people.get(place)) {
            person.mailbox.replay(record);
        }
    })?;
    let relay = Arc::new(Relay {
        keys: Arc::new(ServerKeys {
            current: people::server_secret(),
            alternative: None,
        }),
        people,
        log,
    });
    let committing = Arc::clone(&relay);
    let sync = !arguments.no_sync;
    std::thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || {
            committing
                .log
                .commit_for_ever(file, sync, |batch| settle(&committing, batch));
        })?;
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(arguments.threads)
        .enable_all()
        .build()?
        .block_on(accept(relay, arguments.listen))
}

async fn accept(relay: Arc<Relay>, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    loop {
        let (stream, _) = listener.accept().await?;
        let relay = Arc::clone(&relay);
        tokio::spawn(async move {
            // Whatever ends a connection of the relay, its peer will see it.
            if let Ok(Some(link)) = Box::pin(log_in(&relay, stream)).await {
                let _ = link::serve(&relay, &link).await;
                if let Some(person) = relay.person(link.owner) {
                    person.mailbox.leave(&link);
                }
            }
        });
    }
}

/// From the first byte to a session; `None` if the client gave up or is nobody.
async fn log_in(relay: &Relay, mut stream: TcpStream) -> Result<Option<Arc<Link>>> {
    stream.set_nodelay(true)?;
    let mut handshake = Handshake::generate(&mut SystemRng, Arc::clone(&relay.keys));
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer).await?;
        let mut input = &buffer[..count];
        if input.is_empty() {
            return Ok(None);
        }
        while !input.is_empty() {
            let (taken, step) = handshake.handle(input)?;
            input = &input[taken..];
            match step {
                Step::NeedMore => {}
                Step::Send(hello) => stream.write_all(&hello).await?,
                Step::Login(request) => {
                    let number = people::number(request.claims.identity);
                    let Some((number, person)) =
                        number.and_then(|it| relay.person(it).map(|person| (it, person)))
                    else {
                        return Ok(None);
                    };
                    let key = person.key.get_or_init(|| people::secret(number).public());
                    let verified = request.verify(key, None)?;
                    let (ack, session) = verified.accept(LoginAck::default());
                    stream.write_all(&ack).await?;
                    let link = Arc::new(Link::new(stream, session, number));
                    let mut rest = input.to_vec();
                    link::take(relay, &link, &mut rest)?;
                    return Ok(Some(link));
                }
            }
        }
    }
}

/// After the sync: deliver, acknowledge, and write once per connection that is touched.
fn settle(relay: &Relay, batch: &mut Vec<log::Accepted>) {
    let mut touched: Vec<Arc<Link>> = Vec::new();
    for accepted in batch.drain(..) {
        let log::Accepted {
            origin,
            receiver,
            identity,
            id,
            payload,
        } = accepted;
        if let Some(person) = relay.person(receiver)
            && let Some(link) = person.mailbox.deliver(id, payload)
        {
            note(&mut touched, link);
        }
        origin.acknowledge(identity, id);
        note(&mut touched, origin);
    }
    for link in touched {
        link.flush();
    }
}

/// Remembers a connection once. A link carries a mark, so that a batch of many connections does
/// not search the list.
fn note(touched: &mut Vec<Arc<Link>>, link: Arc<Link>) {
    if link.mark() {
        touched.push(link);
    }
}
