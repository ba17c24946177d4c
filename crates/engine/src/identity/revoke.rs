//! Ending the own identity, for ever.

use dreiklang_wire::{id::Identity, mdm::Parameter};

use super::{load, two_phase::Purpose};
use crate::{
    Engine,
    command::{Refusal, Reply, Ticket},
    db,
    directory::{self, ProvenRequest},
    engine::Answer,
    error::Result,
    event::{DisconnectReason, Event},
    policy,
    turn::Turn,
};

impl Engine {
    pub(crate) fn revoke_identity(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        confirm: Identity,
    ) -> Answer {
        let own = match self.usable_own() {
            Ok(own) => own,
            Err(refusal) => return Answer::refuse(refusal),
        };
        if own.identity != confirm {
            return Answer::refuse(Refusal::WrongConfirmation);
        }
        let readonly = self.policy.readonly_profile();
        if let Err(refusal) = policy::unless(readonly, Parameter::ReadonlyProfile) {
            return Answer::refuse(refusal);
        }
        if self.requests.is_full() {
            return Answer::refuse(Refusal::Busy);
        }
        let request = ProvenRequest::revoke(own.identity);
        self.start_two_phase(turn, Purpose::Revoke(ticket), request);
        Answer::Later
    }

    pub(crate) fn on_revoked(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        if let Err(refusal) = result.and_then(|body| directory::read_done(&body)) {
            turn.reply(ticket, Err(refusal));
            return Ok(());
        }
        db::identity::set_revoked(turn.tx)?;
        self.push_ended(turn)?;
        self.own = load(turn.tx)?;
        turn.notify(Event::MeChanged);
        turn.reply(ticket, Ok(Reply::Done));
        turn.disconnect(DisconnectReason::Revoked);
        Ok(())
    }
}
