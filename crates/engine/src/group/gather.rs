//! Who is to be in a group: everybody is known, or looked up before anything changes.

use std::collections::BTreeSet;

use dreiklang_wire::{id::Identity, mdm::Parameter};

use crate::{
    Engine,
    command::{Command, Refusal, Ticket},
    contact::Contacts,
    db::{
        self,
        contacts::{ContactRow, STATE_INVALID},
    },
    directory,
    engine::Answer,
    error::Result,
    http::HttpResult,
    policy,
    request::{Pending, success_body},
    turn::Turn,
};

/// People whom the directory is asked about, and what is to be done when it has answered.
pub(crate) struct Gathering {
    ticket: Ticket,
    asked: Vec<Identity>,
    command: Command,
}

impl Engine {
    /// The people a command names. If the directory has to be asked first, the command is given
    /// again when it has answered; until then nothing has changed.
    pub(super) fn gather(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        people: &[Identity],
        command: impl FnOnce() -> Command,
    ) -> Result<Result<Vec<ContactRow>, Answer>> {
        let own = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Ok(Err(Answer::refuse(refusal))),
        };
        let people: BTreeSet<_> = people.iter().copied().collect();
        if people.contains(&own) {
            return Ok(Err(Answer::refuse(Refusal::OwnIdentity)));
        }
        let mut known = Vec::with_capacity(people.len());
        let mut asked = Vec::new();
        for identity in people {
            match db::contacts::find(turn.tx, identity)? {
                Some(row) if row.is_invalid => {
                    return Ok(Err(Answer::refuse(Refusal::ContactInvalid(identity))));
                }
                Some(row) => known.push(row),
                None => asked.push(identity),
            }
        }
        if asked.is_empty() {
            return Ok(Ok(known));
        }
        let is_forbidden = self.policy.disable_add_contact();
        if let Err(refusal) = policy::unless(is_forbidden, Parameter::DisableAddContact) {
            return Ok(Err(Answer::refuse(refusal)));
        }
        if self.requests.is_full() {
            return Ok(Err(Answer::refuse(Refusal::Busy)));
        }
        let request = directory::fetch_bulk(&asked);
        let gathering = Gathering {
            ticket,
            asked,
            command: command(),
        };
        self.requests
            .start(turn, Pending::Gather(Box::new(gathering)), request);
        Ok(Err(Answer::Later))
    }

    pub(crate) fn on_gathered(
        &mut self,
        turn: &mut Turn<'_>,
        gathering: Gathering,
        result: HttpResult,
    ) -> Result<()> {
        let Gathering {
            ticket,
            asked,
            command,
        } = gathering;
        match self.admit_gathered(turn, &asked, result)? {
            Ok(()) => self.on_command(turn, ticket, command),
            Err(refusal) => {
                turn.reply(ticket, Err(refusal));
                Ok(())
            }
        }
    }

    fn admit_gathered(
        &mut self,
        turn: &mut Turn<'_>,
        asked: &[Identity],
        result: HttpResult,
    ) -> Result<Result<(), Refusal>> {
        let body = match success_body(result) {
            Ok(body) => body,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(found) = directory::read_bulk(&body) else {
            return Ok(Err(Refusal::BadAnswer));
        };
        let own_key = self.own.as_ref().map(|own| own.public_key);
        for identity in asked {
            match found.get(identity) {
                Some(entry) if Some(entry.public_key) == own_key => {
                    return Ok(Err(Refusal::BadKey(*identity)));
                }
                Some(entry) if entry.activity_state < STATE_INVALID => {}
                _ => return Ok(Err(Refusal::UnknownIdentity(*identity))),
            }
        }
        for entry in asked.iter().filter_map(|identity| found.get(identity)) {
            // A message may have brought the contact in the meantime.
            if db::contacts::find(turn.tx, entry.identity)?.is_none() {
                Contacts::admit_acquaintance(turn, entry)?;
            }
            if self.build.edition.is_work() {
                self.work.want_lookup(entry.identity);
            }
        }
        Ok(Ok(()))
    }
}
