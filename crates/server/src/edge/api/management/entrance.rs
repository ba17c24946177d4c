//! Who may enter the management interface: whoever has an API key with the right, or whoever
//! reached it through the administration socket.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use dreiklang_store::OrgId;

use super::super::call::peer_of;
use super::super::texts::Language;
use super::desk::Tenant;
use super::fault::Fault;
use super::texts::Text;
use crate::app::App;
use crate::service::api_keys::{self, Area, Authority, Refused, Verb};

/// What a route of this interface asks for.
#[derive(Debug, Clone, Copy)]
pub(in crate::edge::api) enum Needed {
    /// A right in an organisation.
    Right(Area, Verb),
    /// A key of the operator, with a right.
    Operator(Area, Verb),
}

/// Lets in or refuses, and writes what went wrong in the caller's language.
pub(in crate::edge::api) async fn enter(
    app: &Arc<App>,
    needed: Needed,
    mut request: Request,
    next: Next,
) -> Response {
    let language = Language::of(request.headers());
    let response = match admit(app, needed, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(fault) => return fault.in_language(language),
    };
    match response.extensions().get::<Fault>() {
        None => response,
        Some(fault) => fault.in_language(language),
    }
}

async fn admit(app: &Arc<App>, needed: Needed, request: &mut Request) -> Result<(), Fault> {
    // The socket has put its caller there already; nobody else can.
    let local = request.extensions().get::<Authority>().cloned();
    let authority = if let Some(local) = local {
        local
    } else {
        // Only parts of the request may be held while waiting: its body cannot be shared.
        let from = peer_of(request.extensions());
        by_key(app, request.headers(), from).await?
    };
    let (area, verb) = match needed {
        Needed::Right(area, verb) | Needed::Operator(area, verb) => (area, verb),
    };
    if matches!(needed, Needed::Operator(..)) && authority.org.is_some() {
        return Err(Fault::new(StatusCode::FORBIDDEN, Text::OperatorOnly));
    }
    if !authority.rights.allow(area, verb) {
        let right = format!("{}:{}", area.name(), verb.name());
        return Err(Fault::new(StatusCode::FORBIDDEN, Text::MayNot).about(right));
    }
    if let Some(org) = tenant(app, &authority, request.headers()).await? {
        request.extensions_mut().insert(Tenant(org));
    }
    request.extensions_mut().insert(authority);
    Ok(())
}

async fn by_key(app: &Arc<App>, headers: &HeaderMap, from: IpAddr) -> Result<Authority, Fault> {
    let key = headers
        .get("x-api-key")
        .ok_or_else(|| Fault::new(StatusCode::UNAUTHORIZED, Text::NoKey))?;
    let key = key.to_str().unwrap_or_default();
    api_keys::authenticate(app, key, from)
        .await
        .map_err(|refused| match refused {
            Refused::Unknown => Fault::new(StatusCode::UNAUTHORIZED, Text::BadKey),
            Refused::TooOften => Fault::new(StatusCode::TOO_MANY_REQUESTS, Text::TooOften),
            Refused::Unchecked(error) => Fault::of(error),
        })
}

/// The organisation: that of the key, or the one that the operator names.
async fn tenant(
    app: &App,
    authority: &Authority,
    headers: &HeaderMap,
) -> Result<Option<OrgId>, Fault> {
    let no_such = Fault::not_found;
    let named = headers
        .get("x-org")
        .map(|it| it.to_str().unwrap_or_default());
    let named: Option<OrgId> = named.map(str::parse).transpose().map_err(|_| no_such())?;
    match (authority.org, named) {
        (Some(own), Some(other)) if own != other => Err(no_such()),
        (Some(own), _) => Ok(Some(own)),
        (None, None) => Ok(None),
        (None, Some(named)) => match app.store.org(named).await? {
            Some(_) => Ok(Some(named)),
            None => Err(no_such()),
        },
    }
}
