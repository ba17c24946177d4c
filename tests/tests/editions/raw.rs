//! People without an app: whoever holds a key can say to the server what they like.

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_tests::http::{Answer, Http};
use dreiklang_tests::wire::{Account, Claims, Wire};
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::Challenge;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::csp::payload::{Flags, FromServer, Message, ToServer};
use dreiklang_wire::id::{DeviceCookie, Identity, MessageId, MessageNonce};
use serde_json::{Value, json};

use crate::world::{Credential, World};

/// What the private app says about itself.
pub(crate) const PRIVATE: &str = "6.0;A;en/US;tests";
/// What the Work app says about itself.
pub(crate) const WORK: &str = "6.0k;A;en/US;tests";
/// What the OnPrem app says about itself.
pub(crate) const ON_PREM: &str = "6.0o;A;en/US;tests";

/// An identity whose key the test holds.
pub(crate) struct Raw {
    pub(crate) identity: Identity,
    pub(crate) secret: SecretKey,
    pub(crate) http: Http,
    account: Account,
}

impl World {
    /// A new identity: private without a licence, else a member.
    pub(crate) fn raw(&self, license: Option<&Credential>) -> Raw {
        let secret = SecretKey::generate(&mut SystemRng);
        let mut http = self.anybody();
        let mut fields = json!({ "publicKey": Base64(secret.public().as_bytes().to_vec()) });
        if let Some(license) = license {
            http = http.with_password(&license.username, &license.password);
            fields["licenseUsername"] = json!(license.username);
            fields["licensePassword"] = json!(license.password);
        }
        let answer = prove(&http, "/identity/create", &fields, &secret);
        let identity = answer.json()["identity"].as_str().map(str::parse);
        let identity = identity
            .unwrap_or_else(|| panic!("{}", answer.text()))
            .unwrap();
        let account = Account {
            address: self.server.chat_address(),
            server_key: self.server.instance().unwrap().chat.public_key,
            identity,
            secret: *secret.expose(),
        };
        Raw {
            identity,
            secret,
            http,
            account,
        }
    }
}

impl Raw {
    /// A call that only the holder of the key can make.
    pub(crate) fn prove(&self, path: &str, fields: &Value) -> Value {
        let mut fields = fields.clone();
        fields["identity"] = json!(self.identity);
        prove(&self.http, path, &fields, &self.secret).json()
    }

    /// The daily update of an app for members.
    pub(crate) fn update_work_info(&self, license: &Credential) -> Value {
        let fields = json!({
            "licenseUsername": license.username, "licensePassword": license.password,
            "version": WORK,
        });
        self.prove("/identity/update_work_info", &fields)
    }

    /// Asks for what it takes to use the identity in an app of this variant.
    pub(crate) fn fetch_priv(&self, variant: &str) -> Value {
        self.prove("/identity/fetch_priv", &json!({ "appVariant": variant }))
    }

    /// Logs in as an app that says this about itself.
    pub(crate) async fn log_in(&self, client_info: &str) -> std::io::Result<Wire> {
        let client_info = client_info.to_owned();
        let claims = Claims {
            client_info,
            ..Claims::default()
        };
        self.log_in_as(claims).await
    }

    /// Logs in as a certain device with a certain app.
    pub(crate) async fn log_in_from(&self, client_info: &str, cookie: u8) -> std::io::Result<Wire> {
        let claims = Claims {
            client_info: client_info.to_owned(),
            device_cookie: Some(DeviceCookie([cookie; 16])),
            ..Claims::default()
        };
        self.log_in_as(claims).await
    }

    /// Logs in as whatever.
    pub(crate) async fn log_in_as(&self, claims: Claims) -> std::io::Result<Wire> {
        Wire::connect_as(&self.account, claims).await
    }

    /// A message whose content nobody can open: the server cannot tell.
    pub(crate) fn message(&self, to: Identity, number: u64) -> Message {
        Message {
            sender: self.identity,
            receiver: to,
            id: MessageId(number.to_le_bytes()),
            created_at: 1_700_000_000,
            flags: Flags::PUSH,
            nickname: [0; 32],
            metadata: Vec::new(),
            nonce: MessageNonce([u8::try_from(number).unwrap(); 24]),
            body: vec![7; 64],
        }
    }
}

/// Sends a message and waits until the server has it.
pub(crate) async fn deposit(wire: &mut Wire, message: &Message) {
    wire.queue(&ToServer::Message(message.clone())).unwrap();
    wire.flush().await.unwrap();
    loop {
        match wire.receive().await.unwrap() {
            FromServer::MessageAck { id, .. } if id == message.id => return,
            FromServer::DeviceCookieChanged | FromServer::QueueSendComplete => {}
            other => panic!("no acknowledgement but {other:?}"),
        }
    }
}

/// Everything that has waited; it stays on the server until it is acknowledged.
pub(crate) async fn queue(wire: &mut Wire) -> Vec<Message> {
    wire.queue(&ToServer::Unblock).unwrap();
    wire.flush().await.unwrap();
    let mut messages = Vec::new();
    loop {
        match wire.receive().await.unwrap() {
            FromServer::Message(message) => messages.push(message),
            FromServer::QueueSendComplete => return messages,
            FromServer::DeviceCookieChanged => {}
            other => panic!("{other:?} among queued messages"),
        }
    }
}

/// The words with which the server closes the connection, and whether it may be opened again.
/// What came before is given too.
pub(crate) async fn farewell(wire: &mut Wire) -> (bool, String, Vec<FromServer>) {
    let mut before = Vec::new();
    loop {
        match wire.receive().await.unwrap() {
            FromServer::CloseError {
                can_reconnect,
                text,
            } => return (can_reconnect, text, before),
            other => before.push(other),
        }
    }
}

/// Both steps of a call that needs a proof; a refusal in the first is the answer too.
pub(crate) fn prove(http: &Http, path: &str, fields: &Value, secret: &SecretKey) -> Answer {
    let first = http.post(path, fields).unwrap();
    let Ok(challenge) = serde_json::from_slice::<Challenge>(&first.body) else {
        return first;
    };
    let proof = challenge.answer(Realm::Directory, secret).unwrap();
    let mut fields = fields.clone();
    fields["token"] = json!(proof.token);
    fields["response"] = json!(proof.response);
    http.post(path, &fields).unwrap()
}
