//! Identities: issued once, ever; one key each; revoked stays revoked.

use dreiklang_crypto::{PublicKey, kdf::blake2b_plain};
use dreiklang_wire::id::{DeviceCookie, Identity};

use crate::{
    Error, Read, Result, Store, Tx,
    sql::{Row, Value, time},
};

/// Who issued an identity to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    /// A person's own.
    Private,
    /// One of an organisation's members.
    Work,
}

impl IdentityKind {
    /// How it is stored.
    fn number(self) -> i64 {
        match self {
            Self::Private => 0,
            Self::Work => 1,
        }
    }
}

/// What the directory says about an identity (protocol: 0, 1 and 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityState {
    /// In use.
    Active,
    /// Not seen for long.
    Inactive,
    /// Revoked for ever.
    Revoked,
}

/// An identity to be issued or taken over.
#[derive(Clone, Debug)]
pub struct NewIdentity {
    /// Its eight characters.
    pub identity: Identity,
    /// The client key.
    pub public_key: PublicKey,
    /// Private or work.
    pub kind: IdentityKind,
    /// When, in milliseconds of the epoch.
    pub created_at: i64,
}

/// What became of a [`NewIdentity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It exists now.
    Yes,
    /// Those characters were issued before, maybe to somebody who revoked them.
    IdentityTaken,
    /// Another identity has that key, or had it before it was revoked.
    KeyTaken,
}

/// An identity as stored.
#[derive(Clone)]
pub struct IdentityRow {
    /// Its eight characters.
    pub identity: Identity,
    /// The client key.
    pub public_key: PublicKey,
    /// Private or work.
    pub kind: IdentityKind,
    /// Active, inactive or revoked.
    pub state: IdentityState,
    /// What its clients can do.
    pub feature_mask: u64,
    /// When it was issued, in milliseconds.
    pub created_at: i64,
    /// Whether it was taken over from another instance.
    pub imported: bool,
    /// Days of the epoch at its last login; `None` before the first.
    pub last_login_day: Option<i64>,
    /// When it was revoked, in milliseconds.
    pub revoked_at: Option<i64>,
    /// The revocation key and when it was set, in milliseconds.
    pub revocation_key: Option<([u8; 4], i64)>,
    /// Whether its clients must be told that another device logged in.
    pub device_cookie_changed: bool,
    /// When it was erased, in milliseconds. Then `public_key` is a hash of its key, to which
    /// nobody has a secret.
    pub erased_at: Option<i64>,
}

impl core::fmt::Debug for IdentityRow {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("IdentityRow")
            .field("identity", &self.identity)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// How many identities there are, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdentityCounts {
    /// In use.
    pub active: u64,
    /// Not seen for long.
    pub inactive: u64,
    /// Revoked.
    pub revoked: u64,
}

impl Read<'_> {
    /// Looks an identity up, revoked or not.
    pub async fn identity(&self, identity: Identity) -> Result<Option<IdentityRow>> {
        self.row(FIND, &[Value::Text(identity.as_str())], from_row)
            .await
    }

    /// Looks up whom a key belongs or belonged to, erased or not.
    pub async fn identity_by_key(&self, key: PublicKey) -> Result<Option<IdentityRow>> {
        let erased = erased_key(key);
        let values = [Value::Bytes(key.as_bytes()), Value::Bytes(&erased)];
        self.row(FIND_BY_KEY, &values, from_row).await
    }

    /// Looks many identities up; those that do not exist are left out.
    pub async fn identities(&self, identities: &[Identity]) -> Result<Vec<IdentityRow>> {
        let mut found = Vec::with_capacity(identities.len());
        for identity in identities {
            found.extend(self.identity(*identity).await?);
        }
        Ok(found)
    }

    /// Identities after one in alphabetical order, for lists that page through all.
    pub async fn identities_after(
        &self,
        after: Option<Identity>,
        rows_max: usize,
    ) -> Result<Vec<IdentityRow>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        let after = after.as_ref().map_or("", Identity::as_str);
        self.rows(
            PAGE,
            &[Value::Text(after), Value::Number(rows_max)],
            from_row,
        )
        .await
    }

    /// Counts identities by state.
    pub async fn identity_counts(&self) -> Result<IdentityCounts> {
        let mut counts = IdentityCounts::default();
        let sql = "SELECT state, count(*) FROM identities GROUP BY state";
        for (state, count) in self
            .rows(sql, &[], |row| Ok((state(row.number(0)?)?, row.number(1)?)))
            .await?
        {
            let count = u64::try_from(count).unwrap_or(0);
            match state {
                IdentityState::Active => counts.active = count,
                IdentityState::Inactive => counts.inactive = count,
                IdentityState::Revoked => counts.revoked = count,
            }
        }
        Ok(counts)
    }

    /// How many private identities are not revoked.
    pub async fn private_identities(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM identities WHERE kind = 0 AND state <> 2";
        let count = self.row(sql, &[], |row| row.number(0)).await?;
        Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Issues an identity.
    pub async fn create_identity(&self, new: &NewIdentity) -> Result<Created> {
        self.insert_identity(new, false).await
    }

    /// Takes over an identity that another instance issued.
    pub async fn import_identity(&self, new: &NewIdentity) -> Result<Created> {
        self.insert_identity(new, true).await
    }

    async fn insert_identity(&self, new: &NewIdentity, imported: bool) -> Result<Created> {
        // The unique column would not notice the key of an identity that was erased.
        if self.identity_by_key(new.public_key).await?.is_some() {
            return Ok(match self.identity(new.identity).await? {
                Some(_) => Created::IdentityTaken,
                None => Created::KeyTaken,
            });
        }
        let inserted = self
            .execute(
                "INSERT INTO identities
                 (identity, public_key, kind, state, feature_mask, created_at, imported,
                  last_login_day, revoked_at, revocation_key, revocation_key_set_at,
                  device_cookie, device_cookie_changed, erased_at)
                 VALUES ($1, $2, $3, 0, 0, $4, $5, 0, 0, $6, 0, $6, 0, 0)
                 ON CONFLICT DO NOTHING",
                &[
                    Value::Text(new.identity.as_str()),
                    Value::Bytes(new.public_key.as_bytes()),
                    Value::Number(new.kind.number()),
                    Value::Number(new.created_at),
                    Value::Number(i64::from(imported)),
                    Value::Bytes(&[]),
                ],
            )
            .await?;
        Ok(match inserted {
            1 => Created::Yes,
            _ => Created::IdentityTaken,
        })
    }

    /// Replaces the feature mask. Says whether the identity exists and is not revoked.
    pub async fn set_feature_mask(&self, identity: Identity, mask: u64) -> Result<bool> {
        self.change(
            "UPDATE identities SET feature_mask = $2 WHERE identity = $1 AND state <> 2",
            &[
                Value::Text(identity.as_str()),
                Value::Number(mask.cast_signed()),
            ],
        )
        .await
    }

    /// Marks an identity as active or inactive. Says whether it exists and is not revoked.
    pub async fn set_identity_active(&self, identity: Identity, is_active: bool) -> Result<bool> {
        self.change(
            "UPDATE identities SET state = $2 WHERE identity = $1 AND state <> 2",
            &[
                Value::Text(identity.as_str()),
                Value::Number(i64::from(!is_active)),
            ],
        )
        .await
    }

    /// Replaces the revocation key. Says whether the identity exists and is not revoked.
    pub async fn set_revocation_key(
        &self,
        identity: Identity,
        key: [u8; 4],
        at: i64,
    ) -> Result<bool> {
        self.change(
            "UPDATE identities SET revocation_key = $2, revocation_key_set_at = $3
             WHERE identity = $1 AND state <> 2",
            &[
                Value::Text(identity.as_str()),
                Value::Bytes(&key),
                Value::Number(at),
            ],
        )
        .await
    }

    /// Makes an identity a private one or one of an organisation. Says whether it exists and is
    /// not revoked. Which organisation has detached it stays known: an app that was left behind
    /// there still has a licence, and must not take back by itself what moved away.
    pub async fn set_identity_kind(&self, identity: Identity, kind: IdentityKind) -> Result<bool> {
        // The app that it leaves is not woken for what it cannot fetch any more.
        self.delete_push_endpoint(identity).await?;
        self.change(
            "UPDATE identities SET kind = $2 WHERE identity = $1 AND state <> 2",
            &[Value::Text(identity.as_str()), Value::Number(kind.number())],
        )
        .await
    }

    /// Revokes an identity for ever and deletes what waits for it, its seat, its links and its
    /// remote secret. The row and its key stay, so that neither is ever issued again. Says
    /// whether it was not revoked before.
    pub async fn revoke_identity(&self, identity: Identity, at: i64) -> Result<bool> {
        let revoked = self
            .change(
                "UPDATE identities
                 SET state = 2, revoked_at = $2, feature_mask = 0, revocation_key = $3,
                     revocation_key_set_at = 0, device_cookie = $3, device_cookie_changed = 0
                 WHERE identity = $1 AND state <> 2",
                &[
                    Value::Text(identity.as_str()),
                    Value::Number(at),
                    Value::Bytes(&[]),
                ],
            )
            .await?;
        self.purge_messages(identity).await?;
        // Whoever revokes their own identity must not thereby lift a withdrawal: the licence that
        // gets free would let them in again under a new one.
        self.execute(
            "UPDATE credentials SET withdrawn_at = $2
             WHERE identity = $1 AND is_shared = 0 AND withdrawn_at = 0 AND EXISTS
             (SELECT 1 FROM members m WHERE m.identity = $1 AND m.withdrawn_at > 0)",
            &[Value::Text(identity.as_str()), Value::Number(at)],
        )
        .await?;
        self.leave_for_ever(identity).await?;
        Ok(revoked)
    }

    /// Notes a login and compares the device cookie (`csp.struct.yml`, device-cookie): the first is
    /// remembered; a different one, or none where one is known, raises the flag, which
    /// stays until it is cleared. Says whether the flag is raised; `None` if there is no such
    /// identity or it is revoked.
    pub async fn note_login(
        &self,
        identity: Identity,
        day: i64,
        cookie: Option<DeviceCookie>,
    ) -> Result<Option<bool>> {
        let known = self
            .row(
                "SELECT device_cookie, device_cookie_changed FROM identities
                 WHERE identity = $1 AND state <> 2",
                &[Value::Text(identity.as_str())],
                |row| Ok((row.bytes(0)?.to_vec(), row.flag(1)?)),
            )
            .await?;
        let Some((known, was_changed)) = known else {
            return Ok(None);
        };
        // A client that sends no cookie counts as one that sends zeros, once one is known.
        let offered = cookie.unwrap_or(DeviceCookie::from([0; DeviceCookie::BYTES]));
        let stored = if known.is_empty() && cookie.is_none() {
            &[][..]
        } else {
            offered.as_bytes()
        };
        let differs =
            !known.is_empty() && !dreiklang_crypto::constant_time_eq(&known, offered.as_bytes());
        let is_changed = was_changed || differs;
        if differs {
            // It is another device's; this one says its own.
            self.delete_push_endpoint(identity).await?;
        }
        self.execute(
            "UPDATE identities
             SET last_login_day = $2, state = 0, device_cookie = $3, device_cookie_changed = $4
             WHERE identity = $1",
            &[
                Value::Text(identity.as_str()),
                Value::Number(day),
                Value::Bytes(stored),
                Value::Number(i64::from(is_changed)),
            ],
        )
        .await?;
        Ok(Some(is_changed))
    }

    /// Clears the flag after a client has shown the warning.
    pub async fn clear_cookie_flag(&self, identity: Identity) -> Result<bool> {
        self.change(
            "UPDATE identities SET device_cookie_changed = 0 WHERE identity = $1",
            &[Value::Text(identity.as_str())],
        )
        .await
    }

    async fn change(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool> {
        Ok(self.execute(sql, values).await? > 0)
    }
}

impl Store {
    /// See [`Read::identity`].
    pub async fn identity(&self, identity: Identity) -> Result<Option<IdentityRow>> {
        self.read(move |read| Box::pin(read.identity(identity)))
            .await
    }

    /// See [`Read::identity_by_key`].
    pub async fn identity_by_key(&self, key: PublicKey) -> Result<Option<IdentityRow>> {
        self.read(move |read| Box::pin(read.identity_by_key(key)))
            .await
    }

    /// See [`Read::identities`].
    pub async fn identities(&self, identities: Vec<Identity>) -> Result<Vec<IdentityRow>> {
        self.read(move |read| Box::pin(async move { read.identities(&identities).await }))
            .await
    }

    /// See [`Read::identities_after`].
    pub async fn identities_after(
        &self,
        after: Option<Identity>,
        rows_max: usize,
    ) -> Result<Vec<IdentityRow>> {
        self.read(move |read| Box::pin(read.identities_after(after, rows_max)))
            .await
    }

    /// See [`Read::private_identities`].
    pub async fn private_identities(&self) -> Result<u64> {
        self.read(move |read| Box::pin(read.private_identities()))
            .await
    }

    /// See [`Read::identity_counts`].
    pub async fn identity_counts(&self) -> Result<IdentityCounts> {
        self.read(move |read| Box::pin(read.identity_counts()))
            .await
    }
}

fn from_row(row: &Row<'_>) -> Result<IdentityRow> {
    let revocation_key = row.bytes(9)?;
    let revocation_key = if revocation_key.is_empty() {
        None
    } else {
        Some((row.array(9)?, row.number(10)?))
    };
    Ok(IdentityRow {
        identity: row.text(0)?.parse().map_err(|_| corrupt("an identity"))?,
        public_key: PublicKey::from_bytes(row.array(1)?).map_err(|_| corrupt("a public key"))?,
        kind: kind(row.number(2)?)?,
        state: state(row.number(3)?)?,
        feature_mask: row.number(4)?.cast_unsigned(),
        created_at: row.number(5)?,
        imported: row.flag(6)?,
        last_login_day: Some(row.number(7)?).filter(|day| *day != 0),
        revoked_at: Some(row.number(8)?).filter(|at| *at != 0),
        revocation_key,
        device_cookie_changed: row.flag(11)?,
        erased_at: time(row.number(12)?),
    })
}

pub(crate) fn kind(number: i64) -> Result<IdentityKind> {
    match number {
        0 => Ok(IdentityKind::Private),
        1 => Ok(IdentityKind::Work),
        _ => Err(corrupt("the kind of an identity")),
    }
}

pub(crate) fn state(number: i64) -> Result<IdentityState> {
    match number {
        0 => Ok(IdentityState::Active),
        1 => Ok(IdentityState::Inactive),
        2 => Ok(IdentityState::Revoked),
        _ => Err(corrupt("the state of an identity")),
    }
}

/// What stays of the key of an erased identity: a hash, so that the key is never taken again. Its
/// highest bit is cleared, because every key is stored like that.
pub(crate) fn erased_key(key: PublicKey) -> [u8; 32] {
    let mut hash = blake2b_plain::<32>(key.as_bytes());
    hash[31] &= 0x7f;
    hash
}

fn corrupt(what: &str) -> Error {
    Error::Corrupt(format!("{what} cannot be understood"))
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT identity, public_key, kind, state, feature_mask, created_at, imported, ",
            "last_login_day, revoked_at, revocation_key, revocation_key_set_at, ",
            "device_cookie_changed, erased_at FROM identities ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE identity = $1");
const FIND_BY_KEY: &str = select!("WHERE public_key = $1 OR (public_key = $2 AND erased_at <> 0)");
const PAGE: &str = select!("WHERE identity > $1 ORDER BY identity LIMIT $2");
