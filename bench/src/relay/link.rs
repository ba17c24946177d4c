//! A logged-in connection of the relay: sealed by whoever has something to say, flushed at once.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Result, bail};
use dreiklang_wire::csp::Session;
use dreiklang_wire::csp::payload::{FromServer, ToServerRef};
use dreiklang_wire::id::{Identity, MessageId};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::Relay;
use super::log::Accepted;
use crate::people;

/// One connection.
pub(super) struct Link {
    stream: TcpStream,
    sealed: Mutex<Sealed>,
    /// Rings when the socket was full.
    full: Notify,
    /// Is it in somebody's list of connections to flush?
    marked: AtomicBool,
    pub(super) owner: u32,
}

struct Sealed {
    session: Session,
    /// Sealed frames that were not written yet.
    out: Vec<u8>,
}

/// What one read asks for.
enum Request {
    Accept {
        receiver: Identity,
        id: MessageId,
        payload: Box<[u8]>,
    },
    Release(MessageId),
    Unblock,
}

impl Link {
    pub(super) fn new(stream: TcpStream, session: Session, owner: u32) -> Self {
        Self {
            stream,
            sealed: Mutex::new(Sealed {
                session,
                out: Vec::new(),
            }),
            full: Notify::new(),
            marked: AtomicBool::new(false),
            owner,
        }
    }

    /// Is this the first since the last flush who wants it flushed?
    pub(super) fn mark(&self) -> bool {
        !self.marked.swap(true, Ordering::Relaxed)
    }

    pub(super) fn deliver(&self, payload: &[u8]) {
        let mut sealed = self.sealed();
        let Sealed { session, out } = &mut *sealed;
        let header = FromServer::message_container_header();
        session
            .seal_parts(&[&header, payload], out)
            .expect("invariant: what came in one frame goes out in one");
    }

    pub(super) fn acknowledge(&self, receiver: Identity, id: MessageId) {
        self.seal(&FromServer::MessageAck { receiver, id });
    }

    pub(super) fn seal(&self, payload: &FromServer) {
        let mut container = Vec::with_capacity(20);
        payload
            .encode_into(&mut container)
            .expect("invariant: short payloads can be encoded");
        let mut sealed = self.sealed();
        let Sealed { session, out } = &mut *sealed;
        session
            .seal_frame(&container, out)
            .expect("invariant: short payloads fit a frame");
    }

    /// Writes what the socket takes; an idle connection keeps no buffer.
    pub(super) fn flush(&self) {
        self.marked.store(false, Ordering::Relaxed);
        let mut sealed = self.sealed();
        let mut written = 0;
        while written < sealed.out.len() {
            let Ok(count) = self.stream.try_write(&sealed.out[written..]) else {
                sealed.out.drain(..written);
                self.full.notify_one();
                return;
            };
            written += count;
        }
        sealed.out = Vec::new();
    }

    fn sealed(&self) -> MutexGuard<'_, Sealed> {
        self.sealed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads until the peer leaves.
pub(super) async fn serve(relay: &Relay, link: &Arc<Link>) -> Result<()> {
    loop {
        tokio::select! {
            ready = link.stream.readable() => ready?,
            () = link.full.notified() => {
                link.stream.writable().await?;
                link.flush();
                continue;
            }
        }
        if !read(relay, link)? {
            return Ok(());
        }
    }
}

/// Takes what has arrived. `false`: the peer has left.
fn read(relay: &Relay, link: &Arc<Link>) -> Result<bool> {
    BUFFER.with_borrow_mut(|buffer| {
        for _ in 0..READS_PER_TURN {
            match link.stream.try_read(buffer) {
                Ok(0) => return Ok(false),
                Ok(count) => {
                    take(relay, link, &mut buffer[..count])?;
                    if count < buffer.len() {
                        return Ok(true);
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    })
}

/// Opens frames under the lock and carries them out without it, because delivering takes the
/// locks of mailboxes and of other links.
pub(super) fn take(relay: &Relay, link: &Arc<Link>, input: &mut [u8]) -> Result<()> {
    let own = people::identity(link.owner);
    let mut requests = Vec::new();
    let opened = link.sealed().session.open_frames(input, |container| {
        match ToServerRef::decode(container) {
            Ok(ToServerRef::Message(message)) if message.sender() == own => {
                requests.push(Request::Accept {
                    receiver: message.receiver(),
                    id: message.id(),
                    payload: message.bytes().into(),
                });
            }
            Ok(ToServerRef::MessageAck { id, .. }) => requests.push(Request::Release(id)),
            Ok(ToServerRef::Unblock) => requests.push(Request::Unblock),
            Ok(ToServerRef::Message(_)) | Err(_) => return ControlFlow::Break(()),
            Ok(_) => {}
        }
        ControlFlow::Continue(())
    });
    if opened?.is_break() {
        bail!("the client does not follow the protocol");
    }
    carry_out(relay, link, requests);
    Ok(())
}

fn carry_out(relay: &Relay, link: &Arc<Link>, requests: Vec<Request>) {
    let mut accepted = Vec::new();
    let mut released = Vec::new();
    for request in requests {
        match request {
            Request::Accept {
                receiver,
                id,
                payload,
            } => {
                if let Some(number) = people::number(receiver) {
                    accepted.push(Accepted {
                        origin: Arc::clone(link),
                        receiver: number,
                        identity: receiver,
                        id,
                        payload,
                    });
                }
            }
            Request::Release(id) => released.push(id),
            Request::Unblock => {
                if let Some(person) = relay.person(link.owner) {
                    person.mailbox.unblock(link);
                    link.flush();
                }
            }
        }
    }
    if let Some(person) = relay.person(link.owner)
        && !released.is_empty()
    {
        person.mailbox.release(&released);
        relay.log.release(link.owner, &released);
    }
    if !accepted.is_empty() {
        relay.log.accept(accepted);
    }
}

thread_local! {
    /// One buffer per thread: an idle connection has none.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

const READ_BYTES: usize = 32 * 1024;
const READS_PER_TURN: usize = 4;
