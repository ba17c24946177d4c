//! One request and its answer, with an eye on the time between two bytes.

use std::error::Error as _;

use dreiklang_engine::{HttpFault, Method, TransferFault};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use super::super::{ANSWER_BYTES_MAX, ANSWER_TIMEOUT, CONNECT_TIMEOUT, Call, STALL_TIMEOUT};
use super::body::Body;
use crate::net::address::Address;
use crate::net::http::{AGENT, Http};
use crate::task::JoinSet;
use crate::time::{Instant, sleep_until, timeout};

/// The most that hyper keeps of a connection at once.
const BUFFER_BYTES_MAX: usize = 128 * 1024;

/// An answer that is still coming.
pub(in crate::net::blob) struct Answer {
    response: Response<Incoming>,
    /// The connection moves on its own, and ends with the answer.
    _connection: JoinSet<()>,
}

/// Sends a request. `tell` hears how many bytes of it are gone.
pub(in crate::net::blob) async fn send(
    http: &Http,
    call: Call,
    body: Body,
    mut tell: impl FnMut(u64),
) -> Result<Answer, TransferFault> {
    // An address that was checked when the instance was set up, and an id in it.
    let address = Address::whole(&call.url).map_err(|error| {
        tracing::warn!(%error, "the instance has no usable address for blobs");
        TransferFault::Unreachable
    })?;
    let mut request = Request::builder().method(match call.method {
        Method::Get => hyper::Method::GET,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Delete => hyper::Method::DELETE,
    });
    if let Some(shown) = call.authorization {
        request = request.header(AUTHORIZATION, shown);
    }
    if let Some(content_type) = call.content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    let request = request
        .uri(&address.path)
        .header(HOST, address.host_header())
        .header(USER_AGENT, AGENT)
        .header(CONNECTION, "close");
    let mut moved = body.moved();
    let request = request.body(body).map_err(|_| TransferFault::Unreachable)?;
    let line = timeout(CONNECT_TIMEOUT, http.connect(&address))
        .await
        .map_err(|_elapsed| TransferFault::TimedOut)?
        .map_err(|fault| match fault {
            HttpFault::TimedOut => TransferFault::TimedOut,
            HttpFault::Unreachable | HttpFault::TooLarge => TransferFault::Unreachable,
        })?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(BUFFER_BYTES_MAX)
        .handshake(TokioIo::new(line))
        .await
        .map_err(|error| fault_of(&error))?;
    let mut task = JoinSet::new();
    task.spawn(async move {
        // Its errors come out of the request and of the answer's body.
        let _ = connection.await;
    });
    let response = sender.send_request(request);
    tokio::pin!(response);
    let mut deadline = Instant::now() + STALL_TIMEOUT;
    let mut is_sending = true;
    let response = loop {
        tokio::select! {
            response = &mut response => break response.map_err(|error| fault_of(&error))?,
            changed = moved.changed(), if is_sending => {
                tell(*moved.borrow_and_update());
                is_sending = changed.is_ok();
                let pause = if is_sending { STALL_TIMEOUT } else { ANSWER_TIMEOUT };
                deadline = Instant::now() + pause;
            }
            () = sleep_until(deadline) => return Err(TransferFault::TimedOut),
        }
    };
    Ok(Answer {
        response,
        _connection: task,
    })
}

impl Answer {
    pub(in crate::net::blob) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// How long the body says it is.
    pub(in crate::net::blob) fn length(&self) -> Option<u64> {
        let length = self.response.headers().get(CONTENT_LENGTH)?;
        length.to_str().ok()?.parse().ok()
    }

    /// The next piece of the body; an error if it does not come, or ends too early.
    pub(in crate::net::blob) async fn next(&mut self) -> Result<Option<Bytes>, TransferFault> {
        loop {
            let frame = timeout(STALL_TIMEOUT, self.response.body_mut().frame())
                .await
                .map_err(|_elapsed| TransferFault::TimedOut)?;
            match frame {
                None => return Ok(None),
                Some(Err(error)) => return Err(fault_of(&error)),
                Some(Ok(frame)) => {
                    // Trailers are nothing to keep.
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
            }
        }
    }

    /// A body that is a few words.
    pub(in crate::net::blob) async fn small_body(self) -> Result<Bytes, TransferFault> {
        let body = Limited::new(self.response.into_body(), ANSWER_BYTES_MAX);
        let collected = timeout(STALL_TIMEOUT, body.collect())
            .await
            .map_err(|_elapsed| TransferFault::TimedOut)?
            .map_err(|_| TransferFault::Unreachable)?;
        Ok(collected.to_bytes())
    }
}

/// What broke: our own bytes, or the connection.
fn fault_of(error: &hyper::Error) -> TransferFault {
    let own = error
        .source()
        .and_then(|cause| cause.downcast_ref::<TransferFault>());
    own.copied().unwrap_or(TransferFault::Unreachable)
}
