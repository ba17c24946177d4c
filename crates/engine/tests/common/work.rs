//! A model of an organisation's server: licences, what it says, what it was told.

use std::collections::{BTreeMap, BTreeSet};

use dreiklang_crypto::PublicKey;
use dreiklang_engine::{Authorization, HttpRequest, HttpResponse, HttpResult, Service};
use dreiklang_wire::{
    api::{Base64, directory::Outcome},
    id::Identity,
};
use serde_json::{Value, json};

/// What an organisation knows and says.
pub(crate) struct Organisation {
    pub(crate) licenses: BTreeMap<String, String>,
    /// Licences are refused with these words.
    pub(crate) refusal: Option<String>,
    /// Every answer of the work service is this status.
    pub(crate) status: Option<u16>,
    pub(crate) name: Value,
    pub(crate) is_directory_enabled: bool,
    pub(crate) is_override: bool,
    pub(crate) params: BTreeMap<String, Value>,
    pub(crate) check_interval_s: u32,
    /// Where the logo for light ground is, and what is there.
    pub(crate) logo: (String, Vec<u8>),
    /// What people say about being at work.
    pub(crate) statuses: BTreeMap<Identity, Vec<u8>>,
    /// Names by identity.
    pub(crate) people: BTreeMap<Identity, (String, String)>,
    /// Users that were attached, with what they last said about themselves.
    pub(crate) users: BTreeMap<Identity, Value>,
    /// What the server says, besides words, of a licence that it does not accept.
    pub(crate) license_refused: Option<&'static str>,
    /// Attaching is refused with these words.
    pub(crate) no_seat: Option<String>,
    pub(crate) linked: BTreeSet<String>,
    /// Remote secrets by their token, and the status instead of an answer.
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) secret_status: Option<u16>,
    /// The identity may not be used by this app, in these words.
    pub(crate) kept: Option<String>,
    /// Everything asked of the work service: path, body, and what was shown.
    pub(crate) asked: Vec<(String, Value, Authorization)>,
}

impl Organisation {
    pub(crate) fn new() -> Self {
        Self {
            licenses: BTreeMap::from([
                ("alice".into(), "correct horse".into()),
                ("managed".into(), "by the device".into()),
            ]),
            refusal: None,
            status: None,
            name: json!("Dreiklang AG"),
            is_directory_enabled: true,
            is_override: false,
            params: BTreeMap::new(),
            check_interval_s: 86_400,
            logo: ("https://example.com/light.png".into(), Vec::new()),
            statuses: BTreeMap::new(),
            people: BTreeMap::new(),
            users: BTreeMap::new(),
            license_refused: None,
            no_seat: None,
            linked: BTreeSet::new(),
            secrets: BTreeMap::new(),
            secret_status: None,
            kept: None,
            asked: Vec::new(),
        }
    }

    /// The answer of the work service, if the request is for it.
    pub(crate) fn answer(
        &mut self,
        request: &HttpRequest,
        keys: &BTreeMap<Identity, PublicKey>,
    ) -> Option<HttpResult> {
        if request.path.starts_with("logo/") {
            assert_eq!(request.service, Service::Work);
            self.asked.push((
                request.path.clone(),
                Value::Null,
                request.authorization.clone(),
            ));
            return Some(Ok(HttpResponse {
                status: 200,
                body: self.logo.1.clone(),
            }));
        }
        let is_work = ["check_license", "fetch2", "identities", "directory"];
        if !is_work.contains(&request.path.as_str()) {
            return None;
        }
        assert_eq!(request.service, Service::Work);
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let shown = request.authorization.clone();
        self.asked.push((request.path.clone(), body.clone(), shown));
        if let Some(status) = self.status {
            return Some(Ok(HttpResponse {
                status,
                body: Vec::new(),
            }));
        }
        if request.path == "check_license" {
            return Some(Ok(self.check(&body)));
        }
        if !self.knows(&body, "username", "password") {
            return Some(Ok(HttpResponse {
                status: 401,
                body: Vec::new(),
            }));
        }
        let asked: Vec<Identity> =
            serde_json::from_value(body.get("contacts").cloned().unwrap_or(json!([]))).unwrap();
        Some(Ok(match request.path.as_str() {
            "fetch2" => ok(&self.everything(keys)),
            "identities" => {
                let known = |id: &&Identity| self.people.contains_key(*id);
                let people = asked.iter().filter(known).map(|id| self.person(*id, keys));
                ok(&json!({ "contacts": people.collect::<Vec<_>>(), "time": 1 }))
            }
            _ => {
                let people = self.people.keys().map(|id| self.person(*id, keys));
                let people: Vec<_> = people.collect();
                ok(&json!({ "paging": { "size": 10, "total": people.len() }, "contacts": people }))
            }
        }))
    }

    pub(crate) fn knows(&self, body: &Value, username: &str, password: &str) -> bool {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        self.licenses.get(text(username)).map(String::as_str) == Some(text(password))
    }

    fn check(&self, body: &Value) -> HttpResponse {
        if let Some(text) = &self.refusal {
            return ok(&Outcome::<Value>::failure(text.clone()));
        }
        if self.knows(body, "licenseUsername", "licensePassword") {
            ok(&json!({ "success": true }))
        } else {
            let words = "Wrong credentials";
            match self.license_refused {
                None => ok(&Outcome::<Value>::failure(words)),
                Some(kind) => ok(&json!({ "success": false, "error": words, "errorType": kind })),
            }
        }
    }

    fn everything(&self, keys: &BTreeMap<Identity, PublicKey>) -> Value {
        let people: Vec<_> = self
            .people
            .keys()
            .map(|id| self.person(*id, keys))
            .collect();
        json!({
            "checkInterval": self.check_interval_s,
            "org": { "name": self.name },
            "logo": { "light": self.logo.0, "dark": null },
            "support": "https://example.com/help",
            "directory": { "enabled": self.is_directory_enabled, "cat": { "c1": "Sales" } },
            "mdm": { "override": self.is_override, "params": self.params },
            "contacts": people,
            "time": 1,
        })
    }

    fn person(&self, id: Identity, keys: &BTreeMap<Identity, PublicKey>) -> Value {
        let (first, last) = &self.people[&id];
        let key = Base64(keys[&id].as_bytes().to_vec());
        let mut person =
            json!({ "id": id, "pk": key, "first": first, "last": last, "jobTitle": "Cook" });
        if let Some(status) = self.statuses.get(&id) {
            person["availability"] = json!(Base64(status.clone()));
        }
        person
    }
}

fn ok(body: &impl serde::Serialize) -> HttpResponse {
    HttpResponse {
        status: 200,
        body: serde_json::to_vec(body).unwrap(),
    }
}
