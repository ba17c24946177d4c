//! A model of a Safe server: it keeps what it is given.

use std::collections::BTreeMap;

use dreiklang_engine::{
    Authorization, HttpFault, HttpRequest, HttpResponse, HttpResult, Method, Service,
};
use serde_json::{Value, json};

/// What a Safe server keeps.
pub(crate) struct SafeServer {
    /// Bodies by path.
    pub(crate) backups: BTreeMap<String, Vec<u8>>,
    pub(crate) config: Value,
    /// Nobody reaches it.
    pub(crate) is_down: bool,
    /// Every answer is this status.
    pub(crate) status: Option<u16>,
    /// Everything asked of it: method, address, path, and what was shown.
    pub(crate) asked: Vec<(Method, Service, String, Authorization)>,
}

impl SafeServer {
    pub(crate) fn new() -> Self {
        Self {
            backups: BTreeMap::new(),
            config: json!({ "maxBackupBytes": 524_288, "retentionDays": 180 }),
            is_down: false,
            status: None,
            asked: Vec::new(),
        }
    }

    /// The answer, if the request is for a Safe server.
    pub(crate) fn answer(&mut self, request: &HttpRequest) -> Option<HttpResult> {
        if !matches!(request.service, Service::Safe | Service::At(_)) {
            return None;
        }
        self.asked.push((
            request.method,
            request.service.clone(),
            request.path.clone(),
            request.authorization.clone(),
        ));
        if self.is_down {
            return Some(Err(HttpFault::Unreachable));
        }
        let (status, body) = match (self.status, request.method) {
            (Some(status), _) => (status, Vec::new()),
            (None, Method::Get) if request.path == "config" => {
                (200, self.config.to_string().into_bytes())
            }
            (None, method) => {
                assert_eq!(request.content_type, "application/octet-stream");
                let id = request.path.strip_prefix("backups/").unwrap();
                assert!(id.len() == 64 && id.chars().all(|c| c.is_ascii_hexdigit()));
                self.keep(method, request)
            }
        };
        Some(Ok(HttpResponse { status, body }))
    }

    fn keep(&mut self, method: Method, request: &HttpRequest) -> (u16, Vec<u8>) {
        match method {
            Method::Put => {
                self.backups
                    .insert(request.path.clone(), request.body.clone());
                (201, Vec::new())
            }
            Method::Delete if self.backups.remove(&request.path).is_some() => (204, Vec::new()),
            Method::Get => match self.backups.get(&request.path) {
                Some(body) => (200, body.clone()),
                None => (404, Vec::new()),
            },
            _ => (404, Vec::new()),
        }
    }
}
