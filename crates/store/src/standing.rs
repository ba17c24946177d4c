//! What the chat server must know about an identity before it lets a client in, in one query.

use dreiklang_wire::id::Identity;

use crate::{
    IdentityKind, IdentityState, OrgId, Read, Result,
    identities::{kind, state},
    sql::{Row, Value, time, twins},
};

/// Where an identity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Private or work.
    pub kind: IdentityKind,
    /// Active, inactive or revoked.
    pub state: IdentityState,
    /// The organisation that it is a member of.
    pub member: Option<MemberStanding>,
    /// The organisation that has detached it.
    pub detached_from: Option<OrgId>,
}

/// Where a member stands in its organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberStanding {
    /// Which one.
    pub org: OrgId,
    /// Whether its members write only to each other and to its enabled contacts.
    pub is_closed_group: bool,
    /// Whether neither the member nor its credential is withdrawn; ask
    /// [`MemberStanding::has_access_at`] for the time too.
    pub has_access: bool,
    /// When the credential or the whole organisation ends, in milliseconds.
    pub access_until: Option<i64>,
}

impl MemberStanding {
    /// Whether the member may use the service at a time.
    pub fn has_access_at(&self, now: i64) -> bool {
        self.has_access && self.access_until.is_none_or(|end| now < end)
    }
}

impl Standing {
    /// Whether this is a member who may use the service at a time.
    pub fn has_access_at(&self, now: i64) -> bool {
        self.member.is_some_and(|member| member.has_access_at(now))
    }
}

impl Read<'_> {
    /// Where an identity stands; `None` if there is none of that name.
    pub async fn standing(&self, identity: Identity) -> Result<Option<Standing>> {
        self.row(STANDING, &[Value::Text(identity.as_str())], from_row)
            .await
    }
}

twins! {
    fn standing(identity: Identity) -> Option<Standing> = |read| read.standing(identity);
}

fn from_row(row: &Row<'_>) -> Result<Standing> {
    let member = match row.parsed_unless_empty(2, "an organisation")? {
        None => None,
        Some(org) => Some(MemberStanding {
            org,
            is_closed_group: row.flag(3)?,
            has_access: row.flag(4)?,
            access_until: [time(row.number(5)?), time(row.number(6)?)]
                .into_iter()
                .flatten()
                .min(),
        }),
    };
    Ok(Standing {
        kind: kind(row.number(0)?)?,
        state: state(row.number(1)?)?,
        member,
        detached_from: row.parsed_unless_empty(7, "an organisation")?,
    })
}

const STANDING: &str =
    "SELECT i.kind, i.state, coalesce(m.org, ''), coalesce(o.is_closed_group, 0),
            CAST(CASE WHEN m.withdrawn_at = 0 AND c.withdrawn_at = 0 THEN 1 ELSE 0 END AS BIGINT),
            coalesce(c.expires_at, 0), coalesce(o.valid_until, 0), coalesce(d.org, '')
     FROM identities i
     LEFT JOIN members m ON m.identity = i.identity
     LEFT JOIN orgs o ON o.id = m.org
     LEFT JOIN credentials c ON c.id = m.credential AND c.org = m.org
     LEFT JOIN detached d ON d.identity = i.identity
     WHERE i.identity = $1";
