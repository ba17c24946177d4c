//! The browser's own HTTP, to the origin that shipped the app and nowhere else: the content
//! security
//! policy of that origin sees to it.

use bytes::Bytes;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response, WorkerGlobalScope,
};

/// The path of an origin under which the client interface of its server is.
const API: &str = "/api";
const CHAT: &str = "/chat";

fn scope() -> WorkerGlobalScope {
    // Whoever calls this outside of a worker gets errors from the browser, not from us.
    js_sys::global().unchecked_into()
}

/// `https://app.example.org`
pub(super) fn origin() -> String {
    scope().location().origin()
}

/// Where the chat server is.
pub(super) fn chat_address() -> String {
    // `http` becomes `ws`, and `https` becomes `wss`.
    format!("{}{CHAT}", origin().replacen("http", "ws", 1))
}

/// An address of the instance as it is reached from here: at our own origin. An organisation's
/// provisioning file names the addresses for computers, which a page may not ask.
pub(crate) fn here(url: &str) -> String {
    let origin = origin();
    if url.starts_with(&format!("{origin}/")) || url == origin {
        return url.to_owned();
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    format!("{origin}{API}{path}")
}

/// Something to ask.
pub(super) struct Call<'a> {
    pub(super) method: &'static str,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<Vec<u8>>,
}

/// The exchange did not happen.
#[derive(Debug)]
pub(super) struct Unreachable;

/// An answer that is still coming. Dropping it ends the exchange.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) length: Option<u64>,
    reader: Option<ReadableStreamDefaultReader>,
    _abort: Abort,
}

struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Asks. No cookies, no cache, no redirects.
pub(super) async fn ask(call: Call<'_>) -> Result<Answer, Unreachable> {
    let failed = |_: JsValue| Unreachable;
    let abort = Abort(AbortController::new().map_err(failed)?);
    let headers = Headers::new().map_err(failed)?;
    for (name, value) in &call.headers {
        headers.set(name, value).map_err(failed)?;
    }
    let init = RequestInit::new();
    init.set_method(call.method);
    init.set_headers_headers(&headers);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&abort.0.signal()));
    if let Some(body) = &call.body {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    let promise = scope().fetch_with_str_and_init(call.url, &init);
    let response: Response = JsFuture::from(promise)
        .await
        .map_err(failed)?
        .dyn_into()
        .map_err(failed)?;
    let length = response.headers().get("content-length").ok().flatten();
    // A body that was packed on the way has another length than it says.
    let is_packed = matches!(response.headers().get("content-encoding"), Ok(Some(_)));
    let reader = response
        .body()
        .map(|body| body.get_reader().unchecked_into());
    Ok(Answer {
        status: response.status(),
        length: length
            .filter(|_| !is_packed)
            .and_then(|text| text.parse().ok()),
        reader,
        _abort: abort,
    })
}

impl Answer {
    /// The next piece of the body; `None` at its end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Unreachable> {
        let Some(reader) = &self.reader else {
            return Ok(None);
        };
        let read = JsFuture::from(reader.read()).await;
        let read = read.map_err(|_| Unreachable)?;
        let field = |name: &str| Reflect::get(&read, &name.into()).map_err(|_| Unreachable);
        if field("done")?.is_truthy() {
            self.reader = None;
            return Ok(None);
        }
        let piece: Uint8Array = field("value")?.dyn_into().map_err(|_| Unreachable)?;
        Ok(Some(piece.to_vec().into()))
    }

    /// The whole body, if it is not too long.
    pub(super) async fn whole(mut self, bytes_max: usize) -> Result<Option<Vec<u8>>, Unreachable> {
        let mut body = Vec::new();
        while let Some(piece) = self.next().await? {
            if body.len() + piece.len() > bytes_max {
                return Ok(None);
            }
            body.extend_from_slice(&piece);
        }
        Ok(Some(body))
    }
}
