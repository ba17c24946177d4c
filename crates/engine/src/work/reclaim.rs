//! Using the identity here again after it moved to another app: the directory decides.

use dreiklang_wire::api::directory::FetchPrivateRequest;

use crate::{
    Engine,
    command::{Refusal, Reply, Ticket},
    db,
    directory::{self, ProvenRequest},
    engine::Answer,
    error::Result,
    identity::two_phase::Purpose,
    turn::Turn,
};

impl Engine {
    pub(crate) fn reclaim(&mut self, turn: &mut Turn<'_>, ticket: Ticket) -> Answer {
        let identity = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Answer::refuse(refusal),
        };
        if self.requests.is_full() {
            return Answer::refuse(Refusal::Busy);
        }
        let request = ProvenRequest::FetchPrivate(FetchPrivateRequest {
            identity,
            app_variant: Some(self.build.edition.app_variant().to_owned()),
        });
        self.start_two_phase(turn, Purpose::Reclaim(ticket), request);
        Answer::Later
    }

    pub(crate) fn on_reclaimed(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        let own = self.own.as_ref().map(|own| own.identity);
        let answer = result
            .and_then(|body| directory::read_private(&body))
            .and_then(|reply| {
                let is_ours = Some(reply.identity) == own;
                is_ours.then_some(Reply::Done).ok_or(Refusal::BadAnswer)
            });
        if answer.is_ok() {
            self.work.clear_displaced(turn)?;
            // An organisation attaches the identity again when it is told about it again.
            db::work::set_sent_profile(turn.tx, &[])?;
        }
        turn.reply(ticket, answer);
        Ok(())
    }
}
