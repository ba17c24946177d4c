//! Parameters for apps (`th_…`): of the instance, of an organisation, of one credential.

use std::collections::BTreeMap;

use crate::{
    CredentialId, OrgId, Read, Result, Tx,
    sql::{Value, twins},
};

/// For whom a parameter is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MdmScope {
    /// Every organisation of this instance.
    Instance,
    /// Every member of an organisation.
    Org(OrgId),
    /// Whoever came with a credential.
    Credential(OrgId, CredentialId),
}

impl MdmScope {
    /// The columns `org` and `credential`.
    fn columns(&self) -> [Value<'_>; 2] {
        match self {
            Self::Instance => [Value::Text(""), Value::Text("")],
            Self::Org(org) => [Value::Text(org.as_str()), Value::Text("")],
            Self::Credential(org, credential) => {
                [Value::Text(org.as_str()), Value::Text(credential.as_str())]
            }
        }
    }
}

/// The parameters of one scope: names and JSON scalars.
pub type MdmValues = BTreeMap<String, String>;

/// The three levels that make up what one app gets; the narrower wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MdmLevels {
    /// Of the instance.
    pub instance: MdmValues,
    /// Of the organisation.
    pub org: MdmValues,
    /// Of the credential.
    pub credential: MdmValues,
}

impl MdmLevels {
    /// One map in which the narrower level wins.
    pub fn merged(self) -> MdmValues {
        let mut merged = self.instance;
        merged.extend(self.org);
        merged.extend(self.credential);
        merged
    }
}

impl Read<'_> {
    /// The parameters of one scope.
    pub async fn mdm_at(&self, scope: &MdmScope) -> Result<MdmValues> {
        let sql = "SELECT name, value FROM mdm WHERE org = $1 AND credential = $2";
        let rows = self
            .rows(sql, &scope.columns(), |row| {
                Ok((row.text(0)?, row.text(1)?))
            })
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// All three levels for whoever came with a credential, or for an organisation as a whole.
    pub async fn mdm(&self, org: OrgId, credential: Option<CredentialId>) -> Result<MdmLevels> {
        let credential = match credential {
            None => MdmValues::new(),
            Some(id) => self.mdm_at(&MdmScope::Credential(org, id)).await?,
        };
        Ok(MdmLevels {
            instance: self.mdm_at(&MdmScope::Instance).await?,
            org: self.mdm_at(&MdmScope::Org(org)).await?,
            credential,
        })
    }
}

twins! {
    fn mdm_at(scope: MdmScope) -> MdmValues = |read| read.mdm_at(&scope);
    fn mdm(org: OrgId, credential: Option<CredentialId>) -> MdmLevels =
        |read| read.mdm(org, credential);
}

impl Tx<'_> {
    /// Sets a parameter to a JSON scalar. Says whether it was not set before.
    pub async fn set_mdm(&self, scope: &MdmScope, name: &str, json: &str) -> Result<bool> {
        let is_new = !self.mdm_at(scope).await?.contains_key(name);
        let [org, credential] = scope.columns();
        self.execute(
            "INSERT INTO mdm (org, credential, name, value) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org, credential, name) DO UPDATE SET value = excluded.value",
            &[org, credential, Value::Text(name), Value::Text(json)],
        )
        .await?;
        Ok(is_new)
    }

    /// Removes a parameter. Says whether it was set.
    pub async fn unset_mdm(&self, scope: &MdmScope, name: &str) -> Result<bool> {
        let [org, credential] = scope.columns();
        let sql = "DELETE FROM mdm WHERE org = $1 AND credential = $2 AND name = $3";
        let values = [org, credential, Value::Text(name)];
        Ok(self.execute(sql, &values).await? == 1)
    }
}
