//! The management interface: two organisations, their keys, and what each may do.

use std::sync::Arc;

use dreiklang_server::app::App;
use dreiklang_server::service::api_keys::{self, Authority, Networks, Rights};
use dreiklang_server::service::{categories, contacts, credentials, orgs, parameters};
use dreiklang_store::{Attached, CredentialId, NewMember, OrgId, Profile};
use dreiklang_wire::id::Identity;
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::server::{Answer, TestServer, exchange, request};

mod actions;
mod keys;
mod lists;
mod matrix;

/// A server with two organisations.
pub(crate) struct World {
    pub(crate) server: TestServer,
    pub(crate) a: Tenant,
    pub(crate) b: Tenant,
    pub(crate) operator: String,
}

/// An organisation with one of everything.
pub(crate) struct Tenant {
    pub(crate) org: OrgId,
    pub(crate) read: String,
    pub(crate) write: String,
    pub(crate) key_id: String,
    pub(crate) credential: CredentialId,
    pub(crate) username: String,
    pub(crate) member: Identity,
    pub(crate) contact: Identity,
    pub(crate) category: String,
}

pub(crate) const PASSWORD: &str = "correct horse";

impl World {
    pub(crate) async fn new() -> Self {
        let server = TestServer::start().await;
        let operator = key(server.app(), None, "all", None).await.1;
        let a = Tenant::new(&server, "a").await;
        let b = Tenant::new(&server, "b").await;
        Self {
            server,
            a,
            b,
            operator,
        }
    }

    /// Calls the management interface with a key.
    pub(crate) async fn call(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let headers = [("x-api-key", key)];
        self.send(method, path, &headers, body_of(body)).await
    }

    /// Calls it as the operator about an organisation.
    pub(crate) async fn operate(
        &self,
        org: Option<OrgId>,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Answer {
        let org = org.map(|it| it.to_string());
        let mut headers = vec![("x-api-key", self.operator.as_str())];
        if let Some(org) = &org {
            headers.push(("x-org", org));
        }
        self.send(method, path, &headers, body_of(body)).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Answer {
        let mut request = request(method, &format!("/api/v1{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).unwrap();
        exchange(self.server.connect().await, request).await
    }
}

impl Tenant {
    async fn new(server: &TestServer, name: &str) -> Self {
        let app = server.app();
        let wanted = orgs::Wanted {
            name: format!("Org {name}"),
            plan: "enterprise".to_owned(),
            seats_max: 0,
            valid_until: None,
        };
        let org = orgs::create(app, "test", wanted).await.unwrap();
        let (_, read) = key(app, Some(org), READ, None).await;
        let (key_id, write) = key(app, Some(org), "all", None).await;
        let username = format!("user-{name}");
        let wanted = credentials::Wanted {
            username: username.clone(),
            password: PASSWORD.to_owned(),
            is_shared: false,
            uses_max: 0,
            expires_at: None,
        };
        let credential = credentials::create(app, "test", org, wanted).await.unwrap();
        let member = server.person().await.identity;
        attach(app, org, credential, member).await;
        let contact = server.person().await.identity;
        let wanted = contacts::Wanted {
            identity: contact,
            first_name: "Con".to_owned(),
            last_name: "Tact".to_owned(),
            is_enabled: true,
        };
        contacts::create(app, "test", org, wanted).await.unwrap();
        let name = format!("Category {name}");
        let category = categories::create(app, "test", org, name, true).await;
        let setting = |level| parameters::Setting {
            level,
            name: "th_nickname".to_owned(),
            value: json!("Nick"),
        };
        let settings = vec![
            setting(parameters::Level::Org(org)),
            setting(parameters::Level::Credential(org, credential)),
        ];
        parameters::set(app, "test", settings).await.unwrap();
        Self {
            org,
            read,
            write,
            key_id,
            credential,
            username,
            member,
            contact,
            category: category.unwrap().id.to_string(),
        }
    }
}

/// Makes a key and gives its id and itself.
pub(crate) async fn key(
    app: &App,
    org: Option<OrgId>,
    rights: &str,
    expires_at: Option<i64>,
) -> (String, String) {
    let by = Authority {
        actor: "test".to_owned(),
        org: None,
        rights: Rights::all(),
    };
    let wanted = api_keys::Wanted {
        name: "test".to_owned(),
        rights: rights.parse().unwrap(),
        networks: Networks::default(),
        expires_at,
    };
    let made = api_keys::create(app, &by, org, wanted).await.unwrap();
    (made.id, made.key)
}

/// Gives an identity a seat, as its app would.
pub(crate) async fn attach(
    app: &Arc<App>,
    org: OrgId,
    credential: CredentialId,
    identity: Identity,
) {
    let new = NewMember {
        identity,
        org,
        credential,
        profile: Profile {
            nickname: "Nick".to_owned(),
            ..Profile::default()
        },
        version: "1.0;A".to_owned(),
        instance_seats_max: 0,
        at: app.clock.now().0,
    };
    let attached = app
        .store
        .write(move |tx| Box::pin(async move { tx.attach_member(&new).await }))
        .await
        .unwrap();
    assert_eq!(attached, Attached::Yes);
}

fn body_of(body: &Value) -> Bytes {
    if body.is_null() {
        Bytes::new()
    } else {
        Bytes::from(body.to_string())
    }
}

const READ: &str = "subscription:read,users:read,contacts:read,configuration:read,api:read,\
                    privacy:read";
