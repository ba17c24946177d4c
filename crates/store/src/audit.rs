//! What administrators did: a chain of hashes, written in the transaction of the act itself.
//!
//! Each act has a hash of its content (salted, so that an erased act cannot be guessed from it) and
//! a hash of that and of the act before. Changing, removing or swapping acts breaks the chain;
//! cutting its end off shows when its head is compared with one that was kept elsewhere. Erasure
//! blanks the content and the salt and keeps both hashes. What is too old is deleted from the
//! beginning; where the chain begins then is a fact of the instance.

use dreiklang_crypto::{SystemRng, constant_time_eq, kdf::blake2b_plain, random};
use dreiklang_wire::id::Identity;

use crate::{
    Error, OrgId, Read, Result, Tx,
    sql::{Row, Value, count, twins},
};

/// An act to be noted.
#[derive(Clone, Copy, Debug)]
pub struct AuditNote<'n> {
    /// When, in milliseconds of the epoch.
    pub at: i64,
    /// Who acted.
    pub actor: &'n str,
    /// What was done, such as `identity.revoke`.
    pub action: &'n str,
    /// For which organisation; `None` for the whole instance.
    pub org: Option<OrgId>,
    /// To whom or what.
    pub subject: &'n str,
    /// What else there is to know, such as names of changed settings; no secrets.
    pub detail: &'n str,
}

impl<'n> AuditNote<'n> {
    /// An act for the whole instance that needs no detail.
    pub fn of_instance(at: i64, actor: &'n str, action: &'n str, subject: &'n str) -> Self {
        Self {
            at,
            actor,
            action,
            org: None,
            subject,
            detail: "",
        }
    }
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in the list.
    pub position: i64,
    /// When, in milliseconds of the epoch.
    pub at: i64,
    /// Who acted; empty once erased.
    pub actor: String,
    /// What was done, such as `identity.revoke`.
    pub action: String,
    /// For which organisation.
    pub org: Option<OrgId>,
    /// To whom or what; empty once erased.
    pub subject: String,
    /// What else there is to know; empty once erased.
    pub detail: String,
    /// Whether its content was erased.
    pub is_erased: bool,
    /// The hash that the next act builds on.
    pub hash: [u8; 32],
}

/// The end of the chain. Keep one elsewhere: a later chain must still have this hash there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// How many acts were ever noted, those counted that were too old to keep.
    pub entries: u64,
    /// The place of the last one; 0 if there is none.
    pub position: i64,
    /// The hash of the last one; zeros if there is none.
    pub hash: [u8; 32],
}

/// What checking the chain has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditVerdict {
    /// Every act is as it was noted, up to this head.
    Whole(AuditHead),
    /// The act at this position is not what was noted there, or the one before it is missing.
    Broken {
        /// Where it breaks first.
        position: i64,
    },
}

/// A row with what only the chain needs.
struct Link {
    entry: AuditEntry,
    salt: Vec<u8>,
    content_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl Link {
    fn content(&self) -> [u8; 32] {
        let entry = &self.entry;
        content_hash(&self.salt, [&entry.actor, &entry.subject, &entry.detail])
    }

    fn chained(&self, before: &[u8; 32], content_hash: &[u8]) -> [u8; 32] {
        let entry = &self.entry;
        let org = entry.org.as_ref().map_or("", OrgId::as_str);
        framed(&[
            before,
            &entry.position.to_be_bytes(),
            &entry.at.to_be_bytes(),
            entry.action.as_bytes(),
            org.as_bytes(),
            content_hash,
        ])
    }

    /// Whether the content is what was noted, or was erased in every field.
    fn is_sound(&self) -> bool {
        if self.entry.is_erased {
            let entry = &self.entry;
            return [&entry.actor, &entry.subject, &entry.detail]
                .iter()
                .all(|field| field.is_empty());
        }
        constant_time_eq(&self.content(), &self.content_hash)
    }
}

impl Tx<'_> {
    /// Notes an act.
    pub async fn note_audit(&self, note: AuditNote<'_>) -> Result<()> {
        // There is one writer, so the next number cannot be taken by anybody else.
        let sql = "SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1";
        let last = self
            .row(sql, &[], |row| Ok((row.number(0)?, row.array::<32>(1)?)))
            .await?;
        let (position, before) = if let Some(last) = last {
            last
        } else {
            let start = self.audit_start().await?;
            (start.position, start.hash)
        };
        let position = position.saturating_add(1);
        let salt = random::<16>(&mut SystemRng);
        let link = Link {
            entry: AuditEntry {
                position,
                at: note.at,
                actor: note.actor.to_owned(),
                action: note.action.to_owned(),
                org: note.org,
                subject: note.subject.to_owned(),
                detail: note.detail.to_owned(),
                is_erased: false,
                hash: [0; 32],
            },
            salt: salt.to_vec(),
            content_hash: Vec::new(),
            hash: Vec::new(),
        };
        let content_hash = link.content();
        let hash = link.chained(&before, &content_hash);
        self.execute(
            "INSERT INTO audit
             (position, at, actor, action, subject, org, detail, salt, content_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                Value::Number(position),
                Value::Number(note.at),
                Value::Text(note.actor),
                Value::Text(note.action),
                Value::Text(note.subject),
                Value::Text(note.org.as_ref().map_or("", OrgId::as_str)),
                Value::Text(note.detail),
                Value::Bytes(&salt),
                Value::Bytes(&content_hash),
                Value::Bytes(&hash),
            ],
        )
        .await?;
        Ok(())
    }

    /// Blanks what the acts by and about somebody say; the chain stays whole.
    pub(crate) async fn erase_audit(&self, identity: &Identity) -> Result<()> {
        self.execute(
            "UPDATE audit SET actor = '', subject = '', detail = '', salt = $2
             WHERE actor = $1 OR subject = $1",
            &[Value::Text(identity.as_str()), Value::Bytes(&[])],
        )
        .await?;
        Ok(())
    }

    /// Deletes acts before a time, oldest first and at most `rows_max`, and remembers where the
    /// chain begins now. Says how many.
    pub async fn expire_audit(&self, before: i64, rows_max: usize) -> Result<u64> {
        let mut start = self.audit_start().await?;
        let mut expired = 0;
        while expired < rows_max {
            let values = [Value::Number(start.position), Value::Number(1)];
            let Some(link) = self.rows(CHAIN, &values, from_row).await?.pop() else {
                break;
            };
            if link.entry.at >= before {
                break;
            }
            let sql = "DELETE FROM audit WHERE position = $1";
            self.execute(sql, &[Value::Number(link.entry.position)])
                .await?;
            start = AuditHead {
                entries: start.entries.saturating_add(1),
                position: link.entry.position,
                hash: link.entry.hash,
            };
            expired += 1;
        }
        if expired > 0 {
            let mut stored = start.entries.to_be_bytes().to_vec();
            stored.extend_from_slice(&start.position.to_be_bytes());
            stored.extend_from_slice(&start.hash);
            self.set_instance_value(START, &stored).await?;
        }
        Ok(expired as u64)
    }

    /// Chains the acts that were noted before there was a chain. Only the migration may do so:
    /// later it would make a broken chain look whole.
    pub(crate) async fn chain_audit(&self) -> Result<()> {
        let mut before = [0; 32];
        let mut after = 0;
        loop {
            let page = self.links(after).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.entry.position;
            for mut link in page {
                link.entry.is_erased = false;
                let salt = random::<16>(&mut SystemRng);
                link.salt = salt.to_vec();
                let content_hash = link.content();
                before = link.chained(&before, &content_hash);
                let sql = "UPDATE audit SET salt = $2, content_hash = $3, hash = $4
                           WHERE position = $1";
                let values = [
                    Value::Number(link.entry.position),
                    Value::Bytes(&salt),
                    Value::Bytes(&content_hash),
                    Value::Bytes(&before),
                ];
                self.execute(sql, &values).await?;
            }
        }
    }
}

impl Read<'_> {
    /// Acts before a position, newest first: of one organisation, or of all and of the instance.
    pub async fn audit_page(
        &self,
        org: Option<OrgId>,
        before: i64,
        rows_max: usize,
    ) -> Result<Vec<AuditEntry>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        let links = match &org {
            None => {
                let values = [Value::Number(before), Value::Number(rows_max)];
                self.rows(PAGE, &values, from_row).await?
            }
            Some(org) => {
                let values = [
                    Value::Number(before),
                    Value::Number(rows_max),
                    Value::Text(org.as_str()),
                ];
                self.rows(PAGE_OF_ORG, &values, from_row).await?
            }
        };
        Ok(links.into_iter().map(|link| link.entry).collect())
    }

    /// Acts of everybody before a position, newest first.
    pub async fn audit_before(&self, before: i64, rows_max: usize) -> Result<Vec<AuditEntry>> {
        self.audit_page(None, before, rows_max).await
    }

    /// Checks the whole chain. What was cut off at its end is seen by comparing the head that
    /// this returns with one that was kept elsewhere: it must not be lower, and
    /// [`Read::audit_hash`] of the kept position must be the kept hash.
    pub async fn verify_audit(&self) -> Result<AuditVerdict> {
        let mut head = self.audit_start().await?;
        loop {
            let page = self.links(head.position).await?;
            if page.is_empty() {
                return Ok(AuditVerdict::Whole(head));
            }
            for link in page {
                let position = link.entry.position;
                let hash = link.chained(&head.hash, &link.content_hash);
                let is_next = position == head.position.saturating_add(1);
                if !is_next || !link.is_sound() || !constant_time_eq(&hash, &link.hash) {
                    return Ok(AuditVerdict::Broken { position });
                }
                head = AuditHead {
                    entries: head.entries.saturating_add(1),
                    position,
                    hash,
                };
            }
        }
    }

    /// The hash at a position, to compare with a head that was kept elsewhere.
    pub async fn audit_hash(&self, position: i64) -> Result<Option<[u8; 32]>> {
        let sql = "SELECT hash FROM audit WHERE position = $1";
        self.row(sql, &[Value::Number(position)], |row| row.array(0))
            .await
    }

    /// How many acts there are.
    pub async fn audit_count(&self) -> Result<u64> {
        Ok(count(self.number("SELECT count(*) FROM audit", &[]).await?))
    }

    /// Where the chain begins: after the acts that were so old that they were deleted.
    async fn audit_start(&self) -> Result<AuditHead> {
        let mut start = AuditHead {
            entries: 0,
            position: 0,
            hash: [0; 32],
        };
        let Some(stored) = self.instance_value(START).await? else {
            return Ok(start);
        };
        let corrupt = || Error::Corrupt("the start of the audit has the wrong length".to_owned());
        let (entries, rest) = stored.split_first_chunk().ok_or_else(corrupt)?;
        let (position, hash) = rest.split_first_chunk().ok_or_else(corrupt)?;
        start.entries = u64::from_be_bytes(*entries);
        start.position = i64::from_be_bytes(*position);
        start.hash = hash.try_into().map_err(|_| corrupt())?;
        Ok(start)
    }

    async fn links(&self, after: i64) -> Result<Vec<Link>> {
        let values = [Value::Number(after), Value::Number(PAGE_ROWS)];
        self.rows(CHAIN, &values, from_row).await
    }
}

twins! {
    fn audit_page(org: Option<OrgId>, before: i64, rows_max: usize) -> Vec<AuditEntry> =
        |read| read.audit_page(org, before, rows_max);
    fn audit_before(before: i64, rows_max: usize) -> Vec<AuditEntry> =
        |read| read.audit_before(before, rows_max);
    fn verify_audit() -> AuditVerdict = |read| read.verify_audit();
    fn audit_hash(position: i64) -> Option<[u8; 32]> = |read| read.audit_hash(position);
    fn audit_count() -> u64 = |read| read.audit_count();
}

/// The hash of what erasure blanks.
fn content_hash(salt: &[u8], [actor, subject, detail]: [&String; 3]) -> [u8; 32] {
    framed(&[
        salt,
        actor.as_bytes(),
        subject.as_bytes(),
        detail.as_bytes(),
    ])
}

/// The hash of several fields, each behind its length, so that none flows into the next.
fn framed(fields: &[&[u8]]) -> [u8; 32] {
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
        bytes.extend_from_slice(field);
    }
    blake2b_plain(&bytes)
}

fn from_row(row: &Row<'_>) -> Result<Link> {
    let salt = row.bytes(7)?.to_vec();
    let hash = row.bytes(9)?.to_vec();
    Ok(Link {
        entry: AuditEntry {
            position: row.number(0)?,
            at: row.number(1)?,
            actor: row.text(2)?,
            action: row.text(3)?,
            subject: row.text(4)?,
            org: row.parsed_unless_empty(5, "an organisation")?,
            detail: row.text(6)?,
            is_erased: salt.is_empty(),
            hash: hash.as_slice().try_into().unwrap_or_default(),
        },
        salt,
        content_hash: row.bytes(8)?.to_vec(),
        hash,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT position, at, actor, action, subject, org, detail, salt, content_hash, hash ",
            "FROM audit ",
            $rest
        )
    };
}

const PAGE: &str = select!("WHERE position < $1 ORDER BY position DESC LIMIT $2");
const PAGE_OF_ORG: &str =
    select!("WHERE position < $1 AND org = $3 ORDER BY position DESC LIMIT $2");
const CHAIN: &str = select!("WHERE position > $1 ORDER BY position LIMIT $2");

/// The fact of the instance that says where the chain begins.
const START: &str = "audit-start";

const PAGE_ROWS: i64 = 500;

#[cfg(test)]
mod tests;
