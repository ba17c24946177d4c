//! Adding a contact by identity, or by what the person scanned.

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{id::Identity, mdm::Parameter};

use super::{
    NAME_CHARS_MAX, changed,
    code::ContactCode,
    mismatch::{self, MismatchSource},
};
use crate::{
    Engine,
    command::{Refusal, Ticket},
    db::{
        self,
        contacts::{LEVEL_UNVERIFIED, LEVEL_VERIFIED, STATE_INVALID, SYNC_CUSTOM},
    },
    directory,
    engine::Answer,
    error::Result,
    http::{HttpResponse, HttpResult},
    identity::check_length,
    policy,
    request::{Pending, success_body},
    turn::Turn,
};

/// A contact that the directory is asked about.
pub(crate) struct Adding {
    ticket: Ticket,
    identity: Identity,
    /// From a `3mid:` text.
    public_key: Option<PublicKey>,
    name: String,
}

impl Engine {
    /// Adds whom a code or a link names. Only a code with a key verifies.
    pub(crate) fn scan_contact(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        text: &str,
    ) -> Result<Answer> {
        let link = match text.parse() {
            Err(error) => return Ok(Answer::refuse(Refusal::BadCode(error))),
            Ok(ContactCode::Named(identity)) => {
                return self.add_contact(turn, ticket, identity, None, None);
            }
            Ok(ContactCode::Proven(link)) => link,
        };
        if link.is_expired(turn.now) {
            return Ok(Answer::refuse(Refusal::CodeExpired));
        }
        if let Some(own) = &self.own {
            // The own identity with another key is worth more than "this is you".
            match (
                link.identity == own.identity,
                link.public_key == own.public_key,
            ) {
                (true, true) => return Ok(Answer::refuse(Refusal::OwnIdentity)),
                (true, false) => return Ok(mismatch::refuse_scan(turn, link.identity)),
                (false, true) => return Ok(Answer::refuse(Refusal::BadKey(link.identity))),
                (false, false) => {}
            }
        }
        self.add_contact(turn, ticket, link.identity, Some(link.public_key), None)
    }

    pub(crate) fn add_contact(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        identity: Identity,
        public_key: Option<PublicKey>,
        name: Option<String>,
    ) -> Result<Answer> {
        let own = match self.usable_own() {
            Ok(own) => own,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if own.identity == identity {
            return Ok(Answer::refuse(Refusal::OwnIdentity));
        }
        let name = name.unwrap_or_default().trim().to_owned();
        if let Err(refusal) = check_length("name", &name, NAME_CHARS_MAX) {
            return Ok(Answer::refuse(refusal));
        }
        let adding = Adding {
            ticket,
            identity,
            public_key,
            name,
        };
        let known = db::contacts::find(turn.tx, identity)?;
        // Who is in the list already, by a message or from the organisation, may still get a name;
        // who was removed from it is added like anybody else.
        if !known.as_ref().is_some_and(|row| row.is_direct) {
            let is_forbidden = self.policy.disable_add_contact();
            if let Err(refusal) = policy::unless(is_forbidden, Parameter::DisableAddContact) {
                return Ok(Answer::refuse(refusal));
            }
        }
        if known.is_some() {
            return adding.update(turn);
        }
        if self.requests.is_full() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let request = directory::fetch_identity(identity);
        self.requests
            .start(turn, Pending::AddContact(adding), request);
        Ok(Answer::Later)
    }

    pub(crate) fn on_contact_found(
        &mut self,
        turn: &mut Turn<'_>,
        adding: Adding,
        result: HttpResult,
    ) -> Result<()> {
        let ticket = adding.ticket;
        if result.is_ok() && self.build.edition.is_work() {
            self.work.want_lookup(adding.identity);
        }
        let own_key = self.own.as_ref().map(|own| own.public_key);
        if let Answer::Now(result) = adding.insert(turn, own_key, result)? {
            turn.reply(ticket, result);
        }
        Ok(())
    }
}

impl Adding {
    fn insert(
        self,
        turn: &mut Turn<'_>,
        own_key: Option<PublicKey>,
        result: HttpResult,
    ) -> Result<Answer> {
        if let Ok(HttpResponse { status: 404, .. }) = result {
            return Ok(Answer::refuse(Refusal::UnknownIdentity(self.identity)));
        }
        let body = match success_body(result) {
            Ok(body) => body,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let entry = match directory::read_identity(&body, self.identity) {
            Ok(entry) => entry,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if entry.activity_state >= STATE_INVALID {
            return Ok(Answer::refuse(Refusal::UnknownIdentity(self.identity)));
        }
        // A message may have brought the contact in the meantime.
        if let Some(contact) = db::contacts::find(turn.tx, self.identity)? {
            let source = MismatchSource::Directory;
            mismatch::is_pinned(turn, &contact, &entry.public_key, source)?;
            return self.update(turn);
        }
        // Nobody else has our key.
        if Some(entry.public_key) == own_key {
            return Ok(Answer::refuse(Refusal::BadKey(self.identity)));
        }
        if self
            .public_key
            .is_some_and(|scanned| scanned != entry.public_key)
        {
            return Ok(mismatch::refuse_scan(turn, self.identity));
        }
        db::contacts::insert(turn.tx, &entry, LEVEL_UNVERIFIED, turn.now)?;
        self.update(turn)
    }

    /// Adds what is new to a contact whose key is pinned.
    fn update(self, turn: &mut Turn<'_>) -> Result<Answer> {
        let Some(contact) = db::contacts::find(turn.tx, self.identity)? else {
            return Ok(Answer::refuse(Refusal::UnknownContact(self.identity)));
        };
        if let Some(scanned) = &self.public_key {
            if !mismatch::is_pinned(turn, &contact, scanned, MismatchSource::Scan)? {
                return Ok(Answer::refuse(Refusal::KeyMismatch(self.identity)));
            }
            // Whoever claimed another key before was wrong.
            db::contacts::clear_mismatch(turn.tx, contact.contact_id)?;
            db::contacts::raise_level(turn.tx, contact.contact_id, LEVEL_VERIFIED)?;
        }
        db::contacts::set_direct(turn.tx, contact.contact_id)?;
        if !self.name.is_empty() {
            db::contacts::set_name(turn.tx, contact.contact_id, &self.name, "", SYNC_CUSTOM)?;
        }
        changed(turn, self.identity)
    }
}
