//! Lists of members: what an administrator filters and what colleagues search.
//!
//! Names are compared here and not in SQL: neither database folds the case of every script.

use std::collections::HashSet;

use dreiklang_wire::id::Identity;

use super::{ALL, Member, from_row};
use crate::{
    CredentialId, OrgId, Read, Result,
    credentials::{like, username_key},
    sql::{Value, twins},
};

/// Which members an administrator's list shows; an empty text and `None` leave all.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// Those who came with this credential.
    pub credential: Option<CredentialId>,
    /// Those who came with a credential whose username contains this.
    pub username: String,
    /// Those whose identity, names, csi, job title, department or category contain every word.
    pub query: String,
}

/// What one colleague asks about others.
#[derive(Clone, Debug, Default)]
pub struct DirectoryQuery {
    /// Every word must be in the identity, the first or the last name; empty: everybody.
    pub text: String,
    /// Those in at least one of these categories; empty: everybody.
    pub categories: Vec<String>,
    /// What comes first.
    pub sort: DirectorySort,
    /// Whether it goes from Z to A.
    pub is_descending: bool,
}

/// By what the answers are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DirectorySort {
    /// By first name.
    #[default]
    FirstName,
    /// By last name.
    LastName,
}

impl Read<'_> {
    /// One page of an organisation's members by identity, pages counted from 0, and how many
    /// there are on all pages.
    pub async fn members_page(
        &self,
        org: OrgId,
        filter: &MemberFilter,
        page: u64,
        size: u64,
    ) -> Result<(Vec<Member>, u64)> {
        let wanted = words(&filter.query);
        let credentials = self.credentials_named(org, &filter.username).await?;
        let mut members = self.all_members(org).await?;
        members.retain(|member| {
            filter.credential.is_none_or(|id| id == member.credential)
                && credentials
                    .as_ref()
                    .is_none_or(|named| named.contains(&member.credential))
                && contains_all(&wanted, &everything(member))
        });
        Ok(cut(members, page, size))
    }

    /// One page of the colleagues that an organisation's directory shows, pages counted from 0,
    /// and how many there are on all pages. Whose access is withdrawn is not shown.
    pub async fn members_search(
        &self,
        org: OrgId,
        query: &DirectoryQuery,
        page: u64,
        size: u64,
    ) -> Result<(Vec<Member>, u64)> {
        let wanted = words(&query.text);
        let chosen = if query.categories.is_empty() {
            None
        } else {
            Some(self.identities_in(org, &query.categories).await?)
        };
        let mut members = self.all_members(org).await?;
        members.retain(|member| {
            member.withdrawn_at.is_none()
                && chosen
                    .as_ref()
                    .is_none_or(|chosen| chosen.contains(&member.identity))
                && contains_all(&wanted, &names(member))
        });
        members.sort_by_cached_key(|member| {
            let profile = &member.profile;
            let first = profile.first_name.to_lowercase();
            let last = profile.last_name.to_lowercase();
            match query.sort {
                DirectorySort::FirstName => (first, last, member.identity),
                DirectorySort::LastName => (last, first, member.identity),
            }
        });
        if query.is_descending {
            members.reverse();
        }
        Ok(cut(members, page, size))
    }

    async fn all_members(&self, org: OrgId) -> Result<Vec<Member>> {
        self.rows(ALL, &[Value::Text(org.as_str())], from_row).await
    }

    /// The credentials whose username contains a text; `None` if the text is empty.
    async fn credentials_named(
        &self,
        org: OrgId,
        part: &str,
    ) -> Result<Option<HashSet<CredentialId>>> {
        let key = username_key(part);
        if key.is_empty() {
            return Ok(None);
        }
        let sql = "SELECT id FROM credentials WHERE org = $1 AND username_key LIKE $2 ESCAPE '!'";
        let pattern = like(&key);
        let values = [Value::Text(org.as_str()), Value::Text(&pattern)];
        let found = self.rows(sql, &values, |row| row.parsed(0, "a credential"));
        Ok(Some(found.await?.into_iter().collect()))
    }

    /// Everybody in at least one of some categories.
    async fn identities_in(&self, org: OrgId, categories: &[String]) -> Result<HashSet<Identity>> {
        let mut found = HashSet::new();
        for category in categories {
            let sql = "SELECT identity FROM contact_categories WHERE org = $1 AND category = $2";
            let values = [Value::Text(org.as_str()), Value::Text(category)];
            let rows = self.rows(sql, &values, |row| row.parsed::<Identity>(0, "an identity"));
            found.extend(rows.await?);
        }
        Ok(found)
    }
}

twins! {
    fn members_page(org: OrgId, filter: MemberFilter, page: u64, size: u64)
        -> (Vec<Member>, u64) = |read| read.members_page(org, &filter, page, size);
    fn members_search(org: OrgId, query: DirectoryQuery, page: u64, size: u64)
        -> (Vec<Member>, u64) = |read| read.members_search(org, &query, page, size);
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

fn contains_all(words: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

/// The texts by which colleagues find a member, kept apart so that no word spans two of them.
fn names(member: &Member) -> String {
    let profile = &member.profile;
    [
        member.identity.as_str(),
        &profile.first_name,
        &profile.last_name,
    ]
    .join("\n")
}

/// The texts by which an administrator finds a member.
fn everything(member: &Member) -> String {
    let profile = &member.profile;
    [
        names(member).as_str(),
        &profile.nickname,
        &profile.csi,
        &profile.job_title,
        &profile.department,
        &profile.category,
    ]
    .join("\n")
}

fn cut(mut members: Vec<Member>, page: u64, size: u64) -> (Vec<Member>, u64) {
    let total = members.len() as u64;
    let skipped = usize::try_from(page.saturating_mul(size)).unwrap_or(usize::MAX);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    members.drain(..skipped.min(members.len()));
    members.truncate(size);
    (members, total)
}
