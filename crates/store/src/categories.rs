//! Categories: an organisation's names for groups of its members and contacts.

use dreiklang_wire::id::Identity;

use crate::{
    CategoryId, Error, OrgId, Read, Result, Tx,
    sql::{Row, Value, twins},
};

/// Who made a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategorySource {
    /// An administrator.
    Custom,
    /// The parameter `th_category` of somebody.
    Mdm,
}

/// A category as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its ten characters.
    pub id: CategoryId,
    /// Whose it is.
    pub org: OrgId,
    /// What people call it.
    pub name: String,
    /// Who made it.
    pub source: CategorySource,
    /// Whether searches show it.
    pub is_enabled: bool,
}

impl Read<'_> {
    /// Looks a category of an organisation up.
    pub async fn category(&self, org: OrgId, id: &CategoryId) -> Result<Option<Category>> {
        let values = [Value::Text(org.as_str()), Value::Text(id.as_str())];
        self.row(FIND, &values, from_row).await
    }

    /// All categories of an organisation, by name.
    pub async fn categories(&self, org: OrgId) -> Result<Vec<Category>> {
        self.rows(ALL, &[Value::Text(org.as_str())], from_row).await
    }

    /// The categories that a member or a contact is in.
    pub async fn categories_of(&self, org: OrgId, identity: Identity) -> Result<Vec<Category>> {
        let values = [Value::Text(org.as_str()), Value::Text(identity.as_str())];
        self.rows(OF_IDENTITY, &values, from_row).await
    }

    /// Everybody who is in a category.
    pub async fn category_identities(&self, org: OrgId, id: &CategoryId) -> Result<Vec<Identity>> {
        self.rows(
            "SELECT identity FROM contact_categories WHERE org = $1 AND category = $2
             ORDER BY identity",
            &[Value::Text(org.as_str()), Value::Text(id.as_str())],
            |row| row.parsed(0, "an identity"),
        )
        .await
    }
}

twins! {
    fn category(org: OrgId, id: CategoryId) -> Option<Category> = |read| read.category(org, &id);
    fn categories(org: OrgId) -> Vec<Category> = |read| read.categories(org);
    fn categories_of(org: OrgId, identity: Identity) -> Vec<Category> =
        |read| read.categories_of(org, identity);
    fn category_identities(org: OrgId, id: CategoryId) -> Vec<Identity> =
        |read| read.category_identities(org, &id);
}

impl Tx<'_> {
    /// Makes a category.
    pub async fn create_category(&self, new: &Category) -> Result<()> {
        if self.org(new.org).await?.is_none() {
            return Err(Error::Invalid("there is no such organisation"));
        }
        self.execute(
            "INSERT INTO categories (id, org, name, source, is_enabled)
             VALUES ($1, $2, $3, $4, $5)",
            &[
                Value::Text(new.id.as_str()),
                Value::Text(new.org.as_str()),
                Value::Text(&new.name),
                Value::Number(match new.source {
                    CategorySource::Custom => 0,
                    CategorySource::Mdm => 1,
                }),
                Value::Number(i64::from(new.is_enabled)),
            ],
        )
        .await?;
        Ok(())
    }

    /// Replaces the name of a category and whether searches show it. Says whether it exists.
    pub async fn update_category(&self, changed: &Category) -> Result<bool> {
        let sql = "UPDATE categories SET name = $3, is_enabled = $4 WHERE org = $1 AND id = $2";
        let values = [
            Value::Text(changed.org.as_str()),
            Value::Text(changed.id.as_str()),
            Value::Text(&changed.name),
            Value::Number(i64::from(changed.is_enabled)),
        ];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Deletes a category; whoever was in it stays otherwise. Says whether it existed.
    pub async fn delete_category(&self, org: OrgId, id: &CategoryId) -> Result<bool> {
        let values = [Value::Text(org.as_str()), Value::Text(id.as_str())];
        let sql = "DELETE FROM contact_categories WHERE org = $1 AND category = $2";
        self.execute(sql, &values).await?;
        let sql = "DELETE FROM categories WHERE org = $1 AND id = $2";
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Puts a member or a contact of the organisation into one of its categories. Says whether
    /// both exist.
    pub async fn assign_category(
        &self,
        org: OrgId,
        identity: Identity,
        id: &CategoryId,
    ) -> Result<bool> {
        let member = self.member(identity).await?;
        let is_known = member.is_some_and(|member| member.org == org)
            || self.contact(org, identity).await?.is_some();
        if !is_known || self.category(org, id).await?.is_none() {
            return Ok(false);
        }
        self.execute(
            "INSERT INTO contact_categories (org, identity, category) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
            &[
                Value::Text(org.as_str()),
                Value::Text(identity.as_str()),
                Value::Text(id.as_str()),
            ],
        )
        .await?;
        Ok(true)
    }

    /// Takes somebody out of a category. Says whether they were in it.
    pub async fn unassign_category(
        &self,
        org: OrgId,
        identity: Identity,
        id: &CategoryId,
    ) -> Result<bool> {
        let sql = "DELETE FROM contact_categories
                   WHERE org = $1 AND identity = $2 AND category = $3";
        let values = [
            Value::Text(org.as_str()),
            Value::Text(identity.as_str()),
            Value::Text(id.as_str()),
        ];
        Ok(self.execute(sql, &values).await? == 1)
    }
}

fn from_row(row: &Row<'_>) -> Result<Category> {
    Ok(Category {
        id: row.parsed(0, "a category")?,
        org: row.parsed(1, "an organisation")?,
        name: row.text(2)?,
        source: match row.number(3)? {
            0 => CategorySource::Custom,
            1 => CategorySource::Mdm,
            _ => return Err(Error::Corrupt("the source of a category".to_owned())),
        },
        is_enabled: row.flag(4)?,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.org, g.name, g.source, g.is_enabled FROM categories g ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE g.org = $1 AND g.id = $2");
const ALL: &str = select!("WHERE g.org = $1 ORDER BY g.name, g.id");
const OF_IDENTITY: &str = select!(
    "JOIN contact_categories c ON c.category = g.id AND c.org = g.org
     WHERE g.org = $1 AND c.identity = $2 ORDER BY g.name, g.id"
);
