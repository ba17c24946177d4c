//! What the server keeps about the own identity, for the person to read (GDPR, article 15).

use super::two_phase::Purpose;
use crate::{
    Engine,
    command::{Refusal, Reply, Ticket},
    directory::{self, ProvenRequest},
    engine::Answer,
    error::Result,
    turn::Turn,
};

impl Engine {
    pub(crate) fn ask_what_is_stored(&mut self, turn: &mut Turn<'_>, ticket: Ticket) -> Answer {
        let identity = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Answer::refuse(refusal),
        };
        if self.requests.is_full() {
            return Answer::refuse(Refusal::Busy);
        }
        let request = ProvenRequest::export(identity);
        self.start_two_phase(turn, Purpose::Stored(ticket), request);
        Answer::Later
    }

    /// Nothing of it is kept here: the person gets it, or asks again.
    pub(crate) fn on_stored_told(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        result: Result<Vec<u8>, Refusal>,
    ) {
        let own = self.own.as_ref().map(|own| own.identity);
        let answer = result.and_then(|body| {
            let own = own.ok_or(Refusal::NoIdentity)?;
            directory::read_export(body, own).map(Reply::StoredOnServer)
        });
        turn.reply(ticket, answer);
    }
}
