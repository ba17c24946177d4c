//! Closed groups: organisations whose members exchange messages only with each other and with the
//! contacts that the organisation lists (features.md S21).
//!
//! The post office asks for every message, so the answer comes from memory: one bit while no
//! organisation is closed, else two sets. Whoever changes an organisation or its contacts calls
//! [`changed`] or [`contacts_changed`] after the commit.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreiklang_store::{OrgId, Store};
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::error::Error;
use crate::service::sessions::known::Facts;

mod purge;

/// What is remembered about closed groups.
#[derive(Debug)]
pub struct ClosedGroups {
    /// Whether any organisation is closed.
    is_any: AtomicBool,
    table: Mutex<Table>,
    /// Messages kept out since the last flush.
    dropped: Mutex<HashMap<OrgId, u64>>,
}

#[derive(Debug, Default)]
struct Table {
    /// Counts changes, so that a lookup can tell whether one came in between.
    generation: u64,
    circles: HashMap<OrgId, Arc<Circle>>,
}

/// Whom the members of an organisation may write to besides each other.
#[derive(Debug, Default)]
struct Circle {
    is_closed: bool,
    /// The enabled contacts.
    contacts: HashSet<Identity>,
    /// Whether a contact is no member.
    has_outsiders: bool,
}

/// One end of a message.
#[derive(Debug, Clone, Copy)]
pub struct Party {
    identity: Identity,
    org: Option<OrgId>,
    closed_group: Option<OrgId>,
}

/// Whether a message may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Pass,
    /// It may not, because this organisation is closed.
    Drop(OrgId),
    /// The store has to be asked about this organisation.
    Ask(OrgId),
}

impl Party {
    /// An identity with what is known about it.
    pub fn of(identity: Identity, facts: &Facts) -> Self {
        Self {
            identity,
            org: facts.org(),
            closed_group: facts.closed_group(),
        }
    }
}

impl ClosedGroups {
    /// Learns whether any organisation is closed.
    pub async fn load(store: &Store) -> dreiklang_store::Result<Self> {
        Ok(Self {
            is_any: AtomicBool::new(is_any_closed(store).await?),
            table: Mutex::default(),
            dropped: Mutex::default(),
        })
    }

    /// Whether any organisation is closed; if not, nobody needs to be judged.
    pub fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    /// Judges a message between two identities, in either direction.
    pub fn judge(&self, one: Party, other: Party) -> Verdict {
        for (inside, outside) in [(one, other), (other, one)] {
            let Some(org) = inside.closed_group else {
                continue;
            };
            if outside.org == Some(org) {
                continue;
            }
            match self.recall(org) {
                None => return Verdict::Ask(org),
                Some(circle) if circle.contacts.contains(&outside.identity) => {}
                Some(_) => return Verdict::Drop(org),
            }
        }
        Verdict::Pass
    }

    /// Counts a message that was kept out.
    pub fn note_dropped(&self, org: OrgId) {
        *self.dropped().entry(org).or_default() += 1;
    }

    /// Takes what was counted.
    pub fn take_dropped(&self) -> HashMap<OrgId, u64> {
        std::mem::take(&mut *self.dropped())
    }

    /// Gives back what could not be written down.
    pub fn return_dropped(&self, org: OrgId, count: u64) {
        *self.dropped().entry(org).or_default() += count;
    }

    /// Asks the store about an organisation.
    pub async fn look_up(&self, store: &Store, org: OrgId) -> dreiklang_store::Result<()> {
        self.find(store, org).await.map(drop)
    }

    async fn find(&self, store: &Store, org: OrgId) -> dreiklang_store::Result<Arc<Circle>> {
        if let Some(circle) = self.recall(org) {
            return Ok(circle);
        }
        let generation = self.table().generation;
        let circle = Arc::new(Circle::load(store, org).await?);
        let mut table = self.table();
        if table.generation == generation {
            if table.circles.len() >= CIRCLES_MAX {
                table.circles.clear();
            }
            table.circles.insert(org, Arc::clone(&circle));
        }
        Ok(circle)
    }

    fn recall(&self, org: OrgId) -> Option<Arc<Circle>> {
        self.table().circles.get(&org).cloned()
    }

    fn forget(&self, org: OrgId) {
        let mut table = self.table();
        table.generation += 1;
        table.circles.remove(&org);
    }

    fn forget_all(&self) {
        let mut table = self.table();
        table.generation += 1;
        table.circles.clear();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dropped(&self) -> MutexGuard<'_, HashMap<OrgId, u64>> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Circle {
    async fn load(store: &Store, org: OrgId) -> dreiklang_store::Result<Self> {
        store
            .read(move |read| {
                Box::pin(async move {
                    let is_closed = read.org(org).await?.is_some_and(|it| it.is_closed_group);
                    if !is_closed {
                        return Ok(Self::default());
                    }
                    let listed = read.enabled_contacts(org).await?;
                    let contacts: HashSet<_> = listed.iter().map(|it| it.identity).collect();
                    let mut has_outsiders = false;
                    for contact in &contacts {
                        let member = read.member(*contact).await?;
                        has_outsiders |= member.is_none_or(|it| it.org != org);
                    }
                    Ok(Self {
                        is_closed,
                        contacts,
                        has_outsiders,
                    })
                })
            })
            .await
    }
}

/// Takes notice of a change of an organisation's contacts. What a former contact sent before is
/// delivered.
pub fn contacts_changed(app: &App, org: OrgId) {
    app.closed_groups.forget(org);
}

/// Takes notice that somebody joined or left an organisation: a contact outside may be inside now,
/// of any organisation that lists it.
pub fn members_changed(app: &App) {
    app.closed_groups.forget_all();
}

/// Takes notice that an organisation was closed or opened. If it is closed, what waits for or from
/// outsiders is deleted before this returns.
pub async fn changed(app: &Arc<App>, org: OrgId) -> Result<(), Error> {
    let groups = &app.closed_groups;
    groups.forget(org);
    let is_any = is_any_closed(&app.store).await.map_err(Error::of_store)?;
    groups.is_any.store(is_any, Ordering::Release);
    // What is remembered of its members says whether they are closed in.
    app.sessions.known.forget_all();
    let circle = groups
        .find(&app.store, org)
        .await
        .map_err(Error::of_store)?;
    if circle.is_closed {
        purge::outsiders(app).await.map_err(Error::of_store)?;
    }
    Ok(())
}

/// Whether the directory shows an identity to a caller. Members of a closed group exist for callers
/// with a licence of their organisation only; if it lists contacts outside, then for everybody,
/// because those outsiders could not receive a message otherwise. And a licence of a closed group
/// shows nobody but its members and contacts.
pub async fn is_shown(app: &App, to: Option<OrgId>, identity: Identity) -> Result<bool, Error> {
    let groups = &app.closed_groups;
    if !groups.is_any() {
        return Ok(true);
    }
    let found = app.sessions.known.find(&app.store, identity).await;
    let Some(facts) = found.map_err(Error::of_store)? else {
        return Ok(false);
    };
    if to.is_some() && facts.org() == to {
        return Ok(true);
    }
    let circle = async |org| {
        let found = groups.find(&app.store, org).await;
        found.map_err(Error::of_store)
    };
    if let Some(own) = to {
        let own = circle(own).await?;
        if own.is_closed && !own.contacts.contains(&identity) {
            return Ok(false);
        }
    }
    match facts.closed_group() {
        None => Ok(true),
        Some(org) => Ok(circle(org).await?.has_outsiders),
    }
}

async fn is_any_closed(store: &Store) -> dreiklang_store::Result<bool> {
    let mut after = None;
    loop {
        let page = store.orgs_after(after, PAGE).await?;
        if page.iter().any(|it| it.is_closed_group) {
            return Ok(true);
        }
        let Some(last) = page.last().filter(|_| page.len() == PAGE) else {
            return Ok(false);
        };
        after = Some(last.id);
    }
}

const PAGE: usize = 500;
const CIRCLES_MAX: usize = 10_000;
