//! Credentials: the licences of an organisation, a username and a password each.

use dreiklang_wire::id::Identity;

use crate::{
    CredentialId, Error, OrgId, Read, Result, Tx,
    sql::{Row, Value, count, time, twins},
};

/// A credential as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its ten characters.
    pub id: CredentialId,
    /// Whose it is.
    pub org: OrgId,
    /// What people type, as the administrator spelled it.
    pub username: String,
    /// How a password is checked; only the server knows the format.
    pub password: Vec<u8>,
    /// Whether several identities may use it; otherwise the first one locks it.
    pub is_shared: bool,
    /// How many identities may share it; 0: any number.
    pub uses_max: u64,
    /// The identity that has locked it.
    pub identity: Option<Identity>,
    /// When an administrator took it back, in milliseconds.
    pub withdrawn_at: Option<i64>,
    /// When it ends, in milliseconds.
    pub expires_at: Option<i64>,
    /// When an app last proved it, in milliseconds.
    pub last_check_at: Option<i64>,
    /// When it was made, in milliseconds.
    pub created_at: i64,
}

impl core::fmt::Debug for Credential {
    /// Leaves out what a password is checked with.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .field("org", &self.org)
            .finish_non_exhaustive()
    }
}

impl Credential {
    /// Whether nobody has taken it back and its time is not over.
    pub fn is_valid_at(&self, now: i64) -> bool {
        self.withdrawn_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A credential to be made.
#[derive(Clone)]
pub struct NewCredential {
    /// A random id that was never used before.
    pub id: CredentialId,
    /// Whose it is.
    pub org: OrgId,
    /// What people type; nobody else on this instance may have it in any case of letters.
    pub username: String,
    /// How a password is checked.
    pub password: Vec<u8>,
    /// Whether several identities may use it.
    pub is_shared: bool,
    /// How many identities may share it; 0: any number.
    pub uses_max: u64,
    /// When it ends, in milliseconds.
    pub expires_at: Option<i64>,
    /// When, in milliseconds.
    pub created_at: i64,
}

/// What became of a [`NewCredential`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialCreated {
    /// It exists now.
    Yes,
    /// Somebody on this instance has that username already.
    UsernameTaken,
}

/// What became of changes to a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialUpdated {
    /// They are stored.
    Yes,
    /// Somebody on this instance has that username already.
    UsernameTaken,
    /// The organisation has no such credential.
    Unknown,
}

/// Which credentials a list shows.
#[derive(Clone, Debug, Default)]
pub struct CredentialFilter {
    /// Those whose username contains this, in any case of letters; empty: all.
    pub username: String,
    /// Those that are (not) withdrawn.
    pub is_withdrawn: Option<bool>,
}

/// The one spelling under which usernames are compared.
pub fn username_key(username: &str) -> String {
    username.trim().to_lowercase()
}

impl Read<'_> {
    /// Looks a credential of an organisation up.
    pub async fn credential(&self, org: OrgId, id: &CredentialId) -> Result<Option<Credential>> {
        let values = [Value::Text(id.as_str()), Value::Text(org.as_str())];
        self.row(FIND, &values, from_row).await
    }

    /// Finds a credential, and with it the organisation, by what somebody typed.
    pub async fn credential_by_username(&self, username: &str) -> Result<Option<Credential>> {
        let key = username_key(username);
        self.row(FIND_BY_USERNAME, &[Value::Text(&key)], from_row)
            .await
    }

    /// One page of an organisation's credentials by username, pages counted from 0, and how many
    /// there are on all pages.
    pub async fn credentials_page(
        &self,
        org: OrgId,
        filter: &CredentialFilter,
        page: u64,
        size: u64,
    ) -> Result<(Vec<Credential>, u64)> {
        let part = like(&username_key(&filter.username));
        let state = filter.is_withdrawn.map_or(2, i64::from);
        let wanted = [
            Value::Text(org.as_str()),
            Value::Text(&part),
            Value::Number(state),
        ];
        let total = self.number(COUNT, &wanted).await?;
        let [org, part, state] = wanted;
        let (size, skipped) = window(page, size);
        let values = [
            org,
            part,
            state,
            Value::Number(size),
            Value::Number(skipped),
        ];
        Ok((self.rows(PAGE, &values, from_row).await?, count(total)))
    }
}

twins! {
    fn credential(org: OrgId, id: CredentialId) -> Option<Credential> =
        |read| read.credential(org, &id);
    fn credential_by_username(username: String) -> Option<Credential> =
        |read| read.credential_by_username(&username);
    fn credentials_page(org: OrgId, filter: CredentialFilter, page: u64, size: u64)
        -> (Vec<Credential>, u64) = |read| read.credentials_page(org, &filter, page, size);
}

impl Tx<'_> {
    /// Makes a credential.
    pub async fn create_credential(&self, new: &NewCredential) -> Result<CredentialCreated> {
        if self.org(new.org).await?.is_none() {
            return Err(Error::Invalid("there is no such organisation"));
        }
        let key = username_key(&new.username);
        if key.is_empty() {
            return Err(Error::Invalid("a username is needed"));
        }
        if self.credential_by_username(&key).await?.is_some() {
            return Ok(CredentialCreated::UsernameTaken);
        }
        self.execute(
            "INSERT INTO credentials
             (id, org, username, username_key, password, is_shared, uses_max, identity,
              withdrawn_at, expires_at, last_check_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, $8, 0, $9)",
            &[
                Value::Text(new.id.as_str()),
                Value::Text(new.org.as_str()),
                Value::Text(new.username.trim()),
                Value::Text(&key),
                Value::Bytes(&new.password),
                Value::Number(i64::from(new.is_shared)),
                Value::Number(i64::try_from(new.uses_max).unwrap_or(i64::MAX)),
                Value::Number(new.expires_at.unwrap_or(0)),
                Value::Number(new.created_at),
            ],
        )
        .await?;
        Ok(CredentialCreated::Yes)
    }

    /// Replaces username, password, sharing and end; who has locked it and its dates stay.
    pub async fn update_credential(&self, changed: &Credential) -> Result<CredentialUpdated> {
        let key = username_key(&changed.username);
        if key.is_empty() {
            return Err(Error::Invalid("a username is needed"));
        }
        let holder = self.credential_by_username(&key).await?;
        if holder.is_some_and(|holder| holder.id != changed.id) {
            return Ok(CredentialUpdated::UsernameTaken);
        }
        let updated = self
            .execute(
                "UPDATE credentials
                 SET username = $3, username_key = $4, password = $5, is_shared = $6,
                     uses_max = $7, expires_at = $8
                 WHERE id = $1 AND org = $2",
                &[
                    Value::Text(changed.id.as_str()),
                    Value::Text(changed.org.as_str()),
                    Value::Text(changed.username.trim()),
                    Value::Text(&key),
                    Value::Bytes(&changed.password),
                    Value::Number(i64::from(changed.is_shared)),
                    Value::Number(i64::try_from(changed.uses_max).unwrap_or(i64::MAX)),
                    Value::Number(changed.expires_at.unwrap_or(0)),
                ],
            )
            .await?;
        Ok(match updated {
            0 => CredentialUpdated::Unknown,
            _ => CredentialUpdated::Yes,
        })
    }

    /// Takes a credential back at a time, or gives it back with 0. Says whether it exists.
    pub async fn withdraw_credential(
        &self,
        org: OrgId,
        id: &CredentialId,
        at: i64,
    ) -> Result<bool> {
        let sql = "UPDATE credentials SET withdrawn_at = $3 WHERE id = $1 AND org = $2";
        let values = [
            Value::Text(id.as_str()),
            Value::Text(org.as_str()),
            Value::Number(at),
        ];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Deletes a credential with its parameters and activations. Members who came with it stay,
    /// without access. Says whether it existed.
    pub async fn delete_credential(&self, org: OrgId, id: &CredentialId) -> Result<bool> {
        let values = [Value::Text(id.as_str()), Value::Text(org.as_str())];
        let sql = "DELETE FROM credentials WHERE id = $1 AND org = $2";
        if self.execute(sql, &values).await? == 0 {
            return Ok(false);
        }
        let sql = "DELETE FROM mdm WHERE credential = $1 AND org = $2";
        self.execute(sql, &values).await?;
        let sql = "DELETE FROM activations WHERE credential = $1";
        self.execute(sql, &[Value::Text(id.as_str())]).await?;
        Ok(true)
    }

    /// Notes that an app has proved it. Says whether it exists.
    pub async fn note_credential_check(&self, id: &CredentialId, at: i64) -> Result<bool> {
        let sql = "UPDATE credentials SET last_check_at = $2 WHERE id = $1";
        let values = [Value::Text(id.as_str()), Value::Number(at)];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Locks a single-user credential for an identity, or unlocks all of an identity.
    pub(crate) async fn lock_credential(&self, id: &CredentialId, to: Identity) -> Result<()> {
        self.execute(
            "UPDATE credentials SET identity = $2 WHERE id = $1 AND is_shared = 0",
            &[Value::Text(id.as_str()), Value::Text(to.as_str())],
        )
        .await?;
        Ok(())
    }

    /// Gives the credential free that an identity has locked.
    pub(crate) async fn free_credential(&self, identity: Identity) -> Result<()> {
        let sql = "UPDATE credentials SET identity = '' WHERE identity = $1";
        self.execute(sql, &[Value::Text(identity.as_str())]).await?;
        Ok(())
    }
}

/// A pattern for texts that contain another, whatever characters that one has.
pub(crate) fn like(part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for character in part.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// How many rows a page has at most and how many come before it.
pub(crate) fn window(page: u64, size: u64) -> (i64, i64) {
    let skipped = page.saturating_mul(size);
    (
        i64::try_from(size).unwrap_or(i64::MAX),
        i64::try_from(skipped).unwrap_or(i64::MAX),
    )
}

fn from_row(row: &Row<'_>) -> Result<Credential> {
    Ok(Credential {
        id: row.parsed(0, "a credential")?,
        org: row.parsed(1, "an organisation")?,
        username: row.text(2)?,
        password: row.bytes(3)?.to_vec(),
        is_shared: row.flag(4)?,
        uses_max: count(row.number(5)?),
        identity: row.parsed_unless_empty(6, "an identity")?,
        withdrawn_at: time(row.number(7)?),
        expires_at: time(row.number(8)?),
        last_check_at: time(row.number(9)?),
        created_at: row.number(10)?,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, org, username, password, is_shared, uses_max, identity, withdrawn_at, ",
            "expires_at, last_check_at, created_at FROM credentials ",
            $rest
        )
    };
}

/// The condition of a list: organisation, part of the username, withdrawn or not or either.
macro_rules! listed {
    ($start:literal, $end:literal) => {
        concat!(
            $start,
            " FROM credentials WHERE org = $1 AND username_key LIKE $2 ESCAPE '!' ",
            "AND (CAST($3 AS BIGINT) = 2 OR ",
            "CAST($3 AS BIGINT) = CASE WHEN withdrawn_at = 0 THEN 0 ELSE 1 END) ",
            $end
        )
    };
}

const FIND: &str = select!("WHERE id = $1 AND org = $2");
const FIND_BY_USERNAME: &str = select!("WHERE username_key = $1");
const COUNT: &str = listed!("SELECT count(*)", "");
const PAGE: &str = listed!(
    "SELECT id, org, username, password, is_shared, uses_max, identity, withdrawn_at,
     expires_at, last_check_at, created_at",
    "ORDER BY username_key LIMIT $4 OFFSET $5"
);
