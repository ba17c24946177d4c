//! Everything the organisation says about itself, its people and its rules (`fetch2`).

use std::collections::BTreeSet;

use dreiklang_wire::{
    api::work::{SyncRequest, path},
    mdm::{Origin, Parameters},
};

use super::{
    RETRY_MS, answer_all,
    body::{Fetched, Person},
    credentials,
};
use crate::{
    Engine, Timestamp,
    command::{License, Refusal, Ticket},
    contact::mismatch::{self, MismatchSource},
    db::{
        self,
        contacts::{DirectoryEntry, LEVEL_UNVERIFIED, WorkEntry},
        work::OrgRow,
    },
    directory::post,
    engine::Answer,
    error::Result,
    event::Event,
    http::{HttpResult, Service},
    request::{Pending, success_body},
    time::Pause,
    turn::Turn,
};

/// When to ask next.
#[derive(Default)]
pub(crate) struct Upkeep {
    is_wanted: bool,
    rest: Pause,
    due_at: Option<Timestamp>,
    /// Who waits for the answer.
    waiting: Vec<Ticket>,
}

/// An organisation that wants to be asked more often than that is mistaken.
const INTERVAL_S_MIN: u32 = 10 * 60;
const INTERVAL_S_MAX: u32 = 30 * 24 * 60 * 60;
const TEXT_CHARS_MAX: usize = 2_048;
const NAME_CHARS_MAX: usize = 256;

impl Upkeep {
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }

    pub(super) fn rest(&mut self) {
        self.due_at = None;
    }

    /// Ask as soon as possible.
    pub(super) fn want(&mut self) {
        self.is_wanted = true;
        self.rest = Pause::default();
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// It did not work: whoever waits is told, and it is tried again later.
    pub(super) fn fail(&mut self, turn: &mut Turn<'_>, refusal: &Refusal) {
        self.rest = Pause::new(turn.now, RETRY_MS);
        answer_all(turn, &mut self.waiting, Some(refusal));
    }
}

impl Engine {
    /// Checks the licence and asks the organisation, now.
    pub(crate) fn sync_now(&mut self, turn: &mut Turn<'_>, ticket: Ticket) -> Result<Answer> {
        if let Err(refusal) = self.needed_license(turn)? {
            return Ok(Answer::refuse(refusal));
        }
        if self.requests.is_full() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        self.work.license.want();
        self.work.sync.want();
        self.work.sync.waiting.push(ticket);
        Ok(Answer::Later)
    }

    pub(super) fn sync_upkeep(&mut self, turn: &mut Turn<'_>, license: &License) -> Result<()> {
        self.work.sync.due_at = None;
        let standing = db::work::standing(turn.tx)?;
        let is_running = |pending: &Pending| matches!(pending, Pending::Sync(_));
        let is_checking = |pending: &Pending| matches!(pending, Pending::License(_));
        // A licence that is being checked may turn out to be none.
        if !standing.is_licensed
            || self.work.is_locked()
            || self.requests.any(is_running)
            || (self.work.sync.is_wanted && self.requests.any(is_checking))
            || (standing.needs_credentials && !self.work.sync.is_wanted)
        {
            return Ok(());
        }
        let mut pauses = vec![self.work.sync.rest];
        if !self.work.sync.is_wanted {
            pauses.push(db::work::sync_pause(turn.tx)?);
        }
        if let Some(pause) = pauses.into_iter().find(|pause| !pause.is_over(turn.now)) {
            self.work.sync.due_at = Some(pause.ends_at());
            return Ok(());
        }
        let contacts = db::contacts::direct_identities(turn.tx)?;
        let request = post(
            path::SYNC,
            &SyncRequest {
                credentials: credentials(license),
                contacts,
            },
        );
        let request = request.at(Service::Work);
        self.requests
            .start(turn, Pending::Sync(license.clone()), request);
        Ok(())
    }

    pub(crate) fn on_synced(
        &mut self,
        turn: &mut Turn<'_>,
        license: &License,
        result: HttpResult,
    ) -> Result<()> {
        // What the organisation of before says counts no more; the new one is asked next.
        if self.license(turn)?.as_ref() != Some(license) {
            return Ok(());
        }
        let fetched =
            success_body(result).and_then(|body| Fetched::read(&body).ok_or(Refusal::BadAnswer));
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(refusal) => {
                self.work.sync.fail(turn, &refusal);
                return Ok(());
            }
        };
        Self::take_organisation(turn, &fetched)?;
        self.take_people(turn, &fetched.people())?;
        self.take_rules(turn, &fetched)?;
        let interval_s = match fetched.check_interval {
            // protocol.md A5.1: 0 keeps the interval.
            0 => None,
            seconds => Some(seconds.clamp(INTERVAL_S_MIN, INTERVAL_S_MAX)),
        };
        db::work::set_synced(turn.tx, turn.now, interval_s)?;
        db::work::set_needs_credentials(turn.tx, false)?;
        let upkeep = &mut self.work.sync;
        upkeep.is_wanted = false;
        answer_all(turn, &mut upkeep.waiting, None);
        Ok(())
    }

    fn take_organisation(turn: &mut Turn<'_>, fetched: &Fetched) -> Result<()> {
        let org = OrgRow {
            name: cut(&fetched.org.name, NAME_CHARS_MAX),
            support_url: web_address(&fetched.support),
            logo_light: web_address(&fetched.logo.light),
            logo_dark: web_address(&fetched.logo.dark),
            is_directory_enabled: fetched.directory.enabled,
            categories: fetched
                .directory
                .cat
                .iter()
                .map(|(id, name)| (cut(id, NAME_CHARS_MAX), cut(name, NAME_CHARS_MAX)))
                .collect(),
        };
        if db::work::org(turn.tx)? != org {
            db::work::set_org(turn.tx, &org)?;
            turn.notify(Event::OrganisationChanged);
        }
        Ok(())
    }

    /// Makes contacts of the organisation's people, and takes the mark off those it does not name.
    fn take_people(&self, turn: &mut Turn<'_>, people: &[Person]) -> Result<()> {
        let mut gone: BTreeSet<_> = db::contacts::work_identities(turn.tx)?
            .into_iter()
            .collect();
        for person in people {
            if self.take_person(turn, person, true)? {
                gone.remove(&person.id);
            }
        }
        for identity in gone {
            db::contacts::unset_work(turn.tx, identity)?;
            turn.notify(Event::ContactChanged(identity));
        }
        Ok(())
    }

    /// What the organisation says about one of its people; returns whether it was taken. A key that
    /// is not the pinned one is never taken: the pin is the person's, not the organisation's.
    pub(super) fn take_person(
        &self,
        turn: &mut Turn<'_>,
        person: &Person,
        makes_contact: bool,
    ) -> Result<bool> {
        let Some(public_key) = person.public_key() else {
            return Ok(false);
        };
        let is_me =
            |own: &crate::identity::Own| own.identity == person.id || own.public_key == public_key;
        if self.own.as_ref().is_some_and(is_me) {
            return Ok(false);
        }
        match db::contacts::find(turn.tx, person.id)? {
            Some(contact) => {
                let source = MismatchSource::Organisation;
                if !mismatch::is_pinned(turn, &contact, &public_key, source)? {
                    return Ok(false);
                }
                // SYNC, Contact.acquaintance_level: whom the administrator names is a contact.
                if makes_contact && !contact.is_direct {
                    db::contacts::set_direct(turn.tx, contact.contact_id)?;
                    turn.notify(Event::ContactChanged(person.id));
                }
            }
            None if !makes_contact => return Ok(false),
            None => {
                let entry = DirectoryEntry {
                    identity: person.id,
                    public_key,
                    activity_state: 0,
                    identity_type: 1,
                    feature_mask: 0,
                };
                db::contacts::insert(turn.tx, &entry, LEVEL_UNVERIFIED, turn.now)?;
                db::settings::set_check_due(turn.tx)?;
            }
        }
        let entry = WorkEntry {
            first_name: cut(&person.first, NAME_CHARS_MAX),
            last_name: cut(&person.last, NAME_CHARS_MAX),
            job_title: cut(&person.job_title, NAME_CHARS_MAX),
            department: cut(&person.department, NAME_CHARS_MAX),
            availability: person.availability(),
        };
        if db::contacts::set_work(turn.tx, person.id, &entry)? {
            turn.notify(Event::ContactChanged(person.id));
        }
        Ok(true)
    }

    fn take_rules(&mut self, turn: &mut Turn<'_>, fetched: &Fetched) -> Result<()> {
        // The five secrets are dropped here, and whatever this version does not know.
        let (parameters, _dropped) =
            Parameters::from_server(&fetched.mdm.params, self.build.has_remote_secret);
        db::mdm::replace(turn.tx, Origin::Server, &parameters)?;
        db::work::set_mdm_override(turn.tx, fetched.mdm.is_override)?;
        self.policy_changed(turn)
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    text.trim().chars().take(chars_max).collect()
}

/// What a screen may open or load; anything else counts as nothing.
fn web_address(text: &str) -> String {
    let address = cut(text, TEXT_CHARS_MAX);
    let is_web = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme));
    if is_web { address } else { String::new() }
}
