//! What a successful login leaves in the store, written only when it changes.

use std::sync::Arc;

use dreiklang_store::Store;
use dreiklang_wire::id::{DeviceCookie, Identity};

use super::Line;
use super::known::{Facts, Login};
use crate::app::Clock;

/// Notes a login. Returns whether the client has to be told that another device logged in, or
/// `None` if the identity takes part no more.
pub async fn note(
    store: &Store,
    clock: &Clock,
    identity: Identity,
    facts: &Arc<Facts>,
    cookie: Option<DeviceCookie>,
) -> Option<bool> {
    if facts.is_revoked() {
        return None;
    }
    #[cfg(feature = "planted-bugs")]
    if crate::planted::is(crate::planted::Weakness::NoCookie) {
        return Some(false);
    }
    let day = clock.now().seconds().div_euclid(DAY_S);
    let known = facts
        .login()
        .filter(|login| login.day == day && login.cookie == cookie);
    if let Some(login) = known {
        return Some(login.is_cookie_changed);
    }
    let noted = store
        .write(move |tx| Box::pin(async move { tx.note_login(identity, day, cookie).await }))
        .await;
    match noted {
        Ok(is_changed) => {
            facts.note_login(is_changed.map(|is_cookie_changed| Login {
                day,
                cookie,
                is_cookie_changed,
            }));
            is_changed
        }
        // A full disk must not keep receivers from emptying their queues.
        Err(error) => {
            tracing::warn!(%error, "a login could not be noted");
            Some(facts.login().is_some_and(|login| login.is_cookie_changed))
        }
    }
}

/// The user has seen the warning (0xd3).
pub async fn clear_cookie_flag(store: Store, facts: Option<Arc<Facts>>, line: Arc<Line>) {
    let identity = line.identity();
    let cleared = store
        .write(move |tx| Box::pin(async move { tx.clear_cookie_flag(identity).await }))
        .await;
    if let Err(error) = cleared {
        tracing::warn!(%error, "the device cookie warning could not be cleared");
        line.clearing_failed();
    }
    if let Some(facts) = facts {
        facts.note_login(None);
    }
}

const DAY_S: i64 = 24 * 60 * 60;
