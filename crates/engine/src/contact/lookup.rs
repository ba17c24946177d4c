//! Who a sender is (protocol.md B7.1): a contact, somebody the directory told us about a moment
//! ago, or somebody to ask it about while their messages wait.

use std::collections::BTreeMap;

use dreiklang_crypto::PublicKey;
use dreiklang_wire::id::Identity;

use super::mismatch::{self, MismatchSource};
use crate::{
    Engine, Timestamp,
    db::{
        self,
        contacts::{ContactRow, DirectoryEntry, LEVEL_UNVERIFIED},
    },
    directory,
    error::{Error, Result},
    event::{DisconnectReason, Event},
    http::HttpResult,
    message::incoming::Incoming,
    request::{Pending, success_body},
    time::Pause,
    turn::Turn,
};

/// What the directory said lately about people who are no contacts.
#[derive(Default)]
pub(crate) struct Contacts {
    cache: BTreeMap<Identity, Cached>,
    /// After a failure the directory gets some rest.
    rest: Pause,
}

struct Cached {
    until: Timestamp,
    /// Nothing: no such identity, or none with a usable key.
    entry: Option<DirectoryEntry>,
}

/// What is known about a sender.
pub(crate) enum Known {
    Nothing,
    Invalid,
    Sender(Sender),
}

/// Somebody with a key.
pub(crate) enum Sender {
    Stored(ContactRow),
    Found(DirectoryEntry),
}

impl Sender {
    pub(crate) fn public_key(&self) -> &PublicKey {
        match self {
            Self::Stored(row) => &row.public_key,
            Self::Found(entry) => &entry.public_key,
        }
    }

    pub(crate) fn stored(&self) -> Option<&ContactRow> {
        match self {
            Self::Stored(row) => Some(row),
            Self::Found(_) => None,
        }
    }
}

/// csp.struct.yml, valid contacts lookup: results are remembered for 10 minutes.
const CACHE_MS: u64 = 10 * 60 * 1_000;
const CACHE_ENTRIES_MAX: usize = 1_000;
/// csp.struct.yml, valid contacts lookup: at least 10 seconds after a rate limit.
const REST_MS: u64 = 10_000;
/// Small enough for any directory.
const IDENTITIES_PER_LOOKUP: usize = 100;

impl Contacts {
    pub(crate) fn find(&self, turn: &Turn<'_>, identity: Identity) -> Result<Known> {
        if let Some(row) = db::contacts::find(turn.tx, identity)? {
            return Ok(Known::Sender(Sender::Stored(row)));
        }
        Ok(
            match self
                .cache
                .get(&identity)
                .filter(|cached| cached.until > turn.now)
            {
                None => Known::Nothing,
                Some(Cached { entry: None, .. }) => Known::Invalid,
                Some(Cached {
                    entry: Some(entry), ..
                }) => Known::Sender(Sender::Found(entry.clone())),
            },
        )
    }

    /// The contact behind a sender whose message is taken: pinned now, if it was not before.
    pub(crate) fn admit(
        turn: &mut Turn<'_>,
        sender: Sender,
        makes_direct: bool,
    ) -> Result<ContactRow> {
        match sender {
            Sender::Stored(row) if makes_direct => {
                db::contacts::set_direct(turn.tx, row.contact_id)?;
                turn.notify(Event::ContactChanged(row.identity));
                Ok(row)
            }
            Sender::Stored(row) => Ok(row),
            Sender::Found(entry) => {
                db::contacts::insert(turn.tx, &entry, LEVEL_UNVERIFIED, turn.now)?;
                turn.notify(Event::ContactChanged(entry.identity));
                db::contacts::find(turn.tx, entry.identity)?
                    .ok_or(Error::Bug("a new contact is missing"))
            }
        }
    }

    /// Somebody becomes known by being in a group with us, which makes no contact of them.
    pub(crate) fn admit_acquaintance(
        turn: &mut Turn<'_>,
        entry: &DirectoryEntry,
    ) -> Result<ContactRow> {
        db::contacts::insert_acquaintance(turn.tx, entry, turn.now)?;
        turn.notify(Event::ContactChanged(entry.identity));
        db::contacts::find(turn.tx, entry.identity)?
            .ok_or(Error::Bug("a new acquaintance is missing"))
    }

    /// So that nothing of one answer is forgotten while it is taken.
    fn make_room(&mut self, entries: usize) {
        if self.cache.len().saturating_add(entries) > CACHE_ENTRIES_MAX {
            self.cache.clear();
        }
    }

    fn remember(&mut self, now: Timestamp, identity: Identity, entry: Option<DirectoryEntry>) {
        self.cache.insert(
            identity,
            Cached {
                until: now.plus_ms(CACHE_MS),
                entry,
            },
        );
    }
}

impl Incoming {
    pub(crate) fn next_wake(&self, contacts: &Contacts) -> Option<Timestamp> {
        (!self.held.is_empty()).then_some(contacts.rest.ends_at())
    }
}

impl Engine {
    /// Asks about those for whom messages wait, one request at a time.
    pub(crate) fn lookup_upkeep(&mut self, turn: &mut Turn<'_>) {
        if self.incoming.held.is_empty()
            || !self.contacts.rest.is_over(turn.now)
            || self
                .requests
                .any(|pending| matches!(pending, Pending::Lookup(_)))
        {
            return;
        }
        let unknown = self.incoming.held.unknown(IDENTITIES_PER_LOOKUP);
        let request = directory::fetch_bulk(&unknown);
        self.requests.start(turn, Pending::Lookup(unknown), request);
    }

    pub(crate) fn on_senders_found(
        &mut self,
        turn: &mut Turn<'_>,
        asked: &[Identity],
        result: HttpResult,
    ) -> Result<()> {
        let found = success_body(result)
            .ok()
            .and_then(|body| directory::read_bulk(&body));
        let Some(mut found) = found else {
            self.contacts.rest = Pause::new(turn.now, REST_MS);
            // csp.struct.yml, valid contacts lookup: no answer means no message is processed.
            if !self.incoming.held.is_empty() {
                self.give_up_incoming(turn, DisconnectReason::LookupFailed);
            }
            return Ok(());
        };
        // Nobody else has our key: who claims it has none.
        let own_key = self.own.as_ref().map(|own| own.public_key);
        self.contacts.make_room(asked.len());
        for identity in asked {
            let entry = found.remove(identity);
            let entry = entry.filter(|entry| Some(entry.public_key) != own_key);
            // Somebody may have become a contact in the meantime; the pinned key counts.
            if let Some(entry) = &entry
                && let Some(contact) = db::contacts::find(turn.tx, *identity)?
            {
                let source = MismatchSource::Directory;
                mismatch::is_pinned(turn, &contact, &entry.public_key, source)?;
            }
            if entry.is_some() && self.build.edition.is_work() {
                self.work.want_lookup(*identity);
            }
            self.contacts.remember(turn.now, *identity, entry);
        }
        for sender in self.incoming.held.answered(asked) {
            self.release_held(turn, sender)?;
        }
        if self.incoming.held.is_overflowed() {
            self.give_up_incoming(turn, DisconnectReason::Overflow);
        }
        self.send_delivery_receipts(turn)
    }
}
