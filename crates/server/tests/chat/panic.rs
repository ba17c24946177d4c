//! A panic in one connection ends that connection and nothing else.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use dreiklang_server::edge::csp::{self, Pass};
use dreiklang_wire::csp::payload::ToServer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::world::{World, ack_of, until};

/// A socket that panics when told.
struct Fragile {
    stream: TcpStream,
    breaks: Arc<AtomicBool>,
}

impl AsyncRead for Fragile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        assert!(!self.breaks.load(Ordering::Relaxed), "the planted panic");
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Fragile {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_frees_the_mailbox_and_disturbs_nobody() {
    let world = World::new().await;
    let (alice, bob) = (world.user("ALICE001").await, world.user("BOB00001").await);
    let mut a = world.listen(&alice).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let breaks = Arc::new(AtomicBool::new(false));
    let login = world.login(&bob).at(listener.local_addr().unwrap());
    let server = {
        let (app, breaks) = (Arc::clone(world.app()), Arc::clone(&breaks));
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            csp::connection(app, Fragile { stream, breaks }, Pass::unlimited()).await;
        })
    };
    let mut b = login.connect().await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, []);
    breaks.store(true, Ordering::Relaxed);
    let message = a.message(&bob, 1);
    a.offer(&message).await;
    // Writing the message is followed by the read that panics.
    assert!(server.await.unwrap_err().is_panic());
    assert_eq!(a.receive().await, ack_of(&message));
    until(async || world.app().sessions.count() == 1).await;
    let mut b = world.connect(&bob).await;
    b.send(&ToServer::Unblock).await;
    assert_eq!(b.receive_queue().await, [message]);
}
