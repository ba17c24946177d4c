//! Organisations: whose members, credentials and rules belong together.

use crate::{
    Error, OrgId, Read, Result, Tx,
    sql::{Row, Value, count, time, twins},
};

/// An organisation as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Its ten characters.
    pub id: OrgId,
    /// What people call it.
    pub name: String,
    /// What it has booked, such as `enterprise`; only shown.
    pub plan: String,
    /// How many identities may be members; 0: any number.
    pub seats_max: u64,
    /// When its licences end, in milliseconds.
    pub valid_until: Option<i64>,
    /// Where its members find support; may be empty.
    pub support_url: String,
    /// Whether its members may search each other.
    pub directory_enabled: bool,
    /// Whether every member gets all others as contacts.
    pub contacts_auto: bool,
    /// Whether apps mark the contacts that the organisation manages.
    pub contacts_marked: bool,
    /// Whether its members write only to each other and to its enabled contacts.
    pub is_closed_group: bool,
    /// Whether its parameters win over those of another device management.
    pub mdm_override: bool,
    /// How often apps ask for news, in seconds.
    pub check_interval_s: u32,
    /// Messages that its closed group kept out.
    pub messages_dropped: u64,
    /// When it was made, in milliseconds.
    pub created_at: i64,
}

/// An organisation to be made; the switches begin as its defaults say.
#[derive(Clone, Debug)]
pub struct NewOrg {
    /// A random id that was never used before.
    pub id: OrgId,
    /// What people call it.
    pub name: String,
    /// What it has booked.
    pub plan: String,
    /// How many identities may be members; 0: any number.
    pub seats_max: u64,
    /// When its licences end, in milliseconds.
    pub valid_until: Option<i64>,
    /// When, in milliseconds.
    pub created_at: i64,
}

/// What became of the wish to delete an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgDeleted {
    /// It is gone, with its credentials, contacts, parameters, logos and keys.
    Yes,
    /// It still has members: detach or revoke them first.
    HasMembers,
    /// There is none of that name.
    Unknown,
}

/// For which background a logo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoVariant {
    /// A light one.
    Light,
    /// A dark one.
    Dark,
}

impl LogoVariant {
    /// Its name in addresses and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A picture and how old it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The file.
    pub bytes: Vec<u8>,
    /// When it was put here, in milliseconds.
    pub updated_at: i64,
}

impl Read<'_> {
    /// Looks an organisation up.
    pub async fn org(&self, id: OrgId) -> Result<Option<Org>> {
        self.row(FIND, &[Value::Text(id.as_str())], from_row).await
    }

    /// Organisations after one in alphabetical order of their ids, for lists that page.
    pub async fn orgs_after(&self, after: Option<OrgId>, rows_max: usize) -> Result<Vec<Org>> {
        let after = after.as_ref().map_or("", OrgId::as_str);
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        let values = [Value::Text(after), Value::Number(rows_max)];
        self.rows(PAGE, &values, from_row).await
    }

    /// How many identities are members: one seat each, whether or not their access is withdrawn.
    pub async fn org_seats_used(&self, id: OrgId) -> Result<u64> {
        let sql = "SELECT count(*) FROM members WHERE org = $1";
        Ok(count(self.number(sql, &[Value::Text(id.as_str())]).await?))
    }

    /// How many members all organisations have together.
    pub async fn seats_used(&self) -> Result<u64> {
        Ok(count(
            self.number("SELECT count(*) FROM members", &[]).await?,
        ))
    }

    /// A logo.
    pub async fn logo(&self, org: OrgId, variant: LogoVariant) -> Result<Option<Logo>> {
        self.row(
            "SELECT bytes, updated_at FROM logos WHERE org = $1 AND variant = $2",
            &[Value::Text(org.as_str()), Value::Text(variant.as_str())],
            |row| {
                Ok(Logo {
                    bytes: row.bytes(0)?.to_vec(),
                    updated_at: row.number(1)?,
                })
            },
        )
        .await
    }
}

twins! {
    fn org(id: OrgId) -> Option<Org> = |read| read.org(id);
    fn orgs_after(after: Option<OrgId>, rows_max: usize) -> Vec<Org> =
        |read| read.orgs_after(after, rows_max);
    fn org_seats_used(id: OrgId) -> u64 = |read| read.org_seats_used(id);
    fn seats_used() -> u64 = |read| read.seats_used();
    fn logo(org: OrgId, variant: LogoVariant) -> Option<Logo> = |read| read.logo(org, variant);
}

impl Tx<'_> {
    /// Makes an organisation: open to the outside, with a directory, asked once a day.
    pub async fn create_org(&self, new: &NewOrg) -> Result<()> {
        let made = self
            .execute(
                "INSERT INTO orgs
                 (id, name, plan, seats_max, valid_until, support_url, directory_enabled,
                  contacts_auto, contacts_marked, is_closed_group, mdm_override,
                  check_interval_s, messages_dropped, created_at)
                 VALUES ($1, $2, $3, $4, $5, '', 1, 1, 1, 0, 0, $6, 0, $7)
                 ON CONFLICT DO NOTHING",
                &[
                    Value::Text(new.id.as_str()),
                    Value::Text(&new.name),
                    Value::Text(&new.plan),
                    Value::Number(stored(new.seats_max)?),
                    Value::Number(new.valid_until.unwrap_or(0)),
                    Value::Number(CHECK_INTERVAL_S),
                    Value::Number(new.created_at),
                ],
            )
            .await?;
        if made == 1 {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }

    /// Replaces what an administrator may change; not the id, the counter and the day of birth.
    /// Says whether it exists.
    pub async fn update_org(&self, org: &Org) -> Result<bool> {
        let changed = self
            .execute(
                "UPDATE orgs
                 SET name = $2, plan = $3, seats_max = $4, valid_until = $5, support_url = $6,
                     directory_enabled = $7, contacts_auto = $8, contacts_marked = $9,
                     is_closed_group = $10, mdm_override = $11, check_interval_s = $12
                 WHERE id = $1",
                &[
                    Value::Text(org.id.as_str()),
                    Value::Text(&org.name),
                    Value::Text(&org.plan),
                    Value::Number(stored(org.seats_max)?),
                    Value::Number(org.valid_until.unwrap_or(0)),
                    Value::Text(&org.support_url),
                    Value::Number(i64::from(org.directory_enabled)),
                    Value::Number(i64::from(org.contacts_auto)),
                    Value::Number(i64::from(org.contacts_marked)),
                    Value::Number(i64::from(org.is_closed_group)),
                    Value::Number(i64::from(org.mdm_override)),
                    Value::Number(i64::from(org.check_interval_s)),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Deletes an organisation without members and everything that is its own.
    pub async fn delete_org(&self, id: OrgId) -> Result<OrgDeleted> {
        if self.org_seats_used(id).await? > 0 {
            return Ok(OrgDeleted::HasMembers);
        }
        for sql in EMPTY {
            self.execute(sql, &[Value::Text(id.as_str())]).await?;
        }
        let sql = "DELETE FROM orgs WHERE id = $1";
        match self.execute(sql, &[Value::Text(id.as_str())]).await? {
            0 => Ok(OrgDeleted::Unknown),
            _ => Ok(OrgDeleted::Yes),
        }
    }

    /// Counts messages that the closed group kept out.
    pub async fn add_dropped(&self, id: OrgId, messages: u64) -> Result<()> {
        self.execute(
            "UPDATE orgs SET messages_dropped = messages_dropped + $2 WHERE id = $1",
            &[Value::Text(id.as_str()), Value::Number(stored(messages)?)],
        )
        .await?;
        Ok(())
    }

    /// Puts a logo in the place of the one before.
    pub async fn set_logo(
        &self,
        org: OrgId,
        variant: LogoVariant,
        bytes: &[u8],
        at: i64,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO logos (org, variant, bytes, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org, variant)
             DO UPDATE SET bytes = excluded.bytes, updated_at = excluded.updated_at",
            &[
                Value::Text(org.as_str()),
                Value::Text(variant.as_str()),
                Value::Bytes(bytes),
                Value::Number(at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Removes a logo. Says whether there was one.
    pub async fn delete_logo(&self, org: OrgId, variant: LogoVariant) -> Result<bool> {
        let sql = "DELETE FROM logos WHERE org = $1 AND variant = $2";
        let values = [Value::Text(org.as_str()), Value::Text(variant.as_str())];
        Ok(self.execute(sql, &values).await? == 1)
    }
}

fn stored(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|_| Error::Invalid("a number is too large"))
}

fn from_row(row: &Row<'_>) -> Result<Org> {
    Ok(Org {
        id: row.parsed(0, "an organisation")?,
        name: row.text(1)?,
        plan: row.text(2)?,
        seats_max: count(row.number(3)?),
        valid_until: time(row.number(4)?),
        support_url: row.text(5)?,
        directory_enabled: row.flag(6)?,
        contacts_auto: row.flag(7)?,
        contacts_marked: row.flag(8)?,
        is_closed_group: row.flag(9)?,
        mdm_override: row.flag(10)?,
        check_interval_s: u32::try_from(row.number(11)?).unwrap_or(0),
        messages_dropped: count(row.number(12)?),
        created_at: row.number(13)?,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, plan, seats_max, valid_until, support_url, directory_enabled, ",
            "contacts_auto, contacts_marked, is_closed_group, mdm_override, check_interval_s, ",
            "messages_dropped, created_at FROM orgs ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const PAGE: &str = select!("WHERE id > $1 ORDER BY id LIMIT $2");

/// What goes with an organisation, in an order that needs nothing that is gone already.
const EMPTY: [&str; 9] = [
    "DELETE FROM activations
     WHERE credential IN (SELECT id FROM credentials WHERE org = $1)",
    "DELETE FROM credentials WHERE org = $1",
    "DELETE FROM contact_categories WHERE org = $1",
    "DELETE FROM contacts WHERE org = $1",
    "DELETE FROM categories WHERE org = $1",
    "DELETE FROM mdm WHERE org = $1",
    "DELETE FROM logos WHERE org = $1",
    "DELETE FROM api_keys WHERE org = $1",
    "DELETE FROM detached WHERE org = $1",
];

/// Apps ask once a day.
const CHECK_INTERVAL_S: i64 = 86_400;
