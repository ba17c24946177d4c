//! Links: the addresses by which people who know them find an identity. Only hashes are kept.

use dreiklang_crypto::constant_time_eq;
use dreiklang_wire::id::Identity;

use crate::{
    Error, Read, Result, Tx,
    sql::{Row, Value, twins},
};

/// What kind of address it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
}

impl LinkKind {
    fn number(self) -> i64 {
        match self {
            Self::Email => 0,
            Self::Phone => 1,
        }
    }
}

/// A confirmed link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who is found.
    pub identity: Identity,
    /// By what kind of address.
    pub kind: LinkKind,
    /// The keyed hash of its canonical spelling (protocol A4).
    pub hash: [u8; 32],
    /// When it was confirmed, in milliseconds.
    pub verified_at: i64,
}

/// A link that waits for the code that was sent to the address.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingLink {
    /// Sixteen random bytes.
    pub id: [u8; 16],
    /// Who wants the link.
    pub identity: Identity,
    /// To what kind of address.
    pub kind: LinkKind,
    /// The keyed hash of its canonical spelling.
    pub hash: [u8; 32],
    /// A keyed hash of the code.
    pub code: Vec<u8>,
    /// How often a code was offered.
    pub tries: u32,
    /// How often the code was sent.
    pub sends: u32,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// When the code ends, in milliseconds.
    pub expires_at: i64,
}

impl core::fmt::Debug for PendingLink {
    /// Leaves the hashes out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PendingLink")
            .field("identity", &self.identity)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What became of a code that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeTried {
    /// It is the one that was sent: [`Tx::confirm_link`] may follow in the same transaction.
    Right(PendingLink),
    /// It is not; the try is counted.
    Wrong,
    /// Too many were offered already: another code is needed.
    TriesUsedUp,
    /// There is no such pending link, or it is over.
    Unknown,
}

/// What a confirmation has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The link as it is now.
    pub link: Link,
    /// Who had the address before.
    pub moved_from: Option<Identity>,
}

impl Read<'_> {
    /// The links of an identity.
    pub async fn linked(&self, identity: Identity) -> Result<Vec<Link>> {
        self.rows(
            "SELECT identity, kind, hash, verified_at FROM links WHERE identity = $1 ORDER BY kind",
            &[Value::Text(identity.as_str())],
            link_from_row,
        )
        .await
    }

    /// Whom an address is linked to.
    pub async fn linked_to(&self, kind: LinkKind, hash: &[u8; 32]) -> Result<Option<Identity>> {
        let sql = "SELECT identity FROM links WHERE kind = $1 AND hash = $2";
        let values = [Value::Number(kind.number()), Value::Bytes(hash)];
        self.row(sql, &values, |row| row.parsed(0, "an identity"))
            .await
    }

    /// Whom many addresses are linked to, one answer per hash.
    pub async fn linked_to_each(
        &self,
        kind: LinkKind,
        hashes: &[[u8; 32]],
    ) -> Result<Vec<Option<Identity>>> {
        let mut found = Vec::with_capacity(hashes.len());
        for hash in hashes {
            found.push(self.linked_to(kind, hash).await?);
        }
        Ok(found)
    }

    /// A link that waits for its code.
    pub async fn pending_link(&self, id: &[u8; 16]) -> Result<Option<PendingLink>> {
        self.row(FIND, &[Value::Bytes(id)], pending_from_row).await
    }

    /// The newest link of an identity that waits for its code.
    pub async fn pending_link_of(
        &self,
        identity: Identity,
        kind: LinkKind,
    ) -> Result<Option<PendingLink>> {
        let values = [Value::Text(identity.as_str()), Value::Number(kind.number())];
        self.row(FIND_OF, &values, pending_from_row).await
    }
}

twins! {
    fn linked(identity: Identity) -> Vec<Link> = |read| read.linked(identity);
    fn linked_to(kind: LinkKind, hash: [u8; 32]) -> Option<Identity> =
        |read| read.linked_to(kind, &hash);
    fn linked_to_each(kind: LinkKind, hashes: Vec<[u8; 32]>) -> Vec<Option<Identity>> =
        |read| read.linked_to_each(kind, &hashes);
    fn pending_link(id: [u8; 16]) -> Option<PendingLink> = |read| read.pending_link(&id);
    fn pending_link_of(identity: Identity, kind: LinkKind) -> Option<PendingLink> =
        |read| read.pending_link_of(identity, kind);
}

impl Tx<'_> {
    /// Links an address to an identity and to nobody else; the identity's earlier address of the
    /// kind is no longer linked. Says who had the address before.
    pub async fn link(&self, link: &Link) -> Result<Option<Identity>> {
        let holder = self.linked_to(link.kind, &link.hash).await?;
        let kind = Value::Number(link.kind.number());
        let sql = "DELETE FROM links WHERE kind = $1 AND (hash = $2 OR identity = $3)";
        let identity = Value::Text(link.identity.as_str());
        self.execute(sql, &[kind, Value::Bytes(&link.hash), identity])
            .await?;
        self.execute(
            "INSERT INTO links (identity, kind, hash, verified_at) VALUES ($1, $2, $3, $4)",
            &[
                identity,
                kind,
                Value::Bytes(&link.hash),
                Value::Number(link.verified_at),
            ],
        )
        .await?;
        Ok(holder.filter(|holder| *holder != link.identity))
    }

    /// Ends a link, and with it what waits for a code. Says whether there was one.
    pub async fn unlink(&self, identity: Identity, kind: LinkKind) -> Result<bool> {
        let values = [Value::Text(identity.as_str()), Value::Number(kind.number())];
        let sql = "DELETE FROM pending_links WHERE identity = $1 AND kind = $2";
        self.execute(sql, &values).await?;
        let sql = "DELETE FROM links WHERE identity = $1 AND kind = $2";
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Begins a link; what the identity began before for that kind of address is over.
    pub async fn create_pending_link(&self, new: &PendingLink) -> Result<()> {
        let (identity, kind) = (
            Value::Text(new.identity.as_str()),
            Value::Number(new.kind.number()),
        );
        let sql = "DELETE FROM pending_links WHERE identity = $1 AND kind = $2";
        self.execute(sql, &[identity, kind]).await?;
        self.execute(
            "INSERT INTO pending_links
             (id, identity, kind, hash, code, tries, sends, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                Value::Bytes(&new.id),
                identity,
                kind,
                Value::Bytes(&new.hash),
                Value::Bytes(&new.code),
                Value::Number(i64::from(new.tries)),
                Value::Number(i64::from(new.sends)),
                Value::Number(new.created_at),
                Value::Number(new.expires_at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Replaces the code of a pending link and counts another sending; tries stay counted. Says
    /// whether it exists.
    pub async fn renew_pending_link(
        &self,
        id: &[u8; 16],
        code: &[u8],
        expires_at: i64,
    ) -> Result<bool> {
        let sql = "UPDATE pending_links SET code = $2, expires_at = $3, sends = sends + 1
                   WHERE id = $1";
        let values = [
            Value::Bytes(id),
            Value::Bytes(code),
            Value::Number(expires_at),
        ];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Compares a code, in a time that does not depend on it, and counts the try. The count stands
    /// only if the transaction does: commit after a wrong code too.
    pub async fn try_code(
        &self,
        id: &[u8; 16],
        code: &[u8],
        now: i64,
        tries_max: u32,
    ) -> Result<CodeTried> {
        let Some(pending) = self.pending_link(id).await? else {
            return Ok(CodeTried::Unknown);
        };
        if now >= pending.expires_at {
            return Ok(CodeTried::Unknown);
        }
        if pending.tries >= tries_max {
            return Ok(CodeTried::TriesUsedUp);
        }
        let sql = "UPDATE pending_links SET tries = tries + 1 WHERE id = $1";
        self.execute(sql, &[Value::Bytes(id)]).await?;
        if constant_time_eq(&pending.code, code) {
            return Ok(CodeTried::Right(pending));
        }
        Ok(CodeTried::Wrong)
    }

    /// Turns a pending link into a link: in one transaction the address leaves whoever had it.
    /// `None` if there is no such pending link any more or its identity is revoked.
    pub async fn confirm_link(&self, id: &[u8; 16], at: i64) -> Result<Option<Confirmed>> {
        let Some(pending) = self.pending_link(id).await? else {
            return Ok(None);
        };
        let sql = "DELETE FROM pending_links WHERE id = $1";
        self.execute(sql, &[Value::Bytes(id)]).await?;
        let identity = self.identity(pending.identity).await?;
        if identity.is_none_or(|row| row.revoked_at.is_some()) {
            return Ok(None);
        }
        let link = Link {
            identity: pending.identity,
            kind: pending.kind,
            hash: pending.hash,
            verified_at: at,
        };
        let moved_from = self.link(&link).await?;
        Ok(Some(Confirmed { link, moved_from }))
    }

    /// Deletes pending links that are over. Says how many.
    pub async fn expire_pending_links(&self, now: i64) -> Result<u64> {
        let sql = "DELETE FROM pending_links WHERE expires_at <= $1";
        self.execute(sql, &[Value::Number(now)]).await
    }
}

fn kind(number: i64) -> Result<LinkKind> {
    match number {
        0 => Ok(LinkKind::Email),
        1 => Ok(LinkKind::Phone),
        _ => Err(Error::Corrupt("the kind of a link".to_owned())),
    }
}

fn link_from_row(row: &Row<'_>) -> Result<Link> {
    Ok(Link {
        identity: row.parsed(0, "an identity")?,
        kind: kind(row.number(1)?)?,
        hash: row.array(2)?,
        verified_at: row.number(3)?,
    })
}

fn pending_from_row(row: &Row<'_>) -> Result<PendingLink> {
    Ok(PendingLink {
        id: row.array(0)?,
        identity: row.parsed(1, "an identity")?,
        kind: kind(row.number(2)?)?,
        hash: row.array(3)?,
        code: row.bytes(4)?.to_vec(),
        tries: u32::try_from(row.number(5)?).unwrap_or(u32::MAX),
        sends: u32::try_from(row.number(6)?).unwrap_or(u32::MAX),
        created_at: row.number(7)?,
        expires_at: row.number(8)?,
    })
}

/// The columns in the order of `pending_from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, identity, kind, hash, code, tries, sends, created_at, expires_at ",
            "FROM pending_links ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const FIND_OF: &str = select!("WHERE identity = $1 AND kind = $2 ORDER BY created_at DESC LIMIT 1");
