//! What the chat server remembers about identities, so that it need not ask the store each time.
//!
//! Both "exists" and "does not exist" are remembered. Whoever changes an identity calls
//! [`Known::forget`] after the commit; a lookup that began before cannot bring the old state back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreiklang_crypto::{PublicKey, SharedKey};
use dreiklang_store::{Error, IdentityState, OrgId, Standing, Store};
use dreiklang_wire::id::{DeviceCookie, Identity};

/// A bounded memory of identities.
#[derive(Debug, Default)]
pub struct Known(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    /// Counts changes, so that a lookup can tell whether one came in between.
    generation: u64,
    young: HashMap<Identity, Recall>,
    /// Everything older; what is asked for moves back to `young`, the rest is dropped when `young`
    /// is full.
    old: HashMap<Identity, Recall>,
}

/// What the memory says.
#[derive(Debug, Clone)]
pub enum Recall {
    /// The store has to be asked.
    Nothing,
    /// There is no such identity.
    Unknown,
    /// There is.
    Facts(Arc<Facts>),
}

/// What is remembered about one identity.
pub struct Facts {
    /// The client key.
    pub public_key: PublicKey,
    /// Its edition, its organisation and whether it takes part.
    pub standing: Standing,
    /// The agreement of its key with the server's.
    ss1: Mutex<Option<SharedKey>>,
    /// What its last login wrote to the store.
    login: Mutex<Option<Login>>,
}

/// What a login leaves in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Login {
    /// The day of the epoch.
    pub day: i64,
    /// The device cookie.
    pub cookie: Option<DeviceCookie>,
    /// The client has to be told that another device logged in.
    pub is_cookie_changed: bool,
}

impl Known {
    /// Remembers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is remembered.
    pub fn recall(&self, identity: Identity) -> Recall {
        let mut table = self.table();
        if let Some(recall) = table.young.get(&identity) {
            return recall.clone();
        }
        let Some(recall) = table.old.remove(&identity) else {
            return Recall::Nothing;
        };
        table.insert(identity, recall.clone());
        recall
    }

    /// Asks the store unless it is remembered.
    pub async fn find(
        &self,
        store: &Store,
        identity: Identity,
    ) -> Result<Option<Arc<Facts>>, Error> {
        match self.recall(identity) {
            Recall::Nothing => {}
            Recall::Unknown => return Ok(None),
            Recall::Facts(facts) => return Ok(Some(facts)),
        }
        let generation = self.table().generation;
        let rows = store.read(move |read| {
            Box::pin(async move {
                let Some(row) = read.identity(identity).await? else {
                    return Ok(None);
                };
                let standing = read.standing(identity).await?;
                Ok(standing.map(|standing| (row.public_key, standing)))
            })
        });
        let facts = rows
            .await?
            .map(|(public_key, standing)| Arc::new(Facts::new(public_key, standing)));
        let mut table = self.table();
        if table.generation == generation {
            table.insert(
                identity,
                facts.clone().map_or(Recall::Unknown, Recall::Facts),
            );
        }
        Ok(facts)
    }

    /// Something about the identity changed in the store, or it was created.
    pub fn forget(&self, identity: Identity) {
        let mut table = self.table();
        table.generation += 1;
        table.young.remove(&identity);
        table.old.remove(&identity);
    }

    /// Something changed for so many identities that they are not listed.
    pub fn forget_all(&self) {
        let mut table = self.table();
        table.generation += 1;
        table.young = HashMap::new();
        table.old = HashMap::new();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn insert(&mut self, identity: Identity, recall: Recall) {
        if self.young.len() >= IDENTITIES_MAX / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(identity, recall);
    }
}

impl Facts {
    fn new(public_key: PublicKey, standing: Standing) -> Self {
        Self {
            public_key,
            standing,
            ss1: Mutex::default(),
            login: Mutex::default(),
        }
    }

    /// It takes part no more.
    pub fn is_revoked(&self) -> bool {
        self.standing.state == IdentityState::Revoked
    }

    /// The organisation that it is a member of.
    pub fn org(&self) -> Option<OrgId> {
        self.standing.member.map(|it| it.org)
    }

    /// The organisation whose members write only to each other and to its contacts, if it is a
    /// member of such.
    pub fn closed_group(&self) -> Option<OrgId> {
        self.standing
            .member
            .filter(|it| it.is_closed_group)
            .map(|it| it.org)
    }

    /// The remembered key agreement.
    pub fn ss1(&self) -> Option<SharedKey> {
        self.ss1
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Remembers the key agreement of a successful login.
    pub fn note_ss1(&self, ss1: &SharedKey) {
        *self.ss1.lock().unwrap_or_else(PoisonError::into_inner) = Some(ss1.clone());
    }

    /// What the last login wrote, if this process saw it.
    pub fn login(&self) -> Option<Login> {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what a login wrote.
    pub fn note_login(&self, login: Option<Login>) {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner) = login;
    }
}

impl core::fmt::Debug for Facts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Facts")
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

const IDENTITIES_MAX: usize = 400_000;
