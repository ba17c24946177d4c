//! `/api/v1`: administration by programs.
//!
//! The paths and shapes of the vendor's Work management interface (interop.md 4), so that existing
//! programs need another base address only, and ours in the same tree. Whoever calls shows an API
//! key in `X-Api-Key`; keys of the operator name the organisation in `X-Org`. The administration
//! socket serves the same addresses to the owner of the server, and the command line is a client
//! of them: one rule, one place.

use super::routes::{Access, Route, delete, get, post, put};
use crate::service::api_keys::Area::{Api, Configuration, Contacts, Privacy, Subscription, Users};
use crate::service::api_keys::Verb::{Read, Write};

pub mod activation;
pub mod api_keys;
pub mod audit;
pub mod categories;
pub mod configuration;
pub mod contacts;
pub mod credentials;
pub mod desk;
pub(super) mod entrance;
pub mod fault;
pub mod format;
pub mod identities;
pub mod import;
pub mod logos;
pub mod subscription;
pub mod texts;
pub mod users;

/// Every route of this interface.
pub(super) fn routes() -> Vec<Route> {
    [
        of_org(),
        of_credentials(),
        of_users(),
        of_contacts(),
        of_configuration(),
        of_operator(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_org() -> Vec<Route> {
    let read = Access::ApiKey(Subscription, Read);
    let write = Access::ApiKey(Subscription, Write);
    vec![
        // Programs exist that end the base address with a slash, and others that do not.
        get("/api/v1", read, subscription::detail),
        put("/api/v1", write, subscription::update),
        get("/api/v1/", read, subscription::detail),
        put("/api/v1/", write, subscription::update),
        get("/api/v1/status", read, subscription::status),
        get("/api/v1/logos/{logo_variant}", read, logos::show),
        put("/api/v1/logos/{logo_variant}", write, logos::set),
        delete("/api/v1/logos/{logo_variant}", write, logos::delete),
    ]
}

fn of_credentials() -> Vec<Route> {
    let read = Access::ApiKey(Users, Read);
    let write = Access::ApiKey(Users, Write);
    vec![
        get("/api/v1/credentials", read, credentials::list),
        post("/api/v1/credentials", write, credentials::create),
        post("/api/v1/credentials/import", write, import::import),
        get("/api/v1/credentials/{id}", read, credentials::detail),
        put("/api/v1/credentials/{id}", write, credentials::update),
        delete("/api/v1/credentials/{id}", write, credentials::delete),
        post(
            "/api/v1/credentials/{id}/withdraw",
            write,
            credentials::withdraw,
        ),
        post(
            "/api/v1/credentials/{id}/restore",
            write,
            credentials::restore,
        ),
        post(
            "/api/v1/credentials/{id}/activation",
            write,
            activation::create,
        ),
    ]
}

fn of_users() -> Vec<Route> {
    let read = Access::ApiKey(Users, Read);
    let write = Access::ApiKey(Users, Write);
    vec![
        get("/api/v1/users", read, users::list),
        get("/api/v1/users/{threema_id}", read, users::detail),
        delete("/api/v1/users/{threema_id}", write, users::delete),
        post("/api/v1/users/{threema_id}/detach", write, users::detach),
        post(
            "/api/v1/users/{threema_id}/withdraw",
            write,
            users::withdraw,
        ),
        post("/api/v1/users/{threema_id}/restore", write, users::restore),
        post("/api/v1/users/{threema_id}/readmit", write, users::readmit),
        post("/api/v1/users/{threema_id}/revoke", write, users::revoke),
    ]
}

fn of_contacts() -> Vec<Route> {
    let read = Access::ApiKey(Contacts, Read);
    let write = Access::ApiKey(Contacts, Write);
    let of_contact = "/api/v1/contacts/{threema_id}/categories";
    vec![
        get("/api/v1/contacts", read, contacts::list),
        post("/api/v1/contacts", write, contacts::create),
        get("/api/v1/contacts/{threema_id}", read, contacts::detail),
        put("/api/v1/contacts/{threema_id}", write, contacts::update),
        delete("/api/v1/contacts/{threema_id}", write, contacts::delete),
        get(of_contact, read, categories::list_of_contact),
        put(of_contact, write, categories::set_of_contact),
        get("/api/v1/contact-categories/{id}", read, categories::detail),
        get("/api/v1/categories", read, categories::list),
        post("/api/v1/categories", write, categories::create),
        get("/api/v1/categories/{id}", read, categories::detail),
        put("/api/v1/categories/{id}", write, categories::update),
        delete("/api/v1/categories/{id}", write, categories::delete),
    ]
}

fn of_configuration() -> Vec<Route> {
    use configuration as of;
    let read = Access::ApiKey(Configuration, Read);
    let write = Access::ApiKey(Configuration, Write);
    let (of_org, of_credential) = ("/api/v1/mdm/{property_id}", "/api/v1/credentials/{id}/mdm");
    let one_of_credential = "/api/v1/credentials/{id}/mdm/{property_id}";
    vec![
        get("/api/v1/mdm", read, of::list),
        post("/api/v1/mdm", write, of::create),
        get(of_org, read, of::detail),
        put(of_org, write, of::update),
        delete(of_org, write, of::delete),
        get("/api/v1/mdm-bulk", read, of::list_bulk),
        post("/api/v1/mdm-bulk", write, of::update_bulk),
        get(of_credential, read, of::list_of_credential),
        post(of_credential, write, of::create_of_credential),
        get(one_of_credential, read, of::detail_of_credential),
        put(one_of_credential, write, of::update_of_credential),
        delete(one_of_credential, write, of::delete_of_credential),
    ]
}

fn of_operator() -> Vec<Route> {
    vec![
        get(
            "/api/v1/api-keys",
            Access::ApiKey(Api, Read),
            api_keys::list,
        ),
        post(
            "/api/v1/api-keys",
            Access::ApiKey(Api, Write),
            api_keys::create,
        ),
        delete(
            "/api/v1/api-keys/{id}",
            Access::ApiKey(Api, Write),
            api_keys::revoke,
        ),
        get("/api/v1/audit", Access::ApiKey(Privacy, Read), audit::list),
        get(
            "/api/v1/audit/verify",
            Access::Operator(Privacy, Read),
            audit::verify,
        ),
        get(
            "/api/v1/orgs",
            Access::Operator(Subscription, Read),
            subscription::list,
        ),
        post(
            "/api/v1/orgs",
            Access::Operator(Subscription, Write),
            subscription::create,
        ),
        put(
            "/api/v1/orgs/{org}",
            Access::Operator(Subscription, Write),
            subscription::update_any,
        ),
        delete(
            "/api/v1/orgs/{org}",
            Access::Operator(Subscription, Write),
            subscription::delete,
        ),
        get(
            "/api/v1/identities/{threema_id}/export",
            Access::Operator(Privacy, Read),
            identities::export,
        ),
        post(
            "/api/v1/identities/{threema_id}/erase",
            Access::Operator(Privacy, Write),
            identities::erase,
        ),
    ]
}
