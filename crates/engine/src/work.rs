//! The organisation behind the app: its licence, what it says and sets, and how the app is locked
//! when the licence ends (protocol.md A1.3, A5, B8).

use std::collections::BTreeSet;

use dreiklang_wire::{api::work::Credentials, id::Identity, spec};
use rusqlite::Connection;

use crate::{
    Engine, Timestamp,
    command::{Command, License, Refusal, Ticket},
    db,
    edition::Edition,
    error::Result,
    event::{DisconnectReason, Event},
    policy,
    remote_secret::RemoteSecret,
    time::Pause,
    turn::Turn,
};

pub(crate) mod availability;
pub(crate) mod body;
pub(crate) mod directory;
pub(crate) mod license;
pub(crate) mod links;
pub(crate) mod logo;
pub(crate) mod lookup;
pub(crate) mod profile;
pub(crate) mod reclaim;
pub(crate) mod sync;

/// How the app stands with its servers, and when to ask them again.
pub(crate) struct Work {
    /// Why the app is locked.
    lock: Option<String>,
    /// Where the identity is instead of here.
    displaced: Option<String>,
    license: license::Upkeep,
    sync: sync::Upkeep,
    profile: profile::Upkeep,
    links: links::Upkeep,
    logo: logo::Upkeep,
    /// Whom the organisation is to be asked about.
    lookups: BTreeSet<Identity>,
    lookup_rest: Pause,
    pub(crate) remote: RemoteSecret,
}

/// What a server says to a connection that another one of the same app replaced. The identity did
/// not move: nothing is refused because of it (protocol.md A2.5).
const REPLACED_TEXT: &str = "Another connection for the same identity has been established.";

/// After a failure.
const RETRY_MS: u64 = 10 * 60 * 1_000;

impl Work {
    pub(crate) fn open(conn: &Connection) -> Result<Self> {
        let standing = db::work::standing(conn)?;
        let words = |text: String| (!text.is_empty()).then_some(text);
        Ok(Self {
            lock: words(standing.lock_text),
            displaced: words(standing.displaced_text),
            license: license::Upkeep::default(),
            sync: sync::Upkeep::default(),
            profile: profile::Upkeep::default(),
            links: links::Upkeep::default(),
            logo: logo::Upkeep::default(),
            lookups: BTreeSet::new(),
            lookup_rest: Pause::default(),
            remote: RemoteSecret::open(conn)?,
        })
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.lock.is_some() || self.remote.is_shut()
    }

    /// Why a command cannot be given now.
    pub(crate) fn closed_to(&self, command: &Command) -> Option<Refusal> {
        let lock = self.lock.as_ref().or_else(|| self.remote.lock_text());
        if let Some(text) = lock.filter(|_| !leads_out(command)) {
            return Some(Refusal::Locked(text.clone()));
        }
        let acts_in_its_name = matches!(
            command,
            Command::SendText { .. }
                | Command::CreateGroup { .. }
                | Command::CloneGroup { .. }
                | Command::RenameGroup { .. }
                | Command::AddMembers { .. }
                | Command::RemoveMembers { .. }
                | Command::LeaveGroup(_)
                | Command::DisbandGroup(_)
                | Command::SyncGroup { .. }
                | Command::SendFile { .. }
                | Command::Forward { .. }
                | Command::Resend { .. }
                | Command::Typing { .. }
                | Command::AddContact { .. }
                | Command::SetNickname(_)
                | Command::SearchDirectory(_)
                | Command::SetAvailability(_)
                | Command::MatchContacts(_)
                | Command::FindByAddress { .. }
                | Command::LinkEmail(_)
                | Command::LinkPhone(_)
                | Command::ConfirmPhone(_)
                | Command::CallPhone
        );
        let moved = self
            .displaced
            .as_ref()
            .filter(|text| *text != REPLACED_TEXT);
        moved
            .filter(|_| acts_in_its_name)
            .map(|text| Refusal::Displaced(text.clone()))
    }

    /// The server sends this app away for good.
    ///
    /// To a private app that is a matter of its identity only if the server says the words for it;
    /// a member of an organisation is sent away for reasons of the organisation.
    pub(crate) fn displace(
        &mut self,
        turn: &mut Turn<'_>,
        text: &str,
        edition: Edition,
    ) -> Result<()> {
        let is_about_identity = is_elsewhere(text);
        if text.is_empty() || !(is_about_identity || edition.is_work()) {
            return Ok(());
        }
        if !is_about_identity {
            // Whether the organisation took the licence too, the licence check knows.
            self.license.want();
        }
        db::work::set_displaced(turn.tx, text)?;
        self.displaced = Some(text.to_owned());
        turn.notify(Event::Displaced {
            text: text.to_owned(),
        });
        Ok(())
    }

    /// The identity is used here again.
    pub(crate) fn clear_displaced(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        if self.displaced.take().is_some() {
            db::work::set_displaced(turn.tx, "")?;
            turn.notify(Event::MeChanged);
        }
        Ok(())
    }

    /// A server let this app in no more; whether it is locked, the licence check knows.
    pub(crate) fn doubt_license(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let standing = db::work::standing(turn.tx)?;
        if !standing.is_licensed {
            return Ok(());
        }
        if !standing.needs_credentials {
            db::work::set_needs_credentials(turn.tx, true)?;
            turn.notify(Event::CredentialsNeeded);
        }
        self.license.want();
        Ok(())
    }

    /// Other credentials count now: whatever was found out with the old ones is worth nothing.
    pub(crate) fn license_replaced(&mut self) {
        self.license = license::Upkeep::default();
        self.sync.want();
        self.profile = profile::Upkeep::default();
    }

    /// Somebody is to be looked up at the organisation.
    pub(crate) fn want_lookup(&mut self, identity: Identity) {
        if self.lookups.len() < lookup::WAITING_MAX {
            self.lookups.insert(identity);
        }
    }

    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        let lookup = (!self.lookups.is_empty()).then_some(self.lookup_rest.ends_at());
        [
            self.license.next_wake(),
            self.sync.next_wake(),
            self.profile.next_wake(),
            self.links.next_wake(),
            self.logo.next_wake(),
            self.remote.next_wake(),
            lookup,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn lock(&mut self, turn: &mut Turn<'_>, text: &str) -> Result<()> {
        db::work::set_locked(turn.tx, turn.now, text)?;
        if self.lock.as_deref() != Some(text) {
            self.lock = Some(text.to_owned());
            turn.notify(Event::Locked {
                text: text.to_owned(),
            });
        }
        turn.disconnect(DisconnectReason::Locked);
        Ok(())
    }

    fn unlock(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        db::work::set_licensed(turn.tx, turn.now)?;
        if self.lock.take().is_some() {
            // What the server said when it took the licence is not so any more.
            if self
                .displaced
                .as_deref()
                .is_some_and(|it| !is_elsewhere(it))
            {
                self.clear_displaced(turn)?;
            }
            if !self.remote.is_shut() {
                turn.notify(Event::Unlocked);
            }
        }
        Ok(())
    }
}

/// Whether the words of a server say that the identity is used by another app (protocol.md A2.5).
pub(crate) fn is_elsewhere(text: &str) -> bool {
    text.starts_with(spec::ANOTHER_CONNECTION_TEXT)
}

/// What a person can do about a lock.
pub(crate) fn leads_out(command: &Command) -> bool {
    matches!(
        command,
        Command::ActivateWork { .. } | Command::WorkSync | Command::SetExternalMdm(_)
    )
}

impl Engine {
    /// The licence that counts now, for a driver that fetches the provisioning file with it.
    pub fn own_license(&self, conn: &Connection) -> Result<Option<License>> {
        if !self.build.edition.is_work() {
            return Ok(None);
        }
        policy::license(&self.policy, conn)
    }

    pub(crate) fn license(&self, turn: &Turn<'_>) -> Result<Option<License>> {
        self.own_license(turn.tx)
    }

    pub(crate) fn work_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.links_upkeep(turn)?;
        let Some(license) = self.license(turn)? else {
            self.work.license.rest();
            self.work.sync.rest();
            self.requests.show(self.build.edition, None);
            return Ok(());
        };
        self.requests.show(self.build.edition, Some(&license));
        self.remote_secret_upkeep(turn, &license)?;
        self.license_upkeep(turn, &license)?;
        self.sync_upkeep(turn, &license)?;
        self.profile_upkeep(turn, &license)?;
        self.logo_upkeep(turn)?;
        self.work_lookup_upkeep(turn, &license);
        Ok(())
    }

    /// The licence for a command that needs one, or why it cannot be done.
    pub(crate) fn needed_license(&self, turn: &Turn<'_>) -> Result<Result<License, Refusal>> {
        if !self.build.edition.is_work() {
            return Ok(Err(Refusal::NotManaged));
        }
        Ok(self.license(turn)?.ok_or(Refusal::NoLicense))
    }
}

/// The licence as bodies carry it.
pub(crate) fn credentials(license: &License) -> Credentials {
    Credentials {
        username: license.username.clone(),
        password: license.password.clone(),
    }
}

/// Answers whoever waited.
fn answer_all(turn: &mut Turn<'_>, tickets: &mut Vec<Ticket>, refusal: Option<&Refusal>) {
    for ticket in tickets.drain(..) {
        let result = match refusal {
            None => Ok(crate::Reply::Done),
            Some(refusal) => Err(refusal.clone()),
        };
        turn.reply(ticket, result);
    }
}
