//! Members: identities on a seat of an organisation; how they come, and the ways they go.
//!
//! Each act is one transaction with its note for the audit. Only after its commit the live
//! connections end, and they do even if the caller hangs up in between.

use std::sync::Arc;

use dreiklang_store::{Attached, CredentialId, IdentityKind, NewMember, OrgId, Profile, Tx};
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;
use crate::service::closed_groups;
use crate::service::directory::{after_revocation, to_the_end};
use crate::service::licenses::{License, Refused};
use crate::service::sessions::Reason;

/// An identity that the administrator has spelled out a second time, because what follows cannot
/// be undone by a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed(Identity);

/// Why an identity gets no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAttached {
    /// Every seat is taken.
    SeatsFull,
    /// Another identity has locked the licence.
    LicenseInUse,
    /// As many identities share the licence as may.
    UsesFull,
    /// It is a member of another organisation.
    OtherOrg,
    /// The organisation has released it and not readmitted it.
    Released,
    /// The organisation has withdrawn its access.
    Withdrawn,
    /// The licence ended in this moment.
    License(Refused),
    /// There is no such identity any more.
    NoIdentity,
    /// The store failed.
    Failed(Error),
}

/// How an identity came to its seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attachment {
    /// It was private until now.
    Moved,
    /// It was one of an organisation's before, or is issued in this moment.
    New,
    /// It has had the seat.
    Present,
}

impl Confirmed {
    /// Whoever acts has to repeat the identity.
    pub fn by(identity: Identity, repeated: &str) -> Result<Self, Error> {
        if repeated == identity.as_str() {
            Ok(Self(identity))
        } else {
            Err(Error::Invalid("confirmation: repeat the ID"))
        }
    }

    /// Who it is about.
    pub const fn identity(self) -> Identity {
        self.0
    }
}

impl From<dreiklang_store::Error> for NotAttached {
    fn from(error: dreiklang_store::Error) -> Self {
        Self::Failed(Error::of_store(error))
    }
}

/// What an app tells about its user: gives its identity a seat if it has none, and keeps what is
/// told. A private identity belongs to the organisation from then on, so its private connections
/// end.
pub async fn update(
    app: &Arc<App>,
    license: License,
    identity: Identity,
    profile: Profile,
    version: String,
) -> Result<(), NotAttached> {
    let new = seat_for(app, license, identity, profile, version);
    let own = Arc::clone(app);
    let work = async move {
        let attachment = own
            .store
            .try_write(move |tx| {
                Box::pin(async move {
                    let attachment = attach(tx, &new).await?;
                    tx.update_member_profile(new.identity, &new.profile, &new.version, new.at)
                        .await?;
                    Ok::<_, NotAttached>(attachment)
                })
            })
            .await?;
        match attachment {
            Attachment::Moved => {
                own.sessions
                    .close(identity, Reason::Moved(IdentityKind::Work));
            }
            // It may have knocked at the chat server before it had its seat, or come with another
            // licence, whose end is another.
            Attachment::New | Attachment::Present => {
                own.remote_secrets.forget(identity);
                own.sessions.known.forget(identity);
            }
        }
        if attachment != Attachment::Present {
            closed_groups::members_changed(&own);
        }
        Ok(())
    };
    tokio::spawn(work)
        .await
        .unwrap_or(Err(NotAttached::Failed(Error::Internal)))
}

/// Keeps whether a member is at work, for its colleagues.
pub async fn set_availability(
    app: &App,
    identity: Identity,
    availability: Vec<u8>,
) -> Result<(), Error> {
    let is_member = app
        .store
        .write(move |tx| {
            Box::pin(async move { tx.set_availability(identity, &availability).await })
        })
        .await
        .map_err(Error::of_store)?;
    if is_member {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// The wish for a seat.
pub(super) fn seat_for(
    app: &App,
    license: License,
    identity: Identity,
    profile: Profile,
    version: String,
) -> NewMember {
    NewMember {
        identity,
        org: license.org,
        credential: license.credential,
        profile,
        version,
        instance_seats_max: app.config.instance_seats_max(),
        at: app.clock.now().0,
    }
}

/// Gives an identity its seat within a transaction.
pub(super) async fn attach(tx: &Tx<'_>, new: &NewMember) -> Result<Attachment, NotAttached> {
    let member = tx.member(new.identity).await?;
    if member.is_some_and(|it| it.org == new.org && it.withdrawn_at.is_some()) {
        return Err(NotAttached::Withdrawn);
    }
    let before = tx.identity(new.identity).await?;
    let is_private = before.is_some_and(|row| row.kind == IdentityKind::Private);
    let is_new = match tx.attach_member(new).await? {
        Attached::Yes => {
            let detail = format!("credential {}", new.credential);
            let actor = new.identity.as_str();
            let note = Note::of_org(new.at, actor, "member.attach", new.org, actor);
            let note = note.with_detail(detail);
            note.write(tx).await?;
            true
        }
        Attached::AlreadyYours => false,
        Attached::SeatsFull => return Err(NotAttached::SeatsFull),
        Attached::CredentialInUse => return Err(NotAttached::LicenseInUse),
        Attached::UsesFull => return Err(NotAttached::UsesFull),
        Attached::OtherOrg => return Err(NotAttached::OtherOrg),
        Attached::Detached => return Err(NotAttached::Released),
        Attached::NoCredential => return Err(NotAttached::License(Refused::Withdrawn)),
        Attached::NoIdentity => return Err(NotAttached::NoIdentity),
    };
    tx.note_credential_check(&new.credential, new.at).await?;
    Ok(match (is_private, is_new) {
        (true, _) => Attachment::Moved,
        (false, true) => Attachment::New,
        (false, false) => Attachment::Present,
    })
}

/// Releases a member: its seat is free, its access is over, and its owner may go on in the private
/// app. The organisation has no say over it any more.
pub async fn detach(app: &Arc<App>, actor: &str, org: OrgId, whom: Confirmed) -> Result<(), Error> {
    act(app, actor, org, whom.0, Act::Detach).await
}

/// Withdraws a member's access; its seat stays taken.
pub async fn withdraw(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    whom: Confirmed,
) -> Result<(), Error> {
    act(app, actor, org, whom.0, Act::Withdraw).await
}

/// Gives a member its access back.
pub async fn restore_access(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    identity: Identity,
) -> Result<(), Error> {
    act(app, actor, org, identity, Act::Restore).await
}

/// Lets an identity come back that this organisation has released.
pub async fn readmit(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    identity: Identity,
) -> Result<(), Error> {
    act(app, actor, org, identity, Act::Readmit).await
}

/// Revokes a member for ever.
pub async fn revoke(app: &Arc<App>, actor: &str, org: OrgId, whom: Confirmed) -> Result<(), Error> {
    act(app, actor, org, whom.0, Act::Revoke).await
}

/// Withdraws a licence: of everybody who came with it.
pub async fn withdraw_credential(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    id: CredentialId,
) -> Result<(), Error> {
    let at = app.clock.now().0;
    act_on_credential(app, actor, org, id, at).await
}

/// Gives a licence back.
pub async fn restore_credential(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    id: CredentialId,
) -> Result<(), Error> {
    act_on_credential(app, actor, org, id, 0).await
}

/// What follows at once when an identity's standing changed in the store: nothing that is
/// remembered about it counts any more, and its connections end.
pub fn cut_off(app: &App, identity: Identity, reason: Reason) {
    app.remote_secrets.forget(identity);
    app.sessions.close(identity, reason);
    closed_groups::members_changed(app);
}

/// What follows when the end of an identity's access was set: at once, if it is over.
pub fn access_changed(app: &App, identity: Identity, ends_at: Option<i64>) {
    if ends_at.is_some_and(|at| at <= app.clock.now().0) {
        cut_off(app, identity, Reason::Withdrawn);
    } else {
        app.remote_secrets.forget(identity);
        app.sessions.known.forget(identity);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Detach,
    Withdraw,
    Restore,
    Readmit,
    Revoke,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Detach => "member.detach",
            Self::Withdraw => "member.withdraw",
            Self::Restore => "member.restore",
            Self::Readmit => "member.readmit",
            Self::Revoke => "member.revoke",
        }
    }

    /// Says whether there was anything to do; never to somebody else's member.
    async fn perform(
        self,
        tx: &Tx<'_>,
        org: OrgId,
        identity: Identity,
        at: i64,
    ) -> dreiklang_store::Result<bool> {
        match self {
            Self::Detach => tx.detach_member(org, identity, at).await,
            Self::Withdraw => tx.withdraw_member(org, identity, at).await,
            Self::Restore => tx.withdraw_member(org, identity, 0).await,
            Self::Readmit => tx.readmit(org, identity).await,
            Self::Revoke => {
                let member = tx.member(identity).await?;
                Ok(member.is_some_and(|it| it.org == org)
                    && tx.revoke_identity(identity, at).await?)
            }
        }
    }
}

async fn act(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    identity: Identity,
    act: Act,
) -> Result<(), Error> {
    let at = app.clock.now().0;
    let note = Note::of_org(at, actor, act.name(), org, identity.as_str());
    let own = Arc::clone(app);
    to_the_end(async move {
        let is_done = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let is_done = act.perform(tx, org, identity, at).await?;
                    if is_done {
                        note.write(tx).await?;
                    }
                    Ok(is_done)
                })
            })
            .await
            .map_err(Error::of_store)?;
        if !is_done {
            return Err(Error::NotFound);
        }
        match act {
            Act::Detach => cut_off(&own, identity, Reason::Detached),
            Act::Withdraw => cut_off(&own, identity, Reason::Withdrawn),
            Act::Restore | Act::Readmit => own.sessions.known.forget(identity),
            Act::Revoke => after_revocation(&own, identity, true)?,
        }
        Ok(())
    })
    .await
}

async fn act_on_credential(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    id: CredentialId,
    at: i64,
) -> Result<(), Error> {
    let name = if at == 0 {
        "credential.restore"
    } else {
        "credential.withdraw"
    };
    let note = Note::of_org(app.clock.now().0, actor, name, org, id.as_str());
    let own = Arc::clone(app);
    to_the_end(async move {
        let users = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if !tx.withdraw_credential(org, &id, at).await? {
                        return Ok(None);
                    }
                    note.write(tx).await?;
                    tx.members_of_credential(org, &id).await.map(Some)
                })
            })
            .await
            .map_err(Error::of_store)?
            .ok_or(Error::NotFound)?;
        for identity in users {
            if at == 0 {
                own.sessions.known.forget(identity);
            } else {
                cut_off(&own, identity, Reason::Withdrawn);
            }
        }
        Ok(())
    })
    .await
}
