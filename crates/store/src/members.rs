//! Members: identities on a seat of an organisation. One place decides who gets a seat.

mod lists;

use dreiklang_wire::id::Identity;

use crate::{
    CredentialId, IdentityKind, IdentityState, OrgId, Read, Result, Tx,
    sql::{Row, Value, time, twins},
};

pub use lists::{DirectoryQuery, DirectorySort, MemberFilter};

/// What an app tells about its user; empty texts where it tells nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// What they call themselves.
    pub nickname: String,
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: String,
    /// A number or name that the organisation knows them by.
    pub csi: String,
    /// What they do.
    pub job_title: String,
    /// Where they do it.
    pub department: String,
    /// A free text of the organisation's.
    pub category: String,
}

/// A member as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Who it is.
    pub identity: Identity,
    /// Of which organisation.
    pub org: OrgId,
    /// With which credential; it may have been deleted since.
    pub credential: CredentialId,
    /// What its app last told.
    pub profile: Profile,
    /// Which app it was.
    pub version: String,
    /// Whether the member is at work, as its app encoded it; may be empty.
    pub availability: Vec<u8>,
    /// When an administrator took its access, in milliseconds.
    pub withdrawn_at: Option<i64>,
    /// When its app last asked, in milliseconds.
    pub last_check_at: Option<i64>,
    /// Since when it is a member, in milliseconds.
    pub attached_at: i64,
}

impl core::fmt::Debug for Member {
    /// Leaves out what is told about the person.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Member")
            .field("identity", &self.identity)
            .field("org", &self.org)
            .finish_non_exhaustive()
    }
}

/// An identity that wants a seat.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Who.
    pub identity: Identity,
    /// In which organisation.
    pub org: OrgId,
    /// With which of its credentials.
    pub credential: CredentialId,
    /// What its app tells.
    pub profile: Profile,
    /// Which app it is.
    pub version: String,
    /// How many members the whole instance may have; 0: any number.
    pub instance_seats_max: u64,
    /// Now, in milliseconds.
    pub at: i64,
}

/// What became of a [`NewMember`]. Only the first two change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// It is a member now, and its identity is of the kind `work`.
    Yes,
    /// It was one already and keeps its seat; it has changed to this credential if it came with
    /// another one.
    AlreadyYours,
    /// Every seat is taken.
    SeatsFull,
    /// Another identity has locked the credential.
    CredentialInUse,
    /// As many identities share the credential as may.
    UsesFull,
    /// It is a member of another organisation.
    OtherOrg,
    /// This organisation has detached it, and no administrator has readmitted it.
    Detached,
    /// The organisation has no such credential, or it is withdrawn or over, or all of the
    /// organisation's are.
    NoCredential,
    /// There is no such identity, or it is revoked.
    NoIdentity,
}

impl Read<'_> {
    /// Looks up of which organisation an identity is a member.
    pub async fn member(&self, identity: Identity) -> Result<Option<Member>> {
        self.row(FIND, &[Value::Text(identity.as_str())], from_row)
            .await
    }

    /// Which organisation has detached an identity and may not attach it again by itself.
    pub async fn is_detached(&self, identity: Identity) -> Result<Option<OrgId>> {
        let sql = "SELECT org FROM detached WHERE identity = $1";
        self.row(sql, &[Value::Text(identity.as_str())], |row| {
            row.parsed(0, "an organisation")
        })
        .await
    }

    /// The identities that have come with a credential.
    pub async fn members_of_credential(
        &self,
        org: OrgId,
        credential: &CredentialId,
    ) -> Result<Vec<Identity>> {
        self.rows(
            "SELECT identity FROM members WHERE org = $1 AND credential = $2 ORDER BY identity",
            &[Value::Text(org.as_str()), Value::Text(credential.as_str())],
            |row| row.parsed(0, "an identity"),
        )
        .await
    }

    /// The identities of all members of an organisation, in alphabetical order.
    pub async fn member_identities(&self, org: OrgId) -> Result<Vec<Identity>> {
        self.rows(
            "SELECT identity FROM members WHERE org = $1 ORDER BY identity",
            &[Value::Text(org.as_str())],
            |row| row.parsed(0, "an identity"),
        )
        .await
    }
}

twins! {
    fn member(identity: Identity) -> Option<Member> = |read| read.member(identity);
    fn is_detached(identity: Identity) -> Option<OrgId> = |read| read.is_detached(identity);
    fn members_of_credential(org: OrgId, credential: CredentialId) -> Vec<Identity> =
        |read| read.members_of_credential(org, &credential);
    fn member_identities(org: OrgId) -> Vec<Identity> = |read| read.member_identities(org);
}

impl Tx<'_> {
    /// Gives an identity a seat, if it may have one. There is one writer, so whoever is counted
    /// here is counted once: the last seat goes to one of two.
    pub async fn attach_member(&self, new: &NewMember) -> Result<Attached> {
        let identity = self.identity(new.identity).await?;
        if identity.is_none_or(|row| row.state == IdentityState::Revoked) {
            return Ok(Attached::NoIdentity);
        }
        let present = self.member(new.identity).await?;
        if present.as_ref().is_some_and(|member| member.org != new.org) {
            return Ok(Attached::OtherOrg);
        }
        if let Some(refused) = self.credential_refuses(new).await? {
            return Ok(refused);
        }
        if let Some(member) = present {
            if member.credential != new.credential {
                self.free_credential(new.identity).await?;
                self.change_credential(new).await?;
                self.lock_credential(&new.credential, new.identity).await?;
            }
            self.set_identity_kind(new.identity, IdentityKind::Work)
                .await?;
            return Ok(Attached::AlreadyYours);
        }
        if self.is_detached(new.identity).await? == Some(new.org) {
            return Ok(Attached::Detached);
        }
        if !self.has_free_seat(new).await? {
            return Ok(Attached::SeatsFull);
        }
        self.insert_member(new).await?;
        self.lock_credential(&new.credential, new.identity).await?;
        self.forget_detached(new.identity).await?;
        self.set_identity_kind(new.identity, IdentityKind::Work)
            .await?;
        Ok(Attached::Yes)
    }

    /// Why a credential does not carry this member.
    async fn credential_refuses(&self, new: &NewMember) -> Result<Option<Attached>> {
        let org = self.org(new.org).await?;
        let is_running = |end: Option<i64>| end.is_none_or(|end| new.at < end);
        let credential = self.credential(new.org, &new.credential).await?;
        let credential = credential.filter(|found| {
            found.is_valid_at(new.at) && org.is_some_and(|org| is_running(org.valid_until))
        });
        let Some(credential) = credential else {
            return Ok(Some(Attached::NoCredential));
        };
        if !credential.is_shared {
            let is_foreign = credential
                .identity
                .is_some_and(|holder| holder != new.identity);
            return Ok(is_foreign.then_some(Attached::CredentialInUse));
        }
        if credential.uses_max == 0 {
            return Ok(None);
        }
        let users = self.members_of_credential(new.org, &new.credential).await?;
        let is_full = !users.contains(&new.identity) && users.len() as u64 >= credential.uses_max;
        Ok(is_full.then_some(Attached::UsesFull))
    }

    async fn has_free_seat(&self, new: &NewMember) -> Result<bool> {
        let seats_max = self.org(new.org).await?.map(|org| org.seats_max);
        let Some(seats_max) = seats_max else {
            return Ok(false);
        };
        if seats_max > 0 && self.org_seats_used(new.org).await? >= seats_max {
            return Ok(false);
        }
        let instance_max = new.instance_seats_max;
        Ok(instance_max == 0 || self.seats_used().await? < instance_max)
    }

    async fn insert_member(&self, new: &NewMember) -> Result<()> {
        let profile = &new.profile;
        self.execute(
            "INSERT INTO members
             (identity, org, credential, nickname, first_name, last_name, csi, job_title,
              department, category, version, availability, withdrawn_at, last_check_at,
              attached_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $13)",
            &[
                Value::Text(new.identity.as_str()),
                Value::Text(new.org.as_str()),
                Value::Text(new.credential.as_str()),
                Value::Text(&profile.nickname),
                Value::Text(&profile.first_name),
                Value::Text(&profile.last_name),
                Value::Text(&profile.csi),
                Value::Text(&profile.job_title),
                Value::Text(&profile.department),
                Value::Text(&profile.category),
                Value::Text(&new.version),
                Value::Bytes(&[]),
                Value::Number(new.at),
            ],
        )
        .await?;
        Ok(())
    }

    async fn change_credential(&self, new: &NewMember) -> Result<()> {
        let sql = "UPDATE members SET credential = $2 WHERE identity = $1";
        let values = [
            Value::Text(new.identity.as_str()),
            Value::Text(new.credential.as_str()),
        ];
        self.execute(sql, &values).await?;
        Ok(())
    }

    /// Takes a member off its seat: the credential is free, the remote secret gone, and the daily
    /// update of its app does not bring it back. Says whether it was a member of this organisation.
    pub async fn detach_member(&self, org: OrgId, identity: Identity, at: i64) -> Result<bool> {
        let values = [Value::Text(identity.as_str()), Value::Text(org.as_str())];
        let sql = "DELETE FROM members WHERE identity = $1 AND org = $2";
        if self.execute(sql, &values).await? == 0 {
            return Ok(false);
        }
        self.leave_seat(identity).await?;
        let [identity, org] = values;
        self.execute(
            "INSERT INTO detached (identity, org, at) VALUES ($1, $2, $3)
             ON CONFLICT (identity) DO UPDATE SET org = excluded.org, at = excluded.at",
            &[identity, org, Value::Number(at)],
        )
        .await?;
        Ok(true)
    }

    /// What ends with a seat.
    async fn leave_seat(&self, identity: Identity) -> Result<()> {
        self.free_credential(identity).await?;
        let identity = [Value::Text(identity.as_str())];
        for sql in [
            "DELETE FROM remote_secrets WHERE identity = $1",
            "DELETE FROM contact_categories WHERE identity = $1 AND NOT EXISTS
             (SELECT 1 FROM contacts c WHERE c.identity = $1 AND c.org = contact_categories.org
              AND c.kind = 1)",
            "DELETE FROM contacts WHERE identity = $1 AND kind = 0",
        ] {
            self.execute(sql, &identity).await?;
        }
        Ok(())
    }

    /// What ends with an identity: its seat, its links, and what organisations remember of it.
    pub(crate) async fn leave_for_ever(&self, identity: Identity) -> Result<()> {
        self.leave_seat(identity).await?;
        let identity = [Value::Text(identity.as_str())];
        for sql in [
            "DELETE FROM members WHERE identity = $1",
            "DELETE FROM detached WHERE identity = $1",
            "DELETE FROM links WHERE identity = $1",
            "DELETE FROM pending_links WHERE identity = $1",
            "DELETE FROM push_endpoints WHERE identity = $1",
        ] {
            self.execute(sql, &identity).await?;
        }
        Ok(())
    }

    /// Takes a member's access at a time, or gives it back with 0. The seat stays taken. Says
    /// whether it is a member of this organisation.
    pub async fn withdraw_member(&self, org: OrgId, identity: Identity, at: i64) -> Result<bool> {
        let sql = "UPDATE members SET withdrawn_at = $3 WHERE identity = $1 AND org = $2";
        let values = [
            Value::Text(identity.as_str()),
            Value::Text(org.as_str()),
            Value::Number(at),
        ];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Replaces what an app tells about its user. Says whether it is a member of any organisation.
    pub async fn update_member_profile(
        &self,
        identity: Identity,
        profile: &Profile,
        version: &str,
        at: i64,
    ) -> Result<bool> {
        let updated = self
            .execute(
                "UPDATE members
                 SET nickname = $2, first_name = $3, last_name = $4, csi = $5, job_title = $6,
                     department = $7, category = $8, version = $9, last_check_at = $10
                 WHERE identity = $1",
                &[
                    Value::Text(identity.as_str()),
                    Value::Text(&profile.nickname),
                    Value::Text(&profile.first_name),
                    Value::Text(&profile.last_name),
                    Value::Text(&profile.csi),
                    Value::Text(&profile.job_title),
                    Value::Text(&profile.department),
                    Value::Text(&profile.category),
                    Value::Text(version),
                    Value::Number(at),
                ],
            )
            .await?;
        Ok(updated == 1)
    }

    /// Replaces whether a member is at work. Says whether it is a member of any organisation.
    pub async fn set_availability(&self, identity: Identity, availability: &[u8]) -> Result<bool> {
        let sql = "UPDATE members SET availability = $2 WHERE identity = $1";
        let values = [Value::Text(identity.as_str()), Value::Bytes(availability)];
        Ok(self.execute(sql, &values).await? == 1)
    }

    /// Lets an identity that this organisation has detached come back. Says whether it had.
    pub async fn readmit(&self, org: OrgId, identity: Identity) -> Result<bool> {
        let sql = "DELETE FROM detached WHERE identity = $1 AND org = $2";
        let values = [Value::Text(identity.as_str()), Value::Text(org.as_str())];
        Ok(self.execute(sql, &values).await? == 1)
    }

    pub(crate) async fn forget_detached(&self, identity: Identity) -> Result<()> {
        let sql = "DELETE FROM detached WHERE identity = $1";
        self.execute(sql, &[Value::Text(identity.as_str())]).await?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        identity: row.parsed(0, "an identity")?,
        org: row.parsed(1, "an organisation")?,
        credential: row.parsed(2, "a credential")?,
        profile: Profile {
            nickname: row.text(3)?,
            first_name: row.text(4)?,
            last_name: row.text(5)?,
            csi: row.text(6)?,
            job_title: row.text(7)?,
            department: row.text(8)?,
            category: row.text(9)?,
        },
        version: row.text(10)?,
        availability: row.bytes(11)?.to_vec(),
        withdrawn_at: time(row.number(12)?),
        last_check_at: time(row.number(13)?),
        attached_at: row.number(14)?,
    })
}

/// The columns in the order of `from_row`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT m.identity, m.org, m.credential, m.nickname, m.first_name, m.last_name, ",
            "m.csi, m.job_title, m.department, m.category, m.version, m.availability, ",
            "m.withdrawn_at, m.last_check_at, m.attached_at FROM members m ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE m.identity = $1");

/// A whole organisation; `lists` chooses among them.
const ALL: &str = select!("WHERE m.org = $1 ORDER BY m.identity");
