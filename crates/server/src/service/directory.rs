//! The directory: which identity has which key, and who may change what about it.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_crypto::{CryptoRng, PublicKey, SystemRng, constant_time_eq, random};
use dreiklang_store::{
    AuditNote, Created, IdentityKind, IdentityRow, IdentityState, NewIdentity, NewMember, Profile,
};
use dreiklang_wire::id::Identity;

use crate::app::{App, UnixMillis};
use crate::config::InstanceKind;
use crate::error::Error;
use crate::service::closed_groups;
use crate::service::licenses::License;
use crate::service::members::{self, NotAttached};
use crate::service::sessions::Reason;

/// An identity as the directory shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its eight characters.
    pub identity: Identity,
    /// The client key.
    pub public_key: PublicKey,
    /// What its clients can do.
    pub feature_mask: u64,
    /// Whether it logged in lately.
    pub is_active: bool,
    /// Whether it belongs to an organisation.
    pub is_work: bool,
}

/// Whether a revocation key is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevocationKey {
    /// When it was set; `None` if there is none.
    pub set_at: Option<UnixMillis>,
}

/// Issues an identity for a key whose possession was proven; with a licence it is one of the
/// organisation's from the start, or nothing is issued. Who asks again with the same key, as after
/// a lost answer, gets the same identity and takes no second seat.
pub async fn create(
    app: &Arc<App>,
    key: PublicKey,
    license: Option<License>,
) -> Result<Identity, NotAttached> {
    for _ in 0..DRAWS_MAX {
        if let Some(identity) = holder(app, &key).await.map_err(NotAttached::Failed)? {
            return Ok(identity);
        }
        let identity = draw(&mut SystemRng);
        let new = NewIdentity {
            identity,
            public_key: key,
            kind: IdentityKind::Private,
            created_at: app.clock.now().0,
        };
        let seat = license
            .map(|it| members::seat_for(app, it, identity, Profile::default(), String::new()));
        let own = Arc::clone(app);
        let issued = tokio::spawn(async move { issue(&own, new, seat).await })
            .await
            .unwrap_or(Err(NotAttached::Failed(Error::Internal)));
        match issued? {
            Created::Yes => return Ok(identity),
            // Somebody with the same key was faster: the next look finds that identity.
            Created::KeyTaken | Created::IdentityTaken => {}
        }
    }
    Err(NotAttached::Failed(Error::Internal))
}

/// Identity and seat in one transaction: an identity that no seat is left for never existed.
async fn issue(
    app: &App,
    new: NewIdentity,
    seat: Option<NewMember>,
) -> Result<Created, NotAttached> {
    let identity = new.identity;
    let created = app
        .store
        .try_write(move |tx| {
            Box::pin(async move {
                let created = tx.create_identity(&new).await?;
                if let (Created::Yes, Some(seat)) = (created, &seat) {
                    members::attach(tx, seat).await?;
                }
                Ok::<_, NotAttached>(created)
            })
        })
        .await?;
    if created == Created::Yes {
        // Somebody may have asked for these characters before they existed.
        app.sessions.known.forget(identity);
        metrics::counter!("identities_created_total").increment(1);
    }
    Ok(created)
}

/// Whose key this is, if anybody's. Refuses a key that nobody may register: one of the server's
/// own, or a revoked identity's. (Low-order and non-canonical keys are no [`PublicKey`] in the
/// first place.)
pub async fn holder(app: &App, key: &PublicKey) -> Result<Option<Identity>, Error> {
    let is_ours = app.keys.contains(key) || app.challenges.contains(key);
    #[cfg(feature = "planted-bugs")]
    let is_ours = is_ours && !crate::planted::is(crate::planted::Weakness::AnyKey);
    if is_ours {
        return Err(Error::Invalid("public key"));
    }
    match app
        .store
        .identity_by_key(*key)
        .await
        .map_err(Error::of_store)?
    {
        Some(row) if row.state == IdentityState::Revoked => Err(Error::Conflict),
        found => Ok(found.map(|row| row.identity)),
    }
}

/// Looks an identity up; revoked ones do not exist any more.
pub async fn find(app: &App, identity: Identity) -> Result<Option<Entry>, Error> {
    let row = app
        .store
        .identity(identity)
        .await
        .map_err(Error::of_store)?;
    Ok(row.and_then(|row| entry(&row, app.clock.now())))
}

/// Looks many up, in the order asked for.
pub async fn find_many(app: &App, identities: Vec<Identity>) -> Result<Vec<Option<Entry>>, Error> {
    let asked = identities.clone();
    let rows = app
        .store
        .identities(identities)
        .await
        .map_err(Error::of_store)?;
    let now = app.clock.now();
    let found: std::collections::HashMap<_, _> = rows
        .iter()
        .filter_map(|row| entry(row, now))
        .map(|it| (it.identity, it))
        .collect();
    Ok(asked
        .into_iter()
        .map(|identity| found.get(&identity).copied())
        .collect())
}

/// Looks many up, in the order asked for; what is no identity is not found.
pub async fn find_aligned(
    app: &App,
    asked: &[Option<Identity>],
) -> Result<Vec<Option<Entry>>, Error> {
    let mut found = find_many(app, asked.iter().copied().flatten().collect())
        .await?
        .into_iter();
    Ok(asked
        .iter()
        .map(|it| it.and_then(|_| found.next().flatten()))
        .collect())
}

/// Replaces what an identity's clients can do.
pub async fn set_feature_mask(app: &App, identity: Identity, mask: u64) -> Result<(), Error> {
    let exists = app
        .store
        .write(move |tx| Box::pin(async move { tx.set_feature_mask(identity, mask).await }))
        .await
        .map_err(Error::of_store)?;
    if exists { Ok(()) } else { Err(Error::NotFound) }
}

/// Replaces the revocation key.
pub async fn set_revocation_key(app: &App, identity: Identity, key: [u8; 4]) -> Result<(), Error> {
    let at = app.clock.now().0;
    let exists = app
        .store
        .write(move |tx| Box::pin(async move { tx.set_revocation_key(identity, key, at).await }))
        .await
        .map_err(Error::of_store)?;
    if exists { Ok(()) } else { Err(Error::NotFound) }
}

/// Says whether and since when a revocation key is set.
pub async fn revocation_key(app: &App, identity: Identity) -> Result<RevocationKey, Error> {
    let row = app
        .store
        .identity(identity)
        .await
        .map_err(Error::of_store)?;
    let row = row
        .filter(|it| it.state != IdentityState::Revoked)
        .ok_or(Error::NotFound)?;
    Ok(RevocationKey {
        set_at: row.revocation_key.map(|(_, at)| UnixMillis(at)),
    })
}

/// Revokes an identity for ever: its queue is deleted and its connections are closed.
pub async fn revoke(app: &Arc<App>, identity: Identity) -> Result<(), Error> {
    let (own, at) = (Arc::clone(app), app.clock.now().0);
    to_the_end(async move {
        let revoked = own
            .store
            .write(move |tx| Box::pin(async move { tx.revoke_identity(identity, at).await }))
            .await
            .map_err(Error::of_store)?;
        after_revocation(&own, identity, revoked)
    })
    .await
}

/// Revokes an identity by its revocation key, without its client key. A wrong key, a missing key
/// and an unknown identity look the same. The rates are the caller's to ask before.
pub async fn revoke_with_key(
    app: &Arc<App>,
    identity: Identity,
    key: [u8; 4],
) -> Result<(), Error> {
    let row = app
        .store
        .identity(identity)
        .await
        .map_err(Error::of_store)?;
    let row = row.filter(|it| it.state != IdentityState::Revoked);
    let stored = row.and_then(|it| it.revocation_key).map(|(key, _)| key);
    // The comparison happens in any case, so that its absence cannot be measured.
    let is_equal = constant_time_eq(&stored.unwrap_or_default(), &key);
    if stored.is_some() && is_equal {
        revoke(app, identity).await
    } else {
        Err(Error::Forbidden)
    }
}

/// Takes over an identity that was issued elsewhere. There is no proof of possession here: the
/// administrator vouches for the key, so every other check applies all the more (reliability.md,
/// ETH attack 2).
pub async fn import(
    app: &Arc<App>,
    actor: &str,
    identity: Identity,
    key: PublicKey,
    kind: IdentityKind,
) -> Result<(), Error> {
    if holder(app, &key).await?.is_some() {
        return Err(Error::Conflict);
    }
    let created_at = app.clock.now().0;
    let kind = match app.config.kind {
        InstanceKind::Open => kind,
        // Nobody is private there.
        InstanceKind::Closed => IdentityKind::Work,
    };
    let new = NewIdentity {
        identity,
        public_key: key,
        kind,
        created_at,
    };
    let (own, actor) = (Arc::clone(app), actor.to_owned());
    to_the_end(async move {
        let created = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let created = tx.import_identity(&new).await?;
                    if created == Created::Yes {
                        tx.note_audit(AuditNote::of_instance(
                            created_at,
                            &actor,
                            "identity.import",
                            identity.as_str(),
                        ))
                        .await?;
                    }
                    Ok(created)
                })
            })
            .await
            .map_err(Error::of_store)?;
        match created {
            Created::Yes => {
                own.sessions.known.forget(identity);
                Ok(())
            }
            Created::IdentityTaken | Created::KeyTaken => Err(Error::Conflict),
        }
    })
    .await
}

/// Revokes an identity by order of an administrator.
pub async fn revoke_by(app: &Arc<App>, actor: &str, identity: Identity) -> Result<(), Error> {
    let (own, at, actor) = (Arc::clone(app), app.clock.now().0, actor.to_owned());
    to_the_end(async move {
        let revoked = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let revoked = tx.revoke_identity(identity, at).await?;
                    if revoked {
                        tx.note_audit(AuditNote::of_instance(
                            at,
                            &actor,
                            "identity.revoke",
                            identity.as_str(),
                        ))
                        .await?;
                    }
                    Ok(revoked)
                })
            })
            .await
            .map_err(Error::of_store)?;
        after_revocation(&own, identity, revoked)
    })
    .await
}

/// What follows from a revocation that is durable, now or from before.
pub(super) fn after_revocation(app: &App, identity: Identity, is_new: bool) -> Result<(), Error> {
    app.sessions.close(identity, Reason::Revoked);
    app.remote_secrets.forget(identity);
    closed_groups::members_changed(app);
    app.messages.purge(identity);
    metrics::counter!("identities_revoked_total").increment(u64::from(is_new));
    if is_new { Ok(()) } else { Err(Error::NotFound) }
}

/// Does all of something whose second half makes the first known. Callers that hang up take their
/// own work with them: a commit without its consequences would leave a revoked identity connected.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(work).await.unwrap_or(Err(Error::Internal))
}

fn entry(row: &IdentityRow, now: UnixMillis) -> Option<Entry> {
    if row.state == IdentityState::Revoked {
        return None;
    }
    // An identity that never logged in counts from its creation.
    let seen_ms = row
        .last_login_day
        .map_or(row.created_at, |day| day.saturating_mul(DAY_MS));
    let silent = now.0.saturating_sub(seen_ms) > i64::try_from(INACTIVE_AFTER.as_millis()).ok()?;
    Some(Entry {
        identity: row.identity,
        public_key: row.public_key,
        feature_mask: row.feature_mask,
        is_active: !silent,
        is_work: row.kind == IdentityKind::Work,
    })
}

/// Eight characters of 36, each equally likely; special identities, with their asterisk, are never
/// drawn.
fn draw(rng: &mut impl CryptoRng) -> Identity {
    let mut characters = [0; Identity::BYTES];
    let mut filled = 0;
    while filled < characters.len() {
        for byte in random::<16>(rng) {
            // 252 is the largest multiple of 36 in a byte: above it the choice would be uneven.
            if byte < 252 && filled < characters.len() {
                characters[filled] = ALPHABET[usize::from(byte % 36)];
                filled += 1;
            }
        }
    }
    Identity::try_from(characters).expect("invariant: the alphabet is that of identities")
}

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// With 36^8 identities even the second draw is unlikely.
const DRAWS_MAX: usize = 16;
const DAY_MS: i64 = 24 * 3600 * 1000;
/// protocol.md F2, U9.
const INACTIVE_AFTER: Duration = Duration::from_hours(90 * 24);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use dreiklang_crypto::SeededRng;

    use super::*;

    #[test]
    fn drawn_identities_are_plain_and_use_the_whole_alphabet() {
        let mut rng = SeededRng::new(1);
        let drawn: Vec<_> = (0..500).map(|_| draw(&mut rng)).collect();
        assert!(drawn.iter().all(|it| !it.is_special()));
        assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 500);
        let characters: BTreeSet<_> = drawn.iter().flat_map(|it| *it.as_bytes()).collect();
        assert_eq!(characters.len(), 36);
    }
}
