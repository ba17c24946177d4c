//! Finding people of an address book by the hashes of their addresses (protocol.md A1.3, match).
//! The directory sees hashes, not addresses; it could try all phone numbers nevertheless, so
//! nothing is asked that the person or the organisation has not wished.

use std::collections::BTreeMap;

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{
    api::{
        contact_match::{MatchReply, MatchRequest, MatchToken, hash_text, path},
        directory::{IdentityRequest, hash},
        link,
    },
    id::Identity,
    mdm::Parameter,
    spec,
};

use super::{
    NAME_CHARS_MAX,
    mismatch::{self, MismatchSource},
};
use crate::{
    Engine,
    command::{Person, Refusal, Reply, Ticket},
    db::{
        self,
        contacts::{DirectoryEntry, LEVEL_SERVER, SYNC_IMPORTED},
    },
    directory::{self, ProvenRequest, post},
    engine::Answer,
    error::Result,
    event::Event,
    http::HttpResult,
    identity::two_phase::Purpose,
    request::{Pending, success_body},
    turn::Turn,
};

/// A search under way.
pub(crate) struct Matching {
    ticket: Ticket,
    /// Whether those who are found become contacts.
    adds: bool,
    /// Names by hash; if nobody is added, what was asked for.
    emails: BTreeMap<String, String>,
    phones: BTreeMap<String, String>,
}

impl Engine {
    pub(crate) fn match_contacts(&mut self, turn: &mut Turn<'_>, matching: Matching) -> Answer {
        let own = match self.usable_own() {
            Ok(own) => own,
            Err(refusal) => return Answer::refuse(refusal),
        };
        if self.policy.contact_sync() == Some(false) {
            return Answer::refuse(Refusal::SetByOrganisation(Parameter::ContactSync));
        }
        let longest = matching.emails.len().max(matching.phones.len());
        if longest > spec::MATCH_HASHES_MAX {
            return Answer::refuse(Refusal::TooManyPeople {
                limit: spec::MATCH_HASHES_MAX,
            });
        }
        if longest == 0 {
            return Answer::Now(Ok(matching.nobody()));
        }
        if self.requests.is_full() {
            return Answer::refuse(Refusal::Busy);
        }
        let request = ProvenRequest::MatchToken(IdentityRequest {
            identity: own.identity,
        });
        self.start_two_phase(turn, Purpose::Match(matching), request);
        Answer::Later
    }

    pub(crate) fn on_match_token(
        &mut self,
        turn: &mut Turn<'_>,
        matching: Matching,
        result: Result<Vec<u8>, Refusal>,
    ) {
        match result.and_then(|body| directory::read_match_token(&body)) {
            Err(refusal) => turn.reply(matching.ticket, Err(refusal)),
            Ok(MatchToken { match_token }) => {
                let body = MatchRequest {
                    match_token: Some(match_token),
                    email_hashes: matching.emails.keys().cloned().collect(),
                    mobile_no_hashes: matching.phones.keys().cloned().collect(),
                    include_inactive: None,
                };
                let request = post(path::MATCH, &body);
                self.requests.start(turn, Pending::Match(matching), request);
            }
        }
    }

    pub(crate) fn on_matched(
        &mut self,
        turn: &mut Turn<'_>,
        matching: &Matching,
        result: HttpResult,
    ) -> Result<()> {
        let reply = success_body(result).and_then(|body| directory::read_matches(&body));
        let answer = match reply {
            Err(refusal) => Err(refusal),
            Ok(reply) if !matching.adds => Ok(Reply::Found(self.found(matching, &reply))),
            Ok(reply) => Ok(Reply::Matched(self.take_matches(turn, matching, reply)?)),
        };
        turn.reply(matching.ticket, answer);
        Ok(())
    }

    /// Who has what was asked for; nobody becomes a contact. Whom nobody asked for is nobody.
    fn found(&self, matching: &Matching, reply: &MatchReply) -> Vec<(Identity, String)> {
        let own = self.own.as_ref().map(|own| own.identity);
        let others = reply.identities.iter();
        let others = others.filter(|found| own != Some(found.identity));
        others
            .filter_map(|found| {
                let (email, phone) = (&found.email_hash, &found.mobile_no_hash);
                let address = matching.name(email.as_deref(), phone.as_deref())?;
                Some((found.identity, address.to_owned()))
            })
            .collect()
    }

    /// Makes contacts of those who were found; a key that is not the pinned one is never taken.
    fn take_matches(
        &mut self,
        turn: &mut Turn<'_>,
        matching: &Matching,
        reply: MatchReply,
    ) -> Result<Vec<Identity>> {
        let mut taken = Vec::new();
        for found in reply.identities {
            let identity = found.identity;
            let is_me = |own: &crate::identity::Own| {
                own.identity == identity || own.public_key == found.public_key
            };
            // Whom nobody asked for is nobody we know.
            let Some(name) =
                matching.name(found.email_hash.as_deref(), found.mobile_no_hash.as_deref())
            else {
                continue;
            };
            if self.own.as_ref().is_some_and(is_me) {
                continue;
            }
            // B7.5: the person wants nobody's address book to bring this one.
            if db::excluded::contains(turn.tx, identity)? {
                continue;
            }
            if !take_match(turn, identity, found.public_key, name)? {
                continue;
            }
            if self.build.edition.is_work() {
                self.work.want_lookup(identity);
            }
            turn.notify(Event::ContactChanged(identity));
            taken.push(identity);
        }
        Ok(taken)
    }
}

/// Makes a contact of somebody who was found, or adds what is new. Returns whether it did.
fn take_match(
    turn: &mut Turn<'_>,
    identity: Identity,
    public_key: PublicKey,
    name: &str,
) -> Result<bool> {
    if db::contacts::find(turn.tx, identity)?.is_none() {
        let entry = DirectoryEntry {
            identity,
            public_key,
            activity_state: 0,
            identity_type: 0,
            feature_mask: 0,
        };
        db::contacts::insert(turn.tx, &entry, LEVEL_SERVER, turn.now)?;
        db::settings::set_check_due(turn.tx)?;
    }
    let Some(contact) = db::contacts::find(turn.tx, identity)? else {
        return Ok(false);
    };
    if !mismatch::is_pinned(turn, &contact, &public_key, MismatchSource::Directory)? {
        return Ok(false);
    }
    let id = contact.contact_id;
    db::contacts::raise_level(turn.tx, id, LEVEL_SERVER)?;
    db::contacts::set_direct(turn.tx, id)?;
    // SYNC, Contact.sync_state: what somebody gave already is not replaced.
    if contact.sync_state == 0 && !contact.has_name {
        db::contacts::set_name(turn.tx, id, name, "", SYNC_IMPORTED)?;
    }
    Ok(true)
}

impl Matching {
    /// Addresses that a person asks for one by one.
    pub(crate) fn addresses(
        ticket: Ticket,
        emails: &[String],
        phones: &[String],
    ) -> Result<Self, Refusal> {
        let mut matching = Self {
            ticket,
            adds: false,
            emails: BTreeMap::new(),
            phones: BTreeMap::new(),
        };
        for text in emails {
            let address = link::email(text).map_err(|_| Refusal::BadAddress)?;
            let hash = hash_text(&hash::email(&address));
            matching.emails.insert(hash, text.clone());
        }
        for text in phones {
            let number = link::phone(text).map_err(|_| Refusal::BadAddress)?;
            let hash = hash_text(&hash::phone(&number));
            matching.phones.insert(hash, text.clone());
        }
        Ok(matching)
    }

    fn nobody(&self) -> Reply {
        if self.adds {
            Reply::Matched(Vec::new())
        } else {
            Reply::Found(Vec::new())
        }
    }

    /// People of an address book. What is no address, or a number without its country code, is
    /// left out.
    pub(crate) fn book(ticket: Ticket, people: &[Person]) -> Self {
        let mut matching = Self {
            ticket,
            adds: true,
            emails: BTreeMap::new(),
            phones: BTreeMap::new(),
        };
        for person in people {
            let name: String = person.name.trim().chars().take(NAME_CHARS_MAX).collect();
            for address in person
                .emails
                .iter()
                .filter_map(|text| link::email(text).ok())
            {
                let hash = hash_text(&hash::email(&address));
                matching.emails.insert(hash, name.clone());
            }
            for number in person
                .phones
                .iter()
                .filter_map(|text| link::phone(text).ok())
            {
                let hash = hash_text(&hash::phone(&number));
                matching.phones.insert(hash, name.clone());
            }
        }
        matching
    }

    fn name(&self, email: Option<&str>, phone: Option<&str>) -> Option<&str> {
        let email = email.and_then(|hash| self.emails.get(hash));
        let phone = phone.and_then(|hash| self.phones.get(hash));
        email.or(phone).map(String::as_str)
    }
}
