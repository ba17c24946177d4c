//! The door for administrators: a Unix socket in the data folder that only its owner can open.

use std::collections::HashSet;
use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use dreiklang_crypto::PublicKey;
use dreiklang_store::{IdentityKind, IdentityRow, IdentityState};
use futures_util::future::join_all;
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::app::App;
use crate::edge::admin::format::Counts;
use crate::edge::admin::format::{Act, Failure, IdentityFacts, Import, Imported, Reply, Request};
use crate::edge::api;
use crate::error::Error;
use crate::service::api_keys::{Authority, Rights};
use crate::service::{backups, directory, status};

pub mod client;
pub mod format;

/// Names the administrator in a call of the management interface.
pub const ACTOR: &str = "x-actor";

/// Opens the socket and serves until `shutdown`.
pub fn serve(
    app: &Arc<App>,
    shutdown: CancellationToken,
) -> anyhow::Result<impl Future<Output = ()> + use<>> {
    let path = app.config.admin_socket();
    let listener = listen(&path).with_context(|| format!("cannot listen on {}", path.display()))?;
    let router = router(app);
    Ok(async move {
        // Only the owner of the socket can connect: this door needs no defence against slowness.
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(async move { shutdown.cancelled().await });
        if let Err(error) = served.await {
            tracing::warn!(%error, "the administration socket failed");
        }
        let _ = std::fs::remove_file(&path);
    })
}

/// The acts of this door, and the management interface for the operator.
fn router(app: &Arc<App>) -> Router {
    let management = api::management(app).layer(middleware::from_fn(as_operator));
    Router::new()
        .route("/", post(answer))
        .with_state(Arc::clone(app))
        .merge(management)
}

/// Calls the management interface as the operator, without a socket: no server runs.
pub async fn call(
    app: &Arc<App>,
    request: axum::http::Request<Bytes>,
) -> anyhow::Result<(StatusCode, Bytes)> {
    let answer = router(app).oneshot(request.map(Body::from)).await?;
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), client::REPLY_BYTES_MAX).await?;
    Ok((status, bytes))
}

/// Whoever can open the socket owns the server; they say themselves who they are.
async fn as_operator(mut request: axum::extract::Request, next: Next) -> Response {
    let actor = request.headers().get(ACTOR).and_then(|it| it.to_str().ok());
    let actor: String = actor.unwrap_or("local").chars().take(64).collect();
    request.extensions_mut().insert(Authority {
        actor,
        org: None,
        rights: Rights::all(),
    });
    next.run(request).await
}

fn listen(path: &Path) -> std::io::Result<UnixListener> {
    // The store is locked by this process, so whoever left the socket behind is gone.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn answer(State(app): State<Arc<App>>, Json(request): Json<Request>) -> Response {
    match perform(&app, request).await {
        Ok(reply) => Json(reply).into_response(),
        Err(failure) => (StatusCode::CONFLICT, Json(failure)).into_response(),
    }
}

/// Performs an act; the same code serves the socket and a stopped server's command line.
pub async fn perform(app: &Arc<App>, request: Request) -> Result<Reply, Failure> {
    let Request { actor, act } = request;
    match act {
        Act::Import { identities } => Ok(Reply::Imported {
            results: import_all(app, &actor, &identities).await,
        }),
        Act::Show { identity } => {
            let identity = identity
                .parse()
                .map_err(|_| failure("this is no identity"))?;
            let row = app.store.identity(identity).await.map_err(failure)?;
            let row = row.ok_or_else(|| failure("this identity does not exist"))?;
            let queued = app.store.message_count(identity).await.map_err(failure)?;
            Ok(Reply::Identity(facts(&row, queued.messages)))
        }
        Act::Revoke { identity } => {
            let identity = identity
                .parse()
                .map_err(|_| failure("this is no identity"))?;
            match directory::revoke_by(app, &actor, identity).await {
                Ok(()) => Ok(Reply::Done),
                Err(Error::NotFound) => Err(failure(
                    "this identity does not exist or is revoked already",
                )),
                Err(error) => Err(failure(error)),
            }
        }
        Act::Status => {
            let status = status::of(app).await.map_err(failure)?;
            Ok(Reply::Status(Counts::from(&status)))
        }
        Act::Backup { folder } => {
            let copied = backups::write(app, &actor, &folder)
                .await
                .map_err(failure)?;
            Ok(Reply::BackedUp {
                files: copied.files,
                bytes: copied.bytes,
            })
        }
    }
}

/// Many at once, because each waits for the disk. Of two that name the same identity or key the
/// first one is meant: the other waits until that is done.
async fn import_all(app: &Arc<App>, actor: &str, list: &[Import]) -> Vec<Imported> {
    let mut seen = HashSet::new();
    let mut is_first = |it: &Import| {
        let is_new_key = seen.insert(it.public_key.to_ascii_lowercase());
        seen.insert(it.identity.clone()) && is_new_key
    };
    let rounds: Vec<bool> = list.iter().map(&mut is_first).collect();
    let firsts = list.iter().zip(&rounds).filter(|(_, is_first)| **is_first);
    let done = join_all(firsts.map(|(it, _)| import(app, actor, it))).await;
    let mut done = done.into_iter();
    let mut results = Vec::with_capacity(list.len());
    for (it, is_first) in list.iter().zip(rounds) {
        let earlier = if is_first { done.next() } else { None };
        results.push(match earlier {
            Some(result) => result,
            None => import(app, actor, it).await,
        });
    }
    results
}

async fn import(app: &Arc<App>, actor: &str, import: &Import) -> Imported {
    let refused = |error: String| Imported {
        identity: import.identity.clone(),
        error: Some(error),
    };
    let Ok(identity) = import.identity.parse() else {
        return refused("an identity has eight characters of 0-9 and A-Z".to_owned());
    };
    let mut bytes = [0; 32];
    if hex::decode_to_slice(&import.public_key, &mut bytes).is_err() {
        return refused("a public key has 64 hex digits".to_owned());
    }
    let Ok(key) = PublicKey::from_bytes(bytes) else {
        return refused("this public key is not safe to use".to_owned());
    };
    let kind = if import.is_work {
        IdentityKind::Work
    } else {
        IdentityKind::Private
    };
    match directory::import(app, actor, identity, key, kind).await {
        Ok(()) => Imported {
            identity: import.identity.clone(),
            error: None,
        },
        Err(Error::Conflict) => refused("the identity or its key exists already".to_owned()),
        Err(Error::Invalid(_)) => refused("this key belongs to the server itself".to_owned()),
        Err(error) => refused(error.to_string()),
    }
}

fn facts(row: &IdentityRow, queued_messages: u64) -> IdentityFacts {
    IdentityFacts {
        identity: row.identity.to_string(),
        public_key: hex::encode(row.public_key.as_bytes()),
        state: match row.state {
            IdentityState::Active => "active",
            IdentityState::Inactive => "inactive",
            IdentityState::Revoked => "revoked",
        }
        .to_owned(),
        kind: if row.kind == IdentityKind::Work {
            "work"
        } else {
            "private"
        }
        .to_owned(),
        feature_mask: row.feature_mask,
        created_at_ms: row.created_at,
        is_imported: row.imported,
        last_login_day: row.last_login_day,
        revoked_at_ms: row.revoked_at,
        has_revocation_key: row.revocation_key.is_some(),
        device_cookie_changed: row.device_cookie_changed,
        queued_messages,
    }
}

fn failure(error: impl fmt::Display) -> Failure {
    Failure {
        error: error.to_string(),
    }
}
