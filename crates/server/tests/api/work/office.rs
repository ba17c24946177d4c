//! An organisation with licences, and people who work there.

use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_server::service::orgs;
use dreiklang_store::{CredentialCreated, CredentialId, NewCredential, Org, OrgId};
use dreiklang_wire::api::work::WorkChallenge;
use serde_json::{Value, json};

use crate::server::{Answer, Person, TestServer, base64};

pub(crate) const ACTOR: &str = "test";

/// An organisation of a test server.
pub(crate) struct Office<'s> {
    pub(crate) server: &'s TestServer,
    pub(crate) org: OrgId,
}

/// Username and password of a licence.
#[derive(Clone)]
pub(crate) struct Pass {
    pub(crate) id: CredentialId,
    pub(crate) username: String,
    pub(crate) password: String,
}

impl<'s> Office<'s> {
    /// With so many seats; 0: any number.
    pub(crate) async fn open(server: &'s TestServer, name: &str, seats_max: u64) -> Self {
        let wanted = orgs::Wanted {
            name: name.to_owned(),
            seats_max,
            ..orgs::Wanted::default()
        };
        let org = orgs::create(server.app(), ACTOR, wanted).await.unwrap();
        Self { server, org }
    }

    /// A licence for one person.
    pub(crate) async fn pass(&self, username: &str) -> Pass {
        self.pass_with(username, |_| {}).await
    }

    /// A licence that many share.
    pub(crate) async fn shared(&self, username: &str, uses_max: u64) -> Pass {
        self.pass_with(username, |new| {
            new.is_shared = true;
            new.uses_max = uses_max;
        })
        .await
    }

    pub(crate) async fn pass_with(
        &self,
        username: &str,
        change: impl FnOnce(&mut NewCredential),
    ) -> Pass {
        let app = self.server.app();
        let password = format!("secret of {username}");
        let mut new = NewCredential {
            id: CredentialId::random(&mut SystemRng),
            org: self.org,
            username: username.to_owned(),
            password: app.password_checks.record(password.clone()).await.unwrap(),
            is_shared: false,
            uses_max: 0,
            expires_at: None,
            created_at: app.clock.now().0,
        };
        change(&mut new);
        let id = new.id;
        let created = app
            .store
            .write(move |tx| Box::pin(async move { tx.create_credential(&new).await }))
            .await
            .unwrap();
        assert_eq!(created, CredentialCreated::Yes);
        Pass {
            id,
            username: username.to_owned(),
            password,
        }
    }

    /// Somebody with a licence of their own and a new identity.
    pub(crate) async fn colleague(&self, username: &str) -> (Person, Pass) {
        let pass = self.pass(username).await;
        let secret = SecretKey::generate(&mut SystemRng);
        let answer = create(self.server, &secret, &pass).await;
        let person = Person {
            identity: answer["identity"]
                .as_str()
                .unwrap_or_else(|| panic!("{answer}"))
                .parse()
                .unwrap(),
            secret,
        };
        (person, pass)
    }

    /// Changes the organisation.
    pub(crate) async fn change(&self, change: impl FnOnce(&mut Org) + Send + 'static) {
        orgs::change(self.server.app(), ACTOR, self.org, change)
            .await
            .unwrap();
    }

    pub(crate) async fn seats_used(&self) -> u64 {
        self.server
            .app()
            .store
            .org_seats_used(self.org)
            .await
            .unwrap()
    }
}

impl Pass {
    /// The body of a call to the work directory.
    pub(crate) fn body(&self) -> Value {
        json!({ "username": self.username, "password": self.password })
    }

    /// The same with something more.
    pub(crate) fn with(&self, more: &Value) -> Value {
        let mut body = self.body();
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    }

    /// As the directory wants it.
    pub(crate) fn license(&self, more: &Value) -> Value {
        let mut body = more.clone();
        body["licenseUsername"] = json!(self.username);
        body["licensePassword"] = json!(self.password);
        body
    }
}

/// Asks for an identity with a licence, in both steps.
pub(crate) async fn create(server: &TestServer, secret: &SecretKey, pass: &Pass) -> Value {
    let fields = pass.license(&json!({ "publicKey": base64(secret.public().as_bytes()) }));
    prove_or_refused(server, "/identity/create", &fields, secret).await
}

/// Both steps in the realm of the directory; a refusal in the first is the answer too.
pub(crate) async fn prove_or_refused(
    server: &TestServer,
    path: &str,
    fields: &Value,
    secret: &SecretKey,
) -> Value {
    let first = server.post(path, fields).await.json();
    if first.get("token").is_none() {
        return first;
    }
    server.prove(path, fields, secret).await
}

/// What an app tells about its user once a day.
pub(crate) async fn tell(server: &TestServer, person: &Person, pass: &Pass, more: &Value) -> Value {
    let mut fields = pass.license(more);
    fields["identity"] = json!(person.identity);
    fields["version"] = json!("6.3.0k;A;de/CH;test;14;m");
    prove_or_refused(
        server,
        "/identity/update_work_info",
        &fields,
        &person.secret,
    )
    .await
}

/// Both steps in the realm of work, with any method.
pub(crate) async fn prove_at_work(
    server: &TestServer,
    method: &str,
    path: &str,
    fields: &Value,
    secret: &SecretKey,
) -> Answer {
    let first = server.call(method, path, &[], fields).await;
    if first.status != 200 {
        return first;
    }
    let challenge: WorkChallenge = serde_json::from_slice(&first.body).unwrap();
    let proof = challenge.answer(secret).unwrap();
    let mut second = fields.clone();
    second["challenge"] = json!(proof.challenge);
    second["response"] = json!(proof.response);
    server.call(method, path, &[], &second).await
}
