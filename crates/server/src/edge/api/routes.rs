//! Every route of the interface and who may call it: the router is built from this table, and the
//! authorisation matrix of the tests goes through it, so that no route can be forgotten.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{self, MethodRouter};

use super::{
    activate, auth_token, avatar, blob, guard, health, identity, license, link, management,
    provisioning, safe, work,
};
use crate::app::App;

pub use crate::service::api_keys::{Area, Verb};

/// One method of one address.
pub struct Route {
    /// The method. `GET` answers `HEAD` too.
    pub method: Method,
    /// The address, with `{names}` for its variable parts.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    handler: MethodRouter<Arc<App>>,
}

/// Who may call a route. On a closed instance `Public` and `Identity` need a licence too, except
/// where [`Access::Anybody`] says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, on a closed instance as well: health, activation, the fallback configuration.
    Anybody,
    /// Everybody; on a closed instance everybody with a licence.
    Public,
    /// Whoever proves in the call itself to hold an identity's key; on a closed instance a licence
    /// comes on top.
    Identity,
    /// Whoever has a licence, which the call carries in its head or in its body.
    License,
    /// Whoever has a token that was given for a licence; on an open instance everybody.
    Token,
    /// Administrators of an organisation, by API key.
    ApiKey(Area, Verb),
    /// The operator, by API key.
    Operator(Area, Verb),
}

/// The table.
pub fn routes() -> Vec<Route> {
    let mut all = client();
    all.extend(management::routes());
    all
}

/// The part of the table that apps need.
pub fn client() -> Vec<Route> {
    [
        health(),
        license(),
        work(),
        identity(),
        link(),
        blob(),
        safe(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Some routes as a router, with the guard of each before it.
pub(super) fn of(routes: Vec<Route>, app: &Arc<App>) -> Router<Arc<App>> {
    routes.into_iter().fold(Router::new(), |router, route| {
        let gate = (Arc::clone(app), route.access);
        let guarded = route
            .handler
            .layer(middleware::from_fn_with_state(gate, guard::guard));
        router.route(route.path, guarded)
    })
}

fn health() -> Vec<Route> {
    vec![
        get("/health/live", Access::Anybody, health::live),
        get("/health/ready", Access::Anybody, health::ready),
        post("/activate", Access::Anybody, activate::activate),
    ]
}

fn license() -> Vec<Route> {
    vec![
        get("/auth_token", Access::License, auth_token::auth_token),
        get("/prov/config.oppf", Access::License, provisioning::config),
        get(
            "/prov/config.fallback.oppf",
            Access::Anybody,
            provisioning::fallback,
        ),
        get("/avatar/{identity}", Access::Token, avatar::avatar),
    ]
}

fn work() -> Vec<Route> {
    use Access::{Anybody, License, Public};
    const REMOTE_SECRET: &str = "/api-client/v1/remote-secret";
    vec![
        post("/fetch2", License, work::fetch2::fetch2),
        post("/identities", License, work::identities::identities),
        post("/directory", License, work::search::directory),
        post(
            "/api-client/v1/user-properties",
            License,
            work::user_properties::user_properties,
        ),
        put(REMOTE_SECRET, License, work::remote_secret::create),
        delete(REMOTE_SECRET, License, work::remote_secret::delete),
        // A locked app has its token and nothing else at hand.
        post(REMOTE_SECRET, Anybody, work::remote_secret::fetch),
        get("/logo/{org}/{variant}", Public, work::logo::logo),
    ]
}

fn identity() -> Vec<Route> {
    use Access::{Identity, Public};
    use identity as of;
    vec![
        post("/identity/create", Identity, of::create::create),
        post("/identity/fetch_bulk", Public, of::fetch_bulk::fetch_bulk),
        post("/identity/fetch_priv", Identity, of::fetch_priv::fetch_priv),
        post("/identity/check", Public, of::check::check),
        post(
            "/identity/set_featuremask",
            Identity,
            of::set_featuremask::set_featuremask,
        ),
        post(
            "/identity/set_push_endpoint",
            Identity,
            of::set_push_endpoint::set_push_endpoint,
        ),
        post(
            "/identity/check_featuremask",
            Public,
            of::check_featuremask::check_featuremask,
        ),
        post(
            "/identity/set_revocation_key",
            Identity,
            of::set_revocation_key::set_revocation_key,
        ),
        post(
            "/identity/check_revocation_key",
            Identity,
            of::check_revocation_key::check_revocation_key,
        ),
        post(
            "/identity/update_work_info",
            Identity,
            of::update_work::update_work_info,
        ),
        post("/check_license", Access::License, license::check_license),
        post("/identity/export", Identity, of::export::export),
        post("/identity/revoke", Identity, of::revoke::revoke),
        post("/identity/ws/revoke", Public, of::ws_revoke::ws_revoke),
        get("/identity/{identity}", Public, of::lookup::lookup),
    ]
}

fn link() -> Vec<Route> {
    use Access::{Anybody, Identity, Public};
    use identity as of;
    vec![
        post("/identity/link_email", Identity, of::link_email::link_email),
        post(
            "/identity/link_mobileno",
            Identity,
            of::link_mobileno::link_mobileno,
        ),
        post(
            "/identity/link_mobileno_call",
            Public,
            of::link_mobileno_call::link_mobileno_call,
        ),
        post(
            "/identity/match_token",
            Identity,
            of::match_token::match_token,
        ),
        post(
            "/identity/match",
            Public,
            of::match_contacts::match_contacts,
        ),
        // A browser has no licence: the address itself is the secret.
        get("/link/email/{token}", Anybody, link::page),
        post("/link/email/{token}", Anybody, link::confirm),
    ]
}

fn safe() -> Vec<Route> {
    const BACKUP: &str = "/safe/backups/{id}";
    vec![
        get("/safe/config", Access::Token, safe::config::config),
        get(BACKUP, Access::Token, safe::download::download),
        put(BACKUP, Access::Token, safe::upload::upload),
        delete(BACKUP, Access::Token, safe::delete::delete),
    ]
}

fn blob() -> Vec<Route> {
    vec![
        post("/blob/upload", Access::Token, blob::upload::upload),
        get("/blob/{id}", Access::Token, blob::download::download),
        post("/blob/{id}/done", Access::Token, blob::done::done),
    ]
}

/// A route for `GET` and `HEAD`.
pub(super) fn get<T: 'static>(
    path: &'static str,
    access: Access,
    handler: impl Handler<T, Arc<App>>,
) -> Route {
    route(Method::GET, path, access, routing::get(handler))
}

/// A route for `POST`.
pub(super) fn post<T: 'static>(
    path: &'static str,
    access: Access,
    handler: impl Handler<T, Arc<App>>,
) -> Route {
    route(Method::POST, path, access, routing::post(handler))
}

/// A route for `PUT`.
pub(super) fn put<T: 'static>(
    path: &'static str,
    access: Access,
    handler: impl Handler<T, Arc<App>>,
) -> Route {
    route(Method::PUT, path, access, routing::put(handler))
}

/// A route for `DELETE`.
pub(super) fn delete<T: 'static>(
    path: &'static str,
    access: Access,
    handler: impl Handler<T, Arc<App>>,
) -> Route {
    route(Method::DELETE, path, access, routing::delete(handler))
}

fn route(
    method: Method,
    path: &'static str,
    access: Access,
    handler: MethodRouter<Arc<App>>,
) -> Route {
    Route {
        method,
        path,
        access,
        handler,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_method_of_an_address_is_in_the_table_once() {
        let all = routes();
        let distinct: BTreeSet<_> = all
            .iter()
            .map(|it| (it.path, it.method.as_str().to_owned()))
            .collect();
        assert_eq!(distinct.len(), all.len());
    }
}
