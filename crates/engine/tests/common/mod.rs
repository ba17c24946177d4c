//! A model server and devices with real engines, in one memory and in no time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use dreiklang_crypto::{PublicKey, SecretKey, SeededRng};
use dreiklang_engine::{
    Build, Command, DisconnectReason, Edition, Engine, Event, HttpRequest, HttpResponse,
    HttpResult, Input, Method, Output, Refusal, Reply, RequestId, Ticket, Timestamp,
};
use dreiklang_wire::{
    api::Base64,
    api::contact_match::{MatchRequest, hash_text},
    api::directory::{
        CreateReply, CreateRequest, Failure, Identities, IdentityRequest, Outcome,
        STORED_HERE_FORMAT, SetFeatureMaskRequest, TwoPhase, challenge::Realm, hash,
    },
    api::push::SetPushEndpointRequest,
    api::work::WorkStep,
    csp::payload::{FromServer, Message, ToServer},
    id::{Identity, MessageId},
};
use rusqlite::Connection;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use blobs::{BlobServer, Disk};
use safe::SafeServer;
use work::Organisation;

pub(crate) mod blobs;
pub(crate) mod forge;
pub(crate) mod safe;
pub(crate) mod work;

/// What a directory and a chat server do, without any doubt or delay.
pub(crate) struct Server {
    pub(crate) keys: BTreeMap<Identity, PublicKey>,
    pub(crate) revoked: BTreeSet<Identity>,
    /// Whom it exports instead of the one who asks, if it lies.
    pub(crate) exports_about: Option<Identity>,
    /// What everybody's app told that it can do.
    pub(crate) feature_masks: BTreeMap<Identity, u64>,
    /// What each identity said, in order.
    pub(crate) push_endpoints: Vec<(Identity, String)>,
    pub(crate) challenge_key: SecretKey,
    pub(crate) organisation: Organisation,
    pub(crate) safe: SafeServer,
    pub(crate) blobs: BlobServer,
    /// No identity moves to another device, in these words.
    pub(crate) prohibited: Option<String>,
    /// For which editions identities were asked for.
    pub(crate) asked_variants: Vec<String>,
    queues: BTreeMap<Identity, VecDeque<Message>>,
    lines: BTreeMap<Identity, VecDeque<FromServer>>,
    /// Every message a sender put on the line, as it was.
    pub(crate) recorded: Vec<Message>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            keys: BTreeMap::new(),
            revoked: BTreeSet::new(),
            exports_about: None,
            feature_masks: BTreeMap::new(),
            challenge_key: SecretKey::generate(&mut SeededRng::new(77)),
            organisation: Organisation::new(),
            safe: SafeServer::new(),
            blobs: BlobServer::default(),
            prohibited: None,
            asked_variants: Vec::new(),
            queues: BTreeMap::new(),
            lines: BTreeMap::new(),
            push_endpoints: Vec::new(),
            recorded: Vec::new(),
        }
    }

    /// The client logged in and unblocked: everything unacknowledged comes, from the oldest.
    pub(crate) fn connect(&mut self, identity: Identity) {
        let queued = self.queues.entry(identity).or_default().iter().cloned();
        let line = queued
            .map(FromServer::Message)
            .chain([FromServer::QueueSendComplete])
            .collect();
        self.lines.insert(identity, line);
    }

    /// Whatever was on the line is lost.
    pub(crate) fn disconnect(&mut self, identity: Identity) {
        self.lines.remove(&identity);
    }

    pub(crate) fn is_connected(&self, identity: Identity) -> bool {
        self.lines.contains_key(&identity)
    }

    /// The next payloads on the line to this client.
    pub(crate) fn take(&mut self, identity: Identity, limit: usize) -> Vec<FromServer> {
        let Some(line) = self.lines.get_mut(&identity) else {
            return Vec::new();
        };
        let count = line.len().min(limit);
        line.drain(..count).collect()
    }

    pub(crate) fn put(&mut self, identity: Identity, payload: FromServer) {
        if let Some(line) = self.lines.get_mut(&identity) {
            line.push_back(payload);
        }
    }

    pub(crate) fn on_payload(&mut self, from: Identity, payload: ToServer) {
        match payload {
            ToServer::Message(message) => {
                assert_eq!(message.sender, from, "an engine sends in its own name only");
                self.recorded.push(message.clone());
                let is_acknowledged = message.flags.0 & 0x04 == 0;
                let (receiver, id) = (message.receiver, message.id);
                self.accept(message);
                if is_acknowledged {
                    self.put(from, FromServer::MessageAck { receiver, id });
                }
            }
            ToServer::MessageAck { sender, id } => self.release(from, sender, id),
            _ => {}
        }
    }

    /// Delivers or queues; byte-identical repeats of what is queued are one message.
    pub(crate) fn accept(&mut self, message: Message) {
        if message.flags.0 & 0x02 != 0 {
            self.put(message.receiver, FromServer::Message(message));
            return;
        }
        let queue = self.queues.entry(message.receiver).or_default();
        if !queue.contains(&message) {
            queue.push_back(message.clone());
            self.put(message.receiver, FromServer::Message(message));
        }
    }

    fn release(&mut self, receiver: Identity, sender: Identity, id: MessageId) {
        let queue = self.queues.entry(receiver).or_default();
        queue.retain(|message| (message.sender, message.id) != (sender, id));
    }

    /// What waits for somebody, for a server that loses or reorders it.
    pub(crate) fn queue(&mut self, receiver: Identity) -> &mut VecDeque<Message> {
        self.queues.entry(receiver).or_default()
    }

    pub(crate) fn queued(&self, receiver: Identity) -> usize {
        self.queues.get(&receiver).map_or(0, VecDeque::len)
    }

    pub(crate) fn http(&mut self, request: &HttpRequest) -> HttpResult {
        if let Some(answer) = self.safe.answer(request) {
            return answer;
        }
        if let Some(answer) = self.organisation.answer(request, &self.keys) {
            return answer;
        }
        let path = request.path.as_str();
        Ok(match path {
            "identity/update_work_info" => self.update_work_info(request),
            "api-client/v1/remote-secret" => self.remote_secret(request),
            "api-client/v1/user-properties" => self.user_properties(request),
            "identity/match_token" => self.proven(&request.body, |_, request| {
                let IdentityRequest { identity } = request;
                (identity, json!({ "matchToken": "token" }))
            }),
            "identity/match" => self.find(&request.body),
            "identity/fetch_priv" => self.fetch_private(&request.body),
            "identity/link_email" | "identity/link_mobileno" => self.link(&request.body),
            "identity/create" => self.create(&request.body),
            "identity/set_featuremask" => self.proven(&request.body, |server, request| {
                let SetFeatureMaskRequest {
                    identity,
                    feature_mask,
                } = request;
                server.feature_masks.insert(identity, feature_mask);
                (identity, json!({}))
            }),
            "identity/set_push_endpoint" => self.proven(&request.body, |server, request| {
                let SetPushEndpointRequest { identity, endpoint } = request;
                server.push_endpoints.push((identity, endpoint));
                (identity, json!({}))
            }),
            "identity/revoke" => self.proven(&request.body, |server, request| {
                let IdentityRequest { identity } = request;
                server.revoked.insert(identity);
                (identity, json!({}))
            }),
            "identity/export" => self.proven(&request.body, |server, request| {
                let IdentityRequest { identity } = request;
                let about = server.exports_about.unwrap_or(identity);
                let document = json!({
                    "format": STORED_HERE_FORMAT, "version": 1, "identity": about,
                    "tables": { "identities": [{ "identity": about }] },
                });
                (identity, document)
            }),
            "identity/fetch_bulk" => {
                let asked: Identities = parse(&request.body);
                let known = asked.identities.into_iter().flatten();
                let records: Vec<_> = known.filter_map(|id| self.record(id)).collect();
                reply(&json!({ "identities": records }))
            }
            "identity/check" => {
                let asked: Identities = parse(&request.body);
                let asked: Vec<_> = asked.identities.into_iter().flatten().collect();
                let state = |id: &Identity| if self.revoked.contains(id) { 2 } else { 0 };
                reply(&json!({
                    "checkInterval": 86_400,
                    "states": asked.iter().map(state).collect::<Vec<_>>(),
                    "types": asked.iter().map(|_| 0).collect::<Vec<_>>(),
                    "featureMasks": asked.iter().map(|id| self.mask(*id)).collect::<Vec<_>>(),
                }))
            }
            _ => {
                let identity = path.strip_prefix("identity/").unwrap().parse().unwrap();
                match self.record(identity) {
                    Some(record) => reply(&record),
                    None => HttpResponse {
                        status: 404,
                        body: Vec::new(),
                    },
                }
            }
        })
    }

    fn mask(&self, identity: Identity) -> u64 {
        self.feature_masks
            .get(&identity)
            .copied()
            .unwrap_or_default()
    }

    fn record(&self, identity: Identity) -> Option<Value> {
        let key = self
            .keys
            .get(&identity)
            .filter(|_| !self.revoked.contains(&identity))?;
        Some(json!({
            "identity": identity, "publicKey": Base64(key.as_bytes().to_vec()),
            "featureLevel": 3, "featureMask": self.mask(identity), "state": 0, "type": 0,
        }))
    }

    fn update_work_info(&mut self, request: &HttpRequest) -> HttpResponse {
        let body: Value = parse(&request.body);
        let asked = (
            request.path.clone(),
            body.clone(),
            request.authorization.clone(),
        );
        self.organisation.asked.push(asked);
        if let Some(text) = &self.organisation.no_seat {
            return reply(&Outcome::<Value>::failure(text.clone()));
        }
        self.proven(&request.body, |server, body: Value| {
            let identity = serde_json::from_value(body["identity"].clone()).unwrap();
            server.organisation.users.insert(identity, body);
            (identity, json!({}))
        })
    }

    /// One secret per identity; fetched by its token, which is the identity here.
    fn remote_secret(&mut self, request: &HttpRequest) -> HttpResponse {
        let body: Value = parse(&request.body);
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let organisation = &mut self.organisation;
        if request.method == Method::Post {
            if let Some(status) = organisation.secret_status {
                return empty(status);
            }
            let token = text("secretAuthenticationToken").unwrap();
            return match organisation.secrets.get(&token) {
                None => empty(404),
                Some(secret) => reply(&json!({
                    "secret": secret, "checkIntervalS": 60, "nMissedChecksMax": 2,
                })),
            };
        }
        assert!(organisation.knows(&body, "username", "password"));
        let step: WorkStep<Value> = parse(&request.body);
        let Some(proof) = step.proof().unwrap() else {
            let key = Base64(self.challenge_key.public().as_bytes().to_vec());
            return reply(&json!({ "challengePublicKey": key, "challenge": "dG9rZW4=" }));
        };
        let identity: Identity = text("identity").unwrap().parse().unwrap();
        let verified = proof.verify(Realm::Work, &self.challenge_key, &self.keys[&identity]);
        assert!(verified.is_ok());
        let token = Base64(identity.as_str().as_bytes().to_vec()).to_text();
        if request.method == Method::Put {
            organisation
                .secrets
                .insert(token.clone(), text("secret").unwrap());
            return reply(&json!({ "secretAuthenticationToken": token }));
        }
        assert_eq!(text("secretAuthenticationToken"), Some(token.clone()));
        organisation.secrets.remove(&token);
        empty(204)
    }

    /// Whether somebody is at work, with a proof in the second round.
    fn user_properties(&mut self, request: &HttpRequest) -> HttpResponse {
        let body: Value = parse(&request.body);
        if !self.organisation.knows(&body, "username", "password") {
            let body = br#"{"code":"invalid-credentials"}"#.to_vec();
            return HttpResponse { status: 401, body };
        }
        let step: WorkStep<Value> = parse(&request.body);
        let Some(proof) = step.proof().unwrap() else {
            let key = Base64(self.challenge_key.public().as_bytes().to_vec());
            return reply(&json!({ "challengePublicKey": key, "challenge": "dG9rZW4=" }));
        };
        let identity: Identity = serde_json::from_value(body["identity"].clone()).unwrap();
        let verified = proof.verify(Realm::Work, &self.challenge_key, &self.keys[&identity]);
        assert!(verified.is_ok());
        let properties: Base64 = serde_json::from_value(body["properties"].clone()).unwrap();
        self.organisation.statuses.insert(identity, properties.0);
        empty(204)
    }

    fn fetch_private(&mut self, body: &[u8]) -> HttpResponse {
        let kept = self.organisation.kept.clone();
        if let Some(text) = kept {
            return reply(&Outcome::<Value>::failure(text));
        }
        let fields: Value = parse(body);
        if fields.get("token").is_some() {
            let variant = fields["appVariant"].as_str().unwrap();
            self.asked_variants.push(variant.to_owned());
            if let Some(error) = self.prohibited.clone() {
                return reply(&Outcome::<Value>::Failure(Failure {
                    error,
                    error_type: Some("identity-transfer-prohibited".into()),
                }));
            }
        }
        self.proven(body, |_, body: Value| {
            let identity: Identity = serde_json::from_value(body["identity"].clone()).unwrap();
            (
                identity,
                json!({ "identity": identity, "serverGroup": "01" }),
            )
        })
    }

    /// Everybody's address is their identity at example.com.
    fn find(&self, body: &[u8]) -> HttpResponse {
        let asked: MatchRequest = parse(body);
        assert_eq!(asked.match_token.as_deref(), Some("token"));
        let found = self.keys.iter().filter_map(|(identity, key)| {
            let hash = hash_text(&hash::email(&format!("{identity}@example.com")));
            let key = Base64(key.as_bytes().to_vec());
            let found = json!({ "identity": identity, "publicKey": key, "emailHash": hash });
            asked.email_hashes.contains(&hash).then_some(found)
        });
        let found: Vec<_> = found.collect();
        reply(&json!({ "checkInterval": 86_400, "identities": found }))
    }

    /// The first phase says whether the address is linked; the second begins a verification; the
    /// code of every verification is 123456.
    fn link(&mut self, body: &[u8]) -> HttpResponse {
        let fields: Value = parse(body);
        if let Some(id) = fields.get("verificationId") {
            let number = id.as_str().unwrap().to_owned();
            if fields["code"] != "123456" {
                return reply(&Outcome::<Value>::failure("Wrong code"));
            }
            self.organisation.linked.insert(number);
            return reply(&json!({ "success": true }));
        }
        let field = |name: &str| fields.get(name).and_then(Value::as_str);
        let address = field("email").or(field("mobileNo")).unwrap().to_owned();
        if self.organisation.linked.contains(&address) {
            return reply(&json!({ "linked": true }));
        }
        if field("lang").is_none() {
            return reply(&json!({ "linked": false }));
        }
        if field("token").is_none() {
            let mut challenge: Value = parse(&self.challenge().body);
            challenge["linked"] = json!(false);
            return reply(&challenge);
        }
        self.proven(body, |_, body: Value| {
            let identity = serde_json::from_value(body["identity"].clone()).unwrap();
            (identity, json!({ "verificationId": address }))
        })
    }

    /// The same key gets the same identity again, so a lost answer loses nothing.
    fn create(&mut self, body: &[u8]) -> HttpResponse {
        let request: TwoPhase<CreateRequest> = parse(body);
        let Some(proof) = request.proof().unwrap() else {
            return self.challenge();
        };
        let key = request.request.public_key;
        if proof
            .verify(Realm::Directory, &self.challenge_key, &key)
            .is_err()
        {
            return reply(&Outcome::<Value>::failure("Invalid response"));
        }
        let known = self
            .keys
            .iter()
            .find(|(_, known)| **known == key)
            .map(|(id, _)| *id);
        let identity = known.unwrap_or_else(|| {
            format!("TEST{:04}", self.keys.len())
                .parse()
                .expect("four digits")
        });
        self.keys.insert(identity, key);
        reply(&Outcome::Success(CreateReply {
            identity,
            server_group: "01".into(),
        }))
    }

    fn proven<T: DeserializeOwned>(
        &mut self,
        body: &[u8],
        apply: impl FnOnce(&mut Self, T) -> (Identity, Value),
    ) -> HttpResponse {
        let request: TwoPhase<T> = parse(body);
        let Some(proof) = request.proof().unwrap() else {
            return self.challenge();
        };
        let (identity, answer) = apply(self, request.request);
        let key = self.keys[&identity];
        if proof
            .verify(Realm::Directory, &self.challenge_key, &key)
            .is_err()
        {
            return reply(&Outcome::<Value>::failure("Invalid response"));
        }
        reply(&Outcome::Success(answer))
    }

    fn challenge(&self) -> HttpResponse {
        let key = Base64(self.challenge_key.public().as_bytes().to_vec());
        reply(&json!({ "token": "dG9rZW4=", "tokenRespKeyPub": key }))
    }
}

fn empty(status: u16) -> HttpResponse {
    HttpResponse {
        status,
        body: Vec::new(),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> T {
    serde_json::from_slice(body).unwrap()
}

fn reply(body: &impl Serialize) -> HttpResponse {
    HttpResponse {
        status: 200,
        body: serde_json::to_vec(body).unwrap(),
    }
}

/// One person's device: database, engine, and what the engine wants done.
pub(crate) struct Device {
    pub(crate) conn: Connection,
    pub(crate) engine: Engine,
    build: Build,
    seed: u64,
    next_ticket: u64,
    pub(crate) uplink: VecDeque<ToServer>,
    pub(crate) requests: VecDeque<(RequestId, HttpRequest)>,
    pub(crate) disk: Disk,
    pub(crate) events: Vec<Event>,
    pub(crate) replies: BTreeMap<Ticket, Result<Reply, Refusal>>,
    pub(crate) wake_at: Option<Timestamp>,
    pub(crate) wants_disconnect: Option<DisconnectReason>,
}

impl Device {
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(Edition::Private, seed)
    }

    pub(crate) fn of(edition: Edition, seed: u64) -> Self {
        Self::with(Build::new(edition), seed)
    }

    pub(crate) fn with(build: Build, seed: u64) -> Self {
        Self::at(Connection::open_in_memory().unwrap(), build, seed)
    }

    /// A device whose database is where the caller wants it.
    pub(crate) fn at(conn: Connection, build: Build, seed: u64) -> Self {
        let engine = Engine::open(&conn, build.clone(), Box::new(SeededRng::new(seed))).unwrap();
        Self {
            conn,
            engine,
            build,
            seed,
            next_ticket: 0,
            uplink: VecDeque::new(),
            requests: VecDeque::new(),
            disk: Disk::default(),
            events: Vec::new(),
            replies: BTreeMap::new(),
            wake_at: None,
            wants_disconnect: None,
        }
    }

    /// One input, one transaction, then the outputs.
    pub(crate) fn give(&mut self, now: Timestamp, input: Input) {
        for output in self.commit(now, input) {
            match output {
                Output::Send(payload) => self.uplink.push_back(payload),
                Output::Http(id, request) => self.requests.push_back((id, request)),
                Output::Transfer(id, transfer) => self.disk.transfers.push_back((id, transfer)),
                Output::DeleteMedia(name) => {
                    self.disk.files.remove(&name);
                }
                Output::WakeAt(at) => self.wake_at = Some(at),
                Output::Notify(event) => self.events.push(event),
                Output::Reply(ticket, result) => {
                    assert!(
                        self.replies.insert(ticket, result).is_none(),
                        "one reply each"
                    );
                }
                Output::Disconnect(reason) => self.wants_disconnect = Some(reason),
            }
        }
    }

    fn commit(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let tx = self.conn.transaction().unwrap();
        let outputs = self.engine.handle(now, input, &tx).unwrap();
        tx.commit().unwrap();
        outputs
    }

    pub(crate) fn command(&mut self, now: Timestamp, command: Command) -> Ticket {
        let ticket = self.take_ticket();
        self.give(now, Input::Command(ticket, command));
        ticket
    }

    pub(crate) fn take_ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }

    /// The process dies after the commit: not one output is performed.
    pub(crate) fn give_and_crash(&mut self, now: Timestamp, input: Input) {
        self.commit(now, input);
        self.restart();
    }

    /// The process dies before the commit: nothing has happened.
    pub(crate) fn fail_and_crash(&mut self, now: Timestamp, input: Input) {
        let tx = self.conn.transaction().unwrap();
        self.engine.handle(now, input, &tx).unwrap();
        tx.rollback().unwrap();
        self.restart();
    }

    /// Everything but the database is gone.
    pub(crate) fn restart(&mut self) {
        self.seed = self.seed.wrapping_add(1 << 32);
        self.engine = Engine::open(
            &self.conn,
            self.build.clone(),
            Box::new(SeededRng::new(self.seed)),
        )
        .unwrap();
        self.uplink.clear();
        self.requests.clear();
        self.disk.transfers.clear();
        self.events.clear();
        self.wake_at = None;
        self.wants_disconnect = None;
    }

    /// The secret key of the identity.
    pub(crate) fn secret_key(&self) -> SecretKey {
        let sql = "SELECT secret_key FROM identity";
        let bytes = self.conn.query_row(sql, [], |row| row.get(0)).unwrap();
        SecretKey::from_bytes(bytes)
    }

    pub(crate) fn has_credentials(&self) -> bool {
        self.engine.credentials().is_some()
    }
}
