//! Contacts that an organisation manages for its members, inside and outside of it.

use dreiklang_wire::id::Identity;

use crate::{
    CategoryId, Error, OrgId, Read, Result, Tx,
    credentials::window,
    sql::{Row, Value, count, twins},
};

/// How a contact came into the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// Made for a member; goes when the member is detached.
    Auto,
    /// Made by an administrator.
    Custom,
}

/// A managed contact as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// Whose list it is in.
    pub org: OrgId,
    /// Who it is.
    pub identity: Identity,
    /// As the administrator typed.
    pub first_name: String,
    /// As the administrator typed.
    pub last_name: String,
    /// How it came into the list.
    pub kind: ContactKind,
    /// Whether members get it.
    pub is_enabled: bool,
    /// When it was made, in milliseconds.
    pub created_at: i64,
}

impl core::fmt::Debug for Contact {
    /// Leaves the names out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Contact")
            .field("org", &self.org)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Read<'_> {
    /// Looks a contact of an organisation up.
    pub async fn contact(&self, org: OrgId, identity: Identity) -> Result<Option<Contact>> {
        let values = [Value::Text(org.as_str()), Value::Text(identity.as_str())];
        self.row(FIND, &values, from_row).await
    }

    /// One page of an organisation's contacts by identity, pages counted from 0, and how many
    /// there are on all pages; of one category if that is named.
    pub async fn contacts_page(
        &self,
        org: OrgId,
        category: Option<&CategoryId>,
        page: u64,
        size: u64,
    ) -> Result<(Vec<Contact>, u64)> {
        let category = Value::Text(category.map_or("", CategoryId::as_str));
        let org = Value::Text(org.as_str());
        let total = self.number(COUNT, &[org, category]).await?;
        let (size, skipped) = window(page, size);
        let values = [org, category, Value::Number(size), Value::Number(skipped)];
        Ok((self.rows(PAGE, &values, from_row).await?, count(total)))
    }

    /// The contacts that members get, in alphabetical order of their identities.
    pub async fn enabled_contacts(&self, org: OrgId) -> Result<Vec<Contact>> {
        self.rows(ENABLED, &[Value::Text(org.as_str())], from_row)
            .await
    }

    /// Whether members of an organisation get this contact: inside of a closed group it may write.
    pub async fn is_enabled_contact(&self, org: OrgId, identity: Identity) -> Result<bool> {
        let found = self.contact(org, identity).await?;
        Ok(found.is_some_and(|contact| contact.is_enabled))
    }
}

twins! {
    fn contact(org: OrgId, identity: Identity) -> Option<Contact> =
        |read| read.contact(org, identity);
    fn contacts_page(org: OrgId, category: Option<CategoryId>, page: u64, size: u64)
        -> (Vec<Contact>, u64) =
        |read| read.contacts_page(org, category.as_ref(), page, size);
    fn enabled_contacts(org: OrgId) -> Vec<Contact> = |read| read.enabled_contacts(org);
    fn is_enabled_contact(org: OrgId, identity: Identity) -> bool =
        |read| read.is_enabled_contact(org, identity);
}

impl Tx<'_> {
    /// Puts a contact into the list of its organisation. Says whether it was not there before; then
    /// nothing is changed.
    pub async fn create_contact(&self, new: &Contact) -> Result<bool> {
        if self.org(new.org).await?.is_none() {
            return Err(Error::Invalid("there is no such organisation"));
        }
        let made = self
            .execute(
                "INSERT INTO contacts
                 (org, identity, first_name, last_name, kind, is_enabled, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT DO NOTHING",
                &[
                    Value::Text(new.org.as_str()),
                    Value::Text(new.identity.as_str()),
                    Value::Text(&new.first_name),
                    Value::Text(&new.last_name),
                    Value::Number(match new.kind {
                        ContactKind::Auto => 0,
                        ContactKind::Custom => 1,
                    }),
                    Value::Number(i64::from(new.is_enabled)),
                    Value::Number(new.created_at),
                ],
            )
            .await?;
        Ok(made == 1)
    }

    /// Replaces the names of a contact and whether members get it. Says whether it exists.
    pub async fn update_contact(&self, changed: &Contact) -> Result<bool> {
        let updated = self
            .execute(
                "UPDATE contacts SET first_name = $3, last_name = $4, is_enabled = $5
                 WHERE org = $1 AND identity = $2",
                &[
                    Value::Text(changed.org.as_str()),
                    Value::Text(changed.identity.as_str()),
                    Value::Text(&changed.first_name),
                    Value::Text(&changed.last_name),
                    Value::Number(i64::from(changed.is_enabled)),
                ],
            )
            .await?;
        Ok(updated == 1)
    }

    /// Takes a contact off the list. One who is no member leaves its categories too. Says whether
    /// it was there.
    pub async fn delete_contact(&self, org: OrgId, identity: Identity) -> Result<bool> {
        let values = [Value::Text(org.as_str()), Value::Text(identity.as_str())];
        let sql = "DELETE FROM contacts WHERE org = $1 AND identity = $2";
        if self.execute(sql, &values).await? == 0 {
            return Ok(false);
        }
        if self
            .member(identity)
            .await?
            .is_none_or(|member| member.org != org)
        {
            let sql = "DELETE FROM contact_categories WHERE org = $1 AND identity = $2";
            self.execute(sql, &values).await?;
        }
        Ok(true)
    }
}

fn from_row(row: &Row<'_>) -> Result<Contact> {
    Ok(Contact {
        org: row.parsed(0, "an organisation")?,
        identity: row.parsed(1, "an identity")?,
        first_name: row.text(2)?,
        last_name: row.text(3)?,
        kind: match row.number(4)? {
            0 => ContactKind::Auto,
            1 => ContactKind::Custom,
            _ => return Err(Error::Corrupt("the kind of a contact".to_owned())),
        },
        is_enabled: row.flag(5)?,
        created_at: row.number(6)?,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.org, c.identity, c.first_name, c.last_name, c.kind, c.is_enabled, ",
            "c.created_at FROM contacts c ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE c.org = $1 AND c.identity = $2");
const ENABLED: &str = select!("WHERE c.org = $1 AND c.is_enabled = 1 ORDER BY c.identity");
const COUNT: &str = "SELECT count(*) FROM contacts c WHERE c.org = $1 AND ($2 = '' OR EXISTS
     (SELECT 1 FROM contact_categories g
      WHERE g.org = c.org AND g.identity = c.identity AND g.category = $2))";
const PAGE: &str = select!(
    "WHERE c.org = $1 AND ($2 = '' OR EXISTS
     (SELECT 1 FROM contact_categories g
      WHERE g.org = c.org AND g.identity = c.identity AND g.category = $2))
     ORDER BY c.identity LIMIT $3 OFFSET $4"
);
