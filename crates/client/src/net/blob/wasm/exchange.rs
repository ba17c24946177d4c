//! One request and its answer, with an eye on the time between two bytes.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use dreiklang_engine::TransferFault;
use tokio::sync::mpsc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, ProgressEvent, XmlHttpRequest};

use super::super::{ANSWER_BYTES_MAX, ANSWER_TIMEOUT, CONNECT_TIMEOUT, Call, STALL_TIMEOUT};
use super::body::Body;
use crate::net::fetch;
use crate::net::http::{Http, word};
use crate::time::timeout;

/// An answer: still coming, or here already.
pub(in crate::net::blob) enum Answer {
    Coming(fetch::Answer),
    Here { status: u16, body: Bytes },
}

/// Sends a request. `tell` hears how many bytes of it are gone.
pub(in crate::net::blob) async fn send(
    _http: &Http,
    call: Call,
    body: Body,
    tell: impl FnMut(u64),
) -> Result<Answer, TransferFault> {
    let url = fetch::here(&call.url);
    let mut headers = Vec::new();
    headers.extend(call.authorization.map(|value| ("authorization", value)));
    headers.extend(call.content_type.map(|value| ("content-type", value)));
    let method = word(call.method);
    if let Body(Some(body)) = body {
        return upload(method, &url, headers, &body, tell).await;
    }
    let asked = fetch::ask(fetch::Call {
        method,
        url: &url,
        headers,
        body: None,
    });
    let answer = timeout(CONNECT_TIMEOUT, asked).await;
    let answer = answer.map_err(|_elapsed| TransferFault::TimedOut)?;
    answer
        .map(Answer::Coming)
        .map_err(|_| TransferFault::Unreachable)
}

impl Answer {
    pub(in crate::net::blob) fn status(&self) -> u16 {
        match self {
            Self::Coming(answer) => answer.status,
            Self::Here { status, .. } => *status,
        }
    }

    /// How long the body says it is.
    pub(in crate::net::blob) fn length(&self) -> Option<u64> {
        match self {
            Self::Coming(answer) => answer.length,
            Self::Here { body, .. } => Some(body.len() as u64),
        }
    }

    /// The next piece of the body; an error if it does not come, or ends too early.
    pub(in crate::net::blob) async fn next(&mut self) -> Result<Option<Bytes>, TransferFault> {
        match self {
            Self::Coming(answer) => timeout(STALL_TIMEOUT, answer.next())
                .await
                .map_err(|_elapsed| TransferFault::TimedOut)?
                .map_err(|_| TransferFault::Unreachable),
            Self::Here { body, .. } => {
                let body = std::mem::take(body);
                Ok((!body.is_empty()).then_some(body))
            }
        }
    }

    /// A body that is a few words.
    pub(in crate::net::blob) async fn small_body(mut self) -> Result<Bytes, TransferFault> {
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
            if whole.len() > ANSWER_BYTES_MAX {
                return Err(TransferFault::Unreachable);
            }
        }
        Ok(whole.into())
    }
}

/// What is heard of an upload.
enum Word {
    Moved(u64),
    Sent,
    Ended,
}

/// A request that can say how far it is, which `fetch` cannot. Dropping it ends it.
struct Upload(XmlHttpRequest);

impl Drop for Upload {
    fn drop(&mut self) {
        self.0.set_onloadend(None);
        // It may have ended.
        let _ = self.0.abort();
    }
}

async fn upload(
    method: &str,
    url: &str,
    headers: Vec<(&'static str, String)>,
    body: &web_sys::Blob,
    mut tell: impl FnMut(u64),
) -> Result<Answer, TransferFault> {
    let failed = |_| TransferFault::Unreachable;
    let request = Upload(XmlHttpRequest::new().map_err(failed)?);
    request
        .0
        .open_with_async(method, url, true)
        .map_err(failed)?;
    for (name, value) in &headers {
        request.0.set_request_header(name, value).map_err(failed)?;
    }
    let (words, mut heard) = mpsc::unbounded_channel();
    let say = Rc::new(RefCell::new(words));
    let on_progress = {
        let say = Rc::clone(&say);
        Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a count of bytes"
            )]
            let moved = event.loaded() as u64;
            // Nobody may listen any more.
            let _ = say.borrow().send(Word::Moved(moved));
        })
    };
    let on = |word: fn() -> Word| {
        let say = Rc::clone(&say);
        Closure::<dyn FnMut(Event)>::new(move |_: Event| {
            let _ = say.borrow().send(word());
        })
    };
    let (on_sent, on_end) = (on(|| Word::Sent), on(|| Word::Ended));
    let sending = request.0.upload().map_err(failed)?;
    sending.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    sending.set_onload(Some(on_sent.as_ref().unchecked_ref()));
    request
        .0
        .set_onloadend(Some(on_end.as_ref().unchecked_ref()));
    request.0.send_with_opt_blob(Some(body)).map_err(failed)?;
    let mut patience = STALL_TIMEOUT.max(CONNECT_TIMEOUT);
    loop {
        let word = timeout(patience, heard.recv()).await;
        match word.map_err(|_elapsed| TransferFault::TimedOut)? {
            Some(Word::Moved(moved)) => {
                tell(moved);
                patience = STALL_TIMEOUT;
            }
            Some(Word::Sent) => patience = ANSWER_TIMEOUT,
            Some(Word::Ended) | None => break,
        }
    }
    let status = request.0.status().map_err(failed)?;
    if status == 0 {
        return Err(TransferFault::Unreachable);
    }
    let text = request.0.response_text().map_err(failed)?;
    Ok(Answer::Here {
        status,
        body: text.unwrap_or_default().into_bytes().into(),
    })
}
