//! The bytes of the chat connection in the messages of a WebSocket to the origin that shipped the
//! app. Where one message ends means nothing: they are a stream, as over TCP.

use js_sys::{ArrayBuffer, Uint8Array};
use tokio::sync::mpsc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, Event, MessageEvent, WebSocket};

use super::{CONNECT_TIMEOUT, UNSENT_BYTES_MAX};
use crate::event::Fault;
use crate::net::fetch;
use crate::time::timeout;

/// What has come is worked on in transactions of about this size.
const BATCH_BYTES: usize = 64 * 1024;

enum Word {
    Open,
    Bytes(Vec<u8>),
    Closed,
}

/// A connection before its login.
pub(crate) struct Pipe(Wires);

/// A connection; dropping it closes it.
pub(crate) struct Wires {
    socket: WebSocket,
    words: mpsc::UnboundedReceiver<Word>,
    is_over: bool,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_other: [Closure<dyn FnMut(Event)>; 3],
}

impl Pipe {
    /// Connects to our own origin: which server that is was decided by whoever shipped the app.
    pub(super) async fn connect(_host: &str, _ports: &[u16]) -> Result<Self, Fault> {
        let mut wires = Wires::begin()?;
        let open = timeout(CONNECT_TIMEOUT, wires.words.recv());
        match open.await.map_err(|_| Fault::TimedOut)? {
            Some(Word::Open) => Ok(Self(wires)),
            _ => Err(Fault::Unreachable),
        }
    }

    /// What comes next; nothing at the end.
    pub(super) async fn read(&mut self) -> Result<Vec<u8>, Fault> {
        Ok(self.0.received().await.unwrap_or_default())
    }

    #[expect(
        clippy::unused_async,
        reason = "a socket of a computer has to be waited for"
    )]
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.0.send(bytes.to_vec())
    }

    pub(super) fn split(self) -> Wires {
        self.0
    }
}

impl Wires {
    fn begin() -> Result<Self, Fault> {
        let socket = WebSocket::new(&fetch::chat_address()).map_err(|_| Fault::Unreachable)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (tell, words) = mpsc::unbounded_channel();
        let heard = tell.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            // Text is nothing that a chat server says; the end of the stream follows.
            let word = event
                .data()
                .dyn_into::<ArrayBuffer>()
                .map_or(Word::Closed, |buffer| {
                    Word::Bytes(Uint8Array::new(&buffer).to_vec())
                });
            // Without a reader there is nobody to tell.
            let _ = heard.send(word);
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on = |word: fn() -> Word| {
            let tell = tell.clone();
            Closure::<dyn FnMut(Event)>::new(move |_: Event| {
                let _ = tell.send(word());
            })
        };
        let others = [on(|| Word::Open), on(|| Word::Closed), on(|| Word::Closed)];
        let [on_open, on_error, on_close] = &others;
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            words,
            is_over: false,
            _on_message: on_message,
            _on_other: others,
        })
    }

    /// What comes next, as much as is there; `None` at the end. Safe to be dropped and asked again.
    pub(crate) async fn received(&mut self) -> Option<Vec<u8>> {
        if self.is_over {
            return None;
        }
        let mut batch = match self.words.recv().await {
            Some(Word::Bytes(bytes)) => bytes,
            Some(Word::Open) => Vec::new(),
            Some(Word::Closed) | None => return None,
        };
        while batch.len() < BATCH_BYTES {
            match self.words.try_recv() {
                Ok(Word::Bytes(bytes)) => batch.extend_from_slice(&bytes),
                Ok(Word::Closed) => {
                    self.is_over = true;
                    break;
                }
                Ok(Word::Open) => {}
                Err(_) => break,
            }
        }
        Some(batch)
    }

    /// Queues sealed frames. Fails if the connection is gone or the server stopped reading.
    pub(crate) fn send(&self, frames: Vec<u8>) -> Result<(), Fault> {
        let unsent = usize::try_from(self.socket.buffered_amount()).unwrap_or(usize::MAX);
        if unsent > UNSENT_BYTES_MAX {
            return Err(Fault::TimedOut);
        }
        if self.socket.ready_state() != WebSocket::OPEN {
            return Err(Fault::Closed);
        }
        self.socket
            .send_with_u8_array(&frames)
            .map_err(|_| Fault::Closed)
    }

    /// Closes; the browser lets what is queued go out before.
    #[expect(
        clippy::unused_async,
        reason = "a socket of a computer has to be waited for"
    )]
    pub(crate) async fn finish(self) {}
}

impl Drop for Wires {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onopen(None);
        self.socket.set_onerror(None);
        self.socket.set_onclose(None);
        // It may be closed already.
        let _ = self.socket.close();
    }
}
