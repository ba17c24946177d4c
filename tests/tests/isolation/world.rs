//! Two closed instances as processes, each with an organisation and two members.

use std::sync::OnceLock;

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_tests::http::{Answer, Http};
use dreiklang_tests::programs::{self, Programs};
use dreiklang_tests::server::Server;
use dreiklang_tests::wire::{Account, Wire};
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::Challenge;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::id::Identity;
use serde_json::{Value, json};

pub(crate) fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| programs::build().unwrap())
}

/// Two instances that know nothing of each other.
pub(crate) struct Pair {
    pub(crate) a: Instance,
    pub(crate) b: Instance,
    _folder: tempfile::TempDir,
}

/// A closed instance.
pub(crate) struct Instance {
    pub(crate) server: Server,
    /// Whoever has nothing to show.
    pub(crate) anybody: Http,
    /// Two of its members.
    pub(crate) members: [Member; 2],
}

/// Somebody with a licence and an identity.
pub(crate) struct Member {
    pub(crate) identity: Identity,
    pub(crate) secret: SecretKey,
    pub(crate) username: String,
    pub(crate) password: String,
}

pub(crate) fn pair() -> Pair {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Instance::make(&folder.path().join(name), name));
    Pair {
        a,
        b,
        _folder: folder,
    }
}

impl Pair {
    /// A member of A as B sees it: with A's licence and whatever else it has.
    pub(crate) fn stranger(&self) -> (&Member, Http) {
        let anna = &self.a.members[0];
        (anna, anna.at(&self.b))
    }

    /// A member of B at home.
    pub(crate) fn local(&self) -> (&Member, Http) {
        let ben = &self.b.members[0];
        (ben, ben.at(&self.b))
    }
}

impl Instance {
    pub(crate) fn make(folder: &std::path::Path, name: &str) -> Self {
        // Without TLS the test sees what a client would; pins and certificates have their own
        // tests.
        let settings = [
            ("DREIKLANG_TLS__MODE", "off"),
            ("DREIKLANG_MAIL__URL", "dry-run:mails"),
            ("DREIKLANG_MAIL__FROM", "Instance <noreply@example.org>"),
            ("DREIKLANG_LINKING__ENABLED", "on"),
        ];
        let program = programs().server();
        let mut server = Server::init_as(&program, "closed", folder, &settings).unwrap();
        server.start().unwrap();
        let anybody = Http::new(server.api_address());
        server
            .command_output(&["admin", "org", "create", name, "--json"])
            .unwrap();
        let members = ["anna", "ben"].map(|it| Member::join(&server, &anybody, it));
        Self {
            server,
            anybody,
            members,
        }
    }

    pub(crate) fn account(&self, who: &Member) -> Account {
        Account {
            address: self.server.chat_address(),
            server_key: self.server.instance().unwrap().chat.public_key,
            identity: who.identity,
            secret: *who.secret.expose(),
        }
    }

    /// Logs in, or says why not.
    pub(crate) async fn log_in(&self, who: &Member) -> std::io::Result<Wire> {
        Wire::connect(&self.account(who)).await
    }
}

impl Member {
    /// With the same names on both instances, so that nothing but the instance tells them apart.
    fn join(server: &Server, anybody: &Http, username: &str) -> Self {
        let made = server
            .command_output(&["admin", "credential", "create", username, "--json"])
            .unwrap();
        let made: Value = serde_json::from_str(&made).unwrap();
        let password = made["password"].as_str().unwrap().to_owned();
        let secret = SecretKey::generate(&mut SystemRng);
        let http = anybody.with_password(username, &password);
        let fields = json!({
            "publicKey": base64(secret.public().as_bytes()),
            "licenseUsername": username, "licensePassword": password,
        });
        let answer = prove(&http, "/identity/create", &fields, &secret);
        let identity = answer.json()["identity"].as_str().map(str::parse);
        Self {
            identity: identity
                .unwrap_or_else(|| panic!("{}", answer.text()))
                .unwrap(),
            secret,
            username: username.to_owned(),
            password,
        }
    }

    /// With this member's licence at an instance.
    pub(crate) fn at(&self, instance: &Instance) -> Http {
        instance
            .anybody
            .with_password(&self.username, &self.password)
    }

    /// Username and password as the work directory wants them, with more.
    pub(crate) fn work(&self, more: &Value) -> Value {
        let mut body = json!({ "username": self.username, "password": self.password });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
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

pub(crate) fn base64(bytes: &[u8]) -> Value {
    json!(Base64(bytes.to_vec()))
}
